// Part of mesosim. Apache-2.0, see LICENSE.
//
// An Aurora on a stage, with jobs in a few words.

import Mesos
import MesosTestKit
import VirtualTime

@testable import MesosFrameworks

/// An Aurora without a cluster.
final class AuroraStage {
  let driver = ScriptedDriver()
  let environment: TestEnvironment
  let scheduler: AuroraScheduler
  private var offersMade = 0

  /// Makes one of these jobs, which goes on with what an earlier process has left in the store.
  init(
    _ jobs: AuroraJob..., store: any Store = MemoryStore(),
    change: (inout AuroraOptions) -> Void = { _ in }
  ) {
    var options = AuroraOptions()
    options.jobs = jobs
    change(&options)
    environment = TestEnvironment(store: store)
    scheduler = AuroraScheduler(options: options, environment: environment)
    scheduler.register(driver)
  }

  var api: AuroraAPI { AuroraAPI(scheduler) }

  /// Offers something on a host, and lets a second pass.
  ///
  /// - Returns: The calls that this caused.
  @discardableResult func offer(
    _ resources: String = "cpus:4;mem:8192;disk:10000;ports:[31000-31999]", on host: String = "a",
    _ attributes: String = "", for time: Duration = .seconds(1)
  ) throws -> [String] {
    _ = driver.takeTexts()
    offersMade += 1
    let offer = Offer(
      id: OfferID(master: "m", number: offersMade), frameworkID: "f", slaveID: SlaveID(host),
      hostname: host, resources: try Resources(parsing: resources),
      attributes: try Attributes(parsing: attributes))
    scheduler.resourceOffers(driver, offers: [offer])
    environment.advance(by: time)
    return driver.takeTexts()
  }

  /// Offers the same on hosts from `a` on, each with an attribute `host` of its name.
  func offer(hosts count: Int, _ resources: String = "cpus:4;mem:8192;disk:10000") throws {
    for index in 0..<count {
      try offer(resources, on: "h\(index)", "host:h\(index)", for: .zero)
    }
    environment.advance(by: .seconds(1))
  }

  /// The ids of the tasks launched so far.
  var launched: [String] { driver.launched.map(\.taskID.value) }

  /// On which hosts what was launched is.
  var hosts: [String] { driver.launched.map(\.slaveID.value) }

  /// The states of a job's instances, from 0 on; `-` for none.
  func states(_ key: String = "c/r/devel/j") -> [String] {
    (scheduler.jobs[key]?.rows ?? []).map { $0?.state.rawValue ?? "-" }
  }

  func update(_ task: String, _ state: TaskState) {
    let slave = driver.launched.last { $0.taskID.value == task }?.slaveID
    scheduler.update(driver, TaskID(task), state, slave: slave)
  }

  /// Says of everything launched that has not ended that it runs.
  func runAll() { for task in launched { update(task, .running) } }

  /// The kills among the calls since the last time.
  func takeKills() -> [String] { driver.takeTexts().filter { $0.hasPrefix("kill") } }
}

/// A job of one process, of small tasks.
func auroraJob(
  _ name: String = "j", role: String = "r", environment: String = "devel", instances: Int = 1,
  cpus: Double = 1, isService: Bool = true, change: (inout AuroraJob) -> Void = { _ in }
) -> AuroraJob {
  var job = AuroraJob(
    cluster: "c", role: role, environment: environment, name: name,
    task: ThermosTask([ThermosProcess("main", commandLine: "./main")]),
    amounts: AuroraAmounts(cpus: cpus, ram: 128, disk: 64))
  job.instances = instances
  job.isService = isService
  job.tier = .preemptible
  change(&job)
  return job
}
