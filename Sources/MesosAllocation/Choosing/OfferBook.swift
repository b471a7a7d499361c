// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a policy has to know before it can choose: who is there, what is free, who holds how much,
// who wants no offers, who has refused what until when. Nothing here prefers one framework to
// another.

public import Mesos
public import VirtualTime

/// The books of a `ChoosingAllocator`.
public struct OfferBook: Sendable {
  private struct Slave {
    var id: SlaveID
    var total: Resources
    var free: Resources
    var held: [(framework: FrameworkIndex, resources: Resources)]
  }

  private struct Client {
    var info: FrameworkEntry
    var suppressed: [Role]
    var isActive: Bool
    var refusals: [(slave: SlaveIndex, resources: Resources, end: Instant)] = []

    /// The role in which it is offered something: the first that it has not suppressed.
    var role: Role? { info.roles.first { !suppressed.contains($0) } }
  }

  /// The settings that all allocators share.
  public let options: AllocatorOptions
  /// When the policy wants to choose next.
  public private(set) var nextDeadline: Instant?
  /// Everything that all slaves have together.
  public private(set) var total = Quantities()

  private var slaves: [Slave?] = []
  private var clients: [Client?] = []
  /// What each framework holds, whether it is there or not.
  private var holdings: [Quantities] = []
  private var passes: UInt64 = 0

  /// Opens books in which nothing stands.
  public init(_ options: AllocatorOptions = AllocatorOptions()) { self.options = options }

  /// What is free on a slave.
  public func free(on slave: SlaveIndex) -> Resources { self[slave]?.free ?? Resources() }

  /// What the framework is and said when it registered; `nil` for one that is not there.
  public func info(of framework: FrameworkIndex) -> FrameworkEntry? {
    self[client: framework]?.info
  }

  /// The role in which the framework is offered something.
  public func role(of framework: FrameworkIndex) -> Role {
    self[client: framework]?.role ?? .unreserved
  }

  /// What the framework holds, offers included.
  public func held(by framework: FrameworkIndex) -> Quantities {
    holdings.indices.contains(Int(framework)) ? holdings[framework] : Quantities()
  }

  /// The largest part of the cluster, over all resources, that the framework holds.
  public func dominantShare(of framework: FrameworkIndex) -> Double {
    let parts = held(by: framework).entries.map { entry in
      Double(entry.thousandths) / Double(max(1, total[entry.name]))
    }
    return parts.max() ?? 0
  }

  private subscript(slave: SlaveIndex) -> Slave? {
    slaves.indices.contains(Int(slave)) ? slaves[slave] : nil
  }

  private subscript(client framework: FrameworkIndex) -> Client? {
    clients.indices.contains(Int(framework)) ? clients[framework] : nil
  }
}

// MARK: - Choosing

extension OfferBook {
  mutating func beginPass(at now: Instant) {
    nextDeadline = nil
    for index in clients.indices { clients[index]?.refusals.removeAll { $0.end <= now } }
  }

  mutating func endPass() {
    passes += 1
    nextDeadline = clients.compactMap { $0?.refusals.map(\.end).min() }.min()
  }

  /// Whether something is worth an offer.
  private func isEnough(_ resources: Resources) -> Bool {
    guard !resources.isEmpty else { return false }
    let amounts = resources.scalarQuantities
    return options.minAllocatable.isEmpty
      || options.minAllocatable.contains { amounts.contains($0) }
  }

  /// The slaves with enough to offer, in the order that the options say.
  func slavesToVisit(at now: Instant) -> [SlaveIndex] {
    let offerable = slaves.indices.filter { index in
      slaves[index].map { isEnough($0.free) } ?? false
    }
    switch options.order {
    case .id:
      return offerable.compactMap { index in slaves[index].map { (index, $0.id) } }
        .sorted { $0.1 < $1.1 }.map { SlaveIndex($0.0) }
    case .shuffled(let key):
      let turn = (UInt64(bitPattern: now.nanoseconds) ^ passes).scattered
      let seed = (key ^ turn).scattered
      return offerable.map { ((seed ^ UInt64($0).scattered).scattered, $0) }
        .sorted { $0 < $1 }.map { SlaveIndex($0.1) }
    }
  }

