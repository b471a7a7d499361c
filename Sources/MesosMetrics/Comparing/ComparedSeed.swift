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
  /// Framework by framework.
  private let frameworks: [(matched: MatchedJobs, jobs: Jobs)]

  init(_ runs: [MeasuredRun]) {
    self.runs = runs
    let count = runs.map(\.jobs.count).max() ?? 0
    frameworks = (0..<count).map { index in
      let matched = MatchedJobs(runs.map { $0.jobs.indices.contains(index) ? $0.jobs[index] : [] })
      let finished = matched.finishedInAll
      return (
        matched,
        Jobs(
          compared: finished.count, sums: finished.sums,
          unfinished: runs.indices.map(matched.unfinished))
      )
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
    guard frameworks.indices.contains(framework) else { return }
    counts.finishedInAll += frameworks[framework].jobs.compared
    frameworks[framework].matched.count(in: run, into: &counts)
  }
}
