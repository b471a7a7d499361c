// Part of mesosim. Apache-2.0, see LICENSE.
//
// The baseline that sharing is measured against: each party has slaves of its own. One allocator
// per party decides there, so that running the parts as separate clusters gives the same. Nothing
// here ranks frameworks, and no slave ever changes its party.

public import Mesos
public import VirtualTime

/// Splits the slaves among frameworks or roles once and for all, and shares nothing.
public struct StaticPartitionAllocator: Allocator {
  /// How the slaves are split.
  public let partition: Partition

  private var parts: [HierarchicalAllocator]
  /// The deadline of each part.
  private var deadlines: [Instant?]
  /// What is dealt from: pools of the slaves that were known beforehand, then one for each rule.
  private var pools: [Pool]
  /// The pool of each slave that was known beforehand.
  private let poolOfSlave: [Int32?]
  /// The place of each slave, kept while it is away.
  private var places: [Place?] = []
  /// The slaves of each part, by their number there.
  private var members: [[SlaveIndex]]
  private var hostnames: [String] = []
  /// What slaves that are away had, by their host; the next slave of that host has it then.
  private var vacated: [String: [Claim]] = [:]
  /// The parts that each framework takes part in, with its roles there.
  private var shares: [[Share]] = []
  private var buffer: [Allocation] = []

  /// What a slave counts as: one of a pool that a part has.
  private struct Claim: Hashable {
    var pool: Int
    var part: Int
  }

  private struct Place {
    var claim: Claim
    /// The slave's number in its part.
    var number: SlaveIndex
    var isPresent = true

    var part: Int { claim.part }
  }

  private struct Share {
    var part: Int
    var roles: [Role]
  }

  /// Slaves that are alike as far as the partition goes, and who gets how many of them.
  private struct Pool {
    /// What each party is due, or its share where nobody knows how many slaves will come.
    var claims: [Double]
    /// Whether nobody gets more than he is due.
    var isLimited: Bool
    var dealt: [Int]

    init(_ claims: [Double], isLimited: Bool) {
      self.claims = claims
      self.isLimited = isLimited
      dealt = claims.map { _ in 0 }
    }

    /// The party that the next slave goes to: the one with the smallest part of what it is due.
    mutating func deal() -> Int? {
      var best: Int?
      for (party, claim) in claims.enumerated() where claim > 0 {
        if isLimited, Double(dealt[party]) >= claim { continue }
        guard let leader = best else {
          best = party
          continue
        }
        // Cross-multiplied, so that equal parts are equal whatever the amounts.
        let own = Double(dealt[party]) * claims[leader]
        if own < Double(dealt[leader]) * claim { best = party }
      }
      if let best { dealt[best] += 1 }
      return best
    }
  }

  /// Makes an allocator that splits slaves as they come.
  ///
  /// - Parameters:
  ///   - partition: Who gets what.
  ///   - slaves: The slaves there will be, numbered from 0, so that each group is dealt by itself;
  ///     others are dealt without regard to what they are.
  ///   - options: What the allocator of each part is told.
  public init(
    _ partition: Partition, of slaves: [SlaveGroupEntry] = [],
    options: AllocatorOptions = AllocatorOptions()
  ) {
    self.partition = partition
    let plan = PartitionPlan(partition, slaves: slaves)
    poolOfSlave = plan.poolOfSlave
    pools = plan.pools.map { Pool($0.due.map(Double.init), isLimited: true) }
    pools += partition.rules.map { rule in
      let claims = plan.parties.map { name in
        rule.parties.first { $0.name == name }?.amount ?? 0
      }
      return Pool(claims, isLimited: rule.isCounted)
    }
    parts = plan.parties.map { _ in HierarchicalAllocator(options) }
    deadlines = parts.map(\.nextDeadline)
    members = plan.parties.map { _ in [] }
  }

  /// The earliest deadline among the parts.
  public var nextDeadline: Instant? {
    deadlines.lazy.compactMap { $0 }.min()
  }

  /// Tells a part something and notes its deadline after that.
  ///
  /// The deadline is read through the same `inout`: read from the array it would cost a copy of the
  /// part, and the master asks after every message.
  private mutating func tell(_ part: Int, _ body: (inout HierarchicalAllocator) -> Void) {
    func noting(_ allocator: inout HierarchicalAllocator) -> Instant? {
      body(&allocator)
      return allocator.nextDeadline
    }
    deadlines[part] = noting(&parts[part])
  }

