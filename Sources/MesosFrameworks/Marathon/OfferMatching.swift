// Part of mesosim. Apache-2.0, see LICENSE.
//
// Whether an instance can be launched on what is left of an offer, and why not: Marathon's checks
// in their order.

import Mesos

/// Why an app could not use an offer, in the order in which Marathon tells reasons.
enum OfferRefusal: Int, CaseIterable {
  /// Nothing is offered of a role that the app takes resources of.
  case unfulfilledRole
  /// A constraint keeps it from the slave.
  case unfulfilledConstraint
  /// There is no reservation of its own.
  case noReservation
  /// The slave is down for maintenance, or in a region that the app does not ask for.
  case maintenance
  /// Too few cpus.
  case cpus
  /// Too little memory.
  case memory
  /// Too little disk.
  case disk
  /// Too few gpus.
  case gpus
  /// Too few ports, or not those that are wanted.
  case ports
  /// The slave has gpus, which the app does not need.
  case scarce

  /// What Marathon calls it.
  var name: String { Self.names[rawValue] }

  private static let names = [
    "UnfulfilledRole", "UnfulfilledConstraint", "NoCorrespondingReservationFound",
    "AgentMaintenance", "InsufficientCpus", "InsufficientMemory", "InsufficientDisk",
    "InsufficientGpus", "InsufficientPorts", "DeclinedScarceResources",
  ]
}

/// All reasons against one offer; of several the first counts.
struct OfferRefusals {
  private var bits: UInt16 = 0

  var isEmpty: Bool { bits == 0 }

  /// The reason that counts.
  var first: OfferRefusal? {
    isEmpty ? nil : OfferRefusal(rawValue: bits.trailingZeroBitCount)
  }

  /// The reasons in their order.
  var list: [OfferRefusal] {
    OfferRefusal.allCases.filter { bits & 1 << UInt16($0.rawValue) != 0 }
  }

  mutating func insert(_ refusal: OfferRefusal) { bits |= 1 << UInt16(refusal.rawValue) }

  mutating func formUnion(_ other: OfferRefusals) { bits |= other.bits }
}

/// What became of the offers that an app was matched with.
final class OfferTally {
  private let name: String
  /// How many offers it was matched with.
  private(set) var processed = 0
  /// How many of these it had no use for.
  private(set) var unused = 0
  /// How many for which reason, in the order of the reasons.
  private(set) var declined = Array(repeating: 0, count: OfferRefusal.allCases.count)
  private(set) var lastUsedAt: Instant?
  private(set) var lastUnusedAt: Instant?
  /// The host of the last offer without use, and why.
  private(set) var lastUnused: (hostname: String, reasons: OfferRefusals)?

  init(_ name: String) { self.name = name }

  func note(_ refusals: OfferRefusals, from hostname: String, at now: Instant) {
    processed += 1
    unused += 1
    if let first = refusals.first { declined[first.rawValue] += 1 }
    lastUnusedAt = now
    lastUnused = (hostname, refusals)
  }

  func noteUse(at now: Instant) {
    processed += 1
    lastUsedAt = now
  }

  /// What reports are told.
  var wait: ServiceWait {
    let counts = zip(OfferRefusal.allCases, declined).filter { $0.1 > 0 }
    return ServiceWait(
      name, offers: processed,
      reasons: counts.map { ServiceWait.Reason($0.0.name, offers: $0.1) }
        .sorted { ($1.offers, $0.name) < ($0.offers, $1.name) })
  }
}

/// An offer while instances are launched on it.
struct OfferWork {
  let offer: Offer
  let location: Location
  private(set) var remainder: Resources
  /// Whether nothing in it is reserved or otherwise particular.
  private let isPlain: Bool
  private let hasGPUs: Bool
  private(set) var tasks: [TaskInfo] = []
  /// What is done before the tasks are launched.
  private(set) var operations: [OfferOperation] = []

  /// Whether something is done with the offer.
  var isUsed: Bool { !tasks.isEmpty || !operations.isEmpty }

  /// How many things are done with the offer.
  var count: Int { tasks.count + operations.count }

