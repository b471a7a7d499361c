// Part of mesosim. Apache-2.0, see LICENSE.
//
// A scenario under two allocators in lock step.

public import Mesos
public import MesosAllocation
public import MesosMetrics

import SimulationKernel

/// Runs a scenario under one allocator while a second decides along, until the two differ.
public struct LockstepRun {
  private let run: ScenarioRun
  private let record = LockstepRecord()
  private let scenario: Scenario
  private let names: [String]

  /// Puts the run together.
  /// - Parameters:
  ///   - prepared: The scenario with its jobs.
  ///   - leader: The allocator that decides what happens.
  ///   - follower: The allocator that is told and asked the same.
  ///   - registry: The allocators there are.
  /// - Throws: `ParameterError` when one of them can't be made.
  public init(
    _ prepared: PreparedScenario, leader: AllocatorEntry, follower: AllocatorEntry,
    registry: AllocatorRegistry = AllocatorRegistry()
  ) throws(ParameterError) {
    scenario = prepared.scenario
    names = [leader.label, follower.label]
    let record = record
    let scenario = scenario
    // To the cluster the two are one allocator like any other.
    var pairing = registry
    pairing.register(
      AllocatorDescriptor(name: "lockstep", summary: "two allocators in lock step") {
        (request) throws(ParameterError) in
        func made(_ entry: AllocatorEntry) throws(ParameterError) -> any Allocator {
          let own = scenario.allocatorRequest(
            entry, isLiteral: request.options.isLiteral, seeds: Seeds(scenario.seed))
          return try registry.make(entry.name, own)
        }
        return LockstepAllocator(
          leader: try made(leader), follower: try made(follower), record: record)
      })
    run = try ScenarioRun(
      prepared, allocator: AllocatorEntry(name: "lockstep"), registry: pairing)
  }

  /// Runs until the allocators differ, or to the end.
  /// - Parameter pulse: Called every few thousand events; stops the run by returning `false`.
  /// - Returns: The first difference, or that there is none.
  public func run(pulse: (ScenarioRun.Pulse) -> Bool = { _ in true }) -> LockstepResult {
    run.run { record.divergence == nil && pulse($0) }
    return LockstepResult(
      scenario: scenario.name, version: ScenarioRun.version, seed: scenario.seed,
      allocators: names, record: record, partial: run.isPartial)
  }
}