  /// The party that has a slave, by its place in the partition; `nil` for a slave left over.
  public func party(of slave: SlaveIndex) -> Int? {
    slave >= 0 && Int(slave) < places.count ? places[slave]?.part : nil
  }
}

// MARK: - Slaves

extension StaticPartitionAllocator {
  /// Deals the slave to a party, unless it or another slave of its host was dealt before.
  public mutating func addSlave(_ slave: SlaveIndex, _ info: SlaveEntry, at now: Instant) {
    while places.count <= Int(slave) {
      places.append(nil)
      hostnames.append("")
    }
    hostnames[slave] = info.hostname
    if let place = places[slave] {
      takeBack(place.claim, of: info.hostname)
    } else if let claim = vacated[info.hostname]?.popLast() ?? deal(slave, info) {
      places[slave] = Place(claim: claim, number: SlaveIndex(members[claim.part].count))
      members[claim.part].append(slave)
    }
    places[slave]?.isPresent = true
    guard let place = places[slave] else { return }
    tell(place.part) { $0.addSlave(place.number, info, at: now) }
  }

  /// Takes the slave from its party, to which it returns if it comes back.
  public mutating func removeSlave(_ slave: SlaveIndex, at now: Instant) {
    guard let place = place(of: slave) else { return }
    places[slave]?.isPresent = false
    vacated[hostnames[slave], default: []].append(place.claim)
    tell(place.part) { $0.removeSlave(place.number, at: now) }
  }

  /// Takes from the party what it had of a slave that is not awaited: the next slave of its kind is
  /// dealt as if it had never been.
  public mutating func forgetSlave(_ slave: SlaveIndex, at now: Instant) {
    guard slave >= 0, Int(slave) < places.count, let place = places[slave], !place.isPresent
    else { return }
    places[slave] = nil
    takeBack(place.claim, of: hostnames[slave])
    pools[place.claim.pool].dealt[place.part] -= 1
  }

  private mutating func deal(_ slave: SlaveIndex, _ info: SlaveEntry) -> Claim? {
    let pool = pool(of: slave, info)
    guard let pool, let part = pools[pool].deal() else { return nil }
    return Claim(pool: pool, part: part)
  }

  private func pool(of slave: SlaveIndex, _ info: SlaveEntry) -> Int? {
    if slave >= 0, Int(slave) < poolOfSlave.count { return poolOfSlave[Int(slave)].map(Int.init) }
    let rule = partition.rules.firstIndex {
      $0.slaves.contains(group: nil, hostname: info.hostname, info.attributes)
    }
    return rule.map { pools.count - partition.rules.count + $0 }
  }

  private mutating func takeBack(_ claim: Claim, of hostname: String) {
    guard let index = vacated[hostname]?.lastIndex(of: claim) else { return }
    vacated[hostname]?.remove(at: index)
  }

  private func place(of slave: SlaveIndex) -> Place? {
    guard slave >= 0, Int(slave) < places.count, let place = places[slave] else { return nil }
    return place.isPresent ? place : nil
  }
}

// MARK: - Frameworks

extension StaticPartitionAllocator {
  /// Adds the framework to its party, or to those of its roles; an unlisted one gets nothing.
  public mutating func addFramework(
    _ framework: FrameworkIndex, _ info: FrameworkEntry, at now: Instant
  ) {
    while shares.count <= Int(framework) { shares.append([]) }
    shares[framework] = shares(of: info)
    for share in shares[framework] {
      let entry = info.keeping(share.roles)
      tell(share.part) { $0.addFramework(framework, entry, at: now) }
    }
  }

  private func shares(of info: FrameworkEntry) -> [Share] {
    switch partition.by {
    case .framework:
      let part = partition.parties.firstIndex(of: info.name)
      return part.map { [Share(part: $0, roles: info.roles)] } ?? []
    case .role:
      return partition.parties.enumerated().compactMap { index, party in
        let roles = info.roles.filter { $0.value == party }
        return roles.isEmpty ? nil : Share(part: index, roles: roles)
      }
    }
  }

