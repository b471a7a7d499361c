// Part of mesosim. Apache-2.0, see LICENSE.
//
// The report on a terminal: who waited how long under which allocator, what was used, and the
// answer in one sentence at the end, where the eye is.

import MesosMetrics

extension Report {
  /// The report as text for a terminal, 100 columns wide, ending in a newline.
  /// - Parameter style: Whether it may carry colour.
  /// - Returns: The text.
  public func terminalText(_ style: Style) -> String {
    var lines = partialText.map { [style.paint($0.sentenceCased + ".", .bad)] } ?? []
    lines += [heading(style), ""]
    if !baseline.frameworks.isEmpty { lines += frameworkTable.lines(style) + [""] }
    lines += clusterTable.lines(style)
    lines.append("")
    let answer = Answer(report: self)
    lines += TextTable.wrapped(answer.sentence + ".").map { style.paint($0, .strong) }
    for remark in answer.remarks { lines += TextTable.wrapped(remark + ".") }
    for warning in warnings {
      lines += TextTable.wrapped(warning.sentenceEnded).map { style.paint($0, .bad) }
    }
    for aside in [answer.certainty, notes].compactMap({ $0 }) {
      lines += TextTable.wrapped(aside.sentenceEnded).map { style.paint($0, .faint) }
    }
    if let ranking = Ranking(self) {
      lines.append("")
      lines += ranking.table.lines(style)
      lines += TextTable.wrapped(Ranking.criterion + ".").map { style.paint($0, .faint) }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func heading(_ style: Style) -> String {
    let window = DurationText.text(baseline.windowSeconds)
    var parts = [
      "\(baseline.slaves) \(baseline.slaves == 1 ? "slave" : "slaves")",
      "\(window) of cluster time",
    ]
    if let comparison, comparison.replications.count > 1 {
      parts.append("times of seed \(baseline.seed)")
      parts.append("speedups over \(comparison.replications.count) seeds, ± 95% confidence")
    } else {
      parts.append("seed \(baseline.seed)")
    }
    let name = DisplayText.cut(DisplayText.harmless(baseline.scenario), to: 60)
    return style.paint(name, .strong) + style.paint("   " + parts.joined(separator: " · "), .faint)
  }

  // MARK: Frameworks

  private var frameworkTable: TextTable {
    let figures: [TextTable.Column] = [.figure, .figure, .figure, .figure]
    let isComparing = results.count > 1
    var table = TextTable(
      [.name] + (isComparing ? [.name] : []) + figures + (isComparing ? [.figure] : [])
        + [.figure, .figure, .figure])
    let faint = Style.Tone.faint
    table.add(
      [.init("framework", faint)] + (isComparing ? [.init("allocator", faint)] : [])
        + ["jobs done", "mean time", "p50", "p95"].map { .init($0, faint) }
        + (isComparing ? [.init("speedup", faint)] : [])
        + ["task wait", "p50", "p95"].map { .init($0, faint) })
    for index in baseline.frameworks.indices {
      for (place, result) in results.enumerated() {
        table.add(frameworkCells(index, place, result, isComparing: isComparing))
      }
      let isLast = index == baseline.frameworks.count - 1
      if isComparing, !isLast, baseline.frameworks.count <= 10 { table.addGap() }
    }
    return table
  }

  private func frameworkCells(
    _ index: Int, _ place: Int, _ result: RunResult, isComparing: Bool
  ) -> [TextTable.Cell] {
    let framework = result.frameworks[index]
    let jobs = framework.jobs
    var cells = [TextTable.Cell(place == 0 ? framework.name : "")]
    let tone: Style.Tone = isComparing && place == 0 ? .faint : .normal
    if isComparing { cells.append(.init(result.allocator, tone)) }
    cells.append(.init(jobs.submitted == 0 ? "none" : "\(jobs.finished)/\(jobs.submitted)", tone))
    for seconds in jobs.times.all.dropLast() {
      cells.append(.init(DurationText.text(seconds), tone))
    }
    if isComparing { cells.append(speedupCell(framework.name, place, result.allocator)) }
    let waits = framework.waitSeconds
    for seconds in waits.times.all.dropLast() {
      cells.append(.init(DurationText.text(seconds), tone))
    }
    return cells
  }

  private func speedupCell(
    _ framework: String, _ place: Int, _ allocator: String
  ) -> TextTable.Cell {
    guard place > 0, let row = comparison?.row(.speedup, of: framework, under: allocator) else {
      return .init("")
    }
    return .init(speedupText(row, times: "x"), Verdict(row).tone)
  }

  /// A speedup with its uncertainty, such as `3.1x ±0.2`.
  func speedupText(_ row: ComparisonRow, times: String) -> String {
    guard let ratio = row.ratio else { return NumberText.unknown }
    let text = NumberText.factor(ratio) + times
    guard let interval = row.ci95 else { return text }
    let half = (interval.high - interval.low) / 2
    return text + " ±" + NumberText.fixed(half, ratio < 1.495 || half < 0.0995 ? 2 : 1)
  }

  // MARK: Cluster

  /// What became of the scarcest resource first, then the other resources, offers and tasks.
  private var clusterTable: TextTable {
    let others = baseline.utilization.resources.filter { $0 != scarcest }
    let scarce =
      scarcest.map { ["\($0.rawValue) used", "blocked", "no demand", "demand met"] } ?? []
    let header =
      ["cluster"] + scarce + others.map { "\($0.rawValue) used" }
      + ["offers", "accepted", "tasks", "lost"]
    var table = TextTable([.name] + Array(repeating: .figure, count: header.count - 1))
    table.add(header.map { .init($0, .faint) })
    for (place, result) in results.enumerated() {
      var texts = [result.allocator]
      if let use = scarcest.flatMap({ result.utilization[$0] }) {
        texts += [use.usedMean, use.blockedMean, use.noDemandMean, use.demandUtilization].map {
          NumberText.percent($0)
        }
      }
      texts += others.map { NumberText.percent(result.utilization[$0]?.usedMean) }
      texts += [
        result.offers.received, result.offers.accepted, result.tasks.launched, result.tasks.lost,
      ].map { String($0) }
      table.add(texts.map { .init($0, results.count > 1 && place == 0 ? .faint : .normal) })
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
