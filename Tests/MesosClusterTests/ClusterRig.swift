// Part of mesosim. Apache-2.0, see LICENSE.
//
// A whole cluster with schedulers that note what they are called with.

import Mesos
import MesosAllocation
import MesosCluster
import SimulationKernel
import VirtualTime

/// Keeps every fact with its instant.
final class FactList: ClusterEventSink {
  var facts: [(instant: Instant, fact: ClusterEvent)] = []
  func record(_ event: ClusterEvent, at now: Instant) {
    event.forEachSingle { facts.append((now, $0)) }
  }
}

/// Notes each callback with its second, and leaves what to do to closures.
final class NotingScheduler: Scheduler {
  let environment: any Environment
  var notes: [String] = []
  /// The driver that called last.
  var driver: (any SchedulerDriver)?
  var onRegistered: (any SchedulerDriver) -> Void = { _ in }
  var onOffers: (any SchedulerDriver, Offers) -> Void = { driver, offers in
    driver.declineOffers(offers)
  }
  var onUpdate: (any SchedulerDriver, TaskStatus) -> Void = { _, _ in }
  var onDisconnected: (any SchedulerDriver) -> Void = { _ in }

  init(_ environment: any Environment) { self.environment = environment }

  /// Whether its next process takes over for it, as for a framework that writes its id down.
  var keepsID = true

  func configure(_ info: inout FrameworkInfo) {
    if let id = environment.store.frameworkID { info.id = id }
  }

  func note(_ text: String) { notes.append("\(environment.now) \(text)") }

  /// Everything that was noted with this word in it.
  func notes(with word: String) -> [String] { notes.filter { $0.contains(word) } }

  func registered(
    _ driver: any SchedulerDriver, frameworkID: FrameworkID, masterInfo: MasterInfo
  ) {
    note("registered \(frameworkID)")
    if keepsID { try? environment.store.keep(frameworkID) }
    self.driver = driver
    onRegistered(driver)
  }
  func reregistered(_ driver: any SchedulerDriver, masterInfo: MasterInfo) {
    note("reregistered with \(masterInfo.id)")
    self.driver = driver
    onRegistered(driver)
  }
  func disconnected(_ driver: any SchedulerDriver) {
    note("disconnected")
    onDisconnected(driver)
  }
  func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
    for offer in offers { note("offer \(offer.slaveID) \(offer.resources)") }
    onOffers(driver, offers)
  }
  func offerRescinded(_ driver: any SchedulerDriver, offerID: OfferID) {
    note("rescinded \(offerID)")
  }
  func statusUpdate(_ driver: any SchedulerDriver, status: TaskStatus) {
    note("\(status.taskID) \(status.state) \(status.message)")
    onUpdate(driver, status)
  }
  func frameworkMessage(
    _ driver: any SchedulerDriver, executorID: ExecutorID, slaveID: SlaveID, data: [UInt8]
  ) {
    note("message of \(executorID) on \(slaveID): \(String(decoding: data, as: UTF8.self))")
  }
  func slaveLost(_ driver: any SchedulerDriver, slaveID: SlaveID) { note("lost \(slaveID)") }
  func executorLost(
    _ driver: any SchedulerDriver, executorID: ExecutorID, slaveID: SlaveID, status: Int
  ) {
    note("lost \(executorID) on \(slaveID), \(status)")
  }
  func error(_ driver: any SchedulerDriver, message: String) {
    note("error \(message)")
    if message.contains("has been removed") { try? environment.store.keep(nil) }
  }
}

/// A cluster with one second of latency, by default under the `drf` allocator.
final class Rig {
  let simulation: Simulation
  let facts = FactList()
  /// Every scheduler that was made, in the order in which they were.
  var schedulers: [NotingScheduler] = []
  private(set) var cluster: Cluster
  private var hasStarted = false

  convenience init(
    slaves: Int = 1, resources: Resources = Resources(cpus: 4, mem: 4096), frameworks: Int = 1,
    isListening: Bool = true, allocator: String = "drf",
    change: (inout ClusterSetup) -> Void = { _ in }
  ) throws {
    let infos = (0..<slaves).map { SlaveInfo(hostname: "host-\($0)", resources: resources) }
    try self.init(
      slaves: infos, frameworks: (0..<frameworks).map { FrameworkInfo(name: "f\($0)") },
      isListening: isListening, allocator: allocator, change: change)
  }

  init(
    slaves: [SlaveInfo], frameworks: [FrameworkInfo], isListening: Bool = true,
    allocator name: String = "drf", change: (inout ClusterSetup) -> Void = { _ in }
  ) throws {
    let simulation = Simulation(seed: 1)
    self.simulation = simulation
    let made = Made()
    let setups = frameworks.map { info in
      ClusterSetup.Framework(info: info) { environment in
        let scheduler = NotingScheduler(environment)
        made.add(scheduler)
        return scheduler
      }
    }
    var setup = ClusterSetup(
      slaves: slaves, frameworks: setups,
      network: Network(
        latency: try Distribution(.constant(1)), key: simulation.seeds.key("network")))
    change(&setup)
    let allocator = try AllocatorRegistry().make(name)
    cluster = Cluster(setup, allocator: allocator, on: simulation)
    if isListening { cluster.recorder.attach(facts) }
    schedulers = made.schedulers
    made.rig = self
  }

  /// The schedulers that are made before the rig is there, and afterwards.
  private final class Made {
    var schedulers: [NotingScheduler] = []
    weak var rig: Rig?
    func add(_ scheduler: NotingScheduler) {
      schedulers.append(scheduler)
      rig?.schedulers.append(scheduler)
    }
  }

  var digest: String { cluster.recorder.digestText }

  /// Starts the cluster, if that has not been done, and runs it up to a second.
  func run(until seconds: Double) {
    if !hasStarted { cluster.start() }
    hasStarted = true
    simulation.run(until: .start + .rounded(seconds: seconds))
  }
}
