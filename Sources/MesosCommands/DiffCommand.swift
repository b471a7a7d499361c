// Part of mesosim. Apache-2.0, see LICENSE.
//
// Options and exit codes of a lock-step run. Where allocators diverge is found in
// MesosAllocation/Lockstep.

import ArgumentParser
import FileSystem
import Foundation
import MesosMetrics
import MesosReports
import MesosScenarios

/// `mesosim diff`: where two policies, or two results, part.
struct DiffCommand: VocabularyCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Find where two allocators first decide differently, or how two results differ.",
    usage: CommandLine.usage("diff [<options>] <file> [<file>]"),
    discussion: """
      With a scenario, the first allocator decides what happens; the second is told exactly the \
      same and asked at the same instants. At the first decision that differs both are shown, with \
      both tables of shares. An allocator in lock step with itself shows that it decides by what \
      it is told alone. With two results (summary.json of run or compare), the fields that differ.

      Exit code 1 when there is a difference, 0 when there is none.

      Example:
        mesosim diff scenarios/quickstart/two-frameworks.yaml --allocators static,drf
      """)

  @Argument(
    help: ArgumentHelp("A scenario file, or two summary.json.", valueName: "file"))
  var paths: [String]

  @Option(
    help: "Two allocators, separated by a comma; by default the scenario's first two.")
  var allocators: String?

  // Takes the next word whatever it is, so that -1 is told what is allowed.
  @Option(
    parsing: .unconditional, help: "The seed of all randomness, in place of the scenario's.",
    transform: wholeNumber(0...UInt64.max))
  var seed: UInt64?

  @Option(
    help: ArgumentHelp("The end of the simulation, such as 2h, in place of the scenario's."))
  var until: String?

  @OptionGroup var setting: SettingOptions

  @Option(
    parsing: .unconditional, help: "How many fields of results to show.",
    transform: wholeNumber(1...Int.max))
  var fields = 20

  @Option(help: "How to print results: text or json.")
  var format = OutputFormat.text

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if !(1...2).contains(paths.count) {
      throw ValidationError("\(paths.count) files; expected one scenario or two results")
    }
    let isForScenarios = allocators != nil || seed != nil || until != nil || !setting.texts.isEmpty
    if paths.count == 2, isForScenarios {
      throw ValidationError(
        "--allocators, --seed, --until and --set are for scenarios; these are results")
    }
  }

  func run(with vocabulary: ScenarioVocabulary) throws {
    try reportingFailures {
      if paths.count == 2 { try compareResults() } else { try runInLockstep(vocabulary) }
    }
  }

  // MARK: Allocators

  private func runInLockstep(_ vocabulary: ScenarioVocabulary) throws {
    let loaded = try ScenarioOptions.load(
      paths[0], seed: seed, until: until, setting, common, vocabulary)
    var chosen = try loaded.chosenAllocators(allocators, vocabulary, mayRepeat: true)
    if allocators == nil { chosen = Array(chosen.prefix(2)) }
    guard chosen.count == 2 else {
      throw ValidationError(
        "--allocators names \(chosen.map(\.label).joined(separator: ", ")); expected two, such as "
          + "static,drf")
    }
    let run = try LockstepRun(
      PreparedScenario(loaded), leader: chosen[0], follower: chosen[1],
      registry: vocabulary.allocators)
    let watch = Watch(runs: 1, common)
    let result = run.run { watch.update(0, $0) }
    watch.finish()
    switch format {
    case .json: try emit(String(decoding: try ResultJSON.data(result), as: UTF8.self))
    case .text:
      try emit(result.terminalText(Style(isColored: common.isColored)))
      if result.divergence != nil {
        let names = chosen.map(\.label).joined(separator: ",")
        common.remark(
          "next: mesosim compare \(paths[0]) --allocators \(names)\(setting.shown) shows what comes "
            + "of it")
      }
    }
    try Interruption.leave(ifPartial: result.partial, "the run was not over")
    if result.divergence != nil { throw Exit.checkFailed }
  }

  // MARK: Results

  /// How large a result may be.
  private static let bytesMax = 256 << 20

  private func compareResults() throws {
    let texts = try paths.map { path in
      let data: Data
      do throws(InputError) { data = try InputFile.read(path, max: Self.bytesMax) } catch {
        throw UnreadableFile(
          path: path, reason: "\(error.reason); expected a summary.json",
          isMissing: error == .missing)
      }
      guard let text = String(validating: data, as: UTF8.self) else {
        throw UnreadableFile(path: path, reason: "is not UTF-8; expected a summary.json")
      }
      return text
    }
    let difference: JSONDifference
    do { difference = try JSONDifference(texts[0], texts[1]) } catch {
      throw UnreadableFile(path: paths[error.index], reason: error.reason)
    }
    switch format {
    case .json: try emit(String(decoding: try ResultJSON.data(difference.fields), as: UTF8.self))
    case .text:
      let style = Style(isColored: common.isColored)
      try emit(difference.terminalText(("first", "second"), shown: fields, style))
    }
    if !difference.fields.isEmpty { throw Exit.checkFailed }
  }
}
