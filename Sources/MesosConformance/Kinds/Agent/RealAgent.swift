// Part of mesosim. Apache-2.0, see LICENSE.
//
// The slave of ours beside the master of a case (SCHEMA-agent.md): messages in, actions out, with
// containers in which nothing runs but what the script says.

import Mesos
import MesosCluster
import MesosOperator
import MesosV1
import SimulationKernel
import VirtualTime

/// One slave of ours, and the processes of executors on it.
final class RealAgent {
  /// A process that the slave has started for an executor.
  struct Process {
    var key: ExecutorKey
    var isKept: Bool
    /// The name that the script gives the executor in it, once it has one.
    var name: String?
    /// How it has ended, and when, until the slave has noticed.
    var end: (at: Instant, status: Int32, cause: ContainerEnd)?
  }

  /// An executor of the script.
  struct Instance {
    var key: ExecutorKey
    var container: ContainerNumber
  }

  unowned let replay: MasterReplay
  var slave: Slave
  /// What it answers under HTTP.
  let side: SlaveSide
  /// Its side that speaks with executors of the v1 API, and their streams.
  var executors = ExecutorSide()
  var streams = ExecutorStreams()
  var processes: [ContainerNumber: Process] = [:]
  var instances: [String: Instance] = [:]
  /// Who is being answered: an executor that the slave does not want gets its answer, too.
  var speaker: String?
  /// What the master has said and the slave has not read.
  private var inbox: [SlaveMessage] = []
  private var buffer = ActionBuffer<SlaveAction>()

  static let index: SlaveIndex = 0
  /// The container of an executor that the slave knows nothing of.
  static let noContainer = ContainerNumber.max

  init(_ form: JSONValue, _ replay: MasterReplay) throws {
    self.replay = replay
    let text = form["resources"]?.string ?? "cpus:4;mem:4096;disk:4096;ports:[31000-31009]"
    let resources = try StatedResources(reading: ResourceText.json(of: text)).resources
    var info = SlaveInfo(
      hostname: form["hostname"]?.string ?? "master.example", resources: resources,
      attributes: try Attributes(parsing: form["attributes"]?.string ?? ""))
    // It is in the master's own process.
    info.port = 5050
    info.capabilities = [
      "MULTI_ROLE", "HIERARCHICAL_ROLE", "RESERVATION_REFINEMENT", "RESOURCE_PROVIDER",
      "RESIZE_VOLUME", "AGENT_OPERATION_FEEDBACK", "AGENT_DRAINING", "TASK_RESOURCE_LIMITS",
    ]
    slave = Slave(
      index: Self.index, info: info,
      shared: SlaveShared(settings: try Self.settings(form["flags"]), seeds: Seeds(1)))
    slave.isWatched = true
    var flags = ["work_dir": "WORK/agents/0/work"]
    for flag in form["flags"]?.members ?? [] {
      flags[flag.key] = flag.value.string ?? flag.value.text
    }
    side = SlaveSide(SlaveDescription(flags: flags))
  }

  private static func settings(_ flags: JSONValue?) throws(CaseInputError) -> SlaveSettings {
    var settings = SlaveSettings.mesos1_11
    settings.hasCommandExecutors = true
    for flag in flags?.members ?? [] {
      let text = flag.value.string ?? flag.value.text
      func set(_ path: WritableKeyPath<SlaveSettings, Duration>) throws(CaseInputError) {
        settings[keyPath: path] = try MasterSetup.duration(text)
      }
      switch flag.key {
      case "registration_backoff_factor": try set(\.registrationBackoff)
      case "executor_registration_timeout": try set(\.executorRegistrationTimeout)
      case "executor_reregistration_timeout": try set(\.executorReregistrationTimeout)
      case "executor_shutdown_grace_period": try set(\.executorShutdownGracePeriod)
      case "recovery_timeout": try set(\.recoveryTimeout)
      // What else there is makes no difference to what is recorded.
      default: break
      }
    }
    return settings
  }

  /// Starts the slave's process, which looks for the master.
  func start() {
    tell(.start)
    tell(.leaderDetected(0))
  }

  // MARK: The slave

  /// Hands something to the slave, and what it wants to whom it is for.
  func tell(_ input: consuming SlaveInput) {
    slave.handle(input, at: replay.now, into: &buffer)
    while let action = buffer.nextEffect() { carryOut(action) }
  }

  /// Keeps a message of the master until all is said that the master has to say at once.
  func receive(_ message: SlaveMessage) {
    switch message {
    case .registered(let id, _), .reregistered(let id, _, _): replay.labels.note(id.value, "S")
    default: break
    }
    inbox.append(message)
  }

  /// Lets the slave do what it has to do at this instant.
  /// - Returns: Whether it had to do anything.
  func step() -> Bool {
    let messages = inbox
    inbox = []
    for message in messages { tell(.master(0, message)) }
    let isDue = slave.nextDeadline <= replay.now
    if isDue { tell(.deadline) }
    return isDue || !messages.isEmpty
  }

  /// Lets the slave notice which processes have ended before this instant.
  /// - Returns: Whether one had.
  func noticeEnds() -> Bool {
    var hasAny = false
    for (container, process) in processes.sorted(by: { $0.key < $1.key }) {
      guard let end = process.end, end.at < replay.now else { continue }
      hasAny = true
      processes[container] = nil
      tell(.container(container, .exited(status: end.status, end.cause)))
    }
    return hasAny
  }

  private func carryOut(_ action: SlaveAction) {
    switch action {
    case .toMaster(_, let report): replay.tell(.slave(Self.index, report))
    case .toScheduler(let framework, let executor, let data):
      guard let id = slave.id, let incarnation = replay.current(framework) else { return }
      replay.hear(.frameworkMessage(executor, id, data), framework, incarnation)
    case .toExecutor(let container, let message):
      if speaker == nil, hear(message, to: container) { return }
      guard let name = speaker ?? processes[container]?.name else { return }
      replay.note(event(message, name), to: name)
    case .startExecutor(let container, let key, _, _, let isKept):
      processes[container] = Process(key: key, isKept: isKept)
      note("LAUNCHED", key)
    case .destroyContainer(let container):
      guard let process = processes[container], process.end == nil else { return }
      processes[container]?.end = (replay.now, 9, .destroyed)
      note("KILLED", process.key)
    // Commands have executors of the script's; nobody measures containers.
    case .startCommand, .killCommand, .killCommandBy, .reconnectCommand, .resizeContainer, .exit:
      break
    }
  }

  private func note(_ event: String, _ key: ExecutorKey) {
    replay.note(
      .object([
        "event": .text(event), "framework": .text(frameworkID(key.framework)),
        "executor": .text(key.executor.value),
      ]), to: "containers")
  }

  func frameworkID(_ framework: FrameworkIndex) -> String {
    replay.side.directory.id(of: framework)?.value ?? ""
  }

  /// Ends the processes of master and slave, and starts both again.
  func restart(exiting: [String]) {
    replay.failOver(on: nil)
    slave.crash(takesMachine: false)
    executors.closeAll()
    streams = ExecutorStreams()
    inbox = []
    for (container, process) in processes {
      if !process.isKept {
        processes[container] = nil
      } else if exiting.contains(process.key.executor.value), process.end == nil {
        processes[container]?.end = (replay.now, 0, .itself)
      }
    }
    start()
  }
}
