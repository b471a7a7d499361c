// Part of mesosim. Apache-2.0, see LICENSE.
//
// What is wrong with a task, row by row of Rules 3.3.

import Mesos
import MesosTestKit
import Testing

/// One change that makes a good task a bad one, or leaves it good.
struct TaskCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// Part of the message of TASK_ERROR; `nil` where the task is launched.
  let fault: String?
  let change: @Sendable (inout TaskInfo) -> Void

  init(_ name: String, _ fault: String?, _ change: @escaping @Sendable (inout TaskInfo) -> Void) {
    testDescription = name
    self.fault = fault
    self.change = change
  }
}

/// A master with one big offer for framework 0.
struct LaunchBench {
  let stage = TestMaster()

  init(_ resources: String = "cpus:8;mem:8192;disk:4096;gpus:2;ports:[1-100]") throws {
    _ = try stage.execute("slave 0 registers \(resources)")
    _ = try stage.execute("register 0 user=web")
    _ = try stage.execute("give 0 0 \(resources)")
  }

  static var task: TaskInfo {
    TaskInfo(
      name: "t", taskID: "t", slaveID: "m1-S0", resources: Resources(cpus: 1, mem: 64),
      command: CommandInfo("sleep 1"))
  }

  static var executor: ExecutorInfo { ExecutorInfo("e", command: CommandInfo("./run")) }

  /// What the master says and does, but for its books.
  func answers(to operations: [OfferOperation], on offer: Int = 0) -> [String] {
    stage.call(
      .acceptOffers([OfferID(master: "m1", number: offer)], operations, Filters()), from: 0
    ).map(\.transcriptText)
  }
}

@Suite("Task validation")
struct TaskValidationTests {
  @Test("a task is launched or ends in TASK_ERROR", arguments: Self.parts + Self.programs)
  func single(_ item: TaskCase) throws {
    let bench = try LaunchBench()
    var task = LaunchBench.task
    item.change(&task)
    let answers = bench.answers(to: [.launch([task])])
    guard answers.count == 1, let answer = answers.first else {
      Issue.record("one answer expected: \(answers)")
      return
    }
    if let fault = item.fault {
      #expect(answer.contains("TASK_ERROR from master taskInvalid"), "\(answer)")
      #expect(answer.contains(fault), "\(answer)")
    } else {
      #expect(answer.hasPrefix("to slave 0: run"), "\(answer)")
    }
  }

