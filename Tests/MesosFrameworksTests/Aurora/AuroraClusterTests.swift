// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosTestKit
import Testing
import VirtualTime

@testable import MesosFrameworks

@Suite("Aurora on a cluster")
struct AuroraClusterTests {
  private func make(_ jobs: AuroraJob...) -> (any Environment) -> any Scheduler {
    var options = AuroraOptions()
    options.jobs = jobs
    return { [options] in AuroraScheduler(options: options, environment: $0) }
  }

  /// Aurora's own executor.
  private func thermos(_ info: ExecutorInfo, _ environment: any Environment) -> any Executor {
    ThermosExecutor(environment: environment) { info throws(AuroraJobFault) in
      try ThermosAssignment(info, known: AssignmentCache())
    }
  }

  private func cluster() throws -> TestCluster {
    try TestCluster(slaves: 4, each: "cpus:4;mem:8192;disk:10000;ports:[31000-32000]")
  }

  @Test("keeps the laws that every framework is held to")
  func keepsLaws() throws {
    let laws = SchedulerLaws(
      patience: .seconds(400), on: cluster, makeExecutor: thermos,
      make(auroraJob(instances: 6)))
    #expect(try laws.violations() == [])
  }

  @Test("is back at what is wanted after a slave, a master and its own process are lost")
  func recovers() throws {
    let cluster = try cluster()
    let framework = cluster.register(
      "aurora", FrameworkInfo(name: ""), makeExecutor: thermos, make(auroraJob(instances: 6)))
    try framework.expect(.running(6), within: .seconds(60))
    cluster.crash(framework.tasks[0].slave)
    try cluster.run(for: .seconds(100))
    try framework.expect(.running(6), within: .seconds(120))
    cluster.failOverMaster()
    try cluster.run(for: .seconds(60))
    framework.failOver()
    try cluster.run(for: .seconds(60))
    try framework.always(.running(6), for: .seconds(600))
  }

  @Test("updates a job on a cluster, one instance at a time")
  func updates() throws {
    let cluster = try cluster()
    let framework = cluster.register(
      "aurora", FrameworkInfo(name: ""), makeExecutor: thermos, make(auroraJob(instances: 6)))
    try framework.expect(.running(6), within: .seconds(60))
    let scheduler = try #require(framework.scheduler(as: AuroraScheduler.self))
    var new = auroraJob(instances: 6)
    new.task.processes[0].commandLine = "./new"
    try AuroraAPI(scheduler).startUpdate(to: new)
    try framework.always(.running(in: 5...6), for: .seconds(420))
    #expect(scheduler.jobs["c/r/devel/j"]?.update == nil)
    #expect(scheduler.jobs["c/r/devel/j"]?.configs.map(\.number) == [2])
  }
}
