// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosAllocation
import MesosCluster
import MesosOperator
import SimulationKernel
import Testing
import VirtualTime

/// A master with nobody around it, and an operator.
private final class Stage {
  private var master: Master
  private var buffer = ActionBuffer<MasterAction>()

  init(_ settings: MasterSettings = .mesos1_11) {
    master = Master(
      info: MasterInfo(id: "m", hostname: "master.example"),
      allocator: HierarchicalAllocator(AllocatorOptions()), settings: settings)
  }

  /// Runs tasks of a framework on a slave, one after the other, until each has finished and its
  /// framework knows it.
  func run(_ tasks: [TaskID]) {
    let resources = Resources(cpus: 1, mem: 64.5)
    tell(.slave(0, .register(SlaveInfo(hostname: "host-0", resources: resources))))
    tell(.scheduler(0, 0, .subscribe(Subscription(FrameworkInfo(name: "f")))))
    for (number, id) in tasks.enumerated() {
      guard let due = master.nextDeadline else { return }
      tell(.deadline, at: due)
      let task = TaskInfo(
        name: id.value, taskID: id, slaveID: "m-S0", resources: resources,
        command: CommandInfo("true"))
      let offer = OfferID(master: "m", number: number)
      tell(.scheduler(0, 0, .acceptOffers([offer], [.launch([task])], Filters())), at: due)
      let update = UpdateID(slave: 0, number: UInt32(number))
      let status = TaskStatus(
        taskID: id, state: .finished, slaveID: "m-S0", timestamp: due, source: .executor,
        uuid: update)
      tell(.slave(0, .statusUpdate(0, status, latest: .finished)), at: due)
      let seen = Acknowledgement(slaveID: "m-S0", taskID: id, uuid: update)
      tell(.scheduler(0, 0, .acknowledge(seen)), at: due)
    }
  }

  func tell(_ message: MasterMessage, at instant: Instant = .start) {
    master.handle(message, at: instant, into: &buffer)
    while buffer.nextFact() != nil {}
    while buffer.nextEffect() != nil {}
  }

  var snapshot: MasterSnapshot { master.snapshot(at: .start) }

  func ask(_ method: String, _ path: String, _ body: String = "") -> OperatorReply {
    let request = OperatorRequest(method, path, body: body)
    switch OperatorSide.plan(request, master.snapshot(at: .start)) {
    case .reply(let reply): return reply
    case .ask(let call, let success, let prefix):
      master.handle(.operator(call, number: 1), at: .start, into: &buffer)
      while let action = buffer.nextEffect() {
        if case .toOperator(_, let answer) = action {
          return OperatorPlan.reply(to: answer, success: success, prefix: prefix)
        }
      }
      return OperatorReply(500, "no answer")
    }
  }
}

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
      let tasks = try JSONValue(parsing: stage.ask("GET", "/tasks").body)["tasks"]?.array ?? []
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
}
