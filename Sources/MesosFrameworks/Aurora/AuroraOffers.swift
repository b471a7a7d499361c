// Part of mesosim. Apache-2.0, see LICENSE.
//
// The offers that Aurora holds, in the order in which it uses them, and how far each group has
// looked through them.

import Mesos

/// An offer that is held.
final class AuroraOffer {
  let offer: Offer
  let host: AuroraHost
  /// What is offered that is not taken back.
  let free: AuroraAmounts
  /// The cpus that may be taken back.
  let revocableCPUs: Double
  /// When the slave will be down, if that is announced.
  let downAt: Instant?
  /// What comes first.
  fileprivate let place: Place
  fileprivate let rank: UInt64
  /// Whether it is still held.
  @exclusivity(unchecked) fileprivate(set) var isOpen = true

  /// What offers are ordered by: the slave's way out of use, when it will be down, amounts, chance.
  fileprivate struct Place {
    let mode: Int
    let down: Int64
    let amounts: SIMD4<Double>
    let chance: Int

    /// What most pairs differ in, as one number: a smaller one comes first.
    func rank(isByChance: Bool) -> UInt64 {
      let head = UInt64(mode) << 62 | (down == .min ? 0 : 1 << 61)
      if down != .min { return head }
      // The bits of a number that is not negative are ordered as the numbers are.
      return head | (isByChance ? UInt64(chance) : amounts[0].bitPattern >> 3)
    }

    func precedes(_ other: Place) -> Bool {
      if mode != other.mode { return mode < other.mode }
      if down != other.down { return down < other.down }
      for index in 0..<4 where amounts[index] != other.amounts[index] {
        return amounts[index] < other.amounts[index]
      }
      return chance < other.chance
    }
  }

  init(_ offer: Offer, on host: AuroraHost, _ order: [AuroraOptions.Order], chance: Int) {
    self.offer = offer
    self.host = host
    let resources = offer.resources
    let lasting = resources.isPlain ? resources : resources.nonRevocable
    let amounts = AuroraAmounts(cpus: lasting.cpus, ram: lasting.mem, disk: lasting.disk)
    let revocable = resources.isPlain ? 0 : resources.revocable.cpus
    free = amounts
    revocableCPUs = revocable
    var ordered = SIMD4<Double>.zero
    for (index, name) in order.prefix(4).enumerated() {
      switch name {
      case .random: break
      case .cpu: ordered[index] = amounts.cpus
      case .memory: ordered[index] = amounts.ram
      case .disk: ordered[index] = amounts.disk
      case .revocableCPU: ordered[index] = revocable
      }
    }
    // What is down latest comes first, and before that what is not.
    downAt = offer.unavailability?.start
    let down = downAt.map { -$0.nanoseconds } ?? .min
    place = Place(mode: host.slave.mode.rank, down: down, amounts: ordered, chance: chance)
    rank = place.rank(isByChance: order.allSatisfy { $0 == .random })
  }

  /// What a task of such a tier may take.
  func amounts(for tier: AuroraTier) -> AuroraAmounts {
    tier == .revocable
      ? AuroraAmounts(cpus: revocableCPUs, ram: free.ram, disk: free.disk) : free
  }

  fileprivate func precedes(_ other: AuroraOffer) -> Bool { place.precedes(other.place) }

  /// Whether there is anything that a task could take.
  fileprivate var isUsable: Bool { free.ram > 0 && (free.cpus > 0 || revocableCPUs > 0) }
}

extension AuroraSlave.Mode {
  fileprivate var rank: Int {
    switch self {
    case .none: 0
    case .scheduled: 1
    case .draining: 2
    case .drained: 3
    }
  }
}

/// All offers that are held.
struct AuroraOfferPool {
  private var byID: [OfferID: AuroraOffer] = [:]
  /// Offers in the order in which they came, with some that are held no more.
  private(set) var log: [AuroraOffer] = []
  /// The number of the first in the log among all that ever came.
  private(set) var logStart = 0

  /// The number of the next that comes.
  var logEnd: Int { logStart + log.count }

  subscript(id: OfferID) -> AuroraOffer? { byID[id] }

