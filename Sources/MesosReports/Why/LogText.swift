// Part of mesosim. Apache-2.0, see LICENSE.
//
// Instants and lengths of time in the words of the page.

/// Writes instants and lengths of time as the page of a recorded run does.
enum LogText {
  /// An instant: `0d 02:13:07.250`.
  static func time(_ nanoseconds: Int) -> String {
    let seconds = nanoseconds / 1_000_000_000
    let thousandths = nanoseconds % 1_000_000_000 / 1_000_000
    return "\(seconds / 86400)d \(pad(seconds / 3600 % 24)):\(pad(seconds / 60 % 60)):"
      + "\(pad(seconds % 60)).\(pad(thousandths, to: 3))"
  }

  /// A length of time in two units at most: `1h 05m`, `38s`, `250ms`.
  static func duration(_ nanoseconds: Int) -> String {
    let ms = Double(nanoseconds) / 1e6
    if ms < 1 { return ms > 0 ? "\(rounded(Double(nanoseconds) / 1e3))µs" : "0s" }
    if ms < 1000 { return "\(rounded(ms))ms" }
    let seconds = rounded(ms / 1000)
    if seconds < 60, ms < 10000 {
      let tenths = rounded(ms / 100)
      return "\(tenths / 10).\(tenths % 10)s"
    }
    if seconds < 60 { return "\(seconds)s" }
    if seconds < 3600 { return "\(seconds / 60)m \(pad(seconds % 60))s" }
    let minutes = seconds / 60
    if minutes < 1440 { return "\(minutes / 60)h \(pad(minutes % 60))m" }
    return "\(minutes / 1440)d \(pad(minutes / 60 % 24))h"
  }

  private static func rounded(_ value: Double) -> Int { Int((value + 0.5).rounded(.down)) }

  private static func pad(_ value: Int, to width: Int = 2) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }
}
