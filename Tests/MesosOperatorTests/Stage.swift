// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosAllocation
import MesosCluster
import MesosOperator
import SimulationKernel
import VirtualTime

/// A master with nobody around it, and those who speak with it under HTTP.
final class Stage {
  private var master: Master
  private var buffer = ActionBuffer<MasterAction>()
  private let operators: OperatorSide
  private var side: SchedulerSide
  private(set) var counters = MasterCounters()
  private(set) var now = Instant.start
  /// What has happened, and what went out on streams.
  private(set) var notes: [MasterNote] = []
  private(set) var outputs: [SchedulerSide.Output] = []

  init(
    _ settings: MasterSettings = .mesos1_11, _ description: MasterDescription = MasterDescription()
  ) {
    operators = OperatorSide(description)
    side = SchedulerSide(description, seed: 7)
    master = Master(
      info: MasterInfo(id: "m", hostname: "master.example"),
      allocator: HierarchicalAllocator(AllocatorOptions()), settings: settings)
    master.isWatched = true
  }

  /// Runs tasks of a framework on a slave, one after the other, until each has finished and its
  /// framework knows it.
  func run(_ tasks: [TaskID]) {
    let resources = Resources(cpus: 1, mem: 64.5)
    tell(.slave(0, .register(SlaveInfo(hostname: "host-0", resources: resources))))
    tell(.scheduler(0, 0, .subscribe(Subscription(FrameworkInfo(name: "f")))))
    for (number, id) in tasks.enumerated() {
      passToDeadline()
      let task = TaskInfo(
        name: id.value, taskID: id, slaveID: "m-S0", resources: resources,
        command: CommandInfo("true"))
      let offer = OfferID(master: "m", number: number)
      tell(.scheduler(0, 0, .acceptOffers([offer], [.launch([task])], Filters())))
      let update = UpdateID(slave: 0, number: UInt32(number))
      let status = TaskStatus(
        taskID: id, state: .finished, slaveID: "m-S0", timestamp: now, source: .executor,
        uuid: update)
      tell(.slave(0, .statusUpdate(0, status, latest: .finished)))
      let seen = Acknowledgement(slaveID: "m-S0", taskID: id, uuid: update)
      tell(.scheduler(0, 0, .acknowledge(seen)))
    }
  }

  /// Lets the master do what it wants to do next.
  func passToDeadline() {
    guard let due = master.nextDeadline else { return }
    now = max(now, due)
    tell(.deadline)
  }

  func tell(_ message: MasterMessage) {
    counters.note(message)
    master.handle(message, at: now, into: &buffer)
    let fresh = master.takeNotes()
    for note in fresh { counters.note(note) }
    notes += fresh
    while let action = buffer.nextEffect() {
      counters.note(action)
      guard case .toScheduler(let framework, let incarnation, let message) = action else {
        continue
      }
      if let output = side.output(message, to: framework, incarnation, master) {
        outputs.append(output)
      }
    }
    while let fact = buffer.nextFact() {
      counters.note(fact)
      guard case .frameworkRemoved(let framework) = fact else { continue }
      if let output = side.frameworkEnded(framework) { outputs.append(output) }
    }
  }

  var snapshot: MasterSnapshot { master.snapshot(at: now) }

  /// What the master answers; unless said otherwise the body is sent as JSON.
  func ask(
    _ method: String, _ path: String, _ body: String = "",
    headers: [String: String] = ["Content-Type": "application/json"]
  ) -> OperatorReply {
    let request = OperatorRequest(method, path, body: body, headers: headers)
    switch operators.answer(request, master.snapshot(at: now), counters: counters) {
    case .reply(let reply): return reply
    case .stream(let stream): return stream.opening
    case .ask(let call, let success, let prefix):
      master.handle(.operator(call, number: 1), at: now, into: &buffer)
      while let action = buffer.nextEffect() {
        if case .toOperator(_, let answer) = action {
          return OperatorPlan.reply(to: answer, success: success, prefix: prefix)
        }
      }
      return OperatorReply(500, "no answer")
    }
  }

  /// What the master answers in JSON.
  func json(_ method: String, _ path: String, _ body: String = "") throws -> JSONValue {
    try JSONValue(parsing: ask(method, path, body).body)
  }

  /// What a scheduler is answered, with the number of its stream if it opens one.
  @discardableResult
  func call(
    _ body: String, stream: String? = nil, headers: [String: String] = [:]
  ) -> (reply: OperatorReply, stream: Int?) {
    var all = ["Content-Type": "application/json", "Accept": "application/json"]
    all.merge(headers) { $1 }
    if let stream { all["Mesos-Stream-Id"] = stream }
    let request = OperatorRequest("POST", "/api/v1/scheduler", body: body, headers: all)
    return perform(request)
  }

  func perform(_ request: OperatorRequest) -> (reply: OperatorReply, stream: Int?) {
    switch side.answer(request, master) {
    case .reply(let reply): return (reply, nil)
    case .tell(let framework, let incarnation, let call, let reply):
      tell(.scheduler(framework, incarnation, call))
      return (reply, nil)
    case .open(let stream, let framework, let incarnation, let call, let reply):
      tell(.scheduler(framework, incarnation, call))
      return (reply, stream)
    }
  }

  func id(of stream: Int?) -> String { stream.flatMap { side.id(of: $0) } ?? "" }

  func close(_ stream: Int) {
    if let message = side.close(stream) { tell(message) }
  }

  /// The records of a stream so far.
  func records(of stream: Int?) throws -> [JSONValue] {
    try outputs.filter { $0.stream == stream }.compactMap(\.record).map {
      try JSONValue(parsing: String(decoding: $0, as: UTF8.self))
    }
  }

  /// What an operator who had subscribed at the start would have heard.
  func operatorRecords() throws -> [JSONValue] {
    let request = OperatorRequest(
      "POST", "/api/v1", body: #"{"type": "SUBSCRIBE"}"#,
      headers: ["Content-Type": "application/json"])
    guard case .stream(let stream) = operators.answer(request, snapshot) else { return [] }
    return try notes.compactMap { note in
      stream.record(of: note) { self.master.info(of: $0) }
    }.map { try JSONValue(parsing: String(decoding: $0, as: UTF8.self)) }
  }
}
