// Part of mesosim. Apache-2.0, see LICENSE.
//
// The lists of what a scenario can name.

import ArgumentParser
import Mesos
import MesosAllocation
import MesosFrameworks
import MesosReports
import MesosScenarios
import MesosWorkloads

/// `mesosim allocators`: what `allocators:` can name.
struct AllocatorsCommand: VocabularyCommand {
  static let configuration = CommandConfiguration(
    commandName: "allocators",
    abstract: "List the allocators that a scenario can name, with their parameters.",
    discussion: "Example: mesosim allocators")

  @OptionGroup var common: CommonOptions

  func run(with vocabulary: ScenarioVocabulary) {
    for allocator in vocabulary.allocators.descriptors {
      show("\(allocator.name)  \(allocator.summary)")
      list(allocator.parameters)
    }
  }
}

/// `mesosim frameworks`: what `type:` of a framework and `format:` of a trace can be.
struct FrameworksCommand: VocabularyCommand {
  static let configuration = CommandConfiguration(
    commandName: "frameworks",
    abstract: "List the frameworks and the formats of traces that a scenario can name.",
    discussion: "Example: mesosim frameworks")

  @OptionGroup var common: CommonOptions

  func run(with vocabulary: ScenarioVocabulary) {
    for framework in vocabulary.frameworks {
      show("\(framework.name)  \(framework.summary)")
      switch framework.work {
      case .none: break
      case .jobs(let isRequired):
        show(
          "    workload or trace: the jobs; \(isRequired ? "one must be given" : "none by default")"
        )
      }
      list(framework.parameters)
    }
    print("\nkeys of every framework")
    for key in FrameworkDescription.keysOfAll {
      show("    \(key.name): \(key.meaning)\(key.isRequired ? " (required)" : "")")
    }
    print("\nformats of traces")
    let formats = vocabulary.traceFormats.map(\.name)
    for format in TraceWorkload.Format.allCases where !formats.contains(format.rawValue) {
      show("\(format.rawValue)  \(format.summary)")
    }
    for format in vocabulary.traceFormats {
      show("\(format.name)  \(format.summary)")
      show("    file, sha256, source: which file, as for every format")
      list(format.parameters)
    }
  }
}

/// Prints what something can be told.
private func list(_ parameters: [any DeclaredParameter]) {
  for parameter in parameters.map(ParameterListing.init) {
    show("    \(parameter.name): \(parameter.expected)")
    show("        \(parameter.meaning)\(parameter.standard.map { "; default \($0)" } ?? "")")
  }
}

/// Prints a line of a list, broken where it is wide; what follows is set in by four more columns.
private func show(_ line: String) {
  for part in Prose.lines(line, indent: line.prefix { $0 == " " }.count + 4) { print(part) }
}

extension TraceWorkload.Format {
  fileprivate var summary: String {
    switch self {
    case .swim: "SWIM's Hadoop traces: submit times and bytes; tasks are derived by rules"
    }
  }
}
