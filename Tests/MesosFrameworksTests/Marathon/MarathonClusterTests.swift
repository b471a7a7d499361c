// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosTestKit
import Testing
import VirtualTime

@testable import MesosFrameworks

@Suite("Marathon on a cluster")
struct MarathonClusterTests {
  private func marathon(_ apps: String...) throws -> (any Environment) -> any Scheduler {
    var options = MarathonOptions()
    options.apps = try apps.map { [try AppDefinition(parsing: $0)] }
    return { MarathonScheduler(options: options, environment: $0) }
  }

  private let sleeping = #"{"id": "w", "cmd": "sleep 86400", "cpus": 0.5, "instances": 6}"#

  @Test("keeps the laws that every framework is held to")
  func keepsLaws() throws {
    let make = try marathon(sleeping)
    let laws = SchedulerLaws(
      on: { try TestCluster(slaves: 4, each: "cpus:4;mem:8192;ports:[31000-32000]") }, make)
    #expect(try laws.violations() == [])
  }

  @Test("is back at what is wanted after a slave, a master and its own process are lost")
  func recovers() throws {
    let cluster = try TestCluster(slaves: 4, each: "cpus:4;mem:8192;ports:[31000-32000]")
    let framework = cluster.register("marathon", FrameworkInfo(name: ""), try marathon(sleeping))
    try framework.expect(.running(6), within: .seconds(60))
    cluster.crash(framework.tasks[0].slave)
    try cluster.run(for: .seconds(100))
    try framework.expect(.running(6), within: .seconds(60))
    cluster.failOverMaster()
    try cluster.run(for: .seconds(60))
    framework.failOver()
    try cluster.run(for: .seconds(60))
    try framework.always(.running(6), for: .seconds(60))
  }

  @Test("upgrades on a cluster without ever having fewer than it must")
  func upgrades() throws {
    let cluster = try TestCluster(slaves: 4, each: "cpus:4;mem:8192;ports:[31000-32000]")
    let framework = cluster.register("marathon", FrameworkInfo(name: ""), try marathon(sleeping))
    try framework.expect(.running(6), within: .seconds(60))
    let scheduler = try #require(framework.scheduler(as: MarathonScheduler.self))
    try MarathonAPI(scheduler).update(AppPath("/w"), with: #"{"cmd": "sleep 80000"}"#)
    try framework.always(.running(in: 6...12), for: .seconds(30))
    try framework.expect(.running(6), within: .seconds(30))
    #expect(MarathonAPI(scheduler).deployments.isEmpty)
  }
}
