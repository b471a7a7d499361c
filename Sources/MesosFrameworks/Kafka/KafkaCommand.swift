// Part of mesosim. Apache-2.0, see LICENSE.
//
// Commands that take time: brokers are started, stopped or restarted one after the other, and each
// has so long.

import Mesos

/// A command under way.
final class KafkaCommand {
  /// What is done with each broker.
  enum Kind: String {
    case start, stop, restart
  }

  /// What is waited for of the broker whose turn it is.
  enum Phase: String {
    case stop, start, replication
  }

  let number: Int
  let kind: Kind
  let brokers: [Int]
  let timeout: Duration
  /// Whether each restart waits until all replicas are in sync.
  let waitsForReplication: Bool
  /// How many brokers are done with.
  var place = 0
  var phase: Phase
  var deadline: Instant
  var timer: TimerID?
  var note: ServiceChange

  init(
    _ number: Int, _ kind: Kind, _ brokers: [Int], timeout: Duration, waitsForReplication: Bool,
    what: String, at now: Instant
  ) {
    self.number = number
    self.kind = kind
    self.brokers = brokers
    self.timeout = timeout
    self.waitsForReplication = waitsForReplication
    phase = kind == .start ? .start : .stop
    deadline = now + timeout
    note = ServiceChange(id: "c\(number)", what: what, began: now)
  }

  /// The broker whose turn it is; `nil` when all are done with.
  var current: Int? { place < brokers.count ? brokers[place] : nil }
}

extension KafkaScheduler {
  /// How often it is looked whether replicas are in sync.
  private static let pollInterval = Duration.seconds(5)

  // MARK: What is asked

  /// The brokers that an expression names, all of which must be there.
  func ids(_ expression: String) throws(KafkaRefusal) -> [Int] {
    let ids = try names(expression)
    if let id = ids.first(where: { brokers[$0] == nil }) { throw .unknown(id) }
    return ids
  }

  /// The brokers that an expression names, whether they are there or not.
  func names(_ expression: String) throws(KafkaRefusal) -> [Int] {
    do throws(BrokerExpressionFault) {
      return try BrokerExpression(expression).ids(among: order.map(\.sight))
    } catch { throw KafkaRefusal("\(error)") }
  }

  /// Makes brokers active.
  func activate(_ ids: [Int]) {
    for id in ids {
      guard let broker = brokers[id] else { continue }
      _ = note(.start, of: broker)
      broker.isToStop = false
      keep(broker)
    }
    tellWanted()
    askForOffers(isForced: true)
  }

  /// Begins a command and does what can be done of it at once.
  func begin(
    _ kind: KafkaCommand.Kind, _ ids: [Int], timeout: Duration, isForced: Bool = false,
    waitsForReplication: Bool = false, what: String
  ) -> KafkaCommand {
    commandsMade += 1
    keepCounts()
    let command = KafkaCommand(
      commandsMade, kind, ids, timeout: timeout, waitsForReplication: waitsForReplication,
      what: what, at: now)
    commands.append(command)
    switch kind {
    case .start: activate(ids)
    case .stop:
      for id in ids {
        guard let broker = brokers[id] else { continue }
        stop(broker, isForced: isForced)
        keep(broker)
      }
      tellWanted()
      askForOffers()
    case .restart:
      for id in ids { if let broker = brokers[id] { setRestarting(broker, true) } }
      beginTurn(command)
    }
    keep(command)
    if timeout == .zero, kind != .restart {
      end(command, .done, "scheduled")
    } else {
      advance(command)
    }
    return command
  }

  private func setRestarting(_ broker: KafkaBroker, _ isRestarting: Bool) {
    // What was stopped on purpose is not missed before its turn.
    change(broker) { $0.isRestarting = isRestarting && $0.record.isActive }
  }

  // MARK: One broker after the other

  /// Goes on with commands whose turn is this broker's.
  func advanceCommands(waitingFor broker: KafkaBroker) {
    for command in commands where command.current == broker.id { advance(command) }
  }

  /// Begins with the broker whose turn it is.
  private func beginTurn(_ command: KafkaCommand) {
    command.deadline = now + command.timeout
    guard let id = command.current, let broker = brokers[id] else { return }
    guard command.kind == .restart else { return }
    command.phase = .stop
    if broker.record.isActive, broker.record.task == .running {
      stop(broker, isForced: false)
      keep(broker)
    }
    command.note.steps.append(ServiceChange.Step("restart broker \(id)", began: now))
  }

  /// Goes on with a command as far as it can go now.
  func advance(_ command: KafkaCommand) {
    guard commands.contains(where: { $0 === command }) else { return }
    while let id = command.current {
      guard isReached(command, brokers[id]) else { return wait(on: command) }
      nextPhase(command, brokers[id])
    }
    let words: [KafkaCommand.Kind: String] = [
      .start: "started", .stop: "stopped", .restart: "restarted",
    ]
    end(command, .done, words[command.kind] ?? "")
  }

  /// Whether what is waited for is there; what is removed is not waited for.
  private func isReached(_ command: KafkaCommand, _ broker: KafkaBroker?) -> Bool {
    guard let broker else { return true }
    switch command.phase {
    case .stop: return broker.record.task == nil
    case .start: return broker.record.task == .running
    case .replication: return areInSync
    }
  }

  /// Whether the replicas of all brokers are in sync.
  private var areInSync: Bool {
    // Those that are in sync stay so until something happens to them, and need no second look.
    while let broker = lagging.last {
      guard brokers[broker.id] !== broker || broker.data.isInSync(at: seconds) else { return false }
      broker.mayLag = false
      lagging.removeLast()
    }
    return true
  }

  private func nextPhase(_ command: KafkaCommand, _ broker: KafkaBroker?) {
    if command.kind == .restart, let broker {
      if command.phase == .stop {
        command.phase = .start
        activate([broker.id])
        setRestarting(broker, true)
        keepProgress(of: command)
        return
      }
      if command.phase == .start, command.waitsForReplication {
        command.phase = .replication
        keepProgress(of: command)
        return
      }
      setRestarting(broker, false)
      command.note.steps[command.note.steps.count - 1].ended = now
    }
    command.place += 1
    beginTurn(command)
    keepProgress(of: command)
  }

  /// Waits for the broker whose turn it is, but not too long.
  private func wait(on command: KafkaCommand) {
    environment.journal.changes(command.note)
    if let timer = command.timer { environment.cancelTimer(timer) }
    let left = max(.zero, command.deadline - now)
    let delay = command.phase == .replication ? min(Self.pollInterval, left) : left
    command.timer = environment.startTimer(after: delay) { [weak self, weak command] in
      guard let self, let command else { return }
      command.timer = nil
      if now < command.deadline { return advance(command) }
      let id = command.current.flatMap { brokers[$0] }
      if isReached(command, id) { return advance(command) }
      let reason =
        command.kind == .restart
        ? "broker \(command.current ?? 0) timeout on \(command.phase.rawValue)" : "timeout"
      end(command, .cancelled, reason)
    }
  }

  private func end(
    _ command: KafkaCommand, _ outcome: ServiceChange.Outcome, _ reason: String
  ) {
    if let timer = command.timer { environment.cancelTimer(timer) }
    command.timer = nil
    commands.removeAll { $0 === command }
    if command.kind == .restart {
      for id in command.brokers { if let broker = brokers[id] { setRestarting(broker, false) } }
      tellWanted()
    }
    forget(command)
    command.note.ended = now
    command.note.outcome = outcome
    command.note.reason = outcome == .done ? "" : reason
    environment.journal.changes(command.note)
    results[command.number] = reason
  }
}
