// Part of mesosim. Apache-2.0, see LICENSE.
//
// What is written down for the next process: brokers with their options and tasks, commands under
// way, and how far acts have come.

import Mesos

extension KafkaScheduler {
  private static let brokerPrefix = "b"
  private static let optionsPrefix = "o"
  private static let commandPrefix = "command/"
  private static let countsKey = "counts"
  private static let progressPrefix = "at/"
  private static let outageKey = "outage"
  private static let downPrefix = "d"

  // MARK: Writing

  /// Writes a broker down: how far it is, and where.
  func keep(_ broker: KafkaBroker) {
    let record = broker.record
    let failover = record.failover
    func text(_ number: Double?) -> String { number.map { String($0) } ?? "-" }
    let words = [
      String(broker.id), record.isActive ? "1" : "0", record.needsRestart ? "1" : "0",
      broker.isToStop ? "1" : "0", record.task?.rawValue ?? "-", String(broker.port),
      String(failover.failures), text(failover.failedAt), text(failover.stoppedAt),
      text(broker.data.endedAt), text(broker.data.debt), text(broker.data.inSyncAt),
      broker.isVolumeNew ? "1" : "0",
    ]
    var lines = [
      words.joined(separator: " "), broker.task?.value ?? "", broker.slave?.value ?? "",
      failover.host ?? "", broker.data.home.map { "=" + $0 } ?? "", broker.madeVolume ?? "",
      broker.endpoint,
    ]
    // Written in order, so that what is written does not depend on how they are held.
    for (name, value) in broker.attributes.sorted(by: { $0.key < $1.key }) {
      lines.append("\(name)=\(value)")
    }
    write(lines.joined(separator: "\n"), for: Self.brokerPrefix + String(broker.id))
  }

  /// Writes a broker's options down.
  func keepOptions(of broker: KafkaBroker) {
    let lines = broker.options.texts.map { "\($0.key.rawValue)=\($0.text)" }
    let key = Self.optionsPrefix + String(broker.id)
    if lines.isEmpty {
      environment.store.remove(key)
    } else {
      write(lines.joined(separator: "\n"), for: key)
    }
  }

  func forget(_ broker: KafkaBroker) {
    environment.store.remove(Self.brokerPrefix + String(broker.id))
    environment.store.remove(Self.optionsPrefix + String(broker.id))
    // Its tasks' numbers must not be given again.
    keepCounts()
  }

  func keepCounts() {
    write("\(launches) \(commandsMade) \(actsDone) \(outagesMade)", for: Self.countsKey)
  }

  /// Writes down what a command is to do.
  func keep(_ command: KafkaCommand) {
    let ids = command.brokers.map { String($0) }.joined(separator: ",")
    let words = [
      command.kind.rawValue, String(command.timeout.wholeNanoseconds),
      command.waitsForReplication ? "1" : "0", String(command.note.began.nanoseconds), ids,
    ]
    let key = Self.commandPrefix + String(command.number)
    write(words.joined(separator: " ") + "\n" + command.note.what, for: key)
    keepProgress(of: command)
  }

  /// Writes down how far a command is: its brokers, who may be many, are not written each time.
  func keepProgress(of command: KafkaCommand) {
    write(
      "\(command.phase.rawValue) \(command.place)",
      for: Self.progressPrefix + String(command.number))
  }

  func forget(_ command: KafkaCommand) {
    environment.store.remove(Self.commandPrefix + String(command.number))
    environment.store.remove(Self.progressPrefix + String(command.number))
  }

  func keepOutage() {
    guard let outage else { return environment.store.remove(Self.outageKey) }
    let numbers = [
      outage.number, Int(outage.began.nanoseconds), outage.failures, outage.kept,
      outage.lost,
    ]
    write(numbers.map { String($0) }.joined(separator: " "), for: Self.outageKey)
    keepCounts()
  }

  /// Writes down whether a broker is missing that is to run: each by itself, as many may be.
  func keepDown(_ broker: Int, _ isDown: Bool) {
    let key = Self.downPrefix + String(broker)
    if isDown { write("", for: key) } else { environment.store.remove(key) }
  }

  /// Without room the next process does not know of it, and ends what it hears of.
  private func write(_ text: String, for key: String) {
    try? environment.store.write(text, for: key)
  }

  // MARK: Reading

