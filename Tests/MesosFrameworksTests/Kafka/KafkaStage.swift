// Part of mesosim. Apache-2.0, see LICENSE.
//
// A Kafka on Mesos on a stage, with brokers by their expressions.

import Mesos
import MesosTestKit
import VirtualTime

@testable import MesosFrameworks

/// A Kafka on Mesos without a cluster.
final class KafkaStage {
  let driver = ScriptedDriver()
  let environment: TestEnvironment
  let scheduler: KafkaScheduler
  private var offersMade = 0

  /// Makes one with these brokers, which goes on with what an earlier process has left in the
  /// store.
  init(
    _ expression: String = "", _ options: [BrokerOptions.Key: String] = [:],
    store: any Store = MemoryStore(), roles: [Role] = [.unreserved],
    change: (inout KafkaOptions) -> Void = { _ in }
  ) throws {
    var made = KafkaOptions()
    var brokers = BrokerChange()
    for (key, text) in options { try brokers.set(key, to: text) }
    if !expression.isEmpty { made.brokers = [KafkaOptions.Brokers(expression, brokers)] }
    change(&made)
    environment = TestEnvironment(store: store)
    // No chance: filters are just as long as the rules say.
    environment.draws = Array(repeating: 0.5, count: 1000)
    scheduler = KafkaScheduler(options: made, roles: roles, environment: environment)
    scheduler.register(driver)
  }

  var api: KafkaAPI { KafkaAPI(scheduler) }

  /// Offers something on a host and returns the calls that this caused.
  @discardableResult func offer(
    _ resources: String = "cpus:8;mem:8192;ports:[31000-31999]", on host: String = "a",
    _ attributes: String = "", role: Role = .unreserved
  ) throws -> [String] {
    _ = driver.takeTexts()
    offersMade += 1
    let offer = Offer(
      id: OfferID(master: "m", number: offersMade), frameworkID: "f", slaveID: SlaveID(host),
      hostname: host, role: role, resources: try Resources(parsing: resources),
      attributes: try Attributes(parsing: attributes))
    scheduler.resourceOffers(driver, offers: [offer])
    return driver.takeTexts()
  }

  /// The ids of the tasks launched so far.
  var launched: [String] { driver.launched.map(\.taskID.value) }

  /// On which hosts what was launched is.
  var hosts: [String] { driver.launched.map(\.slaveID.value) }

  func update(_ task: String, _ states: TaskState..., reason: StatusReason? = nil) {
    let slave = driver.launched.last { $0.taskID.value == task }?.slaveID
    for state in states {
      scheduler.update(driver, TaskID(task), state, reason: reason, slave: slave)
    }
  }

  /// Launches a broker on a host and has it run.
  func run(on host: String, _ attributes: String = "") throws {
    try offer(on: host, attributes)
    if let task = launched.last { update(task, .starting, .running) }
  }

  /// The states of all brokers as they are shown.
  var states: [String] {
    get throws { try api.list().compactMap { $0["state"]?.string } }
  }

  /// The calls since the last time.
  func takeCalls() -> [String] { driver.takeTexts() }
}
