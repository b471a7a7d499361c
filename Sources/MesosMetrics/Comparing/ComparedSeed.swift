// Part of mesosim. Apache-2.0, see LICENSE.
//
// The runs of one seed, and which of their jobs can be compared.

/// The runs of one seed under all allocators, the baseline first.
struct ComparedSeed {
  /// What the jobs of a framework, or of all, came to.
  struct Jobs {
    /// How many finished in every run.
    var compared = 0
    /// Their times together, run by run, in nanoseconds.
    var sums: [Int128]
    /// How many did not finish, run by run.
    var unfinished: [Int]
  }

  let runs: [MeasuredRun]
  /// The places of the runs that have the baseline's jobs: only theirs can be compared.
  private let places: [Int]
  /// Framework by framework.
  private let frameworks: [(matched: MatchedJobs, jobs: Jobs)]

  init(_ runs: [MeasuredRun]) {
    self.runs = runs
    let places = runs.indices.filter { runs[$0].isPaired }
    self.places = places
    let count = runs.map(\.jobs.count).max() ?? 0
    frameworks = (0..<count).map { index in
      let matched = MatchedJobs(
        places.map { runs[$0].jobs.indices.contains(index) ? runs[$0].jobs[index] : [] })
      let finished = matched.finishedInAll
      var jobs = Jobs(
        compared: finished.count, sums: runs.map { _ in 0 }, unfinished: runs.map { _ in 0 })
      for (row, place) in places.enumerated() {
        jobs.sums[place] = finished.sums[row]
        jobs.unfinished[place] = matched.unfinished(in: row)
      }
      return (matched, jobs)
    }
  }

  /// The jobs of one framework, or of all.
  func jobs(of framework: Int?) -> Jobs {
    let none = Jobs(sums: runs.map { _ in 0 }, unfinished: runs.map { _ in 0 })
    if let framework {
      return frameworks.indices.contains(framework) ? frameworks[framework].jobs : none
    }
    return frameworks.reduce(into: none) { all, framework in
      all.compared += framework.jobs.compared
      for run in runs.indices {
        all.sums[run] += framework.jobs.sums[run]
        all.unfinished[run] += framework.jobs.unfinished[run]
      }
    }
  }

  /// Adds how the jobs of a framework ended in one run and in the first.
  func count(_ framework: Int, in run: Int, into counts: inout JobsCompared) {
    guard frameworks.indices.contains(framework), let row = places.firstIndex(of: run) else {
      return
    }
    counts.finishedInAll += frameworks[framework].jobs.compared
    frameworks[framework].matched.count(in: row, into: &counts)
  }
}
