// Part of mesosim. Apache-2.0, see LICENSE.
//
// When a run without `until` ends, and that its means are over all the time until then.

import MesosMetrics
import Testing

@testable import MesosScenarios

@Suite("The end of a run until all work is done")
struct RunEndTests {
  private func result(
    _ frameworks: String, _ rest: String = "", isLiteral: Bool = false
  ) throws -> RunResult {
    let text = """
      name: end
      seed: 3
      cluster: {slaves: [{count: 1, resources: "cpus:4;mem:8GB"}]}
      frameworks:
      \(frameworks)
      \(rest)

      """
    let prepared = try PreparedScenario(ScenarioText.read(text))
    let run = try ScenarioRun(
      prepared, allocator: AllocatorEntry(name: "drf"), isLiteral: isLiteral)
    run.run()
    return run.measured(window: run.window).result
  }

  private func batch(
    _ duration: String, cpus: Int = 1, _ keys: String = ""
  ) -> String {
    """
      - {name: service, role: service, type: batch, \(keys) workload: {jobs: 1, stages: \
    [{name: serve, tasks: 2, resources: "cpus:\(cpus);mem:100", duration: \(duration)}]}}
    """
  }

  private let month = 30 * 86_400.0

  @Test("BUG: a run with a task that runs longer was over at its last event")
  func longTask() throws {
    let result = try result(batch("31d"))
    #expect(result.windowSeconds == month)
    #expect(result.simulatedSeconds == month)
    let cpus = try #require(result.utilization.cpus)
    #expect(abs((cpus.usedMean ?? 0) - 0.5) < 1e-6)
    #expect((cpus.blockedMean ?? 1) < 1e-6)
  }

  @Test(
    "BUG: work that is never done does not end a run",
    arguments: [
      ("too large", "60s", 5, "refuse: 1d,", ""),
      ("killed", "60s", 1, "", "faults: [{at: 10s, kill: {scheduler: service}}]"),
      ("still to come", "60s", 1, "start: 40d,", ""),
      ("coming back", "60s", 1, "leave: 10s, return: 40d,", ""),
      ("without slaves", "60s", 1, "", "faults: [{at: 10s, crash: {slaves: \"*\"}}]"),
    ])
  func neverDone(
    _ case: (name: String, duration: String, cpus: Int, keys: String, rest: String)
  ) throws {
    let result = try result(batch(`case`.duration, cpus: `case`.cpus, `case`.keys), `case`.rest)
    #expect(result.windowSeconds == month, "\(`case`.name)")
  }

  // Of 30 days every second is an event in a literal run: `Tests/Scenarios/run` has the time.
  @Test("the window is the same in a literal run")
  func literal() throws {
    let results = try [false, true].map { try result(batch("60s"), isLiteral: $0) }
    #expect(results[0].windowSeconds == results[1].windowSeconds)
    #expect(results[0].digest == results[1].digest)
  }

  @Test(
    "a run ends with its work: done, given up, or left",
    arguments: [
      ("", "  - {name: balloon, type: test, tasks: 3, duration: 5s}"),
      (
        "faults: [{at: 3s, kill: {executor: \"fails/default\"}}]",
        "  - {name: fails, type: test, tasks: 3, duration: 60s}"
      ),
      ("", "  - {name: leaves, type: no-executor, tasks: endless, leave: 100s}"),
    ])
  func done(rest: String, framework: String) throws {
    let window = try result(framework, rest).windowSeconds ?? 0
    #expect(window > 0 && window < 200)
  }
}
