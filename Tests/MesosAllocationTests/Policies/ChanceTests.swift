// Part of mesosim. Apache-2.0, see LICENSE.
//
// Policies that draw: shares on average, and the same draws for the same key. Also what a slot is.

import Mesos
import MesosAllocation
import Testing
import VirtualTime

@Suite("Policies that draw")
struct ChanceTests {
  private let slot = Resources(cpus: 1, mem: 64)

  /// Has every slave given out again and again; who got how many.
  private func shares(
    _ policy: Policy, _ frameworks: [(name: String, role: Role)], key: UInt64 = 1,
    weights: [(role: Role, weight: Double)] = [], rounds: Int = 150
  ) -> [Double] {
    var options = AllocatorOptions()
    options.order = .shuffled(key: key)
    options.weights = weights
    var allocator = HierarchicalAllocator(options, policy: policy)
    for (index, framework) in frameworks.enumerated() {
      let entry = FrameworkEntry(
        id: FrameworkID(framework.name), name: framework.name, roles: [framework.role])
      allocator.addFramework(FrameworkIndex(index), entry, at: .start)
    }
    for index in 0..<60 {
      let entry = SlaveEntry(id: SlaveID("s\(index)"), hostname: "h\(index)", total: slot)
      allocator.addSlave(SlaveIndex(index), entry, at: .start)
    }
    var counts = frameworks.map { _ in 0 }
    var now = Instant.start
    for _ in 0..<rounds {
      now = max(now, allocator.nextDeadline ?? now)
      var allocations: [Allocation] = []
      allocator.allocate(at: now, into: &allocations)
      for allocation in allocations {
        counts[allocation.framework] += 1
        allocator.recover(
          slot, from: allocation.framework, role: allocation.role, on: allocation.slave,
          refusal: nil, at: now)
      }
    }
    return counts.map { Double($0) / Double(rounds) }
  }

  private func expect(_ shares: [Double], near expected: [Double]) {
    for (share, wanted) in zip(shares, expected) {
      #expect(abs(share - wanted) <= 0.03 * 60, "\(shares) instead of \(expected)")
    }
  }

  // NSDI 2011 (Mesos), section 4.4: shares that hold on average. Tolerance: 3 % of the slots.
  @Test("of 60 slots, tickets 1, 2 and 3 get 10, 20 and 30 on average")
  func lottery() {
    let frameworks: [(name: String, role: Role)] = [("a", "*"), ("b", "*"), ("c", "*")]
    let policy = Policy.lottery(tickets: ["b": 2, "c": 3])
    expect(shares(policy, frameworks), near: [10, 20, 30])
  }

  @Test("the random sorter draws roles by weight, then frameworks alike")
  func random() {
    let frameworks: [(name: String, role: Role)] = [("a", "x"), ("b", "x"), ("c", "y/z")]
    expect(shares(.random, frameworks, weights: [("x", 2)]), near: [20, 20, 20])
    // All frameworks as alike as their roles weigh: the lottery does not look at roles first.
    expect(shares(.lottery(), frameworks, weights: [("x", 2)]), near: [24, 24, 12])
  }

  @Test("the same key, the same draws; another key, others")
  func keys() {
    let frameworks: [(name: String, role: Role)] = [("a", "*"), ("b", "*")]
    for policy in [Policy.lottery(), .random] {
      let first = shares(policy, frameworks, key: 5, rounds: 3)
      #expect(first == shares(policy, frameworks, key: 5, rounds: 3))
      #expect((6..<12).contains { shares(policy, frameworks, key: $0, rounds: 3) != first })
    }
  }

  @Test(
    "a slot is as much as its largest part: who needs memory holds more slots for the same cpus")
  func slots() throws {
    let slots = Policy.fair(.slots(try Quantities(parsing: "cpus:1;mem:100")))
    let users = [User("a", 1, 100), User("b", 1, 200)]
    let bySlots = Filling(slots, cpus: 90, mem: 90_000, users)
    #expect(bySlots.tasks == [60, 30])
    #expect(Filling(.fair(), cpus: 90, mem: 90_000, users).tasks == [45, 45])
  }
}
