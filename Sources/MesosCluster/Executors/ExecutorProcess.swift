// Part of mesosim. Apache-2.0, see LICENSE.
//
// The process of one framework's executor on one slave: the executor, its driver and its
// environment, in one container.

import Mesos
import SimulationKernel
import VirtualTime

/// A running executor.
final class ExecutorProcess: ExecutorDriverHost, ExecutorEnvironmentHost {
  let key: ExecutorKey
  let container: ContainerNumber
  let isKept: Bool

  private let info: ExecutorInfo
  private unowned let slave: SlaveHost
  /// Made with the process; `nil` when there is no such program.
  private var driver: SimulatedExecutorDriver?
  private var environment: ExecutorEnvironment?
  /// Whether the process is there; what it sent before it ended still arrives.
  private(set) var isAlive = true
  private var recoveryTimer: LocalEvent.Ticket?
  /// Until when it is busy.
  private var mailbox = Mailbox()
  /// What it ends with, once what is running in it has returned.
  private var pendingExit: Int32?

  init(
    _ key: ExecutorKey, _ info: ExecutorInfo, in container: ContainerNumber, isKept: Bool,
    on slave: SlaveHost
  ) {
    self.info = info
    self.key = key
    self.container = container
    self.isKept = isKept
    self.slave = slave
  }

  /// Starts the program: makes the executor and starts its driver.
  func start() {
    let environment = ExecutorEnvironment(host: self)
    self.environment = environment
    guard
      let executor = slave.makeExecutor(
        info, for: key.framework, environment: environment)
    else {
      // As a shell says it of a command that it does not find.
      return slave.post(.exit(self, status: 127 << 8))
    }
    let driver = SimulatedExecutorDriver(
      executor: executor, isKept: isKept,
      skipsDisconnected: slave.buffers.shared.settings.skipsDisconnected, host: self)
    self.driver = driver
    if let delay = (executor as? RuledExecutor)?.registrationDelay, delay > .zero {
      _ = environment.startTimer(after: delay) { _ = driver.start() }
    } else {
      run { _ = driver.start() }
    }
  }

  /// When a message of the slave that arrives now has been handled.
  func finish(_ message: ExecutorMessage) -> Instant {
    // Mesos's own executor of groups is as quick as that of commands.
    if info.kind == .default { return now }
    return mailbox.finish(
      arrivingAt: now, taking: slave.buffers.shared.executorTimes.time(message))
  }

  /// Hands one message of the slave to the driver.
  func receive(_ message: ExecutorMessage) {
    guard isAlive, let driver else { return }
    if case .reregistered = message { stopRecoveryTimer() }
    run { driver.receive(message) }
  }

  /// A timer of the executor's has come.
  func fire(_ timer: UInt32) {
    // One that has not begun waits for its beginning.
    guard isAlive, driver?.status == .running || driver?.status == .notStarted,
      let action = environment?.take(timer)
    else { return }
    run(action)
  }

  /// The slave's process is gone.
  func slaveLost() {
    guard isAlive, let driver else { return }
    run { driver.slaveLost() }
  }

  /// The slave has not come back in time.
  func recoveryTimedOut() {
    guard isAlive, let driver else { return }
    recoveryTimer = nil
    run { driver.recoveryTimedOut() }
  }

  /// Ends the process at once, as SIGKILL does.
  func kill() {
    isAlive = false
    driver?.kill()
    environment?.cancelAllTimers()
    stopRecoveryTimer()
  }

  /// Runs something of the executor's, and then sees whether the process ends.
  private func run(_ body: () -> Void) {
    body()
    guard isAlive, let status = pendingExit else { return }
    kill()
    slave.post(.exit(self, status: status))
  }

  private func stopRecoveryTimer() {
    if let recoveryTimer { slave.cancel(recoveryTimer) }
    recoveryTimer = nil
  }

  // MARK: For the driver

  var now: Instant { slave.now }

  func makeUpdateID() -> UpdateID { slave.makeUpdateID() }

  func send(_ report: ExecutorReport) { slave.post(.report(self, report)) }

  func exit(status: Int32) { pendingExit = pendingExit ?? status }

  func startRecoveryTimer() {
    let end = now + slave.buffers.shared.settings.recoveryTimeout
    recoveryTimer = slave.post(.recoveryTimeout(self), at: end)
  }

  // MARK: For the environment

  var epoch: Int64 { slave.delegate.epoch }

  var store: any Store { slave.delegate.store(of: key, on: slave.index) }

  func random(named name: String) -> any RandomSource {
    slave.delegate.simulation.seeds.stream(
      "executor/\(key.framework)/\(slave.index)/\(key.executor)/\(name)")
  }

  func startTimer(_ slot: UInt32, at instant: Instant) -> LocalEvent.Ticket {
    slave.post(.timer(self, slot), at: instant, priority: .timer)
  }

  func cancel(_ ticket: LocalEvent.Ticket) { slave.cancel(ticket) }

  func run(of line: String, number: Int) -> CommandRun? {
    slave.buffers.shared.run(of: line, number: number, by: key)
  }
}
