// Part of mesosim. Apache-2.0, see LICENSE.
//
// How far an exploration is, for whoever waits for it.

import Foundation
import Synchronization

/// Says how far an exploration is, on a terminal; each seed before it is run when asked to be
/// verbose, so that the one is known that ends the process.
final class ExplorationWatch: Sendable {
  private struct State {
    var ended = 0
    var failed = 0
    var line: LiveLine
  }

  private let state: Mutex<State>
  private let count: Int
  private let noun: String
  private let isVerbose: Bool

  init(_ count: Int, of noun: String, _ common: CommonOptions) {
    Interruption.listen()
    self.count = count
    self.noun = noun
    state = Mutex(State(line: LiveLine(isWanted: !common.quiet && !common.verbose)))
    isVerbose = common.verbose && !common.quiet
  }

  func begin(_ seed: UInt64) -> Bool {
    if isVerbose { say("seed \(seed)") }
    return !Interruption.isRequested
  }

  func end(isFailed: Bool) {
    state.withLock { state in
      state.ended += 1
      state.failed += isFailed ? 1 : 0
      let (ended, failed) = (state.ended, state.failed)
      state.line.show("\(ended) of \(count) \(noun), \(failed) failed")
    }
  }

  func finish() {
    state.withLock { $0.line.wipe() }
  }
}
