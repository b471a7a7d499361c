// Part of mesosim. Apache-2.0, see LICENSE.
//
// What users ask of Kafka on Mesos, as calls: what a REST interface hands over to.

package import Mesos

/// The calls of the users of a Kafka on Mesos.
///
///     let api = KafkaAPI(scheduler)
///     try api.add("0..2", BrokerChange().setting(.mem, to: "4096"))
///     let command = try api.start("0..2")
///     api.result(of: command)  // nil as long as it is under way, then "started" or "timeout"
///
/// Each refuses with `KafkaRefusal` what Kafka on Mesos refuses. Calls are made between callbacks,
/// as timers are fired.
public struct KafkaAPI {
  let scheduler: KafkaScheduler

  /// Makes the calls of a scheduler.
  public init(_ scheduler: KafkaScheduler) { self.scheduler = scheduler }

  // MARK: Brokers

  /// Adds brokers (`/api/broker/add`), which are not started.
  ///
  /// - Parameters:
  ///   - expression: Their numbers.
  ///   - change: Their options; what is not given has its default.
  /// - Throws: `KafkaRefusal` when there is one of them.
  public func add(
    _ expression: String, _ change: BrokerChange = BrokerChange()
  ) throws(KafkaRefusal) {
    let ids = try scheduler.names(expression)
    let there = ids.filter { scheduler.brokers[$0] != nil }
    if !there.isEmpty {
      throw KafkaRefusal(there.map { "Broker \($0) already exists" }.joined(separator: "; "))
    }
    insert(ids, change.applied(to: BrokerOptions()))
  }

  private func insert(_ ids: [Int], _ options: BrokerOptions) {
    for id in ids {
      let broker = KafkaBroker(id, options)
      scheduler.insert(broker)
      scheduler.keepOptions(of: broker)
      scheduler.keep(broker)
    }
  }

  /// Changes brokers' options (`/api/broker/update`); those that have a task need a restart then.
  ///
  /// - Throws: `KafkaRefusal` when there is no such broker.
  public func update(_ expression: String, _ change: BrokerChange) throws(KafkaRefusal) {
    let ids = try scheduler.names(expression)
    let missing = ids.filter { scheduler.brokers[$0] == nil }
    if !missing.isEmpty {
      throw KafkaRefusal(missing.map { "Broker \($0) not found" }.joined(separator: "; "))
    }
    for id in ids {
      guard let broker = scheduler.brokers[id] else { continue }
      scheduler.setOptions(of: broker, change.applied(to: broker.options))
    }
    scheduler.askForOffers(isForced: !scheduler.waiting.isEmpty)
  }

  /// Adds brokers with the options of another one (`/api/broker/clone`).
  ///
  /// - Throws: `KafkaRefusal` when one of them is there, or `source` is not one broker.
  public func clone(_ expression: String, from source: String) throws(KafkaRefusal) {
    let ids = try scheduler.names(expression)
    let there = ids.filter { scheduler.brokers[$0] != nil }
    if !there.isEmpty {
      let list = there.map { String($0) }.joined(separator: ",")
      throw KafkaRefusal("broker(s) \(list) already exist.")
    }
    let sources = try scheduler.ids(source)
    guard sources.count < 2 else { throw KafkaRefusal("source must be 1 broker") }
    guard let source = sources.first.flatMap({ scheduler.brokers[$0] }) else {
      throw KafkaRefusal("source does not exist")
    }
    insert(ids, source.options)
  }

  /// Removes brokers (`/api/broker/remove`).
  ///
  /// - Throws: `KafkaRefusal` when there is no such broker, or one is active.
  public func remove(_ expression: String) throws(KafkaRefusal) {
    let ids = try scheduler.ids(expression)
    if let id = ids.first(where: { scheduler.brokers[$0]?.record.isActive == true }) {
      throw KafkaRefusal("broker \(id) is active.")
    }
    for id in ids { if let broker = scheduler.brokers[id] { scheduler.remove(broker) } }
  }

  // MARK: Commands

  /// Starts brokers (`/api/broker/start`).
  ///
  /// - Parameters:
  ///   - expression: Which.
  ///   - timeout: How long each is waited for; zero for not at all.
  ///   - cause: What reports call it.
  /// - Returns: The number of the command.
  /// - Throws: `KafkaRefusal` when there is no such broker.
  @discardableResult public func start(
    _ expression: String, timeout: Duration = .seconds(60), cause: String? = nil
  ) throws(KafkaRefusal) -> Int {
    scheduler.begin(
      .start, try scheduler.ids(expression), timeout: timeout,
      what: cause ?? "start \(expression)"
    ).number
  }