  /// Drops the framework from its parts.
  public mutating func removeFramework(_ framework: FrameworkIndex, at now: Instant) {
    forEachShare(of: framework) { part, _ in part.removeFramework(framework, at: now) }
    if framework >= 0, Int(framework) < shares.count { shares[framework] = [] }
  }

  /// Offers the framework resources again.
  public mutating func activateFramework(_ framework: FrameworkIndex, at now: Instant) {
    forEachShare(of: framework) { part, _ in part.activateFramework(framework, at: now) }
  }

  /// Stops offers to the framework.
  public mutating func deactivateFramework(_ framework: FrameworkIndex, at now: Instant) {
    forEachShare(of: framework) { part, _ in part.deactivateFramework(framework, at: now) }
  }

  /// Stops offers in these roles, or in all.
  public mutating func suppress(_ framework: FrameworkIndex, roles: [Role], at now: Instant) {
    forEachShare(of: framework, in: roles) { $0.suppress(framework, roles: $1, at: now) }
  }

  /// Offers resources in these roles, or in all, again.
  public mutating func revive(_ framework: FrameworkIndex, roles: [Role], at now: Instant) {
    forEachShare(of: framework, in: roles) { $0.revive(framework, roles: $1, at: now) }
  }

  private mutating func forEachShare(
    of framework: FrameworkIndex, in roles: [Role] = [],
    _ body: (inout HierarchicalAllocator, [Role]) -> Void
  ) {
    guard framework >= 0, Int(framework) < shares.count else { return }
    for share in shares[framework] {
      let meant = roles.filter(share.roles.contains)
      if !roles.isEmpty && meant.isEmpty { continue }
      tell(share.part) { body(&$0, meant) }
    }
  }
}

// MARK: - Updates

extension StaticPartitionAllocator {
  /// Slaves and frameworks that change while they are known, and what becomes of reservations.
  public var supports: AllocatorCapabilities { [.updates, .reservations] }

  /// Tells the slave's part what a framework's operation has made of something.
  public mutating func updateAllocation(
    of framework: FrameworkIndex, role: Role, on slave: SlaveIndex, from consumed: Resources,
    to converted: Resources, at now: Instant
  ) {
    guard let place = place(of: slave) else { return }
    tell(place.part) {
      $0.updateAllocation(
        of: framework, role: role, on: place.number, from: consumed, to: converted, at: now)
    }
  }

  /// Has the slave's part make something else of what is free.
  ///
  /// - Returns: Whether it was done; not where nobody has the slave.
  public mutating func updateAvailable(
    on slave: SlaveIndex, from consumed: Resources, to converted: Resources, at now: Instant
  ) -> Bool {
    guard let place = place(of: slave) else { return false }
    var isDone = false
    tell(place.part) {
      isDone = $0.updateAvailable(on: place.number, from: consumed, to: converted, at: now)
    }
    return isDone
  }

  /// Tells the slave's part what changed; the slave stays with its party whatever it is now.
  public mutating func updateSlave(_ slave: SlaveIndex, _ update: SlaveUpdate, at now: Instant) {
    guard let place = place(of: slave) else { return }
    tell(place.part) { $0.updateSlave(place.number, update, at: now) }
  }

  /// Has the slave's part offer it again.
  public mutating func activateSlave(_ slave: SlaveIndex, at now: Instant) {
    guard let place = place(of: slave) else { return }
    tell(place.part) { $0.activateSlave(place.number, at: now) }
  }

  /// Keeps the slave from being offered.
  public mutating func deactivateSlave(_ slave: SlaveIndex, at now: Instant) {
    guard let place = place(of: slave) else { return }
    tell(place.part) { $0.deactivateSlave(place.number, at: now) }
  }

  /// Tells the framework's parts what changed, and those of its new roles that it is there.
  ///
  /// It stays known where it has no role any more, with what it holds there.
  public mutating func updateFramework(
    _ framework: FrameworkIndex, _ info: FrameworkEntry, at now: Instant
  ) {
    guard framework >= 0, Int(framework) < shares.count else { return }
    let before = shares[framework]
    var after = shares(of: info)
    for share in before where !after.contains(where: { $0.part == share.part }) {
      after.append(Share(part: share.part, roles: []))
    }
    shares[framework] = after
    for share in after {
      let entry = info.keeping(share.roles)
      let isKnown = before.contains { $0.part == share.part }
      tell(share.part) {
        if isKnown {
          $0.updateFramework(framework, entry, at: now)
        } else {
          $0.addFramework(framework, entry, at: now)
        }
      }
    }
  }
}

