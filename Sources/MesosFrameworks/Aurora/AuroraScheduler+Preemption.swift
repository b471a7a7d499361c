// Part of mesosim. Apache-2.0, see LICENSE.
//
// Preemption: who has waited long enough finds tasks that have to make room, slave by slave.

import Mesos

/// Where others could make room for groups.
struct AuroraSlots {
  /// Room that could be made on a slave.
  struct Proposal {
    let config: AuroraConfig
    let host: AuroraHost
    let victims: [AuroraRow]
    let until: Instant
  }

  private var proposals: [Proposal] = []

  mutating func add(_ proposal: Proposal) { proposals.append(proposal) }

  mutating func dropOld(at now: Instant) { proposals.removeAll { $0.until <= now } }

  func contains(_ config: AuroraConfig) -> Bool { proposals.contains { $0.config === config } }

  /// Takes the oldest for a group.
  mutating func take(for config: AuroraConfig, at now: Instant) -> Proposal? {
    dropOld(at: now)
    guard let place = proposals.firstIndex(where: { $0.config === config }) else { return nil }
    return proposals.remove(at: place)
  }
}

/// Tasks that made room for those of one job, one soon after the other.
struct AuroraEviction {
  private let id: String
  private let beneficiary: String
  private let began: Instant
  /// The jobs that made room, in the order in which they first did, each with its tasks that did.
  private var victims: [(job: String, count: Int, from: Instant, to: Instant)] = []
  /// When the last one was told to.
  private(set) var latest: Instant

  init(id: String, for beneficiary: String, at now: Instant) {
    self.id = id
    self.beneficiary = beneficiary
    (began, latest) = (now, now)
  }

  mutating func count(_ job: String, at now: Instant) {
    latest = now
    let place = victims.firstIndex { $0.job == job } ?? victims.count
    if place == victims.count { victims.append((job, 0, now, now)) }
    victims[place].count += 1
    victims[place].to = now
  }

  /// What reports are told of it.
  var note: ServiceChange {
    let total = victims.reduce(0) { $0 + $1.count }
    var note = ServiceChange(id: id, what: "evict \(total) for \(beneficiary)", began: began)
    note.steps = victims.map { victim in
      ServiceChange.Step("\(victim.count) of \(victim.job)", began: victim.from, ended: victim.to)
    }
    note.ended = latest
    note.outcome = .done
    return note
  }
}

extension AuroraScheduler {
  private static let proposalTime = Duration.seconds(300)
  private static let batchSize = 5

  var preemptionDelay: Duration { options.preemptionDelay ?? options.semantics.preemptionDelay }

  // MARK: Looking for room

  /// Looks for room for all groups with tasks that have waited long enough.
  func findSlots() {
    slots.dropOld(at: now)
    var waiting = idleGroups()
    guard !waiting.isEmpty, isConnected else { return }
    var left = orderedHosts().filter { !$0.rows.isEmpty }
    // Each group in turn looks for some slots, and gives up when there is none.
    while !waiting.isEmpty {
      var next: [(config: AuroraConfig, count: Int)] = []
      for (config, count) in waiting {
        let found = findSlots(min(count, Self.batchSize), for: config, on: &left)
        let rest = count - Self.batchSize
        if found, rest > 0 { next.append((config, rest)) }
      }
      waiting = next
    }
  }

  /// The groups with tasks that have waited long enough, and with how many.
  private func idleGroups() -> [(config: AuroraConfig, count: Int)] {
    groups.compactMap { config in
      guard config.waiting > 0, !slots.contains(config) else { return nil }
      let count = config.pending.count { now - $0.pendingSince >= preemptionDelay }
      return count > 0 ? (config, count) : nil
    }
  }

  /// - Returns: Whether all were found.
  private func findSlots(
    _ count: Int, for config: AuroraConfig, on hosts: inout [AuroraHost]
  ) -> Bool {
    for _ in 0..<count {
      var found: (place: Int, victims: [AuroraRow])?
      for (place, host) in hosts.enumerated() {
        let victims = victims(for: config, on: host, among: host.rows)
        if !victims.isEmpty {
          found = (place, victims)
          break
        }
      }
      guard let found else { return false }
      let host = hosts.remove(at: found.place)
      slots.add(
        AuroraSlots.Proposal(
          config: config, host: host, victims: found.victims, until: now + Self.proposalTime))
    }
    return true
  }

  private func victims(
    for config: AuroraConfig, on host: AuroraHost, among rows: [AuroraRow]
  ) -> [AuroraRow] {
    let pending = config.candidate(in: .pending)
    let rules = options.semantics.preemption
    guard rows.contains(where: { rules.allows(pending, toEvict: $0.candidate) }) else { return [] }
    var need = config.need
    // Which ports come free is seen when they are offered.
    need.ports = 0
    let places = rules.victims(
      for: pending, among: rows.map(\.candidate), slack: host.offer?.free ?? AuroraAmounts()
    ) { free in
      AuroraFilter.vetoes(need, on: host.slave, offered: free, config.owner.tally).isEmpty
    }
    return places.map { rows[$0] }
  }

  // MARK: Making room

  /// Evicts tasks for one that waits, where that has been found to help.
  func preempt(for row: AuroraRow) {
    let config = row.config
    guard config.keptHosts.isEmpty else { return }
    while let proposal = slots.take(for: config, at: now) {
      let host = proposal.host
      let left = proposal.victims.filter { $0.state.hasSlave && $0.host === host }
      let victims = victims(for: config, on: host, among: left)
      guard !victims.isEmpty, host.keptFor == nil else { continue }
      assureAllowed(victims, for: config)
      tell(of: victims, evictedFor: config)
      for victim in victims { change(victim, to: .preempting) }
      keep(host, for: config)
      return
    }
  }

  /// Tells reports who makes room for whom; what goes on within a few minutes is one change.
  private func tell(of victims: [AuroraRow], evictedFor config: AuroraConfig) {
    var eviction: AuroraEviction
    if let last = config.eviction, now - last.latest <= Self.proposalTime {
      eviction = last
    } else {
      counts.updates += 1
      keepCounts()
      eviction = AuroraEviction(id: "u\(counts.updates)", for: config.owner.key, at: now)
    }
    for victim in victims { eviction.count(victim.job.key, at: now) }
    config.eviction = eviction
    environment.journal.changes(eviction.note)
  }

  /// Says, where it is being checked, that each of those that make room may be made to.
  private func assureAllowed(_ victims: [AuroraRow], for config: AuroraConfig) {
    environment.journal.assure("aurora-preempts-by-its-rules") {
      victims.allSatisfy { victim in
        let (pending, other) = (config.job, victim.config.job)
        let outranks = pending.role == other.role && pending.priority > other.priority
        if options.semantics == .legacy {
          return pending.isProduction && !other.isProduction || outranks
        }
        let (stays, victimStays) = (config.tier == .preferred, victim.config.tier == .preferred)
        return stays && !victimStays || stays == victimStays && outranks
      }
    }
  }
}
