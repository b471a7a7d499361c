// Part of mesosim. Apache-2.0, see LICENSE.
//
// A slave alone, in the hands of a test: inputs in, actions out, and neither master nor containers
// around it.

public import Mesos
public import MesosCluster
import SimulationKernel
public import VirtualTime

/// A slave in the hands of a test: what masters, executors and containers tell it comes from the
/// test, and what it wants done is handed to it.
///
///     let slave = TestSlave()
///     slave.tell(.start)
///     slave.tell(.leaderDetected(0))          // to master 0: register host-0 cpus:4; mem:4096
///
/// The same is there as text, for transcripts: ``execute(_:)``.
public final class TestSlave {
  private var slave: Slave
  private var buffer = ActionBuffer<SlaveAction>()
  private let info: SlaveInfo
  /// The present instant.
  public private(set) var now = Instant.start
  /// What the last input made the slave want done, in order.
  public private(set) var actions: [SlaveAction] = []
  /// Volumes that the slave's checkpoint speaks of.
  private static let volume = Resource(
    "disk", .scalar(Scalar(thousandths: 64_000)), reservations: [Reservation(.fixed, role: "r")],
    disk: DiskInfo(persistenceID: "v1", containerPath: "data"))

  /// Makes a slave that has not started.
  ///
  /// - Parameters:
  ///   - info: What it has; four cpus and 4 GB on `host-0` by default.
  ///   - settings: What it is told at its start.
  public init(
    _ info: SlaveInfo = SlaveInfo(hostname: "host-0", resources: Resources(cpus: 4, mem: 4096)),
    settings: SlaveSettings = SlaveSettings()
  ) {
    self.info = info
    slave = Self.makeSlave(info, settings)
  }

  private static func makeSlave(_ info: SlaveInfo, _ settings: SlaveSettings) -> Slave {
    Slave(index: 0, info: info, shared: SlaveShared(settings: settings, seeds: Seeds(1)))
  }

  /// The id that it was given; `nil` before.
  public var id: SlaveID? { slave.id }

  /// When it wants to be woken; `distantFuture` for never.
  public var nextDeadline: Instant { slave.nextDeadline }

  /// Hands it something.
  ///
  /// - Parameter input: What reaches it.
  /// - Returns: What it wants done.
  @discardableResult
  public func tell(_ input: SlaveInput) -> [SlaveAction] {
    slave.handle(input, at: now, into: &buffer)
    actions = []
    while let action = buffer.nextEffect() { actions.append(action) }
    return actions
  }

  /// Lets time pass: whatever is due meanwhile is handled when it is due.
  ///
  /// - Parameter duration: How long; below zero is no time.
  /// - Returns: What it wants done, in order.
  @discardableResult
  public func advance(by duration: Duration) -> [SlaveAction] {
    let end = now + max(.zero, duration)
    var done: [SlaveAction] = []
    while slave.nextDeadline <= end {
      now = max(now, slave.nextDeadline)
      done += tell(.deadline)
    }
    now = end
    actions = done
    return done
  }

  /// Ends its process, and its machine with what runs on it if that is meant; `start` has it run
  /// again on what survived.
  public func crash(takesMachine: Bool = false) { slave.crash(takesMachine: takesMachine) }

  // MARK: Text

  /// Carries out one command of a transcript.
  ///
  /// Process and master: `settings WORD…` (first of all), `start`, `stop`, `crash [machine]`,
  /// `leader NUMBER|none`, `registered ID`, `reregistered ID [FRAMEWORK/TASK…]`, `ping yes|no`,
  /// `pings lost|certain`, `give-up`, `checkpoint` (of a volume).
  ///
  /// Tasks: `run FRAMEWORK TASK [executor=E] [known] [kept] [volume]`, `run-group FRAMEWORK E
  /// TASK…`, `kill FRAMEWORK TASK`, `acknowledge FRAMEWORK TASK NUMBER`, `shutdown FRAMEWORK [E]`,
  /// `message FRAMEWORK E TEXT`, `drain [SECONDS] [gone]`, `back FRAMEWORK`; all but the first from
  /// master 0, or as in `from 1 kill …`.
  ///
  /// Containers: `container NUMBER NEWS [WORD]`, `executor NUMBER REPORT [WORD…]`.
  ///
  /// Time: `at SECONDS`, `deadline`, `next`.
  /// - Parameter line: The command.
  /// - Returns: What it wants done, a line each.
  /// - Throws: `CommandError` for a line that is no command.
  public func execute(_ line: String) throws -> [String] {
    do { return try execute(CommandWords(line)) } catch let error as CommandError {
      throw error.in(line)
    }
  }

  private func execute(_ line: CommandWords) throws -> [String] {
    var words = line
    var master: MasterIndex = 0
    if words.verb == "from" {
      master = try words.number(1)
      words = words.dropping(2)
    }
    switch words.verb {
    case "settings":
      var settings = words.contains("0.20") ? SlaveSettings.mesos0_20 : SlaveSettings()
      settings.failsTasksOfExitedExecutors = words.contains("fails-exited")
      settings.keepsIDAfterReboot = words.contains("keeps-id")
      slave = Self.makeSlave(info, settings)
      return []
    case "at":
      now = .start + .rounded(seconds: try words.number(1, as: Double.self))
      return []
    case "next":
      let next = slave.nextDeadline
      return [next == .distantFuture ? "next: never" : "next: \(next)"]
    case "crash":
      slave.crash(takesMachine: words.contains("machine"))
      return []
    default: return tell(try input(words, master)).map(\.transcriptText)
    }
  }

