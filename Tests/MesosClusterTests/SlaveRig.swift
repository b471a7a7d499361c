// Part of mesosim. Apache-2.0, see LICENSE.
//
// One slave with its machine on the kernel, and a master that takes it on and notes what it says.

import Mesos
import SimulationKernel
import VirtualTime

@testable import MesosCluster

/// A slave's host, driven by hand; every report is noted with its instant.
final class SlaveRig: SlaveHostDelegate, EventHandler {
  let simulation = Simulation(seed: 1)
  let epoch: Int64 = 0
  private(set) var notes: [String] = []
  /// Whether updates are acknowledged at once.
  var isAcknowledging = true
  /// Whether the master hears anything.
  var isListening = true
  var executors: [ExecutorID: (any Environment) -> any Executor] = [:]
  private var handler = HandlerID(index: 0)
  private var made: SlaveHost?
  private var answers: [SlaveMessage] = []
  private var framework = FrameworkInfo(name: "f", id: "F0")
  private var updates: [TaskStatus] = []

  init(
    _ resources: Resources = Resources(cpus: 4, mem: 4096, disk: 1000),
    settings: SlaveSettings = SlaveSettings(), rules: CommandRules = CommandRules(),
    executorTimes: [ServiceTimes.ExecutorKind: Duration] = [:], isKept: Bool = false,
    capabilities: FrameworkInfo.Capabilities = []
  ) {
    handler = simulation.register(self)
    framework.hasCheckpointing = isKept
    framework.capabilities = capabilities
    let shared = SlaveShared(
      settings: settings, rules: rules, executorTimes: executorTimes, seeds: simulation.seeds)
    made = SlaveHost(
      0, info: SlaveInfo(hostname: "host-0", resources: resources),
      buffers: SlaveHostBuffers(shared: shared), delegate: self)
    host.start()
    host.detect(0)
    run(until: 0)
    notes = []
  }

  var host: SlaveHost {
    guard let made else { preconditionFailure("the rig is being made") }
    return made
  }

  func note(_ text: String) {
    let time = Double(simulation.now.nanoseconds / 1_000_000) / 1000
    notes.append("\(time) \(text)")
  }

  /// What was noted since this was last asked for.
  func takeNotes() -> [String] {
    defer { notes = [] }
    return notes
  }

  func run(until seconds: Double) { simulation.run(until: .start + .rounded(seconds: seconds)) }

  func launch(
    _ id: String, _ command: String = "sleep 10", cpus: Double = 1, mem: Double = 100,
    executor: ExecutorInfo? = nil, isNew: Bool = true,
    changing change: (inout TaskInfo) -> Void = { _ in }
  ) {
    var task = TaskInfo(
      name: id, taskID: TaskID(id), slaveID: "m1-S0",
      resources: Resources(cpus: cpus, mem: mem), command: CommandInfo(command))
    if let executor {
      task.command = nil
      task.executor = executor
    }
    change(&task)
    tell(
      .runTask(
        TaskLaunch(
          framework: 0, frameworkInfo: framework, role: .unreserved, task: task,
          startsExecutor: isNew)))
  }

  func launchGroup(_ tasks: [(id: String, command: String)], _ executor: ExecutorInfo) {
    let launches = tasks.map { item in
      var task = TaskInfo(
        name: item.id, taskID: TaskID(item.id), slaveID: "m1-S0", resources: Resources(cpus: 1),
        command: CommandInfo(item.command))
      task.executor = executor
      return TaskLaunch(
        framework: 0, frameworkInfo: framework, role: .unreserved, task: task,
        startsExecutor: true)
    }
    tell(.runTaskGroup(launches))
  }

  func kill(_ id: String) { tell(.killTask(0, TaskID(id))) }

  func tell(_ message: SlaveMessage) { host.receive(message, from: 0) }

  // MARK: Delegate

  func send(_ report: consuming SlaveReport, from slave: SlaveIndex, to master: MasterIndex) {
    guard isListening else { return }
    switch consume report {
    case .register: answer(.registered("m1-S0"))
    case .reregister(let id, _, let inventory):
      note("reregister \(inventory.tasks.map { "\($0.id) \($0.state)" }.joined(separator: ", "))")
      answer(.reregistered(id, missing: []))
    case .unregister: note("unregister")
    case .statusUpdate(let framework, let update, _):
      note(text(update))
      if isAcknowledging, let seen = Acknowledgement(update) {
        answer(.acknowledge(framework, seen))
      }
    case .executorExited(_, let executor, let status):
      note("executor \(executor) exited with \(status)")
    case .frameworkMessage: break
    case .pong: note("pong")
    case .oversubscribed(let resources): note("slack \(resources)")
    }
  }

