// Part of mesosim. Apache-2.0, see LICENSE.
//
// The job and task model that the batch frameworks share: a job is a chain of stages, a stage a
// number of tasks. Hadoop's maps and reduces are two stages, an iterative job many.

public import Mesos

/// How long each task of a stage computes, fixed when the job is created.
///
/// A pure function of (task, attempt), so that the same job meets every allocator whatever the
/// order in which its tasks are launched.
public struct TaskDurations: Sendable {
  /// Nanoseconds of task number `task` (from 0 within its stage) at its `attempt` (from 0).
  public let nanoseconds: @Sendable (_ task: Int, _ attempt: Int) -> Int64

  /// Takes the rule as a function; it must be pure.
  public init(nanoseconds: @escaping @Sendable (_ task: Int, _ attempt: Int) -> Int64) {
    self.nanoseconds = nanoseconds
  }

  /// Every task takes the same time.
  public static func constant(_ duration: Duration) -> TaskDurations {
    let nanoseconds = duration.wholeNanoseconds
    return TaskDurations { _, _ in nanoseconds }
  }
}

/// A number of tasks that become runnable together, all alike unless `shapes` says otherwise.
public struct Stage: Sendable {
  /// Tasks of a stage that follow one another and need the same.
  public struct Shape: Sendable, Hashable {
    /// How many there are, at least 1.
    public var tasks: Int
    /// What each needs.
    public var resources: Resources

    /// Describes some tasks of a stage.
    public init(tasks: Int, resources: Resources) {
      self.tasks = tasks
      self.resources = resources
    }
  }

  /// What the stage is called in task ids, such as `map`.
  public var name: String
  /// How many tasks the stage has, at least 1.
  public var tasks: Int
  /// What each task needs; with `shapes`, what the first does.
  public var resources: Resources
  /// What the tasks need, in the order of their numbers; empty when all need the same.
  public private(set) var shapes: [Shape] = []
  /// How long each task computes.
  public var durations: TaskDurations
  /// Whether all tasks must start together, as an MPI job's do.
  public var isGang: Bool
  /// How many ports each task gets beside `resources`, whichever are free.
  public var ports: Int
  /// Where its tasks may go, given where those are that run.
  public var placement: PlacementRules
  /// The part of `resources` that a task uses while it runs, 0 to 1; for reports alone.
  public var uses = 1.0

  /// Describes a stage.
  public init(
    name: String, tasks: Int, resources: Resources, durations: TaskDurations, isGang: Bool = false,
    ports: Int = 0, placement: PlacementRules = PlacementRules()
  ) {
    self.name = name
    self.tasks = tasks
    self.resources = resources
    self.durations = durations
    self.isGang = isGang
    self.ports = ports
    self.placement = placement
  }

  /// Describes a stage of tasks that need different things and start each by itself.
  public init(name: String, shapes: [Shape], durations: TaskDurations) {
    self.init(
      name: name, tasks: shapes.reduce(0) { $0 + $1.tasks },
      resources: shapes.first?.resources ?? Resources(), durations: durations)
    if shapes.count > 1 { self.shapes = shapes }
  }

  /// What a task leaves idle of what it holds, by its number from 0; `nil` when it uses all.
  ///
  /// - Complexity: O(shapes).
  public func idle(ofTask number: Int) -> Resources? {
    guard uses < 1 else { return nil }
    let (needed, part) = (resources(ofTask: number), 1 - max(0, uses))
    return Resources(
      cpus: needed.cpus * part, mem: needed.mem * part, disk: needed.disk * part,
      gpus: needed.gpus * part)
  }

  /// What a task needs, by its number from 0.
  ///
  /// - Complexity: O(shapes).
  public func resources(ofTask number: Int) -> Resources {
    var rest = number
    for shape in shapes {
      if rest < shape.tasks { return shape.resources }
      rest -= shape.tasks
    }
    return resources
  }
}

/// A unit of work that a user waits for.
public struct Job: Sendable {
  /// Number within the framework; unique, ascending with `submitted`.
  public var id: JobID
  /// What people call the job.
  public var name: String
  /// When the user hands the job in.
  public var submitted: Instant
  /// The stages, run one after the other; each starts when all tasks of the one before are done.
  public var stages: [Stage]

  /// Describes a job.
  public init(id: JobID, name: String, submitted: Instant, stages: [Stage]) {
    self.id = id
    self.name = name
    self.submitted = submitted
    self.stages = stages
  }
}
