// Part of mesosim. Apache-2.0, see LICENSE.
//
// Plays the script of a case to a master of ours, on a clock of its own: messages in, actions out,
// with agents and schedulers that do only what the script says.

import Mesos
import MesosAllocation
import MesosCluster
import MesosOperator
import MesosV1
import SimulationKernel
import VirtualTime

/// One master, and everybody around it.
final class MasterReplay {
  struct Agent {
    var name: String
    var index: SlaveIndex
    /// The id it was given last.
    var id: SlaveID?
    var form: JSONValue
    /// Whether what is sent to it arrives.
    var isReachable = false
    var answersPings = true
    /// What the last CheckpointResources said.
    var checkpointed = Resources()
  }

  struct Scheduler {
    var name: String
    var isV1: Bool
    var info: JSONValue
    var framework: FrameworkIndex?
    var id: FrameworkID?
    var incarnation: Incarnation?
    /// Whether what is sent to it arrives.
    var isReachable = false
    var reader = V1Reader([])
    /// The number of its stream, and the name of the last one.
    var stream: Int?
    var streamID = ""
    var lastCapabilities: FrameworkInfo.Capabilities = []
  }

  let caseFile: JSONValue
  var master: Master
  var settings: MasterSettings
  var options: AllocatorOptions
  var mastersMade = 1
  var now = Instant.start
  var labels = CaseLabels()
  var agents: [String: Agent] = [:]
  var schedulers: [String: Scheduler] = [:]
  /// The side of the master that speaks with schedulers of the v1 API.
  var side: SchedulerSide
  /// The side that speaks with operators.
  let operators: OperatorSide
  /// What is counted, by who looks at the metrics.
  var counters = MasterCounters()
  /// The streams of the case's own, which are heard record by record.
  var streams = CaseStreams()
  var answers: [OperatorAnswer] = []
  /// What came to whom since the last look, as the master wrote it.
  var heard: [String: [JSONValue]] = [:]
  let recordsPings: Bool
  /// Whether the case is about what is answered under HTTP.
  let isHTTP: Bool
  /// Whether answers under HTTP are looked at as a whole.
  let showsAnswers: Bool
  /// The processes with drivers of ours.
  var drivers: [String: DriverProcess] = [:]
  /// What drivers are still to be told.
  var waiting: [(name: String, message: SchedulerMessage)] = []
  /// Whether the master has died and no other follows.
  var isMasterDead = false
  /// The slave of ours, in cases of one.
  var realAgent: RealAgent?
  /// The content of the file of the whitelist, until the master looks at it again.
  var hosts: [String]?
  /// The way of requests to the master, where they go by HTTP.
  let wire: (any CaseWire)?
  /// What was put on streams and has not been read, in order (with a wire).
  var sent: [Sent] = []
  private var buffer = ActionBuffer<MasterAction>()

  init(_ content: JSONValue, wire: (any CaseWire)? = nil) throws {
    caseFile = content
    self.wire = wire
    let setup = try MasterSetup(content["flags"] ?? .object([:]))
    settings = setup.settings
    options = setup.options
    let description = MasterSetup.description(of: content)
    side = SchedulerSide(description)
    operators = OperatorSide(description)
    isHTTP = content["kind"]?.string == "http"
    showsAnswers = isHTTP || content["full_http"]?.bool == true
    recordsPings = content["record_pings"]?.bool ?? false
    master = MasterReplay.makeMaster(1, settings, options)
    var index: Int32 = 0
    for member in content["agents"]?.members ?? [] {
      agents[member.key] = Agent(
        name: member.key, index: SlaveIndex(rawValue: index), form: member.value)
      index += 1
    }
    for member in content["frameworks"]?.members ?? [] {
      schedulers[member.key] = Scheduler(
        name: member.key, isV1: member.value["api"]?.string == "v1",
        info: member.value["info"] ?? .object([:]))
    }
    master.isWatched = isHTTP
    labels.countsLikeMaster = isHTTP
    tell(.pingsAll(true))
    if !setup.weights.isEmpty {
      tell(.operator(.updateWeights(setup.weights), number: 0))
    }
    if let hosts = content["whitelist"]?.array {
      tell(.operator(.updateWhitelist(hosts.compactMap(\.string)), number: 0))
    }
    if let agent = content["agent"] { realAgent = try RealAgent(agent, self) }
    realAgent?.start()
    settle()
    answers = []
  }