  /// Takes over what an earlier process has written down.
  ///
  /// - Returns: Whether there was one.
  func restore() -> Bool {
    let store = environment.store
    guard let counts = store.text(for: Self.countsKey) else { return false }
    let numbers = counts.split(separator: " ").compactMap { Int($0) }
    guard numbers.count == 4 else { return false }
    launches = numbers[0]
    commandsMade = numbers[1]
    actsDone = numbers[2]
    outagesMade = numbers[3]
    let keys = store.keys
    for key in keys where key.hasPrefix(Self.brokerPrefix) {
      if let broker = restoredBroker(store.text(for: key) ?? "") { insert(broker) }
    }
    for key in keys where key.hasPrefix(Self.commandPrefix) {
      restoreCommand(
        Int(key.dropFirst(Self.commandPrefix.count)) ?? 0, store.text(for: key) ?? "")
    }
    commands.sort { $0.number < $1.number }
    restoreOutage(
      store.text(for: Self.outageKey) ?? "",
      down: keys.filter { $0.hasPrefix(Self.downPrefix) }
        .compactMap { Int($0.dropFirst(Self.downPrefix.count)) })
    return true
  }

  private func restoredBroker(_ text: String) -> KafkaBroker? {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
    let words = lines[0].split(separator: " ").map { String($0) }
    guard lines.count > 6, words.count == 13, let id = Int(words[0]) else { return nil }
    let broker = KafkaBroker(id, restoredOptions(of: id))
    broker.task = lines[1].isEmpty ? nil : TaskID(lines[1])
    broker.slave = lines[2].isEmpty ? nil : SlaveID(lines[2])
    broker.port = Int(words[5]) ?? 0
    broker.record = BrokerRecord(
      isActive: words[1] == "1", needsRestart: words[2] == "1",
      task: BrokerRecord.TaskState(rawValue: words[4]),
      failover: BrokerFailover(
        broker.options.rules, failures: Int(words[6]) ?? 0, failedAt: Double(words[7]),
        stoppedAt: Double(words[8]), host: lines[3].isEmpty ? nil : lines[3]),
      hadTask: broker.task != nil)
    broker.isToStop = words[3] == "1"
    broker.data = BrokerData(
      home: lines[4].isEmpty ? nil : String(lines[4].dropFirst()), endedAt: Double(words[9]),
      debt: Double(words[10]) ?? 0, inSyncAt: Double(words[11]) ?? 0)
    broker.madeVolume = lines[5].isEmpty ? nil : lines[5]
    broker.isVolumeNew = words[12] == "1"
    broker.endpoint = lines[6]
    for line in lines.dropFirst(7) {
      guard let equal = line.firstIndex(of: "=") else { continue }
      broker.attributes[String(line[..<equal])] = String(line[line.index(after: equal)...])
    }
    if let task = broker.task {
      launches = max(launches, task.value.split(separator: "-").last.flatMap { Int($0) } ?? 0)
    }
    if let task = broker.task, broker.record.task != nil {
      broker.alive.insert(task)
      places.add(broker.attributes, of: id)
    }
    return broker
  }

  private func restoredOptions(of id: Int) -> BrokerOptions {
    var options = BrokerOptions()
    let text = environment.store.text(for: Self.optionsPrefix + String(id)) ?? ""
    for line in text.split(separator: "\n") {
      guard let equal = line.firstIndex(of: "="),
        let key = BrokerOptions.Key(rawValue: String(line[..<equal]))
      else { continue }
      try? options.set(key, to: String(line[line.index(after: equal)...]))
    }
    return options
  }

  private func restoreCommand(_ number: Int, _ text: String) {
    let lines = text.split(separator: "\n", maxSplits: 1)
    let words = lines.first?.split(separator: " ").map { String($0) } ?? []
    let progress = environment.store.text(for: Self.progressPrefix + String(number)) ?? ""
    let steps = progress.split(separator: " ").map { String($0) }
    guard lines.count == 2, words.count == 5, steps.count == 2,
      let kind = KafkaCommand.Kind(rawValue: words[0]),
      let phase = KafkaCommand.Phase(rawValue: steps[0])
    else { return }
    let command = KafkaCommand(
      number, kind, words[4].split(separator: ",").compactMap { Int($0) },
      timeout: .nanoseconds(Int64(words[1]) ?? 0), waitsForReplication: words[2] == "1",
      what: String(lines[1]), at: now)
    command.place = Int(steps[1]) ?? 0
    command.phase = phase
    command.note.began = Instant(nanoseconds: Int64(words[3]) ?? 0)
    if kind == .restart, let id = command.current {
      command.note.steps = [ServiceChange.Step("restart broker \(id)", began: now)]
      for id in command.brokers.dropFirst(command.place) {
        guard let broker = brokers[id] else { continue }
        change(broker) { $0.isRestarting = $0.record.isActive || id == command.current }
      }
    }
    commands.append(command)
  }

  private func restoreOutage(_ text: String, down: [Int]) {
    let numbers = text.split(separator: " ").compactMap { Int($0) }
    guard numbers.count == 5 else { return }
    var outage = BrokerOutage(numbers[0], began: Instant(nanoseconds: Int64(numbers[1])))
    outage.failures = numbers[2]
    outage.kept = numbers[3]
    outage.lost = numbers[4]
    outage.down = Set(down)
    self.outage = outage
  }
}
