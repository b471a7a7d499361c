// Part of mesosim. Apache-2.0, see LICENSE.
//
// Fixed partitions: who gets which slaves, and that the parts are clusters of their own.

import Mesos
import MesosAllocation
import Testing
import VirtualTime

@Suite("Static partitions")
struct StaticPartitionTests {
  private typealias Party = Partition.Party

  private func slave(_ number: Int, _ resources: Resources = Resources(cpus: 4, mem: 512))
    -> SlaveEntry
  {
    SlaveEntry(id: SlaveID("s\(number)"), hostname: "h\(number)", total: resources)
  }

  private func framework(_ name: String, _ roles: [Role] = ["*"]) -> FrameworkEntry {
    FrameworkEntry(id: FrameworkID(name), name: name, roles: roles)
  }

  private func deal(_ partition: Partition, slaves: Int) -> [Int?] {
    var allocator = StaticPartitionAllocator(partition)
    for index in 0..<slaves { allocator.addSlave(SlaveIndex(index), slave(index), at: .start) }
    return (0..<slaves).map { allocator.party(of: SlaveIndex($0)) }
  }

  @Test("each slave goes to the party that has the smallest part of what it was promised")
  func proportions() {
    let parties = [Party(name: "a", amount: 3), Party(name: "b", amount: 1)]
    #expect(deal(.shares(parties), slaves: 8) == [0, 1, 0, 0, 0, 1, 0, 0])
    #expect(deal(.counts(parties), slaves: 8) == [0, 1, 0, 0, nil, nil, nil, nil])
  }

  @Test("at equal claims the first listed party is first")
  func ties() {
    let parties = ["a", "b", "c"].map { Party(name: $0, amount: 0.1) }
    #expect(deal(.shares(parties), slaves: 6) == [0, 1, 2, 0, 1, 2])
  }

  @Test("a slave that leaves and comes back, or is replaced on its host, stays with its party")
  func returning() {
    let parties = [Party(name: "a", amount: 1), Party(name: "b", amount: 1)]
    var allocator = StaticPartitionAllocator(.counts(parties))
    for index in 0..<2 { allocator.addSlave(SlaveIndex(index), slave(index), at: .start) }
    allocator.removeSlave(0, at: .start)
    allocator.addSlave(7, slave(7), at: .start)
    #expect(allocator.party(of: 7) == nil)
    var reborn = slave(0)
    reborn.id = "s0-again"
    allocator.addSlave(8, reborn, at: .start)
    #expect(allocator.party(of: 8) == 0)
    allocator.removeSlave(8, at: .start)
    allocator.addSlave(8, reborn, at: .start)
    #expect(allocator.party(of: 8) == 0)
    #expect(allocator.party(of: 1) == 1)
  }

  @Test("BUG: a party that a slave had left for good got no more of those that came later")
  func forgotten() {
    let parties = [Party(name: "a", amount: 1), Party(name: "b", amount: 1)]
    let group = SlaveGroupEntry(group: "h", count: 5) { "h\($0)" }
    for slaves in [[], [group]] {
      var allocator = StaticPartitionAllocator(.shares(parties), of: slaves)
      for index in 0..<2 { allocator.addSlave(SlaveIndex(index), slave(index), at: .start) }
      allocator.removeSlave(1, at: .start)
      allocator.forgetSlave(1, at: .start)
      allocator.forgetSlave(0, at: .start)
      #expect(allocator.party(of: 1) == nil)
      for index in 2..<4 { allocator.addSlave(SlaveIndex(index), slave(index), at: .start) }
      #expect([0, 2, 3].map { allocator.party(of: $0) } == [0, 1, 0])
      // One that comes back all the same is dealt again, and its host is not awaited.
      allocator.addSlave(1, slave(1), at: .start)
      #expect(allocator.party(of: 1) == 1)
    }
  }

  @Test("roles can be the parties; a framework in two of them gets slaves of both")
  func roles() {
    let parties = [Party(name: "batch", amount: 1), Party(name: "web", amount: 1)]
    var allocator = StaticPartitionAllocator(.shares(parties, by: .role))
    allocator.addFramework(0, framework("f", ["batch", "web", "other"]), at: .start)
    allocator.addFramework(1, framework("g", ["other"]), at: .start)
    for index in 0..<4 { allocator.addSlave(SlaveIndex(index), slave(index), at: .start) }
    var allocations: [Allocation] = []
    allocator.allocate(at: .start, into: &allocations)
    #expect(allocations.map(\.role).sorted() == ["batch", "batch", "web", "web"])
    #expect(Set(allocations.map(\.framework)) == [0])
    allocator.suppress(0, roles: ["web"], at: .start)
    for allocation in allocations {
      allocator.recover(
        allocation.resources, from: 0, role: allocation.role, on: allocation.slave, refusal: nil,
        at: .start)
    }
    var later: [Allocation] = []
    allocator.allocate(at: .start + .seconds(1), into: &later)
    #expect(later.map(\.role) == ["batch", "batch"])
  }

  private func offered(
    _ allocator: inout StaticPartitionAllocator, at second: Int
  ) -> [Allocation] {
    var allocations: [Allocation] = []
    allocator.allocate(at: .start + .seconds(second), into: &allocations)
    return allocations
  }