  /// Stops brokers (`/api/broker/stop`).
  ///
  /// - Parameters:
  ///   - expression: Which; one whose task does not run yet goes on until it is stopped again.
  ///   - timeout: How long each is waited for; zero for not at all.
  ///   - isForced: Whether they are to end without being stopped first.
  ///   - cause: What reports call it.
  /// - Returns: The number of the command.
  /// - Throws: `KafkaRefusal` when there is no such broker.
  @discardableResult public func stop(
    _ expression: String, timeout: Duration = .seconds(60), isForced: Bool = false,
    cause: String? = nil
  ) throws(KafkaRefusal) -> Int {
    scheduler.begin(
      .stop, try scheduler.ids(expression), timeout: timeout, isForced: isForced,
      what: cause ?? "stop \(expression)"
    ).number
  }

  /// Restarts brokers one after the other (`/api/broker/restart`).
  ///
  /// - Parameters:
  ///   - expression: Which.
  ///   - timeout: How long each has to stop, to start and to be in sync; by default 5 min, or 2 min
  ///     without the last.
  ///   - waitsForReplication: Whether the next one waits until all replicas are in sync.
  ///   - cause: What reports call it.
  /// - Returns: The number of the command.
  /// - Throws: `KafkaRefusal` when there is no such broker.
  @discardableResult public func restart(
    _ expression: String, timeout: Duration? = nil, waitsForReplication: Bool = true,
    cause: String? = nil
  ) throws(KafkaRefusal) -> Int {
    scheduler.begin(
      .restart, try scheduler.ids(expression),
      timeout: timeout ?? .seconds(waitsForReplication ? 300 : 120),
      waitsForReplication: waitsForReplication, what: cause ?? "restart \(expression)"
    ).number
  }

  /// What a command came to: `started`, `stopped`, `restarted`, `scheduled`, `timeout`, or
  /// `broker 3 timeout on stop`; `nil` while it is under way.
  public func result(of command: Int) -> String? { scheduler.results[command] }

  // MARK: Views

  /// The brokers that an expression names (`/api/broker/list`).
  ///
  /// - Throws: `KafkaRefusal` when it is no expression.
  package func list(_ expression: String = "*") throws(KafkaRefusal) -> [JSONValue] {
    try scheduler.names(expression).compactMap { scheduler.brokers[$0] }.map(view)
  }

  private func view(_ broker: KafkaBroker) -> JSONValue {
    let record = broker.record
    var members: [JSONValue.Member] = [
      .init(key: "id", value: .text(String(broker.id))),
      .init(key: "active", value: .bool(record.isActive)),
      .init(key: "cpus", value: .number(broker.options.cpus)),
      .init(key: "mem", value: .number(broker.options.mem)),
      .init(key: "heap", value: .number(broker.options.heap)),
      .init(key: "needsRestart", value: .bool(record.needsRestart)),
      .init(key: "failures", value: .number(record.failover.failures)),
      .init(
        key: "state",
        value: .text(
          broker.stateText(at: scheduler.seconds) { seconds in
            CalendarText.text(
              epoch: scheduler.environment.epoch, .start + .rounded(seconds: seconds))
          })),
    ]
    let shown: [BrokerOptions.Key] = [
      .port, .volume, .constraints, .options, .log4jOptions,
      .jvmOptions, .bindAddress, .syslog,
    ]
    for (key, text) in broker.options.texts where shown.contains(key) {
      members.append(.init(key: key.rawValue, value: .text(text)))
    }
    if record.task != nil, let task = broker.task {
      members.append(
        .init(
          key: "task",
          value: .object([
            "id": .text(task.value), "slaveId": .text(broker.slave?.value ?? ""),
            "executorId": .text(broker.executorID.value),
            "hostname": .text(broker.attributes["hostname"] ?? ""),
            "endpoint": .text(broker.endpoint),
          ])))
    }
    return JSONValue(.object(members))
  }
}

extension KafkaScheduler {
  /// Gives a broker other options.
  func setOptions(of broker: KafkaBroker, _ options: BrokerOptions) {
    if broker.isWaiting { environment.journal.demand(broker.shape, delta: -1) }
    broker.options = options
    runs = nil
    if broker.isWaiting { environment.journal.demand(broker.shape, delta: 1) }
    change(broker) { broker in
      broker.record.failover.rules = options.rules
      _ = broker.record.note(.updateOptions, at: seconds)
    }
    keepOptions(of: broker)
    keep(broker)
  }

  /// Forgets a broker; what still runs of it is ended when it is heard of.
  func remove(_ broker: KafkaBroker) {
    leaveCounts(broker)
    brokers[broker.id] = nil
    order.remove(at: order.partitioningIndex { $0.id >= broker.id })
    places.remove(broker.id)
    noteUnwanted(broker)
    forget(broker)
    if let task = broker.task, broker.record.task != nil { driver?.killTask(task) }
    advanceCommands(waitingFor: broker)
    askForOffers()
  }
}