  private func input(_ words: CommandWords, _ master: MasterIndex) throws -> SlaveInput {
    switch words.verb {
    case "start": return .start
    case "stop": return .stop
    case "deadline": return .deadline
    case "leader": return .leaderDetected(try words.word(1) == "none" ? nil : words.number(1))
    case "pings": return try words.word(1) == "lost" ? .watchPings(last: now) : .ignorePings
    case "container": return .container(try words.number(1), try news(words))
    case "executor": return .executor(try words.number(1), try report(words))
    default: return .master(master, try message(words))
    }
  }

  private func message(_ words: CommandWords) throws -> SlaveMessage {
    switch words.verb {
    case "registered": return .registered(SlaveID(try words.word(1)))
    case "reregistered":
      return .reregistered(
        SlaveID(try words.word(1)), missing: try words.rest.dropFirst().map(missing))
    case "ping": return .ping(isConnected: try words.word(1) == "yes")
    case "give-up": return .shutdown("given up")
    case "checkpoint":
      return .checkpointResources(Resources(cpus: 4, mem: 4096) + Resources([Self.volume]))
    case "run": return .runTask(try launch(words.rest))
    case "run-group":
      let (framework, executor) = (try words.word(1), try words.word(2))
      return .runTaskGroup(
        try words.rest.dropFirst(2).map { try launch([framework, $0, "executor=\(executor)"]) })
    case "kill": return .killTask(try words.number(1), TaskID(try words.word(2)))
    case "acknowledge":
      let update = UpdateID(slave: 0, number: try words.number(3))
      return .acknowledge(
        try words.number(1),
        Acknowledgement(slaveID: "m1-S0", taskID: TaskID(try words.word(2)), uuid: update))
    case "shutdown":
      let framework: FrameworkIndex = try words.number(1)
      if words.count == 2 { return .shutdownFramework(framework) }
      return .shutdownExecutor(framework, ExecutorID(try words.word(2)))
    case "drain":
      let hasTime = words.count > 1 && words.rest[0] != "gone"
      let most = hasTime ? try words.number(1, as: Int.self) : nil
      return .drain(
        DrainConfig(graceMax: most.map { .seconds($0) }, marksGone: words.contains("gone")))
    case "back":
      let framework: FrameworkIndex = try words.number(1)
      return .updateFramework(framework, FrameworkInfo(name: "f\(framework)"))
    case "message":
      return .frameworkMessage(
        try words.number(1), ExecutorID(try words.word(2)), Array(try words.word(3).utf8))
    default: throw CommandError(words.verb)
    }
  }

  /// Reads `FRAMEWORK/TASK`.
  private func missing(_ word: String) throws -> TaskKey {
    let parts = word.split(separator: "/").map(String.init)
    guard parts.count == 2, let framework = FrameworkIndex(parts[0]),
      IndexRange.contains(framework)
    else {
      throw CommandError(word, advice: "write FRAMEWORK/TASK")
    }
    return TaskKey(framework: framework, task: TaskID(parts[1]))
  }

  private func launch(_ words: [String]) throws -> TaskLaunch {
    guard words.count >= 2, let framework = FrameworkIndex(words[0]),
      IndexRange.contains(framework)
    else {
      throw CommandError(words.joined(separator: " "), advice: "write FRAMEWORK TASK")
    }
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

  private func news(_ words: CommandWords) throws -> ContainerNews {
    switch try words.word(2) {
    case "preparing": return .preparing
    case "unmade": return .launchFailed("it could not be fetched")
    case "reconnected": return .reconnected
    case "exited": return .exited(status: try words.number(3), .itself)
    case "destroyed": return .exited(status: 9, .destroyed)
    case "preempted": return .exited(status: 9, .preempted)
    case "oom":
      return .exited(
        status: 9,
        .limit(
          .containerLimitationMemory, message: "too much", limitation: Resources(mem: 64)))
    case let word: return .command(CommandReport(try state(word)))
    }
  }

  private func report(_ words: CommandWords) throws -> ExecutorReport {
    switch try words.word(2) {
    case "register": return .register
    case "says": return .frameworkMessage(Array(try words.word(3).utf8))
    case "update": return .statusUpdate(try update(words.dropping(3)))
    case "reregister":
      // Updates as TASK=STATE#NUMBER, tasks by their names.
      let rest = words.dropping(3).words
      let updates = try rest.filter { $0.contains("=") }.map { word in
        try update(CommandWords(String(word.map { "=#".contains($0) ? " " : $0 })))
      }
      let tasks = try rest.filter { !$0.contains("=") }.map { try launch(["0", $0]).task }
      return .reregister(updates: updates, tasks: tasks)
    case let word: throw CommandError(word)
    }
  }

  /// Reads `TASK STATE [NUMBER]`.
  private func update(_ words: CommandWords) throws -> TaskStatus {
    var status = TaskStatus(taskID: TaskID(try words.word(0)), state: try state(words.word(1)))
    if words.count > 2 { status.uuid = UpdateID(slave: 0, number: try words.number(2)) }
    return status
  }

  private func state(_ word: String) throws -> TaskState {
    guard let state = TaskState.allCases.first(where: { "\($0)" == word }) else {
      throw CommandError(word, advice: "no state is called that")
    }
    return state
  }
}
