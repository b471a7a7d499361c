// Part of mesosim. Apache-2.0, see LICENSE.
//
// Frameworks that keep nothing and are started again: each process is a framework of its own.

import Mesos
import MesosCluster
import MesosMetrics
import Testing
import VirtualTime

@testable import MesosScenarios

/// What became of the frameworks, and how often.
private final class Lives: ClusterEventSink {
  var lines: [String] = []
  func record(_ event: ClusterEvent, at now: Instant) {
    switch event {
    case .frameworkAdded, .frameworkReplaced, .frameworkDisconnected, .frameworkConnected,
      .frameworkRemoved:
      lines.append("\(Int(now.seconds)) \(event)")
    default: break
    }
  }
}

@Suite("Samples that are started again")
struct RestartedSampleTests {
  private func scenario(_ framework: String, _ faults: String, rest: String = "") -> String {
    """
    name: again
    seed: 1
    until: 2h
    cluster:
      slaves:
        - {count: 2, name: "node-{index}", hardware: "cpus:4;mem:4GB;disk:10GB", defaultRole: r}
        - {count: 2, name: "open-{index}", resources: "cpus:4;mem:4GB"}
    frameworks:
      - {name: sample, role: r, checkpoint: true, failoverTimeout: 1h, \(framework)}
    faults: [\(faults)]
    \(rest)

    """
  }

  private func run(
    _ text: String, isLiteral: Bool = false
  ) throws -> (result: RunResult, lives: [String]) {
    let run = try ScenarioRun(
      PreparedScenario(ScenarioText.read(text)), allocator: AllocatorEntry(name: "drf"),
      isLiteral: isLiteral)
    let lives = Lives()
    run.attach(lives)
    run.checkInvariants()
    run.run()
    #expect(run.violation?.text == nil)
    return (run.measured(window: run.window).result, lives.lines)
  }

  private static let kill = "{at: 15s, kill: {scheduler: sample, for: 20s}}"

  @Test(
    "BUG: the next process of a sample took the place of the framework before it, and failed",
    arguments: [
      "type: test, tasks: 30, duration: 20s", "type: no-executor, tasks: 40, command: sleep 20",
      "type: long-lived, tasks: 10, duration: 20s",
      "type: dynamic-reservation, tasks: 10, command: sleep 20",
      "type: persistent-volume, shards: 3, duration: 20s",
    ], [kill, kill + ", {at: 40s, kill: {scheduler: sample, for: 10m}}"])
  func startedAgain(framework: String, faults: String) throws {
    let text = scenario(framework, faults)
    let (result, lives) = try run(text)
    let jobs = result.frameworks[0].jobs
    #expect(jobs.submitted == jobs.finished)
    #expect(jobs.finished > 0)
    #expect(result.tasks.error == 0)
    #expect(result.frameworks[0].tasksWaitingAtEnd == 0)
    #expect(try run(text, isLiteral: true).result.digest == result.digest)
    let deaths = faults == Self.kill ? 1 : 2
    #expect(lives.count { $0.contains("frameworkReplaced") } == deaths)
    #expect(lives.count { $0.contains("frameworkAdded") } == deaths + 1)
    #expect(lives.contains { $0.hasPrefix("3615 frameworkRemoved") })
  }

  @Test("what waits counts once while one framework follows the other")
  func demandOnce() throws {
    // One task at a time has room, so that nearly all of the forty wait all the time.
    let text = scenario(
      "type: no-executor, tasks: 40, resources: \"cpus:4;mem:100\", command: sleep 1000",
      "{at: 15s, kill: {scheduler: sample, for: 20s}}, {at: 65s, kill: {scheduler: sample}}")
    let frameworks = try run(text.replacing("until: 2h", with: "until: 1m")).result.frameworks
    #expect(frameworks[0].tasksWaitingAtEnd == 40)
    #expect(frameworks[0].jobs.submitted == 1)
  }

  @Test("a partition by name, and an operator, find the framework that there is now")
  func partitionAndTeardown() throws {
    let sample = "type: no-executor, tasks: endless, command: sleep 5"
    let cut = "{at: 60s, partition: {scheduler: sample, from: master, for: 10m}}"
    let (_, lives) = try run(
      scenario(
        sample, Self.kill + ", " + cut,
        rest: "operator: [{at: 20m, teardown: sample}]"))
    #expect(lives.last?.hasPrefix("3615 frameworkRemoved") == true)
    #expect(lives.count { $0.hasPrefix("1200 frameworkRemoved") } == 1)
  }

  @Test("restartAfter: after a kill, after giving up; not after all is done")
  func restartAfter() throws {
    let (done, once) = try run(scenario("restartAfter: 30s, type: test, duration: 5s", ""))
    #expect(done.frameworks[0].jobs.submitted == 1)
    #expect(once.count { $0.contains("frameworkAdded") } == 1)
    let (killed, twice) = try run(
      scenario(
        "restartAfter: 30s, type: test, duration: 20s", "{at: 10s, kill: {scheduler: sample}}"))
    #expect(killed.frameworks[0].jobs.finished == 1)
    #expect(twice.count { $0.contains("frameworkAdded") } == 2)
    // Its task fails, so it aborts its driver: its process exits, and is started again.
    let (gaveUp, again) = try run(
      scenario(
        "restartAfter: 30s, type: test, tasks: 2, duration: 60s",
        "{at: 10s, kill: {executor: \"sample/default\"}}"))
    #expect(gaveUp.frameworks[0].jobs.abandoned == 1)
    #expect(gaveUp.frameworks[0].jobs.finished == 1)
    #expect(again.count { $0.contains("frameworkAdded") } == 2)
  }
}
