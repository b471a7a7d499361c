// Part of mesosim. Apache-2.0, see LICENSE.
//
// Overlapping offers: what is open to whom, and what is charged when.

import Mesos
import MesosAllocation
import Testing
import VirtualTime

@Suite("Optimistic offers")
struct OptimisticTests {
  private let whole = Resources(cpus: 4, mem: 400)
  private let half = Resources(cpus: 2, mem: 200)

  private func cluster(slaves: Int = 1, frameworks: Int = 2) -> HierarchicalAllocator {
    var allocator = HierarchicalAllocator(policy: .optimistic())
    for index in 0..<frameworks {
      allocator.addFramework(
        FrameworkIndex(index),
        FrameworkEntry(id: FrameworkID("f\(index)"), name: "f\(index)", roles: ["*"]), at: .start)
    }
    for index in 0..<slaves {
      allocator.addSlave(
        SlaveIndex(index),
        SlaveEntry(id: SlaveID("s\(index)"), hostname: "h\(index)", total: whole), at: .start)
    }
    return allocator
  }

  private func offers(
    _ allocator: inout HierarchicalAllocator, at second: Int = 0
  ) -> [FrameworkIndex: Resources] {
    var allocations: [Allocation] = []
    allocator.allocate(at: .start + .seconds(second), into: &allocations)
    return Dictionary(allocations.map { ($0.framework, $0.resources) }, uniquingKeysWith: +)
  }

  @Test("all that is free is offered to everybody at once, and to nobody twice")
  func everybody() {
    var allocator = cluster()
    #expect(offers(&allocator) == [0: whole, 1: whole])
    #expect(allocator.nextDeadline == nil)
    // Something new makes a pass, which finds nothing new for those who have it all.
    allocator.addFramework(2, FrameworkEntry(id: "f2", name: "f2", roles: ["*"]), at: .start)
    #expect(offers(&allocator) == [2: whole])
  }

  @Test("a launch alone charges; the loser is offered what is left when its offer has ended")
  func firstLaunchWins() {
    var allocator = cluster()
    _ = offers(&allocator)
    allocator.used(half, by: 0, role: "*", on: 0, at: .start)
    allocator.offerEnded(half, of: 0, role: "*", on: 0, refusal: Filters(), at: .start)
    // The other's offer of the whole slave is rescinded, or its launch met the conflict.
    allocator.offerEnded(whole, of: 1, role: "*", on: 0, refusal: nil, at: .start)
    #expect(allocator.nextDeadline == .start + .seconds(1))
    #expect(offers(&allocator, at: 1) == [1: half])
    // The winner's refusal ends; its task, too, by then.
    allocator.recover(half, from: 0, role: "*", on: 0, refusal: nil, at: .start + .seconds(2))
    #expect(offers(&allocator, at: 3) == [0: whole, 1: half])
  }

  @Test("BUG: a framework of several roles was offered the same resources once in each")
  func severalRoles() {
    var allocator = HierarchicalAllocator(policy: .optimistic())
    let roles: [[Role]] = [["a", "b"], ["a"]]
    for (index, roles) in roles.enumerated() {
      allocator.addFramework(
        FrameworkIndex(index),
        FrameworkEntry(id: FrameworkID("f\(index)"), name: "f\(index)", roles: roles), at: .start)
    }
    let reserved = Resources(cpus: 1).pushing(Reservation(.fixed, role: "b"))
    allocator.addSlave(
      0, SlaveEntry(id: "s0", hostname: "h0", total: whole + reserved), at: .start)
    var allocations: [Allocation] = []
    allocator.allocate(at: .start, into: &allocations)
    let own = allocations.filter { $0.framework == 0 }
    #expect(own.map(\.resources).reduce(Resources(), +) == whole + reserved)
    #expect(allocations.filter { $0.framework == 1 }.map(\.resources) == [whole])
    // What it refuses in one role it may have in the other.
    let plain = own.filter { $0.resources.contains(whole) }
    #expect(plain.count == 1)
    allocator.offerEnded(
      plain[0].resources, of: 0, role: plain[0].role, on: 0, refusal: Filters(), at: .start)
    allocations = []
    allocator.allocate(at: .start + .seconds(1), into: &allocations)
    #expect(allocations.map(\.framework) == [0])
    #expect(allocations.map(\.role) == [plain[0].role == "a" ? "b" : "a"])
  }

  @Test("offers that were never charged are not recovered")
  func recoverIsForTasks() {
    var allocator = cluster()
    _ = offers(&allocator)
    allocator.recover(whole, from: 0, role: "*", on: 0, refusal: nil, at: .start)
    #expect(allocator.nextDeadline == nil)
    #expect(offers(&allocator, at: 1).isEmpty)
  }

  @Test("offers of a slave or to a framework that is gone end by themselves")
  func gone() {
    var allocator = cluster()
    _ = offers(&allocator)
    allocator.removeSlave(0, at: .start)
    allocator.offerEnded(whole, of: 0, role: "*", on: 0, refusal: Filters(), at: .start)
    allocator.addSlave(0, SlaveEntry(id: "s0", hostname: "h0", total: whole), at: .start)
    #expect(offers(&allocator) == [0: whole, 1: whole])
    allocator.removeFramework(1, at: .start)
    allocator.addFramework(1, FrameworkEntry(id: "f1", name: "f1", roles: ["*"]), at: .start)
    #expect(offers(&allocator) == [1: whole])
  }

  @Test("what it does not support does nothing")
  func unsupported() throws {
    var allocator = cluster()
    #expect(allocator.supports == [.weights, .whitelist, .updates])
    #expect(HierarchicalAllocator().supports == .all)
    let quota = Quota(limits: try Limits(parsing: "cpus:1;mem:1"))
    allocator.updateQuota(quota, of: "*", at: .start)
    allocator.recover(expectedSlaves: 9, quotas: [("*", quota)], at: .start)
    allocator.pause(at: .start)
    let reserved = half.pushing(Reservation(.dynamic, role: "a"))
    let isDone = allocator.updateAvailable(on: 0, from: half, to: reserved, at: .start)
    #expect(!isDone)
    #expect(offers(&allocator) == [0: whole, 1: whole])
    allocator.updateUnavailability(of: 0, from: .start + .seconds(60), at: .start)
    allocator.resume(at: .start)
    #expect(allocator.nextDeadline == nil)
    allocator.used(half, by: 0, role: "*", on: 0, at: .start)
    allocator.updateAllocation(
      of: 0, role: "*", on: 0, from: half, to: reserved, at: .start)
    allocator.recover(half, from: 0, role: "*", on: 0, refusal: nil, at: .start)
    #expect(offers(&allocator, at: 1) == [0: half])
    let asked = allocator.takeInverseOffers()
    #expect(asked.isEmpty)
  }

  @Test("the parameters say how the master finds conflicts")
  func parameters() throws {
    let request = AllocatorRequest(
      parameters: ["conflicts": .text("coarse"), "commit": .text("allOrNothing")])
    let made = try AllocatorRegistry().make("optimistic", request)
    let allocator = try #require(made as? any OverlappingAllocator)
    #expect(allocator.conflicts == ConflictRules(detection: .coarse, commit: .allOrNothing))
  }
}
