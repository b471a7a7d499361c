// Part of mesosim. Apache-2.0, see LICENSE.
//
// What is kept of a container in which more happens than a command that takes its time.

import Mesos
import VirtualTime

/// An amount that changes evenly and then stays: thousandths of a MB over nanoseconds.
struct Course {
  var from: Int64
  var to: Int64
  var over: Int64

  init(from: Int64, to: Int64, over: Int64) {
    self.from = from
    self.to = to
    self.over = over
  }

  init(_ course: CommandUsage.Course) {
    from = Scalar(course.from)?.thousandths ?? 0
    to = Scalar(course.to)?.thousandths ?? 0
    over = max(0, course.over.wholeNanoseconds)
  }

  /// The amount so many nanoseconds after the beginning.
  func amount(after nanoseconds: Int64) -> Int64 {
    if nanoseconds >= over { return to }
    let grown = Int128(to - from) * Int128(max(0, nanoseconds)) / Int128(over)
    return from + Int64(grown)
  }

  /// After how many nanoseconds the amount first exceeds a limit; `nil` for never.
  func firstExcess(over limit: Int64) -> Int64? {
    if from > limit { return 0 }
    guard to > limit else { return nil }
    // The least n with from + (to - from) n / over, rounded down, of limit + 1 or more.
    let growth = Int128(to - from)
    let product = Int128(limit + 1 - from) * Int128(self.over)
    return Int64((product + growth - 1) / growth)
  }

  /// The largest amount until then.
  func peak(after nanoseconds: Int64) -> Int64 { max(from, amount(after: nanoseconds)) }
}

/// What is kept of a container in which more happens than a command that takes its time.
struct ContainerDetail {
  /// Why a command is being ended.
  enum Cause {
    case request, health
  }

  var framework: FrameworkIndex = 0
  /// The task's id, hashed: what its draws are keyed by.
  var taskHash: UInt64 = 0
  /// The task, until its command starts.
  var task: TaskInfo?
  /// Which rule the command follows; -1 for none.
  var rule = -1

  // Preparation.
  var readyAt = Instant.distantFuture
  var failure: String?

  // The run of the command.
  var startedAt = Instant.start
  var progress: Progress?
  /// What it uses, where a rule says so.
  var memory: Course?
  var disk: Course?
  /// When it goes past its memory or is found to have gone past its disk.
  var memoryExcess = Instant.distantFuture
  var diskExcess = Instant.distantFuture
  var maxCompletion = Instant.distantFuture

  // Its end.
  var killPolicyGrace: Int64?
  var cause: Cause?
  var killRequested = Instant.distantFuture
  /// When it ends after SIGTERM, by itself.
  var diesAt = Instant.distantFuture
  /// When it gets SIGKILL.
  var killAt = Instant.distantFuture

  // Checks.
  var health: HealthWatch?
  var check: CheckWatch?

  /// When something of all this happens first, beside the command's own end.
  var nextInstant: Instant {
    var next = min(min(readyAt, memoryExcess), min(diskExcess, maxCompletion))
    next = min(next, min(diesAt, killAt))
    if let health { next = min(next, health.probe.resultAt) }
    if let check { next = min(next, check.probe.resultAt) }
    return next
  }
}