  static func makeMaster(
    _ number: Int, _ settings: MasterSettings, _ options: AllocatorOptions
  ) -> Master {
    Master(
      info: MasterInfo(
        id: "\(CaseLabels.masterMark)\(number)", hostname: "master.example", version: "1.11.0",
        capabilities: ["AGENT_UPDATE", "AGENT_DRAINING", "QUOTA_V2"]),
      allocator: HierarchicalAllocator(options), settings: settings)
  }

  /// Where the first agent listens; the others follow.
  static let firstPort: Int32 = 10_000

  // MARK: The master

  /// Hands a message to the master and its answers to whom they are for.
  func tell(_ message: MasterMessage) {
    counters.note(message)
    master.handle(message, at: now, into: &buffer)
    deliver()
  }

  private func deliver() {
    for note in master.takeNotes() {
      counters.note(note)
      hear(note)
    }
    while let action = buffer.nextEffect() {
      counters.note(action)
      carryOut(action)
    }
    while let fact = buffer.nextFact() {
      counters.note(fact)
      if case .frameworkRemoved(let framework) = fact { close(framework) }
    }
  }

  private func carryOut(_ action: MasterAction) {
    switch action {
    case .toScheduler(let framework, let incarnation, let message):
      hear(message, framework, incarnation)
    case .toSlave(let slave, let message): hear(message, slave)
    case .toOperator(_, let answer): answers.append(answer)
    case .toSuccessor: break
    }
  }

  /// Lets everything happen that happens at this instant.
  func settle() {
    var turns = 0
    deliverToDrivers()
    if isMasterDead { return }
    repeat {
      while let deadline = master.nextDeadline, deadline <= now, turns < 10_000 {
        turns += 1
        tell(.deadline)
        deliverToDrivers()
      }
    } while realAgent?.step() == true
  }

  /// Lets the master read the file of the whitelist, as it does every five seconds.
  func lookAtHosts(at moment: Instant) {
    guard let hosts, moment.nanoseconds / 5_000_000_000 > now.nanoseconds / 5_000_000_000 else {
      return
    }
    tell(.operator(.updateWhitelist(hosts), number: 0))
    self.hosts = nil
  }

  /// Lets time pass, and everything that it brings: a paused clock goes on in one leap, and what
  /// was due meanwhile happens at its end.
  func pass(until end: Instant) {
    now = end
    settle()
    if realAgent?.noticeEnds() == true { settle() }
  }

  // MARK: Hearing

  func note(_ event: JSONValue, to name: String) { heard[name, default: []].append(event) }

  func hear(_ message: SlaveMessage, _ slave: SlaveIndex) {
    if let realAgent { return realAgent.receive(message) }
    guard let name = agents.first(where: { $0.value.index == slave })?.key,
      var agent = agents[name]
    else { return }
    switch message {
    case .registered(let id, _), .reregistered(let id, _, _):
      labels.note(id.value, "S")
      agent.id = id
      agents[name] = agent
    case .checkpointResources(let resources) where agent.isReachable:
      agent.checkpointed = EventForm.checkpointed(resources)
      agents[name] = agent
    default: break
    }
    guard agent.isReachable else { return }
    if case .ping = message {
      if recordsPings { note(.object(["type": .text("Ping")]), to: name) }
      if agent.answersPings { tell(.slave(slave, .pong)) }
      return
    }
    if let event = EventForm.event(message, context(of: agent)) { note(event, to: name) }
  }

  private func context(of agent: Agent) -> EventForm.Context {
    EventForm.Context(
      frameworkID: { [self] in side.directory.id(of: $0)?.value ?? "" },
      pid: { [self] framework in
        schedulers.values.first {
          $0.framework == framework && $0.incarnation == current(framework)
        }
        .flatMap { $0.isV1 ? nil : drivers[$0.name] == nil ? "\($0.name)@" : "DRIVER@" }
      },
      slaveID: agent.id?.value ?? "",
      state: { [self] in master.state(of: $0.task, $0.framework) })
  }

  /// The process that the master holds for a framework's.
  func current(_ framework: FrameworkIndex) -> Incarnation? {
    schedulers.values.filter { $0.framework == framework }.compactMap(\.incarnation)
      .max { $0.rawValue < $1.rawValue }
  }