  mutating func add(_ offer: AuroraOffer) {
    byID[offer.offer.id] = offer
    offer.host.offer = offer
    if log.count >= 1024, log.count >= byID.count * 4 {
      // Whoever has read so far begins anew.
      logStart += log.count + 1
      log.removeAll { !$0.isOpen }
    }
    if offer.isUsable { log.append(offer) }
  }

  /// Holds an offer no more.
  mutating func remove(_ offer: AuroraOffer) {
    offer.isOpen = false
    byID[offer.offer.id] = nil
    if offer.host.offer === offer { offer.host.offer = nil }
  }

  mutating func removeAll() {
    for offer in byID.values {
      offer.isOpen = false
      offer.host.offer = nil
    }
    byID = [:]
    logStart += log.count + 1
    log = []
  }
}

/// How far a group has looked through the offers: it looks at each once, and again only when what
/// was in the way is gone.
struct AuroraScan {
  private struct Entry {
    let rank: UInt64
    let offer: AuroraOffer

    init(_ offer: AuroraOffer) {
      rank = offer.rank
      self.offer = offer
    }

    func precedes(_ other: Entry) -> Bool {
      rank != other.rank ? rank < other.rank : offer.precedes(other.offer)
    }
  }

  /// Those that have not been looked at, the next one first (a binary heap).
  private var heap: [Entry] = []
  /// Up to which number offers are taken in.
  private var mark = 0
  /// Those that have too many tasks of the job where an attribute has a value.
  private var blocked: [String: [AuroraOffer]] = [:]
  /// Those on slaves that were kept for others, and what was known of that.
  private var kept: [AuroraOffer] = []
  private var keptRound = 0

  /// Takes in what has come since, and what was kept for others if that has changed.
  mutating func takeIn(_ pool: AuroraOfferPool, keptRound round: Int) {
    if mark < pool.logStart {
      // What it knew is long gone.
      self = AuroraScan()
      mark = pool.logStart
    }
    if mark < pool.logEnd {
      let new = pool.log[(mark - pool.logStart)...].lazy.filter(\.isOpen)
      if heap.isEmpty {
        heap = new.map { Entry($0) }
        for index in stride(from: heap.count / 2 - 1, through: 0, by: -1) { sink(index) }
      } else {
        for offer in new { push(offer) }
      }
      mark = pool.logEnd
    }
    if round != keptRound {
      keptRound = round
      let again = kept
      kept = []
      for offer in again where offer.isOpen { push(offer) }
    }
  }

  /// The next offer that is still held.
  mutating func next() -> AuroraOffer? {
    while let first = heap.first {
      let last = heap.removeLast()
      if !heap.isEmpty {
        heap[0] = last
        sink(0)
      }
      if first.offer.isOpen { return first.offer }
    }
    return nil
  }

  /// Looks at an offer again once there are fewer tasks where its slave's attribute has the value.
  mutating func block(_ offer: AuroraOffer, _ name: String, _ value: String) {
    blocked[name + "=" + value, default: []].append(offer)
  }

  /// A task is gone from a slave with these attributes.
  mutating func unblock(_ names: [String], on attributes: AuroraAttributes) {
    if blocked.isEmpty { return }
    for name in names {
      for value in attributes[name] ?? [] {
        guard let again = blocked.removeValue(forKey: name + "=" + value) else { continue }
        for offer in again where offer.isOpen { push(offer) }
      }
    }
  }

  /// Looks at an offer again when its slave may not be kept for others any more.
  mutating func keep(_ offer: AuroraOffer) { kept.append(offer) }

  private mutating func push(_ offer: AuroraOffer) {
    heap.append(Entry(offer))
    var index = heap.count - 1
    while index > 0 {
      let parent = (index - 1) / 2
      guard heap[index].precedes(heap[parent]) else { break }
      heap.swapAt(index, parent)
      index = parent
    }
  }

  private mutating func sink(_ start: Int) {
    var index = start
    while true {
      var least = index
      for child in [2 * index + 1, 2 * index + 2] where child < heap.count {
        if heap[child].precedes(heap[least]) { least = child }
      }
      if least == index { return }
      heap.swapAt(index, least)
      index = least
    }
  }
}
