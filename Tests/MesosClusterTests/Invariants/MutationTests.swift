// Part of mesosim. Apache-2.0, see LICENSE.
//
// Each invariant fires. Goal: a checker that is silent is silent because all is well. Method: facts
// are made up, as a cluster with one fault in it would report them; the same without the last fact
// is not complained of. Whether real runs keep invariants is no question for this file.

import Mesos
import MesosAllocation
import SimulationKernel
import MesosTestKit
import Testing
import VirtualTime

@testable import MesosCluster

/// A run's facts, one a second, of which only the last is wrong.
private struct Mutation: CustomTestStringConvertible, Sendable {
  let invariant: String
  let what: String
  let facts: [ClusterEvent]

  var testDescription: String { "\(invariant): \(what)" }

  init(_ invariant: String, _ what: String, _ facts: ClusterEvent...) {
    self.invariant = invariant
    self.what = what
    self.facts = facts
  }
}

private let all = Resources(cpus: 4, mem: 4096)
private let half = Resources(cpus: 2, mem: 2048)
private let reserved: Resources = {
  // The text is valid.
  (try? Resources(parsing: "cpus(other):1")) ?? Resources()
}()

private let mutations = [
  Mutation(
    "resources-conserved", "more is used than there is", .slaveAdded(0, all),
    .taskLaunched(0, 0, all, 1), .executorStarted(0, 0, Resources(cpus: 0.1))),
  Mutation(
    "resources-conserved", "a task starts on a slave that is gone", .slaveAdded(0, all),
    .slaveRemoved(0), .taskLaunched(0, 0, half, 1)),
  Mutation(
    "resources-conserved", "a task gives back more than it held", .slaveAdded(0, all),
    .taskLaunched(0, 0, half, 1), .taskEnded(0, 0, all, .finished, 1)),
  Mutation(
    "resources-conserved", "an executor gives back what it gave back before", .slaveAdded(0, all),
    .executorStarted(0, 0, half), .executorEnded(0, 0, half), .executorEnded(0, 0, half)),
  Mutation(
    "resources-conserved", "an offer ends that was not open", .slaveAdded(0, all),
    .offered(0, 0, half), .offerEnded(0, 0, all, .declined)),
  Mutation(
    "resources-conserved", "a slave goes and a task stays", .slaveAdded(0, all),
    .taskLaunched(0, 0, half, 1), .slaveRemoved(0)),
  Mutation(
    "no-offer-of-taken-resources", "what a task uses is offered", .slaveAdded(0, all),
    .taskLaunched(0, 0, half, 1), .offered(0, 0, all)),
  Mutation(
    "no-offer-of-taken-resources", "what is offered is offered again", .slaveAdded(0, all),
    .offered(0, 0, all), .offered(0, 0, half)),
  Mutation(
    "no-offer-of-taken-resources", "a slave that is gone is offered", .slaveAdded(0, all),
    .slaveRemoved(0), .offered(0, 0, half)),
  Mutation(
    "one-terminal-state", "a task is launched twice", .slaveAdded(0, all),
    .taskLaunched(0, 0, half, 1), .taskLaunched(0, 0, half, 1)),
  Mutation(
    "one-terminal-state", "a task runs after its end", .slaveAdded(0, all),
    .taskLaunched(0, 0, half, 1), .taskEnded(0, 0, half, .failed, 1), .taskRunning(0, 0, 1)),
  Mutation(
    "one-terminal-state", "a task ends twice", .slaveAdded(0, all), .taskLaunched(0, 0, half, 1),
    .taskLaunched(0, 0, half, 2), .taskEnded(0, 0, half, .lost, 1),
    .taskEnded(0, 0, half, .finished, 1)),
  Mutation(
    "one-terminal-state", "a task ends and is not over", .slaveAdded(0, all),
    .taskLaunched(0, 0, half, 1), .taskEnded(0, 0, half, .running, 1)),
  Mutation(
    "reservations-kept", "what is reserved for one role is offered to another",
    .slaveAdded(0, all + reserved), .offered(0, 0, reserved)),
  Mutation(
    "reservations-kept", "what is reserved for one role is used by another",
    .slaveAdded(0, all + reserved), .taskLaunched(0, 0, reserved, 1)),
]

@Suite("Each invariant fires")
struct MutationTests {
  /// A cluster with one slave and one framework, and a checker that has heard nothing of it.
  private func rig() throws -> (Rig, InvariantChecker) {
    let rig = try Rig()
    rig.run(until: 20)
    return (rig, InvariantChecker(watching: rig.cluster))
  }

  @Test("a made-up fact is complained of, and nothing before it", arguments: mutations)
  private func facts(_ mutation: Mutation) throws {
    let (rig, checker) = try rig()
    for (second, fact) in mutation.facts.enumerated() {
      #expect(checker.violation == nil)
      checker.record(fact, at: rig.simulation.now + .seconds(second))
    }
    #expect(checker.violation?.invariant == mutation.invariant)
  }

  @Test("tasks-tracked: a task that no master has is missed")
  func taskForgotten() throws {
    let (rig, checker) = try rig()
    let now = rig.simulation.now
    checker.record(.slaveAdded(0, all), at: now)
    checker.record(.taskLaunched(0, 0, half, 77), at: now)
    // It is looked for every half minute, and once more a moment later.
    checker.record(.jobSubmitted(0, JobID(1)), at: now + .seconds(60))
    #expect(checker.violation == nil)
    checker.record(.jobSubmitted(0, JobID(2)), at: now + .seconds(61))
    #expect(checker.violation?.invariant == "tasks-tracked")
  }

  @Test("tasks-tracked: one that ends in between is not")
  func taskEnding() throws {
    let (rig, checker) = try rig()
    let now = rig.simulation.now
    checker.record(.slaveAdded(0, all), at: now)
    checker.record(.taskLaunched(0, 0, half, 77), at: now)
    checker.record(.jobSubmitted(0, JobID(1)), at: now + .seconds(60))
    checker.record(.taskEnded(0, 0, half, .finished, 77), at: now + .seconds(60))
    checker.record(.jobSubmitted(0, JobID(2)), at: now + .seconds(61))
    #expect(checker.violation == nil)
  }

  @Test("quota-limits-kept: an offer to a role that is at its limit")
  func beyondLimit() throws {
    let rig = try Rig()
    rig.schedulers[0].onOffers = { driver, offers in
      for offer in offers {
        driver.launchTasks(
          [offer.id], [sleeper(TaskID("t\(offer.id)"), on: offer, seconds: 600)], filters: Filters()
        )
      }
    }
    rig.run(until: 60)
    let checker = InvariantChecker(watching: rig.cluster)
    let now = rig.simulation.now
    rig.cluster.masters[0].master.allocations = [
      Allocation(framework: 0, role: .unreserved, slave: 0, resources: half)
    ]
    checker.record(.slaveAdded(0, all), at: now)
    checker.record(.offered(0, 0, half), at: now)
    #expect(checker.violation == nil)
    let limits = try Limits(parsing: "cpus:0")
    rig.cluster.masters[0].master.registry.quotas = [
      QuotaConfig(.unreserved, Quota(limits: limits))
    ]
    checker.record(.offered(0, 0, half), at: now)
    #expect(checker.violation?.invariant == "quota-limits-kept")
  }

  @Test("every invariant is in a test of this file or in one of its own")
  func complete() {
    let tested = Set(mutations.map(\.invariant)).union([
      "tasks-tracked", "quota-limits-kept", "acknowledged-updates-stay", "framework-rules-kept",
    ])
    #expect(Set(InvariantChecker.standard.map(\.name)) == tested)
  }
}
