// Part of mesosim. Apache-2.0, see LICENSE.
//
// Constrained max-min fairness, Choosy, EuroSys 2013.

import Mesos
import MesosAllocation
import Testing
import VirtualTime

@Suite("Constrained max-min fairness")
struct ConstrainedTests {
  /// Slots of two classes, and three users: one for each class and one for both.
  private func converged(_ ofA: Int, _ ofB: Int) throws -> [Int] {
    var options = AllocatorOptions()
    options.order = .id
    let constraints = ParameterValue.map([
      .init(key: "u1", value: .text("class:A")), .init(key: "u3", value: .text("class:B")),
    ])
    var allocator = try AllocatorRegistry().make(
      "constrained", AllocatorRequest(options: options, parameters: ["constraints": constraints]))
    for index in 0..<3 {
      let name = "u\(index + 1)"
      allocator.addFramework(
        FrameworkIndex(index),
        FrameworkEntry(id: FrameworkID(name), name: name, roles: [Role(name)]), at: .start)
    }
    for slot in 0..<ofA + ofB {
      allocator.addSlave(
        SlaveIndex(slot),
        SlaveEntry(
          id: SlaveID("s\(slot)"), hostname: "h\(slot)", total: Resources(cpus: 1, mem: 32),
          attributes: try Attributes(parsing: slot < ofA ? "class:A" : "class:B")), at: .start)
    }
    var held: [Int] = []
    var holders = (0..<ofA + ofB).map { _ in 0 }
    var now = Instant.start
    // Every task ends twice, and what it held goes to who has least then.
    for round in 0...2 * (ofA + ofB) {
      var allocations: [Allocation] = []
      now = max(now, allocator.nextDeadline ?? now)
      allocator.allocate(at: now, into: &allocations)
      for allocation in allocations {
        holders[allocation.slave] = Int(allocation.framework)
        #expect(allocation.framework != 0 || Int(allocation.slave) < ofA)
        #expect(allocation.framework != 2 || Int(allocation.slave) >= ofA)
      }
      held = (0..<3).map { user in holders.filter { $0 == user }.count }
      let slot = round % (ofA + ofB)
      allocator.recover(
        Resources(cpus: 1, mem: 32), from: FrameworkIndex(holders[slot]),
        role: Role("u\(holders[slot] + 1)"), on: SlaveIndex(slot), refusal: nil, at: now)
    }
    return held
  }

  // Definition 1 (constrained max-min), instances recomputed from it. Tolerance: none.
  @Test("freed slots to who has least among those who can use them: equal where that is possible")
  func converges() throws {
    #expect(try converged(4, 8) == [4, 4, 4])
    #expect(try converged(2, 10) == [2, 5, 5])
  }
}
