// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a partition comes to: every party has its part of every kind of machine.

import Mesos
import MesosAllocation
import Testing

@Suite("Plans of partitions")
struct PartitionPlanTests {
  private typealias Party = Partition.Party

  private func slaves(_ groups: (String, Int)...) -> [SlaveGroupEntry] {
    groups.enumerated().map { place, group in
      SlaveGroupEntry(
        group: group.0, count: group.1, hostname: { "\(group.0)-\(place)-\($0)" },
        attributes: { Attributes([Attribute("rack", .text("r\($0 % 2)"))]) })
    }
  }

  private func parties(_ amounts: Double...) -> [Party] {
    zip(["a", "b", "c"], amounts).map { Party(name: $0, amount: $1) }
  }

  private func due(_ partition: Partition, _ slaves: [SlaveGroupEntry]) -> [[Int]] {
    PartitionPlan(partition, slaves: slaves).pools.map(\.due)
  }

  @Test("BUG: shapes of machines were dealt at random; each group is dealt in equal parts")
  func groups() {
    let equal = Partition.shares(parties(1, 1))
    #expect(due(equal, slaves(("std", 6), ("gpu", 6))) == [[3, 3], [3, 3]])
    #expect(due(equal, slaves(("std", 6), ("gpu", 2), ("std", 2))) == [[4, 4], [1, 1]])
  }

  @Test("what does not divide goes to those with the least so far of what they are promised")
  func remainders() {
    let three = Partition.shares(parties(1, 1, 1))
    #expect(
      due(three, slaves(("x", 4), ("y", 4), ("z", 1))) == [[2, 1, 1], [1, 2, 1], [0, 0, 1]])
    // Ten to one, two of each kind: the small one has one of the first pair and waits for its next.
    let uneven = Partition.shares(parties(10, 1))
    let pairs = slaves(("v", 2), ("w", 2), ("x", 2), ("y", 2), ("z", 2))
    #expect(due(uneven, pairs) == [[1, 1], [2, 0], [2, 0], [2, 0], [2, 0]])
  }

  @Test("counts are kept to the slave, over groups and with slaves left over")
  func counts() {
    let all = Partition.counts(parties(5, 7))
    #expect(due(all, slaves(("x", 5), ("y", 7))) == [[2, 3], [3, 4]])
    let some = Partition.counts(parties(2, 2))
    #expect(due(some, slaves(("x", 4), ("y", 4))) == [[1, 1], [1, 1]])
  }

  @Test(
    "rules take groups, hosts and attributes, the first that a slave matches; the rest is dealt")
  func rules() throws {
    let partition = Partition([
      .init(.group("gpu"), [Party(name: "b", amount: 1)]),
      .init(.hosts("*-0-1"), [Party(name: "c", amount: 1)], isCounted: true),
      .init(.attribute(try SlaveSelector("rack:r1")), [Party(name: "a", amount: 1)]),
      .init(.all, parties(0, 1, 1)),
    ])
    let plan = PartitionPlan(partition, slaves: slaves(("std", 6), ("gpu", 3)))
    #expect(plan.parties == ["b", "c", "a"])
    // Of std, numbers 3 and 5 are left in rack r1 and 0, 2 and 4 in r0.
    #expect(plan.pools.map(\.rule) == [3, 1, 2, 0])
    #expect(plan.pools.map(\.due) == [[2, 1, 0], [0, 1, 0], [0, 0, 2], [3, 0, 0]])
  }

  @Test("the allocator deals what was planned, whatever the order in which slaves come")
  func dealing() {
    let entries = slaves(("std", 5), ("gpu", 4))
    let partition = Partition.shares(parties(1, 1))
    for stride in [1, 2, 4, 5, 7] {
      var allocator = StaticPartitionAllocator(partition, of: entries)
      for step in 0..<9 {
        let number = step * stride % 9
        allocator.addSlave(
          SlaveIndex(number),
          SlaveEntry(
            id: SlaveID("s\(number)"), hostname: "h\(number)", total: Resources(cpus: 1, mem: 100)),
          at: .start)
      }
      let owners = (0..<9).map { allocator.party(of: SlaveIndex($0)) }
      #expect(owners[0..<5].count { $0 == 0 } == 3, "\(stride)")
      #expect(owners[5..<9].count { $0 == 0 } == 2, "\(stride)")
      #expect(!owners.contains(nil))
    }
  }
}
