// Part of mesosim. Apache-2.0, see LICENSE.

import MesosFrameworks
import MesosWorkloads
import Testing
import VirtualTime

@testable import MesosScenarios

@Suite("Profiles of arrivals in a scenario")
struct ArrivalProfileTests {
  private func text(_ arrivals: String, start: String = "0s") -> String {
    ScenarioText.with("jobs: 3", "jobs: 3\n      arrivals: \(arrivals)")
      .replacing("type: batch", with: "type: batch\n    start: \(start)")
  }

  private func hours(_ text: String) throws -> [Double] {
    try ScenarioText.read(text).makeJobs().byFramework[0].map { $0.submitted.seconds / 3600 }
  }

  @Test("the clock is that of the epoch, whenever the framework starts")
  func clock() throws {
    // A run begins on a Thursday.
    let weekdays = "{constant: 12h, profile: {weekdays: {thu: 0.5, Friday: 0}}}"
    #expect(try hours(text(weekdays)) == [0, 48, 60])
    #expect(try hours(text(weekdays, start: "12h")) == [12, 54, 66])
    let monday = text(weekdays) + "epoch: 2015-01-05\n"
    #expect(try hours(monday) == [0, 12, 24])
    let hours = (0..<24).map { $0 == 1 ? "2" : "1" }.joined(separator: ", ")
    #expect(try self.hours(text("{constant: 1h, profile: {hours: [\(hours)]}}")) == [0, 1, 1.5])
  }

  @Test("what is written out reads as the same")
  func written() throws {
    let text = text("{poisson: {mean: 14s}, profile: {weekdays: {sunday: 0.25}}}")
    let scenario = try ScenarioText.read(text).scenario
    guard case .synthetic(let workload) = scenario.frameworks[0].work else {
      Issue.record("no workload")
      return
    }
    #expect(workload.profile?.weekdays == [1, 1, 1, 1, 1, 1, 0.25])
    #expect(try ScenarioText.read(scenario.resolvedYAML).scenario == scenario)
  }

  @Test(
    "a profile that cannot be meant is told",
    arguments: [
      (
        "{constant: 1h, profile: {hours: [1, 2]}}",
        "profile.hours: found 2 factors; expected a list of 24 factors, one for each hour from "
          + "midnight"
      ),
      (
        "{constant: 1h, profile: {weekdays: {fryday: 1}}}",
        "profile.weekdays.fryday: 'fryday' is no weekday; did you mean 'friday'?"
      ),
      (
        "{at: [1h, 2h, 3h], profile: {weekdays: {sunday: 0}}}",
        "profile: 'at' says when each job comes; a profile would change nothing"
      ),
      (
        "{profile: {weekdays: {sunday: 0}}, poisson: {mean: 1h}, constant: 1h}",
        "'constant' beside 'poisson'; expected only one of them"
      ),
    ])
  func impossible(arrivals: String, message: String) throws {
    let complaints = ScenarioText.complaints(text(arrivals))
    #expect(complaints.count == 1)
    let line = try #require(complaints.first)
    #expect(line.hasPrefix("s.yaml:10:") && line.hasSuffix(message), "\(line)")
  }
}
