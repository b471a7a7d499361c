// Part of mesosim. Apache-2.0, see LICENSE.
//
// The report on a terminal: who waited how long under which allocator, what was used, and the
// answer in one sentence at the end, where the eye is.

import MesosMetrics

extension Report {
  /// The report as text for a terminal, 80 columns wide, ending in a newline.
  /// - Parameter style: Whether it may carry colour.
  /// - Returns: The text.
  public func terminalText(_ style: Style) -> String {
    var lines = partialText.map { [style.paint($0.sentenceCased + ".", .bad)] } ?? []
    lines += Prose.heading(baseline.scenario, headingDetail, style) + [""]
    if !baseline.frameworks.isEmpty {
      lines += frameworkTable.lines(style)
      lines += TextTable.wrapped(weighting).map { style.paint($0, .faint) } + [""]
    }
    lines += capacityTable.lines(style) + [""]
    lines += countTable.lines(style) + [""]
    lines += serviceLines(style)
    lines += wordLines(style)
    if let ranking = Ranking(self) {
      lines.append("")
      lines += ranking.table.lines(style)
      lines += TextTable.wrapped(Ranking.criterion + ".").map { style.paint($0, .faint) }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Whether frameworks were measured alone, too.
  var hasSlowdowns: Bool { comparison.map { !$0.slowdowns.isEmpty } ?? false }

  private var weighting: String {
    "Job time and job wait count each job once, task wait counts each task once."
      + (hasSlowdowns
        ? " Slowdown is job time ÷ that of the same jobs alone on the part of the cluster that "
          + "static deals by default: below 1 a framework gains by sharing." : "")
      + (variants.contains { $0.shortLabel != $0.label }
        ? " A number behind a name, as +1, counts the others whose runs are equal." : "")
  }

  /// The answer, and all that has to be known to judge it.
  private func wordLines(_ style: Style) -> [String] {
    let answer = Answer(report: self)
    var lines = TextTable.wrapped(answer.sentence + ".").map { style.paint($0, .strong) }
    for remark in answer.remarks { lines += TextTable.wrapped(remark + ".") }
    for warning in warnings {
      lines += TextTable.wrapped(warning.sentenceEnded).map { style.paint($0, .bad) }
    }
    for aside in [answer.certainty, notes].compactMap({ $0 }) {
      lines += TextTable.wrapped(aside.sentenceEnded).map { style.paint($0, .faint) }
    }
    return lines
  }

  private var headingDetail: String {
    let window = DurationText.text(baseline.windowSeconds)
    var parts = [
      "\(baseline.slaves) \(baseline.slaves == 1 ? "slave" : "slaves")",
      "\(window) of cluster time",
    ]
    if let comparison, comparison.replications.count > 1 {
      parts.append("times of seed \(baseline.seed)")
      let seeds = comparison.replications.count
      parts.append("speedups over \(seeds) seeds, ±\u{A0}95%\u{A0}confidence")
    } else {
      parts.append("seed \(baseline.seed)")
    }
    return parts.joined(separator: " · ")
  }

  // MARK: Frameworks

  /// What became of each framework: a row each in one run, in a comparison a row for each allocator
  /// below its name.
  ///
  /// Where slowdowns are known, they take the place of the last percentiles.
  private var frameworkTable: TextTable {
    let isComparing = results.count > 1
    let heads =
      [isComparing ? "" : "framework", "jobs", "job time"]
      + (isComparing ? ["p95", "speedup"] : ["p50", "p95"]) + (hasSlowdowns ? ["slowdown"] : [])
      + ["job wait", "task wait"] + (hasSlowdowns ? [] : ["p95"])
    var table = TextTable([.name] + heads.dropFirst().map { _ in .figure })
    table.add(heads.map { .init($0, .faint) })
    for index in baseline.frameworks.indices {
      if isComparing { table.addTitle(.init(baseline.frameworks[index].name)) }
      for variant in variants { table.add(cells(index, variant, isComparing: isComparing)) }
    }
    return table
  }

  private func cells(_ index: Int, _ variant: Variant, isComparing: Bool) -> [TextTable.Cell] {
    let result = results[variant.place]
    let framework = result.frameworks[index]
    let (jobs, waits) = (framework.jobs, framework.waitSeconds.times.texts)
    let tone: Style.Tone = isComparing && variant.isBaseline ? .faint : .normal
    func figure(_ text: String) -> TextTable.Cell { .init(text, tone) }
    let times = jobs.times.texts
    let head = isComparing ? "  " + variant.shortLabel : framework.name
    let done =
      jobs.submitted == 0
      ? framework.service?.upText ?? "none" : "\(jobs.finished)/\(jobs.submitted)"
    return [head, done, times[0]].map(figure)
      + (isComparing ? [] : [figure(times[1])]) + [figure(times[2])]
      + (isComparing ? [speedupCell(framework.name, variant)] : [])
      + (hasSlowdowns ? [figure(slowdownText(framework.name, variant, times: "x"))] : [])
      + [framework.jobWaitSeconds.times.texts[0], waits[0]].map(figure)
      + (hasSlowdowns ? [] : [figure(waits[2])])
  }

  private func speedupCell(_ framework: String, _ variant: Variant) -> TextTable.Cell {
    guard !variant.places.contains(0),
      let row = comparison?.row(.speedup, of: framework, under: variant.names[0])
    else { return .init("") }
    return .init(speedupText(row, times: "x"), Verdict(row).tone)
  }

  /// A speedup with its uncertainty, such as `3.1x ±0.2`.
  func speedupText(_ row: ComparisonRow, times: String) -> String {
    row.ratio.map { factorText($0, row.ci95, times: times) } ?? NumberText.unknown
  }

  /// A ratio with its uncertainty, if there is one.
  func factorText(_ ratio: Double, _ interval: Interval?, times: String) -> String {
    let text = NumberText.factor(ratio) + times
    guard let interval else { return text }
    let half = (interval.high - interval.low) / 2
    return text + " ±" + NumberText.fixed(half, ratio < 1.495 || half < 0.0995 ? 2 : 1)
  }

  // MARK: Cluster

  /// What became of the scarcest resource.
  private var capacityTable: TextTable {
    func use(_ result: RunResult) -> UtilizationResult? {
      scarcest.flatMap { result.utilization[$0] }
    }
    let resource = scarcest.map { "\($0.rawValue) used" } ?? "used"
    let tellsIdle = results.contains { use($0)?.idleMean != nil }
    let heads =
      ["cluster", resource] + (tellsIdle ? ["of it idle"] : [])
      + ["offered", "blocked", "no demand", "demand met"]
    return clusterTable(heads) { result in
      guard let use = use(result) else { return [] }
      let figures =
        [use.usedMean] + (tellsIdle ? [use.idleMean] : [])
        + [use.offeredMean, use.blockedMean, use.noDemandMean, use.demandUtilization]
      return figures.map { NumberText.percent($0) }
    }
  }

  /// The other resources, offers and tasks.
  private var countTable: TextTable {
    let others = baseline.utilization.resources.filter { $0 != scarcest }
    let heads =
      ["cluster"] + others.map { "\($0.rawValue) used" } + ["offers", "accepted", "tasks", "lost"]
    return clusterTable(heads) { result in
      others.map { NumberText.percent(result.utilization[$0]?.usedMean) }
        + [
          result.offers.received, result.offers.accepted, result.tasks.launched, result.tasks.lost,
        ].map { String($0) }
    }
  }

  private func clusterTable(_ heads: [String], _ figures: (RunResult) -> [String]) -> TextTable {
    var table = TextTable([.name] + heads.dropFirst().map { _ in .figure })
    table.add(heads.map { .init($0, .faint) })
    for variant in variants {
      let tone: Style.Tone = variant.isBaseline ? .faint : .normal
      table.add(
        ([variant.shortLabel] + figures(results[variant.place])).map { .init($0, tone) })
    }
    return table
  }
}

extension String {
  /// The text with its first letter as a capital.
  var sentenceCased: String { prefix(1).uppercased() + dropFirst() }

  /// The text with a full stop, unless it ends a sentence of its own.
  var sentenceEnded: String { last.map { ".!?…".contains($0) } ?? true ? self : self + "." }
}
