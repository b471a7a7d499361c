// Part of mesosim. Apache-2.0, see LICENSE.
//
// A small framework that is sound. Each of the others here is this one with one mistake that
// frameworks were seen to make, for `explore` to find.

import MesosimKit

/// Keeps so many instances running, each in a slot of its own.
class InstanceKeeper: Scheduler {
  static let shape = Resources(cpus: 1, mem: 128)
  static let group = GroupID(0)
  let environment: any Environment
  let wanted: Int
  /// The task in each slot that is taken.
  var tasks: [Int: TaskID] = [:]
  private var launched = 0

  required init(_ request: FrameworkRequest, environment: any Environment) {
    self.environment = environment
    wanted = request[Self.instances]
    launched = Int(environment.store.text(for: "launched") ?? "") ?? 0
    for slot in 0..<wanted {
      tasks[slot] = environment.store.text(for: "\(slot)").map { TaskID($0) }
    }
  }

  var free: [Int] { (0..<wanted).filter { tasks[$0] == nil } }
  func slot(of task: TaskID) -> Int? { (0..<wanted).first { tasks[$0] == task } }

  func configure(_ info: inout FrameworkInfo) { info.id = environment.store.frameworkID }

  func registered(_ driver: any SchedulerDriver, frameworkID: FrameworkID, masterInfo: MasterInfo) {
    try? environment.store.keep(frameworkID)
    environment.journal.wanted(Self.group, count: wanted)
    resume(driver)
    askLater(driver)
  }

  /// Asks again and again: a master that has just taken over may not know yet.
  private func askLater(_ driver: any SchedulerDriver) {
    environment.startTimer(after: .seconds(300)) { [weak self] in
      self?.resume(driver)
      self?.askLater(driver)
    }
  }

  func reregistered(_ driver: any SchedulerDriver, masterInfo: MasterInfo) { resume(driver) }

  /// Asks what became of the tasks, and for offers.
  func resume(_ driver: any SchedulerDriver) {
    driver.reconcileTasks((0..<wanted).compactMap { tasks[$0].map { TaskQuery($0) } })
    driver.reviveOffers()
  }

  func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
    for offer in offers {
      guard let slot = free.first, accepts(offer) else {
        driver.declineOffer(offer.id, filters: refusal)
        continue
      }
      launch(slot, on: offer, driver)
    }
  }

  var refusal: Filters { Filters() }
  func accepts(_ offer: Offer) -> Bool { offer.resources.contains(Self.shape) }
  func resources(from offer: Offer) -> Resources { Self.shape }

  func launch(_ slot: Int, on offer: Offer, _ driver: any SchedulerDriver) {
    let id = TaskID("\(slot)-\(launched)")
    launched += 1
    tasks[slot] = id
    // What cannot be written down the next process kills when it hears of it.
    try? environment.store.write("\(launched)", for: "launched")
    try? environment.store.write(id.value, for: "\(slot)")
    let task = TaskInfo(
      name: "instance-\(slot)", taskID: id, slaveID: offer.slaveID,
      resources: resources(from: offer), command: CommandInfo("./instance"))
    driver.launchTasks([offer.id], [task], filters: Filters())
  }

  func statusUpdate(_ driver: any SchedulerDriver, status: TaskStatus) {
    guard let slot = slot(of: status.taskID) else {
      if !status.state.isTerminal { driver.killTask(status.taskID) }
      return
    }
    if status.state == .running { environment.journal.up(status.taskID, of: Self.group) }
    if status.state.isTerminal { ended(slot, driver) }
  }

  func ended(_ slot: Int, _ driver: any SchedulerDriver) {
    tasks[slot] = nil
    environment.store.remove("\(slot)")
    driver.reviveOffers()
  }

  /// A framework that was removed comes back as another.
  func error(_ driver: any SchedulerDriver, message: String) {
    if message.contains("has been removed") { try? environment.store.keep(nil) }
  }

  func offerRescinded(_ driver: any SchedulerDriver, offerID: OfferID) {}
  func disconnected(_ driver: any SchedulerDriver) {}
  func executorLost(
    _ driver: any SchedulerDriver, executorID: ExecutorID, slaveID: SlaveID, status: Int
  ) {}
  class var name: String { "keeper" }
  class var summary: String { "so many instances that are kept running, as it should be done" }
}

extension InstanceKeeper: RegisteredFramework {
  static let instances = Parameter.integer("instances", 1...1000, default: 3, "how many instances")
  static var parameters: [any DeclaredParameter] { [instances] }
  static func isEndless(_ request: FrameworkRequest) -> Bool { true }
  static func commands(_ request: FrameworkRequest) -> [FrameworkCommand] {
    [FrameworkCommand("./instance", length: .endless)]
  }
}
