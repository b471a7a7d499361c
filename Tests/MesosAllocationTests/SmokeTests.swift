// Part of mesosim. Apache-2.0, see LICENSE.
//
// The everyday path of the allocators: offers, shares, filters, partitions.

import Mesos
import MesosAllocation
import Testing
import VirtualTime

@Suite("DRF allocator, everyday path") struct SmokeTests {
  private func entry(_ number: Int, _ resources: Resources) -> SlaveEntry {
    SlaveEntry(id: SlaveID("s\(number)"), hostname: "h\(number)", total: resources)
  }

  @Test("two frameworks in a role share the slaves evenly")
  func sharesEvenly() {
    var allocator = HierarchicalAllocator()
    for index in 0..<2 {
      let info = FrameworkEntry(id: FrameworkID("f\(index)"), name: "f\(index)", roles: ["*"])
      allocator.addFramework(FrameworkIndex(index), info, at: .start)
    }
    for index in 0..<10 {
      allocator.addSlave(SlaveIndex(index), entry(index, Resources(cpus: 4, mem: 100)), at: .start)
    }
    #expect(allocator.nextDeadline == .start)
    var allocations: [Allocation] = []
    allocator.allocate(at: .start, into: &allocations)
    #expect(allocations.map(\.framework).sorted() == [0, 0, 0, 0, 0, 1, 1, 1, 1, 1])
    #expect(allocations.map(\.framework).prefix(4) == [0, 1, 0, 1])
    #expect(allocator.nextDeadline == nil)
  }

  @Test("a refusal keeps the resources away until the first tick after its end")
  func refusal() {
    var allocator = HierarchicalAllocator()
    allocator.addFramework(
      0, FrameworkEntry(id: "f", name: "f", roles: ["*"]), at: .start)
    allocator.addSlave(0, entry(0, Resources(cpus: 4, mem: 100)), at: .start)
    var allocations: [Allocation] = []
    allocator.allocate(at: .start, into: &allocations)
    let decline = Instant(nanoseconds: 300_000_000)
    allocator.recover(
      allocations[0].resources, from: 0, role: "*", on: 0, refusal: Filters(), at: decline)
    #expect(allocator.nextDeadline == .start + .seconds(1))
    allocator.allocate(at: .start + .seconds(1), into: &allocations)
    #expect(allocations.count == 1)
    #expect(allocator.nextDeadline == .start + .seconds(6))
    allocator.allocate(at: .start + .seconds(6), into: &allocations)
    #expect(allocations.count == 2)
  }

  @Test("the static allocator deals slaves by share and leaves unlisted frameworks out")
  func partition() throws {
    let request = AllocatorRequest(
      parameters: [
        "partition": .map([
          .init(
            key: "shares",
            value: .map([
              .init(key: "a", value: .number(3)), .init(key: "b", value: .number(1)),
            ]))
        ])
      ])
    var allocator = try AllocatorRegistry().make("static", request)
    for (index, name) in ["a", "b", "c"].enumerated() {
      let info = FrameworkEntry(id: FrameworkID(name), name: name, roles: ["*"])
      allocator.addFramework(FrameworkIndex(index), info, at: .start)
    }
    for index in 0..<8 {
      allocator.addSlave(SlaveIndex(index), entry(index, Resources(cpus: 4, mem: 100)), at: .start)
    }
    var allocations: [Allocation] = []
    allocator.allocate(at: .start, into: &allocations)
    #expect(allocations.map(\.framework).sorted() == [0, 0, 0, 0, 0, 0, 1, 1])
  }
}
