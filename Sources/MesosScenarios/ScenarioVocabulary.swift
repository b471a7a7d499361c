// Part of mesosim. Apache-2.0, see LICENSE.
//
// The names in a scenario that other parts of the program give meaning to.

internal import Mesos
public import MesosAllocation
public import MesosFrameworks

/// The names a scenario may use that are registered elsewhere.
public struct ScenarioVocabulary: Sendable {
  /// The allocators there are, with their parameters.
  public var allocators: AllocatorRegistry
  /// The types of framework there are, with their parameters.
  public private(set) var frameworks = FrameworkDescriptor.shipped
  /// The formats of traces beyond ours.
  public private(set) var traceFormats: [TraceFormatDescriptor] = []

  /// Lists the names that can be used.
  public init(allocators: AllocatorRegistry = AllocatorRegistry()) {
    self.allocators = allocators
  }

  /// Adds a type of framework, in place of one of the same name.
  public mutating func register(_ framework: FrameworkDescriptor) {
    Self.check(framework.parameters, of: framework.name, beside: FrameworkDescription.commonKeys)
    if let place = frameworks.firstIndex(where: { $0.name == framework.name }) {
      frameworks[place] = framework
    } else {
      frameworks.append(framework)
    }
  }

  /// Adds a format of traces, in place of one of the same name.
  public mutating func register(_ format: TraceFormatDescriptor) {
    Self.check(format.parameters, of: format.name, beside: ["format", "file", "sha256", "source"])
    traceFormats.removeAll { $0.name == format.name }
    traceFormats.append(format)
  }

  private static func check(
    _ parameters: [any DeclaredParameter], of name: String, beside taken: [String]
  ) {
    for parameter in parameters {
      precondition(
        !taken.contains(parameter.name),
        "'\(name)' declares the key '\(parameter.name)', which means something already")
    }
  }
}
