// Part of mesosim. Apache-2.0, see LICENSE.
//
// One line on stderr that renews itself while a person is watching.

import Foundation

/// A line on the terminal that says how far something is.
///
/// Appears after a second, and only on a terminal that can wipe it; renewed five times a second at
/// most.
struct LiveLine {
  private let isOn: Bool
  private let start = ProcessInfo.processInfo.systemUptime
  private var lastShown: TimeInterval = 0
  private var isShown = false

  /// - Parameter isWanted: Whether to show anything on a terminal.
  init(isWanted: Bool) {
    isOn = isWanted && isatty(STDERR_FILENO) == 1 && !Terminal.isDumb
  }

  /// The seconds since it was made.
  var elapsed: TimeInterval { ProcessInfo.processInfo.systemUptime - start }

  /// Shows a text in place of the one before, if it is time for another.
  mutating func show(_ text: @autoclosure () -> String) {
    guard isOn, elapsed > 1, elapsed - lastShown > 0.2 else { return }
    lastShown = elapsed
    isShown = true
    // A line that is as wide as the terminal may move the cursor on to the next.
    write("\r\u{1B}[K" + text().prefix(max(1, Terminal.columns - 1)))
  }

  /// Wipes the line.
  mutating func wipe() {
    if isShown { write("\r\u{1B}[K") }
    isShown = false
  }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}

/// What the terminal can do.
enum Terminal {
  /// Whether it only prints what it is sent.
  static var isDumb: Bool { ProcessInfo.processInfo.environment["TERM"] == "dumb" }

  /// How many columns stderr has.
  static var columns: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}
