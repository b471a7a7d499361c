// Part of mesosim. Apache-2.0, see LICENSE.
//
// How what is registered stands in a scenario file: the keys that all have, and those it declared.

internal import Mesos
internal import MesosAllocation
internal import MesosFrameworks
internal import MesosWorkloads

extension FrameworkDescription {
  /// A framework of any type, ours or registered.
  static let codec = Codec<FrameworkDescription>(
    expected: "a map: framework",
    read: { node, path, problems in
      let word = node.word(behind: "type")
      if let descriptor = problems.vocabulary.frameworks.first(where: { $0.name == word }) {
        return read(descriptor, node, path, &problems)
      }
      // Of a type that nobody knows, nobody knows the keys either.
      if let word, Kind(rawValue: word) == nil {
        return table.readOnly("type", of: node, path, &problems)
      }
      return ownCodec.read(node, path, &problems)
    },
    write: { framework in
      framework.custom.map { table(of: $0.descriptor).write(framework) }
        ?? ownCodec.write(framework)
    },
    schema: { builder in
      builder.reference("framework") { builder in
        let registered = builder.vocabulary.frameworks
        return ownSchema(&builder).admitting(
          registered.map(\.name), as: "type", with: registered.flatMap(\.parameters))
      }
    })

  private static func read(
    _ descriptor: FrameworkDescriptor, _ node: YAMLNode, _ path: Path, _ problems: inout Problems
  ) -> FrameworkDescription? {
    guard var framework = table(of: descriptor).read(node, path, &problems),
      var custom = framework.custom
    else { return nil }
    do throws(ParameterError) {
      custom.factory = try descriptor.make(
        FrameworkRequest(
          name: framework.name, role: framework.role,
          parameters: ParameterReader(custom.parameters)))
    } catch {
      problems.add(error, node, path)
      return nil
    }
    framework.custom = custom
    return framework
  }

  /// The keys of a registered type.
  private static func table(of descriptor: FrameworkDescriptor) -> Table<FrameworkDescription> {
    var blank = FrameworkDescription()
    blank.custom = CustomFramework(descriptor)
    blank.work = .none
    let own = descriptor.parameters.map {
      Field<FrameworkDescription>.declared($0, \.ownParameters)
    }
    return Table(
      name: "framework", blank: blank,
      fields: [
        .required("name", \.name, .label, "what it is called in reports"),
        .name("type", descriptor.name, "what kind of framework it is"),
        .optional("role", \.role, .role, "the role in which it receives offers"),
      ] + own + workFields + Registration.fields,
      check: { framework, path, node, problems in
        framework.checkRoles(path, node, &problems)
        if node.hasKey("workload"), node.hasKey("trace") {
          problems.add(at: node.position, path, "expected at most one of 'workload' and 'trace'")
        }
      })
  }

  private var ownParameters: [AllocatorParameterValue.Entry] {
    get { custom?.parameters ?? [] }
    set { custom?.parameters = newValue }
  }
}

/// A trace in one of our formats, or in a registered one.
enum TraceSource: Sendable {
  case ours(TraceWorkload)
  case registered(RecordedWork)

  static let codec = Codec<TraceSource>(
    expected: "a map: trace",
    read: { node, path, problems in
      let word = node.word(behind: "format")
      if let descriptor = problems.vocabulary.traceFormats.first(where: { $0.name == word }) {
        return read(descriptor, node, path, &problems)
      }
      let table = TraceWorkload.table
      if let word, TraceWorkload.Format(rawValue: word) == nil {
        return table.readOnly("format", of: node, path, &problems).map(TraceSource.ours)
      }
      return table.read(node, path, &problems).map(TraceSource.ours)
    },
    write: { source in
      switch source {
      case .ours(let trace): TraceWorkload.table.write(trace)
      case .registered(let work): table(of: work.descriptor).write(work)
      }
    },
    schema: { builder in
      builder.reference("trace") { builder in
        let registered = builder.vocabulary.traceFormats
        return TraceWorkload.table.schema(&builder).admitting(
          registered.map(\.name), as: "format", with: registered.flatMap(\.parameters))
      }
    })

  private static func read(
    _ descriptor: TraceFormatDescriptor, _ node: YAMLNode, _ path: Path,
    _ problems: inout Problems
  ) -> TraceSource? {
    guard var work = table(of: descriptor).read(node, path, &problems) else { return nil }
    do throws(ParameterError) {
      work.reader = try descriptor.make(ParameterReader(work.parameters))
    } catch {
      problems.add(error, node, path)
      return nil
    }
    return .registered(work)
  }

