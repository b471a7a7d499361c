// Part of mesosim. Apache-2.0, see LICENSE.
//
// One line on stderr that says how far the runs are, when a person is watching.

import Foundation
import Synchronization

/// Shows how far the runs are: percent of simulated time, events per second, time to go.
///
/// Appears after a second, and only on a terminal; wiped when done. May be called from any thread.
final class ProgressLine: Sendable {
  private struct State {
    var fractions: [Double]
    var events: [Int]
    var lastShown: TimeInterval = 0
    var isShown = false
  }

  private let state: Mutex<State>
  private let start = ProcessInfo.processInfo.systemUptime
  private let isOn: Bool
  private let isVerbose: Bool

  init(runs: Int, isQuiet: Bool, isVerbose: Bool) {
    state = Mutex(
      State(
        fractions: Array(repeating: 0, count: runs), events: Array(repeating: 0, count: runs)))
    self.isVerbose = isVerbose
    isOn = !isQuiet && isatty(STDERR_FILENO) == 1
  }

  /// Takes in how far one run is.
  func update(run: Int, fraction: Double, events: Int) {
    let now = ProcessInfo.processInfo.systemUptime
    state.withLock { state in
      state.fractions[run] = fraction
      state.events[run] = events
      guard isOn, now - start > 1, now - state.lastShown > 0.2 else { return }
      state.lastShown = now
      state.isShown = true
      let done = state.fractions.reduce(0, +) / Double(state.fractions.count)
      let total = state.events.reduce(0, +)
      write("\r\u{1B}[K" + Self.text(done: done, events: total, elapsed: now - start))
    }
  }

  /// Wipes the line; says what it all took if asked to be verbose.
  func finish() {
    let elapsed = ProcessInfo.processInfo.systemUptime - start
    state.withLock { state in
      if state.isShown { write("\r\u{1B}[K") }
      state.isShown = false
      guard isVerbose else { return }
      let tenths = Int((elapsed * 10).rounded())
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

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
