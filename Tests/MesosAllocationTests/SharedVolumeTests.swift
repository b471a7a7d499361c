// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosAllocation
import Testing
import VirtualTime

@Suite("Shared volumes") final class SharedVolumeTests {
  private var allocator = HierarchicalAllocator(AllocatorOptions())
  private let volume = Resources([
    Resource(
      "disk", .scalar(Scalar(thousandths: 256_000)), reservations: [Reservation(.fixed, role: "a")],
      disk: DiskInfo(persistenceID: "v", containerPath: "p"), isShared: true)
  ])

  init() {
    let total = Resources(cpus: 4, mem: 4096) + volume
    allocator.addSlave(0, SlaveEntry(id: "s", hostname: "h", total: total), at: .start)
  }

  private func add(_ framework: FrameworkIndex) {
    var entry = FrameworkEntry(id: FrameworkID("f\(framework)"), name: "f", roles: ["a"])
    entry.capabilities = [.multiRole, .sharedResources]
    allocator.addFramework(framework, entry, at: .start)
  }

  private func allocate(_ seconds: Int) -> [Allocation] {
    var allocations: [Allocation] = []
    allocator.allocate(at: .start + .seconds(seconds), into: &allocations)
    return allocations
  }

  @Test("what many may use is offered again while it is used, once in an allocation")
  func offered() throws {
    add(0)
    let first = try #require(allocate(0).first)
    #expect(first.resources.shared == volume)
    // A task keeps the volume; all else is given back but a cpu.
    let used = Resources(cpus: 1) + volume
    allocator.recover(
      first.resources - used, from: 0, role: "a", on: 0, refusal: nil, at: .start)
    add(1)
    let second = allocate(1)
    #expect(second.count == 1)
    #expect(second.first?.resources == Resources(cpus: 3, mem: 4096) + volume)
  }

  @Test("copies that tasks take beyond what was offered come back as any other")
  func copies() throws {
    add(0)
    let first = try #require(allocate(0).first)
    allocator.updateAllocation(
      of: 0, role: "a", on: 0, from: Resources(), to: volume, at: .start)
    allocator.recover(volume, from: 0, role: "a", on: 0, refusal: nil, at: .start)
    allocator.recover(first.resources, from: 0, role: "a", on: 0, refusal: nil, at: .start)
    #expect(allocator.held.isEmpty)
    #expect(allocate(1).first?.resources == first.resources)
  }
}
