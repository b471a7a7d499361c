// Part of mesosim. Apache-2.0, see LICENSE.
//
// The stream of events of the v1 operator API (call SUBSCRIBE; v1 master.proto, `Event`).

public import Mesos
public import MesosCluster
import MesosV1

/// What an operator who has subscribed is told.
public struct OperatorStream: Sendable {
  /// The seconds between two heartbeats.
  public static let heartbeatSeconds: Double = 15

  let viewer: Viewer
  let first: MasterSnapshot
  /// The kind of its records.
  let kind: String
  /// Calendar time of instant 0, in seconds since 1970.
  let epoch: Int64

  /// The head of the reply.
  public var reply: OperatorReply { .stream(of: kind) }

  /// A record in JSON in the kind of the stream.
  private func encoded(_ json: [UInt8]) -> [UInt8]? {
    if kind == MediaType.json { return json }
    let text = String(decoding: json, as: UTF8.self)
    return (try? JSONValue(parsing: text)).flatMap { Protobuf.bytes(of: $0, as: "Master.Event") }
  }

  /// The first record: everything as it is.
  public var opening: OperatorReply {
    let state = V1State(loads: SnapshotLoads(first), viewer: viewer)
    var reply = OperatorReply { writer in
      writer.event("SUBSCRIBED", "subscribed") { writer in
        writer.key("get_state")
        writer.object { state.writeAll(to: &$0) }
        writer.key("heartbeat_interval_seconds")
        writer.number(Self.heartbeatSeconds)
      }
    }
    reply.epoch = epoch
    return kind == MediaType.json ? reply : reply.inProtobuf(as: "Master.Event")
  }

  /// The record of a heartbeat in JSON.
  public static var heartbeat: [UInt8] { Array(#"{"type":"HEARTBEAT"}"#.utf8) }

  /// The record of a heartbeat in the kind of the stream.
  public var heartbeatRecord: [UInt8] { encoded(Self.heartbeat) ?? [] }

  /// The record of what has happened; `nil` where the subscriber is not told of it.
  /// - Parameters:
  ///   - note: What has happened.
  ///   - framework: Finds a framework, ended or not.
  /// - Returns: The record, in the kind of the stream.
  public func record(
    of note: MasterNote, framework: (FrameworkIndex) -> FrameworkInfo?
  ) -> [UInt8]? {
    var writer = JSONWriter()
    writer.epoch = epoch
    switch note {
    case .taskAdded(let task):
      guard let info = framework(task.framework), sees(info), viewer.sees(task, of: info) else {
        return nil
      }
      writer.event("TASK_ADDED", "task_added") {
        $0.key("task")
        $0.v1Task(task)
      }
    case .taskUpdated(let index, let status, _, let state, let isNews):
      guard isNews, let info = framework(index), sees(info) else { return nil }
      writer.event("TASK_UPDATED", "task_updated") {
        $0.member("framework_id", id: info.id?.value)
        $0.key("status")
        $0.status(status, for: V1Reader([]))
        $0.member("state", state.description)
      }
    case .frameworkAdded(let framework):
      guard sees(framework.info) else { return nil }
      writer.event("FRAMEWORK_ADDED", "framework_added") {
        $0.key("framework")
        $0.v1Framework(framework, nil)
      }
    case .frameworkUpdated(let framework):
      guard sees(framework.info) else { return nil }
      writer.event("FRAMEWORK_UPDATED", "framework_updated") {
        $0.key("framework")
        $0.v1Framework(framework, nil)
      }
    case .frameworkRemoved(let info):
      guard sees(info) else { return nil }
      writer.event("FRAMEWORK_REMOVED", "framework_removed") {
        $0.key("framework_info")
        $0.writesDefaults = true
        $0.framework(info)
      }
    case .slaveAdded(let slave, _):
      writer.event("AGENT_ADDED", "agent_added") {
        $0.key("agent")
        $0.v1Slave(slave, nil)
      }
    case .slaveRemoved(let id, .unregistered), .slaveRemoved(let id, .replaced):
      writer.event("AGENT_REMOVED", "agent_removed") { $0.member("agent_id", id: id.value) }
    case .slaveRemoved, .slaveReturned, .taskRefused: return nil
    }
    return encoded(writer.bytes)
  }

  private func sees(_ info: FrameworkInfo) -> Bool { viewer.sees(info) }
}
