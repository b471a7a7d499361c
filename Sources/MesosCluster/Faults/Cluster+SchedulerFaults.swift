// Part of mesosim. Apache-2.0, see LICENSE.
//
// Schedulers that end, stand still and are started again from their factories (Rules 8.7).

import Mesos
import SimulationKernel
import VirtualTime

extension Cluster {
  /// Ends a scheduler's process: its timers are dropped, and masters see its connection break.
  func killScheduler(_ framework: FrameworkIndex) {
    let process = schedulers[Int(framework)]
    guard process.state != .dead else { return }
    process.state = .dead
    process.environment.dropTimers()
    for slot in process.takeWaitingMessages() { _ = messages.take(slot) }
    schedulerStopped(framework, process.incarnation)
    superviseEnd(of: framework)
  }

  /// Has a scheduler that ended, or whose driver was aborted, started again where its framework is
  /// supervised.
  func superviseEnd(of framework: FrameworkIndex) {
    guard let delay = setup.frameworks[Int(framework)].restartDelay else { return }
    schedule(.schedulerRestart, framework, 0, at: simulation.now + delay, priority: .timer)
  }

  /// Starts a scheduler that ended, as another process of the same framework.
  func startScheduler(_ framework: FrameworkIndex) {
    let old = schedulers[Int(framework)]
    guard old.state == .dead || old.driver.status == .aborted else { return }
    if old.state != .dead {
      // The process whose driver was aborted makes room.
      old.state = .dead
      old.environment.dropTimers()
      schedulerStopped(framework, old.incarnation)
    }
    let process = SchedulerProcess(
      index: framework, incarnation: old.incarnation + 1,
      setup: setup.frameworks[Int(framework)],
      storage: old.storage, cluster: self)
    schedulers[Int(framework)] = process
    _ = process.driver.start()
  }

  func resumeScheduler(_ framework: FrameworkIndex) {
    let process = schedulers[Int(framework)]
    guard process.state == .paused else { return }
    process.state = .running
    for slot in process.takeWaitingTimers() { process.fire(slot) }
    for slot in process.takeWaitingMessages() { handOverToScheduler(framework, slot) }
    notifyOfLeader(party(of: framework))
  }
}
