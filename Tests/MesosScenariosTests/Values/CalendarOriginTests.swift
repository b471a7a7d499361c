// Part of mesosim. Apache-2.0, see LICENSE.

import MesosCluster
import MesosWorkloads
import SimulationKernel
import Testing

@testable import MesosScenarios

@Suite("Calendar times in a scenario")
struct CalendarOriginTests {
  @Test(
    "an instant is a time from the start, a calendar time or a weekday",
    arguments: [
      ("90m", "90m"), ("2015-01-06T09:00:00Z", "129h"), ("2015-01-06 09:00", "129h"),
      ("2015-01-06T10:00:00+01:00", "129h"), ("2015-01-02", "1d"), ("2015-01-01", "0s"),
      // It was a Thursday.
      ("Tuesday 09:00", "129h"), ("tue 9:00", "129h"), ("Thursday", "0s"),
      ("thu 00:00:30.5", "30500ms"), ("Wednesday 24:00", "0s"), ("Wednesday 23:00", "167h"),
      ("2016-02-29", "424d"),
    ])
  func instants(text: String, expected: String) {
    let found = read(.instant, text)
    #expect(found.value?.scenarioText == expected)
    #expect(found.problems == [])
  }

  @Test(
    "a time that there is not, or that is before the start, is told",
    arguments: [
      ("2015-02-30", "'2015-02-30' is no time: 2015-2 has 28 days, no day 30"),
      (
        "2015-01-06 25:00",
        "'2015-01-06 25:00' is no time: there is no hour 25; expected 0 to 24"
      ),
      ("Tuesday 25:00", "'Tuesday 25:00' is no time: there is no hour 25; expected 0 to 24"),
      (
        "2014-12-31 23:59",
        "2014-12-31 23:59 is before 2015-01-01T00:00:00Z, when the run begins ('epoch')"
      ),
      (
        "Tuesday noon",
        "found 'Tuesday noon'; expected a time such as 2015-01-06T09:00:00Z, 2015-01-06 09:00 or "
          + "Tuesday 09:00, in UTC"
      ),
    ])
  func impossible(text: String, message: String) {
    let found = read(.instant, text)
    #expect(found.value == nil)
    #expect(found.problems == ["v:1:1: " + message])
  }

  @Test("an end has to come after the start")
  func end() {
    #expect(
      read(.laterInstant, "2015-01-01").problems == [
        "v:1:1: 2015-01-01 is when the run begins ('epoch'); expected a time after it"
      ])
  }

  @Test(
    "an instant that is no time at all is told as before", arguments: ["5", "soon", "5h-", "-"])
  func other(text: String) {
    #expect(read(.instant, text).problems == read(.duration, text).problems)
  }

  private static let scenario = """
    name: c
    epoch: 2016-02-28T12:00:00Z
    until: 2016-03-01 12:00
    cluster:
      slaves:
        - {count: 2, resources: "cpus:4;mem:4096"}
        - {count: 1, name: late, resources: "cpus:4;mem:4096", join: 2016-02-29,
           leave: Monday 18:00}
    frameworks:
      - name: a
        type: batch
        start: 2016-02-28 13:00
        leave: Monday 20:00
        workload:
          start: 2016-02-28 14:00
          arrivals: {at: [2016-02-28 14:30, 1h]}
          stages: [{name: map, tasks: 2, resources: "cpus:1;mem:128", duration: 10s}]
    faults: [{at: Monday 09:00, crash: {slaves: late, for: 1h}}]
    operator:
      - {at: 2016-02-29T10:00:00Z, maintenance: [{slave: late, start: 2016-02-29 11:00}]}
    """

  @Test("wherever a scenario has an instant, it may be a calendar time")
  func everywhere() throws {
    let loaded = try ScenarioText.read(Self.scenario)
    let scenario = loaded.scenario
    #expect(scenario.until == .seconds(48 * 3600))
    #expect(scenario.cluster.slaves[1].join == .seconds(12 * 3600))
    #expect(scenario.cluster.slaves[1].leave == .seconds(30 * 3600))
    #expect(scenario.frameworks[0].presence.start == .seconds(3600))
    #expect(scenario.frameworks[0].presence.leave == .seconds(32 * 3600))
    guard case .synthetic(let workload) = scenario.frameworks[0].work else {
      Issue.record("no workload")
      return
    }
    // Work counts from its framework's start, and arrivals from the start of the work.
    #expect(workload.start == .seconds(3600))
    #expect(workload.arrivals == .times([.seconds(1800), .seconds(3600)]))
    #expect(scenario.faults[0].at == .seconds(21 * 3600))
    #expect(scenario.operations[0].at == .seconds(22 * 3600))
    guard case .maintenance(let windows) = scenario.operations[0].request else {
      Issue.record("no maintenance")
      return
    }
    #expect(windows[0].start == .seconds(23 * 3600))
    #expect(try PreparedScenario(loaded).clusterSetup(Seeds(1)).epoch == 1_456_660_800)
  }

  @Test("what is written out reads as the same")
  func written() throws {
    let scenario = try ScenarioText.read(Self.scenario).scenario
    #expect(scenario.resolvedYAML.contains("epoch: \"2016-02-28T12:00:00Z\""))
    #expect(try ScenarioText.read(scenario.resolvedYAML).scenario == scenario)
  }

  @Test("work that should begin before its framework is told where it stands")
  func early() {
    let text = Self.scenario.replacing("start: 2016-02-28 14:00", with: "start: 2016-02-28 12:30")
    #expect(
      ScenarioText.complaints(text) == [
        "s.yaml:15:14: frameworks[0].workload.start: 2016-02-28 12:30 is before "
          + "2016-02-28T13:00:00Z, when the framework starts"
      ])
  }

  @Test(
    "an epoch that is none is told",
    arguments: [
      ("2015-02-29", "'2015-02-29' is no time: 2015-2 has 28 days, no day 29"),
      ("yesterday", "found 'yesterday'; expected a date such as 2015-01-01T00:00:00Z, in whole"),
    ])
  func epoch(text: String, message: String) throws {
    let line = try #require(ScenarioText.complaints(ScenarioText.adding("epoch: \(text)")).first)
    #expect(line.hasPrefix("s.yaml:10:8: epoch: " + message))
  }
}
