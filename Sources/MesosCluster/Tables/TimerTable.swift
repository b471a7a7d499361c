// Part of mesosim. Apache-2.0, see LICENSE.
//
// The timers of one process, a scheduler's or an executor's: what runs, by the slot that its event
// carries.

import Mesos

/// Actions that wait for their instants.
///
/// `Ticket` is what takes the event of a timer back.
struct TimerTable<Ticket> {
  private struct Timer {
    let action: () -> Void
    let ticket: Ticket
    let generation: UInt32
  }

  private var timers: [Timer?] = []
  private var free: [UInt32] = []
  private var started: UInt32 = 0

  /// Keeps an action.
  ///
  /// - Parameters:
  ///   - action: What runs.
  ///   - schedule: Has the event made that carries this slot.
  /// - Returns: The name under which the timer can be cancelled; of a slot that is used again, no
  ///   earlier name is good.
  mutating func start(
    _ action: @escaping () -> Void, _ schedule: (_ slot: UInt32) -> Ticket
  ) -> TimerID {
    let slot = free.popLast() ?? UInt32(timers.count)
    if slot == timers.count { timers.append(nil) }
    started &+= 1
    timers[Int(slot)] = Timer(action: action, ticket: schedule(slot), generation: started)
    return TimerID(UInt64(started) << 32 | UInt64(slot))
  }

  /// The name of a timer that never runs.
  mutating func startNone() -> TimerID {
    started &+= 1
    return TimerID(UInt64(started) << 32)
  }

  /// Forgets a timer; returns its ticket, or `nil` when it has run or was cancelled before.
  mutating func cancel(_ id: TimerID) -> Ticket? {
    let slot = UInt32(truncatingIfNeeded: id.value)
    guard timers.indices.contains(Int(slot)), let timer = timers[Int(slot)],
      timer.generation == UInt32(id.value >> 32)
    else { return nil }
    remove(slot)
    return timer.ticket
  }

  /// Takes out the action of a timer whose event has come.
  mutating func take(_ slot: UInt32) -> (() -> Void)? {
    guard timers.indices.contains(Int(slot)), let timer = timers[Int(slot)] else { return nil }
    remove(slot)
    return timer.action
  }

  /// Forgets all timers; returns their tickets.
  mutating func removeAll() -> [Ticket] {
    let tickets = timers.compactMap { $0?.ticket }
    timers = []
    free = []
    return tickets
  }

  private mutating func remove(_ slot: UInt32) {
    timers[Int(slot)] = nil
    free.append(slot)
  }
}
