// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosAllocation
import MesosCluster
import Testing
import VirtualTime

@testable import MesosScenarios

@Suite struct HostnamesTests {
  private func scenario(_ hostnames: String) throws -> LoadedScenario {
    try Scenario.decode(
      Array(
        """
        name: named
        until: 5m
        cluster:
          hostnames: \(hostnames)
          slaves:
            - {count: 3, name: "big-{index}", resources: "cpus:8;mem:8GB"}
            - {count: 600, name: "small-{index}", resources: "cpus:1;mem:1GB"}
        frameworks: []
        faults:
          - {at: 20s, crash: {slave: small-7}}
        """.utf8), file: "test", files: ScenarioFiles(folder: "."))
  }

  @Test func eachMachineHasAnAddressOfItsOwn() throws {
    let cluster = try scenario("loopback").scenario.cluster
    let numbers = cluster.firstNumbers
    #expect(numbers == [0, 3])
    let all = (0..<70_000).map(ClusterDescription.loopbackAddress)
    #expect(Set(all).count == all.count)
    #expect(all[0] == "127.1.0.1" && all[253] == "127.1.0.254" && all[254] == "127.1.1.1")
    #expect(all[254 * 256] == "127.2.0.1")
    #expect(cluster.hostname(of: 0, in: cluster.slaves[1], first: 3) == "127.1.0.4")
    #expect(cluster.slaveEntries[1].hostname(599) == "127.1.2.95")
    #expect(!cluster.hasAddressesAsNames)
  }

  /// What the machines of the slaves are called that the master can reach.
  private func connected(_ run: ScenarioRun) -> Set<String> {
    let slaves = run.cluster.withLeader { $0.snapshot(at: run.now).slaves } ?? []
    return Set(slaves.filter(\.isConnected).map(\.info.hostname))
  }

  @Test func faultsAndLogsGoByTheNames() throws {
    for hostnames in ["names", "loopback"] {
      let loaded = try scenario(hostnames)
      let run = try ScenarioRun(
        PreparedScenario(loaded), allocator: loaded.allocatorEntry("drf"))
      #expect(run.cluster.slaveName(10) == "small-7")
      run.begin()
      while run.step(notAfter: .start + .seconds(15)) {}
      let before = connected(run)
      #expect(before.count == 603)
      while run.step(notAfter: .start + .seconds(200)) {}
      let lost = before.subtracting(connected(run))
      #expect(lost == [hostnames == "names" ? "small-7" : "127.1.0.11"])
    }
  }
}