  static let parts: [TaskCase] = [
    TaskCase("2: an empty id", "task id is empty") { $0.taskID = "" },
    TaskCase("2: a point", "'.' is not allowed") { $0.taskID = "." },
    TaskCase("2: two points", "'..' is not allowed") { $0.taskID = ".." },
    TaskCase("2: three points", nil) { $0.taskID = "..." },
    TaskCase("2: 255 bytes", nil) { $0.taskID = TaskID(String(repeating: "x", count: 255)) },
    TaskCase("2: 256 bytes", "longer than 255") {
      $0.taskID = TaskID(String(repeating: "x", count: 256))
    },
    TaskCase("2: a slash", "control character") { $0.taskID = "a/b" },
    TaskCase("2: a backslash", "control character") { $0.taskID = "a\\b" },
    TaskCase("2: a tab", "control character") { $0.taskID = "a\tb" },
    TaskCase("2: a space", nil) { $0.taskID = "a b" },
    TaskCase("4: another slave", "the offer is of another") { $0.slaveID = "m1-S1" },
    TaskCase("5: KillPolicyGracePeriodIsNonNegative", "negative grace period") {
      $0.killPolicy = KillPolicy(gracePeriod: .seconds(-1))
    },
    TaskCase("5: a kill policy without grace", nil) {
      $0.killPolicy = KillPolicy(gracePeriod: .zero)
    },
    TaskCase("5: a negative time to complete", "max completion time") {
      $0.maxCompletionTime = .seconds(-1)
    },
    TaskCase("5: a check without type", "says not of which type") {
      $0.check = CheckInfo(nil, command: CommandInfo("true"))
    },
    TaskCase("5: a check of another type than described", "lacks the part") {
      $0.check = CheckInfo(.http, command: CommandInfo("true"))
    },
    TaskCase("5: a check by an empty command", "command without a value") {
      $0.check = CheckInfo(.command, command: CommandInfo(""))
    },
    TaskCase("5: a check with a negative delay", "negative time") {
      $0.check = CheckInfo(.tcp, tcp: HealthCheck.TCP(port: 80), delaySeconds: -1)
    },
    TaskCase("5: a health check's type is inferred", nil) {
      $0.healthCheck = HealthCheck(nil, command: CommandInfo("true"))
    },
    TaskCase("5: a health check of two possible types", "says not of which type") {
      $0.healthCheck = HealthCheck(
        nil, command: CommandInfo("true"), http: HealthCheck.HTTP(port: 80))
    },
    TaskCase("5: a health check by tcp alone", "says not of which type") {
      $0.healthCheck = HealthCheck(nil, tcp: HealthCheck.TCP(port: 80))
    },
    TaskCase("5: a relative path", "expected one that begins with '/'") {
      $0.healthCheck = .http(port: 80, path: "health")
    },
    TaskCase("5: a strange scheme", "expected http or https") {
      $0.healthCheck = HealthCheck(.http, http: HealthCheck.HTTP(port: 80, scheme: "ftp"))
    },
    TaskCase("5: a negative grace period", "negative time") {
      $0.healthCheck = HealthCheck(
        .tcp, tcp: HealthCheck.TCP(port: 80), gracePeriodSeconds: -0.5)
    },
    TaskCase("5: a time that is no number", "negative time") {
      $0.healthCheck = HealthCheck(
        .tcp, tcp: HealthCheck.TCP(port: 80), intervalSeconds: .nan)
    },
    TaskCase("5: no failure in a row counts as one", nil) {
      $0.healthCheck = HealthCheck(
        .tcp, tcp: HealthCheck.TCP(port: 80), consecutiveFailures: 0)
    },
    TaskCase("6: nothing", "uses no resources") { $0.resources = Resources() },
    TaskCase("6: half a gpu", "part of a gpu") { $0.resources = Resources(cpus: 1, gpus: 0.5) },
    TaskCase("6: a whole gpu", nil) { $0.resources = Resources(cpus: 1, gpus: 1) },
    TaskCase("6: revocable and not", "mixes revocable and non-revocable 'cpus'") {
      $0.resources += LaunchBench.revocableCPU
    },
    TaskCase("7: a variable without value", "needs a value or a secret") {
      var variable = EnvironmentVariable(name: "A", value: "1")
      variable.value = nil
      $0.command?.environment = [variable]
    },
    TaskCase("7: a variable with value and secret", "needs a value or a secret") {
      var variable = EnvironmentVariable(name: "A", value: "1")
      variable.secret = .value([1])
      $0.command?.environment = [variable]
    },
    TaskCase("7: a secret", nil) {
      $0.command?.environment = [EnvironmentVariable(name: "A", secret: .value([1]))]
    },
    TaskCase("8: a volume from nowhere", "exactly one of host path, image and source") {
      $0.container = ContainerInfo(.mesos, volumes: [Volume(at: "data", .readWrite)])
    },
    TaskCase("8: a volume from two places", "exactly one of host path, image and source") {
      $0.container = ContainerInfo(
        .mesos,
        volumes: [
          Volume(at: "d", .readWrite, hostPath: "/d", image: Image(.docker, name: "i"))
        ])
    },
    TaskCase("8: Docker without an image", "Docker container without an image") {
      $0.container = ContainerInfo(.docker)
    },
    TaskCase("8: Docker's parameter name", "is the slave's to choose") {
      $0.container = ContainerInfo(
        .docker, docker: DockerInfo("i", parameters: [.init(key: "name", value: "x")]))
    },
    TaskCase("8: an image of Docker", nil) { $0.container = .docker("i") },
    TaskCase("9: a limit of disk", "only cpus and mem") {
      $0.limits = ["disk": .amount(Scalar(thousandths: 1000))]
    },
    TaskCase("9: a limit below the request", "below what the task asks for") {
      $0.limits = ["mem": .amount(Scalar(thousandths: 63000))]
    },
    TaskCase("9: limits", nil) {
      $0.limits = ["cpus": .infinite, "mem": .amount(Scalar(thousandths: 64000))]
    },
  ]

  static let programs: [TaskCase] = [
    TaskCase("10: TaskUsesCommandInfoAndExecutorInfo", "both a command and an executor") {
      $0.executor = LaunchBench.executor
    },
    TaskCase("10: neither", "neither a command nor an executor") { $0.command = nil },
    .withExecutor("10: TaskUsesExecutorInfoWithoutCommandInfo", nil) { _ in },
    .withExecutor("11: a bad executor id", "executor id") { $0.executorID = "a/b" },
    .withExecutor("11: an empty executor id", "executor id is empty") { $0.executorID = "" },
    .withExecutor("11: ExecutorUsesInvalidFrameworkID", "names framework 'x'") {
      $0.frameworkID = "x"
    },
    .withExecutor("11: the right framework", nil) { $0.frameworkID = "m1-0000" },
    .withExecutor("11: a negative grace period", "shutdown grace period") {
      $0.shutdownGracePeriod = .seconds(-1)
    },
    .withExecutor("11: DEFAULT", "must be CUSTOM") { $0.kind = .default },
    .withExecutor("11: CUSTOM", nil) { $0.kind = .custom },
    .withExecutor("11: no command", "executor has no command") { $0.command = nil },
    .withExecutor("11: half a gpu", "part of a gpu") {
      $0.resources = Resources(cpus: 1, gpus: 0.5)
    },
    .withExecutor("11: shared resources", "shared resources") {
      $0.resources = Resources([
        Resource(
          "disk", .scalar(Scalar(thousandths: 1000)),
          reservations: [Reservation(.dynamic, role: "a")],
          disk: DiskInfo(persistenceID: "v", containerPath: "p"), isShared: true)
      ])
    },
    .withExecutor("7: an executor's variable without value", "needs a value or a secret") {
      var variable = EnvironmentVariable(name: "A", value: "1")
      variable.value = nil
      $0.command?.environment = [variable]
    },
    .withExecutor("13: a small executor is warned of only", nil) {
      $0.resources = Resources(cpus: 0.001)
    },
    .withExecutor("14: TaskAndExecutorUseRevocableResources", "mix revocable") {
      $0.resources = LaunchBench.revocableCPU
    },
    .withExecutor("14: the same ports", "the same ports", ports: "[3-4]") {
      $0.resources = LaunchBench.ports("[1-3]")
    },
    .withExecutor("14: other ports", nil, ports: "[3-4]") {
      $0.resources = LaunchBench.ports("[5-6]")
    },
    .withExecutor("15: more than there is, together", "more resources") {
      $0.resources = Resources(cpus: 7.5)
    },
    .withExecutor("15: all there is", nil) { $0.resources = Resources(cpus: 7) },
  ]

