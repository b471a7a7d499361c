// Part of mesosim. Apache-2.0, see LICENSE.
//
// The field's own way of saying that a task computes for a time.

import Mesos

extension CommandInfo {
  /// The command that runs for so many nanoseconds, to the last of them.
  static func sleeping(_ nanoseconds: Int64) -> CommandInfo {
    let whole = nanoseconds / 1_000_000_000
    let fraction = nanoseconds % 1_000_000_000
    if fraction == 0 { return CommandInfo("sleep \(whole)") }
    var digits = String(fraction)
    digits = String(repeating: "0", count: 9 - digits.utf8.count) + digits
    while digits.last == "0" { digits.removeLast() }
    return CommandInfo("sleep \(whole).\(digits)")
  }
}
