// Part of mesosim. Apache-2.0, see LICENSE.
//
// A Marathon without a cluster, and requests to it.

import Mesos
import MesosFrameworks
import MesosOperator
import MesosTestKit
import VirtualTime

@testable import MarathonREST

/// A Marathon that is asked by its REST interface.
final class RESTStage {
  let driver = ScriptedDriver()
  let environment: TestEnvironment
  let scheduler: MarathonScheduler
  private(set) var events: [MarathonEvent] = []
  private var offersMade = 0

  init(_ apps: String..., isRegistered: Bool = true) throws {
    var options = MarathonOptions()
    for app in apps { options.apps.append([try AppDefinition(parsing: app)]) }
    environment = TestEnvironment()
    scheduler = MarathonScheduler(options: options, environment: environment)
    MarathonAPI(scheduler).listen { [unowned self] in events.append($0) }
    if isRegistered { register() }
  }

  func register() {
    scheduler.registered(driver, frameworkID: "f", masterInfo: MasterInfo(id: "m", hostname: "h"))
  }

  /// An answer.
  struct Reply {
    let status: Int
    let headers: [String: String]
    let body: String
    var json: JSONValue { (try? JSONValue(parsing: body)) ?? JSONValue(.null) }

    subscript(key: String) -> JSONValue? { json[key] }
  }

  struct NoPlace: Error {}

  @discardableResult
  func ask(
    _ method: String, _ path: String, _ body: String = "", headers: [String: String] = [:]
  ) throws -> Reply {
    var all = ["Content-Type": "application/json"]
    all.merge(headers) { $1 }
    let request = OperatorRequest(method, path, body: body, headers: all)
    guard let place = MarathonPlace(request) else { throw NoPlace() }
    let description = MarathonDescription(name: "marathon", address: "127.0.0.1:5050")
    switch MarathonREST(request, place, to: MarathonAPI(scheduler), description).answer() {
    case .reply(let reply):
      return Reply(status: reply.status, headers: reply.headers, body: reply.body)
    case .events(let kinds, let reply):
      return Reply(
        status: reply.status, headers: [:], body: kinds.joined(separator: " "))
    }
  }

  func get(_ path: String) throws -> JSONValue { try ask("GET", path).json }

  /// Offers room for one instance of 1 cpu, and says of what is launched there that it runs.
  func run(_ count: Int, on host: String = "a") throws {
    for _ in 0..<count {
      offersMade += 1
      let before = driver.launched.count
      let offer = Offer(
        id: OfferID(master: "m", number: offersMade), frameworkID: "f", slaveID: SlaveID(host),
        hostname: host, resources: try Resources(parsing: "cpus:1;mem:128;ports:[31000-31009]"))
      scheduler.resourceOffers(driver, offers: [offer])
      for task in driver.launched[before...] { update(task.taskID.value, .running) }
    }
  }

  func update(_ task: String, _ state: TaskState) {
    let slave = driver.launched.last { $0.taskID.value == task }?.slaveID
    scheduler.statusUpdate(
      driver,
      status: TaskStatus(
        taskID: TaskID(task), state: state, slaveID: slave, timestamp: environment.now,
        source: .executor))
  }

  /// The kinds of events since the last time.
  func takeKinds() -> [String] {
    defer { events = [] }
    return events.map(\.type)
  }
}
