// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosCluster
import Testing
import VirtualTime

@testable import MesosScenarios

@Suite("Constraints of stages")
struct StageConstraintTests {
  private func stage(_ keys: String, slaves: String = "attributes: \"rack:r{index}\"") -> String {
    ScenarioText.with("name: map,", "name: map, \(keys),")
      .replacing("cpus:4;mem:4096\"", with: "cpus:4;mem:4096;ports:[1-9]\", \(slaves)")
  }

  @Test(
    "what is wrong with a constraint is said with its place",
    arguments: [
      (
        #"constraints: ["rack:GROUP_BY:many"]"#,
        "s.yaml:9:57: frameworks[0].workload.stages[0].constraints[0]: found 'many'; expected how "
          + "many groups there are at least, such as 3, or nothing"
      ),
      (
        "constraints: [[rack, EACH]]",
        "s.yaml:9:49: frameworks[0].workload.stages[0].constraints[0]: unknown operator 'EACH'; "
          + "expected UNIQUE, CLUSTER, GROUP_BY, LIKE, UNLIKE, MAX_PER, IS"
      ),
      (
        "semantics: 0.9",
        "s.yaml:9:39: frameworks[0].workload.stages[0].semantics: found '0.9'; "
          + "expected '0.8' or 'master'"
      ),
      (
        #"semantics: master, constraints: ["rack:GROUP_BY"]"#,
        "s.yaml:9:61: frameworks[0].workload.stages[0].constraints[0]: GROUP_BY accepts nothing "
          + "under 'master' without a number of groups, such as rack:GROUP_BY:3"
      ),
    ])
  func complaints(_ keys: String, _ line: String) {
    #expect(ScenarioText.complaints(stage(keys)) == [line])
  }

  @Test("certain ports and any ports are not asked for at once")
  func ports() {
    let text = stage("ports: 1").replacing("cpus:1;mem:128", with: "cpus:1;ports:[1-2]")
    #expect(
      ScenarioText.complaints(text) == [
        "s.yaml:9:35: frameworks[0].workload.stages[0].ports: the resources name ports already; "
          + "expected either certain ports or a number of any"
      ])
  }

  @Test(
    "check warns of what no slave has, and of constraints that no slave meets",
    arguments: [
      (#"["rack:LIKE:r.*"]"#, []),
      (
        #"["rak:UNIQUE"]"#,
        [
          "constraints[0]: no slave has the attribute 'rak'; the stage never starts; "
            + "did you mean 'rack'?"
        ]
      ),
      (
        #"["zone:UNLIKE:a"]"#,
        [
          "constraints[0]: no slave has the attribute 'zone'; UNLIKE accepts every slave; "
            + "expected 'hostname' or 'rack'"
        ]
      ),
      (
        #"["@zone:UNIQUE"]"#,
        [
          "constraints[0]: no slave has a 'domain', which @zone looks at; the stage never starts"
        ]
      ),
      (
        #"["rack:IS:r7"]"#,
        ["constraints: no slave meets them; the stage never starts"]
      ),
    ])
  func warnings(_ constraints: String, _ expected: [String]) throws {
    let place = "frameworks[0].workload.stages[0]."
    let warnings = try ScenarioText.read(stage("constraints: \(constraints)")).warnings
    #expect(warnings.map { "\($0.path): \($0.message)" } == expected.map { place + $0 })
  }

  @Test("the resolved scenario says what was said")
  func resolved() throws {
    let text = stage(
      #"ports: 2, semantics: master, constraints: [[rack, GROUP_BY, 2], "@zone:unique"]"#,
      slaves: #"attributes: "rack:r{index}", domain: {region: eu, zone: "z{index/2}"}"#)
    let scenario = try ScenarioText.read(text).scenario
    let again = try ScenarioText.read(scenario.resolvedYAML).scenario
    #expect(again.frameworks[0].work == scenario.frameworks[0].work)
    #expect(again.cluster == scenario.cluster)
    #expect(scenario.resolvedYAML.contains("@zone:UNIQUE"))
    let plain = try ScenarioText.read(ScenarioText.plain).scenario.resolvedYAML
    #expect(!plain.contains("constraints"))
  }

  /// Counts the launches on each slave.
  private final class Launches: ClusterEventSink {
    private(set) var counts: [Int] = [0, 0, 0, 0]
    func record(_ event: ClusterEvent, at now: Instant) {
      if case .taskLaunched(_, let slave, _, _) = event { counts[Int(slave)] += 1 }
    }
  }

  @Test("tasks go where the zones allow it")
  func zones() throws {
    let text = stage(
      #"ports: 1, constraints: ["@zone:MAX_PER:1"]"#,
      slaves: #"domain: {region: eu, zone: "z{index/2}"}"#
    ).replacing("count: 2", with: "count: 4").replacing("jobs: 3", with: "jobs: 1")
    let launches = Launches()
    _ = try ScenarioText.run(text + "until: 5s\nallocators: [{name: drf}]\n", launches)
    #expect(launches.counts.reduce(0, +) == 2)
    #expect(launches.counts[0] + launches.counts[1] == 1)
  }
}
