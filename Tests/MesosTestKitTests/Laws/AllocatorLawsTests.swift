// Part of mesosim. Apache-2.0, see LICENSE.
//
// Every allocator of ours is held to what it promises; the counter-examples of the papers show what
// the others break, and broken allocators show that the suite notices.

import Mesos
import MesosAllocation
import MesosTestKit
import Testing
import VirtualTime

@Suite("Laws of allocators") struct AllocatorLawsTests {
  static let promises: [(String, AllocatorLaw)] = AllocatorRegistry().descriptors
    .flatMap { descriptor in descriptor.promises.map { (descriptor.name, $0) } }

  @Test("every allocator keeps what it promises", arguments: promises)
  func promised(_ name: String, _ law: AllocatorLaw) throws {
    let descriptor = try #require(AllocatorRegistry()[name])
    let seeds: Range<UInt64> = AllocatorLaw.fairness.contains(law) ? 0..<3 : 0..<12
    #expect(AllocatorLaws(descriptor).violations(of: [law], seeds: seeds) == [])
  }

  @Test("all of ours promise the laws of bookkeeping, as far as they have quota")
  func bookkeeping() {
    for descriptor in AllocatorRegistry().descriptors {
      let missing = AllocatorLaw.bookkeeping.filter { !descriptor.promises.contains($0) }
      #expect(missing.allSatisfy { $0 == .respectsLimits }, "\(descriptor.name): \(missing)")
    }
  }

  private func violation(
    _ name: String, _ law: AllocatorLaw, total: (Double, Double), _ tasks: [(Double, Double)],
    scale: Double = 1
  ) throws -> LawViolation? {
    let descriptor = try #require(AllocatorRegistry()[name])
    let pool = SharedPool(
      total: Resources(cpus: total.0 * scale, mem: total.1 * scale),
      tasks: tasks.map { Resources(cpus: $0.0, mem: $0.1) })
    return try AllocatorLaws(descriptor).violation(of: law, in: pool)
  }

  // NSDI 2011, section 5: <30,30> for <1,3> and <1,1>.
  @Test("asset fairness breaks the sharing incentive, where DRF and CEEI keep it")
  func assetIncentive() throws {
    func broken(_ name: String) throws -> LawViolation? {
      try violation(name, .sharingIncentive, total: (30, 30), [(1, 3), (1, 1)], scale: 8)
    }
    #expect(try broken("asset") != nil)
    #expect(try broken("drf") == nil)
    #expect(try broken("ceei") == nil)
  }

  // NSDI 2011, section 5: <100,100> for <16,1> and <1,2>.
  @Test("CEEI is not strategy-proof")
  func ceeiStrategy() throws {
    let laws = AllocatorLaws(.ceei)
    let pool = SharedPool(
      total: Resources(cpus: 400, mem: 400),
      tasks: [Resources(cpus: 16, mem: 1), Resources(cpus: 1, mem: 2)])
    // The lies tried are drawn by chance: some of them must pay, and none under DRF.
    var gains = 0
    for seed in UInt64(0)..<4 {
      if try laws.violation(of: .strategyProofness, in: pool, seed: seed) != nil { gains += 1 }
      #expect(
        try AllocatorLaws(.drf).violation(of: .strategyProofness, in: pool, seed: seed) == nil)
    }
    #expect(gains > 0)
  }

  @Test(
    "first come, first served gives no sharing incentive and leaves envy",
    arguments: [AllocatorLaw.sharingIncentive, .envyFreeness])
  func fifo(_ law: AllocatorLaw) throws {
    #expect(try violation("fifo", law, total: (40, 40), [(1, 1), (1, 1)]) != nil)
  }

  @Test("one resource shared fairly takes from who needs much of another")
  func fair() throws {
    let tasks = [(1.0, 0.2), (0.2, 1.0)]
    #expect(try violation("fair", .sharingIncentive, total: (120, 120), tasks) != nil)
    #expect(try violation("drf", .sharingIncentive, total: (120, 120), tasks) == nil)
  }

  // MARK: - The suite notices

  /// Decides as DRF and then spoils what was decided.
  struct Spoiled: Allocator {
    enum Fault: CaseIterable { case twice, refused, foreign, lost }
    var base = HierarchicalAllocator()
    var fault: Fault

    var nextDeadline: Instant? { base.nextDeadline }
    mutating func addSlave(_ slave: SlaveIndex, _ info: SlaveEntry, at now: Instant) {
      base.addSlave(slave, info, at: now)
    }
    mutating func removeSlave(_ slave: SlaveIndex, at now: Instant) {
      base.removeSlave(slave, at: now)
    }
    mutating func addFramework(_ index: FrameworkIndex, _ info: FrameworkEntry, at now: Instant) {
      base.addFramework(index, info, at: now)
    }
    mutating func removeFramework(_ framework: FrameworkIndex, at now: Instant) {
      base.removeFramework(framework, at: now)
    }
    mutating func activateFramework(_ framework: FrameworkIndex, at now: Instant) {
      base.activateFramework(framework, at: now)
    }
    mutating func deactivateFramework(_ framework: FrameworkIndex, at now: Instant) {
      base.deactivateFramework(framework, at: now)
    }
    mutating func suppress(_ framework: FrameworkIndex, roles: [Role], at now: Instant) {
      base.suppress(framework, roles: roles, at: now)
    }
    mutating func revive(_ framework: FrameworkIndex, roles: [Role], at now: Instant) {
      base.revive(framework, roles: roles, at: now)
    }
    mutating func recover(
      _ resources: Resources, from framework: FrameworkIndex, role: Role, on slave: SlaveIndex,
      refusal: Filters?, at now: Instant
    ) {
      if fault == .lost, framework == 1 { return }
      base.recover(
        resources, from: framework, role: role, on: slave,
        refusal: fault == .refused ? nil : refusal, at: now)
    }
    mutating func allocate(at now: Instant, into allocations: inout [Allocation]) {
      base.allocate(at: now, into: &allocations)
      if fault == .twice, let first = allocations.first { allocations.append(first) }
      if fault == .foreign {
        for index in allocations.indices { allocations[index].role = "z" }
      }
    }
  }

  @Test(
    "a spoiled allocator is found out",
    arguments: [
      (Spoiled.Fault.twice, AllocatorLaw.neverMoreThanFree), (.refused, .neverToTheUnwilling),
      (.foreign, .respectsReservations), (.lost, .conservesResources),
    ])
  func spoiled(_ fault: Spoiled.Fault, _ law: AllocatorLaw) {
    let laws = AllocatorLaws { request throws(ParameterError) in
      Spoiled(base: HierarchicalAllocator(request.options), fault: fault)
    }
    let violations = laws.violations(of: [law])
    #expect(violations.map(\.law) == [law])
    #expect(violations.first?.description.contains("seed") == true)
  }
}
