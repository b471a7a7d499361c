// Part of mesosim. Apache-2.0, see LICENSE.
//
// Goal: an allocator says what its next decision will go by, and what keeps a slave from a
// framework, and decides the same whether it is asked or not.

import Mesos
import MesosAllocation
import Testing
import VirtualTime

@Suite("Reasons of allocators")
struct AllocatorReasonsTests {
  private static let slave = Resources(cpus: 4, mem: 512)

  private func add(
    _ index: Int, _ role: Role, to allocator: inout some Allocator,
    _ change: (inout FrameworkEntry) -> Void = { _ in }
  ) {
    var info = FrameworkEntry(id: FrameworkID("f\(index)"), name: "f\(index)", roles: [role])
    change(&info)
    allocator.addFramework(FrameworkIndex(index), info, at: .start)
  }

  private func addSlaves(_ range: Range<Int>, to allocator: inout some Allocator) {
    for index in range {
      allocator.addSlave(
        SlaveIndex(index),
        SlaveEntry(
          id: SlaveID("s\(index)"), hostname: "h\(index)", total: Self.slave,
          attributes: (try? Attributes(parsing: "rack:r\(index % 2)")) ?? Attributes()),
        at: .start)
    }
  }

  private func allocate(
    _ allocator: inout some Allocator, at second: Double = 0
  ) -> [Allocation] {
    var allocations: [Allocation] = []
    allocator.allocate(at: .start + .seconds(second), into: &allocations)
    return allocations
  }

  private func roles(_ order: PassOrder?) -> [String] { order?.entries.map(\.role.value) ?? [] }

  @Test("the order is that of the next decisions, by shares over weights")
  func shares() throws {
    var options = AllocatorOptions()
    options.weights = [(role: "a", weight: 2)]
    var allocator = HierarchicalAllocator(options)
    add(0, "a", to: &allocator)
    add(1, "b", to: &allocator)
    addSlaves(0..<3, to: &allocator)
    #expect(roles(allocator.passOrder(at: .start)) == ["a", "b"])
    let first = allocate(&allocator)
    // a has two thirds of a double weight, b one third: the number of allocations decides.
    #expect(first.map(\.framework) == [0, 1, 0])
    addSlaves(3..<4, to: &allocator)
    let order = try #require(allocator.passOrder(at: .start))
    #expect(order.basis == .shares)
    #expect(roles(order) == ["b", "a"])
    #expect(order.entries.map(\.shares) == [[0.25], [0.25]])
    #expect(order.entries.map { $0.frameworks.map(\.count) } == [[1], [2]])
    #expect(allocate(&allocator).map(\.framework) == [1])
  }

  @Test("a role below others tells the shares of all levels; a role's frameworks their own")
  func levels() throws {
    var allocator = HierarchicalAllocator()
    add(0, "a/x", to: &allocator)
    add(1, "a/y", to: &allocator)
    add(2, "a/y", to: &allocator)
    addSlaves(0..<4, to: &allocator)
    let given = allocate(&allocator)
    let order = try #require(allocator.passOrder(at: .start))
    #expect(Set(order.entries.map(\.shares.count)) == [2])
    #expect(order.entries.map { $0.shares[0] } == [1, 1])
    for entry in order.entries {
      let held = given.filter { $0.role == entry.role }.count
      #expect(entry.shares[1] == Double(held) / 4)
      #expect(entry.frameworks.map(\.share).reduce(0, +) == Double(held) / 4)
    }
  }

  @Test("quota: what is lacked of a guarantee, what a limit leaves no more of, the headroom")
  func quota() throws {
    var allocator = HierarchicalAllocator()
    add(0, "a", to: &allocator)
    add(1, "b", to: &allocator)
    addSlaves(0..<1, to: &allocator)
    _ = allocate(&allocator)
    let both = Quota(
      guarantees: try Quantities(parsing: "cpus:3"), limits: try Limits(parsing: "cpus:3;mem:0"))
    allocator.updateQuota(both, of: "b", at: .start)
    let order = try #require(allocator.passOrder(at: .start))
    let entry = try #require(order.entries.first { $0.role == "b" })
    #expect(entry.lacking.description == "cpus:3")
    #expect(entry.exhausted == ["mem"])
    #expect(order.headroom.description == "cpus:3")
    #expect(order.surplus.isEmpty)
    #expect(order.entries.first { $0.role == "a" }?.lacking.isEmpty == true)
  }

  @Test("policies with an order of their own tell it, those that draw it say so")
  func policies() throws {
    for (policy, basis) in [
      (Policy.fifo, PassOrder.Basis.policy), (.hdrf, .policy), (.role(priorities: ["b"]), .policy),
      (.lottery(), .chance), (.random, .chance),
    ] {
      var allocator = HierarchicalAllocator(AllocatorOptions(), policy: policy)
      add(0, "a", to: &allocator)
      add(1, "b", to: &allocator)
      addSlaves(0..<1, to: &allocator)
      let order = try #require(allocator.passOrder(at: .start))
      #expect(order.basis == basis)
      let first = order.entries.first?.frameworks.first?.framework
      let chosen = allocate(&allocator).first?.framework
      #expect(basis == .chance ? first == nil : first == chosen)
    }
  }

