// Part of mesosim. Apache-2.0, see LICENSE.
//
// What the stages of a kind of job look like, before a particular job is made.

public import Mesos
public import MesosFrameworks
public import SimulationKernel

/// How a stage looks in every job of a kind.
public struct StageTemplate: Hashable, Sendable {
  /// What the stage is called, such as `map`.
  public var name: String
  /// How many tasks it has.
  public var tasks: TaskCount
  /// What each task needs.
  public var resources: Resources
  /// How many seconds each task computes; less than nothing counts as nothing.
  public var duration: Distribution
  /// How often the stage is run, one round after the other, with the same number of tasks.
  public var rounds: Int
  /// Whether all tasks must start together.
  public var isGang: Bool
  /// How many ports each task gets beside `resources`, whichever are free.
  public var ports = 0
  /// Where its tasks may go.
  public var placement = PlacementRules()
  /// The part of `resources` that a task uses while it runs, 0 to 1.
  public var uses = 1.0

  /// Describes a stage.
  public init(
    name: String, tasks: TaskCount, resources: Resources, duration: Distribution,
    rounds: Int = 1, isGang: Bool = false
  ) {
    self.name = name
    self.tasks = tasks
    self.resources = resources
    self.duration = duration
    self.rounds = rounds
    self.isGang = isGang
  }

  /// More tasks than this in one stage are taken for a mistake.
  public static let tasksMax = 10_000_000
}

/// How many tasks a stage has.
public enum TaskCount: Hashable, Sendable {
  /// Drawn for each job, rounded to a whole number, at least 1.
  case drawn(Distribution)
  /// As the size of the job in a trace demands; a stage without tasks is left out.
  case derived(SizeRule)
}

/// Turns bytes of a trace into tasks, by a rule that stands in the scenario.
public struct SizeRule: Hashable, Sendable {
  /// Which bytes of a job count.
  public enum Bytes: String, Hashable, Sendable, CaseIterable {
    /// What the job reads.
    case input
    /// What goes between its stages.
    case shuffle
    /// What it writes.
    case output
  }

  /// Which bytes of the job count.
  public var bytes: Bytes
  /// One task for each of these many bytes, and one for the rest.
  public var bytesPerTask: Int64
  /// The least number of tasks.
  public var atLeast: Int
  /// The greatest number of tasks; what is beyond it is left out.
  public var atMost: Int?

  /// Describes a rule.
  public init(
    bytes: Bytes, bytesPerTask: Int64, atLeast: Int = 0, atMost: Int? = nil
  ) {
    self.bytes = bytes
    self.bytesPerTask = bytesPerTask
    self.atLeast = atLeast
    self.atMost = atMost
  }

  /// The number of tasks for a job with these many bytes.
  public func tasks(forBytes size: Int64) -> Int {
    let unit = max(1, bytesPerTask)
    let whole = Int(clamping: size / unit)
    let tasks = size % unit > 0 ? whole + 1 : whole
    return max(atLeast, min(tasks, atMost ?? tasks))
  }
}
