// Part of mesosim. Apache-2.0, see LICENSE.
//
// What frameworks wait for, slave by slave: how many could serve it, and what keeps each from doing
// so. Kept for logs with reasons alone, from the facts of the run.

import Mesos
import MesosAllocation
import MesosCluster
import VirtualTime

/// Of how many slaves what waits could have been offered after an allocation, and why it was not.
///
/// Each slave with room counts once among those that follow `room`; what is left of `room` is kept
/// by something that the allocator does not tell.
struct WaitingFunnel: Equatable {
  /// Slaves that are there; those of them that are large enough; those of these that are for it.
  var there = 0
  var size = 0
  var suitable = 0
  /// Those of these on which tasks leave enough.
  var room = 0
  /// Those that it has on offer.
  var offered = 0
  /// Those of which offers to others hold what it needs.
  var others = 0
  /// Those that its framework has refused before.
  var refused = 0
  /// Those of which quota keeps something.
  var quota = 0
  /// Those that the next allocation looks at.
  var due = 0
  /// Those that would be free for it if it wanted offers.
  var unwanted = 0
  /// Of the refusals the first to end: when, on which slave, and the allocation that finds it so.
  var refusal: Refusal?

  /// A refusal.
  struct Refusal: Equatable {
    var until: Instant
    var allocation: Instant
    var slave: SlaveIndex
  }
}

/// What waits, and who holds what of which slave.
struct WaitingLedger {
  /// Amounts of cpus, mem, disk and gpus in thousandths.
  typealias Lanes = SIMD4<Int64>

  /// So many sizes of one framework are looked at in an allocation, those that wait longest.
  static let mostShapes = 16

  /// Tasks of one size that wait.
  struct Wish {
    let shape: Resources
    var count: Int
    fileprivate var told: WaitingFunnel?
  }

  private struct Slave {
    var isThere = false
    var total = Lanes.zero
    var used = Lanes.zero
    var offers: [(framework: FrameworkIndex, amounts: Lanes)] = []
  }

  private var slaves: [Slave] = []
  /// By framework, in the order in which they began to wait.
  private var wishes: [[Wish]] = []
  /// Those that were offered something since the last allocation.
  private(set) var served: Set<FrameworkIndex> = []

  /// Whether something of a framework waits.
  func isWaiting(_ framework: FrameworkIndex) -> Bool {
    wishes.indices.contains(Int(framework)) && !wishes[Int(framework)].isEmpty
  }

  /// Begins to count who is offered something anew.
  mutating func forgetServed() { served = [] }
}

// MARK: - Facts

extension WaitingLedger {
  /// Takes a fact in.
  mutating func note(_ event: ClusterEvent) {
    switch event {
    case .slaveAdded(let slave, let total), .slaveChanged(let slave, let total):
      change(slave) {
        $0.isThere = true
        $0.total = total.standardTotals
      }
    case .slaveRemoved(let slave): change(slave) { $0.isThere = false }
    case .offered, .offerEnded, .runOffered, .runEnded: event.forEachSingle { noteOffer($0) }
    case .taskLaunched(_, let slave, let resources, _),
      .executorStarted(_, let slave, let resources):
      change(slave) { $0.used &+= resources.standardTotals }
    case .taskEnded(_, let slave, let resources, _, _, _),
      .executorEnded(_, let slave, let resources):
      change(slave) { $0.used &-= resources.standardTotals }
    case .demand(let framework, let shape, let delta): wish(framework, shape, delta)
    case .demandEnded(let framework):
      if wishes.indices.contains(Int(framework)) { wishes[Int(framework)] = [] }
    default: break
    }
  }

  private mutating func change(_ slave: SlaveIndex, _ body: (inout Slave) -> Void) {
    while slaves.count <= Int(slave) { slaves.append(Slave()) }
    body(&slaves[Int(slave)])
  }

