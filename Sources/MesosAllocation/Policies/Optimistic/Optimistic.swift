// Part of mesosim. Apache-2.0, see LICENSE.
//
// Optimistic offers: all frameworks see everything that is free and plan with it; the first to
// launch gets it (Schwarzkopf et al., "Omega", EuroSys 2013, section 3.4; proposed for Mesos as
// optimistic offers, MESOS-1607). No framework's thinking keeps resources from another. What
// becomes of conflicts is the master's part, see `OverlappingAllocator`.

import Mesos

extension Policy {
  /// Everything that is free to all frameworks at once; only what is used counts as theirs.
  ///
  /// The order of allocations is that of weighted dominant shares of what is used, roles first, but
  /// as all are offered everything it decides nothing beyond the order of offers. An allocation
  /// makes up to one offer for each pair of a changed slave and a framework, and keeps each while
  /// it is open: some hundred bytes.
  ///
  /// - Parameter conflicts: When launches conflict, and what becomes of those that do.
  /// - Returns: The policy.
  public static func optimistic(_ conflicts: ConflictRules = ConflictRules()) -> Policy {
    Policy(conflicts: conflicts)
  }
}

extension AllocatorDescriptor {
  /// `optimistic`: everything to all frameworks at once.
  public static let optimistic = AllocatorDescriptor(
    name: "optimistic",
    summary: "Omega's way: all that is free to everybody at once; the first launch wins",
    parameters: [detection, commit, filterGPUs],
    promises: [
      .neverMoreThanFree, .neverToTheUnwilling, .conservesResources, .isDeterministic,
      .respectsReservations, .paretoEfficiency,
    ],
    make: { request throws(ParameterError) in
      var options = request.options
      if request.parameters.contains(filterGPUs) { options.filtersGPUs = request[filterGPUs] }
      let conflicts = ConflictRules(detection: request[detection], commit: request[commit])
      return HierarchicalAllocator(options, policy: .optimistic(conflicts))
    })

  private static let detection = Parameter<ConflictDetection>.choice(
    "conflicts", default: .fine,
    "a launch conflicts when its tasks no longer fit, or when the slave has changed")

  private static let commit = Parameter<CommitMode>.choice(
    "commit", default: .incremental,
    "launch the tasks that do not conflict, or none when one does")
}
