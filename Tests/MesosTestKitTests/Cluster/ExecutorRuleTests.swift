// Part of mesosim. Apache-2.0, see LICENSE.
//
// Executors of simulated frameworks whose programs are not there to be run.

import MesosTestKit
import Testing

@Suite("Executors by rules")
struct SimulatedExecutorRuleTests {
  /// What the updates of two tasks of one executor say.
  private func states(
    _ rules: [ExecutorRule], hasProgram: Bool = false
  ) throws -> [String: [TaskState]] {
    let cluster = try TestCluster(change: { $0.commands.executors = rules })
    let web = cluster.register(
      "web", makeExecutor: { _, _ in hasProgram ? SilentExecutor() : nil }
    ) { ScriptedScheduler($0) }
    let scheduler = try #require(web.scheduler(as: ScriptedScheduler.self))
    scheduler.onOffers = { driver, offers in
      let executor = ExecutorInfo(
        "e", command: CommandInfo("sleep 10"), resources: Resources(cpus: 0.1, mem: 32))
      driver.launchTasks(
        offers[0].id,
        ["a", "b"].map {
          TaskInfo(
            name: $0, taskID: TaskID($0), slaveID: offers[0].slaveID,
            resources: Resources(cpus: 1, mem: 64), executor: executor)
        })
      scheduler.onOffers = { _, _ in }
    }
    var states: [String: [TaskState]] = [:]
    scheduler.onUpdate = { _, status in
      states[status.taskID.value, default: []].append(status.state)
    }
    try cluster.run(for: .seconds(60))
    return states
  }

  @Test("a rule stands in for a program that is not there, for all its tasks")
  func standsIn() throws {
    let all = { (last: TaskState) in ["a": [TaskState.running, last], "b": [.running, last]] }
    #expect(try states([ExecutorRule("sleep *")]) == all(.finished))
    #expect(try states([ExecutorRule("web", exitCode: 3)]) == all(.failed))
    // Without one it is as where a program is not found.
    for rules in [[], [ExecutorRule("other")]] {
      let ends = try states(rules)
      #expect(ends.count == 2 && ends.values.allSatisfy { !$0.contains(.running) })
    }
  }

  @Test("a program that is there is left alone")
  func leavesPrograms() throws {
    #expect(try states([ExecutorRule("*", length: .endless)], hasProgram: true) == [:])
  }
}

/// Says nothing of its tasks.
private final class SilentExecutor: Executor {
  func launchTask(_ driver: any ExecutorDriver, task: TaskInfo) {}
  func killTask(_ driver: any ExecutorDriver, taskID: TaskID) {}
}
