// Part of mesosim. Apache-2.0, see LICENSE.
//
// Options of `view`. The page is in MesosReports.

import ArgumentParser
import FileSystem
import MesosReports

/// `mesosim view`: a page that shows a recorded run.
struct ViewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "view",
    abstract: "Write a page that shows a recorded run, instant by instant.",
    usage: CommandLine.usage("view [<options>] <events> [--beside <events>] -o <page>"),
    discussion: """
      The page holds the log and opens by double click, without a network. A log that was cut is \
      shown up to there; one of more than 30 MB, compressed, stays beside the page and is dropped \
      on it.

      Example:
        mesosim run scenarios/failures/slave-loss.yaml --events notebooks-out/loss.jsonl.gz
        mesosim view notebooks-out/loss.jsonl.gz -o notebooks-out/loss.html

      With --beside it shows another run at the same instants, and where the two differ, such as the \
      same scenario under another allocator.
      """)

  @Argument(
    help: ArgumentHelp("A log that 'run --events' wrote, compressed or not.", valueName: "events"))
  var path: String

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("Where the page goes.", valueName: "page"))
  var output: String

  @Option(help: ArgumentHelp("Another log, to be compared with the first.", valueName: "events"))
  var beside: String?

  @OptionGroup var common: CommonOptions

  func run() throws {
    try reportingFailures {
      let log = try embedded(path)
      let other = try beside.map(embedded)
      let file = try OutputFile(output)
      try file.write(ViewerPage.page(log, beside: other ?? nil))
      try file.finish()
      if !file.isStandardOutput { common.remark("wrote \(output)") }
    }
  }

  /// A log as it goes into the page; `nil` for one that is too large, which is said.
  private func embedded(_ path: String) throws -> EmbeddedLog? {
    let (log, isCut) = try RecordedLog.embedded(path)
    if isCut { common.remark("warning: \(path): the log is cut; shown is what there is") }
    if log == nil {
      common.remark("\(path) is too large for a page: open \(output) and drop the log on it")
    }
    return log
  }
}
