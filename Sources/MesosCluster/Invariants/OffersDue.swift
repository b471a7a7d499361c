// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a framework should be offered: a copy of the allocator is told of slaves, tasks, offers and
// the framework afresh, from the master's books. It differs from the one in charge by what that one
// has forgotten, or never heard. Nothing here changes the run.

import Mesos
import MesosAllocation
import VirtualTime

extension Cluster {
  /// The slaves of which a framework would be offered something, were the leader's allocator told
  /// everything afresh and the framework the only one that wants anything.
  ///
  /// An allocator that cannot say why it withholds what is free may have reasons of its own: no
  /// slave is due under it. Nor is one that the master offers to nobody, because it is disconnected
  /// or drains: whether the allocator knows that depends on what it supports.
  /// - Complexity: O(tasks, offers, slaves × frameworks).
  func slavesDue(to framework: FrameworkIndex, at now: Instant) -> [SlaveIndex] {
    guard let process = leadingProcess,
      let allocator = process.master.allocator as? any ExplainingAllocator
    else { return [] }
    let (number, unwanted) = (schedulers[framework].number, schedulers[framework].driver.unwanted)
    var told = process.master.allocatorToldAfresh(of: number, suppressed: unwanted, at: now)
    var allocations: [Allocation] = []
    // What is new is offered at once, or at the next tick.
    for _ in 0..<2 {
      guard let due = told.nextDeadline else { break }
      told.allocate(at: max(due, now), into: &allocations)
    }
    return process.master.slaves.indices.map { SlaveIndex($0) }.filter { slave in
      process.master.slaves[slave].isActive
        && allocations.contains { $0.slave == slave && $0.framework == number }
        && allocator.withholding(on: slave) != .refusal
        && !process.master.hasOffer(of: slave, to: number)
    }
  }
}

extension Master {
  /// Whether a framework has an open offer of a slave.
  fileprivate func hasOffer(of slave: SlaveIndex, to framework: FrameworkIndex) -> Bool {
    openOffers(of: slave)
      .contains { offers.framework(of: $0) == framework }
  }

  /// A copy of the allocator that has forgotten all slaves, refusals and what frameworks want, and
  /// is told again; one framework alone is active.
  fileprivate func allocatorToldAfresh(
    of served: FrameworkIndex, suppressed: [Role], at now: Instant
  ) -> any Allocator {
    var told = allocator
    let present = slaves.indices.map { SlaveIndex($0) }
    for slave in present { told.removeSlave(slave, at: now) }
    for framework in frameworks.indices where isKnown(FrameworkIndex(framework)) {
      told.deactivateFramework(FrameworkIndex(framework), at: now)
    }
    told.updateFramework(served, entry(of: served, suppressed: suppressed), at: now)
    told.activateFramework(served, at: now)
    for slave in present where slaves[slave].state.isRegistered {
      let record = slaves[slave]
      told.addSlave(
        slave,
        SlaveEntry(
          id: record.id ?? SlaveID(""), hostname: record.info.hostname, total: record.total,
          used: held(on: slave), attributes: record.info.attributes), at: now)
      if !record.isActive { told.deactivateSlave(slave, at: now) }
    }
    told.resume(at: now)
    return told
  }

  /// What is held on a slave, by whom and in which role: by tasks, executors and, where they are
  /// charged, offers.
  private func held(on slave: SlaveIndex)
    -> [(framework: FrameworkIndex, role: Role, resources: Resources)]
  {
    var held: [(framework: FrameworkIndex, role: Role, resources: Resources)] = []
    for slot in tasks.slots(onSlave: slaves[slave].tasks) where !tasks[slot].state.isTerminal {
      held.append((tasks[slot].framework, tasks[slot].role, tasks[slot].resources))
    }
    for executor in slaves[slave].executors {
      held.append((executor.framework, executor.role, executor.info.resources))
    }
    if overlaps { return held }
    for number in openOffers(of: slave) {
      guard let offer = offers[number] else { continue }
      held.append((offer.framework, offer.role, offer.resources))
    }
    return held
  }
}