extension FrameworkEntry {
  /// The same, in some of its roles.
  fileprivate func keeping(_ roles: [Role]) -> FrameworkEntry {
    var entry = self
    entry.roles = roles
    entry.suppressedRoles.removeAll { !roles.contains($0) }
    return entry
  }
}

// MARK: - Allocations

extension StaticPartitionAllocator {
  /// Gives back to the slave's part.
  public mutating func recover(
    _ resources: Resources, from framework: FrameworkIndex, role: Role, on slave: SlaveIndex,
    refusal: Filters?, at now: Instant
  ) {
    guard let place = place(of: slave) else { return }
    tell(place.part) {
      $0.recover(
        resources, from: framework, role: role, on: place.number, refusal: refusal, at: now)
    }
  }

  /// Has the parts that are due decide, in the order of the partition.
  public mutating func allocate(at now: Instant, into allocations: inout [Allocation]) {
    for part in parts.indices {
      allocate(in: part, at: now, into: &allocations) { $0.allocate(at: now, into: &$1) }
    }
  }

  /// The same, with the runs of the parts.
  public mutating func allocate(
    at now: Instant, into allocations: inout [Allocation], runs: inout [AllocationRun]
  ) {
    var made: [AllocationRun] = []
    for part in parts.indices {
      allocate(in: part, at: now, into: &allocations) {
        $0.allocate(at: now, into: &$1, runs: &made)
      }
      runs += made.map { run in
        AllocationRun(run, number: part) { members[part][$0] }
      }
      made.removeAll()
    }
  }

  private mutating func allocate(
    in part: Int, at now: Instant, into allocations: inout [Allocation],
    _ decide: (inout HierarchicalAllocator, inout [Allocation]) -> Void
  ) {
    guard let deadline = deadlines[part], deadline <= now else { return }
    buffer.removeAll(keepingCapacity: true)
    var made = buffer
    buffer = []
    tell(part) { decide(&$0, &made) }
    buffer = made
    for var allocation in buffer {
      allocation.slave = members[part][allocation.slave]
      allocations.append(allocation)
    }
  }

  /// Gives back to the part that made the run.
  public mutating func runEnded(
    _ run: AllocationRun, _ places: Range<Int>, refusal: Filters?, at now: Instant
  ) {
    guard let origin = run.origin else { return }
    let part = run.number
    var ended = SlaveSet()
    for slave in run.slaves[places] {
      if let place = place(of: slave), place.part == part { ended.insert(place.number) }
    }
    tell(part) { $0.runEnded(origin, on: ended, refusal: refusal, at: now) }
  }
}

extension StaticPartitionAllocator: ExplainingAllocator {
  /// Why what is free on a slave is not offered.
  ///
  /// - Parameter slave: The slave.
  /// - Returns: The partition for a slave left over, else what its part says.
  public func withholding(on slave: SlaveIndex) -> Withholding? {
    guard let place = place(of: slave) else { return .partition }
    return parts[place.part].withholding(on: place.number)
  }

  /// The orders of the parts that are due, in the order of the partition.
  public func passOrder(at now: Instant) -> PassOrder? {
    var order = PassOrder(basis: .shares, entries: [])
    for (part, name) in partition.parties.enumerated() {
      guard let deadline = deadlines[part], deadline <= now else { continue }
      for var entry in parts[part].passOrder(at: now)?.entries ?? [] {
        entry.part = name
        order.entries.append(entry)
      }
    }
    return order
  }

  /// What keeps a framework from being offered what is free on a slave: that it is another's, or
  /// what its part says.
  public func obstacle(to framework: FrameworkIndex, on slave: SlaveIndex) -> Obstacle? {
    guard let place = place(of: slave), framework >= 0, Int(framework) < shares.count,
      shares[framework].contains(where: { $0.part == place.part })
    else { return .unsuitable }
    return parts[place.part].obstacle(to: framework, on: place.number)
  }

  /// Every party has slaves of its own.
  public func distinguishesSlaves(for framework: FrameworkIndex) -> Bool { true }
}
