// Part of mesosim. Apache-2.0, see LICENSE.
//
// What the script has schedulers do.

import Mesos
import MesosCluster
import MesosOperator
import MesosV1
import VirtualTime

/// The answer to a request.
struct HTTPAnswer {
  var status: Int
  var body: JSONValue?
  /// Headers, where they are looked at.
  var headers: [String: String] = [:]

  init(status: Int, body: JSONValue? = nil) {
    self.status = status
    self.body = body
  }

  /// A reply of the product.
  init(_ reply: OperatorReply) {
    status = reply.status
    headers = reply.headers
    if let kind = reply.contentType { headers["Content-Type"] = kind }
    let text = reply.body
    if reply.isJSON {
      body = try? JSONValue(parsing: text)
    } else if !text.isEmpty {
      body = .text(text)
    }
  }

  static func text(_ status: Int, _ text: String) -> HTTPAnswer {
    HTTPAnswer(status: status, body: .text(text))
  }
}

extension MasterReplay {
  func takeSchedulerStep(_ step: JSONValue, _ name: String) throws -> HTTPAnswer? {
    let kind = try step.requiredString("do")
    switch kind {
    case "subscribe": return try subscribe(name, step)
    case "call": return try call(name, step)
    case "raw":
      try sendRaw(name, step)
      return nil
    case "disconnect":
      try disconnect(name, refuses: step["refuse"]?.bool ?? true)
      return nil
    default: throw CaseInputError("step '\(kind)' of a scheduler is unknown")
    }
  }

  private func disconnect(_ name: String, refuses: Bool) throws {
    guard let scheduler = schedulers[name], let framework = scheduler.framework,
      let incarnation = scheduler.incarnation
    else { return }
    if refuses || scheduler.isV1 { schedulers[name]?.isReachable = false }
    if let stream = scheduler.stream {
      try closeStream(stream) { [self] in _ = side.close(stream) }
      schedulers[name]?.stream = nil
      streams.endHeartbeats(of: stream)
    }
    tell(.schedulerExited(framework, incarnation))
    if scheduler.isV1 { schedulers[name]?.incarnation = nil }
  }

  // MARK: Subscribing

  /// How a scheduler introduces itself at a step.
  func info(of name: String, _ step: JSONValue) -> JSONValue {
    guard let scheduler = schedulers[name] else { return .object([:]) }
    var members = scheduler.info.members ?? []
    func set(_ key: String, _ value: JSONValue?) {
      members.removeAll { $0.key == key }
      if let value { members.append(JSONValue.Member(key: key, value: value)) }
    }
    if scheduler.info["user"] == nil { set("user", .text("root")) }
    if scheduler.info["name"] == nil { set("name", .text(name)) }
    for member in step["info"]?.members ?? [] {
      if case .null = member.value.content {
        set(member.key, nil)
      } else {
        set(member.key, member.value)
      }
    }
    if let list = members.first(where: { $0.key == "capabilities" })?.value.array {
      set("capabilities", .array(list.map { $0.string == nil ? $0 : .object(["type": $0]) }))
    }
    if let id = step["framework_id"]?.string, step["omit_info_id"]?.bool != true {
      set("id", .object(["value": .text(labels.id(id))]))
    }
    return JSONValue(.object(members))
  }

  private func subscribe(_ name: String, _ step: JSONValue) throws -> HTTPAnswer? {
    guard let scheduler = schedulers[name] else { return nil }
    var body: [JSONValue.Member] = [.init(key: "framework_info", value: info(of: name, step))]
    for key in ["suppressed_roles", "offer_constraints"] {
      if let value = step[key] { body.append(.init(key: key, value: value)) }
    }
    var call: [JSONValue.Member] = [
      .init(key: "type", value: .text("SUBSCRIBE")),
      .init(key: "subscribe", value: JSONValue(.object(body))),
    ]
    if let id = step["framework_id"]?.string, step["omit_call_id"]?.bool != true {
      call.append(.init(key: "framework_id", value: .object(["value": .text(labels.id(id))])))
    }
    let answer = try subscribe(
      name, JSONValue(.object(call)), isForced: step["force"]?.bool ?? false)
    return scheduler.isV1 ? answer : nil
  }

