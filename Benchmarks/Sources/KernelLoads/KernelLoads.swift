// Part of mesosim. Apache-2.0, see LICENSE.
//
// The loads that ours and C++'s kernel are measured with: the hold model (pop the least, push a
// later one, with a constant number pending), bare and as whole simulated events.

import Glibc
import KernelReference
import SimulationKernel
import VirtualTime

/// A load that is ready to run.
public protocol Load: AnyObject {
  /// Does this many rounds.
  /// - Returns: A checksum of the order in which events came out.
  func run(_ rounds: Int) -> UInt64
}

/// Exponential increments of time, drawn beforehand so that drawing is not measured.
public final class Increments {
  let nanoseconds: UnsafeMutablePointer<Int64>
  static let count = 1 << 16

  /// Draws the increments.
  public init() {
    nanoseconds = .allocate(capacity: Self.count)
    let stream = Seeds(1).stream("increments")
    for index in 0..<Self.count {
      // A millisecond on average.
      nanoseconds[index] = Int64(-1e6 * log(1 - stream.uniform())) + 1
    }
  }

  deinit { nanoseconds.deallocate() }

  subscript(position: Int) -> Int64 { nanoseconds[position & (Self.count - 1)] }

  var reference: reference_increments {
    reference_increments(nanoseconds: nanoseconds, count: Self.count)
  }
}

/// Our event queue alone.
public final class QueueLoad: Load {
  private let increments: Increments
  private var position = 0
  /// Behind a pointer, as in `Simulation`, so that no check for exclusive access is measured.
  private let queue: UnsafeMutablePointer<EventQueue>

  /// Fills the queue.
  public init(_ increments: Increments, pending: Int) {
    self.increments = increments
    queue = .allocate(capacity: 1)
    queue.initialize(to: EventQueue())
    for index in 0..<pending {
      queue.pointee.push(
        Event(code: 7, word: UInt64(index)), at: Instant(nanoseconds: increments[index]),
        priority: .message, for: HandlerID(index: 0))
    }
    position = pending
  }

  deinit {
    queue.deinitialize(count: 1)
    queue.deallocate()
  }

  /// Does this many rounds.
  /// - Returns: A checksum of the order in which events came out.
  public func run(_ rounds: Int) -> UInt64 {
    var sum: UInt64 = 0
    let table = increments.nanoseconds
    for position in position..<position + rounds {
      guard let next = queue.pointee.pop() else { return sum }
      sum = sum &* 31 &+ UInt64(bitPattern: next.instant.nanoseconds)
      let increment = table[position & (Increments.count - 1)]
      queue.pointee.push(
        next.event, at: next.instant.advanced(byNanoseconds: increment), priority: .message,
        for: next.handler)
    }
    position += rounds
    return sum
  }
}

/// Our whole simulation, through its public interface.
public final class SimulationLoad: Load {
  private let simulation = Simulation(seed: 1)
  private let shared: Shared

  /// What the handlers share.
  final class Shared {
    struct State {
      var position = 0
      var sum: UInt64 = 0
    }
    let increments: Increments
    let simulation: Simulation
    let state: UnsafeMutablePointer<State>

    init(_ increments: Increments, _ simulation: Simulation) {
      self.increments = increments
      self.simulation = simulation
      state = .allocate(capacity: 1)
      state.initialize(to: State())
    }

    deinit { state.deallocate() }
  }

  /// Schedules itself again.
  final class Repeater: EventHandler {
    private let shared: Shared
    private var handled = 0
    var id = HandlerID(index: 0)

    init(_ shared: Shared) { self.shared = shared }

    func handle(_ event: Event, at now: Instant) {
      handled += 1
      let state = shared.state
      state.pointee.sum = state.pointee.sum &* 31 &+ UInt64(bitPattern: now.nanoseconds)
      let increment = shared.increments[state.pointee.position]
      state.pointee.position += 1
      shared.simulation.schedule(
        at: now.advanced(byNanoseconds: increment), priority: .message, to: id, code: event.code,
        word: event.word)
    }
  }

  /// Registers the handlers and schedules the first events.
  public init(_ increments: Increments, pending: Int, handlers: Int) {
    shared = Shared(increments, simulation)
    let ids = (0..<handlers).map { _ in
      let repeater = Repeater(shared)
      repeater.id = simulation.register(repeater)
      return repeater.id
    }
    for index in 0..<pending {
      simulation.schedule(
        at: Instant(nanoseconds: increments[index]), priority: .message, to: ids[index % handlers],
        code: 7, word: UInt64(index))
    }
    shared.state.pointee.position = pending
  }

  deinit { simulation.close() }

  /// Does this many rounds.
  /// - Returns: A checksum of the order in which events came out.
  public func run(_ rounds: Int) -> UInt64 {
    for _ in 0..<rounds { simulation.step() }
    return shared.state.pointee.sum
  }
}
