// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a command does in simulated time. Durations travel as the field's own: `sleep SECONDS`.

import Mesos

/// A command that needs no rule: how long it runs and what it exits with.
struct SimulatedCommand: Equatable {
  /// How long it runs, in nanoseconds.
  var length: Int64
  /// What it exits with.
  var exitCode: Int32

  /// Reads `sleep SECONDS`, `exit CODE`, and one after the other: `sleep 5; exit 1`; `nil` for any
  /// other command.
  static func read(_ line: String) -> SimulatedCommand? {
    if let length = sleepNanoseconds(line) { return SimulatedCommand(length: length, exitCode: 0) }
    if let code = exitCode(line) { return SimulatedCommand(length: 0, exitCode: code) }
    guard let end = line.firstIndex(of: ";"),
      let length = sleepNanoseconds(String(line[..<end])),
      let code = exitCode(String(line[line.index(after: end)...].drop { $0 == " " }))
    else { return nil }
    return SimulatedCommand(length: length, exitCode: code)
  }

  private static func exitCode(_ line: String) -> Int32? {
    guard line.hasPrefix("exit "), let code = UInt8(line.dropFirst(5)) else { return nil }
    return Int32(code)
  }

  /// The nanoseconds that `sleep SECONDS` runs, to 9 decimals; `nil` for any other command.
  ///
  /// Reads bytes, so that the value is exact and no number goes through floating point.
  static func sleepNanoseconds(_ command: String) -> Int64? {
    var command = command
    return command.withUTF8 { sleepNanoseconds($0) }
  }

  private static func sleepNanoseconds(_ bytes: UnsafeBufferPointer<UInt8>) -> Int64? {
    let word: StaticString = "sleep "
    guard bytes.count > 6 else { return nil }
    for place in 0..<6 where bytes[place] != word.utf8Start[place] { return nil }
    var nanoseconds: Int64 = 0
    var digits = 0
    var decimals: Int?
    for place in 6..<bytes.count {
      let byte = bytes[place]
      if byte == UInt8(ascii: "."), decimals == nil {
        decimals = 0
        continue
      }
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
      if let seen = decimals {
        guard seen < 9 else { return nil }
        decimals = seen + 1
      }
      guard let next = appending(Int64(byte - UInt8(ascii: "0")), to: nanoseconds) else {
        return nil
      }
      nanoseconds = next
      digits += 1
    }
    guard digits > 0 else { return nil }
    for _ in (decimals ?? 0)..<9 {
      guard let next = appending(0, to: nanoseconds) else { return nil }
      nanoseconds = next
    }
    return nanoseconds
  }

  private static func appending(_ digit: Int64, to number: Int64) -> Int64? {
    let (tens, overflow) = number.multipliedReportingOverflow(by: 10)
    let (sum, carry) = tens.addingReportingOverflow(digit)
    return overflow || carry ? nil : sum
  }
}

extension CommandInfo {
  /// The command line as a rule's pattern meets it: the text for a shell, or the arguments.
  var line: String {
    usesShell || arguments.isEmpty ? value : arguments.joined(separator: " ")
  }
}
