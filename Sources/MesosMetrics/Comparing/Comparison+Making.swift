// Part of mesosim. Apache-2.0, see LICENSE.
//
// From measured runs to their comparison.

extension Comparison {
  /// Compares allocators, seed by seed.
  /// - Parameters:
  ///   - replications: For each seed the runs under all allocators, in the same order each time,
  ///     the baseline first, all measured over the same window. At least one, not empty.
  ///   - isPartial: Whether more seeds were wanted; it is partial also when one of the runs is.
  ///   - warnings: What a reader has to know; what came up in runs is added to it.
  public init(_ replications: [[MeasuredRun]], isPartial: Bool = false, warnings: [String] = []) {
    guard let first = replications.first, let baseline = first.first else {
      preconditionFailure("a comparison needs at least one run")
    }
    let allocators = first.map(\.result.allocator)
    for runs in replications {
      precondition(
        runs.map(\.result.allocator) == allocators, "replications list different allocators")
    }
    scenario = baseline.result.scenario
    seed = baseline.result.seed
    version = baseline.result.version
    partial = isPartial || replications.contains { $0.contains { $0.result.partial } }
    self.baseline = baseline.result.allocator
    self.allocators = allocators
    unpaired = first.filter { !$0.isPaired }.map(\.result.allocator)
    self.replications = replications.map { runs in
      Replication(seed: runs[0].result.seed, digests: runs.map(\.result.digest))
    }
    self.warnings = warnings + Comparison.warnings(of: replications)
    runs = first.map(\.result)
    comparison = []
    jobsCompared = []
    let seeds = replications.map(ComparedSeed.init)
    for place in first.indices.dropFirst() {
      comparison += ComparisonRows(allocator: allocators[place], place: place, seeds: seeds).rows
      for (index, framework) in first[place].result.frameworks.enumerated() {
        var jobs = JobsCompared(allocator: allocators[place], framework: framework.name)
        for seed in seeds { seed.count(index, in: place, into: &jobs) }
        jobsCompared.append(jobs)
      }
    }
    let slowdowns = SlowdownRows(replications)
    self.slowdowns = slowdowns.rows
    withoutSlowdown = slowdowns.omissions
  }
}

extension Comparison {
  /// What came up in runs, each once: with the allocators, where it is not all of them.
  private static func warnings(of replications: [[MeasuredRun]]) -> [String] {
    let allocators = replications[0].map(\.result.allocator)
    var found: [(text: String, places: [Int])] = []
    for (place, result) in replications.flatMap({ $0.map(\.result).enumerated() }) {
      for text in result.warnings {
        guard let index = found.firstIndex(where: { $0.text == text }) else {
          found.append((text, [place]))
          continue
        }
        if !found[index].places.contains(place) { found[index].places.append(place) }
      }
    }
    return found.map { text, places in
      places.count == allocators.count
        ? text : "under \(places.map { allocators[$0] }.joined(separator: ", ")): \(text)"
    }
  }
}

/// Makes the rows of one allocator.
private struct ComparisonRows {
  let allocator: String
  /// The allocator's place; the baseline's is the first.
  let place: Int
  let seeds: [ComparedSeed]

  /// Whether it had the baseline's jobs.
  private var isPaired: Bool { seeds[0].runs[place].isPaired }

  var rows: [ComparisonRow] {
    let frameworks = seeds[0].runs[place].result.frameworks
    let own = frameworks.indices.flatMap { frameworkRows(at: $0, name: frameworks[$0].name) }
    return jobRows(at: nil, name: nil) + clusterRows + own
  }

  private func frameworkRows(at index: Int, name: String) -> [ComparisonRow] {
    func figure(_ path: @escaping (FrameworkResult) -> Double?) -> (RunResult) -> Double? {
      { $0.frameworks.indices.contains(index) ? path($0.frameworks[index]) : nil }
    }
    return jobRows(at: index, name: name) + [
      row(.jobsFinished, name, figure { Double($0.jobs.finished) }),
      row(.meanWait, name, figure(\.waitSeconds.times.mean)),
      row(.p95Wait, name, figure(\.waitSeconds.times.p95)),
      row(.meanJobWait, name, figure(\.jobWaitSeconds.times.mean)),
    ]
  }