  /// Everything that is done with the offer.
  var allOperations: [OfferOperation] {
    operations + (tasks.isEmpty ? [] : [.launch(tasks)])
  }

  /// Makes a place for a resident instance.
  mutating func prepare(_ place: Residence) {
    remainder -= place.wanted
    operations += place.making
  }

  /// Gives back what was reserved, and destroys the volumes in it.
  mutating func giveBack(_ resources: Resources) {
    remainder -= resources
    let volumes = resources.persistentVolumes
    if !volumes.isEmpty { operations.append(.destroy(volumes)) }
    operations.append(.unreserve((resources - volumes) + volumes.withoutPersistence))
  }

  init(_ offer: Offer) {
    self.offer = offer
    location = Location(of: offer)
    remainder = offer.resources
    isPlain = remainder.isPlain
    hasGPUs = remainder.gpus > 0
  }

  mutating func add(_ task: TaskInfo) {
    remainder -= task.resources
    tasks.append(task)
  }

  /// What an instance would take, or why it cannot be launched here.
  enum Outcome {
    case match(resources: Resources, ports: [Int?])
    case refusal(OfferRefusals)
  }

  /// Matches one more instance of a configuration.
  ///
  /// - Parameters:
  ///   - spec: The configuration.
  ///   - terms: What else there is to know.
  /// - Returns: What it would take, or why it takes nothing.
  func match(_ spec: AppSpec, _ terms: MatchTerms) -> Outcome {
    var refusals = OfferRefusals()
    if offer.domain != nil, isElsewhere(spec, terms) { refusals.insert(.maintenance) }
    if offer.unavailability != nil, isDown(terms) { refusals.insert(.maintenance) }
    if !spec.hasNoConstraints, !spec.placement.accepts(location) {
      refusals.insert(.unfulfilledConstraint)
    }
    if hasGPUs, spec.definition.gpus == 0 { refusals.insert(.scarce) }
    if isPlain, spec.roles.acceptsUnreserved { return matchPlain(spec, terms, refusals) }
    let pool = spec.roles.part(of: remainder)
    guard let taken = pool.isEmpty ? nil : pool.firstParts(covering: spec.resources) else {
      if pool.isEmpty {
        refusals.insert(.unfulfilledRole)
      } else {
        addMissing(spec.resources, in: pool, to: &refusals)
      }
      return .refusal(refusals)
    }
    guard refusals.isEmpty else { return .refusal(refusals) }
    if case .any(0) = spec.ports { return .match(resources: taken, ports: []) }
    let offered = pool.offeredPorts
    guard let choice = PortChoice(spec.ports, of: offered.map(\.ports), random: terms.random)
    else {
      refusals.insert(.ports)
      return .refusal(refusals)
    }
    return .match(
      resources: taken + Self.resources(of: choice, offered), ports: choice.ports)
  }

  /// As `match`, where all that is offered is unreserved.
  private func matchPlain(
    _ spec: AppSpec, _ terms: MatchTerms, _ others: OfferRefusals
  ) -> Outcome {
    var refusals = others
    guard remainder.contains(spec.resources) else {
      addMissing(spec.resources, in: remainder, to: &refusals)
      return .refusal(refusals)
    }
    guard refusals.isEmpty else { return .refusal(refusals) }
    switch spec.ports {
    case .any(0): return .match(resources: spec.resources, ports: [])
    case .any(let count):
      let ranges = remainder.ports
      if let (ports, taken) = PortChoice.consecutive(count, of: ranges, terms.random()) {
        return .match(resources: spec.resources.withPorts(taken), ports: ports)
      }
    case .exactly, .mappings:
      let offered = remainder.offeredPorts
      if let choice = PortChoice(spec.ports, of: offered.map(\.ports), random: terms.random) {
        return .match(
          resources: spec.resources + Self.resources(of: choice, offered), ports: choice.ports)
      }
    }
    refusals.insert(.ports)
    return .refusal(refusals)
  }

