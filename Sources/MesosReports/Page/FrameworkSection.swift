// Part of mesosim. Apache-2.0, see LICENSE.
//
// The first two sections of the page: job times and waits, framework by framework.

import MesosMetrics

/// A section with a row for each framework.
struct FrameworkSection {
  let heading: String
  let lead: String
  let noteHeading: String
  let rows: FrameworkRows.View
  private(set) var table: FigureTable?

  /// The sections that have something to show.
  static func all(_ report: Report) -> [FrameworkSection] {
    let frameworks = report.results.flatMap(\.frameworks)
    let hasJobs = frameworks.contains { $0.jobs.finished > 0 }
    let hasWaits = frameworks.contains { $0.waitSeconds.count > 0 }
    var sections = (hasJobs ? [jobTimes(report)] : []) + (hasWaits ? [waits(report)] : [])
    if !sections.isEmpty { sections[0].table = FigureTable(report) }
    return sections
  }

  /// Job times and speedups.
  static func jobTimes(_ report: Report) -> FrameworkSection {
    let rows = FrameworkRows(
      subject: "job time",
      rows: laneRows(report) { variant, framework in
        let jobs = framework.jobs
        let isIdle = jobs.submitted == 0
        var lane = lane(variant)
        lane.times = jobs.times
        lane.absence =
          isIdle
          ? framework.service?.upText ?? "no jobs"
          : "0 of \(NumberText.count(jobs.submitted)) finished"
        if !variant.places.contains(0),
          let row = report.comparison?.row(
            .speedup, of: framework.name, under: variant.names[0])
        {
          (lane.note, lane.noteKind) = note(row, report)
        }
        return lane
      })
    return FrameworkSection(
      heading: "How long jobs take",
      lead: "From submission to the end of the last task. The mark is the mean; the line runs from "
        + "the median to the 95th percentile." + seedNote(report),
      noteHeading: report.results.count > 1 ? "speedup" : "", rows: rows.view)
  }

  /// Waits of tasks.
  static func waits(_ report: Report) -> FrameworkSection {
    let rows = FrameworkRows(
      subject: "task wait",
      rows: laneRows(report) { variant, framework in
        var lane = lane(variant)
        lane.times = framework.waitSeconds.times
        lane.absence = "no task ran"
        if let waiting = framework.tasksWaitingAtEnd, waiting > 0, lane.times.mean != nil {
          lane.note = "\(NumberText.count(waiting)) waiting"
          lane.noteKind = "quiet"
        }
        return lane
      })
    return FrameworkSection(
      heading: "How long tasks wait",
      lead: "From the moment a task can run until it does. Waits that the end of the run cut off "
        + "are endless in percentiles and left out of the mean."
        + (report.replications.count > 1 ? " Seed \(report.baseline.seed)." : ""),
      noteHeading: rows.rows.flatMap(\.lanes).contains { !$0.note.isEmpty } ? "at the end" : "",
      rows: rows.view)
  }

  private static func laneRows(
    _ report: Report,
    _ lane: (Variant, FrameworkResult) -> FrameworkRows.Lane
  ) -> [FrameworkRows.Row] {
    report.baseline.frameworks.indices.map { index in
      FrameworkRows.Row(
        name: report.baseline.frameworks[index].name,
        lanes: report.variants.map { variant in
          lane(variant, report.results[variant.place].frameworks[index])
        })
    }
  }

  private static func lane(_ variant: Variant) -> FrameworkRows.Lane {
    FrameworkRows.Lane(allocator: variant.shortLabel, series: variant.series, absence: "")
  }

  private static func note(_ row: ComparisonRow, _ report: Report) -> (String, String) {
    let text = report.speedupText(row, times: "×")
    switch Verdict(row) {
    case .sooner: return (text, "sooner")
    case .later: return (text, "later")
    case .same: return (text, "quiet")
    case .unknown: return ("", "")
    }
  }

  private static func seedNote(_ report: Report) -> String {
    let count = report.replications.count
    guard count > 1 else { return "" }
    return " Times are those of seed \(report.baseline.seed), the first of \(count); speedups are "
      + "means over all of them, ± half of the 95% confidence interval."
  }
}

/// The figures of all frameworks under all allocators as a table.
struct FigureTable {
  /// A heading of a column.
  struct Heading {
    let text: String
    let isText: Bool
  }

  /// A cell; its kind is a class of the page's style.
  struct Cell {
    let text: String
    /// The heading of its column, for screens where a row is a block.
    let label: String
    var kind = ""
  }

  /// A row.
  struct Line {
    let cells: [Cell]
  }

  let header: [Heading]
  let lines: [Line]

  /// The heads of the figures; one run is compared with nothing.
  private static func heads(_ report: Report) -> [String] {
    let compared =
      (report.comparison == nil ? [] : ["speedup", "jobs compared"])
      + (report.hasSlowdowns ? ["slowdown"] : [])
    return ["jobs done", "mean job time", "p50", "p95", "longest"] + compared
      + ["job wait", "task wait", "p50", "p95", "longest", "dominant share"]
  }

  init(_ report: Report) {
    header =
      ["framework", "allocator"].map { Heading(text: $0, isText: true) }
      + FigureTable.heads(report).map { Heading(text: $0, isText: false) }
    lines = report.baseline.frameworks.indices.flatMap { index in
      report.variants.map { FigureTable.line(report, $0, index) }
    }
  }

  private static func line(_ report: Report, _ variant: Variant, _ index: Int) -> Line {
    let framework = report.results[variant.place].frameworks[index]
    let (jobs, waits) = (framework.jobs, framework.waitSeconds)
    let name = variant.places.contains(0) ? nil : variant.names[0]
    let row = name.flatMap {
      report.comparison?.row(.speedup, of: framework.name, under: $0)
    }
    let compared = report.comparison?.jobsCompared.first {
      $0.allocator == name && $0.framework == framework.name
    }
    let comparing =
      report.comparison == nil
      ? []
      : [
        row.map { report.speedupText($0, times: "×") } ?? "",
        compared.map { NumberText.count($0.finishedInAll) } ?? "",
      ]
    let slowdown = report.slowdownText(framework.name, variant, times: "×", isExact: true)
    let texts =
      [
        "\(NumberText.count(jobs.finished))/\(NumberText.count(jobs.submitted))"
          + (jobs.abandoned > 0 ? ", \(NumberText.count(jobs.abandoned)) given up" : "")
      ]
      + jobs.times.texts + comparing + (report.hasSlowdowns ? [slowdown] : [])
      + [DurationText.text(framework.jobWaitSeconds.times.mean)] + waits.times.texts
      + [NumberText.percent(framework.dominantShare.mean)]
    return Line(
      cells: [
        Cell(
          text: variant.index == 0 ? DisplayText.harmless(framework.name) : "", label: "",
          kind: "name"),
        Cell(text: DisplayText.harmless(variant.label), label: "", kind: "text label"),
      ] + zip(texts, heads(report)).map { Cell(text: $0, label: $1) })
  }
}
