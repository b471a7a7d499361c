// Part of mesosim. Apache-2.0, see LICENSE.
//
// One line on stderr that says how far the runs are, when a person is watching.

import Foundation
import Synchronization

/// Shows how far the runs are: percent of simulated time, events per second, time to go.
///
/// Wiped when done. May be called from any thread.
final class ProgressLine: Sendable {
  private struct State {
    var fractions: [Double]
    var events: [Int]
    var line: LiveLine
  }

  private let state: Mutex<State>
  private let isVerbose: Bool

  init(runs: Int, isQuiet: Bool, isVerbose: Bool) {
    state = Mutex(
      State(
        fractions: Array(repeating: 0, count: runs), events: Array(repeating: 0, count: runs),
        line: LiveLine(isWanted: !isQuiet)))
    self.isVerbose = isVerbose
  }

  /// Takes in how far one run is.
  func update(run: Int, fraction: Double, events: Int) {
    state.withLock { state in
      state.fractions[run] = fraction
      state.events[run] = events
      let (fractions, events) = (state.fractions, state.events)
      let elapsed = state.line.elapsed
      state.line.show(
        Self.text(
          done: fractions.reduce(0, +) / Double(fractions.count), events: events.reduce(0, +),
          elapsed: elapsed))
    }
  }

  /// Wipes the line; says what it all took if asked to be verbose.
  func finish() {
    state.withLock { state in
      state.line.wipe()
      guard isVerbose else { return }
      let tenths = Int((state.line.elapsed * 10).rounded())
      say("\(state.events.count) simulations took \(tenths / 10).\(tenths % 10) s")
    }
  }

  static func text(done: Double, events: Int, elapsed: TimeInterval) -> String {
    let rate = Double(events) / max(elapsed, 0.001)
    let percent = Int((done * 100).rounded(.down))
    var line = "\(percent)% of simulated time, \(short(rate)) events/s"
    if done > 0.01 { line += ", \(Int((elapsed / done - elapsed).rounded(.up))) s to go" }
    return line
  }

  private static func short(_ rate: Double) -> String {
    if rate >= 1e6 { return "\((rate / 1e5).rounded() / 10) M" }
    if rate >= 1e3 { return "\(Int((rate / 1e3).rounded())) k" }
    return "\(Int(rate))"
  }
}
