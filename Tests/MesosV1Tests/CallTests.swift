// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosV1
import Testing

@Suite("Calls of the v1 API") struct CallTests {
  private func call(_ text: String) throws -> V1Call {
    try V1Call(reading: try JSONValue(parsing: text))
  }

  private func fault(of text: String) -> String? {
    do {
      _ = try call(text)
      return nil
    } catch { return "\(error)" }
  }

  @Test("a framework subscribes with roles and capabilities, and says which it suppresses")
  func subscribe() throws {
    let call = try call(
      """
      {"type": "SUBSCRIBE", "subscribe": {"framework_info": {"user": "u", "name": "n",
        "roles": ["a", "b"], "failover_timeout": 5, "checkpoint": true,
        "capabilities": [{"type": "MULTI_ROLE"}, {"type": "PARTITION_AWARE"}]},
        "suppressed_roles": ["b"]}}
      """)
    guard case .subscribe(let stated) = call.kind else {
      Issue.record("\(call)")
      return
    }
    let info = stated.framework.info
    #expect(info.user == "u" && info.name == "n")
    #expect(info.roles == ["a", "b"])
    #expect(info.capabilities.contains(.multiRole) && info.capabilities.contains(.partitionAware))
    #expect(stated.suppressed == ["b"])
  }

  @Test("a task is read with its resources in either form")
  func accept() throws {
    let reserved = [
      #""role": "a", "reservation": {"principal": "p"}"#,
      #""reservations": [{"type": "DYNAMIC", "role": "a", "principal": "p"}]"#,
    ]
    for form in reserved {
      let call = try call(
        """
        {"type": "ACCEPT", "framework_id": {"value": "f"}, "accept": {
          "offer_ids": [{"value": "m-O1"}], "filters": {"refuse_seconds": 2},
          "operations": [{"type": "LAUNCH", "launch": {"task_infos": [{"name": "n",
            "task_id": {"value": "t"}, "agent_id": {"value": "s"}, "command": {"value": "x"},
            "resources": [{"name": "cpus", "type": "SCALAR", "scalar": {"value": 1.5}, \(form)}]
          }]}}]}}
        """)
      guard case .accept(let offers, let operations, let filters) = call.kind,
        let task = operations.first?.tasks.first
      else {
        Issue.record("\(call)")
        return
      }
      #expect(call.frameworkID == "f")
      #expect(offers == ["m-O1"] && filters.refuseSeconds == 2)
      #expect(task.taskID == "t" && task.slaveID == "s" && task.command?.value == "x")
      let resource = try #require(task.resources.entries.first)
      #expect(resource.role == "a" && resource.reservations.last?.principal == "p")
      #expect(resource.reservations.last?.kind == .dynamic)
    }
  }

  @Test("what is missing is told all at once, as Mesos tells it")
  func missing() {
    #expect(
      fault(of: #"{"type": "SUBSCRIBE", "subscribe": {"framework_info": {}}}"#)
        == "Missing required fields: subscribe.framework_info.user, subscribe.framework_info.name")
    #expect(
      fault(of: #"{"type": "KILL", "kill": {}}"#) == "Missing required fields: kill.task_id")
  }

  @Test("a value of another kind is refused by its field")
  func kinds() {
    #expect(
      fault(of: #"{"type": "KILL", "kill": 5}"#)
        == "Not expecting a JSON number for field 'kill'")
    #expect(fault(of: "[]") == "Expecting a JSON object")
  }

  @Test("types that are not known, and types without their member, are told apart")
  func unknown() throws {
    guard case .unknown = try call(#"{"type": "DANCE"}"#).kind,
      case .bare("decline") = try call(#"{"type": "DECLINE"}"#).kind
    else {
      Issue.record("neither unknown nor bare")
      return
    }
  }
}
