// Part of mesosim. Apache-2.0, see LICENSE.
//
// Virtual time, timers, randomness and store for one executor. What executors note in a journal is
// not read: jobs and demand are their schedulers' business.

import Mesos
import SimulationKernel
import VirtualTime

/// What an environment needs of the process around it.
protocol ExecutorEnvironmentHost: AnyObject {
  var now: Instant { get }
  var epoch: Int64 { get }
  /// What executors of this id have written down on this slave.
  var store: any Store { get }
  func random(named name: String) -> any RandomSource
  /// Has `fire` called with the slot then.
  func startTimer(_ slot: UInt32, at instant: Instant) -> LocalEvent.Ticket
  func cancel(_ ticket: LocalEvent.Ticket)
  /// What comes of a command that the executor starts.
  func run(of line: String, number: Int) -> CommandRun?
}

/// The `Environment` of an executor.
final class ExecutorEnvironment: Environment, Journal {
  /// `nil` once the process is gone.
  private weak var host: (any ExecutorEnvironmentHost)?
  private var timers = TimerTable<LocalEvent.Ticket>()
  private var streams: [String: any RandomSource] = [:]
  /// Looked for when it is asked for: few executors write anything down.
  private(set) lazy var store: any Store = host?.store ?? MemoryStore()

  init(host: any ExecutorEnvironmentHost) { self.host = host }

  var now: Instant { host?.now ?? .start }
  var epoch: Int64 { host?.epoch ?? 0 }
  var journal: any Journal { self }

  func startTimer(after delay: Duration, _ action: @escaping () -> Void) -> TimerID {
    guard let host else { return timers.startNone() }
    let instant = now + max(delay, .zero)
    return timers.start(action) { host.startTimer($0, at: instant) }
  }

  func cancelTimer(_ timer: TimerID) {
    if let ticket = timers.cancel(timer) { host?.cancel(ticket) }
  }

  /// Takes the timer whose instant has come, to be run.
  func take(_ slot: UInt32) -> (() -> Void)? { timers.take(slot) }

  /// Drops all timers: the process is gone.
  func cancelAllTimers() {
    for ticket in timers.removeAll() { host?.cancel(ticket) }
  }

  func random(named name: String) -> any RandomSource {
    if let known = streams[name] { return known }
    let made = host?.random(named: name) ?? Seeds(0).stream(name)
    streams[name] = made
    return made
  }

  func run(of line: String, number: Int) -> CommandRun? { host?.run(of: line, number: number) }

  // MARK: Journal

  func jobSubmitted(_ job: JobID, name: String) {}
  func jobFinished(_ job: JobID) {}
  func jobAbandoned(_ job: JobID) {}
  func demand(_ shape: Resources, delta: Int) {}
  func launching(_ task: TaskID, of job: JobID, runnableSince: Instant) {}
}
