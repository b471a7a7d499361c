// Part of mesosim. Apache-2.0, see LICENSE.
//
// What one run came to: the shape of `summary.json`. Names here are a contract with scripts.

/// The result of one run: who waited how long, what was used, how fairly it was shared.
///
/// All means over time cover the window, from 0 to `windowSeconds`, which is the same for every
/// allocator compared. Fractions are of the capacity in the window. Doubles are rounded to six
/// decimals; `sums` are exact integers in thousandths of a unit × nanoseconds, written as decimal
/// strings. What was not measured is `null`.
public struct RunResult: Codable, Equatable, Sendable {
  /// The version of this shape.
  public var schema = 1
  /// The scenario's name.
  public var scenario: String
  /// The seed of every random stream.
  public var seed: UInt64
  /// The allocator, as the scenario labels it.
  public var allocator: String
  /// The allocator's name; left out where the scenario gives it no other label.
  public var policy: String?
  /// The version of mesosim.
  public var version: String
  /// The hash over the stream of facts: the identity of the run.
  public var digest: String
  /// When the simulation ended.
  @Measured public var simulatedSeconds: Double?
  /// The end of the window that was measured.
  @Measured public var windowSeconds: Double?
  /// How many events the simulation handled.
  public var events: Int
  /// Whether the run was stopped by hand.
  public var partial: Bool
  /// What a reader has to know to judge the run, one sentence each; in a comparison only what came
  /// up in this run.
  public var warnings: [String]
  /// How many slaves registered.
  public var slaves: Int
  /// The frameworks, in the order of the scenario.
  public var frameworks: [FrameworkResult]
  /// Utilization, for each resource the cluster has.
  public var utilization: PerResource<UtilizationResult>
  /// How evenly the frameworks shared.
  public var fairness: FairnessResult
  /// All offers made.
  public var offers: OfferCounts
  /// All tasks.
  public var tasks: TaskCounts
}

/// What one framework got.
public struct FrameworkResult: Codable, Equatable, Sendable {
  /// The name the scenario gives it.
  public var name: String
  /// The role it is offered resources for.
  public var role: String
  /// Why the master refused it, in its words; left out for one that it took.
  public var refusal: String?
  /// Its jobs and their times from submission to the last task's end.
  public var jobs: JobsResult
  /// How long its services were up; left out for a framework that keeps none up.
  public var service: ServiceResult?
  /// How long tasks waited, from runnable to TASK_RUNNING; each task counts once, so a job of many
  /// counts as often.
  public var waitSeconds: WaitResult
  /// How long jobs waited, from submission to their first TASK_RUNNING; each job counts once.
  ///
  /// Not to the first launch: which job a task belongs to is told when it runs.
  public var jobWaitSeconds: WaitResult
  /// Its tasks.
  public var tasks: TaskCounts
  /// How many of its tasks were runnable and not launched at the end of the window; `null` for a
  /// framework that does not tell its demand.
  @Nullable public var tasksWaitingAtEnd: Int?
  /// Its dominant share.
  public var dominantShare: ShareResult
  /// Its offers.
  public var offers: OfferCounts
  /// What it held and wanted, for each resource the cluster has.
  public var resources: PerResource<FrameworkUse>

  /// Whether the framework tells which of its tasks wait.
  public var reportsDemand: Bool { tasksWaitingAtEnd != nil }
}

/// How many jobs there were, and how long the finished ones took.
public struct JobsResult: Equatable, Sendable {
  /// Jobs handed to the framework.
  public var submitted: Int
  /// Jobs of which every task is done.
  public var finished: Int
  /// Jobs the framework gave up.
  public var abandoned: Int
  /// Jobs that the end of the run cut off; sum and mean of job times do not cover them.
  public var unfinished: Int
  /// All times of finished jobs together.
  @Measured public var sumSeconds: Double?
  /// The times of jobs, each counted once; those that did not finish, or were given up, as endless.
  public var times: Quantiles
}

