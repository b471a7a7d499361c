// Part of mesosim. Apache-2.0, see LICENSE.
//
// What is scheduled, for whom, in which order, and how it is taken back. Plain values of a few
// words: a simulation makes hundreds of millions of them.

public import VirtualTime

/// What a handler gets: two numbers whose meaning handler and scheduler have agreed on.
///
/// By convention `code` says what happened and `word` to whom or to which record in a table;
/// what is larger stays in the handler's own tables.
public struct Event: Hashable, Sendable {
  /// What happened.
  public var code: UInt16
  /// To whom, or where the rest is to be found.
  public var word: UInt64

  /// Makes an event from its two numbers.
  @inlinable public init(code: UInt16, word: UInt64 = 0) {
    self.code = code
    self.word = word
  }
}

/// Something that events happen to.
public protocol EventHandler: AnyObject {
  /// Handles one event to completion.
  ///
  /// Called once for each event scheduled and not cancelled, in the order of instant, priority and
  /// sequence, never while another call is running. It may schedule and cancel events, at `now`
  /// too; it must not call `step`, `run` or `close`.
  func handle(_ event: Event, at now: Instant)
}

/// The number of a registered handler, dense from 0 in the order of registration.
///
/// A simulation has few handlers, at most 2,048: many parties share one, which finds them by an
/// event's word.
public struct HandlerID: Hashable, Sendable {
  static var limit: UInt32 { 1 << UInt32(EventKey.handlerBits) }

  /// The number.
  public let index: Int32

  /// Wraps a number that `Simulation.register` gave.
  @inlinable public init(index: Int32) { self.index = index }
}

/// The order of events at one instant; within a priority the one scheduled first comes first.
public enum EventPriority: UInt8, CaseIterable, Sendable {
  /// A message arrives: what was sent is known before anyone's time runs out.
  case message = 0
  /// A deadline passes: ticks, expiries, timeouts, ends of tasks.
  case timer = 1
  /// Looks at the instant when it is over: samples, recordings, the end of a run.
  case late = 2
}

/// Names one scheduled event, so that it can be cancelled.
///
/// A token is never given twice in a simulation, so an old one is harmless.
public struct EventToken: Hashable, Sendable {
  /// Priority, sequence and slot, as in `EventKey`; zero names no event.
  @usableFromInline let order: UInt64

  @inlinable init(order: UInt64) { self.order = order }

  /// Names no event; cancelling it does nothing.
  public static var none: EventToken { EventToken(order: 0) }
}
