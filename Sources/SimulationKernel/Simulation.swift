// Part of mesosim. Apache-2.0, see LICENSE.
//
// The clock and the loop: pops the next event, sets the time, calls its handler. What is done for
// speed here and in the rest of the kernel is explained in Performance.md.

public import VirtualTime

/// A virtual clock and the events that move it.
///
///     let simulation = Simulation(seed: 42)
///     let pinger = simulation.register(MyPinger())
///     simulation.schedule(
///       at: .start + .seconds(5), priority: .timer, to: pinger, code: 1, word: 0)
///     simulation.run(until: .start + .seconds(60))
///
/// One simulation belongs to one thread; several run side by side without knowing of each other.
/// The same seed and the same calls pass through exactly the same events.
public final class Simulation {
  private struct State: ~Copyable {
    var eventsHandled = 0
    var queue = EventQueue()
    var handlers = HandlerTable()
  }

  private let state: UnsafeMutablePointer<State>
  /// The present instant, kept apart, so that importing modules read it without a call.
  @usableFromInline let clock: UnsafeMutablePointer<Instant>

  /// Where named streams of random numbers come from.
  public let seeds: Seeds

  /// Makes a simulation at instant 0 with nothing to do.
  /// - Parameter seed: What all its random numbers derive from.
  public init(seed: UInt64) {
    seeds = Seeds(seed)
    state = .allocate(capacity: 1)
    state.initialize(to: State())
    clock = .allocate(capacity: 1)
    clock.initialize(to: .start)
  }

  deinit {
    state.deinitialize(count: 1)
    state.deallocate()
    clock.deallocate()
  }

  /// What all random numbers of the simulation derive from.
  public var seed: UInt64 { seeds.seed }

  /// The present instant: that of the event being handled, else of the last one, or where the last
  /// `run(until:)` ended.
  @inlinable public var now: Instant { clock.pointee }

  /// How many events have been handled, the one being handled included.
  public var eventsHandled: Int { state.pointee.eventsHandled }

  /// How many events are pending, cancelled ones not counted.
  public var eventsPending: Int { state.pointee.queue.count }

  /// The instant of the next event, cancelled ones not counted; nil when nothing is pending.
  public var nextInstant: Instant? { state.pointee.queue.nextInstant }

  /// Makes a handler known and keeps it alive as long as the simulation, or until `close`.
  ///
  /// A handler that keeps the simulation in turn forms a cycle, which the owner of both breaks by
  /// calling `close` in the end.
  /// - Parameter handler: What events scheduled to the number returned will happen to.
  /// - Returns: The handler's number; numbers are dense from 0. At most 2,048 can be registered;
  ///   one more is a programmer's error.
  public func register(_ handler: any EventHandler) -> HandlerID {
    state.pointee.handlers.append(handler)
  }

  /// Schedules an event.
  ///
  /// At equal instants the lesser priority comes first, then what was scheduled first.
  /// - Parameters:
  ///   - instant: When it happens; `now` is allowed, the past is a programmer's error.
  ///   - priority: Its rank among the events of the instant.
  ///   - handler: Whom it happens to.
  ///   - code: What happened.
  ///   - word: To whom, or where the rest is to be found.
  /// - Returns: A token with which the event can be cancelled.
  @discardableResult
  public func schedule(
    at instant: Instant, priority: EventPriority, to handler: HandlerID, code: UInt16,
    word: UInt64
  ) -> EventToken {
    // `fatalError`, since a release build would not print a precondition's message.
    guard instant >= now else {
      fatalError(
        "event \(code) for handler \(handler.index) is scheduled at \(instant), before \(now)")
    }
    guard state.pointee.handlers.contains(handler) else {
      fatalError(
        "event \(code) at \(instant) is for handler \(handler.index), which is not registered")
    }
    return state.pointee.queue.push(
      Event(code: code, word: word), at: instant, priority: priority, for: handler)
  }

  /// Takes an event back.
  /// - Parameter token: What `schedule` returned; that of an event that was handled or cancelled,
  ///   and
  ///   `EventToken.none`, are harmless.
  /// - Returns: Whether the event was pending.
  @discardableResult
  public func cancel(_ token: EventToken) -> Bool { state.pointee.queue.cancel(token) }

  /// What is pending for a handler, in the order in which it will happen, each with the token that
  /// takes it back.
  ///
  /// For a look now and then: all that is pending is gone through.
  /// - Parameter handler: Whom it happens to.
  /// - Returns: The events.
  public func pending(for handler: HandlerID) -> [(token: EventToken, event: ScheduledEvent)] {
    state.pointee.queue.pending(for: handler)
  }

  /// Handles the next event.
  /// - Returns: False when nothing was pending.
  @discardableResult
  public func step() -> Bool { advance(notAfter: .distantFuture) }

  /// Handles the next event, if it happens at `limit` or before.
  /// - Returns: False when none was due.
  public func step(notAfter limit: Instant) -> Bool { advance(notAfter: limit) }

  /// Handles all events up to and including `instant`, also those scheduled meanwhile, then sets
  /// the clock to it.
  /// - Parameter instant: Where to stop; the past is a programmer's error.
  public func run(until instant: Instant) {
    guard instant >= now else { fatalError("a run until \(instant) cannot begin at \(now)") }
    while advance(notAfter: instant) {}
    clock.pointee = instant
  }

  /// Forgets all handlers and pending events, so that handlers which keep the simulation can go.
  ///
  /// Not for a handler to call: it would be freed while it runs. Clock and counts remain readable.
  public func close() {
    state.pointee.queue = EventQueue()
    state.pointee.handlers = HandlerTable()
  }

  @inline(__always) private func advance(notAfter limit: Instant) -> Bool {
    guard let next = state.pointee.queue.pop(notAfter: limit) else { return false }
    clock.pointee = next.instant
    state.pointee.eventsHandled &+= 1
    state.pointee.handlers[next.handler]._withUnsafeGuaranteedRef {
      $0.handler.handle(next.event, at: next.instant)
    }
    return true
  }
}
