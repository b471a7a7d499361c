// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import Testing
import VirtualTime

@testable import MesosAllocation

@Suite("Allocators in lock step") struct LockstepAllocatorTests {
  private func drf() -> HierarchicalAllocator { HierarchicalAllocator() }

  private func fixed(_ names: [String]) -> StaticPartitionAllocator {
    StaticPartitionAllocator(.shares(names.map { Partition.Party(name: $0, amount: 1) }))
  }

  private func fill(_ allocator: inout some Allocator, frameworks: [String], slaves: Int) {
    for (index, name) in frameworks.enumerated() {
      allocator.addFramework(
        FrameworkIndex(index),
        FrameworkEntry(id: FrameworkID("f-\(name)"), name: name, roles: [Role(name)]), at: .start)
    }
    for index in 0..<slaves {
      allocator.addSlave(
        SlaveIndex(index),
        SlaveEntry(
          id: SlaveID("s\(index)"), hostname: "node-\(index)",
          total: Resources(cpus: 4, mem: 100)),
        at: .start)
    }
  }

  @Test("an allocator agrees with itself, and the pair decides as it does alone")
  func itself() {
    var alone = drf()
    var pair = LockstepAllocator(leader: drf(), follower: drf())
    fill(&alone, frameworks: ["a", "b"], slaves: 7)
    fill(&pair, frameworks: ["a", "b"], slaves: 7)
    var now = Instant.start
    for round in 0..<30 {
      #expect(pair.nextDeadline == alone.nextDeadline)
      guard let deadline = alone.nextDeadline else { break }
      now = max(now, deadline)
      var own: [Allocation] = []
      var paired: [Allocation] = []
      alone.allocate(at: now, into: &own)
      pair.allocate(at: now, into: &paired)
      #expect(own.map(\.slave) == paired.map(\.slave))
      #expect(own.map(\.framework) == paired.map(\.framework))
      for allocation in own where (Int(allocation.slave) + round) % 3 > 0 {
        for _ in 0..<1 {
          alone.recover(
            allocation.resources, from: allocation.framework, role: allocation.role,
            on: allocation.slave, refusal: Filters(), at: now)
          pair.recover(
            allocation.resources, from: allocation.framework, role: allocation.role,
            on: allocation.slave, refusal: Filters(), at: now)
        }
      }
    }
    #expect(pair.record.divergence == nil)
    #expect(pair.record.agreedDecisions > 10)
  }

