// Part of mesosim. Apache-2.0, see LICENSE.
//
// The v1 scheduler API: requests become calls of a master, and what the master says becomes records
// of streams (Mesos: `master/http.cpp`, `Master::Http::scheduler`).

public import Mesos
public import MesosCluster
import MesosV1
import VirtualTime

/// The side of a master that speaks with schedulers under HTTP.
///
/// A value: who carries requests and records plays no part, nor does when they arrive.
public struct SchedulerSide: Sendable {
  /// What is to be done with a request.
  public enum Plan: Sendable {
    /// This is the reply.
    case reply(OperatorReply)
    /// The master is to be told this; then this is the reply.
    case tell(FrameworkIndex, Incarnation, SchedulerCall, OperatorReply)
    /// A stream is opened: the reply's head goes out, then the master is told.
    case open(stream: Int, FrameworkIndex, Incarnation, SchedulerCall, OperatorReply)
  }

  /// What goes out on a stream.
  public struct Output: Sendable {
    /// The stream.
    public var stream: Int
    /// A record, in the kind of the stream; `nil` where nothing is said.
    public var record: [UInt8]?
    /// Whether the stream ends with it.
    public var ends = false
  }

  private struct Stream {
    let id: String
    let framework: FrameworkIndex
    let incarnation: Incarnation
    /// Whether its records are JSON; otherwise they are protobuf.
    let isJSON: Bool
    var reader: V1Reader

    /// A record in JSON in the kind of the stream.
    func record(_ json: [UInt8]) -> [UInt8]? {
      if isJSON { return json.inASCII }
      let text = String(decoding: json, as: UTF8.self)
      return (try? JSONValue(parsing: text)).flatMap { Protobuf.bytes(of: $0, as: "Event") }
    }
  }

  /// The seconds between two heartbeats of a stream.
  public static let heartbeatSeconds: Double = 15

  /// Which framework an id is of.
  public var directory = FrameworkDirectory()
  private let authentication: MasterDescription.Authentication
  private let epoch: Int64
  private var streams: [Int: Stream] = [:]
  /// The stream of each framework that was opened last, open or not.
  private var current: [FrameworkIndex: Int] = [:]
  private var opened = 0
  private var random: SplitMix64

  /// The side of a master that is described so; `seed` decides on the names of streams.
  public init(_ description: MasterDescription = MasterDescription(), seed: UInt64 = 0) {
    authentication = description.authentication
    epoch = description.epoch
    random = SplitMix64(seed: seed)
  }

  /// The name of an open stream, which calls must give.
  public func id(of stream: Int) -> String? { streams[stream]?.id }

  /// The open stream of a name.
  public func stream(named id: String) -> Int? { streams.first { $0.value.id == id }?.key }

  /// The record of an error on an open stream.
  public func error(_ text: String, on stream: Int) -> [UInt8]? {
    guard let stream = streams[stream] else { return nil }
    var writer = JSONWriter()
    writer.event(.error(text), for: stream.reader, slaves: [:])
    return stream.record(writer.bytes)
  }

  /// What is to be done with a request.
  public mutating func answer(_ request: OperatorRequest, _ master: borrowing Master) -> Plan {
    let principal: String?
    switch authentication.principal(of: request, .schedulers) {
    case .success(let known): principal = known
    case .failure(let refusal): return .reply(refusal.reply)
    }
    if request.method != "POST" {
      return .reply(OperatorSide.refusal(of: request.method, expected: ["POST"]))
    }
    let call: V1Call
    do throws(OperatorFault) { call = try Self.call(in: request, principal) } catch {
      return .reply(OperatorReply(error.status, error.text))
    }
    if case .subscribe(let stated) = call.kind { return subscribe(stated, request) }
    do throws(OperatorFault) {
      let (framework, incarnation) = try caller(of: call, request, principal, master)
      return perform(call, framework, incarnation, master)
    } catch {
      return .reply(OperatorReply(error.status, error.text))
    }
  }

