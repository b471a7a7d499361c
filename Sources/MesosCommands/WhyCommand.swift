// Part of mesosim. Apache-2.0, see LICENSE.
//
// Options of `why`. The reasons are in MesosReports.

import ArgumentParser
import MesosReports
import MesosScenarios

/// `mesosim why`: why a task of a recorded run waited, and what became of it.
struct WhyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why",
    abstract: "Say why something in a recorded run waited, or was offered, as it was.",
    usage: CommandLine.usage("why [<options>] <events> <name>"),
    discussion: """
      Of a task: since when its framework had tasks of its size waiting, how many slaves were large \
      enough and had room, what the framework was offered in that time, where and how the task \
      ended, and what befell its slave before. Of a framework: what of it waits at an instant, and \
      what keeps that. Of a slave: to whom it was offered last.

      With a log of 'run --events FILE --explain' it says, too, what the allocator went by: what \
      kept slaves from those that waited and until when, and who came first by which shares.

      Example:
        mesosim run scenarios/failures/slave-loss.yaml --events notebooks-out/loss.jsonl.gz --explain
        mesosim why notebooks-out/loss.jsonl.gz 3.0.1
        mesosim why notebooks-out/loss.jsonl.gz analytics --at 90s
      """)

  @Argument(
    help: ArgumentHelp("A log that 'run --events' wrote, compressed or not.", valueName: "events"))
  var path: String

  @Argument(help: "The name of a task, a framework or a slave; of these the first that has it.")
  var name: String

  @Option(
    help: ArgumentHelp(
      "For frameworks and slaves: when, such as 90s or '0d 00:01:30.000'; by default at the end.",
      valueName: "time"))
  var at: String?

  @OptionGroup var common: CommonOptions

  func run() throws {
    try reportingFailures {
      let instant = try at.map { try Self.instant($0) }
      let log = try RecordedLog(path)
      if log.isCut { common.remark("warning: \(path): the log is cut; it is read up to there") }
      let reasons = TaskReasons.all(of: name, in: log.text)
      if !reasons.isEmpty { return try show(reasons) }
      let lines =
        FrameworkReasons.lines(of: name, at: instant, in: log.text)
        ?? OfferReasons.lines(of: name, at: instant, in: log.text)
      guard let lines else {
        throw UnreadableText(
          text: name, column: 1,
          reason: "no task '\(name)' was launched in \(path), and no framework or slave has that "
            + "name; for a task that still waits name its framework; 'view' shows what names there "
            + "are")
      }
      try emit(lines.map { $0 + "\n" }.joined())
    }
  }

  private func show(_ reasons: [TaskReasons]) throws {
    for (number, launch) in reasons.enumerated() {
      if reasons.count > 1 {
        try emit("\(number > 0 ? "\n" : "")\(name) of \(launch.framework)\n")
      }
      try emit(launch.lines.map { $0 + "\n" }.joined())
    }
    if at != nil { common.remark("note: --at is for frameworks and slaves; a task is told whole") }
  }

  private static func instant(_ text: String) throws -> Int {
    if let instant = LogText.instant(text) { return instant }
    guard let duration = Scenario.duration(text), duration >= .zero else {
      throw ValidationError(
        "--at \(text): expected a time since the start such as 90s or '0d 00:01:30.000'")
    }
    let (seconds, attoseconds) = duration.components
    return Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)
  }
}
