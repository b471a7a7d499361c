// Part of mesosim. Apache-2.0, see LICENSE.
//
// Situations in which pings that are left out once decided otherwise than pings that are sent.

import Mesos
import MesosCluster
import MesosMetrics
import Testing
import VirtualTime

@testable import MesosScenarios

@Suite("Reported situations: pings")
struct PingSituationTests {
  private func scenario(_ faults: String, master: String = "") -> String {
    """
    name: pings
    seed: 1
    until: 20m
    cluster:
      \(master)
      slaves: [{count: 6, name: "node-{index}", resources: "cpus:4;mem:8GB"}]
    frameworks:
      - name: reports
        role: reports
        type: batch
        checkpoint: true
        failoverTimeout: 1h
        workload:
          jobs: 20
          arrivals: {constant: 50s}
          stages: [{name: map, tasks: 24, resources: "cpus:1;mem:100", duration: 20s}]
    allocators: [{name: drf}]
    faults: [\(faults)]
    """
  }

  private final class Sink: ClusterEventSink {
    var facts: [(instant: Instant, fact: ClusterEvent)] = []
    func record(_ event: ClusterEvent, at now: Instant) { facts.append((now, event)) }

    /// When a slave was given up.
    func removals(of slave: SlaveIndex) -> [Double] {
      facts.compactMap {
        if case .slaveRemoved(slave) = $0.fact { $0.instant.seconds } else { nil }
      }
    }

    /// When a slave was back after its connection broke, or came as a new one.
    func arrivals(of slave: SlaveIndex) -> [Double] {
      facts.compactMap {
        switch $0.fact {
        case .slaveAdded(slave, _), .slaveReconnected(slave): $0.instant.seconds
        default: nil
        }
      }
    }
  }

