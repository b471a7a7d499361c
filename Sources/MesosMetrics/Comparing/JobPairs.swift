// Part of mesosim. Apache-2.0, see LICENSE.
//
// The same jobs under two allocators.

import Mesos

/// The jobs of one framework under the baseline and under another allocator, paired by their ids
/// within each stay of the framework.
struct JobPairs {
  var finishedInBoth = 0
  var finishedOnlyInBaseline = 0
  var finishedOnlyHere = 0
  var finishedInNeither = 0
  /// Job times in nanoseconds over the jobs finished in both.
  var baselineSum: Int128 = 0
  var ownSum: Int128 = 0

  private struct Key: Hashable {
    let stay: Int
    let id: JobID

    init(_ job: JobOutcome) {
      stay = job.stay
      id = job.id
    }
  }

  init() {}

  init(baseline: [JobOutcome], own: [JobOutcome]) {
    var ownTimes: [Key: Int64?] = [:]
    for job in own { ownTimes[Key(job)] = .some(job.jobTime) }
    for job in baseline {
      let ownTime = ownTimes.removeValue(forKey: Key(job)) ?? nil
      count(job.jobTime, ownTime)
    }
    // Jobs that only this run saw: its horizon or its rate of submission differed.
    for job in own where ownTimes[Key(job)] != nil { count(nil, job.jobTime) }
  }

  private mutating func count(_ baselineTime: Int64?, _ ownTime: Int64?) {
    switch (baselineTime, ownTime) {
    case (let baselineTime?, let ownTime?):
      finishedInBoth += 1
      baselineSum += Int128(baselineTime)
      ownSum += Int128(ownTime)
    case (_?, nil): finishedOnlyInBaseline += 1
    case (nil, _?): finishedOnlyHere += 1
    case (nil, nil): finishedInNeither += 1
    }
  }

  static func += (left: inout JobPairs, right: JobPairs) {
    left.finishedInBoth += right.finishedInBoth
    left.finishedOnlyInBaseline += right.finishedOnlyInBaseline
    left.finishedOnlyHere += right.finishedOnlyHere
    left.finishedInNeither += right.finishedInNeither
    left.baselineSum += right.baselineSum
    left.ownSum += right.ownSum
  }
}
