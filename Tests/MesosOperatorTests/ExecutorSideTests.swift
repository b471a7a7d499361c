// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosCluster
import MesosOperator
import Testing

@Suite("The executors' side") struct ExecutorSideTests {
  @Test("an executor is subscribed, handed its tasks and acknowledged")
  func life() throws {
    let stage = SlaveStage()
    stage.launch("t1")
    stage.launch("t2")
    let stream = stage.subscribe()
    #expect(try stage.types(of: stream) == ["SUBSCRIBED", "LAUNCH", "LAUNCH"])
    let first = try stage.records(of: stream)[0]["subscribed"]
    #expect(first?["executor_info"]?["executor_id"]?["value"]?.string == "e")
    #expect(first?["agent_info"]?["id"]?["value"]?.string == "m-S0")
    #expect(first?["agent_info"]?["hostname"]?.string == "host-0")
    #expect(first?["container_id"]?["value"]?.string?.utf8.count == 36)
    stage.pass(5)
    #expect(stage.update("t1", "TASK_RUNNING", 1).status == 202)
    #expect(try stage.types(of: stream).last == "ACKNOWLEDGED")
    // The slave adds whose it is, and the time of its own clock.
    let update = try #require(stage.updates.last)
    #expect(update.executorID == "e" && update.slaveID == "m-S0" && update.state == .running)
    #expect(update.timestamp == stage.now)
    stage.tell(.master(0, .killTask(0, "t1")))
    stage.tell(.master(0, .frameworkMessage(0, "e", [1, 2])))
    #expect(try stage.types(of: stream).suffix(2) == ["KILL", "MESSAGE"])
    #expect(try stage.records(of: stream).last?["message"]?["data"]?.string == "AQI=")
    #expect(stage.call("MESSAGE", #"{"data":"AQI="}"#).reply.status == 202)
    #expect(stage.call("HEARTBEAT", "{}").reply.status == 202)
    #expect(stage.call("UNKNOWN", "{}").reply.status == 501)
  }

  @Test("tasks of a group come together")
  func group() throws {
    let stage = SlaveStage()
    stage.launchGroup(["t1", "t2"])
    let stream = stage.subscribe()
    #expect(try stage.types(of: stream) == ["SUBSCRIBED", "LAUNCH_GROUP"])
    let tasks = try stage.records(of: stream)[1]["launch_group"]?["task_group"]?["tasks"]
    #expect(tasks?.array?.count == 2)
  }

  @Test("another subscription closes the stream, and loses tasks that it does not name")
  func second() throws {
    let stage = SlaveStage()
    stage.launch("t1")
    let first = stage.subscribe()
    let second = stage.subscribe()
    #expect(stage.closed == [first])
    #expect(stage.updates.last?.state == .lost)
    #expect(stage.updates.last?.reason == .slaveRestarted)
    #expect(try stage.types(of: second) == ["SUBSCRIBED", "SHUTDOWN"])
    // It is ending.
    #expect(stage.subscribe() == 0)
    #expect(try stage.types(of: 0) == ["SHUTDOWN"])
  }

