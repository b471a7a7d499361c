// Part of mesosim. Apache-2.0, see LICENSE.
//
// How a scenario names and sets Kafka on Mesos: its brokers, what is done with them, and when.

import Mesos

extension FrameworkDescriptor {
  /// `kafka`: brokers that stay with their data.
  public static let kafka = FrameworkDescriptor(
    "kafka", "Kafka on Mesos: brokers that stay where their data are",
    parameters: [
      KafkaParameters.brokers, KafkaParameters.acts, KafkaParameters.volumeSize,
      KafkaParameters.dataSize, KafkaParameters.copyRate, KafkaParameters.catchUp,
      KafkaParameters.startTime, KafkaParameters.stopTime, KafkaParameters.crashes,
      KafkaParameters.askAgain, KafkaParameters.reconciliationTimeout,
      KafkaParameters.reconcile,
    ],
    makeScheduler: { request, environment in
      KafkaScheduler(
        options: KafkaOptions(request.parameters), roles: request.roles,
        principal: request.principal, environment: environment)
    }
  ).with { descriptor in
    descriptor.isEndless = { _ in true }
    descriptor.makeExecutors = { request in
      let behaviour = KafkaOptions(request.parameters).executor
      return { _, environment in KafkaExecutor(behaviour, environment: environment) }
    }
    descriptor.check = { request throws(ParameterError) in
      try KafkaParameters.check(request)
    }
  }
}

extension KafkaOptions {
  /// What parameters say.
  init(_ parameters: Parameters) {
    self.init()
    brokers = parameters[KafkaParameters.brokers]
    acts = parameters[KafkaParameters.acts]
    askAgain = parameters[KafkaParameters.askAgain]
    volumeSize = parameters[KafkaParameters.volumeSize]
    dataSize = parameters[KafkaParameters.dataSize]
    copyRate = parameters[KafkaParameters.copyRate]
    catchUp = parameters[KafkaParameters.catchUp]
    executor = KafkaExecutor.Behaviour(
      startTime: parameters[KafkaParameters.startTime],
      stopTime: parameters[KafkaParameters.stopTime],
      meanLife: parameters[KafkaParameters.crashes])
    reconciliationTimeout = parameters[KafkaParameters.reconciliationTimeout]
    reconciliationInterval = parameters[KafkaParameters.reconcile]
  }
}

enum KafkaParameters {
  static let brokers = Parameter<[KafkaOptions.Brokers]>(
    "brokers",
    .list(
      .fields(
        [ParameterForm.Field("id", .text), ParameterForm.Field("active", .flag)]
          + KafkaActs.options,
        example: "{id: 0..2, mem: 4GB}"),
      example: "[{id: 0..2, cpus: 2, mem: 4GB, constraints: {hostname: unique}}]"),
    default: [],
    "the brokers: expressions such as 0..149, with their options; started unless 'active: false'",
    take: { data throws(ParameterError) in
      var brokers: [KafkaOptions.Brokers] = []
      for (index, item) in data.asList.enumerated() {
        brokers.append(try entry(item.asMap, at: String(index)))
      }
      return brokers
    },
    give: { $0.isEmpty ? nil : .list($0.map(\.data)) })

  private static func entry(
    _ entries: [ParameterValue.Entry], at place: String
  ) throws(ParameterError) -> KafkaOptions.Brokers {
    guard let id = entries.first(where: { $0.key == "id" })?.value.asText else {
      throw ParameterError(path: place, reason: "'id' is missing: say which, such as id: 0..2")
    }
    _ = try KafkaActs.expression(id, at: "\(place).id")
    let change: BrokerChange
    do throws(ParameterError) { change = try KafkaActs.change(entries) } catch {
      throw ParameterError(path: "\(place).\(error.path)", reason: error.reason)
    }
    let isActive = entries.first { $0.key == "active" }?.value != .flag(false)
    return KafkaOptions.Brokers(id, change, isActive: isActive)
  }

