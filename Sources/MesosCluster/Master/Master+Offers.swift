// Part of mesosim. Apache-2.0, see LICENSE.
//
// The life of an offer, but for its use: made, then declined, rescinded or discarded
// (Rules 4).

import Mesos
import MesosAllocation
import VirtualTime

extension Master {
  /// Has the offers made that are due and, where reasons are asked for, states what they go by.
  mutating func makeOffers() {
    if !statesPasses { return makeOffersDue() }
    let order = (allocator as? any ExplainingAllocator)?.passOrder(at: now)
    makeOffersDue()
    let count = allocations.count + allocationRuns.reduce(0) { $0 + $1.count }
    record(.passMade(AllocationPass(order, decisions: count, next: allocator.nextDeadline)))
  }

  /// Runs the allocator and sends each framework its offers in one message.
  private mutating func makeOffersDue() {
    allocations.removeAll(keepingCapacity: true)
    allocationRuns.removeAll(keepingCapacity: true)
    allocator.allocate(at: now, into: &allocations, runs: &allocationRuns)
    sortVisits()
    defer { if settings.followsMesos1_11 { makeInverseOffers() } }
    if !allocationRuns.isEmpty { return makeOffersOfRuns() }
    var rest = visits[...]
    while let first = rest.first {
      let framework = allocations[Self.place(of: first)].framework
      var list: [Offer] = []
      // Room for a small pass: a list that grows is moved at each step.
      list.reserveCapacity(min(rest.count, 64))
      while let visit = rest.first, allocations[Self.place(of: visit)].framework == framework {
        rest.removeFirst()
        makeOffer(of: Self.place(of: visit), into: &list)
      }
      if !list.isEmpty { send(.resourceOffers(Offers(list)), to: framework) }
    }
  }

  /// Puts what was allocated one by one in order: the offers of one message, and those in the order
  /// of registration of their slaves (Rules 4.1).
  private mutating func sortVisits() {
    visits.removeAll(keepingCapacity: true)
    // What is sorted are (framework, slave, place) in one word: allocations are large.
    for place in allocations.indices {
      let framework = UInt64(UInt32(bitPattern: allocations[place].framework.rawValue))
      let slave = UInt64(UInt32(bitPattern: allocations[place].slave.rawValue))
      visits.append(framework << 44 | slave << 22 | UInt64(place))
    }
    if visits.count > 1 { visits.sort() }
  }

  static func place(of visit: UInt64) -> Int { Int(visit & (1 << 22 - 1)) }

  /// Makes the offer that the allocator decided on.
  mutating func makeOffer(of place: Int, into list: inout [Offer]) {
    let number = offersMade
    let isMade = makeOffer(
      number, of: allocations[place].resources, on: allocations[place].slave,
      to: allocations[place].framework, role: allocations[place].role, into: &list)
    if isMade { offersMade += 1 }
  }

  /// Makes an offer; says whether its slave and framework are still there for it.
  @discardableResult
  mutating func makeOffer(
    _ number: Int, of resources: Resources, on slave: SlaveIndex, to framework: FrameworkIndex,
    role: Role, into list: inout [Offer]
  ) -> Bool {
    guard frameworks[framework].state == .active, slaves[slave].state == .connected,
      !slaves[slave].isDraining, let slaveID = slaves[slave].id
    else {
      // What is gone by now gets no offer, and no party is told (Rules R4.2).
      allocator.offerEnded(
        resources, of: framework, role: role, on: slave, refusal: nil, at: now)
      return false
    }
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
    list.append(offer)
    record(.offered(framework, slave, resources))
    return true
  }

  /// The numbers of a slave's open offers, oldest first.
  func openOffers(of slave: SlaveIndex) -> [Int] {
    let single = offers.numbers(onSlave: slaves[slave].openOffers)
    guard let number = offers.runs.number(on: slave) else { return single }
    return (single + [number]).sorted()
  }

  /// Declines those of the offers that are open and the framework's; others are passed over.
  mutating func decline(_ ids: OfferIDs, filters: Filters, for framework: FrameworkIndex) {
    if settings.followsMesos1_11 { return declineAll(ids, filters: filters) }
    forgetOvertaken(before: ids, of: framework)
    for block in ids.blocks where block.master == info.id {
      var number = max(0, block.numbers.lowerBound)
      let end = min(offersMade, block.numbers.upperBound)
      while number < end {
        if let part = offers.runs.openPart(from: number, before: end) {
          if part.run.framework == framework {
            self.end(part.run, part.places, from: number, .declined, refusal: filters)
          }
          number += part.places.count
        } else {
          if offers.framework(of: number) == framework {
            self.end(number, .declined, refusal: filters)
          }
          number += 1
        }
      }
    }
  }

  /// Declines every one of the offers that is open, whosever it is, as Mesos 1.11 does.
  private mutating func declineAll(_ ids: OfferIDs, filters: Filters) {
    for id in ids where id.master == info.id { end(id.number, .declined, refusal: filters) }
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
  /// Whether there are ports that the system hands out (Mesos: `network/port_mapping`).
  var hasEphemeralPorts: Bool {
    !hasOnlyStandardScalars && entries.contains { $0.name == "ephemeral_ports" }
  }

  /// What of a slave a framework is shown: ports that the system hands out are not.
  var withoutEphemeralPorts: Resources {
    guard hasEphemeralPorts else { return self }
    return Resources(entries.filter { $0.name != "ephemeral_ports" })
  }
}