  @Test("another subscription that names its tasks keeps them, and brings what is not acknowledged")
  func kept() throws {
    let stage = SlaveStage()
    stage.launch("t1")
    _ = stage.subscribe()
    let task =
      #"{"name":"t1","task_id":{"value":"t1"},"agent_id":{"value":"m-S0"},"resources":[]}"#
    let status =
      #"{"task_id":{"value":"t1"},"state":"TASK_STARTING","source":"SOURCE_EXECUTOR","#
      + #""uuid":"AAAAAAAAAAAAAAAAAAAAAA=="}"#
    let second = stage.subscribe(
      #"{"unacknowledged_tasks":[\#(task)],"unacknowledged_updates":[{"status":\#(status)}]}"#)
    #expect(try stage.types(of: second) == ["SUBSCRIBED", "ACKNOWLEDGED"])
    #expect(stage.updates.map(\.state) == [.starting])
  }

  @Test("an executor without tasks is not wanted")
  func useless() throws {
    let stage = SlaveStage()
    stage.launch("t1")
    stage.tell(.master(0, .killTask(0, "t1")))
    #expect(try stage.types(of: stage.subscribe()) == ["SUBSCRIBED", "SHUTDOWN"])
  }

  @Test(
    "what is no call is refused",
    arguments: [
      ("MESSAGE", #"{"data":"AQI="}"#, "e", "F", 403, "Executor is not subscribed"),
      ("MESSAGE", #"{"data":"AQI="}"#, "other", "F", 400, "Executor cannot be found"),
      ("MESSAGE", #"{"data":"AQI="}"#, "e", "other", 400, "Framework cannot be found"),
      ("MESSAGE", "{}", "e", "F", 400, "Missing required fields: message.data"),
      ("UPDATE", "{}", "e", "F", 400, "Missing required fields: update.status"),
      ("UPDATE", #"{"status":{}}"#, "e", "F", 400, "update.status.task_id, update.status.state"),
      (
        "UPDATE", #"{"status":{"task_id":{"value":"t"},"state":"TASK_WELL"}}"#, "e", "F", 400,
        "Failed to find enum for 'TASK_WELL'"
      ),
      ("OTHER", "{}", "e", "F", 400, "Expecting 'type' to be present"),
    ] as [(String, String, String, String, Int, String)])
  func refusals(
    type: String, member: String, executor: String, framework: String, status: Int, text: String
  ) {
    let stage = SlaveStage()
    stage.launch("t1")
    let reply = stage.call(type, member, executor: executor, framework: framework).reply
    #expect(reply.status == status)
    #expect(reply.body.hasSuffix(text), "\(reply.body)")
  }

  @Test("an update in state STAGING is refused")
  func staging() {
    let stage = SlaveStage()
    stage.launch("t1")
    _ = stage.subscribe()
    let reply = stage.update("t1", "TASK_STAGING", 1)
    #expect(reply.status == 400 && reply.body.hasSuffix("which is not allowed"))
  }

  @Test("while the slave recovers, executors may come back, and nothing else is heard")
  func recovery() throws {
    let stage = SlaveStage(isKept: true)
    stage.launch("t1")
    _ = stage.subscribe()
    stage.update("t1", "TASK_RUNNING", 1)
    stage.restart()
    #expect(stage.call("MESSAGE", #"{"data":"AQI="}"#).reply.status == 503)
    #expect(stage.ask("GET", "/state").status == 503)
    let stream = stage.subscribe()
    #expect(try stage.types(of: stream) == ["SUBSCRIBED"])
    stage.pass(2)
    #expect(stage.call("MESSAGE", #"{"data":"AQI="}"#).reply.status == 202)
    let executor = try stage.json("/state")["frameworks"]?.array?.first?["executors"]?.array?.first
    #expect(executor?["tasks"]?.array?.first?["state"]?.string == "TASK_RUNNING")
  }

  @Test("calls and records may be protobuf")
  func protobuf() {
    let stage = SlaveStage()
    stage.launch("t1")
    let kind = ["Content-Type": "application/x-protobuf", "Accept": "application/x-protobuf"]
    // Executor "e", framework "F", SUBSCRIBE.
    let data: [UInt8] = [0x0a, 3, 0x0a, 1, 0x65, 0x12, 3, 0x0a, 1, 0x46, 0x18, 1, 0x22, 0]
    let (reply, stream) = stage.perform(
      OperatorRequest("POST", "/api/v1/executor", data: data, headers: kind))
    #expect(reply.contentType == "application/x-protobuf")
    let records = stage.outputs.filter { $0.stream == stream }.map(\.record)
    // SUBSCRIBED and LAUNCH.
    #expect(records.map { $0.prefix(2) } == [[0x08, 1], [0x08, 2]])
  }

  @Test("paths are told apart with and without the name of the slave's process")
  func paths() {
    #expect(ExecutorSide.isOfExecutors("/slave(12)/api/v1/executor"))
    #expect(ExecutorSide.isOfExecutors("//api/v1/executor/"))
    #expect(!ExecutorSide.isOfExecutors("/slave(1)/api/v1"))
    #expect(SlaveSide.number(in: "/slave(12)/state") == 12)
    #expect(SlaveSide.number(in: "/slave(x)/state") == nil)
    #expect(SlaveSide.number(in: "/slave(99999999999999999999)/state") == nil)
    #expect(SlaveSide.number(in: "/state") == nil)
  }
}
