// Part of mesosim. Apache-2.0, see LICENSE.
//
// What an exploration may let go wrong, and what of it goes wrong in one run.

internal import Mesos
package import MesosCluster
internal import SimulationKernel
internal import VirtualTime

/// A kind of fault that an exploration draws, the simplest first.
public enum ExploredFaultKind: String, Hashable, Sendable, CaseIterable {
  /// Connections break.
  case reset
  /// A process ends and is started again.
  case kill
  /// A machine fails and comes back.
  case crash
  /// A process stands still for a while.
  case pause
  /// Parties are cut off from the masters for a while.
  case partition
  /// Messages are lost, repeated and late, by chance.
  case network
  /// Messages of one kind are late, lost or repeated.
  case messages
}

/// Draws what goes wrong in one run of a scenario, all of which is put right again.
package struct FaultDraw {
  private let chooser: Chooser
  private let kinds: [ExploredFaultKind]
  private let hosts: [String]
  private let schedulers: [String]
  private let masters: Int
  /// When the last begins, in milliseconds.
  private let end: Int

  /// Prepares to draw.
  /// - Parameters:
  ///   - chooser: Who answers choices.
  ///   - kinds: What may go wrong.
  ///   - hosts: The slaves, by host.
  ///   - schedulers: The frameworks, by name.
  ///   - masters: How many masters there are.
  ///   - end: When the last fault begins, in milliseconds.
  package init(
    _ chooser: Chooser, kinds: [ExploredFaultKind], hosts: [String], schedulers: [String],
    masters: Int, end: Int
  ) {
    self.chooser = chooser
    self.kinds = kinds
    self.hosts = hosts
    self.schedulers = schedulers
    self.masters = masters
    self.end = end
  }

  private static let faultsMax = 20
  private static let deliveriesMax = 6
  private static let longest = 10 * 60_000

  /// Lengths around those of timers: of pings, sessions, registrations and removals.
  private static let lengths = [
    1_000, 5_000, 10_000, 15_000, 30_000, 60_000, 75_000, 90_000, 120_000, 300_000, 600_000,
  ]

  /// The faults, in the order of their entries.
  package func faults() -> [TimedFault] {
    let faults = chooser["faults"]
    let processes = kinds.filter { $0 != .messages }
    var entries: [TimedFault] = []
    if !processes.isEmpty {
      // Each run leaves some kinds out, so that others are alone (swarm testing, Groce 2012); one
      // that leaves out all has all.
      let isOn = processes.map { faults.tendency($0.rawValue) < 0.5 }
      let weights = isOn.map { $0 || !isOn.contains(true) ? 1.0 : 0.0 }
      let chance = [0.1, 0.3, 0.6][min(2, Int(faults.tendency("amount") * 3))]
      for place in 0..<Self.faultsMax {
        let chooser = faults["\(place)"]
        guard chooser.flag("exists", chance: chance) else { continue }
        let word = chooser.word("kind", processes.map(\.rawValue), weights: weights)
        entries += ExploredFaultKind(rawValue: word).map { [fault($0, chooser)] } ?? []
      }
    }
    if kinds.contains(.messages) { entries += deliveries() }
    return entries
  }

  private func fault(_ kind: ExploredFaultKind, _ chooser: Chooser) -> TimedFault {
    let fault: Fault
    switch kind {
    case .reset, .messages: fault = .reset(party(chooser))
    case .kill: fault = .kill(party(chooser))
    case .crash: fault = .crash(party(chooser))
    case .pause: fault = .pause(party(chooser))
    case .partition:
      let isOneWay = chooser.flag("isOneWay", chance: 0.25)
      let isFromZooKeeper = chooser.flag("isFromZooKeeper", chance: 0.15)
      let others = isFromZooKeeper ? Parties(zookeeper: true) : Parties(masters: ["*"])
      fault = .partition(party(chooser), from: others, isOneWay: isOneWay)
    case .network: fault = .network(conditions(chooser))
    }
    let at = instant(chooser)
    return TimedFault(at: at, fault, until: kind == .reset ? nil : at + length(chooser))
  }

  private func instant(_ chooser: Chooser) -> Instant {
    .start + .milliseconds(chooser.instant("at", upTo: end, trivial: min(60_000, end)))
  }

  private func length(_ chooser: Chooser) -> Duration {
    .milliseconds(chooser.length("for", Self.lengths, upTo: Self.longest, trivial: 30_000))
  }

  private func party(_ chooser: Chooser) -> Parties {
    var kinds = ["slaves", "masters", "schedulers"]
    if schedulers.isEmpty { kinds.removeLast() }
    switch chooser.word("party", kinds, weights: [5, 3, 3]) {
    case "masters":
      let names = ["leader"] + (masters > 1 ? (1...masters).map { "master-\($0)" } + ["*"] : [])
      let weights = [3.0] + (masters > 1 ? (1...masters).map { _ in 1 } + [0.5] : [])
      return Parties(masters: [chooser.word("master", names, weights: weights)])
    case "schedulers": return Parties(schedulers: [chooser.word("scheduler", schedulers)])
    default:
      let count = chooser.flag("isMany", chance: 0.15) ? max(2, hosts.count / 3) : 1
      let first = chooser.word("slave", hosts)
      let place = hosts.firstIndex(of: first) ?? 0
      return Parties(
        slaves: (0..<min(count, hosts.count)).map { hosts[(place + $0) % hosts.count] })
    }
  }

  private func conditions(_ chooser: Chooser) -> NetworkConditions {
    var conditions = NetworkConditions(
      loss: Double(chooser.word("loss", ["0.05", "0", "0.3"])) ?? 0,
      reordering: Double(chooser.word("reordering", ["0", "0.1", "0.5"])) ?? 0)
    // Messages of one link stay in order; which of two links is faster is an order by chance.
    if let mean = Double(chooser.word("jitter", ["0", "0.2", "2", "10"])), mean > 0 {
      conditions.jitter = try? Distribution(.exponential(mean: mean))
    }
    return conditions
  }

  // MARK: Deliveries

  /// What is said again until it is answered: it may be late, or come twice, and break nothing.
  private static let repeatedKinds: [MessageKind] = [
    .statusUpdate, .registered, .reregistered, .subscribe, .reregisterSlave, .slaveReregistered,
  ]

  /// What breaks a connection when it is lost, as any message of TCP does; what happens most first.
  private static let singleKinds: [MessageKind] = [
    .acceptOffers, .resourceOffers, .rescindOffer, .acknowledge, .runTask, .declineOffers,
    .reviveOffers, .suppressOffers, .killTask, .reconcileTasks, .executorExited, .slaveLost,
    .executorLost,
  ]

  /// In half of the runs some messages are unusual.
  private func deliveries() -> [TimedFault] {
    let deliveries = chooser["deliveries"]
    let isUnusual = deliveries.tendency("isUnusual") < 0.5
    var entries: [TimedFault] = []
    for place in 0..<Self.deliveriesMax {
      let chooser = deliveries["\(place)"]
      guard chooser.flag("exists", chance: isUnusual ? 0.5 : 0) else { continue }
      let isRepeated = !chooser.flag("isSingle", chance: 0.4)
      let kinds = isRepeated ? Self.repeatedKinds : Self.singleKinds
      let word = chooser.word("kind", kinds.map(\.rawValue))
      guard let kind = MessageKind(rawValue: word) else { continue }
      let delay = Int(chooser.word("delay", ["1000", "100", "3000", "10000", "40000"])) ?? 1000
      let fates: [String: MessageFate] = [
        "lose": .lose, "duplicate": .duplicate(after: .seconds(1)),
      ]
      let fate = isRepeated ? chooser.word("fate", ["delay", "lose", "duplicate"]) : "lose"
      var message = MessageFault(kind, fates[fate] ?? .delay(.milliseconds(delay)))
      switch chooser.word("to", ["", "schedulers", "masters", "slaves"], weights: [3, 1, 1, 1]) {
      case "schedulers": message.to = Parties(schedulers: ["*"])
      case "masters": message.to = Parties(masters: ["*"])
      case "slaves": message.to = Parties(slaves: ["*"])
      default: break
      }
      message.times = chooser.flag("isAll", chance: isRepeated ? 0.5 : 0.1) ? nil : 1
      let at = instant(chooser)
      entries.append(TimedFault(at: at, .messages(message), until: at + length(chooser)))
    }
    return entries
  }
}
