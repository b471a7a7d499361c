// Part of mesosim. Apache-2.0, see LICENSE.
//
// A Marathon on a stage, with apps from their definitions.

import Mesos
import MesosTestKit
import VirtualTime

@testable import MesosFrameworks

/// A Marathon without a cluster.
final class MarathonStage {
  let driver = ScriptedDriver()
  let environment: TestEnvironment
  let scheduler: MarathonScheduler
  private var offersMade = 0

  /// Makes one of these apps, which goes on with what an earlier process has left in the store.
  init(
    _ apps: String..., store: any Store = MemoryStore(), roles: [Role] = [.unreserved],
    change: (inout MarathonOptions) -> Void = { _ in }
  ) throws {
    var options = MarathonOptions()
    for app in apps { options.apps.append([try AppDefinition(parsing: app)]) }
    change(&options)
    environment = TestEnvironment(store: store)
    scheduler = MarathonScheduler(options: options, roles: roles, environment: environment)
    scheduler.register(driver)
  }

  var api: MarathonAPI { MarathonAPI(scheduler) }

  /// Offers something on a host and returns the calls that this caused.
  @discardableResult func offer(
    _ resources: String = "cpus:8;mem:8192;ports:[31000-31999]", on host: String = "a",
    _ attributes: String = "", role: Role = .unreserved
  ) throws -> [String] {
    _ = driver.takeTexts()
    scheduler.resourceOffers(driver, offers: [try makeOffer(resources, host, attributes, role)])
    return driver.takeTexts()
  }

  func makeOffer(
    _ resources: String, _ host: String, _ attributes: String = "", _ role: Role = .unreserved
  ) throws -> Offer {
    offersMade += 1
    return Offer(
      id: OfferID(master: "m", number: offersMade), frameworkID: "f", slaveID: SlaveID(host),
      hostname: host, role: role, resources: try Resources(parsing: resources),
      attributes: try Attributes(parsing: attributes))
  }

  /// The ids of the tasks launched so far.
  var launched: [String] { driver.launched.map(\.taskID.value) }

  /// On which hosts what was launched is.
  var hosts: [String] { driver.launched.map(\.slaveID.value) }

  func update(_ task: String, _ state: TaskState, reason: StatusReason? = nil) {
    let slave = driver.launched.last { $0.taskID.value == task }?.slaveID
    scheduler.update(driver, TaskID(task), state, reason: reason, slave: slave)
  }

  /// Says of everything launched that it runs.
  func runAll() { for task in launched { update(task, .running) } }

  /// The kills among the calls since the last time.
  func takeKills() -> [String] { driver.takeTexts().filter { $0.hasPrefix("kill") } }
}