  /// The call that a request makes.
  private static func call(
    in request: OperatorRequest, _ principal: String?
  ) throws(OperatorFault) -> V1Call {
    let json = try MediaType.message(of: request, as: "Call")
    let call: V1Call
    do throws(V1Error) { call = try V1Call(reading: json) } catch {
      throw OperatorFault("Failed to convert JSON into Call protobuf: \(error)")
    }
    var fault = call.fault
    if fault == nil, case .subscribe(let stated) = call.kind {
      fault = Self.fault(of: principal, stated.framework.info.principal)
    }
    if let fault { throw OperatorFault("Failed to validate scheduler::Call: \(fault)") }
    return call
  }

  /// What is wrong with who has proven to be somebody and says to be somebody else.
  private static func fault(of principal: String?, _ stated: String?) -> String? {
    guard let principal, let stated, principal != stated else { return nil }
    return "Authenticated principal '\(principal)' does not match principal '\(stated)' set in "
      + "`FrameworkInfo`"
  }

  // MARK: Subscribing

  private mutating func subscribe(
    _ stated: V1Subscription, _ request: OperatorRequest
  ) -> Plan {
    guard let kind = MediaType.kind(acceptedBy: request) else {
      return .reply(MediaType.refusalOfAccept)
    }
    if request.headers["mesos-stream-id"] != nil {
      return .reply(
        OperatorReply(400, "Subscribe calls should not include the 'Mesos-Stream-Id' header"))
    }
    let info = stated.framework.info
    var framework: FrameworkIndex
    if let id = info.id, !id.value.isEmpty {
      framework = directory.framework(id)
    } else {
      framework = directory.newFramework()
    }
    let incarnation = directory.newIncarnation()
    opened += 1
    let stream = Stream(
      id: newID(), framework: framework, incarnation: incarnation,
      isJSON: kind == MediaType.json, reader: V1Reader(info.capabilities))
    streams[opened] = stream
    current[framework] = opened
    var subscription = Subscription(info, isForced: true, suppressed: stated.suppressed)
    subscription.speaksV1 = true
    subscription.namesRole = stated.framework.hasRole
    subscription.constraints = stated.constraints.map(SchedulerCalls.constraints)
    var reply = OperatorReply.stream(of: kind)
    reply.headers["Mesos-Stream-Id"] = stream.id
    return .open(stream: opened, framework, incarnation, .subscribe(subscription), reply)
  }

  /// A name like a random UUID.
  private mutating func newID() -> String {
    let (high, low) = (random.next(), random.next())
    func digits(_ word: UInt64, _ shift: UInt64, _ count: Int) -> String {
      let text = String(word >> shift & (1 << UInt64(4 * count) - 1), radix: 16)
      return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
    }
    return [
      digits(high, 32, 8), digits(high, 16, 4), "4" + digits(high, 0, 3),
      digits(low >> 48 & 0x3fff | 0x8000, 0, 4), digits(low, 0, 12),
    ].joined(separator: "-")
  }

  // MARK: Calls

  /// Who makes a call.
  private func caller(
    of call: V1Call, _ request: OperatorRequest, _ principal: String?, _ master: borrowing Master
  ) throws(OperatorFault) -> (FrameworkIndex, Incarnation) {
    guard let id = call.frameworkID, let framework = directory.index(of: id),
      master.isPresent(framework)
    else { throw OperatorFault("Framework cannot be found") }
    let own = master.principal(of: framework)
    if let principal, principal != own {
      throw OperatorFault(
        Self.fault(of: principal, own ?? "") ?? "Authenticated principal does not match")
    }
    guard master.isConnected(framework) else {
      throw OperatorFault("Framework is not subscribed", status: 403)
    }
    guard let stream = current[framework].flatMap({ streams[$0] }) else {
      throw OperatorFault("Framework is not connected via HTTP", status: 403)
    }
    guard let named = request.headers["mesos-stream-id"] else {
      throw OperatorFault("All non-subscribe calls should include the 'Mesos-Stream-Id' header")
    }
    guard named == stream.id else {
      throw OperatorFault(
        "The stream ID '\(named)' included in this request didn't match the stream ID currently "
          + "associated with framework ID \(id)")
    }
    return (framework, stream.incarnation)
  }

