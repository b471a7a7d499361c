// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosCluster
import MesosOperator
import SimulationKernel
import VirtualTime

/// A slave that a master has taken on, with nothing but what is asked of it under HTTP around it.
final class SlaveStage {
  private var slave: Slave
  private var buffer = ActionBuffer<SlaveAction>()
  private let side: SlaveSide
  private var framework = FrameworkInfo(name: "f", id: "F")
  private var executors = ExecutorSide()
  private(set) var now = Instant.start
  /// What the slave has told its master of tasks.
  private(set) var updates: [TaskStatus] = []
  /// What went out on streams, and which of them the slave has closed.
  private(set) var outputs: [(stream: Int, record: [UInt8])] = []
  private(set) var closed: [Int] = []
  /// The container that was started last.
  private(set) var container: ContainerNumber = 0

  init(
    _ settings: SlaveSettings = .mesos1_11, _ description: SlaveDescription = SlaveDescription(),
    isWatched: Bool = true, isKept: Bool = false
  ) {
    framework.hasCheckpointing = isKept
    side = SlaveSide(description)
    slave = Slave(
      index: 0,
      info: SlaveInfo(
        hostname: "host-0", resources: Resources(cpus: 4, mem: 1024),
        attributes: Attributes([Attribute("rack", .text("r1"))])),
      shared: SlaveShared(settings: settings, seeds: Seeds(1)))
    slave.isWatched = isWatched
    tell(.start)
    tell(.leaderDetected(0))
    tell(.master(0, .registered("m-S0")))
  }

  func tell(_ input: SlaveInput) {
    slave.handle(input, at: now, into: &buffer)
    while let action = buffer.nextEffect() {
      switch action {
      case .toMaster(_, .statusUpdate(_, let status, _)): updates.append(status)
      case .toExecutor(let container, let message):
        if let output = executors.output(message, to: container, slave) {
          outputs.append((output.stream, output.record))
        }
      case .startExecutor(let number, _, _, _, _), .startCommand(let number, _, _, _):
        container = number
      default: break
      }
    }
  }

  func pass(_ seconds: Int) {
    now += .seconds(seconds)
    tell(.deadline)
  }

  /// A task with an executor of its framework's own, or a command.
  func task(_ id: TaskID, executor: ExecutorID?) -> TaskLaunch {
    let own = executor.map {
      ExecutorInfo(
        $0, frameworkID: "F", command: CommandInfo("run"), resources: Resources(cpus: 0.5, mem: 32))
    }
    let task = TaskInfo(
      name: id.value, taskID: id, slaveID: "m-S0", resources: Resources(cpus: 1, mem: 64),
      command: own == nil ? CommandInfo("sleep 1000000000") : nil, executor: own)
    return TaskLaunch(
      framework: 0, frameworkInfo: framework, role: "*", task: task,
      startsExecutor: executor.map {
        slave.executor(ExecutorKey(framework: 0, executor: $0)) == nil
      }
        ?? false)
  }

  func launch(_ id: TaskID, executor: ExecutorID? = "e") {
    tell(.master(0, .runTask(task(id, executor: executor))))
  }

  func launchGroup(_ ids: [TaskID]) {
    tell(.master(0, .runTaskGroup(ids.map { task($0, executor: "e") })))
  }

  /// The master acknowledges what it was told last of a task.
  func acknowledge(_ id: TaskID) {
    let last = updates.last { $0.taskID == id }.flatMap { Acknowledgement($0) }
    if let last { tell(.master(0, .acknowledge(0, last))) }
  }

  /// Ends the slave's process and starts it again.
  func restart() {
    slave.crash(takesMachine: false)
    executors.closeAll()
    tell(.start)
    tell(.leaderDetected(0))
  }

  // MARK: Asking

  func ask(
    _ method: String, _ path: String, _ body: String = "",
    headers: [String: String] = ["Content-Type": "application/json"]
  ) -> OperatorReply {
    side.answer(
      OperatorRequest(method, path, body: body, headers: headers), slave.snapshot(at: now))
  }

  func json(_ path: String) throws -> JSONValue { try JSONValue(parsing: ask("GET", path).body) }

  /// What a call of the v1 API shows.
  func look(_ type: String, _ member: String = "{}") throws -> JSONValue? {
    let body = #"{"type":"\#(type)","\#(type.lowercased())":\#(member)}"#
    return try JSONValue(parsing: ask("POST", "/slave(1)/api/v1", body).body)[type.lowercased()]
  }

  /// What an executor is answered, with the number of its stream if it opens one.
  @discardableResult
  func call(_ type: String, _ member: String, executor: String = "e", framework: String = "F")
    -> (reply: OperatorReply, stream: Int?)
  {
    let body =
      #"{"type":"\#(type)","framework_id":{"value":"\#(framework)"},"#
      + #""executor_id":{"value":"\#(executor)"},"\#(type.lowercased())":\#(member)}"#
    return perform(
      OperatorRequest(
        "POST", "/slave(1)/api/v1/executor", body: body,
        headers: ["Content-Type": "application/json"]))
  }

  func perform(_ request: OperatorRequest) -> (reply: OperatorReply, stream: Int?) {
    switch executors.answer(request, slave, at: now) {
    case .reply(let reply): return (reply, nil)
    case .tell(let container, let report, let reply):
      tell(.executor(container, report))
      return (reply, nil)
    case .turnAway(let reply, let record):
      outputs.append((0, record))
      closed.append(0)
      return (reply, 0)
    case .open(let stream, let closing, let container, let report, let reply):
      if let closing { closed.append(closing) }
      tell(.executor(container, report))
      return (reply, stream)
    }
  }

  func subscribe(_ member: String = "{}") -> Int? { call("SUBSCRIBE", member).stream }

  /// Reports that a task is in a state, under a name of this number.
  @discardableResult
  func update(_ task: String, _ state: String, _ number: Int) -> OperatorReply {
    let uuid = "AAAAAAAAAAAAAAAAAAAA" + (number < 10 ? "\(number)A==" : "")
    let status =
      #"{"task_id":{"value":"\#(task)"},"state":"\#(state)","source":"SOURCE_EXECUTOR","#
      + #""uuid":"\#(uuid)","timestamp":1e300}"#
    return call("UPDATE", #"{"status":\#(status)}"#).reply
  }

  /// The types of the records of a stream so far.
  func types(of stream: Int?) throws -> [String] {
    try records(of: stream).compactMap { $0["type"]?.string }
  }

  func records(of stream: Int?) throws -> [JSONValue] {
    try outputs.filter { $0.stream == stream }.map {
      try JSONValue(parsing: String(decoding: $0.record, as: UTF8.self))
    }
  }
}
