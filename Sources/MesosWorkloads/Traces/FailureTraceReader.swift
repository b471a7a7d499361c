// Part of mesosim. Apache-2.0, see LICENSE.
//
// Recorded failures, as OpenDC keeps them: one line a failure.

/// A recorded failure.
public struct RecordedFailure: Sendable, Hashable {
  /// The time since the failure before it, in ms.
  public var intervalMilliseconds: Int64
  /// How long it lasted, in ms.
  public var durationMilliseconds: Int64
  /// The part of the hosts that it struck, 0 to 1.
  public var intensity: Double
}

/// Reads failures from a CSV with the columns `failure_interval`, `failure_duration` (both in ms)
/// and `failure_intensity` (0 to 1), in any order.
public enum FailureTraceReader {
  /// Reads all failures of a file.
  /// - Throws: `WorkloadError` with the line of the first fault.
  public static func failures(in file: TraceFile) throws(WorkloadError) -> [RecordedFailure] {
    let lines = file.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true)
    guard let head = lines.first else {
      throw .unreadable(file: file.path, reason: "is empty; expected failures, one a line")
    }
    let names = fields(of: head)
    func column(_ name: String) throws(WorkloadError) -> Int {
      guard let place = names.firstIndex(of: name) else {
        throw .unreadable(
          file: file.path, reason: "has no column '\(name)' in its first line")
      }
      return place
    }
    let interval = try column("failure_interval")
    let duration = try column("failure_duration")
    let intensity = try column("failure_intensity")
    var failures: [RecordedFailure] = []
    for (number, line) in lines.enumerated().dropFirst() {
      let values = fields(of: line)
      guard values.count == names.count,
        let between = Double(values[interval]), let length = Double(values[duration]),
        let part = Double(values[intensity]), (0...9e15).contains(between),
        (0...9e15).contains(length), (0...1).contains(part)
      else {
        throw .unreadable(
          file: file.path,
          reason: "line \(number + 1) is no failure; expected times in ms and a part from 0 to 1")
      }
      failures.append(
        RecordedFailure(
          intervalMilliseconds: Int64(between), durationMilliseconds: Int64(length),
          intensity: part))
    }
    return failures
  }

  private static func fields(of line: some Sequence<UInt8>) -> [String] {
    String(decoding: Array(line), as: UTF8.self)
      .split(separator: ",", omittingEmptySubsequences: false)
      .map { String($0.filter { !$0.isWhitespace && $0 != "\"" }) }
  }
}
