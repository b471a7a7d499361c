// Part of mesosim. Apache-2.0, see LICENSE.
//
// Apps with persistent volumes: a place is reserved first, instances are launched there when it is
// offered, again and again, and it is given back when nobody needs it any more.

import Mesos

extension MarathonScheduler {
  /// How long a place that was asked for is waited for.
  private static let reservationTimeout = Duration.seconds(20)

  private var owner: (id: String, principal: String?) {
    (environment.store.frameworkID?.value ?? "", principal)
  }

  /// Launches a resident instance whose place is offered, or reserves one for another.
  ///
  /// - Returns: Whether something of the offer is used.
  func useResident(
    _ spec: AppSpec, on work: inout OfferWork, _ terms: MatchTerms
  ) -> Bool {
    let tally = spec.app.tally
    let home = spec.firstWaiting { instance in
      guard let place = instance.residence else { return false }
      return place.slave == work.offer.slaveID && work.remainder.contains(place.all)
    }
    if let home, let place = home.residence {
      spec.dequeue(home)
      tally.noteUse(at: now)
      work.add(provision(home, on: work, place.all, place.ports))
      return true
    }
    guard let instance = spec.firstWaiting({ $0.residence == nil }) else { return false }
    return reserve(for: instance, on: &work, terms)
  }

  private func reserve(
    for instance: AppInstance, on work: inout OfferWork, _ terms: MatchTerms
  ) -> Bool {
    let spec = instance.spec
    var refusals = OfferRefusals()
    if work.offer.role == .unreserved { refusals.insert(.noReservation) }
    guard refusals.isEmpty, case .match(_, let ports) = work.match(spec, terms) else {
      if refusals.isEmpty, case .refusal(let found) = work.match(spec, terms) { refusals = found }
      spec.app.tally.note(refusals, from: work.offer.hostname, at: now)
      return false
    }
    let place = Residence(
      instance.name, spec.definition, ports: ports, slave: work.offer.slaveID,
      role: work.offer.role, work.location, owner: owner)
    guard work.remainder.unreserved.contains(place.wanted) else {
      refusals.insert(.disk)
      spec.app.tally.note(refusals, from: work.offer.hostname, at: now)
      return false
    }
    spec.app.tally.noteUse(at: now)
    work.prepare(place)
    settle(instance, in: place)
    environment.startTimer(after: Self.reservationTimeout) { [weak self, weak instance] in
      guard let self, let instance, instance.residence === place, !place.isSeen else { return }
      leave(instance, drops: true)
      wake(spec)
    }
    return true
  }

  /// Gives an instance its place.
  func settle(_ instance: AppInstance, in place: Residence) {
    instance.residence = place
    residences[place.name] = instance
    instance.spec.placement.add(TaskID(place.name), at: place.location)
    keep(instance)
    keepPlace(place, of: instance.app, owner: instance.number)
  }

  /// Takes its place from an instance, for others of its app or for nobody.
  func leave(_ instance: AppInstance, drops: Bool) {
    guard let place = instance.residence else { return }
    instance.residence = nil
    instance.spec.placement.remove(TaskID(place.name))
    residences[place.name] = nil
    if drops { return drop(place) }
    instance.app.places.append(place)
    keepPlace(place, of: instance.app, owner: -1)
  }

  /// Nobody needs a place any more: what is there is given back when it is offered.
  func drop(_ place: Residence) {
    sought.insert(place.name)
    forgetPlace(place)
    revive()
  }

  /// Finds a place for a new instance among those that others of its app have left.
  func reusePlace(for instance: AppInstance) {
    let app = instance.app
    while let place = app.places.first {
      app.places.removeFirst()
      let fresh = Residence(
        place.name, instance.spec.definition, ports: place.ports, slave: place.slave,
        role: place.role, place.location, owner: owner)
      if fresh.all == place.all, fresh.ports.count == instance.spec.ports.count {
        return settle(instance, in: place)
      }
      drop(place)
    }
  }

  /// Looks at what is kept for instances on the slave of an offer: what nobody needs is given back.
  func tidy(_ work: inout OfferWork) {
    let framework = owner.id
    var unneeded: [Resource] = []
    for entry in work.remainder.entries {
      guard let name = Residence.name(on: entry, of: framework) else { continue }
      if let instance = residences[name], let place = instance.residence {
        place.isSeen = true
        place.slave = work.offer.slaveID
        sought.remove(name)
        // Its volumes are free: its task cannot be alive.
        if instance.condition == .unreachable { endUnreachable(instance) }
      } else if !isParked(name) {
        sought.remove(name)
        unneeded.append(entry)
      }
    }
    if !unneeded.isEmpty { work.giveBack(Resources(unneeded)) }
  }

  private func isParked(_ name: String) -> Bool {
    apps.values.contains { $0.places.contains { $0.name == name } }
  }

  // MARK: What is written down

  private static let placePrefix = "v/"

  private func keepPlace(_ place: Residence, of app: MarathonApp, owner number: Int) {
    let ports = place.ports.map { $0.map { String($0) } ?? "-" }.joined(separator: ",")
    let constraints = app.spec?.placement.rules.constraints ?? []
    var lines = [
      "\(app.group.number) \(number)", place.slave.value, place.role.value, ports,
      place.location.hostname,
    ]
    lines += constraints.compactMap { constraint in
      place.location[constraint.field].map { "\(constraint.field)=\($0)" }
    }
    try? environment.store.write(
      lines.joined(separator: "\n"), for: Self.placePrefix + place.name)
  }

  private func forgetPlace(_ place: Residence) {
    environment.store.remove(Self.placePrefix + place.name)
  }

  /// Takes over the places that an earlier process has written down.
  func restorePlaces(_ byGroup: [Int: MarathonApp], _ keys: [String]) {
    for key in keys where key.hasPrefix(Self.placePrefix) {
      let lines = (environment.store.text(for: key) ?? "")
        .split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
      let numbers = (lines.first ?? "").split(separator: " ").compactMap { Int($0) }
      guard lines.count > 4, numbers.count == 2, let app = byGroup[numbers[0]] else { continue }
      let instance = app.instances[numbers[1]]
      guard let spec = instance?.spec ?? app.spec else { continue }
      var attributes: [Attribute] = []
      for line in lines.dropFirst(5) {
        let parts = line.split(separator: "=", maxSplits: 1)
        if parts.count == 2 {
          attributes.append(Attribute(String(parts[0]), .text(String(parts[1]))))
        }
      }
      let ports = lines[3].split(separator: ",").map { Int($0) }
      let place = Residence(
        String(key.dropFirst(Self.placePrefix.count)), spec.definition, ports: ports,
        slave: SlaveID(lines[1]), role: Role(lines[2]),
        Location(hostname: lines[4], attributes: Attributes(attributes)), owner: owner)
      place.isSeen = true
      if let instance {
        settle(instance, in: place)
      } else {
        app.places.append(place)
      }
    }
  }
}