  private mutating func noteOffer(_ event: ClusterEvent) {
    switch event {
    case .offered(let framework, let slave, let resources):
      served.insert(framework)
      change(slave) { $0.offers.append((framework, resources.standardTotals)) }
    case .offerEnded(let framework, let slave, let resources, _):
      let amounts = resources.standardTotals
      change(slave) { slave in
        let place = slave.offers.firstIndex { $0.framework == framework && $0.amounts == amounts }
        if let place { slave.offers.remove(at: place) }
      }
    default: break
    }
  }

  private mutating func wish(_ framework: FrameworkIndex, _ shape: Resources, _ delta: Int) {
    while wishes.count <= Int(framework) { wishes.append([]) }
    let index = Int(framework)
    guard let place = wishes[index].firstIndex(where: { $0.shape == shape }) else {
      if delta > 0 { wishes[index].append(Wish(shape: shape, count: delta)) }
      return
    }
    wishes[index][place].count += delta
    if wishes[index][place].count <= 0 { wishes[index].remove(at: place) }
  }
}

// MARK: - Funnels

extension WaitingLedger {
  /// Something that waits, and what is to be said of it now.
  struct Finding {
    let framework: FrameworkIndex
    let wish: Wish
    let funnel: WaitingFunnel
  }

  /// Looks at all that waits.
  /// - Returns: That of which something else is to be said than the last time.
  /// - Complexity: O(slaves × sizes that wait).
  mutating func findings(_ cluster: Cluster) -> [Finding] {
    var findings: [Finding] = []
    let (reasons, overlap) = (cluster.reasons, cluster.offersOverlap)
    for index in wishes.indices {
      for place in wishes[index].indices.prefix(Self.mostShapes) {
        let framework = FrameworkIndex(index)
        let need = wishes[index][place].shape.standardTotals
        let funnel = funnel(of: need, framework, reasons, overlap)
        if funnel == wishes[index][place].told { continue }
        wishes[index][place].told = funnel
        findings.append(
          Finding(framework: framework, wish: wishes[index][place], funnel: funnel))
      }
    }
    return findings
  }

  private func funnel(
    of need: Lanes, _ framework: FrameworkIndex, _ reasons: AllocatorReasons?, _ overlap: Bool
  ) -> WaitingFunnel {
    var funnel = WaitingFunnel()
    let distinguishes = reasons?.distinguishesSlaves(for: framework) ?? false
    for place in slaves.indices where slaves[place].isThere {
      funnel.there += 1
      guard Self.fits(need, slaves[place].total) else { continue }
      funnel.size += 1
      let free = slaves[place].total &- slaves[place].used
      let hasRoom = Self.fits(need, free)
      if !hasRoom && !distinguishes {
        funnel.suitable += 1
        continue
      }
      let slave = SlaveIndex(place)
      let obstacle = reasons?.obstacle(to: framework, on: slave)
      if obstacle == .unsuitable { continue }
      funnel.suitable += 1
      if !hasRoom { continue }
      funnel.room += 1
      count(slaves[place], slave, free, need, framework, obstacle, overlap, in: &funnel)
    }
    return funnel
  }

  private func count(
    _ record: Slave, _ slave: SlaveIndex, _ free: Lanes, _ need: Lanes,
    _ framework: FrameworkIndex, _ obstacle: Obstacle?, _ overlap: Bool,
    in funnel: inout WaitingFunnel
  ) {
    var (own, others) = (Lanes.zero, Lanes.zero)
    for offer in record.offers {
      if offer.framework == framework { own &+= offer.amounts } else { others &+= offer.amounts }
    }
    if Self.fits(need, own) {
      funnel.offered += 1
    } else if !overlap, !Self.fits(need, free &- others) {
      funnel.others += 1
    } else {
      switch obstacle {
      case .refusal(let until, let allocation):
        funnel.refused += 1
        if funnel.refusal.map({ until < $0.until }) ?? true {
          funnel.refusal = .init(until: until, allocation: allocation, slave: slave)
        }
      case .quota: funnel.quota += 1
      case .nextPass: funnel.due += 1
      case .unwanted: funnel.unwanted += 1
      case .unsuitable, nil: break
      }
    }
  }

  @inline(__always)
  private static func fits(_ need: Lanes, _ free: Lanes) -> Bool { all(need .<= free) }
}