  func hear(
    _ message: SchedulerMessage, _ framework: FrameworkIndex, _ incarnation: Incarnation
  ) {
    if let output = side.output(message, to: framework, incarnation, master) {
      if case .registered(let id, _) = message { labels.note(id.value, "F") }
      if streams.has(output.stream) { return hear(output) }
      if wire != nil { hear(output) }
    }
    guard
      let name = schedulers.first(where: {
        $0.value.framework == framework && $0.value.incarnation == incarnation
      })?.key, var scheduler = schedulers[name]
    else { return }
    switch message {
    case .registered(let id, _), .reregistered(let id, _):
      labels.note(id.value, "F")
      scheduler.id = id
      scheduler.reader = V1Reader(scheduler.lastCapabilities, saysAgent: scheduler.isV1)
      schedulers[name] = scheduler
      side.directory.learn(id, of: framework)
    default: break
    }
    guard scheduler.isReachable else { return }
    if drivers[name] != nil { return waiting.append((name, message)) }
    if let event = EventForm.event(message, scheduler.reader, isV1: scheduler.isV1) {
      note(event, to: name)
    }
    if case .error = message, scheduler.isV1 { close(name) }
  }

  /// Closes the stream of a framework that has ended.
  private func close(_ framework: FrameworkIndex) {
    if let output = side.frameworkEnded(framework), wire != nil || streams.has(output.stream) {
      hear(output)
    }
    for name in schedulers.keys.sorted()
    where schedulers[name]?.framework == framework && schedulers[name]?.isV1 == true {
      close(name)
    }
  }

  private func close(_ name: String) {
    guard schedulers[name]?.isReachable == true else { return }
    note(.object(["event": .text("CLOSED")]), to: name)
    schedulers[name]?.isReachable = false
    schedulers[name]?.incarnation = nil
    schedulers[name]?.stream = nil
  }

  /// The framework of an id, heard of or not.
  func framework(_ id: String) -> FrameworkIndex { side.directory.framework(FrameworkID(id)) }

  func newFramework() -> FrameworkIndex { side.directory.newFramework() }

  func newIncarnation() -> Incarnation { side.directory.newIncarnation() }

  // MARK: What was heard

  /// Takes out what was heard, in the normal form; what is new gets its label.
  func takeEvents(at moment: Double?) throws -> [String: [JSONValue]] {
    try readStreams()
    let raw = heard
    heard = [:]
    var result: [String: [JSONValue]] = [:]
    let isScheduler = { [self] (name: String) in schedulers[name] != nil }
    for name in raw.keys.sorted() where isScheduler(name) {
      for event in raw[name] ?? [] {
        noteOffers(of: event)
        if let name = event["uuid"]?.string, CaseLabels.isMade(name) { labels.note(name, "X") }
      }
    }
    for (name, events) in raw {
      result[name] = events.map { event in
        var event = labels.labelled(sorted(event))
        if let moment, case .object(let members) = event.content {
          event = JSONValue(.object(members + [.init(key: "at", value: .number(moment))]))
        }
        return event
      }
    }
    return result
  }

  private func noteOffers(of event: JSONValue) {
    let kinds: [(String, Character)] = [("offers", "O"), ("inverse_offers", "V")]
    for (key, kind) in kinds {
      for offer in sorted(event)[key]?.array ?? [] {
        if let id = offer["id"]?.string { labels.note(id, kind) }
      }
    }
  }

  /// An event with its offers in the order of the normal form.
  private func sorted(_ event: JSONValue) -> JSONValue {
    guard case .object(let members) = event.content else { return event }
    return JSONValue(
      .object(
        members.map { member in
          guard member.key == "offers" || member.key == "inverse_offers",
            let list = member.value.array
          else { return member }
          let keyed = list.map { offer in
            let agent = labels.label(offer["agent"]?.string ?? "")
            let role = offer["role"]?.string ?? ""
            let key = [agent, role, offer["resources"]?.string ?? ""]
            return (key, offer)
          }
          let order = keyed.sorted { left, right in
            left.0.lexicographicallyPrecedes(right.0) {
              $0.utf8.lexicographicallyPrecedes($1.utf8)
            }
          }
          return JSONValue.Member(key: member.key, value: .array(order.map(\.1)))
        }))
  }
}
