// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a framework or an executor gets beside its driver: time, timers, randomness, a journal and a
// store.
// Virtual in a simulation, real on a real cluster; code written against it cannot tell.

public import VirtualTime

/// The world as a framework or executor may know it, beside its driver.
///
/// Everything is called on the one logical thread of the scheduler or executor; no two calls
/// overlap.
public protocol Environment: AnyObject {
  /// The present instant.
  var now: Instant { get }

  /// Calendar time of instant 0, in seconds since 1970-01-01 00:00 UTC.
  var epoch: Int64 { get }

  /// Calls `action` once, `delay` from now, between two callbacks, never inside one.
  ///
  /// Timers belong to one incarnation of the scheduler or executor: when it is killed they are
  /// dropped. A negative delay counts as zero.
  /// - Returns: The number with which `cancelTimer` takes the timer back.
  @discardableResult
  func startTimer(after delay: Duration, _ action: @escaping () -> Void) -> TimerID

  /// Takes a timer back; nothing happens when it has fired or was cancelled before.
  func cancelTimer(_ timer: TimerID)

  /// A stream of random numbers of one's own: the same name gives the same numbers in every run
  /// with the same seed, whatever other streams are drawn from.
  func random(named name: String) -> any RandomSource

  /// Where a framework tells reports what the master never sees.
  var journal: any Journal { get }

  /// What the next process of this scheduler or executor will find, and nothing else.
  ///
  /// A scheduler that is to be taken for the same framework after a restart writes its id there
  /// (`Scheduler.configure`).
  var store: any Store { get }

  /// What comes of one run of a command in a simulation, where no program is really started.
  ///
  /// An executor that starts programs asks this instead, and lets its timers do the rest.
  /// - Parameters:
  ///   - line: The command line.
  ///   - number: Which run of it by this process, from 0 on.
  /// - Returns: What comes of it, always the same for the same process, line and number; `nil` when
  ///   nothing is said of such a command.
  func run(of line: String, number: Int) -> CommandRun?
}

extension Environment {
  /// Nothing is said of any command.
  public func run(of line: String, number: Int) -> CommandRun? { nil }
}

/// Numbers a timer of one `Environment`.
public struct TimerID: Hashable, Sendable {
  /// The number, meaningful to the environment that gave it.
  public let value: UInt64
  /// Wraps an environment's number.
  public init(_ value: UInt64) { self.value = value }
}

/// A deterministic source of random numbers.
public protocol RandomSource: AnyObject {
  /// The next number, uniform in [0, 1).
  func uniform() -> Double
  /// The next number, uniform in 0 ..< `bound`; `bound` must be positive.
  func integer(below bound: Int) -> Int
}

/// Numbers a job within its framework, for the journal.
public struct JobID: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The number, chosen by the framework.
  public let number: Int32
  /// Makes a job's id from its number.
  public init(_ number: Int32) { self.number = number }
  /// Orders jobs by number.
  public static func < (left: JobID, right: JobID) -> Bool { left.number < right.number }
  /// The number.
  public var description: String { String(number) }
}

/// Numbers a group of tasks of which so many are wanted, such as a service, within its framework.
public struct GroupID: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The number, chosen by the framework.
  public let number: Int32
  /// Makes a group's id from its number.
  public init(_ number: Int32) { self.number = number }
  /// Orders groups by number.
  public static func < (left: GroupID, right: GroupID) -> Bool { left.number < right.number }
  /// The number.
  public var description: String { String(number) }
}

/// Write-only notes by which reports learn of jobs, waiting and demand.
///
/// All optional: a scheduler that writes none runs unchanged, and reports then say "demand
/// unknown". Entries are changes, never totals. Demand ends with the process, or its driver, that
/// told it: the next process tells anew what waits.
public protocol Journal: AnyObject {
  /// A user handed this job to the framework; `name` is for people.
  func jobSubmitted(_ job: JobID, name: String)
  /// Every task of the job is done.
  func jobFinished(_ job: JobID)
  /// The framework gave the job up.
  func jobAbandoned(_ job: JobID)
  /// `delta` more (or, negative, fewer) tasks of this shape are runnable and wait for resources.
  func demand(_ shape: Resources, delta: Int)
  /// The framework is about to launch this task, which has been runnable since the instant given.
  func launching(_ task: TaskID, of job: JobID, runnableSince: Instant)
  /// From now on so many tasks of a group are to be up at any time; 0 for none any more.
  ///
  /// With `up` this is all that up-time is made from. It stays until something else is said, also
  /// by another process.
  func wanted(_ group: GroupID, count: Int)
  /// This task of a group is up, from now until it ends; said again, it says nothing new.
  func up(_ task: TaskID, of group: GroupID)
  /// From now until it ends, this task leaves so much of what it holds idle; said again, the last
  /// word counts.
  func idle(_ task: TaskID, _ resources: Resources)
  /// A change of services goes on; said again of the same id, the last word counts.
  func changes(_ change: ServiceChange)
  /// Why tasks of a group were not launched on what was offered: `wait` is asked when somebody
  /// wants to know, and what several say of a group adds up.
  func waits(_ group: GroupID, _ wait: @escaping () -> ServiceWait)
  /// The framework says that something always holds; where it is being checked, `holds` is called
  /// at once, and what does not hold is a violation.
  ///
  /// For rules of the framework's own, counted anew: a cluster cannot know them.
  func assure(_ rule: String, _ holds: () -> Bool)
}

extension Journal {
  /// Notes nothing.
  public func wanted(_ group: GroupID, count: Int) {}
  /// Notes nothing.
  public func up(_ task: TaskID, of group: GroupID) {}
  /// Notes nothing.
  public func idle(_ task: TaskID, _ resources: Resources) {}
  /// Notes nothing.
  public func changes(_ change: ServiceChange) {}
  /// Notes nothing.
  public func waits(_ group: GroupID, _ wait: @escaping () -> ServiceWait) {}
  /// Checks nothing.
  public func assure(_ rule: String, _ holds: () -> Bool) {}
}
