// Part of mesosim. Apache-2.0, see LICENSE.
//
// The keys of a framework in a scenario file, as `mesosim frameworks` lists them.

/// One key of an object in a scenario file, for people.
public struct ScenarioKey: Sendable {
  /// The key.
  public let name: String
  /// What it means.
  public let meaning: String
  /// What stands when it is left out; `nil` when it must be given or then stands for nothing.
  public let standard: String?
  /// Whether it must be given.
  public let isRequired: Bool
}

extension FrameworkDescription.Kind {
  /// What a framework of this kind does, in one line.
  public var summary: String {
    switch self {
    case .batch: "jobs of stages of tasks, shared fairly, as in Hadoop, Spark or MPI"
    case .test: "Mesos's test_framework: a few tasks in an executor of its own"
    case .noExecutor: "Mesos's no_executor_framework: packs commands into every offer"
    case .longLived: "Mesos's long_lived_framework: small tasks, all on one slave"
    case .loadGenerator: "Mesos's load_generator_framework: requests to the master, no tasks"
    case .balloon: "Mesos's balloon_framework: a task that outgrows its memory"
    case .persistentVolume: "Mesos's persistent_volume_framework: tasks with data that stay"
    case .dynamicReservation: "Mesos's dynamic_reservation_framework: reserves, runs, unreserves"
    }
  }

  /// The keys of a framework of this kind.
  public var keys: [ScenarioKey] {
    let table = FrameworkDescription.table(of: self)
    return table.fields.filter { $0.schema != nil }.map { field in
      let standard = field.isRequired ? nil : field.write(table.blank)
      let isPlain = if case .scalar = standard?.content { true } else { false }
      return ScenarioKey(
        name: field.key, meaning: field.summary,
        standard: isPlain ? standard?.yaml.trimmed : nil, isRequired: field.isRequired)
    }
  }
}

extension String {
  fileprivate var trimmed: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