  /// Runs a scenario elided and literal, and expects the same of both.
  /// - Returns: The facts.
  private func runBoth(_ text: String, recovers: Bool = true) throws -> Sink {
    let sink = Sink()
    let elided = try ScenarioText.run(text, isLiteral: false, sink)
    let literal = try ScenarioText.run(text, isLiteral: true)
    if recovers { #expect(elided.violation?.text == nil) }
    let results = [elided, literal].map { $0.measured(window: $0.window).result }
    #expect(results[0].digest == results[1].digest)
    #expect(results[0].simulatedSeconds == results[1].simulatedSeconds)
    return sink
  }

  // Goal: leaving pings out changes nothing. Method: the hash over all facts, elided and literal.
  @Test(
    "BUG: a slave was held to answer after one old pong, though disconnected or removed",
    arguments: [
      "{at: 5m, reset: {slaves: \"*\"}}", "{at: 10m, reset: {slaves: node-2}}",
      "{at: 102s, pause: {slaves: \"*\", for: 100s}}, {at: 4m, network: {loss: 0%, for: 1m}}",
    ])
  func oldPongs(faults: String) throws {
    for master in ["", "master: {removalInterval: 10m}"] {
      _ = try runBoth(scenario(faults, master: master))
    }
  }

  @Test(
    "BUG: a slave that was gone when its registration arrived was never given up",
    arguments: [
      "{at: 0s, crash: {slaves: node-0, for: 10m}}", "{at: 0s, kill: {slaves: node-0, for: 10m}}",
      "{at: 0s, pause: {slaves: node-0, for: 10m}}", "{at: 1ms, crash: {slaves: node-0}}",
    ])
  func goneFromTheStart(faults: String) throws {
    let sink = try runBoth(scenario(faults))
    #expect(try (75...90).contains(#require(sink.removals(of: 0).first)))
    #expect((1..<6).allSatisfy { sink.removals(of: SlaveIndex($0)).isEmpty })
  }

  @Test(
    "BUG: a slave that was gone when it registered with a new leader was not given up in time",
    arguments: ["crash", "pause"])
  func goneAfterFailover(fault: String) throws {
    // The slaves come back within the second after the election.
    for instant in stride(from: 110_001, through: 111_001, by: 250) {
      let faults =
        "{at: 100s, kill: {masters: leader}}, {at: \(instant)ms, \(fault): {slaves: \"*\"}}"
      _ = try runBoth(scenario(faults, master: "masters: 2"), recovers: false)
    }
  }

  @Test(
    "BUG: a slave waited 75 s for a ping, whatever its master was told",
    arguments: [
      "{pingTimeout: 2m}", "{pingTimeout: 5s, pingTimeouts: 2}", "{pingTimeouts: 20}",
      "{pingTimeout: 1s, pingTimeouts: 1}", "{pingTimeout: 20s, pingTimeouts: 1}",
    ])
  func patience(master: String) throws {
    for faults in ["", "{at: 102s, partition: {slaves: node-0, from: master, for: 30s}}"] {
      _ = try runBoth(scenario(faults, master: "master: \(master)"))
    }
  }

  @Test("a slave that was cut off looks for its master as soon as the master's time is over")
  func patienceIsTold() throws {
    let sink = try runBoth(
      scenario(
        "{at: 102s, partition: {slaves: node-0, from: master, for: 30s}}",
        master: "master: {pingTimeout: 5s, pingTimeouts: 2}"))
    let arrivals = sink.arrivals(of: 0)
    #expect(arrivals.count == 2)
    // Its next attempt comes within 32 s, and its supervisor takes 5 s to start it as a new slave.
    #expect(try (132...170).contains(#require(arrivals.last)))
  }

  @Test(
    "BUG: a leader that stood still made up for ticks and shifted its pings only if literal",
    arguments: ["{}", "{pingTimeout: 1s, pingTimeouts: 3}", "{pingTimeout: 5s}"])
  func pausedLeader(master: String) throws {
    for pause in ["3s", "8928ms"] {
      let faults = """
        {at: 139479ms, pause: {masters: leader, for: \(pause)}}, \
        {at: 5m, pause: {slaves: node-1, for: 100s}}, \
        {at: 9m, crash: {slaves: node-2, for: 3m}}
        """
      let sink = try runBoth(scenario(faults, master: "master: \(master)"))
      #expect(sink.removals(of: 1).count == 1)
    }
  }

  @Test("BUG: a ping that a slave read late was forgotten when it was cut off afterwards")
  func lateReader() throws {
    for end in ["for: 1s", "for: 20s"] {
      _ = try runBoth(
        scenario(
          "{at: 299900ms, pause: {slaves: node-0, \(end)}}, "
            + "{at: 325s, partition: {slaves: node-0, from: master, for: 160s}}"))
    }
  }

  @Test("BUG: slaves given up at one instant were removed in the order of their timers")
  func removalsAtOneInstant() throws {
    // What the leader missed it does at once: from then on all pings are sent at one instant.
    let faults = """
      {at: 139479ms, pause: {masters: leader, for: 7s}}, {at: 5m, crash: {slaves: "*"}}
      """
    for interval in ["", ", removalInterval: 10s"] {
      let sink = try runBoth(
        scenario(faults, master: "master: {pingTimeout: 5s\(interval)}"))
      let removals = (0..<6).compactMap { sink.removals(of: SlaveIndex($0)).first }
      #expect(removals.count == 6)
      #expect(removals == removals.sorted())
    }
  }

  @Test(
    "BUG: slaves that a dead leader no longer pinged noticed only where pings were events",
    arguments: [
      "{at: 100s, kill: {masters: leader}}", "{at: 100s, kill: {masters: leader, for: 2m}}",
      "{at: 100s, kill: {masters: leader}}, "
        + "{at: 90s, partition: {slaves: \"*\", from: zookeeper, for: 3m}}",
    ])
  func deadLeader(faults: String) throws {
    for masters in 1...2 {
      for master in ["", "master: {pingTimeout: 1s, pingTimeouts: 3}"] {
        let text = scenario(faults, master: "masters: \(masters)\n  \(master)")
        _ = try runBoth(text, recovers: masters > 1)
      }
    }
  }

  @Test(
    "BUG: a slave whose old registration came late kept another id than its master had",
    arguments: ["kill", "crash"])
  func overtakenRegistration(fault: String) throws {
    for latency in ["1s", "{uniform: {min: 0s, max: 2s}}"] {
      let faults = "{at: 500ms, \(fault): {slaves: node-0, for: 100ms}}"
      let sink = try runBoth(scenario(faults, master: "network: {latency: \(latency)}"))
      let launches = sink.facts.filter {
        if case .taskLaunched(_, 0, _, _) = $0.fact { $0.instant.seconds > 60 } else { false }
      }
      #expect(!launches.isEmpty)
    }
  }

  @Test("BUG: answers to pings waited behind what a busy party handles, only where they were sent")
  func busyMaster() throws {
    let times = "serviceTimes: {master: {statusUpdate: 2s, otherCalls: 1s}, slave: {runTask: 9s}}"
    let sink = try runBoth(scenario("", master: "master: {pingTimeout: 5s}\n  \(times)"))
    #expect((0..<6).allSatisfy { sink.removals(of: SlaveIndex($0)).isEmpty })
  }

  @Test("after a reset at the instant of a ping every slave is back, and every job is done")
  func reset() throws {
    let run = try ScenarioText.run(scenario("{at: 5m, reset: {slaves: \"*\"}}"), isLiteral: false)
    let result = run.measured(window: run.window).result
    #expect(result.frameworks[0].jobs.finished == 20)
    #expect(result.tasks.lost == 0)
  }

  @Test("BUG: slaves due at one instant took turns as they had asked for, which depends on pings")
  func dueAtOneInstant() throws {
    // A random scenario that was made smaller: four slaves alike, whose scheduler is late.
    let text = """
      name: one-instant
      until: 10m
      cluster:
        network: {latency: 1ms}
        serviceTimes: {scheduler: {statusUpdate: 100ms, registered: 5s}}
        slaves:
          - {count: 1, name: "node-{index}", resources: "cpus:8;mem:16384;disk:10000"}
          - {count: 4, resources: "cpus:2;mem:1024"}
      frameworks: [{name: web, type: no-executor, tasks: 30}]
      allocators: [{name: fair}]
      faults: [{at: 0s, crash: {schedulers: "*", for: 292678ms}}]
      """
    _ = try runBoth(text)
  }
}
