// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a report is made from: one run, or the same workload under several allocators.

public import Foundation
public import MesosMetrics

/// Everything a report says, before it takes a form.
///
///     let report = Report(comparing: [runs], command: "mesosim compare x.yaml")
///     print(report.terminalText(.plain))
///     try ReportFolder.write(report.files(), to: "notebooks-out/x")
///
/// All forms are pure functions of the runs: equal runs give equal bytes.
public struct Report: Sendable {
  /// For each seed the runs under all allocators, the baseline first.
  let replications: [[MeasuredRun]]
  /// What differs; `nil` for a single run.
  public let comparison: Comparison?
  /// The command line that makes this report again.
  let command: String
  /// What the reader wants to know, if the scenario says.
  let question: String?
  /// What else a reader should know, if the scenario says, as one paragraph.
  let notes: String?
  /// The log of the run, if it was recorded: a page in the report's folder shows it.
  public var recording: EmbeddedLog?

  /// A report on one run.
  /// - Parameters:
  ///   - run: The run.
  ///   - command: The command line that makes the report again.
  ///   - question: What the reader wants to know; a general question stands in for none.
  ///   - notes: What else a reader should know.
  ///   - warnings: What a reader has to know to judge the figures, beside what came up in runs.
  public init(
    run: MeasuredRun, command: String, question: String? = nil, notes: String? = nil,
    warnings: [String] = []
  ) {
    var run = run
    run.result.warnings = warnings + run.result.warnings
    replications = [[run]]
    comparison = nil
    self.command = command
    self.question = question
    self.notes = notes.flatMap(DisplayText.paragraph)
  }

  /// A report on several allocators.
  /// - Parameters:
  ///   - replications: For each seed the runs under all allocators, in the same order each time,
  ///     the baseline first, all measured over the same window. At least one, not empty.
  ///   - isPartial: Whether more seeds were wanted.
  ///   - command: The command line that makes the report again.
  ///   - question: What the reader wants to know; a general question stands in for none.
  ///   - notes: What else a reader should know.
  ///   - warnings: What a reader has to know to judge the figures, beside what came up in runs.
  public init(
    comparing replications: [[MeasuredRun]], isPartial: Bool = false, command: String,
    question: String? = nil, notes: String? = nil, warnings: [String] = []
  ) {
    self.replications = replications
    comparison = Comparison(replications, isPartial: isPartial, warnings: warnings)
    self.command = command
    self.question = question
    self.notes = notes.flatMap(DisplayText.paragraph)
  }

  /// The runs of the first seed: those that are shown one by one.
  var runs: [MeasuredRun] { replications[0] }
  /// The allocators that had other jobs than the baseline.
  var unpaired: [String] { comparison?.unpaired ?? [] }
  /// The results of the first seed.
  var results: [RunResult] { runs.map(\.result) }
  /// The baseline, or the only run.
  var baseline: RunResult { runs[0].result }

  /// What a reader has to know to judge the figures, one sentence each without a full stop.
  var warnings: [String] {
    let texts = comparison?.warnings ?? baseline.warnings
    let shown = texts.prefix(Self.warningsMax).map {
      "warning: " + DisplayText.cut(DisplayText.harmless($0), to: 400)
    }
    let rest = texts.count - shown.count
    return shown + (rest > 0 ? ["and \(rest) more warnings, all in summary.json"] : [])
  }

  /// How many warnings are shown; the rest is in the JSON.
  private static let warningsMax = 12

  /// What a report says first if it covers a part only.
  var partialText: String? {
    let end = DurationText.text(baseline.windowSeconds)
    if results.contains(where: \.partial) {
      return "partial: stopped at \(end) of cluster time, so this covers a part only"
    }
    guard comparison?.partial ?? false else { return nil }
    let count = replications.count
    return "partial: stopped after \(count) \(count == 1 ? "seed" : "seeds"), more were wanted"
  }

  /// The most that the cluster had of a resource at a time, in thousandths.
  func capacity(_ resource: StandardResource) -> Int64 {
    runs[0].series.points.map { $0.capacity[resource] }.max() ?? 0
  }

  /// The resource that ran short first: the one used most in any of the runs.
  var scarcest: StandardResource? {
    func peak(_ resource: StandardResource) -> Double {
      results.map { $0.utilization[resource]?.usedMean ?? 0 }.max() ?? 0
    }
    let resources = baseline.utilization.resources
    return resources.max { peak($0) < peak($1) }
  }

  /// The result as JSON: of the run, or of the comparison.
  /// - Returns: What `summary.json` holds.
  /// - Throws: An `EncodingError`, which no report causes.
  public func json() throws -> Data {
    if let comparison { return try ResultJSON.data(comparison) }
    return try ResultJSON.data(baseline)
  }

  /// The files of the report's folder.
  /// - Returns: Names and contents, the page last, so that who sees it sees the rest too.
  /// - Throws: An `EncodingError`, which no report causes.
  public func files() throws -> [ReportFile] {
    [
      ReportFile(name: "summary.json", contents: try json()),
      ReportFile(name: "utilization.csv", contents: Data(utilizationCSV.utf8)),
      ReportFile(name: "jobs.csv", contents: Data(jobsCSV.utf8)),
    ]
      + (recording.map { [ReportFile(name: "run.html", contents: ViewerPage.page($0))] } ?? [])
      + [ReportFile(name: "report.html", contents: Data(page.utf8))]
  }
}

/// A file of a report.
public struct ReportFile: Sendable {
  /// The name within the folder.
  public var name: String
  /// The bytes.
  public var contents: Data

  /// Describes a file.
  public init(name: String, contents: Data) {
    self.name = name
    self.contents = contents
  }
}