  private func addMissing(
    _ wanted: Resources, in pool: Resources, to refusals: inout OfferRefusals
  ) {
    var missing = OfferRefusals()
    if pool.cpus < wanted.cpus { missing.insert(.cpus) }
    if pool.mem < wanted.mem { missing.insert(.memory) }
    if pool.gpus < wanted.gpus { missing.insert(.gpus) }
    if pool.disk < wanted.disk { missing.insert(.disk) }
    if missing.isEmpty { missing.insert(.unfulfilledRole) }
    refusals.formUnion(missing)
  }

  /// Whether the slave is in another region, which only apps take that ask where they are.
  private func isElsewhere(_ spec: AppSpec, _ terms: MatchTerms) -> Bool {
    guard let region = offer.domain?.region, let home = terms.region, region != home else {
      return false
    }
    return !spec.placement.rules.constraints.contains {
      $0.field == "@region" || $0.field == "@zone"
    }
  }

  private func isDown(_ terms: MatchTerms) -> Bool {
    guard let down = offer.unavailability, terms.now >= down.start else { return false }
    return down.duration.map { terms.now <= down.start + $0 } ?? true
  }

  private static func resources(
    of choice: PortChoice, _ offered: [(ports: OfferedPorts, entry: Resource)]
  ) -> Resources {
    var entries: [Resource] = []
    for (port, source) in choice.taken {
      let number = UInt64(port)
      guard var entry = offered.first(where: { $0.ports.source == source })?.entry else {
        continue
      }
      entry.value = .ranges(ValueRanges([ValueRange(number, number)]))
      entries.append(entry)
    }
    return Resources(entries)
  }
}

/// What matching depends on beside offer and app.
struct MatchTerms {
  let now: Instant
  /// The region of the master.
  let region: String?
  let random: () -> any RandomSource
}

/// Of which roles an app takes resources.
struct AcceptedRoles {
  private let roles: [String]
  let acceptsUnreserved: Bool

  init(_ roles: [String]) {
    self.roles = roles
    acceptsUnreserved = roles.contains("*")
  }

  /// What of an offer may be taken: no volumes, nothing that may be taken back.
  func part(of resources: Resources) -> Resources {
    let entries = resources.entries.filter { entry in
      roles.contains(entry.role.value) && entry.disk?.persistenceID == nil && !entry.isRevocable
        && !entry.isShared && entry.reservations.last?.labels.isEmpty ?? true
    }
    return Resources(entries)
  }
}

extension Resources {
  /// The first parts of these that come to so much, in their order; `nil` when there is too little.
  fileprivate func firstParts(covering wanted: Resources) -> Resources? {
    var parts: [Resource] = []
    let entries = entries
    for (name, amount) in [
      ("cpus", wanted.thousandths(of: "cpus")), ("mem", wanted.thousandths(of: "mem")),
      ("disk", wanted.thousandths(of: "disk")), ("gpus", wanted.thousandths(of: "gpus")),
    ] where amount > 0 {
      var missing = amount
      for entry in entries where entry.name == name && missing > 0 {
        guard case .scalar(let there) = entry.value else { continue }
        let part = Swift.min(missing, there.thousandths)
        var taken = entry
        taken.value = .scalar(Scalar(thousandths: part))
        parts.append(taken)
        missing -= part
      }
      if missing > 0 { return nil }
    }
    return Resources(parts)
  }

  /// The ports, range by range, each with the entry that it is of.
  fileprivate var offeredPorts: [(ports: OfferedPorts, entry: Resource)] {
    if isPlain {
      let entry = Resource("ports", .ranges(ports))
      return ports.ranges.compactMap { range in
        Self.bounds(range).map { (OfferedPorts(source: 0, range: $0), entry) }
      }
    }
    var offered: [(ports: OfferedPorts, entry: Resource)] = []
    for (index, entry) in entries.enumerated() where entry.name == "ports" {
      guard case .ranges(let ranges) = entry.value else { continue }
      for range in ranges.ranges {
        if let bounds = Self.bounds(range) {
          offered.append((OfferedPorts(source: index, range: bounds), entry))
        }
      }
    }
    return offered
  }

  private static func bounds(_ range: ValueRange) -> ClosedRange<Int>? {
    guard let begin = Int(exactly: range.begin), let end = Int(exactly: range.end), begin <= end
    else { return nil }
    return begin...Swift.min(end, 65_535 + begin)
  }
}