  func subscribe(
    _ name: String, _ json: JSONValue, isForced: Bool, isFirst: Bool? = nil
  ) throws -> HTTPAnswer {
    guard var scheduler = schedulers[name] else { return HTTPAnswer(status: 500) }
    if scheduler.isV1 { return try subscribeV1(name, json) }
    let call: V1Call
    do { call = try V1Call(reading: json) } catch {
      return .text(400, "Failed to convert JSON into Call protobuf: \(error)")
    }
    if let fault = call.fault {
      return .text(400, "Failed to validate scheduler::Call: \(fault)")
    }
    guard case .subscribe(let stated) = call.kind else { return HTTPAnswer(status: 500) }
    let info = stated.framework.info
    let framework: FrameworkIndex
    if let id = info.id, !id.value.isEmpty {
      framework = self.framework(id.value)
    } else if let known = scheduler.framework, scheduler.incarnation != nil,
      master.isPresent(known)
    {
      framework = known
    } else {
      framework = newFramework()
    }
    let incarnation =
      scheduler.framework == framework
      ? scheduler.incarnation ?? newIncarnation() : newIncarnation()
    scheduler.framework = framework
    scheduler.incarnation = incarnation
    scheduler.isReachable = true
    scheduler.lastCapabilities = info.capabilities
    scheduler.reader = V1Reader(info.capabilities, saysAgent: false)
    schedulers[name] = scheduler
    var subscription = Subscription(info, isForced: isForced, suppressed: stated.suppressed)
    subscription.pid = "\(name)@"
    subscription.isFirst = isFirst
    subscription.namesRole = stated.framework.hasRole
    subscription.constraints = stated.constraints.map(SchedulerCalls.constraints)
    tell(.scheduler(framework, incarnation, .subscribe(subscription)))
    return HTTPAnswer(status: 200)
  }

  private func subscribeV1(_ name: String, _ json: JSONValue) throws -> HTTPAnswer {
    try exchange(request(json)) { [self] request in openV1(name, request) }
  }

  private func openV1(_ name: String, _ request: OperatorRequest) -> CaseAnswer {
    switch side.answer(request, master) {
    case .reply(let reply): return .reply(reply)
    case .tell: return .reply(OperatorReply(500))
    case .open(let stream, let framework, let incarnation, let call, let reply):
      guard case .subscribe(let subscription) = call, var scheduler = schedulers[name] else {
        return .reply(OperatorReply(500))
      }
      scheduler.framework = framework
      scheduler.incarnation = incarnation
      scheduler.isReachable = true
      scheduler.lastCapabilities = subscription.info.capabilities
      scheduler.reader = V1Reader(subscription.info.capabilities)
      scheduler.stream = stream
      scheduler.streamID = side.id(of: stream) ?? ""
      schedulers[name] = scheduler
      streams.beginHeartbeats(of: stream, at: now)
      tell(.scheduler(framework, incarnation, call))
      if side.framework(of: stream) != nil { counters.noteHeartbeat(of: framework) }
      return .opened(stream: stream, reply)
    }
  }

  /// A call as a client of the v1 API makes it.
  private func request(_ json: JSONValue, stream: String? = nil) -> CaseRequest {
    var headers = ["Content-Type": "application/json", "Accept": "application/json"]
    if let stream { headers["Mesos-Stream-Id"] = stream }
    return CaseRequest("POST", "/api/v1/scheduler", body: json.text, headers: headers)
  }

  // MARK: Calls

