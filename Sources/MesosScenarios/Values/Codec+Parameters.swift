// Part of mesosim. Apache-2.0, see LICENSE.
//
// How declared parameters stand in a scenario: each form of value by the codec that keys of our own
// are read with, so that texts, positions and schema are the same.

public import Mesos

extension Codec where Value == ParameterValue {
  /// A value of this form.
  static func parameter(_ form: ParameterForm) -> Codec {
    switch form {
    case .integer(let range):
      Codec<Int>.integer(range).lifted(ParameterValue.integer, \.onlyInteger)
    case .number(let range):
      Codec<Double>.number(range.description, in: range).lifted(ParameterValue.number, \.onlyNumber)
    case .flag: Codec<Bool>.flag.lifted(ParameterValue.flag, \.onlyFlag)
    case .text: Codec<String>.text.lifted(ParameterValue.text, \.onlyText)
    case .word(let words): Codec<String>.oneOf(words).lifted(ParameterValue.text, \.onlyText)
    case .duration(let isPositive):
      (isPositive ? Codec<Duration>.positiveDuration : .duration)
        .lifted(ParameterValue.duration, \.onlyDuration)
    case .resources: Codec<Resources>.resources.lifted(ParameterValue.resources, \.onlyResources)
    case .megabytes(isWhole: false):
      Codec<Double>.megabytes.lifted(ParameterValue.number, \.onlyNumber)
    case .megabytes(isWhole: true):
      Codec<Int>.wholeMegabytes.lifted({ .number(Double($0)) }, { $0.onlyNumber.map { Int($0) } })
    case .wordOr(let word, let form):
      parameter(form).orWord(word).lifted(
        { $0 ?? .text(word) }, { $0 == .text(word) ? .some(nil) : .some($0) })
    case .list(let item, _):
      parameter(item).list(as: form.description).lifted(ParameterValue.list, \.onlyList)
    case .oneOrMore(let item): parameter(item).orList(form)
    case .map(let item, _):
      parameter(item).named("names", as: form.description).lifted(
        { .map($0.map { .init(key: $0.name, value: $0.value) }) },
        { $0.onlyMap.map { $0.map { Named($0.key, $0.value) } } })
    case .fields(let fields, _): Codec.fields(fields, form)
    case .document: Codec.document(form)
    }
  }

  /// Such values, or a list of them.
  private func orList(_ form: ParameterForm) -> Codec {
    let items = list(as: form.description)
    return Codec(
      expected: form.description,
      read: { [self] node, path, problems in
        if case .list = node.content {
          return items.read(node, path, &problems).map(ParameterValue.list)
        }
        return read(node, path, &problems)
      },
      write: { [self] value in
        if case .list(let values) = value { items.write(values) } else { write(value) }
      },
      schema: { [self] builder in ["anyOf": [schema(&builder), items.schema(&builder)]] })
  }

  /// A map with these keys.
  private static func fields(_ fields: [ParameterForm.Field], _ form: ParameterForm) -> Codec {
    let known = fields.map(\.key)
    let codecs = fields.map { parameter($0.form) }
    let codec: @Sendable (String) -> Codec? = { key in
      known.firstIndex(of: key).map { codecs[$0] }
    }
    return Codec(
      expected: form.description,
      read: { node, path, problems in
        guard case .map(let entries) = node.content else {
          problems.mismatch(node, path, expected: form.description)
          return nil
        }
        var values: [ParameterValue.Entry] = []
        for entry in entries {
          guard let codec = codec(entry.key) else {
            problems.add(
              at: entry.keyPosition, path,
              "unknown key '\(entry.key)'; " + Suggestion.text(for: entry.key, among: known))
            continue
          }
          if let value = codec.read(entry.value, path + entry.key, &problems) {
            values.append(.init(key: entry.key, value: value))
          }
        }
        return values.count == entries.count ? .map(values) : nil
      },
      write: { value in
        .map((value.onlyMap ?? []).map { ($0.key, codec($0.key)?.write($0.value) ?? .map([])) })
      },
      schema: { builder in
        let properties = zip(known, codecs).map { ($0, $1.schema(&builder)) }
        return [
          "type": "object", "additionalProperties": false,
          "properties": .object(Dictionary(properties) { first, _ in first }),
        ]
      })
  }
}

extension Codec {
  /// The same value as a parameter's; `lower` finds it in what `lift` made.
  fileprivate func lifted(
    _ lift: @escaping @Sendable (Value) -> ParameterValue,
    _ lower: @escaping @Sendable (ParameterValue) -> Value?
  ) -> Codec<ParameterValue> {
    Codec<ParameterValue>(
      expected: expected, read: { [self] in read($0, $1, &$2).map(lift) },
      write: { [self] in lower($0).map(write) ?? .text("") }, schema: schema)
  }
}

extension ParameterValue {
  fileprivate var onlyFlag: Bool? { if case .flag(let flag) = self { flag } else { nil } }
  fileprivate var onlyInteger: Int? { if case .integer(let number) = self { number } else { nil } }
  fileprivate var onlyNumber: Double? { if case .number(let number) = self { number } else { nil } }
  fileprivate var onlyText: String? { if case .text(let text) = self { text } else { nil } }
  fileprivate var onlyDuration: Duration? {
    if case .duration(let time) = self { time } else { nil }
  }
  fileprivate var onlyResources: Resources? {
    if case .resources(let resources) = self { resources } else { nil }
  }
  fileprivate var onlyList: [ParameterValue]? {
    if case .list(let items) = self { items } else { nil }
  }
  fileprivate var onlyMap: [Entry]? { if case .map(let entries) = self { entries } else { nil } }
}

extension Field {
  /// The key of a declared parameter.
  static func parameter(
    _ parameter: any DeclaredParameter, _ place: any WritableKeyPath<Root, Parameters> & Sendable
  ) -> Field {
    let codec = Codec.parameter(parameter.form)
    return Field(
      key: parameter.name, summary: parameter.meaning, isRequired: false,
      read: { node, path, root, problems in
        if let value = codec.read(node, path, &problems),
          problems.admit(value, parameter, node, path)
        {
          root[keyPath: place][parameter.name] = value
        }
      },
      write: { root in root[keyPath: place][parameter.name].map(codec.write) },
      schema: codec.schema)
  }
}

extension Problems {
  /// Whether a value of the right form makes sense; if not, says why.
  mutating func admit(
    _ value: ParameterValue, _ parameter: any DeclaredParameter, _ node: YAMLNode, _ path: Path
  ) -> Bool {
    do throws(ParameterError) { try parameter.check(value) } catch {
      let below = error.path.split(separator: ".").dropFirst()
      add(at: node.position(of: Path().below(below)), path.below(below), error.reason)
      return false
    }
    return true
  }
}

/// One parameter as lists show it.
public struct ParameterListing: Sendable {
  /// The key.
  public let name: String
  /// What may be written there.
  public let expected: String
  /// What it means.
  public let meaning: String
  /// What stands when it is left out; `nil` where nothing does.
  public let standard: String?

  /// Describes a parameter.
  public init(_ parameter: any DeclaredParameter) {
    name = parameter.name
    expected = parameter.form.description
    meaning = parameter.meaning
    standard =
      parameter.standardText
      ?? parameter.standardData.map { data in
        let text = Codec.parameter(parameter.form).write(data).yaml
        return String(
          text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
      }
  }
}
