// Part of mesosim. Apache-2.0, see LICENSE.
//
// Health checks and general checks of commands (Rules 10 and 12.9).

import Mesos
import SimulationKernel
import Testing
import VirtualTime

@testable import MesosCluster

@Suite("Health checks")
struct HealthCheckTests {
  private func rig(_ phases: [HealthPhase] = []) -> SlaveRig {
    SlaveRig(
      rules: CommandRules(commands: [CommandRule("serve", length: .endless, health: phases)]))
  }

  private static let checks: [HealthCheck] = [
    .command(CommandInfo("exit 0")),
    .command(CommandInfo("exit", usesShell: false, arguments: ["exit", "0"])),
    .http(port: 80), .tcp(port: 80),
  ]

  @Test(
    "HealthyTask, HealthyTaskNonShell, HealthyTaskViaHTTP, HealthyTaskViaTCP", arguments: checks)
  func healthyTask(check: HealthCheck) {
    let rig = rig()
    rig.launch("t", "serve") { $0.healthCheck = check }
    let before = rig.simulation.eventsHandled
    rig.run(until: 100_000)
    #expect(
      rig.takeNotes() == [
        "0.0 t TASK_RUNNING", "15.0 t TASK_RUNNING taskHealthCheckStatusUpdated healthy",
      ])
    // Checks that would only say the same are not events.
    #expect(rig.simulation.eventsHandled - before < 10)
  }

  @Test("HealthStatusChange")
  func healthStatusChange() {
    let rig = rig([
      HealthPhase(from: .seconds(20), .unhealthy), HealthPhase(from: .seconds(40), .healthy),
    ])
    rig.launch("t", "serve") { $0.healthCheck = .http(port: 80) }
    rig.run(until: 1000)
    #expect(
      rig.takeNotes().dropFirst() == [
        "15.0 t TASK_RUNNING taskHealthCheckStatusUpdated healthy",
        "25.0 t TASK_RUNNING taskHealthCheckStatusUpdated unhealthy",
        "35.0 t TASK_RUNNING taskHealthCheckStatusUpdated unhealthy",
        "45.0 t TASK_RUNNING taskHealthCheckStatusUpdated healthy",
      ])
  }

  @Test("a task that is unhealthy for too long is killed")
  func consecutiveFailures() {
    let rig = rig([HealthPhase(from: .seconds(100), .unhealthy)])
    rig.launch("t", "serve") { $0.healthCheck = .tcp(port: 80) }
    rig.run(until: 1000)
    #expect(
      rig.takeNotes().suffix(4) == [
        "105.0 t TASK_RUNNING taskHealthCheckStatusUpdated unhealthy",
        "115.0 t TASK_RUNNING taskHealthCheckStatusUpdated unhealthy",
        "125.0 t TASK_RUNNING taskHealthCheckStatusUpdated unhealthy",
        "125.0 t TASK_KILLED unhealthy: Command terminated with signal Terminated",
      ])
  }

  @Test("GracePeriod")
  func gracePeriod() {
    let rig = rig([
      HealthPhase(from: .zero, .unhealthy), HealthPhase(from: .seconds(50), .healthy),
    ])
    rig.launch("t", "serve") {
      $0.healthCheck = .http(port: 80)
      $0.healthCheck?.gracePeriodSeconds = 60
    }
    rig.run(until: 1000)
    #expect(
      rig.takeNotes() == [
        "0.0 t TASK_RUNNING", "55.0 t TASK_RUNNING taskHealthCheckStatusUpdated healthy",
      ])
  }

  @Test("CheckCommandTimeout")
  func checkCommandTimeout() {
    let rig = rig()
    rig.launch("t", "serve") {
      $0.healthCheck = HealthCheck(
        .command, command: CommandInfo("sleep 60"), delaySeconds: 0, timeoutSeconds: 1,
        consecutiveFailures: 1, gracePeriodSeconds: 0)
    }
    rig.run(until: 1000)
    #expect(
      rig.takeNotes() == [
        "0.0 t TASK_RUNNING",
        "1.0 t TASK_RUNNING taskHealthCheckStatusUpdated unhealthy",
        "1.0 t TASK_KILLED unhealthy: Command terminated with signal Terminated",
      ])
  }

  @Test("a general check reports what changes and never kills")
  func generalCheck() {
    let rig = rig([
      HealthPhase(from: .seconds(20), .unhealthy), HealthPhase(from: .seconds(500), .hangs),
    ])
    rig.launch("t", "serve") { $0.check = CheckInfo(.http, http: .init(port: 80)) }
    rig.run(until: 10_000)
    #expect(
      rig.takeNotes().dropFirst() == [
        "15.0 t TASK_RUNNING taskCheckStatusUpdated http(status: Optional(200))",
        "25.0 t TASK_RUNNING taskCheckStatusUpdated http(status: Optional(500))",
        "525.0 t TASK_RUNNING taskCheckStatusUpdated http(status: nil)",
      ])
  }
}
