// Part of mesosim. Apache-2.0, see LICENSE.
//
// The v1 executor API: requests become reports to a slave, and what the slave says becomes records
// of streams (Mesos: `slave/http.cpp`, `Http::executor`; `slave/slave.cpp`, `Slave::subscribe`).

import Mesos
public import MesosCluster
import MesosV1
public import VirtualTime

/// The side of a slave that speaks with executors under HTTP.
///
/// A value: who carries requests and records plays no part, nor does when they arrive.
public struct ExecutorSide: Sendable {
  /// What is to be done with a request.
  public enum Plan: Sendable {
    /// This is the reply.
    case reply(OperatorReply)
    /// The slave is to be told this of the executor in this container; then this is the reply.
    case tell(ContainerNumber, ExecutorReport, OperatorReply)
    /// A stream is opened: another of the executor is closed, the reply's head goes out, then the
    /// slave is told.
    case open(stream: Int, closing: Int?, ContainerNumber, ExecutorReport, OperatorReply)
    /// A stream is opened and, after this record, closed: the executor is not wanted.
    case turnAway(OperatorReply, record: [UInt8])
  }

  /// What goes out on a stream.
  public struct Output: Sendable {
    /// The stream.
    public var stream: Int
    /// A record, in the kind of the stream.
    public var record: [UInt8]
  }

  private struct Stream {
    let container: ContainerNumber
    /// Names the executor: containers' numbers are used again.
    let id: ContainerID
    let isJSON: Bool
  }

  /// The seconds between two heartbeats of a stream, and until the first
  /// (`DEFAULT_EXECUTOR_HEARTBEAT_INTERVAL`).
  public static let heartbeatSeconds: Double = 1800

  private var streams: [Int: Stream] = [:]
  /// The open stream of each container.
  private var current: [ContainerNumber: Int] = [:]
  private var opened = 0

  /// The side of a slave that no executor has spoken to.
  public init() {}

  /// Whether a path is one of the executors' API of a slave, be it named before it or not.
  public static func isOfExecutors(_ path: String) -> Bool {
    let path = SlaveSide.ownPath(path)
    return path == "/api/v1/executor" || path.hasPrefix("/api/v1/executor/")
  }

  /// What is to be done with a request.
  /// - Parameters:
  ///   - request: The request.
  ///   - slave: The slave that it is made to.
  ///   - now: The instant; updates bear it.
  /// - Returns: The reply, or what to tell the slave.
  public mutating func answer(
    _ request: OperatorRequest, _ slave: borrowing Slave, at now: Instant
  ) -> Plan {
    if request.method != "POST" {
      return .reply(OperatorSide.refusal(of: request.method, expected: ["POST"]))
    }
    do throws(OperatorFault) {
      let call = try Self.call(in: request)
      var kind: String?
      if case .subscribe = call.kind {
        kind = MediaType.kind(acceptedBy: request)
        if kind == nil { return .reply(MediaType.refusalOfAccept) }
      } else if slave.isRecovering {
        throw OperatorFault("Agent has not finished recovery", status: 503)
      }
      let executor = try Self.caller(of: call, slave)
      return try perform(call, executor, kind: kind ?? MediaType.json, at: now)
    } catch {
      return .reply(OperatorReply(error.status, error.text))
    }
  }

  /// The call that a request makes.
  private static func call(in request: OperatorRequest) throws(OperatorFault) -> V1ExecutorCall {
    let json = try MediaType.message(of: request, as: "Executor.Call")
    let call: V1ExecutorCall
    do throws(V1Error) { call = try V1ExecutorCall(reading: json) } catch {
      throw OperatorFault("Failed to convert JSON into Call protobuf: \(error)")
    }
    if let fault = call.fault { throw OperatorFault("Failed to validate Executor::Call: \(fault)") }
    return call
  }

  /// Who makes a call.
  private static func caller(
    of call: V1ExecutorCall, _ slave: borrowing Slave
  ) throws(OperatorFault) -> SlaveExecutorView {
    guard let framework = slave.framework(call.frameworkID) else {
      throw OperatorFault("Framework cannot be found")
    }
    let key = ExecutorKey(framework: framework, executor: call.executorID)
    guard let executor = slave.executor(key) else {
      throw OperatorFault("Executor cannot be found")
    }
    return executor
  }

