// Part of mesosim. Apache-2.0, see LICENSE.
//
// Whatever reaches a master, its books balance and it does not trap.

import Foundation
import Mesos
import MesosAllocation
import Testing
import VirtualTime

@testable import MesosCluster

@Suite("Master under random messages")
struct MasterPropertyTests {
  /// How many sequences; `MESOSIM_FUZZ_SEQUENCES` asks for more.
  static let sequences =
    ProcessInfo.processInfo.environment["MESOSIM_FUZZ_SEQUENCES"].flatMap(UInt64.init) ?? 10

  @Test(
    "what slaves have is with offers, tasks, executors or the allocator, once",
    arguments: ["drf", "optimistic"])
  func conservation(allocator: String) throws {
    for seed in 0..<Self.sequences {
      let fuzz = try MasterFuzz(seed: seed, isHonest: true, allocator: allocator)
      for step in 0..<400 {
        try fuzz.step()
        if let disagreement = fuzz.disagreement() {
          Issue.record("seed \(seed), step \(step): \(disagreement)")
          return
        }
      }
      let missing = fuzz.missingAtTheEnd()
      #expect(missing.isEmpty, "seed \(seed): \(missing)")
    }
  }

  @Test(
    "nothing that is said traps, and the master agrees with its own facts",
    arguments: ["drf", "optimistic"])
  func noTrap(allocator: String) throws {
    for seed in 0..<Self.sequences {
      let fuzz = try MasterFuzz(seed: 1_000_000 + seed, isHonest: false, allocator: allocator)
      for step in 0..<400 {
        try fuzz.step()
        if let disagreement = fuzz.disagreement() {
          Issue.record("seed \(seed), step \(step): \(disagreement)")
          return
        }
      }
    }
  }
}

extension MasterPropertyTests {
  @Test("a master that follows Mesos 1.11 keeps its books as well", arguments: [true, false])
  func mesos1_11(isHonest: Bool) throws {
    for seed in 0..<Self.sequences {
      let fuzz = try MasterFuzz(
        seed: 2_000_000 + seed, isHonest: isHonest, followsMesos1_11: true)
      for step in 0..<400 {
        try fuzz.step()
        if let disagreement = fuzz.disagreement() {
          Issue.record("seed \(seed), step \(step): \(disagreement)")
          return
        }
      }
      if !isHonest { continue }
      let missing = fuzz.missingAtTheEnd()
      #expect(missing.isEmpty, "seed \(seed): \(missing)")
    }
  }
}

extension MasterFuzz {
  /// Ends everything and lets one framework take what there is: what it is not offered is missing.
  func missingAtTheEnd() -> [String] {
    for framework in frameworks.indices {
      tell(.operator(.teardown(FrameworkIndex(framework)), number: 0))
    }
    for role in Self.roles { tell(.operator(.removeQuota(role), number: 0)) }
    tell(.operator(.updateWhitelist(nil), number: 0))
    tell(.operator(.updateMaintenance([]), number: 0))
    for slave in slaves.indices {
      tell(.operator(.reactivate(SlaveIndex(slave)), number: 0))
      var info = slaves[slave].info
      info.resources = slaves[slave].resources
      tell(.slave(SlaveIndex(slave), .register(info)))
    }
    let taker = FrameworkIndex(7)
    var info = FrameworkInfo(name: "taker", capabilities: [.multiRole, .reservationRefinement])
    info.capabilities.insert(.revocableResources)
    info.roles = Self.roles
    // By force: what is suppressed, filtered or paused elsewhere does not count.
    tell(.scheduler(taker, 0, .subscribe(Subscription(info))))
    var missing: [String] = []
    // Ten minutes, as an allocator may wait so long after a failover.
    for _ in 0..<700 {
      now += .seconds(1)
      // Slaves answer; otherwise they would be lost meanwhile.
      for slave in slaves.indices { tell(.slave(SlaveIndex(slave), .pong)) }
      tell(.deadline)
      missing = whatIsNotOffered
      if missing.isEmpty { return [] }
    }
    return missing
  }

  /// Which cpus and memory are in no offer; small rests of the others may be too little for one.
  private var whatIsNotOffered: [String] {
    var missing: [String] = []
    for index in master.slaves.indices where master.slaves[index].state == .connected {
      var offered = Quantities()
      for number in master.openOffers(of: SlaveIndex(index)) {
        offered += master.offers[number]?.resources.scalarQuantities ?? Quantities()
      }
      let total = master.slaves[index].total.scalarQuantities
      for name in ["cpus", "mem"] {
        // Where offers overlap, there is the more of it.
        let isAll = master.overlaps ? offered[name] >= total[name] : offered[name] == total[name]
        if isAll { continue }
        missing.append("slave \(index) offers \(offered) of \(total)")
      }
    }
    return missing
  }
}
