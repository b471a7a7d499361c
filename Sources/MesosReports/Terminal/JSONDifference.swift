// Part of mesosim. Apache-2.0, see LICENSE.
//
// Where two results differ, figure by figure.

import Mesos

/// One field in which two results differ.
public struct FieldDifference: Codable, Equatable, Sendable {
  /// The way to the field, such as `runs[drf].frameworks[web].waitSeconds.p95`.
  public var path: String
  /// What the first has, as JSON; `nil` when it has no such field.
  public var first: String?
  /// What the second has.
  public var second: String?
  /// Second ÷ first, where both are numbers and the first is not 0.
  public var ratio: Double?
}

/// Two JSON texts side by side.
public struct JSONDifference: Sendable {
  /// Every field that differs, in the order of the first text.
  public let fields: [FieldDifference]

  /// Why a text cannot be compared.
  public struct Unreadable: Error {
    /// Which of the two, 0 or 1.
    public let index: Int
    /// What is wrong with it.
    public let reason: String
  }

  /// Compares two texts.
  /// - Parameters:
  ///   - first: A JSON object.
  ///   - second: Another.
  /// - Throws: `Unreadable` when one is no JSON object.
  public init(_ first: String, _ second: String) throws(Unreadable) {
    var values: [JSONValue] = []
    for (index, text) in [first, second].enumerated() {
      do throws(JSONSyntaxError) { values.append(try JSONValue(parsing: text)) } catch {
        throw Unreadable(index: index, reason: "is not JSON: \(error)")
      }
      guard case .object = values[index].content else {
        throw Unreadable(
          index: index, reason: "is no result; expected a summary.json of run or compare")
      }
    }
    var found: [FieldDifference] = []
    Self.compare(values[0], values[1], "", &found)
    fields = found
  }

  private static func compare(
    _ first: JSONValue?, _ second: JSONValue?, _ path: String, _ found: inout [FieldDifference]
  ) {
    switch (first?.content, second?.content) {
    case (.object(let own)?, .object(let other)?):
      let keys = own.map(\.key)
      for key in keys + other.map(\.key).filter({ !keys.contains($0) }) {
        compare(
          own.first { $0.key == key }?.value, other.first { $0.key == key }?.value,
          path.isEmpty ? key : "\(path).\(key)", &found)
      }
    case (.array(let own)?, .array(let other)?):
      let keys = labels(own)
      let otherKeys = labels(other)
      for key in keys + otherKeys.filter({ !keys.contains($0) }) {
        compare(
          keys.firstIndex(of: key).map { own[$0] },
          otherKeys.firstIndex(of: key).map { other[$0] }, "\(path)[\(key)]", &found)
      }
    default:
      let texts = (first?.shortText, second?.shortText)
      guard texts.0 != texts.1 else { return }
      var difference = FieldDifference(path: path, first: texts.0, second: texts.1)
      if let own = first?.number, let other = second?.number, own != 0 {
        difference.ratio = other / own
      }
      found.append(difference)
    }
  }

  /// What tells the entries of a list apart: names where they have some, else numbers.
  private static func labels(_ values: [JSONValue]) -> [String] {
    let known = [
      ["name"], ["allocator", "framework", "metric"], ["allocator"], ["framework"], ["seed"],
    ]
    for keys in known {
      let labels = values.compactMap { value -> String? in
        guard case .object(let members) = value.content,
          members.contains(where: { $0.key == keys[0] })
        else { return nil }
        let words = keys.compactMap { key in members.first { $0.key == key }?.value.plainText }
        return words.joined(separator: " ")
      }
      if labels.count == values.count, Set(labels).count == labels.count { return labels }
    }
    return values.indices.map { String($0) }
  }

  /// The differences as text for a terminal, ending in a newline.
  /// - Parameters:
  ///   - names: What the two are called.
  ///   - shown: How many are shown.
  ///   - style: Whether the text may carry colour.
  /// - Returns: The text.
  public func terminalText(_ names: (String, String), shown: Int, _ style: Style) -> String {
    guard !fields.isEmpty else { return "no difference\n" }
    var table = TextTable([.name, .figure, .figure, .figure])
    table.add(["field", names.0, names.1, "ratio"].map { .init($0, .faint) })
    for field in fields.prefix(shown) {
      table.add([
        .init(field.path), .init(field.first.map { DisplayText.cut($0, to: 16) } ?? "absent"),
        .init(field.second.map { DisplayText.cut($0, to: 16) } ?? "absent"),
        .init(field.ratio.map { NumberText.factor($0) + "x" } ?? ""),
      ])
    }
    let count = NumberText.count(fields.count)
    let rest = fields.count > shown ? ", the first \(shown) shown" : ""
    return table.lines(style).joined(separator: "\n") + "\n\n\(count) fields differ\(rest)\n"
  }
}

extension JSONValue {
  fileprivate var number: Double? {
    if case .number(let text) = content { Double(text) } else { nil }
  }

  /// A scalar without quotes, for labels; `nil` for `null`, lists and objects.
  fileprivate var plainText: String? {
    switch content {
    case .string(let text): text
    case .number(let text): text
    case .bool(let value): String(value)
    case .null, .array, .object: nil
    }
  }

  /// A scalar as it is; of lists and objects only that they are.
  fileprivate var shortText: String {
    switch content {
    case .array(let values): "a list of \(values.count)"
    case .object(let members): "an object of \(members.count)"
    case .null: "null"
    default: plainText ?? ""
    }
  }
}
