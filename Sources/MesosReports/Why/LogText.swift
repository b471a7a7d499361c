// Part of mesosim. Apache-2.0, see LICENSE.
//
// Instants and lengths of time in the words of the page.

/// Writes instants and lengths of time as the page of a recorded run does.
public enum LogText {
  /// Reads an instant as it is written: `0d 02:13:07.250`, or from the hours on.
  /// - Returns: The end of that thousandth, in nanoseconds, so that all it shows has happened by
  ///   then; `nil` if it is no instant.
  public static func instant(_ text: String) -> Int? {
    let form = /(?:(\d{1,5})d )?(\d{1,2}):(\d{2}):(\d{2})(?:\.(\d{1,3}))?/
    guard let match = text.wholeMatch(of: form), let hours = Int(match.2),
      let minutes = Int(match.3), let seconds = Int(match.4)
    else { return nil }
    let days = match.1.flatMap { Int($0) } ?? 0
    let fraction = String(match.5 ?? "")
    let padded = fraction + String(repeating: "0", count: 3 - fraction.count)
    let whole = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    return (whole * 1000 + (Int(padded) ?? 0)) * 1_000_000 + 999_999
  }

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

  /// A number with its thousands apart: `1,234`.
  static func count(_ count: Int) -> String {
    var groups: [Substring] = []
    var digits = Substring(String(count.magnitude))
    while digits.count > 3 {
      groups.insert(digits.suffix(3), at: 0)
      digits = digits.dropLast(3)
    }
    return (count < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
  }

  /// A part of a whole in hundredths of a percent: `31.25%`.
  static func share(_ share: Double) -> String {
    let hundredths = rounded(min(max(share, 0), 1e9) * 10000)
    return "\(hundredths / 100).\(pad(hundredths % 100))%"
  }

  /// The shares of a role, the top level first.
  static func shares(_ shares: [Double]) -> String {
    shares.map(share).joined(separator: " › ")
  }

  /// A place among some: `2nd of 3`.
  static func place(_ place: Int, of count: Int) -> String {
    let isTeen = (11...13).contains(place % 100)
    let ending =
      switch isTeen ? 0 : place % 10 {
      case 1: "st"
      case 2: "nd"
      case 3: "rd"
      default: "th"
      }
    return "\(place)\(ending) of \(count)"
  }

  /// Those before a place, three at most by name: `, after a, b and 2 more`.
  static func after(_ names: [String], of count: Int) -> String {
    if count == 0 { return "" }
    let named = names.suffix(3)
    if named.isEmpty { return ", after \(count) others" }
    let more = count > named.count ? " and \(count - named.count) more" : ""
    return ", after " + named.joined(separator: ", ") + more
  }

  private static func rounded(_ value: Double) -> Int { Int((value + 0.5).rounded(.down)) }

  private static func pad(_ value: Int, to width: Int = 2) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }
}
