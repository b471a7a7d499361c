// Part of mesosim. Apache-2.0, see LICENSE.
//
// Offers: which broker takes one, for how long the others are declined, and when some are asked
// for.

import Mesos

extension KafkaScheduler {
  /// Answers every offer.
  func answer(_ offers: Offers, _ driver: any SchedulerDriver) {
    if reconciling > 0 {
      // What there is to launch is not known yet.
      driver.declineOffers(offers)
      return
    }
    var runs = runs ?? makeRuns()
    // Held here alone, so that nothing is copied when somebody is taken out.
    self.runs = nil
    let cpus = runs.compactMap(\.first?.options.cpus).min() ?? 0
    let mem = runs.compactMap(\.first?.options.mem).min() ?? 0
    var place = offers.startIndex
    while place < offers.endIndex, !waiting.isEmpty {
      // What is too small for each of them is not looked at.
      let next = offers.firstIndex(from: place) { $0.cpus >= cpus && $0.mem >= mem }
      let found = next ?? offers.endIndex
      if found > place {
        tally.note(BrokerMatch.Refusal.cpus.description, offers: found - place)
        decline(offers[place..<found], driver)
      }
      if let next { take(offers[next], &runs, driver) }
      place = next.map { $0 + 1 } ?? found
    }
    // Nobody else has begun or ceased to wait meanwhile.
    self.runs = runs
    decline(offers[place...], driver)
    tellWanted()
    askForOffers()
  }

  /// Those that wait, those that want the same and follow each other together.
  private func makeRuns() -> [ArraySlice<KafkaBroker>] {
    var runs: [ArraySlice<KafkaBroker>] = []
    var start = waiting.startIndex
    for end in waiting.indices where end > start && !waiting[end].wantsLike(waiting[start]) {
      runs.append(waiting[start..<end])
      start = end
    }
    if start < waiting.endIndex { runs.append(waiting[start...]) }
    return runs
  }

  /// Launches the first broker that an offer suits, or declines it.
  private func take(
    _ offer: Offer, _ runs: inout [ArraySlice<KafkaBroker>], _ driver: any SchedulerDriver
  ) {
    let sight: BrokerOffer
    do throws(BrokerOffer.MixedRoles) { sight = try BrokerOffer(offer) } catch {
      tally.note("roles", offers: 1)
      driver.declineOffer(offer.id)
      return
    }
    let (now, volumeSize) = (seconds, options.volumeSize)
    let match = BrokerMatch(
      sight, waiting: runs, &places, wish: { $0.wish(at: now, volumeSize: volumeSize) },
      stay: { $0.stay(at: now) })
    guard let taken = match.taken, let place = match.place, let broker = brokers[taken.broker]
    else {
      tally.note(match.refusals.first?.reason.description ?? "", offers: 1)
      let filter = jittered(match.filterSeconds)
      driver.declineOffer(offer.id, filters: Filters(refuseSeconds: filter))
      if match.dependsOnOthers { revival.dependsOnOthers = true }
      if let next = match.nextSeconds, next < filter { reviveLater(after: .rounded(seconds: next)) }
      return
    }
    if place.index == runs[place.run].startIndex {
      runs[place.run].removeFirst()
    } else {
      runs[place.run].remove(at: place.index)
    }
    if runs[place.run].isEmpty { runs.remove(at: place.run) }
    tally.noteUse()
    launch(broker, on: offer, sight, taken, driver)
  }

  /// So that what is declined at a time does not all come back at a time.
  private func jittered(_ seconds: Double) -> Double {
    seconds + seconds / 3 * (chance.uniform() - 0.5)
  }

  private func decline(_ offers: Offers, _ driver: any SchedulerDriver) {
    guard !offers.isEmpty else { return }
    driver.declineOffers(
      offers, filters: Filters(refuseSeconds: jittered(BrokerMatch.longFilter)))
  }

  // MARK: Asking for offers

  /// Asks for offers again when some broker needs them, and for none when none does.
  func askForOffers(isForced: Bool = false) {
    guard let driver else { return }
    if isForced || restless > 0 && isSuppressed {
      isSuppressed = false
      driver.reviveOffers()
    } else if restless == 0, !isSuppressed {
      isSuppressed = true
      driver.suppressOffers()
    }
  }

  /// Asks again for what was declined when it may be of use, long before it would come back.
  func reviveLater(after delay: Duration) {
    guard let interval = options.askAgain else { return }
    let due = now + max(delay, interval)
    if let timer = revival.timer {
      guard due < revival.due else { return }
      environment.cancelTimer(timer)
    }
    revival.due = due
    revival.timer = environment.startTimer(after: due - now) { [weak self] in
      guard let self else { return }
      revival = KafkaRevival()
      if !waiting.isEmpty { askForOffers(isForced: true) }
    }
  }

  /// Others are elsewhere now, and what did not suit a broker before may do so.
  func notePlacesChanged() {
    if revival.dependsOnOthers, !waiting.isEmpty { reviveLater(after: .zero) }
  }

  // MARK: Launches

