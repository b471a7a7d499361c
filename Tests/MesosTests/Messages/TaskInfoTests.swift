// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import Testing
import VirtualTime

private func makeTask() -> TaskInfo {
  TaskInfo(
    name: "t", taskID: "t1", slaveID: "s", resources: Resources(cpus: 1),
    command: CommandInfo("sleep 1"))
}

@Suite("TaskInfo") struct TaskInfoTests {
  struct Change: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let set: @Sendable (inout TaskInfo) -> Void
    let unset: @Sendable (inout TaskInfo) -> Void

    init<Value: Sendable & Equatable>(
      _ description: String, _ part: any WritableKeyPath<TaskInfo, Value> & Sendable, _ value: Value
    ) {
      testDescription = description
      let standard = makeTask()[keyPath: part]
      set = { $0[keyPath: part] = value }
      unset = { $0[keyPath: part] = standard }
    }
  }

  static let changes = [
    Change("executor", \.executor, ExecutorInfo("e", command: nil)),
    Change("data", \.data, [1]),
    Change("health check", \.healthCheck, .tcp(port: 80)),
    Change("check", \.check, CheckInfo(.command)),
    Change("container", \.container, .docker("redis")),
    Change("labels", \.labels, ["a": "b"]),
    Change("discovery", \.discovery, DiscoveryInfo(.cluster)),
    Change("kill policy", \.killPolicy, KillPolicy(gracePeriod: .seconds(1))),
    Change("longest time", \.maxCompletionTime, .seconds(60)),
    Change("limits", \.limits, ["mem": .infinite]),
    Change("command", \.command, nil),
  ]

  @Test(
    "what few tasks have counts in comparisons, until it is taken away again", arguments: changes)
  func rareParts(_ change: Change) {
    let plain = makeTask()
    var task = plain
    change.set(&task)
    #expect(task != plain)
    var same = plain
    change.set(&same)
    #expect(task == same)
    let copy = task
    change.unset(&task)
    #expect(task == plain)
    #expect(task.hashValue == plain.hashValue)
    #expect(copy == same)
  }

  @Test("parts set one after the other stay")
  func manyParts() {
    var task = makeTask()
    task.labels = ["a": "b"]
    task.data = [1]
    task.limits["cpus"] = .infinite
    task.labels.list.append(Label(key: "c"))
    #expect(task.labels.list.count == 2)
    #expect(task.data == [1])
    #expect(task.limits == ["cpus": .infinite])
    #expect(task.command?.value == "sleep 1")
  }

  @Test("a task is described by a command or by an executor")
  func programs() {
    let executor = ExecutorInfo("e", command: CommandInfo("./run"))
    let task = TaskInfo(
      name: "t", taskID: "t", slaveID: "s", resources: Resources(cpus: 1), executor: executor,
      data: [7])
    #expect(task.executor == executor)
    #expect(task.command == nil)
    #expect(task.data == [7])
    #expect(makeTask().executor == nil)
  }

  @Test("tasks that share a command share its memory, and stay apart when one changes it")
  func sharing() {
    let command = CommandInfo("sleep 5")
    func task(_ id: TaskID) -> TaskInfo {
      TaskInfo(name: "", taskID: id, slaveID: "s", resources: Resources(), command: command)
    }
    #expect(MemoryLayout<CommandInfo>.size == MemoryLayout<Int>.size)
    var first = task("1")
    let second = task("2")
    #expect(first.command == second.command)
    first.command?.value = "sleep 6"
    #expect(second.command?.value == "sleep 5")
  }

  // Goal: hundreds of thousands of tasks are created, queued and handed on in a run.
  @Test("tasks, offers and updates are one reference each")
  func sizes() {
    #expect(MemoryLayout<TaskInfo>.size == 8)
    #expect(MemoryLayout<Offer>.size == 8)
    #expect(MemoryLayout<TaskStatus>.size == 8)
  }

  @Test("a task that is changed leaves its copies as they are")
  func valueSemantics() {
    let task = TaskInfo(
      name: "a", taskID: "1", slaveID: "s", resources: Resources(cpus: 1),
      command: CommandInfo("sleep 5"))
    var other = task
    other.resources -= Resources(cpus: 0.5)
    other.name = "b"
    #expect(task.resources == Resources(cpus: 1))
    #expect(task.name == "a")
    #expect(other.resources == Resources(cpus: 0.5))
    other.name = "a"
    other.resources = Resources(cpus: 1)
    #expect(other == task)
    #expect(other.hashValue == task.hashValue)
  }

  @Test("a task is printed with what it says, not as the box that it is in")
  func printed() {
    let task = TaskInfo(
      name: "a", taskID: "job.7", slaveID: "s", resources: Resources(cpus: 1),
      command: CommandInfo("sleep 5"))
    #expect("\(task)".contains("job.7"))
    var dumped = ""
    dump(task, to: &dumped)
    #expect(dumped.contains("job.7"))
  }
}

@Suite("Offer and TaskStatus") struct OfferAndStatusTests {
  @Test("rare parts of an offer count in comparisons, until they are taken away again")
  func offer() {
    let plain = Offer(
      id: OfferID(master: "m", number: 1), frameworkID: "f", slaveID: "s", hostname: "h",
      resources: Resources(cpus: 1))
    var offer = plain
    offer.executorIDs = ["e1", "e2"]
    offer.url = "http://h:5051"
    offer.domain = DomainInfo(region: "eu", zone: "eu-1")
    offer.unavailability = Unavailability(start: .start, duration: .seconds(60))
    #expect(offer != plain)
    #expect(offer.executorIDs == ["e1", "e2"])
    #expect(offer.url == "http://h:5051")
    #expect(offer.domain?.zone == "eu-1")
    #expect(offer.unavailability?.duration == .seconds(60))
    (offer.executorIDs, offer.url, offer.domain, offer.unavailability) = ([], nil, nil, nil)
    #expect(offer == plain)
  }

  @Test("rare parts of an update count in comparisons, until they are taken away again")
  func status() {
    let plain = TaskStatus(taskID: "t", state: .running)
    var status = plain
    status.data = [1]
    status.isHealthy = false
    status.executorID = "e"
    status.labels = ["a": "b"]
    status.containerStatus = ContainerStatus(networks: [NetworkInfo(addresses: ["10.0.0.1"])])
    status.checkStatus = .command(exitCode: 1)
    status.unreachableTime = .start
    status.limitation = Resources(mem: 64)
    #expect(status != plain)
    #expect(status.data == [1])
    #expect(status.isHealthy == false)
    #expect(status.executorID == "e")
    #expect(status.labels["a"] == "b")
    #expect(status.containerStatus?.networks.first?.addresses == ["10.0.0.1"])
    #expect(status.checkStatus == .command(exitCode: 1))
    #expect(status.unreachableTime == .start)
    #expect(status.limitation == Resources(mem: 64))
    status.data = []
    (status.isHealthy, status.executorID, status.labels) = (nil, nil, Labels())
    (status.containerStatus, status.checkStatus) = (nil, nil)
    (status.unreachableTime, status.limitation) = (nil, nil)
    #expect(status == plain)
  }

  @Test("an executor's status leaves time, source and name to its driver")
  func executorStatus() {
    let status = TaskStatus(taskID: "t", state: .finished, message: "done", data: [1])
    #expect(status.source == .executor)
    #expect(status.uuid == nil)
    #expect(status.message == "done")
    #expect(status.data == [1])
  }
}
