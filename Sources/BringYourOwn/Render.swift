// Part of mesosim. Apache-2.0, see LICENSE.
//
// A framework that brings an executor: one stays on each slave that is used, renders one frame
// after the other and sends each back. Scheduler and executor know nothing but Mesos and would run
// on a real cluster.

import MesosimKit

/// Renders a film, each frame once.
final class Render: Scheduler {
  private static let executor = ExecutorInfo(
    "renderer", command: CommandInfo("./renderer"), resources: Resources(cpus: 0.1, mem: 64))

  private let shape: Resources
  private let environment: any Environment
  private var waiting: [Int]
  private var running: Set<TaskID> = []
  private var start = Instant.start
  private var journal: JobJournal?

  init(_ request: FrameworkRequest, environment: any Environment) {
    self.environment = environment
    shape = request[Self.shape]
    waiting = Array((0..<request[Self.frames]).reversed())
  }

  func registered(
    _ driver: any SchedulerDriver, frameworkID: FrameworkID, masterInfo: MasterInfo
  ) {
    // A new master says so again.
    guard journal == nil else { return }
    start = environment.now
    journal = environment.journal.job(JobID(0), name: "film")
    journal?.needs(shape, tasks: waiting.count)
  }

  func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
    for offer in offers {
      var rest = offer.resources
      // Only the first frame on a slave pays for the executor.
      if !offer.executorIDs.contains(Self.executor.executorID) {
        guard rest.contains(Self.executor.resources) else {
          driver.declineOffer(offer.id)
          continue
        }
        rest -= Self.executor.resources
      }
      var frames: [TaskInfo] = []
      while rest.contains(shape), let frame = waiting.popLast() {
        rest -= shape
        frames.append(task(frame, on: offer.slaveID))
      }
      driver.launchTasks([offer.id], frames, filters: Filters())
    }
    if waiting.isEmpty { driver.suppressOffers() }
  }

  private func task(_ frame: Int, on slave: SlaveID) -> TaskInfo {
    let id = TaskID("frame-\(frame)")
    running.insert(id)
    journal?.launching(id, needing: shape, runnableSince: start)
    return TaskInfo(
      name: "frame", taskID: id, slaveID: slave, resources: shape, executor: Self.executor)
  }

  func statusUpdate(_ driver: any SchedulerDriver, status: TaskStatus) {
    // An update may come twice, and then says nothing new.
    guard status.state.isTerminal, running.remove(status.taskID) != nil else { return }
    if status.state != .finished, let frame = Int(status.taskID.value.dropFirst("frame-".count)) {
      waiting.append(frame)
      journal?.needs(shape)
      driver.reviveOffers()
    } else if waiting.isEmpty, running.isEmpty {
      journal?.finished()
      driver.stop(failover: false)
    }
  }
}

/// Renders frames, each of which takes its time, and sends their names back.
final class Renderer: Executor {
  private let duration: Duration
  private let environment: any Environment
  private var timers: [TaskID: TimerID] = [:]

  init(frame duration: Duration, environment: any Environment) {
    self.duration = duration
    self.environment = environment
  }

  func launchTask(_ driver: any ExecutorDriver, task: TaskInfo) {
    let id = task.taskID
    driver.sendStatusUpdate(TaskStatus(taskID: id, state: .running))
    timers[id] = environment.startTimer(after: duration) { [weak self] in
      self?.timers[id] = nil
      driver.sendFrameworkMessage(Array(id.value.utf8))
      driver.sendStatusUpdate(TaskStatus(taskID: id, state: .finished))
    }
  }

  func killTask(_ driver: any ExecutorDriver, taskID: TaskID) {
    guard let timer = timers.removeValue(forKey: taskID) else { return }
    environment.cancelTimer(timer)
    driver.sendStatusUpdate(TaskStatus(taskID: taskID, state: .killed))
  }
}

/// How a scenario names and tells it: the only part that knows of scenarios.
extension Render: RegisteredFramework {
  static let name = "render"
  static let summary = "a film, frame by frame, in executors of its own"
  static let frames = Parameter.integer("frames", 1...100_000, default: 240, "how many frames")
  static let duration = Parameter.duration(
    "duration", default: .seconds(20), "how long a frame takes")
  static let shape = Parameter.resources(
    "shape", default: Resources(cpus: 1, mem: 512), "what a frame needs")
  static let parameters: [any DeclaredParameter] = [frames, duration, shape]

  /// The renderer keeps its 48 MB whatever it renders.
  static func commands(_ request: FrameworkRequest) -> [FrameworkCommand] {
    [FrameworkCommand("./renderer", length: .endless, usage: CommandUsage(mem: .constant(48)))]
  }

  static func makeExecutor(
    _ request: FrameworkRequest, _ info: ExecutorInfo, environment: any Environment
  ) -> (any Executor)? {
    Renderer(frame: request[duration], environment: environment)
  }
}
