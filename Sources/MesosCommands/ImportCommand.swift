// Part of mesosim. Apache-2.0, see LICENSE.
//
// Recorded work on its way in. What makes a good scenario of a trace is in MesosScenarios.

import ArgumentParser
import FileSystem
import Foundation
import Mesos
import MesosMetrics
import MesosReports
import MesosScenarios
import MesosWorkloads

/// `mesosim import`: says what a trace is like, and writes a scenario for it.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Say what a recorded trace is like, and write a scenario for it.",
    discussion: """
      The scenario has the users with the most work as frameworks of their own and one for all \
      others, on a cluster that the trace keeps busy: static by their share of the work against \
      drf. The file itself stays where it is.

      Example: mesosim import swf KTH-SP2.swf.gz -o kth.yaml && mesosim compare kth.yaml
      """,
    subcommands: [CSV.self, SWF.self])

  /// `mesosim import csv`: a table.
  struct CSV: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "csv",
      abstract: "A table with a row for each job, or for each group of equal tasks of one.",
      usage: CommandLine.usage("import csv [<options>] --columns <map> <file>"),
      discussion: """
        The map says where submit and duration stand and, if they do, job, tasks, cpus, mem, gpus, \
        user and failed: each a column, a constant such as 4GB, or a column with more to say of it.

        Example:
          mesosim import csv jobs.csv.gz -o jobs.yaml --columns 'submit: timestamp, \
        duration: {column: run_ms, unit: ms}, gpus: num_gpus, cpus: {column: num_gpus, times: 5}, \
        mem: 4GB, user: team'
        """)

    @Argument(help: "The table, separated by commas or tabs; or .gz.")
    var file: String

    @Option(help: ArgumentHelp("Where each thing stands.", valueName: "map"))
    var columns: String

    @Option(help: "The names of the columns, separated by commas, if the file has none.")
    var header: String?

    @Flag(help: "All tasks of a row must start together.")
    var gang = false

    @OptionGroup var options: ImportOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
      try reportingFailures {
        var workload = try RowWorkload.csv(columns: columns, header: header)
        workload.isGang = gang
        try options.bring(workload, from: file, common)
      }
    }
  }

  /// `mesosim import swf`: a log of the Parallel Workloads Archive.
  struct SWF: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "swf",
      abstract: "A log in the Standard Workload Format; jobs start on all processors at once.",
      usage: CommandLine.usage("import swf [<options>] <file>"),
      discussion: """
        Example:
          mesosim import swf KTH-SP2-1996-2.1-cln.swf.gz -o kth.yaml
        """)

    @Argument(help: "The log; or .gz.")
    var file: String

    @Option(
      help: "What the memory asked for counts: KB a processor, bytes a job, or none.",
      transform: word(SWFOptions.Memory.self))
    var memory = SWFOptions.Memory.kilobytes

    @Option(
      help: "Whose a job is: user, group, program, queue or partition.",
      transform: word(SWFOptions.Owner.self))
    var user = SWFOptions.Owner.user

    @OptionGroup var options: ImportOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
      try reportingFailures {
        var format = SWFOptions()
        (format.memory, format.owner) = (memory, user)
        var workload = RowWorkload(layout: .swf(format), file: "")
        workload.isGang = true
        try options.bring(workload, from: file, common)
      }
    }
  }
}

/// Reads one of a few words.
private func word<Word: RawRepresentable & CaseIterable & Sendable>(
  _ type: Word.Type
) -> @Sendable (String) throws -> Word where Word.RawValue == String {
  { text in
    guard let word = Word(rawValue: text) else {
      let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("'\(text)': expected one of \(words)")
    }
    return word
  }
}

/// Options of all imports.
struct ImportOptions: ParsableArguments {
  @Option(
    name: [.short, .customLong("output")],
    help: ArgumentHelp(
      "Write the scenario into this file; - is standard output.", valueName: "scenario"))
  var output: String?

  @Option(help: "What the scenario is called; by default as its file, else as the trace.")
  var name: String?

  @Option(
    help: "How many slaves there are; by default as the trace says, else what it fills to 70%.",
    transform: wholeNumber(1...ClusterDescription.slavesMax))
  var slaves: Int?

  @Option(help: "What each slave has, such as 'cpus:8;mem:32768'; by default what suits the trace.")
  var slave: String?

  @Option(
    help: "How many users get a framework of their own.", transform: wholeNumber(1...1000))
  var largest = 4

  @Option(help: "The time in the file that is the start, such as 2017-10-16.")
  var from: String?

  @Option(name: .customLong("for"), help: "How long after that rows count, such as 7d.")
  var length: String?

  @Option(
    help: "Take one of so many jobs.", transform: wholeNumber(1...1_000_000))
  var every = 1

  @Option(help: "Where others can get the file; said when it is missing.")
  var source: String?

  @Option(help: "How to print the summary: text or json.")
  var format = OutputFormat.text

  func validate() throws {
    if let length, Scenario.duration(length).map({ $0 > .zero }) != true {
      throw ValidationError("--for \(length): expected a positive duration such as 7d")
    }
    if length != nil, from == nil { throw ValidationError("--for needs --from, when it begins") }
  }

  /// Reads a trace, says what it is like, and writes its scenario.
  func bring(_ workload: RowWorkload, from file: String, _ common: CommonOptions) throws {
    var workload = workload
    workload.from = from
    workload.length = length.flatMap { Scenario.duration($0) }
    workload.every = every
    workload.source = source
    workload.file = output.map { Self.path(to: file, from: $0.parentPath) } ?? file
    let written = output.flatMap { $0 == OutputFile.standardOutput ? nil : $0 }
    var options = TraceImport.Options(name: name ?? Self.label(written ?? file))
    options.largest = largest
    options.slaves = slaves
    if let slave {
      do { options.slave = try Resources(parsing: slave) } catch {
        throw UnreadableText(text: slave, column: error.column, reason: error.description)
      }
    }
    let trace = try TraceImport(workload, at: file, options)
    for warning in trace.warnings { common.remark("warning: \(file): \(warning)") }
    let shown = ImportedTrace(trace, file: file)
    if output != OutputFile.standardOutput {
      switch format {
      case .text: try emit(shown.text)
      case .json: try emit(String(decoding: try ResultJSON.data(shown), as: UTF8.self))
      }
    }
    guard let output else { return }
    try OutputFiles.write([(output, Data(trace.yaml.utf8))])
    if output != OutputFile.standardOutput { common.remark("next: mesosim compare \(output)") }
  }

  /// A name for a scenario after a file, without what tells its kind.
  static func label(_ path: String) -> String {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    let stem = file.split(separator: ".").first.map(String.init) ?? "trace"
    let fit = stem.map {
      $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") ? $0 : "-"
    }
    let name = String(String(fit).drop { $0 == "-" || $0 == "_" }.prefix(60))
    return name.isEmpty ? "trace" : name
  }

  /// The path of a file as it is written in another folder.
  static func path(to file: String, from folder: String) -> String {
    guard !file.hasPrefix("/") else { return file }
    let parts = { (path: String) in
      URL(filePath: path.isEmpty ? "." : path).standardizedFileURL.pathComponents
    }
    let (there, here) = (parts(file), parts(folder))
    let shared = zip(there, here).prefix { $0 == $1 }.count
    let up = Array(repeating: "..", count: here.count - shared)
    return (up + there[shared...]).joined(separator: "/")
  }
}
