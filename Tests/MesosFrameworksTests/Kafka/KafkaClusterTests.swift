// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosTestKit
import Testing
import VirtualTime

@testable import MesosFrameworks

@Suite("Kafka on a cluster")
struct KafkaClusterTests {
  private func kafka(_ change: BrokerChange) -> (any Environment) -> any Scheduler {
    var options = KafkaOptions()
    options.brokers = [KafkaOptions.Brokers("0..4", change)]
    options.reconciliationInterval = .seconds(300)
    return { KafkaScheduler(options: options, environment: $0) }
  }

  private func cluster() throws -> TestCluster {
    try TestCluster(slaves: 6, each: "cpus:4;mem:8192;ports:[31000-32000]")
  }

  @Test("keeps the laws that every framework is held to")
  func keepsLaws() throws {
    let laws = SchedulerLaws(
      on: cluster, makeExecutor: { KafkaExecutor(environment: $1) }, kafka(BrokerChange()))
    #expect(try laws.violations() == [])
  }

  @Test("is back at what is wanted after slaves, a master and its own process are lost")
  func recovers() throws {
    let cluster = try cluster()
    let change = try BrokerChange().setting(.constraints, to: "hostname=unique")
    let framework = cluster.register(
      "kafka", FrameworkInfo(name: ""), makeExecutor: { KafkaExecutor(environment: $1) },
      kafka(change))
    try framework.expect(.running(5), within: .seconds(60))
    cluster.crash(framework.tasks[0].slave)
    try cluster.run(for: .seconds(100))
    try framework.expect(.running(5), within: .seconds(700))
    cluster.failOverMaster()
    try cluster.run(for: .seconds(60))
    framework.failOver()
    try cluster.run(for: .seconds(60))
    try framework.always(.running(5), for: .seconds(60))
  }

  @Test("restarts its brokers on a cluster, one at a time")
  func restarts() throws {
    let cluster = try cluster()
    let framework = cluster.register(
      "kafka", FrameworkInfo(name: ""), makeExecutor: { KafkaExecutor(environment: $1) },
      kafka(BrokerChange()))
    try framework.expect(.running(5), within: .seconds(60))
    let scheduler = try #require(framework.scheduler(as: KafkaScheduler.self))
    let command = try KafkaAPI(scheduler).restart("*")
    try framework.always(.running(in: 4...5), for: .seconds(200))
    #expect(KafkaAPI(scheduler).result(of: command) == "restarted")
  }
}

@Suite("Kafka: executors")
struct KafkaExecutorTests {
  let driver = ScriptedExecutorDriver()
  let environment = TestEnvironment()

  private func launch(_ behaviour: KafkaExecutor.Behaviour) -> KafkaExecutor {
    let executor = KafkaExecutor(behaviour, environment: environment)
    let task = TaskInfo(
      name: "", taskID: "kafka-0-1", slaveID: "s0", resources: Resources(cpus: 1),
      executor: ExecutorInfo("kafka-0-1", command: nil))
    executor.launchTask(driver, task: task)
    return executor
  }

  @Test("a broker starts, runs, and is stopped in its time")
  func life() {
    let executor = launch(.init(startTime: .seconds(10), stopTime: .seconds(5)))
    environment.advance(toSecond: 9)
    #expect(driver.takeTexts() == ["kafka-0-1 TASK_STARTING"])
    environment.advance(toSecond: 10)
    #expect(driver.takeTexts() == ["kafka-0-1 TASK_RUNNING"])
    executor.killTask(driver, taskID: "kafka-0-1")
    executor.killTask(driver, taskID: "kafka-0-1")
    environment.advance(toSecond: 15)
    #expect(driver.takeTexts() == ["kafka-0-1 TASK_KILLED", "stop"])
  }

  @Test("a broker fails by itself, and is told to end at once")
  func ends() {
    environment.draws = [0.5]
    let failing = launch(.init(startTime: .zero, meanLife: .seconds(100)))
    environment.advance(toSecond: 100)
    failing.killTask(driver, taskID: "kafka-0-2")
    #expect(driver.takeTexts().suffix(2) == ["kafka-0-1 TASK_FAILED", "stop"])
    let other = launch(.init())
    other.frameworkMessage(driver, data: Array("strange".utf8))
    other.frameworkMessage(driver, data: Array("stop".utf8))
    environment.advance(toSecond: 200)
    #expect(driver.takeTexts() == ["kafka-0-1 TASK_STARTING", "stop"])
  }
}
