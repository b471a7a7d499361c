// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a command does in simulated time. Durations travel as the field's own: `sleep SECONDS`.

import Mesos

/// Reads from a command how long it runs.
enum SimulatedCommand {
  /// The nanoseconds that `sleep SECONDS` runs, to 9 decimals; `nil` for any other command.
  ///
  /// Reads bytes, so that the value is exact and no number goes through floating point.
  static func sleepNanoseconds(_ command: String) -> Int64? {
    var bytes = command.utf8[...]
    guard bytes.starts(with: "sleep ".utf8) else { return nil }
    bytes = bytes.dropFirst(6)
    var nanoseconds: Int64 = 0
    var digits = 0
    var decimals: Int?
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        if let seen = decimals {
          guard seen < 9 else { return nil }
          decimals = seen + 1
        }
        let (tens, overflow) = nanoseconds.multipliedReportingOverflow(by: 10)
        let (sum, carry) = tens.addingReportingOverflow(Int64(byte - UInt8(ascii: "0")))
        guard !overflow, !carry else { return nil }
        nanoseconds = sum
        digits += 1
      case UInt8(ascii: ".") where decimals == nil: decimals = 0
      default: return nil
      }
    }
    guard digits > 0 else { return nil }
    for _ in (decimals ?? 0)..<9 {
      let (tens, overflow) = nanoseconds.multipliedReportingOverflow(by: 10)
      guard !overflow else { return nil }
      nanoseconds = tens
    }
    return nanoseconds
  }
}
