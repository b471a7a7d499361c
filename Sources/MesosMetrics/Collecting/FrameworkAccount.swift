// Part of mesosim. Apache-2.0, see LICENSE.
//
// What one framework held, wanted, waited for and got done.

import Mesos
import MesosCluster
import VirtualTime

/// The running account of one framework.
struct FrameworkAccount {
  var allocated = Lanes.zero
  var used = Lanes.zero
  private(set) var waiting = Lanes.zero

  private(set) var allocatedSum = Integral()
  /// What it used over time, in buckets.
  private(set) var usedSums = BucketedSums<Integral>(count: BucketLadder.bucketsMin)
  private(set) var waitingSum = Integral()
  /// Integral of the dominant share, in billionths × nanoseconds.
  private(set) var shareSum: Int128 = 0
  /// The largest dominant share held for any length of time, in billionths.
  private(set) var shareMax: Int64 = 0
  /// The instant to which the integrals reach.
  private var settledAt: Int64 = 0
  /// The dominant share since then, 0 to 1.
  private(set) var share = 0.0

  var offers = OfferCounts()
  var tasks = TaskCounts()
  /// Nanoseconds that each task waited.
  var waits: [Int64] = []
  var jobs = JobLedger()
  /// The groups of which so many tasks are wanted; `nil` for a framework without such.
  var services: ServiceLedger?
  /// What tasks hold without using it; `nil` for a framework that does not say so.
  var idle: IdleLedger?
  private(set) var reportsDemand = false
  private(set) var waitingTasks = 0

  /// Brings the integrals up to an instant; to be called before a level or the capacity changes.
  mutating func settle(to now: Int64) {
    let time = now &- settledAt
    guard time > 0 else { return }
    settledAt = now
    allocatedSum.add(allocated, for: time)
    usedSums.extend(to: now, at: used)
    waitingSum.add(waiting, for: time)
    // The share is a quotient; billionths keep its integral independent of the order of addition.
    let billionths = Int64((share * 1e9).roundedSmall)
    shareSum &+= Int128(billionths) &* Int128(time)
    shareMax = max(shareMax, billionths)
  }

  /// Works out the share anew, after what is used or the capacity has changed.
  mutating func updateShare(inverseCapacity: SIMD4<Double>) {
    share = min(max((SIMD4<Double>(used) * inverseCapacity).max(), 0), 1)
  }

  /// Takes note of a change in waiting demand.
  ///
  /// The numbers come from the framework; what would drop below zero stays at zero.
  /// - Returns: How the waiting level changed.
  mutating func wants(_ shape: Lanes, delta: Int) -> Lanes {
    reportsDemand = true
    waitingTasks = max(0, waitingTasks &+ delta)
    let before = waiting
    waiting = pointwiseMax(.zero, before &+ (shape &* Int64(delta)))
    return waiting &- before
  }

  /// Counts a task that ended or was refused.
  mutating func taskEnded(as state: TaskState, _ reason: StatusReason?) {
    tasks.count(state)
    guard let reason else { return }
    switch state {
    case .failed, .lost, .error, .dropped, .gone, .goneByOperator:
      tasks.byReason[reason.wireName, default: 0] += 1
    case .finished, .killed, .staging, .starting, .running, .killing, .unreachable, .unknown: break
    }
  }

  /// Takes note that the framework wants nothing any more: its process ended.
  /// - Returns: What it was waiting for.
  mutating func wantsNothing() -> Lanes {
    waitingTasks = 0
    defer { waiting = .zero }
    return waiting
  }
}

extension OfferCounts {
  mutating func count(_ end: OfferEnd, times: Int = 1) {
    switch end {
    case .accepted: accepted += times
    case .declined: declined += times
    case .rescinded: rescinded += times
    case .discarded: discarded += times
    }
  }
}

extension TaskCounts {
  mutating func count(_ end: TaskState) {
    switch end {
    case .finished: finished += 1
    case .failed: failed += 1
    case .killed: killed += 1
    // Of those who know them, the ways of being lost count as one.
    case .lost, .dropped, .gone, .goneByOperator: lost += 1
    case .error: error += 1
    case .staging, .starting, .running, .killing, .unreachable, .unknown: break
    }
  }
}
