// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosAllocation
import MesosCluster
import MesosOperator
import SimulationKernel
import Testing
import VirtualTime

@Suite("The operator's side") struct OperatorSideTests {
  @Test("snapshots share slaves to which nothing has happened, and show what has")
  func sharedSlaves() {
    let stage = Stage()
    for slave in 0..<3 as Range<Int32> {
      let info = SlaveInfo(hostname: "host-\(slave)", resources: Resources(cpus: 1, mem: 64))
      stage.tell(.slave(SlaveIndex(rawValue: slave), .register(info)))
    }
    let first = stage.snapshot
    stage.tell(.slaveExited(1))
    let second = stage.snapshot
    #expect(first.slaves.map(\.isConnected) == [true, true, true])
    #expect(second.slaves.map(\.isConnected) == [true, false, true])
    #expect(zip(first.slaves, second.slaves).map { $0 === $1 } == [true, false, true])
  }

  @Test("weights that are set are told")
  func weights() {
    let stage = Stage()
    #expect(stage.ask("GET", "/weights").body == "[]")
    let set = stage.ask("PUT", "/weights", #"[{"role": "a", "weight": 2.5}]"#)
    #expect(set.status == 200)
    #expect(stage.ask("GET", "/weights").body == #"[{"role":"a","weight":2.5}]"#)
  }

  @Test(
    "what cannot be done is refused by its status",
    arguments: [
      ("POST", "/weights", "[]", 405), ("PUT", "/weights", "{", 400),
      ("PUT", "/weights", #"[{"role": "a", "weight": -1}]"#, 400),
      ("POST", "/api/v1", #"{"type": "UNKNOWN"}"#, 501), ("POST", "/api/v1", "{}", 400),
      ("POST", "/teardown", "frameworkId=none", 400), ("GET", "/nowhere", "", 404),
      ("GET", "/master/version", "", 404), ("GET", "/version/more", "", 404),
      ("GET", "/state.json", "", 404), ("GET", "/metrics/snapshot?timeout=3x", "", 400),
    ])
  func refusals(method: String, path: String, body: String, status: Int) {
    let stage = Stage()
    #expect(stage.ask(method, path, body).status == status)
  }

  @Test("tasks that have ended are shown, as many as are remembered", arguments: [0, 1, 2, 1000])
  func completedTasks(most: Int) throws {
    for settings in [MasterSettings(), .mesos0_20, .mesos1_11] {
      var settings = settings
      settings.completedTasksMax = most
      let stage = Stage(settings)
      stage.run(["t1", "t2", "t3"])
      let kept = Array(["t1", "t2", "t3"].suffix(most))
      let tasks = try stage.json("GET", "/tasks")["tasks"]?.array ?? []
      #expect(Set(tasks.compactMap { $0["id"]?.string }) == Set(kept))
      let body = stage.ask("GET", "/frameworks").body
      let framework = try JSONValue(parsing: body)["frameworks"]?.array?.first
      let completed = framework?["completed_tasks"]?.array ?? []
      #expect(completed.map { $0["id"]?.string } == kept)
      for task in completed {
        #expect(task["state"]?.string == "TASK_FINISHED" && task["slave_id"]?.string == "m-S0")
        #expect(task["resources"]?["mem"]?.double == 64.5 && task["role"]?.string == "*")
      }
    }
  }

  @Test("a large answer comes in pieces that make up the whole")
  func pieces() {
    let stage = Stage()
    for slave in 0..<40 as Range<Int32> {
      let info = SlaveInfo(hostname: "host-\(slave)", resources: Resources(cpus: 2, mem: 128))
      stage.tell(.slave(SlaveIndex(rawValue: slave), .register(info)))
    }
    let reply = stage.ask("GET", "/state?jsonp=show")
    let collector = Collector()
    reply.write(piecesOf: 2000) { collector.pieces.append($0) }
    #expect(collector.pieces.count > 5)
    #expect(collector.pieces.allSatisfy { $0.count < 10_000 })
    let body = String(decoding: collector.pieces.joined(), as: UTF8.self)
    #expect(body == reply.body)
    #expect(body.hasPrefix("show({") && body.hasSuffix("})"))
    #expect(reply.contentType == "text/javascript")
  }

  private final class Collector: @unchecked Sendable {
    var pieces: [[UInt8]] = []
  }

  @Test("slaves, frameworks and tasks are told in all forms")
  func state() throws {
    let stage = Stage()
    stage.run(["t1"])
    let state = try stage.json("GET", "/master/state")
    #expect(state["slaves"]?.array?.first?["hostname"]?.string == "host-0")
    #expect(state["flags"]?["port"]?.string == "5050")
    let summary = try stage.json("GET", "/state-summary")
    let slave = summary["slaves"]?.array?.first
    #expect(slave?["TASK_FINISHED"]?.double == 1)
    #expect(slave?["framework_ids"]?.array?.compactMap(\.string) == ["m-0000"])
    #expect(try stage.json("GET", "/slaves?slave_id=other")["slaves"]?.array?.isEmpty == true)
    let call = #"{"type": "GET_TASKS"}"#
    let tasks = try stage.json("POST", "/api/v1", call)["get_tasks"]
    let task = tasks?["completed_tasks"]?.array?.first
    #expect(task?["agent_id"]?["value"]?.string == "m-S0")
    #expect(task?["statuses"]?.array?.first?["state"]?.string == "TASK_FINISHED")
  }

  @Test("old paths are served where that is wanted")
  func oldPaths() {
    var description = MasterDescription()
    description.servesOldPaths = true
    let stage = Stage(.mesos1_11, description)
    #expect(stage.ask("GET", "/master/state.json").status == 200)
    #expect(stage.ask("GET", "/roles.json").body == #"{"roles":[]}"#)
  }

  @Test("who must say who they are is asked to")
  func authentication() {
    var description = MasterDescription(flags: ["authenticate_http_readonly": "true"])
    description.authentication.credentials = [Credential(principal: "ops", secret: "pass")]
    let stage = Stage(.mesos1_11, description)
    let refused = stage.ask("GET", "/slaves")
    #expect(refused.status == 401)
    #expect(refused.headers["WWW-Authenticate"] == #"Basic realm="mesos-master-readonly""#)
    // ops:pass, ops:other
    for (word, status) in [("b3BzOnBhc3M=", 200), ("b3BzOm90aGVy", 401), ("!", 401)] {
      let headers = ["authorization": "Basic \(word)"]
      #expect(stage.ask("GET", "/slaves", headers: headers).status == status)
    }
    #expect(stage.ask("GET", "/health", headers: [:]).status == 200)
    #expect(stage.ask("GET", "/weights", headers: [:]).status == 200)
  }

  @Test("access control lists hide and refuse")
  func accessControl() throws {
    var settings = MasterSettings.mesos1_11
    settings.acls = ACLs(entries: [
      ACLs.Entry(.viewRoles, principals: .any, objects: .values(["seen"])),
      ACLs.Entry(.viewRoles, principals: .any, objects: .none),
      ACLs.Entry(.updateWeights, principals: .any, objects: .values(["seen"])),
      ACLs.Entry(.updateWeights, principals: .any, objects: .none),
      ACLs.Entry(.viewFlags, principals: .any, objects: .none),
    ])
    let stage = Stage(settings)
    #expect(stage.ask("PUT", "/weights", #"[{"role": "hidden", "weight": 2}]"#).status == 403)
    #expect(stage.ask("PUT", "/weights", #"[{"role": "seen", "weight": 3}]"#).status == 200)
    let roles = try stage.json("GET", "/roles")["roles"]?.array ?? []
    #expect(roles.map { $0["name"]?.string } == ["seen"])
    #expect(try stage.json("GET", "/state")["flags"] == nil)
    #expect(stage.ask("POST", "/api/v1", #"{"type": "GET_FLAGS"}"#).status == 403)
  }

  @Test("slaves that are too old, or name what is no resource, are not taken on")
  func unwelcome() throws {
    let stage = Stage()
    var info = SlaveInfo(hostname: "h", resources: Resources(cpus: 1))
    info.version = "0.28.2"
    stage.tell(.slave(0, .register(info)))
    info.version = "new"
    stage.tell(.slave(0, .register(info)))
    info.version = "1.2.0"
    info.fault = "Invalid scalar resource: value <= 0"
    stage.tell(.slave(0, .register(info)))
    #expect(try stage.json("GET", "/slaves")["slaves"]?.array?.isEmpty == true)
    info.fault = nil
    stage.tell(.slave(0, .register(info)))
    #expect(
      try stage.json("GET", "/slaves")["slaves"]?.array?.first?["version"]?.string == "1.2.0")
  }

  @Test("a registration that is said to be the first has no id, and any other has one")
  func registrations() {
    for (id, isFirst) in [("x" as FrameworkID?, true), (nil, false)] {
      let stage = Stage()
      var subscription = Subscription(FrameworkInfo(name: "f", id: id))
      subscription.isFirst = isFirst
      stage.tell(.scheduler(0, 0, .subscribe(subscription)))
      #expect(stage.snapshot.frameworks.isEmpty)
      subscription.isFirst = !isFirst
      stage.tell(.scheduler(0, 0, .subscribe(subscription)))
      #expect(stage.snapshot.frameworks.count == 1)
    }
  }

  @Test("the master's log can be listed and read, and its logging be changed")
  func files() throws {
    let stage = Stage()
    stage.run(["t1"])
    let log = try stage.json("GET", "/files/read?path=/master/log&offset=0")["data"]?.string
    #expect(log?.contains("Registered agent m-S0 (host-0)") == true)
    #expect(stage.ask("GET", "/master/files/browse?path=/").status == 404)
    #expect(try stage.json("GET", "/files/browse?path=/").array?.count == 1)
    let list = #"{"type":"LIST_FILES","list_files":{"path":"/master"}}"#
    let infos = try stage.json("POST", "/api/v1", list)["list_files"]?["file_infos"]
    #expect(infos?.array?.first?["path"]?.string == "/master/log")
    let read = #"{"type":"READ_FILE","read_file":{"path":"/master/log","offset":1000000}}"#
    #expect(try stage.json("POST", "/api/v1", read)["read_file"]?["data"]?.string == "")
    let level = #"{"type":"SET_LOGGING_LEVEL","set_logging_level":{"level":1}}"#
    #expect(
      stage.ask("POST", "/api/v1", level).body.hasSuffix(
        "Missing required fields: set_logging_level.duration"))
  }

  @Test("calls and answers may be protobuf")
  func protobuf() {
    let stage = Stage()
    stage.run(["t1"])
    let kind = ["Content-Type": "application/x-protobuf", "Accept": "application/x-protobuf"]
    // GET_HEALTH
    let health = stage.ask("POST", "/api/v1", "\u{8}\u{1}", headers: kind)
    #expect(health.bytes == [0x08, 1, 0x12, 2, 0x08, 1])
    // GET_STATE, GET_QUOTA, GET_ROLES and GET_METRICS.
    for call in ["\u{8}\u{9}", "\u{8}\u{1c}", "\u{8}\u{e}", "\u{8}\u{4}\u{12}\u{0}"] {
      let reply = stage.ask("POST", "/api/v1", call, headers: kind)
      #expect(reply.status == 200 && reply.contentType == "application/x-protobuf")
    }
    // SUBSCRIBE, whose first record is the state.
    let opening = stage.ask("POST", "/api/v1", "\u{8}\u{12}", headers: kind)
    #expect(opening.bytes.prefix(2) == [0x08, 1])
    #expect(stage.ask("POST", "/api/v1", "{}", headers: kind).status == 400)
  }

  @Test("operators who have subscribed hear of tasks, frameworks and slaves")
  func events() throws {
    let stage = Stage()
    stage.run(["t1"])
    stage.tell(.slave(0, .unregister("m-S0")))
    let heard = try stage.operatorRecords()
    #expect(
      heard.map { $0["type"]?.string } == [
        "AGENT_ADDED", "FRAMEWORK_ADDED", "TASK_ADDED", "TASK_UPDATED", "AGENT_REMOVED",
      ])
    #expect(heard[3]["task_updated"]?["state"]?.string == "TASK_FINISHED")
  }

  @Test("what comes, goes and happens is counted")
  func counters() throws {
    let stage = Stage()
    stage.run(["t1", "t2"])
    let metrics = try stage.json("GET", "/metrics/snapshot")
    let expected: [String: Double] = [
      "master/messages_register_slave": 1, "master/messages_register_framework": 1,
      "master/messages_launch_tasks": 2, "master/tasks_finished": 2,
      "master/valid_status_updates": 2, "master/invalid_status_updates": 0,
      "master/valid_status_update_acknowledgements": 2, "master/slaves_active": 1,
      "master/frameworks/f/m-0000/offers/accepted": 2,
      "master/frameworks/f/m-0000/tasks/terminal/task_finished": 2,
      "master/mem_total": 64.5, "master/cpus_percent": 0,
    ]
    for (name, value) in expected { #expect(metrics[name]?.double == value, "\(name)") }
  }
}