  private mutating func perform(
    _ call: V1Call, _ framework: FrameworkIndex, _ incarnation: Incarnation,
    _ master: borrowing Master
  ) -> Plan {
    if case .update(let stated) = call.kind {
      return update(stated, framework, incarnation, master)
    }
    guard let own = SchedulerCalls.call(call) else { return .reply(OperatorReply(202)) }
    return .tell(framework, incarnation, own, OperatorReply(202))
  }

  private mutating func update(
    _ stated: V1Subscription, _ framework: FrameworkIndex, _ incarnation: Incarnation,
    _ master: borrowing Master
  ) -> Plan {
    let info = stated.framework.info
    let constraints = stated.constraints.map(SchedulerCalls.constraints)
    let fault = master.fault(
      ofUpdate: info, namesRole: stated.framework.hasRole, suppressed: stated.suppressed,
      constraints, framework)
    if let fault {
      return .reply(OperatorReply(fault.hasPrefix("Not authorized") ? 403 : 400, fault))
    }
    if let stream = current[framework] { streams[stream]?.reader = V1Reader(info.capabilities) }
    return .tell(
      framework, incarnation,
      .updateFramework(info, suppressed: stated.suppressed, constraints: constraints),
      OperatorReply(200))
  }

  // MARK: Streams

  /// What goes out when the master says something to a scheduler; `nil` where it has no stream.
  public mutating func output(
    _ message: SchedulerMessage, to framework: FrameworkIndex, _ incarnation: Incarnation,
    _ master: borrowing Master
  ) -> Output? {
    if case .registered(let id, _) = message { directory.learn(id, of: framework) }
    if case .reregistered(let id, _) = message { directory.learn(id, of: framework) }
    let found = streams.first {
      $0.value.framework == framework && $0.value.incarnation == incarnation
    }
    guard let (number, stream) = found else { return nil }
    var writer = JSONWriter()
    writer.epoch = epoch
    let infos = master.slaveInfos(of: message)
    writer.event(
      message, for: stream.reader, slaves: infos)
    var output = Output(stream: number, record: stream.record(writer.bytes))
    if case .error = message {
      streams[number] = nil
      output.ends = true
    }
    return output
  }

  /// What goes out when a framework has ended.
  public mutating func frameworkEnded(_ framework: FrameworkIndex) -> Output? {
    guard let number = current[framework], streams.removeValue(forKey: number) != nil else {
      return nil
    }
    return Output(stream: number, record: nil, ends: true)
  }

  /// The other side has closed a stream; what the master is to hear.
  public mutating func close(_ number: Int) -> MasterMessage? {
    guard let stream = streams.removeValue(forKey: number) else { return nil }
    return .schedulerExited(stream.framework, stream.incarnation)
  }

  /// The record of a heartbeat on an open stream.
  public func heartbeat(of stream: Int) -> [UInt8]? {
    streams[stream]?.record(OperatorStream.heartbeat)
  }

  /// The framework that an open stream is of.
  public func framework(of stream: Int) -> FrameworkIndex? { streams[stream]?.framework }

  /// All streams break, as when the master dies; frameworks keep their ids.
  public mutating func closeAll() { streams = [:] }
}

extension MediaType {
  /// The message in a body, be it JSON or protobuf.
  static func message(
    of request: OperatorRequest, as name: String
  ) throws(OperatorFault) -> JSONValue {
    guard request.headers["content-type"] == protobuf else { return try json(of: request) }
    let data = request.data ?? Array(request.body.utf8)
    if let json = Protobuf.json(of: data, as: name) { return json }
    throw OperatorFault("Failed to parse body into Call protobuf")
  }

  /// The kind that an answer may have: JSON, where that is accepted.
  static func kind(acceptedBy request: OperatorRequest) -> String? {
    [json, protobuf].first { accepts(request.headers["accept"], $0) }
  }

