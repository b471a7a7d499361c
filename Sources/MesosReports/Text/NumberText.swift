// Part of mesosim. Apache-2.0, see LICENSE.
//
// Numbers as text, without a locale: the same everywhere.

/// Writes numbers for people and for files.
package enum NumberText {
  /// What stands where nothing was measured.
  static let unknown = "–"

  /// A number with a fixed count of decimals, such as `3.10`.
  package static func fixed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite else { return unknown }
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (abs(value) * scale).rounded(.toNearestOrEven)
    guard scaled < 9e15 else { return String(value) }
    let digits = String(Int64(scaled))
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard decimals > 0 else { return sign + digits }
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.utf8.count)) + digits
    return sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
  }

  /// A fraction as a percentage with one decimal, such as `58.3%`.
  package static func percent(_ fraction: Double?) -> String {
    fraction.map { fixed($0 * 100, 1) + "%" } ?? unknown
  }

  /// An index from 0 to 1, such as `0.963`; 1 only where it is all of it.
  static func index(_ value: Double?) -> String {
    guard let value else { return unknown }
    return fixed(value < 1 ? min(value, 0.999) : value, 3)
  }

  /// A factor with two significant digits or so, such as `3.1`, `12` or `1.05`.
  static func factor(_ value: Double?) -> String {
    guard let value else { return unknown }
    let size = abs(value)
    // Near 1 the second decimal is the news.
    if size < 1.495 { return fixed(value, 2) }
    return fixed(value, size < 9.95 ? 1 : 0)
  }

  /// A count with its thousands set apart by narrow spaces, such as `12 345`.
  package static func count(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.utf8.count - index) % 3 == 0 { text += "\u{202F}" }
      text.append(digit)
    }
    return (value < 0 ? "-" : "") + text
  }

  /// An amount of a resource in thousandths, such as `0.5` or `1 200`.
  static func amount(_ thousandths: Int64) -> String {
    let whole = thousandths / 1000
    return whole < 10 ? exact(thousandths, decimals: 3) : count(Int(whole))
  }

  /// An amount of memory in thousandths of a megabyte, such as `512 MB` or `384 GB`.
  static func memory(_ thousandths: Int64) -> String {
    thousandths < 1_024_000
      ? amount(thousandths) + "\u{202F}MB" : amount(thousandths / 1024) + "\u{202F}GB"
  }

  /// An exact decimal from a whole number of smaller units, without trailing zeros.
  ///
  ///     NumberText.exact(4_250_000_000, decimals: 9)   // 4.25
  static func exact(_ value: Int64, decimals: Int) -> String {
    let digits = String(value.magnitude)
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.utf8.count)) + digits
    let sign = value < 0 ? "-" : ""
    let tail = padded.suffix(decimals)
    guard let last = tail.lastIndex(where: { $0 != "0" }) else {
      return sign + padded.dropLast(decimals)
    }
    return sign + padded.dropLast(decimals) + "." + tail[...last]
  }
}

/// Writes durations for people, with two units at most: `850ms`, `4.2s`, `4m12s`, `3h05m`, `2d04h`.
package enum DurationText {
  /// A duration in seconds; unknown for none.
  package static func text(_ seconds: Double?) -> String {
    guard let seconds, seconds.isFinite, abs(seconds) < 1e15 else { return NumberText.unknown }
    if seconds < 0 { return "-" + text(-seconds) }
    if seconds == 0 { return "0s" }
    if seconds < 0.0995 { return small(seconds) }
    if seconds < 0.9995 { return NumberText.fixed(seconds * 1000, 0) + "ms" }
    if seconds < 9.95 { return NumberText.fixed(seconds, 1) + "s" }
    let whole = Int64(seconds.rounded(.toNearestOrEven))
    if whole < 60 { return "\(whole)s" }
    if whole < 3600 { return pair(whole, 60, "m", "s") }
    let minutes = Int64((seconds / 60).rounded(.toNearestOrEven))
    if minutes < 24 * 60 { return pair(minutes, 60, "h", "m") }
    return pair(Int64((seconds / 3600).rounded(.toNearestOrEven)), 24, "d", "h")
  }

  private static func small(_ seconds: Double) -> String {
    let milliseconds = seconds * 1000
    return NumberText.fixed(milliseconds, milliseconds < 9.95 ? 1 : 0) + "ms"
  }

  private static func pair(_ value: Int64, _ base: Int64, _ big: String, _ small: String) -> String
  {
    let rest = value % base
    return "\(value / base)\(big)\(rest < 10 ? "0" : "")\(rest)\(small)"
  }
}
