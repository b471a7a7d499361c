// Part of mesosim. Apache-2.0, see LICENSE.
//
// What reports are told: which offers no broker could use, and for each time that brokers were lost
// how long it took until all were back, and with which data.

import Mesos

/// What became of the offers that brokers waited for.
///
/// An object of its own, as reports look at it when the scheduler may be gone.
final class BrokerTally {
  private var offers = 0
  private var reasons: [String: Int] = [:]

  func noteUse() { offers += 1 }

  func note(_ reason: String, offers count: Int) {
    offers += count
    reasons[reason, default: 0] += count
  }

  var wait: ServiceWait {
    ServiceWait(
      "brokers", offers: offers,
      reasons: reasons.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        .map { ServiceWait.Reason($0.key, offers: $0.value) })
  }
}

/// A time in which brokers were lost that are to run, until all are back and in sync.
struct BrokerOutage {
  let number: Int
  let began: Instant
  /// Those that are not back.
  var down: Set<Int> = []
  /// Those that are back, but whose replicas are not in sync.
  var outOfSync: Set<Int> = []
  var failures = 0
  var kept = 0
  var lost = 0
  /// When all were back, if they are.
  var runningAgain: Instant?

  init(_ number: Int, began: Instant) {
    self.number = number
    self.began = began
  }

  var isOver: Bool { down.isEmpty && outOfSync.isEmpty }

  /// What reports are told of it.
  func note(at now: Instant) -> ServiceChange {
    var note = ServiceChange(
      id: "r\(number)", what: "restore \(failures): data of \(kept) kept, of \(lost) lost",
      began: began)
    note.steps = [ServiceChange.Step("run again", began: began, ended: runningAgain)]
    if let runningAgain {
      note.steps.append(
        ServiceChange.Step("are in sync", began: runningAgain, ended: isOver ? now : nil))
    }
    if isOver {
      note.ended = now
      note.outcome = .done
    }
    return note
  }
}

extension KafkaScheduler {
  /// A broker that is to run has failed.
  func noteFailure(of broker: KafkaBroker) {
    if outage == nil {
      outagesMade += 1
      outage = BrokerOutage(outagesMade, began: now)
    }
    outage?.failures += 1
    outage?.down.insert(broker.id)
    keepDown(broker.id, true)
    outage?.outOfSync.remove(broker.id)
    outage?.runningAgain = nil
    tellOutage()
  }

  /// A broker runs; what it has found of its data is told, if it had failed.
  func noteReturn(of broker: KafkaBroker, _ find: BrokerData.Find) {
    guard outage?.down.remove(broker.id) != nil else { return }
    keepDown(broker.id, false)
    switch find {
    case .nothing: break
    case .kept: outage?.kept += 1
    case .lost: outage?.lost += 1
    }
    awaitSync(of: broker)
    tellOutage()
  }

  private func awaitSync(of broker: KafkaBroker) {
    guard !broker.data.isInSync(at: seconds) else { return }
    outage?.outOfSync.insert(broker.id)
    let (task, left) = (broker.task, broker.data.inSyncAt - seconds)
    environment.startTimer(after: .rounded(seconds: max(0, left))) { [weak self, weak broker] in
      guard let self, let broker, broker.task == task else { return }
      guard outage?.outOfSync.remove(broker.id) != nil else { return }
      tellOutage()
    }
  }

  /// A broker is not to run any more.
  func noteUnwanted(_ broker: KafkaBroker) {
    let wasDown = outage?.down.remove(broker.id) != nil
    let wasOutOfSync = outage?.outOfSync.remove(broker.id) != nil
    if wasDown { keepDown(broker.id, false) }
    if wasDown || wasOutOfSync { tellOutage() }
  }

  private func tellOutage() {
    guard var outage else { return }
    if outage.down.isEmpty, outage.runningAgain == nil { outage.runningAgain = now }
    environment.journal.changes(outage.note(at: now))
    self.outage = outage.isOver ? nil : outage
    keepOutage()
  }

  /// Goes on with what an earlier process has seen begin.
  func resumeOutage() {
    guard let down = outage?.down else { return }
    for id in down.sorted() where brokers[id]?.record.isActive != true {
      outage?.down.remove(id)
      keepDown(id, false)
    }
    for broker in order where broker.record.task != nil { awaitSync(of: broker) }
    tellOutage()
  }
}
