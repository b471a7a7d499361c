// Part of mesosim. Apache-2.0, see LICENSE.
//
// What an import says of a trace.

import Mesos
import MesosReports
import MesosScenarios
import MesosWorkloads

/// What a trace is like and what became of it, for people and as JSON.
struct ImportedTrace: Encodable {
  /// The quantiles of something.
  struct Quantiles: Encodable {
    let p50, p90, p99, max: Double

    init(_ quantiles: TraceSummary.Quantiles) {
      (p50, p90, p99, max) = (quantiles.p50, quantiles.p90, quantiles.p99, quantiles.max)
    }
  }

  /// Somebody's part of the work.
  struct User: Encodable {
    let name: String
    let rows: Int
    let share: Double
  }

  /// A framework with its part of the cluster.
  struct Part: Encodable {
    let framework: String
    let slaves: Int
  }

  let file: String
  let sha256: String
  let rows, jobs, tasks: Int
  let leftOut: [String: Int]
  let spanSeconds, rowsPerHour, gapVariation: Double
  let tasksPerRow, runSeconds: Quantiles
  let cpuHours, gpuHours, memGBHours: Double
  let userCount: Int
  let users: [User]
  let slaves: Int
  let slave: String
  let load: Double
  let parts: [Part]
  private let omitted: [(reason: RowTrace.Omission, rows: Int)]

  enum CodingKeys: String, CodingKey {
    case file, sha256, rows, jobs, tasks, leftOut, spanSeconds, rowsPerHour, gapVariation
    case tasksPerRow, runSeconds, cpuHours, gpuHours, memGBHours, userCount, users, slaves, slave
    case load, parts
  }

  init(_ trace: TraceImport, file: String) {
    let summary = trace.summary
    self.file = file
    sha256 = trace.trace.sha256
    (rows, jobs, tasks) = (summary.rows, summary.jobs, summary.tasks)
    omitted = trace.trace.omitted
    leftOut = Dictionary(omitted.map { ($0.reason.rawValue, $0.rows) }) { $0 + $1 }
    spanSeconds = summary.spanSeconds
    rowsPerHour = spanSeconds > 0 ? Double(rows) / spanSeconds * 3600 : 0
    gapVariation = summary.gapVariation
    (tasksPerRow, runSeconds) = (Quantiles(summary.tasksPerRow), Quantiles(summary.runSeconds))
    (cpuHours, gpuHours) = (summary.cpuSeconds / 3600, summary.gpuSeconds / 3600)
    memGBHours = summary.memSeconds / 1024 / 3600
    userCount = summary.users.count
    let work = max(summary.work, .leastNonzeroMagnitude)
    users = summary.users.prefix(max(1, trace.parts.count)).map {
      User(name: $0.name, rows: $0.jobs, share: $0.work / work)
    }
    (slaves, slave, load) = (trace.slaves, trace.slave.description, trace.load)
    parts = trace.parts.map { Part(framework: $0.name, slaves: $0.slaves) }
  }

  /// A few lines for people.
  var text: String {
    func spread(_ quantiles: Quantiles, _ text: (Double) -> String) -> String {
      "half up to \(text(quantiles.p50)), 9 in 10 up to \(text(quantiles.p90)), "
        + "99 in 100 up to \(text(quantiles.p99)), at most \(text(quantiles.max))"
    }
    var lines = [
      "  jobs       \(NumberText.count(jobs)) in \(NumberText.count(rows)) rows, "
        + "\(NumberText.count(tasks)) tasks"
    ]
    if !omitted.isEmpty {
      let reasons = omitted.map { "\(NumberText.count($0.rows)) \($0.reason.rawValue)" }
      lines.append("  left out   " + reasons.joined(separator: ", "))
    }
    lines += [
      "  span       \(DurationText.text(spanSeconds))",
      "  arrivals   \(NumberText.fixed(rowsPerHour, 1)) rows an hour, gaps vary "
        + "\(NumberText.fixed(gapVariation, 1)) times their mean",
      "  size       " + spread(tasksPerRow, Self.count) + " tasks a row",
      "  run time   " + spread(runSeconds) { DurationText.text($0) },
      "  work       " + works.joined(separator: ", "),
    ]
    if userCount > 0 {
      let shares = users.map { "\($0.name) \(NumberText.percent($0.share))" }
      lines.append("  users      \(NumberText.count(userCount)): " + shares.joined(separator: ", "))
    }
    lines.append(
      "  cluster    \(NumberText.count(slaves)) slaves of \(slave): the work is "
        + "\(NumberText.percent(load)) of what they could do")
    lines.append(
      "  static     " + parts.map { "\($0.framework) \($0.slaves)" }.joined(separator: ", "))
    let fitted = lines.flatMap { Prose.lines($0, indent: 13) }
    return ([file] + fitted).joined(separator: "\n") + "\n"
  }

  private static func count(_ value: Double) -> String {
    NumberText.count(Int(min(value.rounded(), 9e18)))
  }

  private var works: [String] {
    [(gpuHours, "gpu-hours"), (cpuHours, "cpu-hours"), (memGBHours, "GB-hours")]
      .filter { $0.0 > 0 }.map { "\(Self.count($0.0)) \($0.1)" }
  }
}
