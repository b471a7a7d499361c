// Part of mesosim. Apache-2.0, see LICENSE.
//
// Every allocator meets the same workload: seen from outside, by what the tasks themselves report.

import Foundation
import Mesos
import MesosAllocation
import MesosCluster
import MesosFrameworks
import SimulationKernel
import Testing
import VirtualTime

@testable import MesosScenarios

/// Passes everything on to another scheduler and notes when tasks run and end.
private final class Eavesdropper: Scheduler {
  let scheduler: any Scheduler
  let log: DurationLog
  let name: String
  private var started: [TaskID: Instant] = [:]

  init(_ scheduler: any Scheduler, name: String, log: DurationLog) {
    self.scheduler = scheduler
    self.name = name
    self.log = log
  }

  func registered(
    _ driver: any SchedulerDriver, frameworkID: FrameworkID, masterInfo: MasterInfo
  ) {
    scheduler.registered(driver, frameworkID: frameworkID, masterInfo: masterInfo)
  }
  func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
    scheduler.resourceOffers(driver, offers: offers)
  }
  func offerRescinded(_ driver: any SchedulerDriver, offerID: OfferID) {
    scheduler.offerRescinded(driver, offerID: offerID)
  }
  func statusUpdate(_ driver: any SchedulerDriver, status: TaskStatus) {
    if status.state == .running { started[status.taskID] = status.timestamp }
    if status.state == .finished, let start = started.removeValue(forKey: status.taskID) {
      log.durations["\(name)/\(status.taskID)"] = status.timestamp - start
    }
    scheduler.statusUpdate(driver, status: status)
  }
}

private final class DurationLog {
  var durations: [String: Duration] = [:]
}

@Suite("Common random numbers")
struct CommonRandomNumbersTests {
  private func durations(under allocator: String) throws -> [String: Duration] {
    let prepared = try PreparedScenario(loadSmall())
    let simulation = Simulation(seed: prepared.scenario.seed)
    let log = DurationLog()
    var setup = prepared.clusterSetup(simulation.seeds)
    for index in setup.frameworks.indices {
      let make = setup.frameworks[index].makeScheduler
      let name = setup.frameworks[index].info.name
      setup.frameworks[index].makeScheduler = { environment in
        Eavesdropper(make(environment), name: name, log: log)
      }
    }
    let entry = AllocatorEntry(name: allocator)
    let made = try AllocatorRegistry().make(
      allocator, prepared.scenario.allocatorRequest(entry, seeds: simulation.seeds))
    let cluster = Cluster(setup, allocator: made, on: simulation)
    cluster.start()
    while simulation.step() {}
    return log.durations
  }

  @Test("task durations are equal under both allocators, task by task")
  func sameDurations() throws {
    let split = try durations(under: "static")
    let shared = try durations(under: "drf")
    #expect(split.count > 600)
    #expect(split == shared)
    #expect(Set(split.values).count > 600)
  }

  @Test("another seed gives other durations to the same tasks")
  func otherSeed() throws {
    let loaded = try loadSmall()
    let first = try PreparedScenario(loaded, seed: 1).jobs.byFramework[0][0].stages[0]
    let again = try PreparedScenario(loaded, seed: 1).jobs.byFramework[0][0].stages[0]
    let other = try PreparedScenario(loaded, seed: 2).jobs.byFramework[0][0].stages[0]
    #expect(first.durations.nanoseconds(3, 0) == again.durations.nanoseconds(3, 0))
    #expect(first.durations.nanoseconds(3, 0) != other.durations.nanoseconds(3, 0))
    #expect(first.durations.nanoseconds(3, 0) != first.durations.nanoseconds(3, 1))
  }
}
