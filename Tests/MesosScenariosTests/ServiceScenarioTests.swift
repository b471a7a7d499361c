// Part of mesosim. Apache-2.0, see LICENSE.

import MesosMetrics
import MesosReports
import Testing
import VirtualTime

@testable import MesosScenarios

@Suite("Services in a scenario")
struct ServiceScenarioTests {
  private func text(_ keys: String = "", faults: String = "") -> String {
    """
    name: web
    until: 1000s
    cluster: {slaves: [{count: 3, name: "n{index}", resources: "cpus:4;mem:4096;ports:[1-9]"}]}
    frameworks:
      - {name: web, type: service, instances: 3, constraints: ["hostname:UNIQUE"], ports: 2\(keys)}
    allocators: [{name: drf}]
    faults: [\(faults)]
    """
  }

  private func measured(_ text: String) throws -> MeasuredRun {
    let run = try ScenarioText.run(text)
    #expect(run.violation == nil)
    return run.measured(window: run.window)
  }

  @Test("all copies are up until the end, and that is no unfinished job")
  func healthy() throws {
    let run = try measured(text())
    let framework = run.result.frameworks[0]
    let service = try #require(framework.service)
    #expect([service.wanted, service.up, service.restarts] == [3, 3, 0])
    #expect(try #require(service.upFraction) > 0.99)
    #expect(try #require(service.secondsBelow) < 5)
    #expect(framework.jobs.submitted == 0)
    #expect(framework.tasksWaitingAtEnd == 0)
    #expect(framework.tasks.launched == 3)
    let report = Report(run: run, command: "mesosim run web.yaml").terminalText(.plain)
    #expect(report.contains("3 of 3 copies of services are up at the end of 16m40s."), "\(report)")
    #expect(report.contains("Web was up 99.") || report.contains("web was up 99."), "\(report)")
    #expect(!report.contains("0/1"))
  }

  @Test("a copy whose machine died is missed until there is a machine for it")
  func machineLost() throws {
    let service = try #require(
      measured(text(faults: "{at: 200s, crash: {slave: n1, for: 300s}}"))
        .result.frameworks[0].service)
    #expect(service.restarts == 1)
    #expect(service.up == 3)
    // Noticed after 75 to 90 s, and back after 300 s.
    #expect((200...240).contains(try #require(service.longestSecondsBelow)))
    #expect(service.secondsDown.map { $0 < 5 } == true)
  }

  @Test("a scheduler that is started again does not lose sight of what is up")
  func schedulerRestarted() throws {
    let keys = ", failoverTimeout: 1h, restartAfter: 20s"
    let service = try #require(
      measured(text(keys, faults: "{at: 200s, kill: {scheduler: web}}"))
        .result.frameworks[0].service)
    #expect([service.wanted, service.up, service.restarts] == [3, 3, 0])
    #expect(try #require(service.upFraction) > 0.99)
  }

  @Test("what ends by itself is started again and again")
  func shortCommand() throws {
    let run = try measured(text(", command: \"sleep 60\", pause: 5s"))
    let service = try #require(run.result.frameworks[0].service)
    #expect((30...48).contains(service.restarts))
    #expect((0.8...0.95).contains(try #require(service.upFraction)))
  }

  @Test(
    "what makes no sense is an error with its place",
    arguments: [
      (
        ", semantics: master, resources: \"cpus:1;mem:32;ports:[1-2]\"",
        "frameworks[0].ports: the resources name ports already; "
          + "expected either certain ports or a number"
      ),
      (
        ", command: 5", "frameworks[0].command: found '5'; expected a text; write it in quotes"
      ),
    ])
  func complaints(_ keys: String, _ message: String) throws {
    let complaints = ScenarioText.complaints(text(keys))
    #expect(complaints.count == 1)
    #expect(complaints.first?.hasSuffix(message) == true, "\(complaints)")
  }

  @Test("a constraint that cannot be read is an error with its column")
  func badConstraint() {
    let bad = text().replacing("hostname:UNIQUE", with: "hostname:EACH")
    let complaints = ScenarioText.complaints(bad)
    #expect(
      complaints.first?.contains("'hostname:EACH', column 10: unknown operator 'EACH'") == true,
      "\(complaints)")
  }
}
