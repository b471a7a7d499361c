// Part of mesosim. Apache-2.0, see LICENSE.
//
// The lists of what a scenario can name.

import ArgumentParser
import MesosAllocation
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
      print("\(allocator.name)  \(allocator.summary)")
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
    let registered = vocabulary.frameworks.map(\.name)
    for framework in FrameworkDescription.Kind.allCases
    where !registered.contains(framework.rawValue) {
      print("\(framework.rawValue)  \(framework.summary)")
      for key in framework.keys {
        let standard = key.isRequired ? " (required)" : key.standard.map { "; default \($0)" } ?? ""
        print("    \(key.name): \(key.meaning)\(standard)")
      }
    }
    for framework in vocabulary.frameworks {
      print("\(framework.name)  \(framework.summary)")
      print("    name, role, workload, trace: as for every framework; work may be left out")
      list(framework.parameters)
    }
    print("\nformats of traces")
    let formats = vocabulary.traceFormats.map(\.name)
    for format in TraceWorkload.Format.allCases where !formats.contains(format.rawValue) {
      print("\(format.rawValue)  \(format.summary)")
    }
    for format in vocabulary.traceFormats {
      print("\(format.name)  \(format.summary)")
      print("    file, sha256, source: which file, as for every format")
      list(format.parameters)
    }
  }
}

/// Prints what something can be told.
private func list(_ parameters: [DeclaredParameter]) {
  for parameter in parameters {
    print("    \(parameter.name): \(parameter.type)")
    print("        \(parameter.meaning); default \(parameter.defaultValue)")
  }
}

extension TraceWorkload.Format {
  fileprivate var summary: String {
    switch self {
    case .swim: "SWIM's Hadoop traces: submit times and bytes; tasks are derived by rules"
    }
  }
}
