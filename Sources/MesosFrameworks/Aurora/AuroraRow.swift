// Part of mesosim. Apache-2.0, see LICENSE.
//
// A task as Aurora keeps it: one instance of a job from PENDING to its end. The next task of the
// same instance is another row.

import Mesos

/// A task.
final class AuroraRow {
  let id: TaskID
  /// Its number among all tasks.
  let number: Int
  /// What it is written down under, with every change.
  let storeKey: String
  let config: AuroraConfig
  /// Which instance of its job it is.
  let instance: Int

  @exclusivity(unchecked) private(set) var state = AuroraTaskState.initial
  /// Since when it is in its state.
  @exclusivity(unchecked) private(set) var since = Instant.start
  /// How often its state has changed.
  @exclusivity(unchecked) private(set) var changes = 0
  /// How often the instance has failed so far.
  @exclusivity(unchecked) var failures = 0
  /// How many tasks before it have flapped, one after the other.
  @exclusivity(unchecked) var flaps = 0
  /// Whether somebody has wanted it to end.
  @exclusivity(unchecked) private(set) var wasKilling = false
  /// Whether somebody has wanted it to end or to move.
  @exclusivity(unchecked) private(set) var wasMoved = false
  /// How long it was in its last state, once it has ended.
  @exclusivity(unchecked) private(set) var lastStay = Duration.zero
  /// Where it is.
  @exclusivity(unchecked) var host: AuroraHost?
  /// Its ports, in the order of the job's.
  @exclusivity(unchecked) var ports: [Int] = []
  /// Since when it could be launched.
  @exclusivity(unchecked) var pendingSince = Instant.start
  /// How long the next request to kill it is waited for, in seconds.
  @exclusivity(unchecked) var killDelay = 0.0

  init(_ id: TaskID, number: Int, of config: AuroraConfig, instance: Int) {
    self.id = id
    self.number = number
    storeKey = Self.storeKey(number)
    self.config = config
    self.instance = instance
  }

  static func storeKey(_ number: Int) -> String { "t" + String(number) }

  var job: AuroraLiveJob { config.owner }

  /// What its transitions depend on.
  var context: AuroraTransition.Context {
    AuroraTransition.Context(
      isService: config.job.isService, maxFailures: config.job.maxTaskFailures,
      failures: failures, wasKilling: wasKilling)
  }

  /// Goes to another state.
  func enter(_ state: AuroraTaskState, at now: Instant) {
    if state.isTerminal { lastStay = now - since }
    self.state = state
    since = now
    changes += 1
    switch state {
    case .killing: (wasKilling, wasMoved) = (true, true)
    case .restarting, .draining: wasMoved = true
    case .pending: pendingSince = now
    default: break
    }
  }

  /// Whether it has ended by itself, and too soon.
  func hasFlapped(_ penalty: FlapPenalty) -> Bool {
    state.isTerminal && !wasMoved && lastStay.inSeconds < penalty.threshold
  }

  /// What preemption looks at.
  var candidate: AuroraPreemption.Candidate { config.candidate(in: state) }
}

/// A slave, with what of ours is there.
final class AuroraHost {
  let slaveID: SlaveID
  let hostname: String
  /// What an offer has said of it last.
  @exclusivity(unchecked) private(set) var source: Attributes
  /// What constraints look at, and whether it is on its way out of use.
  @exclusivity(unchecked) var slave: AuroraSlave
  /// The tasks that take up room there, oldest first.
  @exclusivity(unchecked) private(set) var rows: [AuroraRow] = []
  /// The offer that is held.
  @exclusivity(unchecked) var offer: AuroraOffer?
  /// For whom it is kept after an eviction.
  @exclusivity(unchecked) var keptFor: AuroraConfig?
  /// How many instances that are being updated it is kept for.
  @exclusivity(unchecked) var keptForUpdates = 0
  /// Whether it is written down.
  @exclusivity(unchecked) var isKept = false

  init(_ slaveID: SlaveID, _ hostname: String, _ attributes: Attributes, _ mode: AuroraSlave.Mode) {
    self.slaveID = slaveID
    self.hostname = hostname
    source = attributes
    slave = AuroraSlave(AuroraAttributes(attributes), mode: mode)
  }

  /// Lets go of its tasks, which know it: the process ends.
  func release() { rows = [] }

  /// Takes over what an offer says of it.
  func note(_ offer: Offer) {
    guard offer.attributes != source else { return }
    source = offer.attributes
    slave.attributes = AuroraAttributes(source)
    isKept = false
  }

  /// Whether only some may use it now, and not these.
  func isKept(from config: AuroraConfig) -> Bool {
    keptForUpdates > 0 || keptFor != nil && keptFor !== config
  }

  func add(_ row: AuroraRow) { rows.append(row) }

  func remove(_ row: AuroraRow) {
    if let place = rows.firstIndex(where: { $0 === row }) { rows.remove(at: place) }
  }
}

extension AuroraAttributes {
  /// What constraints see of a slave's attributes: texts, numbers and the items of sets.
  init(_ attributes: Attributes) {
    self.init()
    for attribute in attributes.list {
      switch attribute.value {
      case .text(let text): add(attribute.name, text)
      case .scalar(let number): add(attribute.name, number)
      case .set(let set): for item in set.items { add(attribute.name, item) }
      case .ranges: break
      }
    }
  }
}
