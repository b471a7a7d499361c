// Part of mesosim. Apache-2.0, see LICENSE.
//
// Mesos's sample frameworks in a scenario: each has a few keys of its own and no workload.

public import MesosFrameworks

internal import Mesos

/// How each of Mesos's samples behaves; a framework is told by its type which of them counts.
public struct SampleOptions: Equatable, Sendable {
  /// The test framework.
  public var test = TestOptions()
  /// The no-executor framework.
  public var noExecutor = NoExecutorOptions()
  /// The long-lived framework.
  public var longLived = LongLivedOptions()
  /// The load generator.
  public var loadGenerator = LoadGeneratorOptions()
  /// The balloon framework.
  public var balloon = BalloonOptions()
  /// The persistent-volume framework.
  public var persistentVolume = PersistentVolumeOptions()
  /// The dynamic-reservation framework.
  public var dynamicReservation = DynamicReservationOptions()
}

private typealias Keys = [Field<FrameworkDescription>]

extension FrameworkDescription {
  /// How a framework of one of our types is read: by the keys of its type.
  static let ownCodec = Codec<FrameworkDescription>(
    expected: "a map: framework",
    read: { node, path, problems in
      // Of a type that nobody knows, the keys are taken for those of the first.
      let word = node.scalarText(behind: "type")
      let kind = word.flatMap(Kind.init(rawValue:)) ?? .batch
      return table(of: kind).read(node, path, &problems)
    },
    write: { table(of: $0.type).write($0) },
    schema: { builder in builder.reference("framework", ownSchema) })

  /// The keys of a type.
  static func table(of kind: Kind) -> Table<FrameworkDescription> {
    if kind == .batch { return table }
    var blank = FrameworkDescription()
    blank.type = kind
    blank.work = .none
    return Table(
      name: "framework", blank: blank,
      fields: headFields + sampleFields(kind) + Registration.fields,
      check: { framework, path, node, problems in
        framework.checkRoles(path, node, &problems)
        framework.checkSample(path, node, &problems)
      })
  }

  /// Whether it goes on for ever if it is let.
  var isEndless: Bool {
    switch type {
    case .noExecutor: samples.noExecutor.tasks == nil
    case .longLived: samples.longLived.tasks == nil
    case .loadGenerator: samples.loadGenerator.duration == nil
    case .balloon: samples.balloon.isLongRunning
    case .batch, .test, .persistentVolume, .dynamicReservation: false
    }
  }

  private static func sampleFields(_ kind: Kind) -> Keys {
    switch kind {
    case .batch: []
    case .test: testFields
    case .noExecutor: noExecutorFields
    case .longLived: longLivedFields
    case .loadGenerator: loadGeneratorFields
    case .balloon: balloonFields
    case .persistentVolume: persistentVolumeFields
    case .dynamicReservation: dynamicReservationFields
    }
  }

  private static let taskCount = Codec<Int>.integer(1...1_000_000)
  private static let need = "what each task needs"

  private static var testFields: Keys {
    [
      .optional("tasks", \.samples.test.tasks, taskCount, "how many tasks it runs"),
      .optional("resources", \.samples.test.resources, .resources, need),
      .optional("duration", \.samples.test.duration, .duration, "how long each task sleeps"),
    ]
  }

  private static var noExecutorFields: Keys {
    [
      .optional(
        "tasks", \.samples.noExecutor.tasks, taskCount.orWord("endless"), "how many tasks it runs"),
      .optional("resources", \.samples.noExecutor.resources, .resources, need),
      .optional("command", \.samples.noExecutor.command, .text, "the command that each task runs"),
    ]
  }

  private static var longLivedFields: Keys {
    [
      .optional(
        "tasks", \.samples.longLived.tasks, taskCount.orWord("endless"), "how many tasks it runs"),
      .optional("resources", \.samples.longLived.resources, .resources, need),
      .optional("duration", \.samples.longLived.duration, .duration, "how long each task sleeps"),
      .optional(
        "executor", \.samples.longLived.executor, .resources, "what its executor takes beside them"),
    ]
  }

