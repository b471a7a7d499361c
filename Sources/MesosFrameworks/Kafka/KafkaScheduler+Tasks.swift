// Part of mesosim. Apache-2.0, see LICENSE.
//
// The lives of brokers' tasks: what updates say of them, and how the master is asked when it has
// changed.

import Mesos

extension KafkaScheduler {
  // MARK: Updates

  /// Takes in what an update says of a task.
  func take(_ status: TaskStatus, _ driver: any SchedulerDriver) {
    let id = status.taskID
    guard let broker = Self.broker(of: id).flatMap({ brokers[$0] }) else {
      return killUnknown(status, driver)
    }
    if status.state.isTerminal { broker.alive.remove(id) }
    guard id == broker.task else { return killUnknown(status, driver) }
    guard let event = event(status, of: broker) else { return }
    let before = broker.record
    if note(event, of: broker) { driver.killTask(id) }
    follow(broker, from: before, status)
    tellWanted()
    askForOffers()
  }

  /// The number of the broker that a task is of: `kafka-7-31` is of broker 7.
  private static func broker(of task: TaskID) -> Int? {
    let words = task.value.split(separator: "-")
    return words.count == 3 && words[0] == "kafka" ? Int(words[1]) : nil
  }

  /// What nobody here has asked for, or has asked for no more, must not live on.
  private func killUnknown(_ status: TaskStatus, _ driver: any SchedulerDriver) {
    if !status.state.isTerminal, status.state != .unknown { driver.killTask(status.taskID) }
  }

  private func event(_ status: TaskStatus, of broker: KafkaBroker) -> BrokerRecord.Event? {
    switch status.state {
    case .staging: .staging
    case .starting: .starting
    case .running: broker.record.task == .reconciling ? .reconciled : .running
    case .killing: .killing
    case .finished: .finished
    case .failed: .failed
    case .killed: .killed
    case .error: .error
    case .lost, .dropped, .gone, .goneByOperator, .unreachable: .lost
    case .unknown: nil
    }
  }

  /// Does what follows from a change of a broker's task.
  private func follow(
    _ broker: KafkaBroker, from before: BrokerRecord, _ status: TaskStatus
  ) {
    let after = broker.record
    if status.state == .starting || status.state == .running { broker.isVolumeNew = false }
    if after.task == .running {
      if before.task != .running { run(broker, isNew: before.task != .reconciling, status) }
    } else if after.task == nil, before.task != nil {
      end(broker, isFailure: after.failover.failures > before.failover.failures)
    }
    guard after != before else { return }
    keep(broker)
    advanceCommands(waitingFor: broker)
  }

  private func run(_ broker: KafkaBroker, isNew: Bool, _ status: TaskStatus) {
    guard let task = broker.task else { return }
    if !status.data.isEmpty { broker.endpoint = String(decoding: status.data, as: UTF8.self) }
    broker.alive.insert(task)
    places.add(broker.attributes, of: broker.id)
    environment.journal.up(task, of: Self.group)
    if isNew || broker.data.home == nil || broker.data.endedAt != nil {
      let find = broker.data.noteRunning(at: broker.home, now: seconds, options.replication)
      noteLag(of: broker)
      noteReturn(of: broker, find)
    }
    // It was being stopped when the master changed.
    if broker.isToStop { stop(broker, isForced: false) }
  }

  private func end(_ broker: KafkaBroker, isFailure: Bool) {
    broker.isToStop = false
    broker.endpoint = ""
    // Its volume was made with its task, or not at all.
    if broker.isVolumeNew { broker.madeVolume = nil }
    broker.isVolumeNew = false
    places.remove(broker.id)
    notePlacesChanged()
    // What was declined because nobody waited may be for it.
    if broker.record.isActive {
      reviveLater(after: .rounded(seconds: broker.record.failover.waitingSeconds(at: seconds)))
    }
    broker.data.noteEnd(now: seconds)
    noteLag(of: broker)
    if isFailure, broker.record.isActive {
      noteFailure(of: broker)
    } else {
      noteUnwanted(broker)
    }
  }

  /// Has the task of a broker end that is not to run any more.
  func stop(_ broker: KafkaBroker, isForced: Bool) {
    // What became of its task is not known: it is told when it is.
    if broker.record.task == .reconciling { broker.isToStop = true }
    let isKilled = note(.stop, of: broker)
    noteUnwanted(broker)
    guard isKilled, let task = broker.task else { return }
    broker.isToStop = true
    if isForced, let slave = broker.slave {
      driver?.sendFrameworkMessage(
        broker.executorID, slave, Array(KafkaExecutor.stopMessage.utf8))
    } else {
      driver?.killTask(task)
    }
  }

  // MARK: Reconciliation

  /// How often the master is asked for a task before it is given up.
  private static let attemptsAtMost = 6

  /// Asks the master for all tasks, with each of which something may have happened unheard of.
  func reconcile(_ driver: any SchedulerDriver) {
    var hasTasks = false
    for broker in order where broker.record.task != nil {
      hasTasks = true
      _ = note(.reconcile, of: broker)
    }
    guard hasTasks else { return }
    attempts = 1
    driver.reconcileTasks([])
    askAgainLater()
  }

  private func askAgainLater() {
    if let attemptTimer { environment.cancelTimer(attemptTimer) }
    attemptTimer = environment.startTimer(after: options.reconciliationTimeout) { [weak self] in
      self?.attemptTimer = nil
      self?.askAgain()
    }
  }

  /// Asks for those tasks that nothing was said of; gives them up in the end.
  private func askAgain() {
    let silent = order.filter { $0.record.task == .reconciling }
    guard !silent.isEmpty, let driver else { return }
    attempts += 1
    if attempts <= Self.attemptsAtMost {
      driver.reconcileTasks(silent.compactMap(query))
      return askAgainLater()
    }
    for broker in silent {
      if note(.giveUp, of: broker), let task = broker.task { driver.killTask(task) }
      keep(broker)
    }
  }

  /// Asks for all tasks by name, where messages can get lost.
  func askForTasks() {
    let queries = order.filter { $0.record.task != nil }.compactMap(query)
    if !queries.isEmpty { driver?.reconcileTasks(queries) }
  }

  private func query(_ broker: KafkaBroker) -> TaskQuery? {
    broker.task.map { TaskQuery($0, on: broker.slave) }
  }
}
