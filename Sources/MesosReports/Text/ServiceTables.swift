// Part of mesosim. Apache-2.0, see LICENSE.
//
// How services were changed and why they waited, as rows for the terminal and the page.

import MesosMetrics

/// One change of a service, in words.
struct ServiceChangeRow {
  let what: String
  let began: String
  let took: String
  let outcome: String
  let steps: String
}

/// Why a service could not use what it was offered, in words.
struct ServiceWaitRow {
  let name: String
  let offers: String
  let reasons: String
}

extension RunResult {
  /// The changes of all services in the order in which they began, at most so many: of more, those
  /// that are not done, and those that took longest.
  func serviceChanges(max: Int) -> [ServiceChangeRow] {
    let all = frameworks.flatMap { framework in
      (framework.service?.changes ?? []).map { (framework.name, $0) }
    }
    let ranked = all.enumerated().sorted { left, right in
      let (first, second) = (left.element.1, right.element.1)
      if first.isDone != second.isDone { return !first.isDone }
      return (second.seconds, left.offset) < (first.seconds, right.offset)
    }
    let chosen = ranked.prefix(max).map(\.offset).sorted()
    return chosen.map { place in
      let (framework, change) = all[place]
      return ServiceChangeRow(
        what: DisplayText.harmless((frameworks.count > 1 ? framework + ": " : "") + change.what),
        began: DurationText.text(change.beganSeconds), took: change.tookText,
        outcome: DisplayText.harmless(
          change.outcome + (change.reason.isEmpty ? "" : ": " + change.reason)),
        steps: DisplayText.harmless(
          change.steps.map { step in
            let end = step.endedSeconds.flatMap { end in
              step.beganSeconds.map { DurationText.text(end - $0) }
            }
            return "\(step.what) (\(end ?? "not done"))"
          }.joined(separator: "; ")))
    }
  }

  /// How many changes of services there were.
  var serviceChangeCount: Int { frameworks.reduce(0) { $0 + ($1.service?.changes?.count ?? 0) } }

  /// Why services could not use what they were offered, those first that could use least.
  func serviceWaits(max: Int) -> [ServiceWaitRow] {
    let all = frameworks.flatMap { framework in
      (framework.service?.waits ?? []).map { (framework.name, $0) }
    }
    return all.enumerated().sorted { left, right in
      (right.element.1.refused, left.offset) < (left.element.1.refused, right.offset)
    }.prefix(max).map(\.element).map { framework, wait in
      ServiceWaitRow(
        name: DisplayText.harmless((frameworks.count > 1 ? framework + ": " : "") + wait.name),
        offers: "\(NumberText.count(wait.refused)) of \(NumberText.count(wait.offers))",
        reasons: DisplayText.harmless(
          wait.reasons.map { "\($0.reason) \(NumberText.count($0.offers))" }
            .joined(separator: ", ")))
    }
  }
}

extension ServiceChangeResult {
  fileprivate var isDone: Bool { outcome == "done" }

  fileprivate var seconds: Double {
    guard let beganSeconds, let endedSeconds else { return .infinity }
    return endedSeconds - beganSeconds
  }

  fileprivate var tookText: String {
    seconds.isFinite ? DurationText.text(seconds) : "–"
  }
}

extension ServiceWaitResult {
  fileprivate var refused: Int { reasons.reduce(0) { $0 + $1.offers } }
}

extension Report {
  /// How many changes and services a terminal shows; the rest is in the JSON.
  private static let terminalRows = 8

  /// The changes of services as a table, and why services waited, where there is one run.
  func serviceLines(_ style: Style) -> [String] {
    guard results.count == 1 else { return [] }
    var lines: [String] = []
    let changes = baseline.serviceChanges(max: Self.terminalRows)
    if !changes.isEmpty {
      var table = TextTable([.name, .figure, .figure, .figure])
      table.add(["change of services", "began", "took", "outcome"].map { .init($0, .faint) })
      for row in changes {
        let word = String(row.outcome.prefix { $0 != ":" })
        table.add([row.what, row.began, row.took, word].map { .init($0) })
      }
      lines += table.lines(style)
      let rest = baseline.serviceChangeCount - changes.count
      if rest > 0 { lines.append("and \(rest) more, all done sooner: they are in the JSON") }
      // Why something was refused or given up has no room in a column.
      lines += changes.filter { $0.outcome.contains(": ") }.map { "\($0.what): \($0.outcome)" }
      lines.append("")
    }
    let waits = baseline.serviceWaits(max: Self.terminalRows)
    if !waits.isEmpty {
      var table = TextTable([.name, .figure, .name])
      table.add(["waited", "offers of no use", "why"].map { .init($0, .faint) })
      for row in waits { table.add([row.name, row.offers, row.reasons].map { .init($0) }) }
      lines += table.lines(style) + [""]
    }
    return lines
  }
}

/// The changes of services, and why they waited, of one run of several.
struct ServiceSection {
  let allocator: String
  let hasName: Bool
  let changes: [ServiceChangeRow]
  let hasChanges: Bool
  let waits: [ServiceWaitRow]
  let hasWaits: Bool

  /// How many changes and services the page shows; the rest is in the JSON.
  private static let rowsMax = 50

  /// The sections of the runs that have something to show.
  static func all(_ report: Report) -> [ServiceSection] {
    report.variants.compactMap { variant in
      let result = report.results[variant.place]
      let changes = result.serviceChanges(max: rowsMax)
      let waits = result.serviceWaits(max: rowsMax)
      if changes.isEmpty, waits.isEmpty { return nil }
      return ServiceSection(
        allocator: DisplayText.harmless(variant.label), hasName: report.results.count > 1,
        changes: changes, hasChanges: !changes.isEmpty, waits: waits, hasWaits: !waits.isEmpty)
    }
  }
}
