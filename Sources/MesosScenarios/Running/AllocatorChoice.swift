// Part of mesosim. Apache-2.0, see LICENSE.
//
// Allocators named on the command line.

public import Mesos
public import MesosAllocation

extension LoadedScenario {
  /// The allocator of a name: as the scenario sets it, or else with its defaults.
  /// - Throws: `ParameterError` when there is none of that name.
  public func allocatorEntry(
    _ name: String, registry: AllocatorRegistry = AllocatorRegistry()
  ) throws(ParameterError) -> AllocatorEntry {
    if let entry = scenario.allocators.first(where: { $0.name == name }) { return entry }
    guard registry[name] != nil else {
      let known = registry.descriptors.map(\.name)
      throw ParameterError(
        path: "", reason: "unknown allocator '\(name)'; " + Suggestion.text(for: name, among: known)
      )
    }
    return AllocatorEntry(name: name)
  }
}
