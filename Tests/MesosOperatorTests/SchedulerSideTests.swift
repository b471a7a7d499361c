// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosCluster
import MesosOperator
import Testing
import VirtualTime

@Suite("The schedulers' side") struct SchedulerSideTests {
  private static func subscribe(_ id: String? = nil, principal: String? = nil) -> String {
    let call = id.map { #","framework_id":{"value":"\#($0)"}"# } ?? ""
    let own = id.map { #","id":{"value":"\#($0)"}"# } ?? ""
    let who = principal.map { #","principal":"\#($0)""# } ?? ""
    return #"{"type":"SUBSCRIBE"\#(call),"subscribe":{"framework_info":{"user":"u","name":"n","#
      + #""failover_timeout":30\#(own)\#(who)}}}"#
  }

  private static let revive = #"{"type":"REVIVE","framework_id":{"value":"m-0000"}}"#

  @Test("a subscription opens a stream, which hears of offers with addresses")
  func subscribing() throws {
    let stage = Stage()
    let info = SlaveInfo(hostname: "h", port: 6001, resources: Resources(cpus: 3, mem: 96))
    stage.tell(.slave(0, .register(info)))
    let (reply, stream) = stage.call(Self.subscribe())
    #expect(reply.status == 200 && reply.isStream && reply.contentType == "application/json")
    #expect(reply.headers["Mesos-Stream-Id"] == stage.id(of: stream))
    #expect(stage.id(of: stream).utf8.count == 36)
    stage.passToDeadline()
    let records = try stage.records(of: stream)
    #expect(records.map { $0["type"]?.string } == ["SUBSCRIBED", "OFFERS"])
    #expect(records.first?["subscribed"]?["master_info"]?["hostname"]?.string == "master.example")
    let offer = records.last?["offers"]?["offers"]?.array?.first
    #expect(offer?["url"]?["address"]?["port"]?.double == 6001)
  }

  @Test(
    "what is no call is refused before the master hears of it",
    arguments: [
      (["Content-Type": "text/plain"], "{}", 415), ([:], "{", 400), ([:], "[]", 400),
      ([:], "{}", 400), ([:], #"{"type":"REVIVE"}"#, 400),
      (["Accept": "text/html"], SchedulerSideTests.subscribe(), 406),
      (["Mesos-Stream-Id": "x"], SchedulerSideTests.subscribe(), 400),
      ([:], #"{"type":"REVIVE","framework_id":{"value":"nobody"}}"#, 400),
    ] as [([String: String], String, Int)])
  func refusals(headers: [String: String], body: String, status: Int) {
    #expect(Stage().call(body, headers: headers).reply.status == status)
  }

  @Test("other methods than POST are refused, and bodies without a kind")
  func methods() {
    let stage = Stage()
    let look = stage.perform(OperatorRequest("GET", "/api/v1/scheduler")).reply
    #expect(look.status == 405 && look.headers["Allow"] == "POST")
    #expect(stage.perform(OperatorRequest("POST", "/api/v1/scheduler")).reply.status == 400)
  }

  @Test("a call needs the name of the framework's own stream")
  func streamNames() {
    let stage = Stage()
    let (_, first) = stage.call(Self.subscribe())
    let name = stage.id(of: first)
    #expect(stage.call(Self.revive, stream: name).reply.status == 202)
    #expect(stage.call(Self.revive).reply.status == 400)
    #expect(stage.call(Self.revive, stream: "other").reply.status == 400)
    stage.close(first ?? 0)
    #expect(stage.call(Self.revive, stream: name).reply.status == 403)
    let (_, second) = stage.call(Self.subscribe("m-0000"))
    #expect(stage.call(Self.revive, stream: name).reply.status == 400)
    #expect(stage.call(Self.revive, stream: stage.id(of: second)).reply.status == 202)
  }

  @Test("a second subscription ends the first stream; the end of the framework ends its own")
  func ends() throws {
    let stage = Stage()
    let (_, first) = stage.call(Self.subscribe())
    let (_, second) = stage.call(Self.subscribe("m-0000"))
    let last = stage.outputs.last { $0.stream == first }
    #expect(last?.ends == true)
    #expect(try stage.records(of: first).last?["type"]?.string == "ERROR")
    stage.call(
      #"{"type":"TEARDOWN","framework_id":{"value":"m-0000"}}"#, stream: stage.id(of: second))
    let end = stage.outputs.last { $0.stream == second }
    #expect(end?.ends == true && end?.record == nil)
    #expect(stage.call(Self.revive, stream: stage.id(of: second)).reply.status == 400)
  }

  @Test("who has proven to be somebody cannot be somebody else")
  func principals() {
    var description = MasterDescription(flags: ["authenticate_http_frameworks": "true"])
    description.authentication.credentials = [Credential(principal: "ops", secret: "pass")]
    let stage = Stage(.mesos1_11, description)
    #expect(stage.call(Self.subscribe()).reply.status == 401)
    let proof = ["Authorization": "Basic b3BzOnBhc3M="]
    let other = stage.call(Self.subscribe(principal: "dev"), headers: proof).reply
    #expect(other.status == 400)
    #expect(stage.call(Self.subscribe(principal: "ops"), headers: proof).stream != nil)
  }

  @Test("calls and records may be protobuf")
  func protobuf() {
    let stage = Stage()
    let kind = ["Content-Type": "application/x-protobuf", "Accept": "application/x-protobuf"]
    // SUBSCRIBE of a framework of the user "u" with the name "n".
    let data: [UInt8] = [0x10, 1, 0x1a, 8, 0x0a, 6, 0x0a, 1, 0x75, 0x12, 1, 0x6e]
    let request = OperatorRequest("POST", "/api/v1/scheduler", data: data, headers: kind)
    let (reply, stream) = stage.perform(request)
    #expect(reply.contentType == "application/x-protobuf")
    let record = stage.outputs.first { $0.stream == stream }?.record ?? []
    // SUBSCRIBED, with the id of the framework.
    #expect(record.prefix(2) == [0x08, 1])
    #expect(String(decoding: record, as: UTF8.self).contains("m-0000"))
    var broken = request
    broken.data = [0x10]
    #expect(stage.perform(broken).reply.status == 400)
  }
}
