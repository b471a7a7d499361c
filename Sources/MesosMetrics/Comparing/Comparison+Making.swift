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
    self.replications = replications.map { runs in
      Replication(seed: runs[0].result.seed, digests: runs.map(\.result.digest))
    }
    self.warnings = warnings + Comparison.warnings(of: replications)
    runs = first.map(\.result)
    comparison = []
    jobsCompared = []
    for place in first.indices.dropFirst() {
      let pairs = replications.map { RunPair(baseline: $0[0], own: $0[place]) }
      comparison += ComparisonRows(allocator: allocators[place], pairs: pairs).rows
      jobsCompared += first[place].result.frameworks.enumerated().map { index, framework in
        JobsCompared(
          allocator: allocators[place], framework: framework.name,
          counts: pairs.reduce(into: JobPairs()) { $0 += $1.jobs(at: index) })
      }
    }
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

/// The runs of one seed under the baseline and another allocator.
private struct RunPair {
  let baseline: MeasuredRun
  let own: MeasuredRun
  /// Framework by framework.
  private let pairs: [JobPairs]

  init(baseline: MeasuredRun, own: MeasuredRun) {
    self.baseline = baseline
    self.own = own
    pairs = zip(baseline.jobs, own.jobs).map { JobPairs(baseline: $0, own: $1) }
  }

  /// The jobs of one framework, or of all.
  func jobs(at framework: Int?) -> JobPairs {
    guard let framework else { return pairs.reduce(into: JobPairs()) { $0 += $1 } }
    return pairs.indices.contains(framework) ? pairs[framework] : JobPairs()
  }
}

/// Makes the rows of one allocator.
private struct ComparisonRows {
  let allocator: String
  let pairs: [RunPair]

  var rows: [ComparisonRow] {
    let frameworks = pairs[0].own.result.frameworks
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
    let sums = pairs.map { pair in
      let jobs = pair.jobs(at: index)
      return jobs.finishedInBoth == 0 ? nil : (jobs.baselineSum, jobs.ownSum)
    }
    let speedups = sums.map { sums -> (Double?, Double?) in
      guard let sums, sums.1 > 0 else { return (nil, nil) }
      return (1, Double(sums.0) / Double(sums.1))
    }
    let seconds = sums.map { ($0.map { Double($0.0) / 1e9 }, $0.map { Double($0.1) / 1e9 }) }
    return [row(.speedup, name, figures: speedups), row(.jobSeconds, name, figures: seconds)]
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
    let resources = pairs[0].baseline.result.utilization.resources
    return cluster
      + resources.flatMap { resource in
        [
          row(.used(resource), nil) { $0.utilization[resource]?.usedMean },
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
      metric, framework, figures: pairs.map { (figure($0.baseline.result), figure($0.own.result)) })
  }

  /// A row from (baseline, own) figures, one pair for each replication.
  private func row(
    _ metric: ComparisonMetric, _ framework: String?, figures: [(Double?, Double?)]
  ) -> ComparisonRow {
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
}

extension JobsCompared {
  fileprivate init(allocator: String, framework: String, counts: JobPairs) {
    self.init(
      allocator: allocator, framework: framework, finishedInBoth: counts.finishedInBoth,
      finishedOnlyInBaseline: counts.finishedOnlyInBaseline,
      finishedOnlyHere: counts.finishedOnlyHere, finishedInNeither: counts.finishedInNeither)
  }
}