/// How long those of a framework's tasks were up of which so many are wanted at any time.
///
/// A task is up from when its framework says so until it ends, as the master knows it.
public struct ServiceResult: Codable, Equatable, Sendable {
  /// How many groups of such tasks there are.
  public var groups: Int
  /// How many tasks are wanted at the end of the window.
  public var wanted: Int
  /// How many tasks are up at the end of the window.
  public var up: Int
  /// The time that wanted tasks were up ÷ the time for which they were wanted.
  ///
  /// `null` when none was; more than are wanted do not count.
  @Measured public var upFraction: Double?
  /// How often a task came up in place of one that had been up.
  public var restarts: Int
  /// For how many seconds fewer than wanted were up of some group; starting up counts.
  @Measured public var secondsBelow: Double?
  /// The longest such time.
  @Measured public var longestSecondsBelow: Double?
  /// For how many seconds some were wanted and none at all was up.
  @Measured public var secondsDown: Double?
  /// How its services were changed, in the order in which that began; left out where the framework
  /// tells nothing of it.
  public var changes: [ServiceChangeResult]?
  /// Why instances were not launched on what was offered; left out likewise.
  public var waits: [ServiceWaitResult]?
}

/// How long something was waited for.
public struct WaitResult: Equatable, Sendable {
  /// How many waits ended within the window.
  public var count: Int
  /// How many are known that did not: endless in percentiles, left out of the mean.
  public var endless = 0
  /// How long they were.
  public var times: Quantiles
}

/// A framework's dominant share: of all resources, the largest part of the cluster its tasks hold.
///
/// Offers under consideration do not count: a framework that happens to be offered all that is free
/// would otherwise show a share of 1.
public struct ShareResult: Codable, Equatable, Sendable {
  /// The mean over the window.
  @Measured public var mean: Double?
  /// The largest share held for any length of time.
  @Measured public var max: Double?
}

/// How offers ended.
public struct OfferCounts: Codable, Equatable, Sendable {
  /// Offers made.
  public var received = 0
  /// Answered with at least one task.
  public var accepted = 0
  /// Answered without a task.
  public var declined = 0
  /// Taken back by the master.
  public var rescinded = 0
  /// Gone with their framework or slave, or answered with something invalid.
  public var discarded = 0
}

/// How tasks ended.
public struct TaskCounts: Codable, Equatable, Sendable {
  /// Tasks the master accepted.
  public var launched = 0
  /// Ended as they should.
  public var finished = 0
  /// Ended with an error of their own.
  public var failed = 0
  /// Killed on request.
  public var killed = 0
  /// Lost by the cluster, or launched on an offer no longer valid.
  public var lost = 0
  /// Refused because their description was invalid.
  public var error = 0
  /// How many of the failed, lost and refused had which reason, by its name on the wire, such as
  /// `REASON_SLAVE_REMOVED`; those whose update gave none are not here.
  public var byReason: [String: Int] = [:]

  /// How many failed, were lost or were refused.
  public var unsuccessful: Int { failed + lost + error }
}

/// How evenly the frameworks shared the cluster: look at `jainContended`.
public struct FairnessResult: Codable, Equatable, Sendable {
  /// Jain's index of dominant shares ÷ weights, averaged over the time in which at least two
  /// frameworks wanted more than they had.
  ///
  /// At an instant those count that want more, and those that hold more than the least of these.
  /// From 1 ÷ their number (one has all) to 1 (all have their due). `null` when there was no such
  /// time, and when a framework does not tell its demand.
  @Measured public var jainContended: Double?
  /// How long at least two frameworks wanted more than they had; `null` when a framework does not
  /// tell its demand.
  @Measured public var contendedSeconds: Double?
  /// Jain's index over the frameworks' dominant shares averaged over the whole window, without
  /// weights; `null` when none held anything.
  ///
  /// Hardly moves when the same work gets done, however long who waited: kept for those who compare
  /// with other papers.
  @Measured public var jainDominantShare: Double?
}