  private static var loadGeneratorFields: Keys {
    [
      .optional(
        "qps", \.samples.loadGenerator.qps, .number(above: 0, orEqual: false),
        "how many requests it sends a second"),
      .optional(
        "duration", \.samples.loadGenerator.duration,
        Codec<Duration>.positiveDuration.orWord("endless"), "for how long"),
    ]
  }

  private static var balloonFields: Keys {
    [
      .optional("resources", \.samples.balloon.resources, .resources, "what its task asks for"),
      .optional(
        "executor", \.samples.balloon.executor, .resources, "what its executor takes beside it"),
      .optional(
        "limit", \.samples.balloon.limitMegabytes, .wholeMegabytes,
        "the memory that it grows to, 64 MB a second, if it is let"),
      .optional(
        "longRunning", \.samples.balloon.isLongRunning, .flag,
        "whether another balloon follows the one that is over"),
    ]
  }

  private static var persistentVolumeFields: Keys {
    [
      .optional(
        "shards", \.samples.persistentVolume.shards, .integer(1...10_000), "how many shards it has"),
      .optional(
        "tasksPerShard", \.samples.persistentVolume.tasksPerShard, taskCount,
        "how many tasks each shard runs, one after the other"),
      .optional("resources", \.samples.persistentVolume.resources, .resources, need),
      .optional(
        "volume", \.samples.persistentVolume.volumeMegabytes, .megabytes,
        "the size of each shard's volume, part of a task's disk"),
      .optional(
        "duration", \.samples.persistentVolume.duration, .duration, "how long each task takes"),
    ]
  }

  private static var dynamicReservationFields: Keys {
    [
      .optional("tasks", \.samples.dynamicReservation.tasks, taskCount, "how many tasks it runs"),
      .optional(
        "resources", \.samples.dynamicReservation.resources, .resources,
        "what each task needs, reserved on each slave used"),
      .optional(
        "command", \.samples.dynamicReservation.command, .text, "the command that each task runs"),
    ]
  }

  /// Says so when a sample cannot work as it is described.
  private func checkSample(_ path: Path, _ node: YAMLNode, _ problems: inout Problems) {
    guard type == .persistentVolume || type == .dynamicReservation else { return }
    if effectiveRoles.contains(.unreserved) {
      problems.add(
        at: node.position, path,
        "'role' is missing: '\(type.rawValue)' needs resources reserved for a role other than '*'")
    }
    let options = samples.persistentVolume
    if type == .persistentVolume, options.volumeMegabytes > options.resources.disk {
      problems.add(
        at: node.position(of: Path(steps: [.key("volume")])), path + "volume",
        "\(options.volumeMegabytes.shortText) MB is more than the disk of a task, "
          + "\(options.resources.disk.shortText) MB")
    }
  }

  /// One object with the keys of all types; a default that depends on the type is left out.
  @Sendable static func ownSchema(_ builder: inout SchemaBuilder) -> JSONText {
    var merged: [String: JSONText] = [:]
    var result = table.schema(&builder)
    for kind in Kind.allCases {
      guard case .object(let members) = table(of: kind).schema(&builder),
        case .object(let properties)? = members["properties"]
      else { continue }
      for (key, schema) in properties {
        guard let known = merged[key], known != schema else {
          merged[key] = schema
          continue
        }
        merged[key] = known.uniting(schema)
      }
    }
    result = result.adding(["properties": .object(merged)])
    return result
  }
}

extension JSONText {
  /// What one schema or the other says of a key, without a default.
  fileprivate func uniting(_ other: JSONText) -> JSONText {
    let (mine, theirs) = (without("default"), other.without("default"))
    if mine.without("description") == theirs.without("description") { return mine }
    if case .object(let members) = mine, case .array(let options)? = members["anyOf"],
      members.count == 1
    {
      return options.contains(theirs) ? mine : ["anyOf": .array(options + [theirs])]
    }
    return ["anyOf": [mine, theirs]]
  }

  private func without(_ key: String) -> JSONText {
    guard case .object(var members) = self else { return self }
    members[key] = nil
    return .object(members)
  }
}

extension YAMLNode {
  /// The text of the scalar behind a key of this map.
  func scalarText(behind key: String) -> String? {
    guard case .map(let entries) = content,
      case .scalar(let text, _)? = entries.first(where: { $0.key == key })?.value.content
    else { return nil }
    return text
  }
}
