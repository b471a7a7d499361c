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
    var table = try TraceTable(file)
    let interval = try table.column("failure_interval")
    let duration = try table.column("failure_duration")
    let intensity = try table.column("failure_intensity")
    var failures: [RecordedFailure] = []
    while try table.nextRow() {
      func milliseconds(_ column: Int) throws(WorkloadError) -> Int64 {
        Int64(try table.number(column, in: 0...9e15, expected: "a time of at least 0, in ms"))
      }
      failures.append(
        RecordedFailure(
          intervalMilliseconds: try milliseconds(interval),
          durationMilliseconds: try milliseconds(duration),
          intensity: try table.number(
            intensity, in: 0...1, expected: "a part of the hosts, 0 to 1")))
    }
    return failures
  }
}
