// Part of mesosim. Apache-2.0, see LICENSE.
//
// Work that is spread over threads comes back in the order in which it was given.

import Testing
import Threads

@Suite("Work on several threads")
struct ParallelTests {
  @Test("results are by number, however many threads there are", arguments: [-1, 1, 2, 7, 200])
  func order(_ threads: Int) {
    let squares = parallel(100, threads: threads) { $0 * $0 }
    #expect(squares == (0..<100).map { $0 * $0 })
    #expect(parallel(0, threads: threads) { $0 }.isEmpty)
  }
}
