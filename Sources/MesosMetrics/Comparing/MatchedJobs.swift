// Part of mesosim. Apache-2.0, see LICENSE.
//
// The same jobs in several runs.

import Mesos

/// The jobs of one framework in several runs, matched by their ids within each stay of the
/// framework, with their times.
struct MatchedJobs {
  /// Job after job, the time in each run in nanoseconds; `nil` in a run that did not finish it.
  private var times: [Int64?] = []
  private let runs: Int

  private struct Key: Hashable {
    let stay: Int
    let id: JobID
  }

  /// Matches the jobs of one framework.
  /// - Parameter runs: The jobs in each run.
  /// - Complexity: O(*n*) in the number of all of them.
  init(_ runs: [[JobOutcome]]) {
    self.runs = runs.count
    var places: [Key: Int] = [:]
    for (run, jobs) in runs.enumerated() {
      // Most runs submit the same jobs in the same order.
      for job in jobs {
        let key = Key(stay: job.stay, id: job.id)
        let place = places[key] ?? places.count
        if place == places.count {
          places[key] = place
          times += Array(repeating: nil, count: runs.count)
        }
        times[place * runs.count + run] = job.jobTime
      }
    }
  }

  /// How many jobs there are in any of the runs.
  var count: Int { runs == 0 ? 0 : times.count / runs }

  /// How many of them a run did not finish.
  func unfinished(in run: Int) -> Int {
    (0..<count).reduce(0) { $0 + (time(of: $1, in: run) == nil ? 1 : 0) }
  }

  /// Over the jobs that every run finished: how many they are, and each run's sum of their times.
  var finishedInAll: (count: Int, sums: [Int128]) {
    var sums = [Int128](repeating: 0, count: runs)
    var finished = 0
    for job in 0..<count where (0..<runs).allSatisfy({ time(of: job, in: $0) != nil }) {
      finished += 1
      for run in 0..<runs { sums[run] += Int128(time(of: job, in: run) ?? 0) }
    }
    return (finished, sums)
  }

  /// How the jobs ended in one run and in the first.
  func count(in run: Int, into counts: inout JobsCompared) {
    for job in 0..<count {
      switch (time(of: job, in: 0), time(of: job, in: run)) {
      case (_?, _?): counts.finishedInBoth += 1
      case (_?, nil): counts.finishedOnlyInBaseline += 1
      case (nil, _?): counts.finishedOnlyHere += 1
      case (nil, nil): counts.finishedInNeither += 1
      }
    }
  }

  private func time(of job: Int, in run: Int) -> Int64? { times[job * runs + run] }
}
