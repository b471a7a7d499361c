// Part of mesosim. Apache-2.0, see LICENSE.
//
// The life of an offer, but for its use: made, then declined, rescinded or discarded
// (Rules 4).

import Mesos
import MesosAllocation
import VirtualTime

extension Master {
  /// Runs the allocator and sends each framework its offers in one message.
  mutating func makeOffers() {
    allocations.removeAll(keepingCapacity: true)
    allocator.allocate(at: now, into: &allocations)
    // Within one message, offers stand in the order of registration of their slaves (Rules 4.1).
    // What is sorted are (slave, place) in one word: allocations are large.
    visits.removeAll(keepingCapacity: true)
    for place in allocations.indices {
      visits.append(
        UInt64(UInt32(bitPattern: allocations[place].slave.rawValue)) << 32 | UInt64(place))
    }
    if visits.count > 1 { visits.sort() }
    for visit in visits {
      makeOffer(of: Int(UInt32(truncatingIfNeeded: visit)))
    }
    for framework in offersByFramework.indices where !offersByFramework[framework].isEmpty {
      send(.resourceOffers(Offers(offersByFramework[framework])), to: FrameworkIndex(framework))
      offersByFramework[framework].removeAll()
    }
  }

  private mutating func makeOffer(of place: Int) {
    let framework = allocations[place].framework
    let slave = allocations[place].slave
    let role = allocations[place].role
    let resources = allocations[place].resources
    guard frameworks[framework].state == .active, slaves[slave].state == .connected,
      !slaves[slave].isDraining, let slaveID = slaves[slave].id
    else {
      // What is gone by now gets no offer, and no party is told (Rules R4.2).
      return allocator.offerEnded(
        resources, of: framework, role: role, on: slave, refusal: nil, at: now)
    }
    let number = offersMade
    offersMade += 1
    offers.add(
      OpenOffer(
        number: number, framework: framework, slave: slave, role: role, resources: resources,
        version: slaves[slave].version),
      to: &slaves[slave].openOffers)
    if let timeout = settings.offerTimeout { offers.setTimeout(of: number, at: now + timeout) }
    var offer = Offer(
      id: OfferID(master: info.id, number: number), frameworkID: frameworks[framework].id,
      slaveID: slaveID, hostname: slaves[slave].info.hostname, role: role,
      resources: resources, attributes: slaves[slave].info.attributes)
    if !resources.hasOnlyStandardScalars { offer.resources = resources.withoutEphemeralPorts }
    if !slaves[slave].executors.isEmpty {
      offer.executorIDs = slaves[slave].executors
        .filter { $0.framework == framework }.map(\.info.executorID)
    }
    if let unavailability = slaves[slave].unavailability { offer.unavailability = unavailability }
    if let domain = slaves[slave].info.domain { offer.domain = domain }
    if offersByFramework[framework].isEmpty {
      // Room for a small pass: a list that grows is moved at each step.
      offersByFramework[framework].reserveCapacity(min(visits.count, 64))
    }
    offersByFramework[framework].append(offer)
    record(.offered(framework, slave, resources))
  }

  /// Declines those of the offers that are open and the framework's; others are passed over.
  mutating func decline(
    _ ids: some Sequence<OfferID>, filters: Filters, for framework: FrameworkIndex
  ) {
    forgetOvertaken(before: ids, of: framework)
    for id in ids where isOpen(id, for: framework) {
      end(id.number, .declined, refusal: filters)
    }
  }

  func isOpen(_ id: OfferID, for framework: FrameworkIndex) -> Bool {
    id.master == info.id && offers.framework(of: id.number) == framework
  }

  /// Ends an open offer and gives all it held back to the allocator; forgets an overtaken one.
  mutating func end(_ number: Int, _ how: OfferEnd, refusal: Filters?) {
    guard let offer = offers.remove(number, from: &slaves), offer.isOpen else { return }
    record(.offerEnded(offer.framework, offer.slave, offer.resources, how))
    allocator.offerEnded(
      offer.resources, of: offer.framework, role: offer.role, on: offer.slave,
      refusal: refusal, at: now)
  }

  /// Takes an open offer back and tells its framework; forgets an overtaken one.
  mutating func rescind(_ number: Int, refusal: Filters?) {
    let framework = offers.framework(of: number)
    end(number, .rescinded, refusal: refusal)
    guard let framework else { return }
    send(.rescindOffer(OfferID(master: info.id, number: number)), to: framework)
  }
}

extension Resources {
  /// What of a slave a framework is shown: ports that the system hands out are not
  /// (Mesos: `network/port_mapping`).
  fileprivate var withoutEphemeralPorts: Resources {
    let entries = entries
    guard entries.contains(where: { $0.name == "ephemeral_ports" }) else { return self }
    return Resources(entries.filter { $0.name != "ephemeral_ports" })
  }
}