  private mutating func perform(
    _ call: V1ExecutorCall, _ executor: SlaveExecutorView, kind: String, at now: Instant
  ) throws(OperatorFault) -> Plan {
    if case .subscribe(let updates, let tasks) = call.kind {
      let updates = updates.map { Self.stamped($0, now) }
      return subscribe(executor, .subscribe(updates: updates, tasks: tasks), kind: kind)
    }
    if executor.state == .registering {
      throw OperatorFault("Executor is not subscribed", status: 403)
    }
    // Of one that has ended nothing is awaited, and its container may be another's.
    let isHeard = executor.state != .terminated
    switch call.kind {
    case .update(let status) where isHeard:
      return .tell(executor.number, .statusUpdate(Self.stamped(status, now)), OperatorReply(202))
    case .message(let data) where isHeard:
      return .tell(executor.number, .frameworkMessage(data), OperatorReply(202))
    case .unknown: return .reply(OperatorReply(501))
    default: return .reply(OperatorReply(202))
    }
  }

  private static func stamped(_ status: TaskStatus, _ now: Instant) -> TaskStatus {
    var status = status
    status.timestamp = now
    return status
  }

  private mutating func subscribe(
    _ executor: SlaveExecutorView, _ report: ExecutorReport, kind: String
  ) -> Plan {
    let reply = OperatorReply.stream(of: kind)
    let stream = Stream(
      container: executor.number, id: executor.container, isJSON: kind == MediaType.json)
    if executor.state == .terminating || executor.state == .terminated {
      return .turnAway(reply, record: Self.record(of: .shutdown, of: stream, executor) ?? [])
    }
    opened += 1
    let closing = current.updateValue(opened, forKey: executor.number)
    if let closing { streams[closing] = nil }
    streams[opened] = stream
    return .open(stream: opened, closing: closing, executor.number, report, reply)
  }

  // MARK: Streams

  /// What goes out when the slave says something to the executor in a container; `nil` where that
  /// has no stream, or the message is none of the v1 API's.
  public func output(
    _ message: ExecutorMessage, to container: ContainerNumber, _ slave: borrowing Slave
  ) -> Output? {
    guard let number = current[container], let stream = streams[number],
      let executor = slave.executorView(in: container), executor.container == stream.id,
      let record = Self.record(of: message, of: stream, executor)
    else { return nil }
    return Output(stream: number, record: record)
  }

  /// The other side has closed a stream: what the slave says from now on is lost, as it is in
  /// Mesos, until the executor opens another.
  public mutating func close(_ number: Int) {
    guard let stream = streams.removeValue(forKey: number) else { return }
    if current[stream.container] == number { current[stream.container] = nil }
  }

  /// All streams break, as when the slave's process ends.
  public mutating func closeAll() {
    streams = [:]
    current = [:]
  }

  /// The record of a heartbeat on an open stream.
  public func heartbeat(of stream: Int) -> [UInt8]? {
    streams[stream].flatMap { Self.encoded(OperatorStream.heartbeat, $0) }
  }

  /// A record in JSON in the kind of a stream.
  private static func encoded(_ json: [UInt8], _ stream: Stream) -> [UInt8]? {
    if stream.isJSON { return json }
    let text = String(decoding: json, as: UTF8.self)
    return (try? JSONValue(parsing: text)).flatMap { Protobuf.bytes(of: $0, as: "Executor.Event") }
  }

  private static func record(
    of message: ExecutorMessage, of stream: Stream, _ executor: SlaveExecutorView
  ) -> [UInt8]? {
    var writer = JSONWriter()
    switch message {
    case .registered(let info, let framework, let slave):
      writer.executorSubscribed(
        info, role: executor.role, of: framework, on: slave, in: executor.container)
    case .launchTask(let task): writer.launch(task, role: executor.role)
    case .launchTaskGroup(let tasks): writer.launchGroup(tasks, role: executor.role)
    case .killTask(let task): writer.kill(task, by: nil)
    case .killTaskBy(let policy, let task): writer.kill(task, by: policy)
    case .frameworkMessage(let data):
      writer.event("MESSAGE", "message") {
        $0.key("data")
        $0.base64(data)
      }
    case .shutdown: writer.object { $0.member("type", "SHUTDOWN") }
    case .acknowledge(let task, let update): writer.acknowledged(task, update)
    // Messages of the first API: an executor of the v1 API comes back by itself.
    case .reconnect, .reregistered: return nil
    }
    return encoded(writer.bytes, stream)
  }
}
