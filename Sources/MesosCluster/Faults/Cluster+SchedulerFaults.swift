// Part of mesosim. Apache-2.0, see LICENSE.
//
// Schedulers that end, stand still and are started again from their factories (Rules 8.7).

import Mesos
import SimulationKernel
import VirtualTime

extension Cluster {
  /// Ends a scheduler's process: its timers are dropped, and masters see its connection break.
  func killScheduler(_ framework: FrameworkIndex) {
    let process = schedulers[framework]
    guard process.state.isAlive else { return }
    end(process, of: framework, as: .dead)
    superviseEnd(of: framework)
  }

  /// Ends a scheduler's process with its machine: no supervisor is left to start it again, and the
  /// connection stands open until the machine answers with a reset, or until the master's TCP gives
  /// up (Rules 8.7).
  func crashScheduler(_ framework: FrameworkIndex) {
    let process = schedulers[framework]
    guard process.state.isAlive else { return }
    end(process, of: framework, as: .dead, isSeen: false)
    crashedMachines.insert(.scheduler(framework))
    schedule(
      .schedulerSilence, framework, UInt32(bitPattern: process.incarnation.rawValue),
      at: simulation.now + Self.retransmissionTime, priority: .timer)
  }

  /// How long TCP sends again what nobody acknowledges before it gives a connection up (Linux:
  /// `tcp_retries2`).
  private static var retransmissionTime: Duration { .seconds(924) }

  /// Ends a scheduler's process, if it lives: its timers are dropped, what waits for it goes, and
  /// the master sees its connection break, unless its machine is gone, too.
  func end(
    _ process: SchedulerProcess, of framework: FrameworkIndex, as state: SchedulerProcess.State,
    isSeen: Bool = true
  ) {
    let wasAlive = process.state.isAlive
    process.state = state
    guard wasAlive else { return }
    process.environment.dropTimers()
    for slot in process.takeWaitingMessages() { _ = messages.take(slot) }
    process.environment.endDemand()
    if isSeen { schedulerStopped(framework, process.incarnation) }
  }

  /// A scheduler has stopped or aborted its driver: nothing can be offered to it any more.
  func driverEnded(_ framework: FrameworkIndex) {
    schedulers[framework].environment.endDemand()
  }

  /// Has a scheduler that ended, or whose driver was aborted, started again where its framework is
  /// supervised.
  func superviseEnd(of framework: FrameworkIndex) {
    let process = schedulers[framework]
    guard let delay = process.setup.restartDelay else { return }
    schedule(
      .schedulerRestart, framework, UInt32(bitPattern: process.incarnation.rawValue),
      at: simulation.now + delay, priority: .timer)
  }

  /// Starts a scheduler that ended, as another process of the same framework.
  func startScheduler(_ framework: FrameworkIndex) {
    let old = schedulers[framework]
    guard old.state == .dead || old.state.isAlive && old.driver.status == .aborted else { return }
    // A machine that comes back answers the old connection with a reset.
    if crashedMachines.remove(.scheduler(framework)) != nil {
      schedulerStopped(framework, old.incarnation)
    }
    // The process whose driver was aborted makes room.
    end(old, of: framework, as: .dead)
    startProcess(of: framework, with: old.storage)
  }

  /// Starts the next process of a framework in the place of one that has ended.
  func startProcess(of framework: FrameworkIndex, with storage: FrameworkStorage) {
    let old = schedulers[framework]
    let process = SchedulerProcess(
      index: framework, incarnation: old.incarnation.next, setup: old.setup, storage: storage,
      cluster: self)
    schedulers[framework] = process
    _ = process.driver.start()
  }

  func resumeScheduler(_ framework: FrameworkIndex) {
    let process = schedulers[framework]
    guard process.state == .paused else { return }
    process.state = .running
    for slot in process.takeWaitingTimers() { process.fire(slot) }
    for slot in process.takeWaitingMessages() { handOverToScheduler(framework, slot) }
    process.driver.retryIfDue()
    notifyOfLeader(scheduler: framework)
  }
}
