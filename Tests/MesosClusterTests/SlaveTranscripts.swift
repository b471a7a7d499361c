// Part of mesosim. Apache-2.0, see LICENSE.
//
// A slave, driven by hand: each command is an input, what it prints are the slave's actions.

import Mesos
import MesosCluster
import SimulationKernel
import Testing
import TranscriptSupport
import VirtualTime

@Suite("Slave transcripts")
struct SlaveTranscripts {
  @Test(
    "the slave answers as written",
    arguments: Transcript.all(besides: #filePath, in: "Transcripts/Slave"))
  func transcript(_ transcript: Transcript) throws {
    let stage = SlaveStage()
    try transcript.check { try stage.execute($0) }
  }

  @Test("there are transcripts to run")
  func transcriptsExist() {
    #expect(Transcript.all(besides: #filePath, in: "Transcripts/Slave").count >= 20)
  }
}

/// A slave with 4 cpus, and the hand that drives it.
final class SlaveStage {
  struct BadCommand: Error {
    let text: String
  }

  private var slave: Slave
  private var actions = ActionBuffer<SlaveAction>()
  private var now = Instant.start
  /// Volumes that the slave's checkpoint speaks of.
  private static let volume = Resource(
    "disk", .scalar(Scalar(thousandths: 64_000)), reservations: [Reservation(.fixed, role: "r")],
    disk: DiskInfo(persistenceID: "v1", containerPath: "data"))

  init(settings: SlaveSettings = SlaveSettings()) {
    slave = Self.makeSlave(settings)
  }

  private static func makeSlave(_ settings: SlaveSettings) -> Slave {
    Slave(
      index: 0, info: SlaveInfo(hostname: "host-0", resources: Resources(cpus: 4, mem: 4096)),
      shared: SlaveShared(settings: settings, seeds: Seeds(1)))
  }

  /// Process and master: `settings WORD…` (first of all), `start`, `stop`, `crash [machine]`,
  /// `leader NUMBER|none`, `registered ID`, `reregistered ID [FRAMEWORK/TASK…]`, `ping yes|no`,
  /// `pings lost|certain`, `give-up`, `checkpoint` (of a volume).
  ///
  /// Tasks: `run FRAMEWORK TASK [executor=E] [known] [kept] [volume]`, `run-group FRAMEWORK E
  /// TASK…`, `kill FRAMEWORK TASK`, `acknowledge FRAMEWORK TASK NUMBER`, `shutdown FRAMEWORK [E]`,
  /// `message FRAMEWORK E TEXT`; all but the first from master 0, or as in `from 1 kill …`.
  ///
  /// Containers: `container NUMBER NEWS [WORD]`, `executor NUMBER REPORT [WORD…]`.
  ///
  /// Time: `at SECONDS`, `deadline`, `next`.
  func execute(_ line: String) throws -> [String] {
    var words = line.split(separator: " ").map(String.init)
    var master: MasterIndex = 0
    if words.first == "from" {
      master = MasterIndex(words[1]) ?? 0
      words.removeFirst(2)
    }
    switch words[0] {
    case "settings":
      var settings = words.contains("0.20") ? SlaveSettings.mesos0_20 : SlaveSettings()
      settings.failsTasksOfExitedExecutors = words.contains("fails-exited")
      settings.keepsIDAfterReboot = words.contains("keeps-id")
      slave = Self.makeSlave(settings)
      return []
    case "at":
      now = .start + .rounded(seconds: Double(words[1]) ?? 0)
      return []
    case "next":
      let next = slave.nextDeadline
      return [next == .distantFuture ? "next: never" : "next: \(next)"]
    case "crash":
      slave.crash(takesMachine: words.contains("machine"))
      return []
    default:
      slave.handle(try input(words, master, line), at: now, into: &actions)
      var lines: [String] = []
      while let effect = actions.nextEffect() { lines.append(describe(effect)) }
      return lines
    }
  }

  private func input(
    _ words: [String], _ master: MasterIndex, _ line: String
  ) throws -> SlaveInput {
    let rest = Array(words.dropFirst())
    switch words[0] {
    case "start": return .start
    case "stop": return .stop
    case "deadline": return .deadline
    case "leader": return .leaderDetected(MasterIndex(rest[0]))
    case "pings": return rest[0] == "lost" ? .watchPings(last: now) : .ignorePings
    case "container": return .container(ContainerNumber(rest[0]) ?? 0, try news(rest, line))
    case "executor": return .executor(ContainerNumber(rest[0]) ?? 0, try report(rest, line))
    default: return .master(master, try message(words[0], rest, line))
    }
  }

  private func message(_ verb: String, _ rest: [String], _ line: String) throws -> SlaveMessage {
    let framework = rest.first.flatMap { FrameworkIndex($0) } ?? 0
    switch verb {
    case "registered": return .registered(SlaveID(rest[0]))
    case "reregistered":
      let missing = rest.dropFirst().map { word in
        let parts = word.split(separator: "/").map(String.init)
        return TaskKey(framework: FrameworkIndex(parts[0]) ?? 0, task: TaskID(parts[1]))
      }
      return .reregistered(SlaveID(rest[0]), missing: missing)
    case "ping": return .ping(isConnected: rest[0] == "yes")
    case "give-up": return .shutdown("given up")
    case "checkpoint":
      return .checkpointResources(Resources(cpus: 4, mem: 4096) + Resources([Self.volume]))
    case "run": return .runTask(launch(rest))
    case "run-group":
      return .runTaskGroup(
        rest.dropFirst(2).map { launch([rest[0], $0, "executor=\(rest[1])"]) })
    case "kill": return .killTask(framework, TaskID(rest[1]))
    case "acknowledge":
      let update = UpdateID(slave: 0, number: UInt32(rest[2]) ?? 0)
      return .acknowledge(
        framework, Acknowledgement(slaveID: "m1-S0", taskID: TaskID(rest[1]), uuid: update))
    case "shutdown":
      if rest.count > 1 { return .shutdownExecutor(framework, ExecutorID(rest[1])) }
      return .shutdownFramework(framework)
    case "message": return .frameworkMessage(framework, ExecutorID(rest[1]), Array(rest[2].utf8))
    default: throw BadCommand(text: line)
    }
  }

  private func launch(_ words: [String]) -> TaskLaunch {
    let framework = FrameworkIndex(words[0]) ?? 0
    let info = FrameworkInfo(
      name: "f", id: FrameworkID("F\(framework)"), hasCheckpointing: words.contains("kept"))
    var task = TaskInfo(
      name: words[1], taskID: TaskID(words[1]), slaveID: "m1-S0", resources: Resources(cpus: 1),
      command: CommandInfo("sleep 1"))
    if words.contains("volume") { task.resources += Resources([Self.volume]) }
    let option = words.first { $0.hasPrefix("executor=") }
    if let executor = option?.dropFirst(9) {
      task.command = nil
      task.executor = ExecutorInfo(
        ExecutorID(String(executor)), command: CommandInfo("./run"),
        resources: Resources(cpus: 0.5))
    }
    return TaskLaunch(
      framework: framework, frameworkInfo: info, role: .unreserved,
      task: task, startsExecutor: !words.contains("known"))
  }

  private func news(_ words: [String], _ line: String) throws -> ContainerNews {
    switch words[1] {
    case "preparing": return .preparing
    case "unmade": return .launchFailed("it could not be fetched")
    case "reconnected": return .reconnected
    case "exited": return .exited(status: Int32(words[2]) ?? 0, .itself)
    case "destroyed": return .exited(status: 9, .destroyed)
    case "preempted": return .exited(status: 9, .preempted)
    case "oom":
      return .exited(
        status: 9,
        .limit(
          .containerLimitationMemory, message: "too much", limitation: Resources(mem: 64)))
    default: return .command(CommandReport(try state(words[1], line)))
    }
  }

  private func report(_ words: [String], _ line: String) throws -> ExecutorReport {
    switch words[1] {
    case "register": return .register
    case "says": return .frameworkMessage(Array(words[2].utf8))
    case "update": return .statusUpdate(try update(words[2...], line))
    case "reregister":
      // Updates as TASK=STATE#NUMBER, tasks by their names.
      let updates = try words.dropFirst(2).filter { $0.contains("=") }.map {
        try update($0.split { "=#".contains($0) }[...].map(String.init)[...], line)
      }
      let tasks = words.dropFirst(2).filter { !$0.contains("=") }
        .map { launch(["0", $0]).task }
      return .reregister(updates: updates, tasks: tasks)
    default: throw BadCommand(text: line)
    }
  }

  /// Reads `TASK STATE [NUMBER]`.
  private func update(_ words: ArraySlice<String>, _ line: String) throws -> TaskStatus {
    let words = Array(words)
    var status = TaskStatus(taskID: TaskID(words[0]), state: try state(words[1], line))
    if words.count > 2, let number = UInt32(words[2]) {
      status.uuid = UpdateID(slave: 0, number: number)
    }
    return status
  }

  private func state(_ word: String, _ line: String) throws -> TaskState {
    guard let state = TaskState.allCases.first(where: { "\($0)" == word }) else {
      throw BadCommand(text: line)
    }
    return state
  }
}

// MARK: - Output

extension SlaveStage {
  private func describe(_ action: SlaveAction) -> String {
    switch action {
    case .toMaster(let master, let report): "to master \(master): \(describe(report))"
    case .toScheduler(let framework, let executor, let data):
      "to scheduler \(framework): \(String(decoding: data, as: UTF8.self)) from \(executor)"
    case .toExecutor(let number, let message): "to executor \(number): \(describe(message))"
    case .startExecutor(let number, let key, _, let resources, let isKept):
      "start executor \(number): \(key.framework)/\(key.executor) in \(resources)"
        + (isKept ? ", kept" : "")
    case .startCommand(let number, let framework, let task, let terms):
      "start command \(number): \(framework)/\(task.taskID)"
        + (terms.contains(.isKept) ? ", kept" : "")
    case .killCommand(let number, let isShutdown):
      "kill command \(number)" + (isShutdown ? " for a shutdown" : "")
    case .reconnectCommand(let number): "reconnect command \(number)"
    case .resizeContainer(let number, let resources): "resize \(number) to \(resources)"
    case .destroyContainer(let number): "destroy \(number)"
    case .exit: "exit"
    }
  }

  private func describe(_ report: SlaveReport) -> String {
    switch report {
    case .register(let info): return "register \(info.hostname) \(info.resources)"
    case .reregister(let id, _, let inventory):
      let executors = inventory.executors.map {
        "\($0.framework)/\($0.info.executorID)"
      }
      let tasks = inventory.tasks.map { task in
        "\(task.framework)/\(task.id) \(task.state)"
          + (task.updateState.map { ", \($0) under way" } ?? "")
      }
      return
        (["reregister \(id)"] + executors.map { "executor \($0)" } + tasks.map { "task \($0)" })
        .joined(separator: "; ")
    case .unregister(let id): return "unregister \(id)"
    case .statusUpdate(let framework, let status, let latest):
      return "update of \(framework): \(text(status))"
        + (latest == status.state ? "" : ", latest \(latest)")
    case .executorExited(let framework, let executor, let status):
      return "executor \(framework)/\(executor) exited with \(status)"
    case .frameworkMessage(let framework, let executor, _):
      return "message of \(framework)/\(executor)"
    case .pong: return "pong"
    case .oversubscribed(let resources): return "oversubscribed \(resources)"
    }
  }

  private func text(_ status: TaskStatus) -> String {
    var text = "\(status.taskID) \(status.state) from \(status.source)"
    if let reason = status.reason { text += " \(reason)" }
    if let uuid = status.uuid { text += " #\(uuid.number)" }
    return text
  }

  private func describe(_ message: ExecutorMessage) -> String {
    switch message {
    case .registered: "registered"
    case .reconnect: "reconnect"
    case .reregistered: "reregistered"
    case .launchTask(let task): "launch \(task.taskID)"
    case .launchTaskGroup(let tasks):
      "launch together \(tasks.map(\.taskID.value).joined(separator: " "))"
    case .killTask(let task): "kill \(task)"
    case .frameworkMessage(let data): "message \(String(decoding: data, as: UTF8.self))"
    case .shutdown: "shutdown"
    case .acknowledge(let task, let update): "acknowledge \(task) #\(update.number)"
    }
  }
}
