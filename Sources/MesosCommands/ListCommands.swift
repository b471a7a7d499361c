// Part of mesosim. Apache-2.0, see LICENSE.
//
// The lists of what a scenario can name.

import ArgumentParser
import MesosAllocation
import MesosScenarios

/// `mesosim allocators`: what `allocators:` can name.
struct AllocatorsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "allocators",
    abstract: "List the allocators that a scenario can name, with their parameters.",
    discussion: "Example: mesosim allocators")

  @OptionGroup var common: CommonOptions

  func run() {
    for allocator in AllocatorRegistry().descriptors {
      print("\(allocator.name)  \(allocator.summary)")
      for parameter in allocator.parameters {
        print("    \(parameter.name): \(parameter.type)")
        print("        \(parameter.meaning); default \(parameter.defaultValue)")
      }
    }
  }
}

/// `mesosim frameworks`: what `type:` of a framework can be.
struct FrameworksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "frameworks",
    abstract: "List the frameworks that a scenario can name, with their parameters.",
    discussion: "Example: mesosim frameworks")

  @OptionGroup var common: CommonOptions

  func run() {
    for framework in FrameworkDescription.Kind.allCases {
      print("\(framework.rawValue)  \(framework.summary)")
      for key in framework.keys {
        let standard = key.isRequired ? " (required)" : key.standard.map { "; default \($0)" } ?? ""
        print("    \(key.name): \(key.meaning)\(standard)")
      }
    }
  }
}
