// Part of mesosim. Apache-2.0, see LICENSE.
//
// Options of `why`. The reasons are in MesosReports.

import ArgumentParser
import MesosReports

/// `mesosim why`: why a task of a recorded run waited, and what became of it.
struct WhyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why",
    abstract: "Say why a task of a recorded run waited, and what became of it.",
    usage: CommandLine.usage("why [<options>] <events> <task>"),
    discussion: """
      It goes as far as the log: since when its framework had tasks of its size waiting, how many \
      slaves were large enough and had room, what the framework was offered in that time, where \
      and how the task ended, and what befell its slave before. Constraints and filters are not in \
      a log.

      Example:
        mesosim run scenarios/failures/slave-loss.yaml --events notebooks-out/loss.jsonl.gz
        mesosim why notebooks-out/loss.jsonl.gz 3.0.1
      """)

  @Argument(
    help: ArgumentHelp("A log that 'run --events' wrote, compressed or not.", valueName: "events"))
  var path: String

  @Argument(help: "The name of the task.")
  var task: String

  @OptionGroup var common: CommonOptions

  func run() throws {
    try reportingFailures {
      let log = try RecordedLog(path)
      if log.isCut { common.remark("warning: \(path): the log is cut; it is read up to there") }
      let reasons = TaskReasons.all(of: task, in: log.text)
      guard !reasons.isEmpty else {
        throw UnreadableText(
          text: task, column: 1,
          reason: "no task '\(task)' was launched in \(path); 'view' shows the names there are")
      }
      for (number, launch) in reasons.enumerated() {
        if reasons.count > 1 {
          try emit("\(number > 0 ? "\n" : "")\(task) of \(launch.framework)\n")
        }
        try emit(launch.lines.map { $0 + "\n" }.joined())
      }
    }
  }
}