  @Test("the first difference has instant, number, both decisions and both tables of shares")
  func difference() throws {
    // drf gives everything to a, which is alone; static keeps half for b.
    var pair = LockstepAllocator(leader: drf(), follower: fixed(["a", "b"]))
    fill(&pair, frameworks: ["a"], slaves: 4)
    var allocations: [Allocation] = []
    pair.allocate(at: .start, into: &allocations)
    #expect(allocations.isEmpty)
    #expect(pair.nextDeadline == nil)
    let divergence = try #require(pair.record.divergence)
    #expect(divergence.instant == .start)
    #expect(divergence.event == 6)
    #expect(divergence.agreedDecisions == 0)
    #expect(divergence.decisionCounts.leader == 4)
    #expect(divergence.decisionCounts.follower == 2)
    let leader = try #require(divergence.leader)
    #expect(leader.framework == "a")
    #expect(["node-1", "node-3"].contains(leader.hostname))
    #expect(divergence.follower == nil)
    #expect(
      divergence.shares == [
        Divergence.Share(role: "a", framework: nil, before: 0, leader: 1, follower: 0.5),
        Divergence.Share(role: "a", framework: "a", before: 0, leader: 1, follower: 0.5),
      ])
  }

  @Test("decisions on the same slave are shown side by side")
  func sameSlave() throws {
    // With counts of 1 and 0 everything is b's under static.
    let partition = Partition.counts([Partition.Party(name: "b", amount: 1)])
    var pair = LockstepAllocator(
      leader: drf(), follower: StaticPartitionAllocator(partition))
    fill(&pair, frameworks: ["a", "b"], slaves: 1)
    var allocations: [Allocation] = []
    pair.allocate(at: .start, into: &allocations)
    let divergence = try #require(pair.record.divergence)
    #expect(divergence.leader?.framework == "a")
    #expect(divergence.follower?.framework == "b")
    #expect(divergence.leader?.hostname == divergence.follower?.hostname)
  }

  @Test("the order of decisions at one instant is no difference")
  func order() {
    var options = AllocatorOptions()
    options.order = .shuffled(key: 7)
    var pair = LockstepAllocator(
      leader: drf(), follower: HierarchicalAllocator(options))
    fill(&pair, frameworks: ["a"], slaves: 9)
    var allocations: [Allocation] = []
    pair.allocate(at: .start, into: &allocations)
    #expect(allocations.count == 9)
    #expect(pair.record.divergence == nil)
  }

  @Test("after a difference nothing moves any more")
  func silence() {
    var pair = LockstepAllocator(leader: drf(), follower: fixed(["b"]))
    fill(&pair, frameworks: ["a"], slaves: 1)
    var allocations: [Allocation] = []
    pair.allocate(at: .start, into: &allocations)
    #expect(pair.record.divergence != nil)
    let events = pair.record.events
    fill(&pair, frameworks: ["a", "c"], slaves: 3)
    pair.allocate(at: .start + .seconds(1), into: &allocations)
    #expect(allocations.isEmpty)
    #expect(pair.nextDeadline == nil)
    #expect(pair.record.events == events)
  }

  @Test("what a policy refines is passed on to those that do")
  func refinements() {
    // Weights tell the two roles apart under drf; static has parts of its own and does without.
    var alone = drf()
    var pair = LockstepAllocator(leader: drf(), follower: drf())
    func weigh(_ allocator: inout some Allocator) {
      allocator.updateWeights([(role: "b", weight: 3)], at: .start)
    }
    fill(&alone, frameworks: ["a", "b"], slaves: 8)
    fill(&pair, frameworks: ["a", "b"], slaves: 8)
    weigh(&alone)
    weigh(&pair)
    var own: [Allocation] = []
    var paired: [Allocation] = []
    alone.allocate(at: .start, into: &own)
    pair.allocate(at: .start, into: &paired)
    #expect(paired.filter { $0.framework == 1 }.count == 6)
    #expect(own.map(\.framework) == paired.map(\.framework))
    pair.deactivateSlave(0, at: .start)
    pair.activateSlave(0, at: .start)
    pair.pause(at: .start)
    pair.resume(at: .start)
    #expect(pair.takeInverseOffers().isEmpty)
    #expect(pair.record.divergence == nil)
  }

  @Test("a pair supports what either supports")
  func supports() {
    #expect(
      LockstepAllocator(leader: fixed(["a"]), follower: fixed(["a"])).supports == [
        .updates, .reservations,
      ])
    #expect(LockstepAllocator(leader: fixed(["a"]), follower: drf()).supports == .all)
  }

  @Test("what was offered comes back to a policy that overlaps as to one that charges")
  func endedOffers() {
    let optimistic = HierarchicalAllocator(policy: .optimistic())
    var pair = LockstepAllocator(leader: optimistic, follower: drf())
    fill(&pair, frameworks: ["a"], slaves: 1)
    var allocations: [Allocation] = []
    pair.allocate(at: .start, into: &allocations)
    for offer in allocations {
      pair.offerEnded(
        offer.resources, of: 0, role: offer.role, on: offer.slave, refusal: nil, at: .start)
    }
    pair.allocate(at: .start + .seconds(1), into: &allocations)
    #expect(allocations.count == 2)
    #expect(pair.record.divergence == nil)
  }

  @Test("holdings follow what is given, given back and lost")
  func holdings() {
    var holdings = Holdings()
    holdings.addFramework(0, FrameworkEntry(id: "f", name: "a", roles: ["r"]))
    for index in 0..<2 {
      holdings.addSlave(
        SlaveIndex(index),
        SlaveEntry(
          id: SlaveID("s\(index)"), hostname: "h\(index)", total: Resources(cpus: 4, mem: 100)))
    }
    let half = Resources(cpus: 2, mem: 100)
    holdings.charge(Allocation(framework: 0, role: "r", slave: 0, resources: half))
    #expect(holdings.shares().map(\.share) == [0.5, 0.5])
    holdings.recover(Resources(mem: 60), from: 0, role: "r", on: 0)
    #expect(holdings.shares().map(\.share) == [0.25, 0.25])
    holdings.removeSlave(1)
    #expect(holdings.shares().map(\.share) == [0.5, 0.5])
    holdings.removeSlave(0)
    #expect(holdings.shares().map(\.share) == [0, 0])
  }
}
