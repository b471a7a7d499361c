// Part of mesosim. Apache-2.0, see LICENSE.
//
// A framework in a scenario file: the keys that all have, and those that its type declares. No type
// is named here.

internal import Mesos
internal import MesosFrameworks
internal import MesosWorkloads

extension FrameworkDescription {
  /// A framework of any type there is.
  static let codec = Codec<FrameworkDescription>(
    expected: "a map: framework",
    read: { node, path, problems in
      let types = problems.vocabulary.frameworks
      guard let place = node.node(at: Path(steps: [.key("type")])) else {
        // Without a type the keys are taken for those of the first.
        return types.first.flatMap { table(of: $0).read(node, path, &problems) }
      }
      guard let word = Codec.text.read(place, path + "type", &problems) else { return nil }
      guard let type = types.first(where: { $0.name == word }) else {
        problems.add(
          at: place.position, path + "type",
          "unknown type '\(word)'; " + Suggestion.text(for: word, among: types.map(\.name)))
        return nil
      }
      let start = Codec<Duration>.instant.start(of: node, problems)
      problems.frameworkCalendar = problems.calendar.advanced(by: start, to: "the framework starts")
      problems.workCalendar = problems.frameworkCalendar
      return table(of: type).read(node, path, &problems)
    },
    write: { table(of: $0.type).write($0) },
    schema: { builder in builder.reference("framework", schema) })

  /// The keys of a type.
  static func table(of type: FrameworkDescriptor) -> Table<FrameworkDescription> {
    Table(
      name: "framework", blank: FrameworkDescription(type),
      fields: headFields(type: type.name) + type.parameters.map { .parameter($0, \.parameters) }
        + (type.work == .none ? [] : workFields) + Registration.fields,
      check: { framework, path, node, problems in
        framework.checkRoles(path, node, &problems)
        framework.checkWork(path, node, &problems)
        do throws(ParameterError) { try framework.type.check(framework.request()) } catch {
          problems.add(error, node, path)
        }
      })
  }

  /// The keys that a parameter must not be called by.
  static let commonKeys =
    (headFields() + workFields + Registration.fields).map(\.key)

  /// The keys that come first, whatever the type.
  static func headFields(type: String = "") -> [Field<FrameworkDescription>] {
    [
      .required("name", \.name, .label, "what it is called in reports"),
      .name("type", type, "what kind of framework it is"),
      .optional("role", \.role, .role, "the role in which it receives offers"),
    ]
  }

  /// Where the jobs come from, for types that take some.
  private static let workFields: [Field<FrameworkDescription>] = [
    .optional("workload", \.workload, WorkloadDraft.codec, "jobs made up from distributions"),
    .optional("trace", \.traceSource, TraceSource.codec, "jobs from a recorded trace"),
  ]

  private func checkWork(_ path: Path, _ node: YAMLNode, _ problems: inout Problems) {
    guard case .jobs(let isRequired) = type.work else { return }
    let given = ["workload", "trace"].count { node.hasKey($0) }
    if isRequired ? given != 1 : given > 1 {
      problems.add(
        at: node.position, path,
        "expected \(isRequired ? "exactly" : "at most") one of 'workload' and 'trace'")
    }
  }

  /// One object with the keys of all types; a default that depends on the type is left out.
  @Sendable private static func schema(_ builder: inout SchemaBuilder) -> JSONText {
    let types = builder.vocabulary.frameworks
    var merged: [String: JSONText] = [:]
    for type in types {
      guard case .object(let members) = table(of: type).schema(&builder),
        case .object(let properties)? = members["properties"]
      else { continue }
      for (key, schema) in properties.sorted(by: { $0.key < $1.key }) {
        guard let known = merged[key], known != schema else {
          merged[key] = schema
          continue
        }
        merged[key] = known.uniting(schema)
      }
    }
    merged["type"] = [
      "enum": .array(types.map { .string($0.name) }),
      "description": "what kind of framework it is",
    ]
    return [
      "type": "object", "additionalProperties": false, "required": ["name", "type"],
      "properties": .object(merged),
    ]
  }

  /// The made-up jobs, if these are what it runs.
  private var workload: SyntheticWorkload? {
    get { if case .synthetic(let workload) = work { workload } else { nil } }
    set { if let newValue { work = .synthetic(newValue) } }
  }

  /// The trace, if its jobs come from one.
  private var traceSource: TraceSource? {
    get {
      switch work {
      case .trace(let trace): .ours(trace)
      case .rows(let workload): .rows(workload)
      case .recorded(let recorded): .registered(recorded)
      case .synthetic, .none: nil
      }
    }
    set {
      switch newValue {
      case .ours(let trace)?: work = .trace(trace)
      case .rows(let workload)?: work = .rows(workload)
      case .registered(let recorded)?: work = .recorded(recorded)
      case nil: break
      }
    }
  }
}

extension Field {
  /// The key that names the type; it was read before.
  static func name(_ key: String, _ word: String, _ summary: String) -> Field {
    Field(
      key: key, summary: summary, isRequired: true, read: { _, _, _, _ in },
      write: { _ in .text(word) }, schema: { _ in ["const": .string(word)] })
  }
}

extension Problems {
  /// Notes what something registered says of its parameters.
  mutating func add(_ error: ParameterError, _ node: YAMLNode, _ path: Path) {
    let keys = error.path.split(separator: ".")
    add(at: node.position(of: Path().below(keys)), path.below(keys), error.reason)
  }
}
