// Part of mesosim. Apache-2.0, see LICENSE.
//
// Cost follows change: when there is something to do, when there is not, and why free resources
// wait.

import Mesos
import MesosAllocation
import Testing
import VirtualTime

@Suite("Deadlines of the DRF allocator")
struct DeadlineTests {
  private let slave = Resources(cpus: 4, mem: 512)

  private func allocator(slaves: Int, frameworks: Int) -> HierarchicalAllocator {
    var allocator = HierarchicalAllocator()
    for index in 0..<frameworks { add(index, to: &allocator) }
    for index in 0..<slaves {
      allocator.addSlave(
        SlaveIndex(index),
        SlaveEntry(id: SlaveID("s\(index)"), hostname: "h\(index)", total: slave), at: .start)
    }
    return allocator
  }

  private func add(_ index: Int, to allocator: inout HierarchicalAllocator) {
    let info = FrameworkEntry(id: FrameworkID("f\(index)"), name: "f\(index)", roles: ["*"])
    allocator.addFramework(FrameworkIndex(index), info, at: .start)
  }

  private func allocate(
    _ allocator: inout HierarchicalAllocator, at second: Int = 0
  ) -> [Allocation] {
    var allocations: [Allocation] = []
    allocator.allocate(at: .start + .seconds(second), into: &allocations)
    return allocations
  }

  @Test("with nothing free there is nothing to do, ever")
  func nothingFree() {
    var allocator = allocator(slaves: 5, frameworks: 2)
    #expect(allocator.nextDeadline == .start)
    #expect(allocate(&allocator).count == 5)
    #expect(allocator.nextDeadline == nil)
    // Another framework is an event, and finds nothing.
    add(2, to: &allocator)
    #expect(allocator.nextDeadline == .start)
    #expect(allocate(&allocator).isEmpty)
    #expect(allocator.nextDeadline == nil)
  }

  @Test("with everything refused there is nothing to do until the first refusal ends")
  func everythingRefused() {
    var allocator = allocator(slaves: 5, frameworks: 2)
    for second in 0..<2 {
      for allocation in allocate(&allocator, at: second) {
        allocator.recover(
          allocation.resources, from: allocation.framework, role: "*", on: allocation.slave,
          refusal: Filters(refuseSeconds: 100.5), at: .start + .seconds(second))
      }
    }
    #expect(allocate(&allocator, at: 2).isEmpty)
    #expect(allocator.nextDeadline == .start + .seconds(101))
    #expect(allocator.withholding(on: 0) == .refusal)
    #expect(allocate(&allocator, at: 101).count == 5)
  }

  @Test("what is freed waits for the tick; a paused allocator waits for its end")
  func freed() {
    var allocator = allocator(slaves: 1, frameworks: 1)
    let offer = allocate(&allocator)[0]
    #expect(allocator.withholding(on: 0) == nil)
    let later = Instant.start + .milliseconds(1500)
    allocator.recover(slave, from: offer.framework, role: "*", on: 0, refusal: nil, at: later)
    #expect(allocator.nextDeadline == .start + .seconds(2))
    #expect(allocator.withholding(on: 0) == .nextPass)
    allocator.pause(at: later)
    #expect(allocator.nextDeadline == nil)
    allocator.resume(at: .start + .milliseconds(3200))
    #expect(allocator.nextDeadline == .start + .seconds(4))
    #expect(allocate(&allocator, at: 4).count == 1)
  }

  @Test("what headroom keeps is looked at again when the headroom rises")
  func headroom() throws {
    var allocator = allocator(slaves: 1, frameworks: 1)
    let guarantee = Quota(guarantees: try Quantities(parsing: "cpus:3"))
    allocator.updateQuota(guarantee, of: "q", at: .start)
    let offers = allocate(&allocator)
    #expect(offers.map(\.resources) == [Resources(cpus: 1, mem: 512)])
    #expect(allocator.withholding(on: 0) == .quota)
    _ = allocate(&allocator, at: 1)
    #expect(allocator.nextDeadline == nil)
    // Two cpus more than q needs go to f at once; the old slave is looked at again.
    let now = Instant.start + .milliseconds(1500)
    allocator.addSlave(
      1, SlaveEntry(id: "s1", hostname: "h1", total: Resources(cpus: 2)), at: now)
    var more: [Allocation] = []
    allocator.allocate(at: now, into: &more)
    #expect(more.map(\.resources) == [Resources(cpus: 2)])
    #expect(allocator.nextDeadline == .start + .seconds(2))
    allocator.updateQuota(Quota(), of: "q", at: now)
    #expect(allocate(&allocator, at: 2).map(\.resources) == [Resources(cpus: 3)])
  }
}
