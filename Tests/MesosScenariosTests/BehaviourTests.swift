// Part of mesosim. Apache-2.0, see LICENSE.
//
// Which Mesos a cluster behaves like.

import MesosCluster
import Testing

@testable import MesosScenarios

@Suite("Behaviour of a cluster") struct BehaviourTests {
  private func cluster(_ keys: String) throws -> ClusterDescription {
    try ScenarioText.read(
      """
      name: b
      cluster:
      \(keys)
        slaves: [{count: 1, resources: "cpus:4;mem:4096"}]
      frameworks: [{name: t, type: test}]
      until: 1m

      """
    ).scenario.cluster
  }

  @Test("each version sets what it does otherwise")
  func versions() throws {
    let usual = try cluster("")
    #expect(usual.behaviour == nil && !usual.master.followsMesos1_11)
    let old = try cluster("  behaviour: \"0.20\"")
    #expect(old.master == .mesos0_20 && old.slave == .mesos0_20)
    let new = try cluster("  behaviour: \"1.11\"")
    #expect(new.master == .mesos1_11 && new.slave == .mesos1_11)
  }

  @Test("a version is read with quotes and without, and so is one that --set gives")
  func unquoted() throws {
    for (text, behaviour) in [("0.20", Behaviour.mesos0_20), ("1.11", .mesos1_11)] {
      #expect(try cluster("  behaviour: \(text)").behaviour == behaviour)
      #expect(try cluster("  behaviour: '\(text)'").behaviour == behaviour)
    }
  }

  @Test("what is set besides is as it is set, before or after")
  func besides() throws {
    let keys = ["  behaviour: \"1.11\"", "  master: {readmitsLostSlaves: false}"]
    for order in [keys, keys.reversed()] {
      let cluster = try cluster(order.joined(separator: "\n"))
      #expect(cluster.master.followsMesos1_11 && !cluster.master.readmitsLostSlaves)
    }
  }

  @Test("what a version does otherwise can be chosen alone")
  func alone() throws {
    let master = try cluster("  master: {leavesGhosts: true, losesInvalidTasks: true}").master
    #expect(master.leavesGhosts && master.losesInvalidTasks && !master.readmitsLostSlaves)
    let slave = try cluster("  slave: {skipsDisconnected: true, reportsKilling: false}").slave
    #expect(slave == .mesos0_20)
  }

  @Test("what check prints reads as the same cluster")
  func roundTrip() throws {
    let text = """
      name: b
      cluster:
        behaviour: "1.11"
        slave: {reportsStarting: false}
        slaves: [{count: 1, resources: "cpus:4;mem:4096"}]
      frameworks: [{name: t, type: test}]
      until: 1m

      """
    let first = try ScenarioText.read(text).scenario
    #expect(try ScenarioText.read(first.resolvedYAML).scenario == first)
  }
}