  @Test("1 to 15: the first failing row decides, the others of the launch go on")
  func order() throws {
    let bench = try LaunchBench()
    var bad = LaunchBench.task
    bad.taskID = ""
    bad.slaveID = "m1-S9"
    bad.resources = Resources()
    let answers = bench.answers(to: [.launch([bad, LaunchBench.task])])
    #expect(answers.count == 2)
    #expect(answers.first?.contains("task id is empty") == true)
    #expect(answers.last == "to slave 0: run t of 0")
  }

  @Test("a malformed resource cannot be said: a list drops it, and the task uses nothing")
  func malformed() throws {
    let bench = try LaunchBench()
    var bad = LaunchBench.task
    bad.taskID = "bad"
    bad.resources = Resources([
      Resource(
        "cpus", .scalar(Scalar(thousandths: 1000)),
        reservations: [
          Reservation(.dynamic, role: "a"), Reservation(.dynamic, role: "b"),
        ])
    ])
    let answers = bench.answers(to: [.launch([LaunchBench.task, bad])])
    #expect(answers.first == "to slave 0: run t of 0")
    #expect(answers.last?.contains("bad TASK_ERROR from master taskInvalid") == true)
  }

  @Test("ExecutorMissingFrameworkID: the master fills it in")
  func missingFrameworkID() throws {
    let bench = try LaunchBench()
    var task = LaunchBench.task
    task.command = nil
    task.executor = LaunchBench.executor
    var filledIn: FrameworkID?
    let actions = bench.stage.call(
      .acceptOffers([OfferID(master: "m1", number: 0)], [.launch([task])], Filters()), from: 0)
    for action in actions {
      if case .toSlave(_, .runTask(let launch)) = action {
        filledIn = launch.task.executor?.frameworkID
      }
    }
    #expect(filledIn == "m1-0000")
  }

  @Test("12: a living executor is compared without labels, grace period and the order of files")
  func livingExecutor() throws {
    let bench = try LaunchBench()
    var task = LaunchBench.task
    task.command = nil
    var executor = LaunchBench.executor
    executor.command?.uris = [.init("a"), .init("b", isCached: true)]
    task.executor = executor
    _ = bench.answers(to: [.launch([task])])
    _ = try bench.stage.execute("give 0 0 cpus:7;mem:8128")
    executor.command?.uris = [.init("b"), .init("a")]
    executor.shutdownGracePeriod = .seconds(9)
    executor.labels = Labels([Label(key: "k", value: "v")])
    var same = task
    same.taskID = "same"
    same.executor = executor
    executor.data = [1]
    var other = task
    other.taskID = "other"
    other.executor = executor
    let answers = bench.answers(to: [.launch([same, other])], on: 1)
    #expect(answers.first == "to slave 0: run same of 0 in executor e")
    #expect(answers.last?.contains("runs on the slave with another description") == true)
  }
}

extension TaskCase {
  /// A task that runs in an executor, changed in the executor.
  static func withExecutor(
    _ name: String, _ fault: String?, ports: String? = nil,
    _ change: @escaping @Sendable (inout ExecutorInfo) -> Void
  ) -> TaskCase {
    TaskCase(name, fault) { task in
      var executor = LaunchBench.executor
      change(&executor)
      task.command = nil
      task.executor = executor
      if let ports { task.resources += LaunchBench.ports(ports) }
    }
  }
}

extension LaunchBench {
  static var revocableCPU: Resources {
    Resources([Resource("cpus", .scalar(Scalar(thousandths: 1000)), isRevocable: true)])
  }

  static func ports(_ text: String) -> Resources {
    (try? Resources(parsing: "ports:\(text)")) ?? Resources()
  }
}
