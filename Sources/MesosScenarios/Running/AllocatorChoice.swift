// Part of mesosim. Apache-2.0, see LICENSE.
//
// Allocators named on the command line.

public import Mesos
public import MesosAllocation

extension LoadedScenario {
  /// The allocator of a label or a name: as the scenario sets it, or else with its defaults.
  /// - Throws: `ParameterError` when there is none of that name, or several and none with that
  ///   label.
  public func allocatorEntry(
    _ name: String, registry: AllocatorRegistry = AllocatorRegistry()
  ) throws(ParameterError) -> AllocatorEntry {
    if let entry = scenario.allocators.first(where: { $0.label == name }) { return entry }
    let entries = scenario.allocators.filter { $0.name == name }
    if let entry = entries.first, entries.count == 1 { return entry }
    guard entries.isEmpty else {
      throw ParameterError(
        path: "",
        reason: "several entries are '\(name)'; expected " + Suggestion.oneOf(entries.map(\.label)))
    }
    guard registry[name] != nil else {
      let labels = scenario.allocators.map(\.label)
      let names = registry.descriptors.map(\.name)
      let known = labels.filter { !names.contains($0) } + names
      throw ParameterError(
        path: "", reason: "unknown allocator '\(name)'; " + Suggestion.text(for: name, among: known)
      )
    }
    return AllocatorEntry(name: name)
  }
}