  static let acts = Parameter<[FrameworkAct]>.acts(
    KafkaActs.verbs, details: KafkaActs.details,
    example: "[{at: 10m, update: \"*\", heap: 2GB}, {at: 11m, restart: \"*\", timeout: 10m}]",
    "what is asked of it later: add, start, stop, update, remove, restart or clone",
    check: { act throws(ParameterError) in try KafkaActs.check(act) })

  static let volumeSize = Parameter<Double?>(
    "volumeSize", .wordOr("none", .megabytes(isWhole: true)), default: nil,
    "how large the volumes are that it reserves and makes for brokers with a 'volume', as an "
      + "operator would; none: they are there already",
    take: { data in
      let size = data.asNumber
      return size > 0 ? size : nil
    },
    give: { $0.map { .number($0) } ?? .text("none") })

  static let dataSize = Parameter.megabytes(
    "dataSize", default: 0, "how much data a broker has, which are copied where they are lost")

  static let copyRate = Parameter.number(
    "copyRate", above: 0, default: 100, "how many MB of these are copied in a second")

  static let catchUp = Parameter.number(
    "catchUp", 0...1_000, default: 0,
    "how many seconds a broker takes to catch up with a second that it has missed")

  static let startTime = Parameter.duration(
    "startTime", default: .seconds(10), "how long a broker takes to start")

  static let stopTime = Parameter.duration(
    "stopTime", default: .seconds(5), "how long a broker takes to stop when it is asked to")

  static let crashes = Parameter<Duration?>(
    "crashes",
    .fields(
      [ParameterForm.Field("mean", .duration(isPositive: true))], example: "{mean: 6h}"),
    default: nil, "how long a broker runs on average until it fails by itself; else for ever",
    take: { data in
      guard case .duration(let mean)? = data.asMap.first?.value else { return nil }
      return mean
    },
    give: { mean in
      mean.map { .map([ParameterValue.Entry(key: "mean", value: .duration($0))]) }
    })

  static let askAgain = Parameter<Duration?>.duration(
    "askAgain", or: "never", default: .seconds(10),
    "how soon it asks again for what it has declined when that may be of use; never: it waits "
      + "until that comes back after an hour, as Kafka on Mesos does")

  static let reconciliationTimeout = Parameter.duration(
    "reconciliationTimeout", default: .seconds(300),
    "how often a master is asked again for tasks that it has said nothing of")

  static let reconcile = Parameter<Duration?>.duration(
    "reconcile", "how often it asks what became of its tasks, where messages can get lost")
}

extension KafkaOptions.Brokers {
  /// The brokers as a scenario has them.
  fileprivate var data: ParameterValue {
    var entries = [ParameterValue.Entry(key: "id", value: .text(expression))]
    for text in change.texts {
      entries.append(ParameterValue.Entry(key: text.key.rawValue, value: Self.value(text)))
    }
    if !isActive { entries.append(ParameterValue.Entry(key: "active", value: .flag(false))) }
    return .map(entries)
  }

  private static func value(_ text: BrokerChange.Text) -> ParameterValue {
    var options = BrokerOptions()
    try? options.set(text.key, to: text.text)
    switch text.key {
    case .cpus: return .number(options.cpus)
    case .mem: return .number(options.mem)
    case .heap: return .number(options.heap)
    case .stickinessPeriod: return seconds(options.rules.stickinessPeriod)
    case .failoverDelay: return seconds(options.rules.delay)
    case .failoverMaxDelay: return seconds(options.rules.maxDelay)
    case .failoverMaxTries: return options.rules.maxTries.map { .integer($0) } ?? .text("none")
    case .syslog: return .flag(text.text == "true")
    case .constraints:
      return .map(
        options.constraints.map {
          ParameterValue.Entry(key: $0.field, value: .text($0.condition.text))
        })
    case .port, .volume, .options, .log4jOptions, .jvmOptions, .bindAddress:
      return .text(text.text)
    }
  }

  private static func seconds(_ number: Double) -> ParameterValue {
    .duration(.rounded(seconds: number))
  }
}
