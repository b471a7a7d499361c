// Part of mesosim. Apache-2.0, see LICENSE.
//
// Which run is next: all keep pace in simulated time, so that a comparison that is stopped has all
// of its runs at about the same instant.

import Foundation
import VirtualTime

/// Hands runs to threads turn by turn, the one that is furthest behind first.
///
/// A run that is far ahead of another waits. What runs decide does not depend on it.
final class RunQueue: @unchecked Sendable {
  private enum State {
    case waiting, taken, over
  }

  private let lock = NSCondition()
  private var states: [State]
  /// How far each was when it was last seen.
  private var instants: [Instant]
  private var isStopped = false

  init(_ count: Int) {
    states = Array(repeating: .waiting, count: count)
    instants = Array(repeating: .start, count: count)
  }

  /// The number of the run to go on with; `nil` when there is none any more.
  func next() -> Int? {
    lock.lock()
    defer { lock.unlock() }
    while !isStopped {
      let open = states.indices.filter { states[$0] != .over }
      guard let lowest = open.map({ instants[$0] }).min() else { return nil }
      let waiting = open.filter { states[$0] == .waiting }
      let isAnyTaken = waiting.count < open.count
      if let run = waiting.min(by: { instants[$0] < instants[$1] }),
        !isAnyTaken || instants[run].seconds <= Self.limit(lowest.seconds)
      {
        states[run] = .taken
        return run
      }
      lock.wait()
    }
    return nil
  }

  /// How far a run may be ahead of one that is at `seconds`: a quarter, and a minute at first.
  private static func limit(_ seconds: Double) -> Double { seconds * 1.25 + 60 }

  /// Takes a run back after its turn.
  /// - Parameters:
  ///   - run: Its number.
  ///   - instant: Where it stands; `nil` when it is over.
  func giveBack(_ run: Int, at instant: Instant?) {
    lock.lock()
    defer { lock.unlock() }
    states[run] = instant == nil ? .over : .waiting
    if let instant { instants[run] = instant }
    lock.broadcast()
  }

  /// Hands out none any more.
  func stop() {
    lock.lock()
    defer { lock.unlock() }
    isStopped = true
    lock.broadcast()
  }
}
