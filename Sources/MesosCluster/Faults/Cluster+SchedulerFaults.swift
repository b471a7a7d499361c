// Part of mesosim. Apache-2.0, see LICENSE.
//
// Schedulers that end, stand still and are started again from their factories (Rules 8.7).

package import Mesos
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
      .schedulerSilence, process.number, UInt32(bitPattern: process.incarnation.rawValue),
      at: simulation.now + Self.retransmissionTime, priority: .timer)
  }

  /// How long TCP sends again what nobody acknowledges before it gives a connection up (Linux:
  /// `tcp_retries2`).
  private static var retransmissionTime: Duration { .seconds(924) }

  /// The driver of a scheduler has ended, and its process with it; it is started again where its
  /// framework is supervised, unless it has done all that it was there for.
  package func driverEnded(of framework: FrameworkIndex, _ incarnation: Incarnation) {
    let process = schedulers[framework]
    guard process.incarnation == incarnation, process.state.isAlive else { return }
    let isDone = process.driver.ending == .stopped
    end(process, of: framework, as: isDone ? .done : .dead)
    if !isDone { superviseEnd(of: framework) }
  }

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
    if process.setup.isRemote {
      remoteSchedulers?.connectionEnded(with: process.number, process.incarnation)
    }
    if isSeen { schedulerStopped(process.number, process.incarnation) }
  }

  /// Has a scheduler that ended started again where its framework is supervised.
  private func superviseEnd(of framework: FrameworkIndex) {
    let process = schedulers[framework]
    guard let delay = process.setup.restartDelay else { return }
    schedule(
      .schedulerRestart, framework, UInt32(bitPattern: process.incarnation.rawValue),
      at: simulation.now + delay, priority: .timer)
  }

  /// Starts a scheduler that ended, as the next process of what a scenario calls a framework.
  ///
  /// To the master it is the same framework only if the scheduler has kept the id.
  func startScheduler(_ framework: FrameworkIndex) {
    let old = schedulers[framework]
    guard old.state == .dead else { return }
    // A machine that comes back answers the old connection with a reset.
    if crashedMachines.remove(.scheduler(framework)) != nil {
      schedulerStopped(old.number, old.incarnation)
    }
    startProcess(of: framework, with: old.storage)
  }

  /// Starts the next process of a framework in the place of one that has ended.
  func startProcess(of framework: FrameworkIndex, with storage: FrameworkStorage) {
    let old = schedulers[framework]
    let process = SchedulerProcess(
      index: framework, incarnation: old.incarnation.next, setup: old.setup, storage: storage,
      cluster: self, after: old)
    schedulers[framework] = process
    if process.number != old.number {
      isRenumbered = true
      // What one that has left waited for is void already.
      if old.state == .dead { recorder.record(.frameworkReplaced(framework), at: simulation.now) }
    }
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