  private static func table(of descriptor: TraceFormatDescriptor) -> Table<RecordedWork> {
    let own = descriptor.parameters.map { Field<RecordedWork>.declared($0, \.parameters) }
    return Table(
      name: "trace", blank: RecordedWork(descriptor),
      fields: [
        .name("format", descriptor.name, "how the file is written"),
        .required(
          "file", \.file, .text, "the file, from the scenario's folder or ${MESOSIM_DATA}; or .gz"),
        .optional(
          "sha256", \.sha256, .sha256, "its SHA-256, to be sure that it is the one meant"),
        .optional("source", \.source, .text, "where it can be had"),
      ] + own,
      check: { work, path, node, problems in
        do throws(Mismatch) { _ = try problems.files.resolve(work.file) } catch {
          problems.add(
            at: node.position(of: Path(steps: [.key("file")])), path + "file", error.reason)
        }
      })
  }
}

// MARK: - Keys

extension Table {
  /// Looks at one key of an object and at nothing else.
  fileprivate func readOnly(
    _ key: String, of node: YAMLNode, _ path: Path, _ problems: inout Problems
  ) -> Root? {
    guard let field = fields.first(where: { $0.key == key }),
      let value = node.node(at: Path(steps: [.key(key)]))
    else { return nil }
    let before = problems.count
    var root = blank
    field.read(value, path + key, &root, &problems)
    return problems.count == before ? root : nil
  }
}

extension Field {
  /// The key that names what is registered; it was read before.
  fileprivate static func name(_ key: String, _ word: String, _ summary: String) -> Field {
    Field(
      key: key, summary: summary, isRequired: true, read: { _, _, _, _ in },
      write: { _ in .text(word) }, schema: { _ in ["const": .string(word)] })
  }

  /// A declared key; what stands there is for whoever declared it to judge.
  fileprivate static func declared(
    _ parameter: DeclaredParameter,
    _ place: any WritableKeyPath<Root, [AllocatorParameterValue.Entry]> & Sendable
  ) -> Field {
    Field(
      key: parameter.name, summary: parameter.meaning, isRequired: false,
      read: { node, _, root, _ in
        root[keyPath: place].append(
          AllocatorParameterValue.Entry(
            key: parameter.name, value: AllocatorParameterValue(node)))
      },
      write: { root in
        root[keyPath: place].first { $0.key == parameter.name }.map { YAMLNode($0.value) }
      },
      schema: { _ in [:] })
  }
}

extension ParameterReader {
  init(_ entries: [AllocatorParameterValue.Entry]) {
    self.init(Dictionary(entries.map { ($0.key, $0.value) }) { first, _ in first })
  }
}

extension Problems {
  /// Notes what a registered thing says of its parameters.
  fileprivate mutating func add(_ error: ParameterError, _ node: YAMLNode, _ path: Path) {
    let keys = error.path.split(separator: ".").map { Path.Step.key(String($0)) }
    add(
      at: node.position(of: Path(steps: keys)), Path(steps: path.steps + keys), error.reason)
  }
}

extension YAMLNode {
  /// The scalar behind a key of this map.
  fileprivate func word(behind key: String) -> String? {
    guard case .scalar(let text, _)? = node(at: Path(steps: [.key(key)]))?.content else {
      return nil
    }
    return text
  }

  fileprivate func hasKey(_ key: String) -> Bool { node(at: Path(steps: [.key(key)])) != nil }
}

extension JSONText {
  /// The schema of an object whose `key` may also be one of these names, which bring keys along and
  /// need not have all of ours.
  fileprivate func admitting(
    _ names: [String], as key: String, with parameters: [DeclaredParameter]
  ) -> JSONText {
    guard !names.isEmpty, case .object(let members) = self,
      case .object(var properties)? = members["properties"]
    else { return self }
    if case .object(var choice)? = properties[key], case .array(let words)? = choice["enum"] {
      choice["enum"] = .array(words + names.map(JSONText.string))
      properties[key] = .object(choice)
    }
    for parameter in parameters where properties[parameter.name] == nil {
      properties[parameter.name] = ["description": .string(parameter.meaning)]
    }
    return adding(["properties": .object(properties), "required": .array([.string(key)])])
  }
}