  @Test("a part is told of slaves that drain, come back and change")
  func changingSlaves() {
    let parties = [Party(name: "a", amount: 1), Party(name: "b", amount: 1)]
    var allocator = StaticPartitionAllocator(.shares(parties))
    #expect(allocator.supports == [.updates, .reservations])
    for (index, name) in ["a", "b"].enumerated() {
      allocator.addFramework(FrameworkIndex(index), framework(name), at: .start)
    }
    for index in 0..<4 { allocator.addSlave(SlaveIndex(index), slave(index), at: .start) }
    allocator.deactivateSlave(1, at: .start)
    allocator.deactivateSlave(2, at: .start)
    allocator.deactivateSlave(99, at: .start)
    #expect(offered(&allocator, at: 0).map(\.slave).sorted() == [0, 3])
    allocator.activateSlave(1, at: .start + .seconds(1))
    let back = offered(&allocator, at: 2)
    #expect(back.map(\.slave) == [1])
    #expect(back.map(\.framework) == [1])
    let more = Resources(cpus: 6, mem: 512)
    allocator.updateSlave(1, SlaveUpdate(total: more), at: .start + .seconds(3))
    #expect(offered(&allocator, at: 4).map(\.resources) == [Resources(cpus: 2)])
  }

  @Test("what is reserved is offered as such, by the part that has the slave")
  func reserves() throws {
    let parties = [Party(name: "a", amount: 1), Party(name: "b", amount: 1)]
    var allocator = StaticPartitionAllocator(.shares(parties))
    for (index, name) in ["a", "b"].enumerated() {
      allocator.addFramework(
        FrameworkIndex(index), framework(name, [Role("r\(index)")]), at: .start)
    }
    for index in 0..<2 { allocator.addSlave(SlaveIndex(index), slave(index), at: .start) }
    let first = offered(&allocator, at: 0)
    let mine = try #require(first.first { $0.framework == 1 })
    let (plain, reserved) = (Resources(cpus: 1), try Resources(parsing: "cpus(r1):1"))
    allocator.updateAllocation(
      of: 1, role: "r1", on: mine.slave, from: plain, to: reserved, at: .start)
    let rest = mine.resources - plain
    allocator.recover(
      rest + reserved, from: 1, role: "r1", on: mine.slave, refusal: nil, at: .start)
    #expect(offered(&allocator, at: 1).map(\.resources) == [rest + reserved])
    // Nothing of it is free now, and nobody has slave 9.
    for slave in [mine.slave, 9] {
      let isDone = allocator.updateAvailable(on: slave, from: reserved, to: plain, at: .start)
      #expect(!isDone)
    }
  }

  @Test("a framework's new role gets slaves of its part, and an old one none any more")
  func changingRoles() {
    let parties = [Party(name: "batch", amount: 1), Party(name: "web", amount: 1)]
    var allocator = StaticPartitionAllocator(.shares(parties, by: .role))
    allocator.addFramework(0, framework("f", ["batch"]), at: .start)
    for index in 0..<4 { allocator.addSlave(SlaveIndex(index), slave(index), at: .start) }
    let first = offered(&allocator, at: 0)
    #expect(first.map(\.role) == ["batch", "batch"])
    allocator.updateFramework(0, framework("f", ["web"]), at: .start + .seconds(1))
    #expect(offered(&allocator, at: 2).map(\.role) == ["web", "web"])
    // What it held in its old role is free there, and nobody is left to be offered it.
    for allocation in first {
      allocator.recover(
        allocation.resources, from: 0, role: "batch", on: allocation.slave, refusal: nil,
        at: .start + .seconds(3))
    }
    #expect(offered(&allocator, at: 4).isEmpty)
    allocator.updateFramework(0, framework("f", ["batch", "web"]), at: .start + .seconds(5))
    #expect(offered(&allocator, at: 6).map(\.role) == ["batch", "batch"])
  }

  @Test("the parts decide as separate clusters would", arguments: 0..<20)
  func separately(seed: UInt64) throws {
    // Method: two parties side by side, and each alone with its slaves under their own numbers.
    let parties = [Party(name: "a", amount: 2), Party(name: "b", amount: 1)]
    var options = AllocatorOptions()
    options.order = .shuffled(key: seed)
    var whole = StaticPartitionAllocator(.shares(parties), options: options)
    var alone = [HierarchicalAllocator(options), HierarchicalAllocator(options)]
    var slaves: [[SlaveIndex]] = [[], []]
    for (index, name) in ["a", "b"].enumerated() {
      whole.addFramework(FrameworkIndex(index), framework(name), at: .start)
      alone[index].addFramework(FrameworkIndex(index), framework(name), at: .start)
    }
    for index in 0..<12 {
      let entry = slave(index, Resources(cpus: Double(1 + index % 3), mem: 100))
      whole.addSlave(SlaveIndex(index), entry, at: .start)
      let part = try #require(whole.party(of: SlaveIndex(index)))
      alone[part].addSlave(SlaveIndex(slaves[part].count), entry, at: .start)
      slaves[part].append(SlaveIndex(index))
    }
    var random = RandomSource(seed: seed)
    for second in 0..<20 {
      let now = Instant.start + .seconds(second)
      var together: [Allocation] = []
      whole.allocate(at: now, into: &together)
      for part in 0..<2 {
        var own: [Allocation] = []
        alone[part].allocate(at: now, into: &own)
        let expected = together.filter { $0.framework == FrameworkIndex(part) }.map(\.slave)
        #expect(own.map { slaves[part][$0.slave] } == expected)
        for allocation in own where random.chance(50) {
          let refusal = random.chance(50) ? Filters(refuseSeconds: 2) : nil
          let slave = slaves[part][allocation.slave]
          whole.recover(
            allocation.resources, from: allocation.framework, role: "*", on: slave,
            refusal: refusal, at: now)
          alone[part].recover(
            allocation.resources, from: allocation.framework, role: "*", on: allocation.slave,
            refusal: refusal, at: now)
        }
      }
    }
  }
}