  private func launch(
    _ broker: KafkaBroker, on offer: Offer, _ sight: BrokerOffer, _ taken: BrokerMatch.Taken,
    _ driver: any SchedulerDriver
  ) {
    environment.journal.assure("no broker is started twice") { broker.alive.isEmpty }
    launches += 1
    let id = TaskID("kafka-\(broker.id)-\(launches)")
    var part = offer.resources.part(taken)
    var making: [OfferOperation] = []
    if let volume = broker.volume {
      if let there = offer.resources.volume(volume) {
        part += there
      } else {
        let disk = Resources(disk: options.volumeSize ?? 0)
        let reservation = Reservation(.dynamic, role: offer.role, principal: principal)
        let made = disk.asVolume(volume, reservation)
        making = [.reserve(disk.pushing(reservation)), .create(made)]
        part += made
        broker.isVolumeNew = true
      }
      broker.madeVolume = volume
    }
    environment.journal.launching(
      id, of: JobID(Self.group.number), runnableSince: broker.waitsSince)
    broker.task = id
    broker.alive.insert(id)
    broker.slave = offer.slaveID
    broker.attributes = sight.attributes
    broker.attributes["hostname"] = offer.hostname
    broker.port = taken.port
    broker.endpoint = ""
    broker.isToStop = false
    _ = note(.launch, of: broker)
    places.add(broker.attributes, of: broker.id)
    notePlacesChanged()
    keep(broker)
    let executor = ExecutorInfo(
      ExecutorID(id.value), command: CommandInfo("./kafka-mesos.sh executor"),
      name: "broker-\(broker.id)", source: "broker-\(broker.id)")
    let task = TaskInfo(
      name: "broker-\(broker.id)", taskID: id, slaveID: offer.slaveID, resources: part,
      executor: executor,
      data: KafkaExecutor.data(broker: broker.id, port: taken.port, broker.options))
    if making.isEmpty {
      driver.launchTasks(offer.id, [task])
    } else {
      driver.acceptOffers([offer.id], making + [.launch([task])], filters: Filters())
    }
  }
}

/// What was declined that may be of use before it comes back.
struct KafkaRevival {
  /// Whether some of it depends on where other brokers are.
  var dependsOnOthers = false
  /// The timer of the request for all of it, and when that is.
  var timer: TimerID?
  var due = Instant.start
}

extension BrokerOffer {
  /// What Kafka on Mesos sees of an offer.
  init(_ offer: Offer) throws(MixedRoles) {
    let resources = offer.resources
    if resources.isPlain {
      self.init(
        hostname: offer.hostname, attributes: offer.attributes, cpus: resources.cpus,
        mem: resources.mem, disk: resources.disk, ports: Self.ports(in: resources.ports))
      return
    }
    var attributes: [String: String] = [:]
    for attribute in offer.attributes.list {
      if case .text(let text) = attribute.value { attributes[attribute.name] = text }
    }
    var items: [Item] = []
    for entry in offer.resources.entries where !entry.isRevocable && !entry.isShared {
      let isDynamic = entry.reservations.last?.kind == .dynamic
      func add(_ kind: Item.Kind) {
        items.append(Item(kind, role: entry.role.value, isDynamic: isDynamic))
      }
      switch (entry.name, entry.value) {
      case ("cpus", .scalar(let amount)): add(.cpus(amount.value))
      case ("mem", .scalar(let amount)): add(.mem(amount.value))
      case ("disk", .scalar(let amount)):
        if let id = entry.disk?.persistenceID {
          add(.volume(id))
        } else if entry.disk == nil {
          add(.disk(amount.value))
        }
      case ("ports", .ranges(let ranges)):
        for range in Self.ports(in: ranges) { add(.ports(range)) }
      default: break
      }
    }
    try self.init(hostname: offer.hostname, attributes: attributes, items)
  }

  private static func ports(in ranges: ValueRanges) -> [ClosedRange<Int>] {
    ranges.ranges.compactMap { range in
      guard range.begin <= range.end, let first = UInt16(exactly: range.begin) else { return nil }
      return Int(first)...Int(UInt16(clamping: range.end))
    }
  }
}

extension Resources {
  /// The part of these that a broker takes.
  fileprivate func part(_ taken: BrokerMatch.Taken) -> Resources {
    let port = UInt64(taken.port)
    let ports = ValueRanges([ValueRange(port, port)])
    if isPlain {
      return Resources(cpus: taken.cpus.shared, mem: taken.mem.shared).withPorts(ports)
    }
    var parts: [Resource] = []
    for (name, amounts) in [("cpus", taken.cpus), ("mem", taken.mem)] {
      var missing = [
        true: Scalar(amounts.shared)?.thousandths ?? 0,
        false: Scalar(amounts.role)?.thousandths ?? 0,
      ]
      for var entry in entries where entry.name == name && entry.isBrokers {
        let isShared = entry.reservations.isEmpty
        guard case .scalar(let there) = entry.value, let left = missing[isShared], left > 0 else {
          continue
        }
        let amount = Swift.min(left, there.thousandths)
        missing[isShared] = left - amount
        entry.value = .scalar(Scalar(thousandths: amount))
        parts.append(entry)
      }
    }
    let source = entries.first { entry in
      guard entry.name == "ports", entry.isBrokers, entry.role.value == taken.portRole,
        case .ranges(let there) = entry.value
      else { return false }
      return there.ranges.contains { $0.begin <= port && port <= $0.end }
    }
    if var source {
      source.value = .ranges(ports)
      parts.append(source)
    }
    return Resources(parts)
  }

  /// The persistent volume of an id.
  fileprivate func volume(_ id: String) -> Resources? {
    entries.first { $0.disk?.persistenceID == id && !$0.reservations.isEmpty }
      .map { Resources([$0]) }
  }

  /// A volume of this disk.
  fileprivate func asVolume(_ id: String, _ reservation: Reservation) -> Resources {
    Resources(
      entries.map { entry in
        Resource(
          entry.name, entry.value, reservations: [reservation],
          disk: DiskInfo(persistenceID: id, containerPath: "data"))
      })
  }
}

extension Resource {
  /// Whether Kafka on Mesos takes of it for a broker: what was reserved while the cluster ran it
  /// leaves alone, but for volumes.
  fileprivate var isBrokers: Bool {
    !isRevocable && !isShared && reservations.last?.kind != .dynamic && disk == nil
  }
}
