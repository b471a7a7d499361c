// Part of mesosim. Apache-2.0, see LICENSE.
//
// Work that is spread over threads and comes back in the order in which it was given.

internal import Dispatch
internal import Synchronization

/// Computes `body` for every number below `count` on at most `threads` threads.
///
/// - Parameters:
///   - count: How many results there are to be.
///   - threads: How many are computed at a time.
///   - body: Computes one; called once for each number, from any thread.
/// - Returns: The results by number, whichever was ready first.
package func parallel<Result: Sendable>(
  _ count: Int, threads: Int, _ body: @Sendable (Int) -> Result
) -> [Result] {
  let results = Mutex<[Result?]>(Array(repeating: nil, count: count))
  let next = Atomic<Int>(0)
  DispatchQueue.concurrentPerform(iterations: min(max(1, threads), count)) { _ in
    while true {
      let index = next.add(1, ordering: .relaxed).oldValue
      guard index < count else { return }
      let result = body(index)
      results.withLock { $0[index] = result }
    }
  }
  return results.withLock { $0.compactMap(\.self) }
}
