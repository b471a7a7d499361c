// Part of mesosim. Apache-2.0, see LICENSE.
//
// What stands for Mesos's own executor of commands: their end, by themselves or on request, and
// their checks (Rules 10; Mesos: `launcher/executor.cpp`).

import Mesos
import VirtualTime

extension SlaveContainers {
  /// The instant has come that was asked for last.
  mutating func wake(_ number: ContainerNumber) {
    guard isLive(number) else { return }
    let container = containers[Int(number)]
    guard container.detail != noSlot else {
      return finish(number)
    }
    let slot = Int(container.detail)
    if details[slot].readyAt <= now {
      if let failure = details[slot].failure {
        return end(number, .launchFailed(failure))
      }
      return start(number)
    }
    if details[slot].memoryExcess <= now {
      return exceedMemory(number, slot)
    }
    if details[slot].diskExcess <= now {
      return exceedDisk(number, slot)
    }
    if container.end <= now { return finish(number) }
    if details[slot].diesAt <= now {
      return die(number, of: "Terminated")
    }
    if details[slot].killAt <= now { return die(number, of: "Killed") }
    if details[slot].maxCompletion <= now {
      let report = CommandReport(
        .failed, message: "Command exceeded its maximum completion time",
        reason: .maxCompletionTimeReached)
      return end(number, .command(report))
    }
    judge(number, slot)
    if isLive(number) { arm(number) }
  }

  // MARK: The end

  /// The command has come to its end.
  private mutating func finish(_ number: ContainerNumber) {
    let container = containers[Int(number)]
    guard container.detail != noSlot || container.exitCode != 0 else {
      free(number)
      let seen = CommandReport(.finished, message: "Command exited with status 0")
      return report(.command(seen), of: number)
    }
    let message = "Command exited with status \(container.exitCode)"
    let state: TaskState = container.exitCode == 0 ? .finished : .failed
    endCommand(number, state, message)
  }

  /// The command was ended by a signal.
  private mutating func die(_ number: ContainerNumber, of signal: String) {
    endCommand(number, .failed, "Command terminated with signal \(signal)")
  }

  /// Reports the end of a command; one that was asked to end is KILLED, however it ended.
  private mutating func endCommand(
    _ number: ContainerNumber, _ state: TaskState, _ message: String
  ) {
    var report = CommandReport(state, message: message)
    if containers[Int(number)].detail != noSlot {
      switch details[Int(containers[Int(number)].detail)].cause {
      case .request?: report.state = .killed
      case .health?:
        report.state = .killed
        report.isHealthy = false
      case nil: break
      }
    }
    end(number, .command(report))
  }

  /// Asks a command to end, within its kill policy or, at a shutdown, the slave's grace period.
  mutating func killCommand(
    _ number: ContainerNumber, isShutdown: Bool, by policy: KillPolicy? = nil
  ) {
    guard isLive(number), !containers[Int(number)].isExecutor,
      containers[Int(number)].phase != .preparing
    else { return }
    let slot = detail(of: number)
    let grace: Int64
    if isShutdown {
      // Mesos's executor keeps two seconds of the grace period for itself
      // (`launcher/executor.cpp`).
      grace = (settings.executorShutdownGracePeriod - .seconds(2)).wholeNanoseconds
    } else {
      grace =
        policy?.gracePeriod?.wholeNanoseconds ?? details[slot].killPolicyGrace
        ?? settings.commandKillGracePeriod.wholeNanoseconds
    }
    terminate(number, slot, .request, grace: max(0, grace))
  }

  private mutating func terminate(
    _ number: ContainerNumber, _ slot: Int, _ cause: ContainerDetail.Cause, grace: Int64
  ) {
    if containers[Int(number)].phase == .terminating {
      // A shorter grace period counts from the first request.
      let end = max(now, details[slot].killRequested.advanced(byNanoseconds: grace))
      details[slot].killAt = min(details[slot].killAt, end)
      return arm(number)
    }
    containers[Int(number)].phase = .terminating
    details[slot].cause = cause
    details[slot].killRequested = now
    details[slot].health = nil
    details[slot].check = nil
    details[slot].maxCompletion = .distantFuture
    details[slot].killAt = now.advanced(byNanoseconds: grace)
    switch rule(of: slot)?.onTerminate ?? .ends(after: .zero) {
    case .ends(let delay): details[slot].diesAt = now + max(.zero, delay)
    case .ignored: break
    }
    if containers[Int(number)].reportsKilling {
      report(.command(CommandReport(.killing)), of: number)
    }
    if details[slot].diesAt <= now {
      return die(number, of: "Terminated")
    }
    arm(number)
  }

  // MARK: Checks

  private mutating func judge(_ number: ContainerNumber, _ slot: Int) {
    let phases = rule(of: slot)?.health ?? []
    let startedAt = details[slot].startedAt
    if let check = details[slot].check, check.probe.resultAt <= now,
      let status = details[slot].check?.judge(phases, startedAt: startedAt)
    {
      let seen = CommandReport(.running, reason: .taskCheckStatusUpdated, checkStatus: status)
      report(.command(seen), of: number)
    }
    guard let health = details[slot].health, health.probe.resultAt <= now,
      let verdict = details[slot].health?.judge(phases, startedAt: startedAt)
    else { return }
    switch verdict {
    case .silence: break
    case .report(let isHealthy): reportHealth(isHealthy, of: number)
    case .kill:
      reportHealth(false, of: number)
      let grace =
        details[slot].killPolicyGrace ?? settings.commandKillGracePeriod.wholeNanoseconds
      terminate(number, slot, .health, grace: max(0, grace))
    }
  }

  private mutating func reportHealth(_ isHealthy: Bool, of number: ContainerNumber) {
    let seen = CommandReport(
      .running, reason: .taskHealthCheckStatusUpdated, isHealthy: isHealthy)
    report(.command(seen), of: number)
  }
}
