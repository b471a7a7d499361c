// Part of mesosim. Apache-2.0, see LICENSE.
//
// The life of an offer: made, then declined, used or discarded (mesos.md section 4).

import Mesos
import MesosAllocation
import VirtualTime

extension Master {
  /// Runs the allocator and sends each framework its offers in one message.
  mutating func makeOffers(
    at now: Instant, into actions: inout ActionBuffer<MasterAction>
  ) {
    allocations.removeAll(keepingCapacity: true)
    allocator.allocate(at: now, into: &allocations)
    // Within one message, offers stand in the order of registration of their slaves (mesos.md 4.1).
    // What is sorted are (slave, place) in one word: allocations are large.
    visits.removeAll(keepingCapacity: true)
    for place in allocations.indices {
      visits.append(UInt64(UInt32(bitPattern: allocations[place].slave)) << 32 | UInt64(place))
    }
    if visits.count > 1 { visits.sort() }
    for visit in visits {
      let allocation = allocations[Int(UInt32(truncatingIfNeeded: visit))]
      let framework = Int(allocation.framework)
      let slave = Int(allocation.slave)
      guard let slaveID = slaves[slave].id else {
        preconditionFailure("slave \(allocation.slave) was allocated before it registered")
      }
      let id = OfferID(master: info.id, number: offersMade)
      offersMade += 1
      offers[id.number] = OpenOffer(
        framework: allocation.framework, slave: allocation.slave, role: allocation.role,
        resources: allocation.resources)
      offersByFramework[framework].append(
        Offer(
          id: id, frameworkID: frameworks[framework].id, slaveID: slaveID,
          hostname: slaves[slave].info.hostname, role: allocation.role,
          resources: allocation.resources,
          attributes: slaves[slave].info.attributes))
      actions.record(.offered(allocation.framework, allocation.slave, allocation.resources))
    }
    for framework in offersByFramework.indices where !offersByFramework[framework].isEmpty {
      actions.append(
        .toScheduler(FrameworkIndex(framework), .resourceOffers(offersByFramework[framework])))
      offersByFramework[framework].removeAll()
    }
  }

  /// Declines those of the offers that are open and the framework's; others are passed over.
  mutating func decline(
    _ ids: [OfferID], filters: Filters, for framework: FrameworkIndex, at now: Instant,
    into actions: inout ActionBuffer<MasterAction>
  ) {
    for id in ids where id.master == info.id && offers[id.number]?.framework == framework {
      end(id.number, .declined, refusal: filters, at: now, into: &actions)
    }
  }

  /// Ends an open offer and gives all it held back to the allocator.
  mutating func end(
    _ number: Int, _ how: OfferEnd, refusal: Filters?, at now: Instant,
    into actions: inout ActionBuffer<MasterAction>
  ) {
    guard let offer = offers.removeValue(forKey: number) else { return }
    actions.record(.offerEnded(offer.framework, offer.slave, offer.resources, how))
    allocator.recover(
      offer.resources, from: offer.framework, role: offer.role, on: offer.slave, refusal: refusal,
      at: now)
  }

  /// Uses up offers of one slave to launch tasks on it (mesos.md 4.4, 4.5).
  mutating func launch(
    _ tasks: [TaskInfo], on ids: [OfferID], filters: Filters, for framework: FrameworkIndex,
    at now: Instant, into actions: inout ActionBuffer<MasterAction>
  ) {
    guard !tasks.isEmpty else {
      return decline(ids, filters: filters, for: framework, at: now, into: &actions)
    }
    if let fault = faultOfOffers(ids, for: framework) {
      for id in ids where id.master == info.id && offers[id.number]?.framework == framework {
        end(id.number, .discarded, refusal: nil, at: now, into: &actions)
      }
      for task in tasks {
        refuse(
          task, of: framework, .lost, .invalidOffers, "task launched with invalid offers: \(fault)",
          at: now, into: &actions)
      }
      return
    }
    var remainder = Resources()
    var site: (slave: SlaveIndex, role: Role)?
    for id in ids {
      guard let offer = offers.removeValue(forKey: id.number) else { continue }
      remainder += offer.resources
      site = (offer.slave, offer.role)
      actions.record(.offerEnded(framework, offer.slave, offer.resources, .accepted))
    }
    guard let site else { return }
    let offered = remainder
    for task in tasks {
      if let fault = faultOfTask(task, of: framework, on: site.slave, remainder: remainder) {
        refuse(task, of: framework, .error, .taskInvalid, fault, at: now, into: &actions)
        continue
      }
      remainder -= task.resources
      start(task, of: framework, role: site.role, on: site.slave, into: &actions)
    }
    allocator.used(
      offered - remainder, by: framework, role: site.role, on: site.slave, at: now)
    if !remainder.isEmpty {
      allocator.recover(
        remainder, from: framework, role: site.role, on: site.slave, refusal: filters, at: now)
    }
  }

  /// What is wrong with the offers of a launch, or `nil` (the order of mesos.md 4.4).
  private func faultOfOffers(_ ids: [OfferID], for framework: FrameworkIndex) -> String? {
    guard let first = ids.first else { return "no offers specified" }
    var slave: SlaveIndex?
    var role: Role?
    for (position, id) in ids.enumerated() {
      if ids[..<position].contains(id) { return "offer \(id) is listed twice" }
      guard id.master == info.id, let offer = offers[id.number] else {
        return "offer \(id) is no longer valid"
      }
      if offer.framework != framework { return "offer \(id) was made to another framework" }
      if let role, role != offer.role { return "offers \(first) and \(id) are of different roles" }
      if let slave, slave != offer.slave {
        return "offers \(first) and \(id) are of different slaves"
      }
      slave = offer.slave
      role = offer.role
    }
    return nil
  }
}
