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
  func random(named name: String) -> any RandomSource
  /// Has `fire` called with the slot then.
  func startTimer(_ slot: UInt32, at instant: Instant) -> LocalEvent.Ticket
  func cancel(_ ticket: LocalEvent.Ticket)
}

/// The `Environment` of an executor.
final class ExecutorEnvironment: Environment, Journal {
  private struct Timer {
    let action: () -> Void
    let ticket: LocalEvent.Ticket
    let generation: UInt32
  }

  /// `nil` once the process is gone.
  private weak var host: (any ExecutorEnvironmentHost)?
  private var timers: [Timer?] = []
  private var freeTimers: [UInt32] = []
  private var timersStarted: UInt32 = 0
  private var streams: [String: any RandomSource] = [:]
  let store: any Store

  init(host: any ExecutorEnvironmentHost, store: any Store) {
    self.host = host
    self.store = store
  }

  var now: Instant { host?.now ?? .start }
  var epoch: Int64 { host?.epoch ?? 0 }
  var journal: any Journal { self }

  func startTimer(after delay: Duration, _ action: @escaping () -> Void) -> TimerID {
    timersStarted &+= 1
    guard let host else { return TimerID(UInt64(timersStarted) << 32) }
    let slot: UInt32
    if let reused = freeTimers.popLast() {
      slot = reused
    } else {
      slot = UInt32(timers.count)
      timers.append(nil)
    }
    let ticket = host.startTimer(slot, at: now + max(delay, .zero))
    timers[Int(slot)] = Timer(action: action, ticket: ticket, generation: timersStarted)
    return TimerID(UInt64(timersStarted) << 32 | UInt64(slot))
  }

  func cancelTimer(_ timer: TimerID) {
    let slot = Int(UInt32(truncatingIfNeeded: timer.value))
    guard timers.indices.contains(slot), let entry = timers[slot],
      entry.generation == UInt32(timer.value >> 32)
    else { return }
    host?.cancel(entry.ticket)
    timers[slot] = nil
    freeTimers.append(UInt32(slot))
  }

  /// Takes the timer whose instant has come, to be run.
  func take(_ slot: UInt32) -> (() -> Void)? {
    guard timers.indices.contains(Int(slot)), let timer = timers[Int(slot)] else { return nil }
    timers[Int(slot)] = nil
    freeTimers.append(slot)
    return timer.action
  }

  /// Drops all timers: the process is gone.
  func cancelAllTimers() {
    for timer in timers { if let timer { host?.cancel(timer.ticket) } }
    timers = []
    freeTimers = []
  }

  func random(named name: String) -> any RandomSource {
    if let known = streams[name] { return known }
    let made = host?.random(named: name) ?? Seeds(0).stream(name)
    streams[name] = made
    return made
  }

  // MARK: Journal

  func jobSubmitted(_ job: JobID, name: String) {}
  func jobFinished(_ job: JobID) {}
  func jobAbandoned(_ job: JobID) {}
  func demand(_ shape: Resources, delta: Int) {}
  func launching(_ task: TaskID, of job: JobID, runnableSince: Instant) {}
}