  /// The frameworks that may be offered what is free on a slave.
  func candidates(on slave: SlaveIndex) -> [FrameworkIndex] {
    guard let entry = self[slave], isEnough(entry.free) else { return [] }
    let hasGPUs = options.filtersGPUs && entry.total.gpus > 0
    return clients.indices.filter { index in
      guard let client = clients[index], client.isActive, let role = client.role else {
        return false
      }
      if hasGPUs, !client.info.capabilities.contains(.gpuResources) { return false }
      let offer = entry.free.allocatable(to: role)
      guard isEnough(offer) else { return false }
      return !client.refusals.contains { $0.slave == slave && $0.resources.contains(offer) }
    }.map { FrameworkIndex($0) }
  }

  mutating func charge(
    _ resources: Resources, to framework: FrameworkIndex, on slave: SlaveIndex
  ) {
    slaves[slave]?.free -= resources
    slaves[slave]?.held.append((framework, resources))
    hold(resources, by: framework)
  }

  private mutating func hold(_ resources: Resources, by framework: FrameworkIndex) {
    while holdings.count <= Int(framework) { holdings.append(Quantities()) }
    holdings[framework] += resources.scalarQuantities
  }

  /// Asks for a pass at the next multiple of the interval.
  private mutating func wake(at now: Instant) {
    let interval = max(1, options.interval.wholeNanoseconds)
    let tick = Instant(nanoseconds: (now.nanoseconds / interval + 1) * interval)
    nextDeadline = min(nextDeadline ?? tick, tick)
  }
}

// MARK: - What happens in the cluster

extension OfferBook {
  mutating func addSlave(_ slave: SlaveIndex, _ info: SlaveEntry, at now: Instant) {
    while slaves.count <= Int(slave) { slaves.append(nil) }
    let used = info.used.map { (framework: $0.framework, resources: $0.resources) }
    slaves[slave] = Slave(
      id: info.id, total: info.total, free: used.reduce(info.total) { $0 - $1.resources },
      held: used)
    for part in used { hold(part.resources, by: part.framework) }
    total += info.total.scalarQuantities
    wake(at: now)
  }

  mutating func removeSlave(_ slave: SlaveIndex) {
    guard let gone = self[slave] else { return }
    total -= gone.total.scalarQuantities
    for part in gone.held {
      holdings[part.framework] -= part.resources.scalarQuantities
    }
    slaves[slave] = nil
    for index in clients.indices { clients[index]?.refusals.removeAll { $0.slave == slave } }
  }

  mutating func addFramework(
    _ framework: FrameworkIndex, _ info: FrameworkEntry, at now: Instant
  ) {
    while clients.count <= Int(framework) { clients.append(nil) }
    clients[framework] = Client(
      info: info, suppressed: info.suppressedRoles, isActive: info.isActive)
    wake(at: now)
  }

  mutating func removeFramework(_ framework: FrameworkIndex) {
    if self[client: framework] != nil { clients[framework] = nil }
  }

  mutating func activate(_ framework: FrameworkIndex, at now: Instant) {
    guard self[client: framework] != nil else { return }
    clients[framework]?.isActive = true
    wake(at: now)
  }

  mutating func deactivate(_ framework: FrameworkIndex) {
    guard self[client: framework] != nil else { return }
    clients[framework]?.isActive = false
    clients[framework]?.refusals = []
  }

  mutating func suppress(_ framework: FrameworkIndex, roles: [Role]) {
    guard let client = self[client: framework] else { return }
    clients[framework]?.suppressed += roles.isEmpty ? client.info.roles : roles
  }

  mutating func revive(_ framework: FrameworkIndex, roles: [Role], at now: Instant) {
    guard self[client: framework] != nil else { return }
    clients[framework]?.suppressed.removeAll { roles.isEmpty || roles.contains($0) }
    clients[framework]?.refusals = []
    wake(at: now)
  }

  mutating func recover(
    _ resources: Resources, from framework: FrameworkIndex, on slave: SlaveIndex,
    refusal: Filters?, at now: Instant
  ) {
    guard var entry = self[slave] else { return }
    var left = resources
    entry.held = entry.held.compactMap { part in
      guard part.framework == framework, !left.isEmpty else { return part }
      let rest = part.resources - left
      left -= part.resources
      return rest.isEmpty ? nil : (framework, rest)
    }
    // What the framework did not hold, because it went and came back, is not there to be freed.
    let freed = resources - left
    entry.free += freed
    slaves[slave] = entry
    if !freed.isEmpty { holdings[framework] -= freed.scalarQuantities }
    if let nanoseconds = refusal?.timeoutNanoseconds, self[client: framework] != nil {
      let end = now.advanced(byNanoseconds: nanoseconds)
      clients[framework]?.refusals.append((slave, resources, end))
    }
    wake(at: now)
  }
}
