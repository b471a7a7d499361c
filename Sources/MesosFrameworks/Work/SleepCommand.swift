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
    // A one in front keeps the zeros behind the point; those at the end say nothing.
    var digits = 1_000_000_000 + fraction
    while digits % 10 == 0 { digits /= 10 }
    return CommandInfo("sleep " + String(whole) + "." + String(String(digits).dropFirst()))
  }
}