  @Test("what was refused comes back at an instant, and the tick that finds it is the next pass")
  func refusal() {
    for length in [1.0, 1.5, 7] {
      for instant in [0.0, 0.25] {
        var allocator = HierarchicalAllocator()
        add(0, "a", to: &allocator)
        addSlaves(0..<1, to: &allocator)
        _ = allocate(&allocator)
        let now = Instant.start + .seconds(instant)
        allocator.recover(
          Self.slave, from: 0, role: "a", on: 0, refusal: Filters(refuseSeconds: length), at: now)
        let until = now + .seconds(length)
        guard case .refusal(until, let again) = allocator.obstacle(to: 0, on: 0) else {
          Issue.record("\(String(describing: allocator.obstacle(to: 0, on: 0)))")
          continue
        }
        // Visits of what was given back come first.
        while let next = allocator.nextDeadline, next < again {
          var none: [Allocation] = []
          allocator.allocate(at: next, into: &none)
          #expect(none.isEmpty, "\(length) \(instant) \(next)")
        }
        #expect(allocator.nextDeadline == again)
        var allocations: [Allocation] = []
        allocator.allocate(at: again, into: &allocations)
        #expect(allocations.count == 1, "\(length) \(instant)")
      }
    }
  }

  @Test("many refusals at once end like single ones")
  func refusedRun() throws {
    var allocator = HierarchicalAllocator()
    add(0, "a", to: &allocator)
    addSlaves(0..<40, to: &allocator)
    var (allocations, runs): ([Allocation], [AllocationRun]) = ([], [])
    allocator.allocate(at: .start, into: &allocations, runs: &runs)
    let run = try #require(runs.first)
    let now = Instant.start + .milliseconds(3)
    #expect(allocator.obstacle(to: 0, on: 7) == nil)
    allocator.runEnded(run, 0..<run.count, refusal: Filters(refuseSeconds: 5), at: now)
    #expect(
      allocator.obstacle(to: 0, on: 7)
        == .refusal(until: now + .seconds(5), allocation: .start + .seconds(6)))
  }

  @Test("unsuitable, unwanted, kept by quota, due next: the first that applies")
  func obstacles() throws {
    var allocator = HierarchicalAllocator()
    let rack = OfferConstraints.Condition(.attribute("rack"), .textEquals("r1"))
    add(0, "a", to: &allocator) {
      $0.constraints = OfferConstraints([.init("a", [[rack]])])
    }
    add(1, "b", to: &allocator) { $0.suppressedRoles = ["b"] }
    addSlaves(0..<2, to: &allocator)
    #expect(allocator.distinguishesSlaves(for: 0) && !allocator.distinguishesSlaves(for: 1))
    #expect(allocator.obstacle(to: 0, on: 0) == .unsuitable)
    #expect(allocator.obstacle(to: 0, on: 1) == .nextPass)
    #expect(allocator.obstacle(to: 1, on: 0) == .unwanted)
    #expect(allocator.obstacle(to: 7, on: 0) == .unwanted)
    #expect(allocate(&allocator).map(\.slave) == [1])
    #expect(allocator.obstacle(to: 0, on: 0) == .unsuitable)
    #expect(allocator.obstacle(to: 0, on: 1) == nil)

    var kept = HierarchicalAllocator()
    add(0, "a", to: &kept)
    addSlaves(0..<1, to: &kept)
    kept.updateQuota(Quota(guarantees: try Quantities(parsing: "cpus:3")), of: "q", at: .start)
    _ = allocate(&kept)
    #expect(kept.obstacle(to: 0, on: 0) == .quota)
  }

  @Test("under a static partition the slaves of others are unsuitable, and orders are by part")
  func partition() throws {
    let parties = ["f0", "f1"].map { Partition.Party(name: $0, amount: 1) }
    var allocator = StaticPartitionAllocator(.counts(parties))
    add(0, "a", to: &allocator)
    add(1, "b", to: &allocator)
    addSlaves(0..<3, to: &allocator)
    #expect(allocator.passOrder(at: .start)?.entries.map(\.part) == ["f0", "f1"])
    #expect(allocator.obstacle(to: 0, on: 1) == .unsuitable)
    #expect(allocator.obstacle(to: 0, on: 2) == .unsuitable)
    #expect(allocator.obstacle(to: 0, on: 0) == .nextPass)
    #expect(allocator.distinguishesSlaves(for: 0))
  }

  @Test("in lock step the leader's reasons are told")
  func lockstep() {
    var allocator = LockstepAllocator(
      leader: HierarchicalAllocator(), follower: HierarchicalAllocator())
    add(0, "a", to: &allocator)
    addSlaves(0..<1, to: &allocator)
    #expect(roles(allocator.passOrder(at: .start)) == ["a"])
    #expect(allocator.obstacle(to: 0, on: 0) == .nextPass)
    #expect(!allocator.distinguishesSlaves(for: 0))
  }
}
