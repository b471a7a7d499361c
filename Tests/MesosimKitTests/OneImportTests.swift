// Part of mesosim. Apache-2.0, see LICENSE.
//
// Goal: a package that registers things needs one import, and its framework's executor is used.
// Method: register a framework that brings an executor, with `MesosimKit` alone; run it both as
// itself and, for comparison, with an executor that refuses.

import MesosimKit
import Testing

/// Hands one task to an executor of its own and leaves when it is over.
private final class Courier: RegisteredFramework {
  static let name = "courier"
  static let summary = "one task in an executor of its own"
  static let isStubborn = Parameter.flag("stubborn", default: false, "whether its executor refuses")
  static let parameters: [any DeclaredParameter] = [isStubborn]

  private let environment: any Environment
  private var isLaunched = false

  init(_ request: FrameworkRequest, environment: any Environment) {
    self.environment = environment
  }

  static func makeExecutor(
    _ request: FrameworkRequest, _ info: ExecutorInfo, environment: any Environment
  ) -> (any Executor)? {
    Bicycle(state: request[isStubborn] ? .failed : .finished)
  }

  static func check(_ request: FrameworkRequest) throws(ParameterError) {
    if request.roles.contains("nowhere") {
      throw ParameterError(path: "role", reason: "there is no way to 'nowhere'")
    }
  }

  func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
    guard !isLaunched, let offer = offers.first else { return }
    isLaunched = true
    let executor = ExecutorInfo("bicycle", command: CommandInfo("./bicycle"))
    driver.launchTasks(
      offer.id,
      [
        TaskInfo(
          name: "letter", taskID: "letter-1", slaveID: offer.slaveID,
          resources: Resources(cpus: 1, mem: 64), executor: executor)
      ])
  }

  func statusUpdate(_ driver: any SchedulerDriver, status: TaskStatus) {
    if status.state.isTerminal { driver.stop(failover: false) }
  }
}

/// Says at once what becomes of a task.
private final class Bicycle: Executor {
  private let state: TaskState

  init(state: TaskState) { self.state = state }

  func launchTask(_ driver: any ExecutorDriver, task: TaskInfo) {
    driver.sendStatusUpdate(TaskStatus(taskID: task.taskID, state: state))
  }

  func killTask(_ driver: any ExecutorDriver, taskID: TaskID) {}
}

@Suite("One import for a package that registers things")
struct OneImportTests {
  private func load(_ keys: String) throws(ScenarioError) -> LoadedScenario {
    var vocabulary = ScenarioVocabulary()
    Courier.register(in: &vocabulary)
    let text = """
      name: own
      cluster: {slaves: [{count: 1, resources: "cpus:4;mem:4096"}]}
      frameworks: [{name: a, type: courier, \(keys)}]
      allocators: [{name: drf}]
      """
    return try Scenario.decode(
      Array(text.utf8), file: "s.yaml", files: ScenarioFiles(folder: "."), vocabulary: vocabulary)
  }

  @Test(
    "a registered framework's own executor runs its tasks",
    arguments: [("stubborn: false", 1, 0), ("stubborn: true", 0, 1)])
  func executor(keys: String, finished: Int, failed: Int) throws {
    let loaded = try load(keys)
    let run = try ScenarioRun(PreparedScenario(loaded), allocator: loaded.scenario.allocators[0])
    run.run()
    let tasks = run.measured(window: run.window).result.tasks
    #expect(tasks.finished == finished)
    #expect(tasks.failed == failed)
  }

  @Test("what it refuses is an error with its place")
  func refused() {
    let error = #expect(throws: ScenarioError.self) { try load("role: nowhere") }
    #expect(
      error?.lines == ["s.yaml:3:45: frameworks[0].role: there is no way to 'nowhere'"])
  }

  @Test("it takes no work unless it says so")
  func work() {
    let error = #expect(throws: ScenarioError.self) { try load("workload: {jobs: 1}") }
    #expect(error?.lines.count == 1)
    #expect(error?.lines.first?.contains("unknown key 'workload'") == true)
  }
}