  /// The body of a call, which must be JSON.
  static func json(of request: OperatorRequest) throws(OperatorFault) -> JSONValue {
    guard let kind = request.headers["content-type"] else {
      throw OperatorFault("Expecting 'Content-Type' to be present")
    }
    guard kind == json else {
      throw OperatorFault(
        "Expecting 'Content-Type' of application/json or application/x-protobuf", status: 415)
    }
    do { return try JSONValue(parsing: request.body) } catch {
      throw OperatorFault(
        "Failed to parse body into JSON: " + SyntaxErrorText.text(of: request.body, error))
    }
  }

  static var refusalOfAccept: OperatorReply {
    OperatorReply(
      406,
      "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'")
  }
}

extension Master {
  /// How the slaves of offers introduced themselves.
  fileprivate func slaveInfos(of message: SchedulerMessage) -> [SlaveID: SlaveInfo] {
    guard case .resourceOffers(let offers) = message else { return [:] }
    var infos: [SlaveID: SlaveInfo] = [:]
    for offer in offers where infos[offer.slaveID] == nil {
      infos[offer.slaveID] = info(of: offer.slaveID)
    }
    return infos
  }
}

extension JSONWriter {
  /// Writes what a master says to a scheduler.
  mutating func event(
    _ message: SchedulerMessage, for reader: V1Reader, slaves: [SlaveID: SlaveInfo]
  ) {
    switch message {
    case .registered(let id, let master), .reregistered(let id, let master):
      subscribed(id, heartbeatSeconds: SchedulerSide.heartbeatSeconds, master: master)
    case .resourceOffers(let offers): self.offers(offers, for: reader) { slaves[$0] }
    case .rescindOffer(let id):
      event("RESCIND", "rescind") { $0.member("offer_id", id: id.value) }
    case .statusUpdate(let status): update(status, for: reader)
    case .frameworkMessage(let executor, let slave, let data):
      event("MESSAGE", "message") {
        $0.member("agent_id", id: slave.value)
        $0.member("executor_id", id: executor.value)
        $0.key("data")
        $0.base64(data)
      }
    case .slaveLost(let slave):
      event("FAILURE", "failure") { $0.member("agent_id", id: slave.value) }
    case .executorLost(let executor, let slave, let status):
      event("FAILURE", "failure") {
        $0.member("agent_id", id: slave.value)
        $0.member("executor_id", id: executor.value)
        $0.key("status")
        $0.number(status)
      }
    case .error(let text): event("ERROR", "error") { $0.member("message", text) }
    case .inverseOffers(let offers):
      event("INVERSE_OFFERS", "inverse_offers") { writer in
        writer.key("inverse_offers")
        writer.array { list in for offer in offers { list.inverseOffer(offer) } }
      }
    case .rescindInverseOffer(let id):
      event("RESCIND_INVERSE_OFFER", "rescind_inverse_offer") {
        $0.member("inverse_offer_id", id: id.value)
      }
    case .operationStatus(let status):
      event("UPDATE_OPERATION_STATUS", "update_operation_status") { writer in
        writer.key("status")
        writer.object {
          $0.member("operation_id", id: status.id)
          $0.member("state", status.state.rawValue)
          if !status.message.isEmpty { $0.member("message", status.message) }
          $0.member("agent_id", id: status.slaveID?.value)
        }
      }
    }
  }
}

extension [UInt8] {
  /// JSON with every character beyond ASCII as an escape: some clients count characters where a
  /// record's length is in bytes.
  fileprivate var inASCII: [UInt8] {
    if allSatisfy({ $0 < 0x80 }) { return self }
    var ascii: [UInt8] = []
    for unit in String(decoding: self, as: UTF8.self).utf16 {
      if unit < 0x80 {
        ascii.append(UInt8(unit))
      } else {
        let digits = String(unit, radix: 16)
        ascii +=
          Array("\\u".utf8) + Array(repeating: UInt8(ascii: "0"), count: 4 - digits.utf8.count)
        ascii += Array(digits.utf8)
      }
    }
    return ascii
  }
}
