// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosV1
import Testing

@Suite("Calls of executors") struct ExecutorCallTests {
  private static let head = #""executor_id":{"value":"e"},"framework_id":{"value":"F"}"#

  private func call(_ rest: String) throws -> V1ExecutorCall {
    try V1ExecutorCall(reading: JSONValue(parsing: "{\(Self.head),\(rest)}"))
  }

  @Test("an update is read as its executor reports it")
  func update() throws {
    let status =
      #"{"task_id":{"value":"t"},"state":"TASK_FAILED","source":"SOURCE_EXECUTOR","#
      + #""reason":"REASON_AGENT_DRAINING","message":"m","data":"AQI=","healthy":false,"#
      + #""uuid":"AAECAwQFBgcICQoLDA0ODw==","timestamp":12,"#
      + #""labels":{"labels":[{"key":"k","value":"v"}]},"#
      + #""container_status":{"network_infos":[{"ip_addresses":[{"ip_address":"1.2.3.4"}]}]}}"#
    let read = try call(#""type":"UPDATE","update":{"status":\#(status)}"#)
    #expect(read.fault == nil)
    guard case .update(let update) = read.kind else {
      Issue.record("no update")
      return
    }
    #expect(update.taskID == "t" && update.state == .failed && update.message == "m")
    #expect(update.reason == .slaveDraining && update.data == [1, 2])
    #expect(update.isHealthy == false && update.labels.list.first?.value == "v")
    #expect(update.containerStatus?.networks.first?.addresses == ["1.2.3.4"])
    #expect(update.uuid?.bytes.last == 15)
  }

  @Test(
    "what is wrong is told in the words of Mesos",
    arguments: [
      ("", "Expecting 'uuid' to be present"),
      (#","uuid":"AAAA""#, "Not a valid UUID"),
      (
        #","uuid":"AAECAwQFBgcICQoLDA0ODw==","executor_id":{"value":"x"}"#,
        "ExecutorID in Call: e does not match ExecutorID in TaskStatus: x"
      ),
      (
        #","uuid":"AAECAwQFBgcICQoLDA0ODw==""#,
        "Received Call from executor e of framework F with invalid source, expecting "
          + "'SOURCE_EXECUTOR'"
      ),
    ])
  func faults(more: String, fault: String) throws {
    let status = #"{"task_id":{"value":"t"},"state":"TASK_RUNNING"\#(more)}"#
    #expect(try call(#""type":"UPDATE","update":{"status":\#(status)}"#).fault == fault)
  }

  @Test("executors and frameworks must be named")
  func missing() throws {
    #expect(throws: V1Error.self) { try V1ExecutorCall(reading: .object([:])) }
    do { _ = try V1ExecutorCall(reading: .object([:])) } catch {
      #expect("\(error)" == "Missing required fields: executor_id, framework_id")
    }
    #expect(throws: V1Error.self) { try V1ExecutorCall(reading: .array([])) }
  }
}