  private func jobRows(at index: Int?, name: String?) -> [ComparisonRow] {
    let jobs = seeds.map { $0.jobs(of: index) }
    let seconds = jobs.map { jobs -> (Double?, Double?) in
      guard isPaired, jobs.compared > 0 else { return (nil, nil) }
      return (Double(jobs.sums[0]) / 1e9, Double(jobs.sums[place]) / 1e9)
    }
    let speedups = seconds.map { baseline, own -> (Double?, Double?) in
      guard let baseline, let own, own > 0 else { return (nil, nil) }
      return (1, baseline / own)
    }
    let counts = ComparedJobs(
      compared: jobs.reduce(0) { $0 + $1.compared },
      unfinishedInBaseline: jobs.reduce(0) { $0 + $1.unfinished[0] },
      unfinished: jobs.reduce(0) { $0 + $1.unfinished[place] })
    return [(ComparisonMetric.speedup, speedups), (.jobSeconds, seconds)].map { metric, figures in
      var made = row(metric, name, figures: figures)
      made.jobs = isPaired ? counts : nil
      return made
    }
  }

  private var clusterRows: [ComparisonRow] {
    let cluster = [
      row(.jobsFinished, nil) { Double($0.frameworks.reduce(0) { $0 + $1.jobs.finished }) },
      row(.meanWait, nil) { mean($0.frameworks.map(\.waitSeconds)) },
      row(.meanJobWait, nil) { mean($0.frameworks.map(\.jobWaitSeconds)) },
      row(.jainContended, nil) { $0.fairness.jainContended },
      row(.contendedSeconds, nil) { $0.fairness.contendedSeconds },
      row(.jain, nil) { $0.fairness.jainDominantShare },
    ]
    let resources = seeds[0].runs[0].result.utilization.resources
    return cluster
      + resources.flatMap { resource in
        [
          row(.used(resource), nil) { $0.utilization[resource]?.usedMean },
          row(.offered(resource), nil) { $0.utilization[resource]?.offeredMean },
          row(.blocked(resource), nil) { $0.utilization[resource]?.blockedMean },
          row(.demandUtilization(resource), nil) { $0.utilization[resource]?.demandUtilization },
        ]
      }
  }

  /// The mean over all waits of several frameworks.
  private func mean(_ waits: [WaitResult]) -> Double? {
    let count = waits.reduce(0) { $0 + $1.count }
    guard count > 0 else { return nil }
    return waits.reduce(0) { $0 + ($1.times.mean ?? 0) * Double($1.count) } / Double(count)
  }

  private func row(
    _ metric: ComparisonMetric, _ framework: String?, _ figure: (RunResult) -> Double?
  ) -> ComparisonRow {
    row(
      metric, framework,
      figures: seeds.map { (figure($0.runs[0].result), figure($0.runs[place].result)) })
  }

  /// A row from (baseline, own) figures, one pair for each replication.
  private func row(
    _ metric: ComparisonMetric, _ framework: String?, figures: [(Double?, Double?)]
  ) -> ComparisonRow {
    guard isPaired else {
      return unpairedRow(metric, framework, figures.compactMap(\.0), figures.compactMap(\.1))
    }
    let known = figures.compactMap { baseline, own -> (Double, Double)? in
      guard let baseline, let own else { return nil }
      return (baseline, own)
    }
    let differences = known.map { $0.1 - $0.0 }
    let ratios = known.contains { $0.0 == 0 } ? [] : known.map { $0.1 / $0.0 }
    return ComparisonRow(
      allocator: allocator, framework: framework, metric: metric,
      baseline: Statistics.mean(known.map(\.0)), value: Statistics.mean(known.map(\.1)),
      ratio: Statistics.mean(ratios), ci95: Statistics.confidenceInterval95(ratios),
      difference: Statistics.mean(differences),
      differenceCi95: Statistics.confidenceInterval95(differences))
  }

  /// A row from figures that have nothing to do with each other.
  private func unpairedRow(
    _ metric: ComparisonMetric, _ framework: String?, _ baseline: [Double], _ own: [Double]
  ) -> ComparisonRow {
    let (before, after) = (Statistics.mean(baseline), Statistics.mean(own))
    func both(_ body: (Double, Double) -> Double?) -> Double? {
      before.flatMap { before in after.flatMap { body(before, $0) } }
    }
    return ComparisonRow(
      allocator: allocator, framework: framework, metric: metric, baseline: before, value: after,
      ratio: both { $0 == 0 ? nil : $1 / $0 }, ci95: nil, difference: both { $1 - $0 },
      differenceCi95: Statistics.confidenceInterval95(own, minus: baseline))
  }
}