  private func text(_ status: TaskStatus) -> String {
    var text = "\(status.taskID) \(status.state)"
    if let reason = status.reason { text += " \(reason)" }
    if let isHealthy = status.isHealthy { text += isHealthy ? " healthy" : " unhealthy" }
    if let check = status.checkStatus { text += " \(check)" }
    if !status.message.isEmpty { text += ": \(status.message)" }
    return text
  }

  func send(_ data: [UInt8], from executor: ExecutorKey, on slave: SlaveIndex) {
    note("\(executor.executor) says \(String(decoding: data, as: UTF8.self))")
  }

  /// Answers come as events, since a host must not be called from within its call.
  private func answer(_ message: SlaveMessage) {
    answers.append(message)
    simulation.schedule(at: simulation.now, priority: .message, to: handler, code: 99, word: 0)
  }

  func schedule(
    _ code: SlaveEventCode, slot: UInt32, for slave: SlaveIndex, at instant: Instant,
    priority: EventPriority
  ) -> EventToken {
    simulation.schedule(
      at: instant, priority: priority, to: handler, code: code.rawValue, word: UInt64(slot))
  }

  func makeExecutor(
    _ info: ExecutorInfo, for framework: FrameworkIndex, environment: any Environment
  ) -> (any Executor)? {
    executors[info.executorID].map { $0(environment) }
  }

  func store(of executor: ExecutorKey, on slave: SlaveIndex) -> any Store { MemoryStore() }

  func slaveExited(_ slave: SlaveIndex) { note("slave exited") }

  func handle(_ event: Event, at now: Instant) {
    guard let code = SlaveEventCode(rawValue: event.code) else {
      return host.receive(answers.removeFirst(), from: 0)
    }
    host.handle(code, slot: UInt32(event.word))
  }
}

/// Notes each callback; runs each task until its time, its command's `sleep`, is over.
final class NotingExecutor: Executor {
  private let rig: SlaveRig
  private let environment: any Environment
  var tasks: [TaskID: TimerID] = [:]
  var onLaunch: ((any ExecutorDriver, TaskInfo) -> Void)?

  init(_ rig: SlaveRig, _ environment: any Environment) {
    self.rig = rig
    self.environment = environment
  }

  func registered(
    _ driver: any ExecutorDriver, executorInfo: ExecutorInfo, frameworkInfo: FrameworkInfo,
    slaveInfo: SlaveInfo
  ) {
    rig.note("registered \(executorInfo.executorID) \(slaveInfo.id?.value ?? "")")
  }
  func reregistered(_ driver: any ExecutorDriver, slaveInfo: SlaveInfo) {
    rig.note("reregistered")
  }
  func disconnected(_ driver: any ExecutorDriver) { rig.note("disconnected") }
  func launchTask(_ driver: any ExecutorDriver, task: TaskInfo) {
    rig.note("launchTask \(task.taskID)")
    if let onLaunch { return onLaunch(driver, task) }
    driver.sendStatusUpdate(TaskStatus(taskID: task.taskID, state: .running))
    tasks[task.taskID] = environment.startTimer(after: .seconds(10)) {
      driver.sendStatusUpdate(TaskStatus(taskID: task.taskID, state: .finished))
    }
  }
  func killTask(_ driver: any ExecutorDriver, taskID: TaskID) {
    rig.note("killTask \(taskID)")
    if let timer = tasks.removeValue(forKey: taskID) { environment.cancelTimer(timer) }
    driver.sendStatusUpdate(TaskStatus(taskID: taskID, state: .killed))
  }
  func frameworkMessage(_ driver: any ExecutorDriver, data: [UInt8]) {
    driver.sendFrameworkMessage(data.reversed())
  }
  func shutdown(_ driver: any ExecutorDriver) { rig.note("shutdown") }
  func error(_ driver: any ExecutorDriver, message: String) { rig.note("error \(message)") }
}
