// Part of mesosim. Apache-2.0, see LICENSE.

import MesosMetrics
import Testing
import VirtualTime

@testable import MesosScenarios

@Suite("Kafka in a scenario")
struct KafkaScenarioTests {
  private func text(brokers: String, rest: String = "") -> String {
    """
    name: logs
    until: 30m
    cluster:
      slaves: [{count: 4, name: "n{index}", resources: "cpus:4;mem:8192;ports:[31000-32000]"}]
    frameworks:
      - {name: kafka, type: kafka, brokers: [\(brokers)]}
    allocators: [{name: drf}]
    \(rest)
    """
  }

  @Test("why brokers waited is told when the scheduler of the time is gone")
  func restarted() throws {
    let brokers = "{id: 0..2, constraints: {hostname: unique}}, {id: '9', cpus: 8}"
    for crash in ["{scheduler: kafka, for: 1m}", "{scheduler: kafka}"] {
      let faults = "faults: [{at: 10m, crash: \(crash)}]"
      let run = try ScenarioText.run(text(brokers: brokers, rest: faults))
      #expect(run.violation == nil)
      let measured = run.measured(window: run.window)
      let waits = try #require(measured.result.frameworks[0].service?.waits)
      #expect(waits.map(\.name) == ["brokers"])
    }
  }

  @Test("brokers without a number are refused", arguments: ["-1", "3..1", "*", "-2..3"])
  func numbers(id: String) {
    let error = #expect(throws: ScenarioError.self) {
      try ScenarioText.read(text(brokers: "{id: '\(id)'}"))
    }
    #expect(
      error?.lines.first?.hasSuffix(
        "id: '\(id)' names no new broker; expected numbers from 0, such as 0..2") == true)
  }
}