  private func call(_ name: String, _ step: JSONValue) throws -> HTTPAnswer? {
    guard let scheduler = schedulers[name], var body = step["call"] else { return nil }
    body = try labels.resolved(body)
    if body["framework_id"] == nil, let id = scheduler.id, var members = body.members {
      members.append(.init(key: "framework_id", value: .object(["value": .text(id.value)])))
      body = JSONValue(.object(members))
    }
    let answer = try perform(name, scheduler, body)
    return scheduler.isV1 ? answer : nil
  }

  private func perform(
    _ name: String, _ scheduler: Scheduler, _ json: JSONValue
  ) throws -> HTTPAnswer {
    if scheduler.isV1 { return try performV1(name, scheduler, json) }
    // Whose it is, and whether that is there, is for the master to see.
    guard let call = try? V1Call(reading: json), call.fault == nil, let id = call.frameworkID,
      let framework = side.directory.index(of: id), let incarnation = scheduler.incarnation
    else { return HTTPAnswer(status: 202) }
    if case .update(let stated) = call.kind {
      return update(stated, name, framework, incarnation)
    }
    // Drivers of the first API cannot ask about operations.
    if case .reconcileOperations = call.kind { return HTTPAnswer(status: 202) }
    guard let ours = SchedulerCalls.call(call) else { return HTTPAnswer(status: 202) }
    tell(.scheduler(framework, incarnation, ours))
    return HTTPAnswer(status: 202)
  }

  private func performV1(
    _ name: String, _ scheduler: Scheduler, _ json: JSONValue
  ) throws -> HTTPAnswer {
    try exchange(request(json, stream: scheduler.streamID)) { [self] request in
      switch side.answer(request, master) {
      case .reply(let reply): return .reply(reply)
      case .open: return .reply(OperatorReply(500))
      case .tell(let framework, let incarnation, let call, let reply):
        if case .updateFramework(let info, _, _) = call {
          schedulers[name]?.reader = V1Reader(info.capabilities)
        }
        tell(.scheduler(framework, incarnation, call))
        return .reply(reply)
      }
    }
  }

  private func update(
    _ stated: V1Subscription, _ name: String, _ framework: FrameworkIndex,
    _ incarnation: Incarnation
  ) -> HTTPAnswer {
    let info = stated.framework.info
    let constraints = stated.constraints.map(SchedulerCalls.constraints)
    let fault = master.fault(
      ofUpdate: info, namesRole: stated.framework.hasRole, suppressed: stated.suppressed,
      constraints, framework)
    tell(
      .scheduler(
        framework, incarnation,
        .updateFramework(info, suppressed: stated.suppressed, constraints: constraints)))
    if fault == nil {
      schedulers[name]?.reader = V1Reader(info.capabilities, saysAgent: false)
    }
    return HTTPAnswer(status: 200)
  }

  // MARK: Old messages

  private func sendRaw(_ name: String, _ step: JSONValue) throws {
    guard let scheduler = schedulers[name] else { return }
    let body = try labels.resolved(step["body"] ?? .object([:]))
    let message = try step.requiredString("message")
    switch message {
    case "RegisterFramework", "ReregisterFramework":
      return try register(name, body, isFirst: message == "RegisterFramework")
    default: break
    }
    guard let id = body["framework_id"]?["value"]?.string,
      let framework = side.directory.index(of: FrameworkID(id)),
      let incarnation = scheduler.incarnation
    else { return }
    guard let call = V1Messages.oldCall(message, body) else { return }
    tell(.scheduler(framework, incarnation, call))
  }

  private func register(_ name: String, _ body: JSONValue, isFirst: Bool) throws {
    let info = body["framework"] ?? .object([:])
    var call: [JSONValue.Member] = [
      .init(key: "type", value: .text("SUBSCRIBE")),
      .init(key: "subscribe", value: .object(["framework_info": info])),
    ]
    if let id = info["id"] { call.append(.init(key: "framework_id", value: id)) }
    _ = try subscribe(
      name, JSONValue(.object(call)), isForced: body["failover"]?.bool ?? false, isFirst: isFirst)
  }
}
