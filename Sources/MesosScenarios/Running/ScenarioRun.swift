// Part of mesosim. Apache-2.0, see LICENSE.
//
// One simulation of a scenario: its cluster is put together, run and measured.

public import MesosAllocation
public import MesosCluster
public import MesosMetrics
public import VirtualTime

import Mesos
import MesosFrameworks
import SimulationKernel

/// One simulation of a scenario under one allocator.
///
///     let run = try ScenarioRun(prepared, allocator: AllocatorEntry(name: "drf"))
///     run.run()
///     let measured = run.measured(window: run.window)
public final class ScenarioRun {
  /// The version of mesosim, as results name it.
  public static let version = "0.1.0"

  /// How far a run is.
  public struct Pulse: Sendable {
    /// The part of the simulated time that has passed, as far as it is known, 0 to 1.
    public var fraction: Double
    /// Events handled so far.
    public var events: Int
  }

  private let prepared: PreparedScenario
  private let allocatorName: String
  private let simulation: Simulation
  private let cluster: Cluster
  private let collector = MetricsCollector()
  /// Whether the run was stopped before its work or its horizon ended it.
  public private(set) var isPartial = false

  /// Puts a simulation together.
  /// - Parameters:
  ///   - prepared: The scenario with its jobs.
  ///   - allocator: The allocator to run it under.
  ///   - isLiteral: Whether every interval is an event and every pass visits every slave, as in
  ///     Mesos itself; decides the same, slowly.
  ///   - registry: The allocators there are.
  /// - Throws: `AllocatorParameterError` when the allocator can't be made.
  public init(
    _ prepared: PreparedScenario, allocator: AllocatorEntry, isLiteral: Bool = false,
    registry: AllocatorRegistry = AllocatorRegistry()
  ) throws(AllocatorParameterError) {
    self.prepared = prepared
    allocatorName = allocator.name
    let scenario = prepared.scenario
    simulation = Simulation(seed: scenario.seed)
    let made = try registry.make(
      allocator.name,
      scenario.allocatorRequest(allocator, isLiteral: isLiteral, seeds: simulation.seeds))
    cluster = Cluster(prepared.clusterSetup(simulation.seeds), allocator: made, on: simulation)
    cluster.recorder.attach(collector)
  }

  /// Adds a reader of the facts of the run.
  public func attach(_ sink: any ClusterEventSink) { cluster.recorder.attach(sink) }

  /// The end of the window that the run is measured over when it stands alone.
  ///
  /// That is the scenario's `until`, or the last thing that happened; a run that was stopped early
  /// says nothing of the time after that.
  public var window: Instant {
    if isPartial { return simulation.now }
    return prepared.scenario.until.map { Instant.start + $0 } ?? collector.end
  }

  /// Runs until all work is done or the horizon is reached.
  /// - Parameters:
  ///   - eventLimit: Stops after so many events; the run is partial if there were more.
  ///   - pulse: Called every few thousand events; stops the run by returning `false`.
  public func run(eventLimit: Int = .max, pulse: (Pulse) -> Bool = { _ in true }) {
    let horizon = Instant.start + prepared.scenario.horizon
    // Without a horizon of its own, a run is over about when its last job has arrived.
    let guess = prepared.scenario.until.map { Instant.start + $0 } ?? prepared.lastArrival
    cluster.start()
    while true {
      let pause = min(eventLimit, simulation.eventsHandled + 8192)
      while simulation.eventsHandled < pause {
        guard let next = simulation.nextInstant, next <= horizon, simulation.step() else { return }
      }
      if simulation.eventsHandled == eventLimit {
        isPartial = simulation.nextInstant.map { $0 <= horizon } ?? false
        return
      }
      let fraction = min(1, simulation.now.seconds / max(guess.seconds, 1))
      if !pulse(Pulse(fraction: fraction, events: simulation.eventsHandled)) {
        isPartial = true
        return
      }
    }
  }

  /// Measures the run over a window from 0 to `window`, or to its end if that is later.
  public func measured(window: Instant) -> MeasuredRun {
    let scenario = prepared.scenario
    let identity = RunIdentity(
      scenario: scenario.name, seed: scenario.seed, allocator: allocatorName,
      version: Self.version, digest: cluster.recorder.digestText,
      events: simulation.eventsHandled, end: simulation.now, isPartial: isPartial,
      frameworks: scenario.frameworks.map {
        FrameworkIdentity(name: $0.name, role: $0.role.value)
      })
    let names = prepared.jobNames
    return collector.measured(identity, window: window) { framework, job in
      names[Int(framework)][job] ?? job.description
    }
  }
}
