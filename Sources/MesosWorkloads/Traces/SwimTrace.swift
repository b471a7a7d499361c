// Part of mesosim. Apache-2.0, see LICENSE.
//
// Reads the Hadoop traces that Facebook gave to SWIM (github.com/SWIMProjectUCB/SWIM): one job a
// line, six tab-separated columns without a header. They have neither durations nor task counts.

public import VirtualTime

/// One job of a SWIM trace.
public struct SwimJob: Hashable, Sendable {
  /// The job's name in the file.
  public var name: String
  /// When it was submitted.
  public var submitted: Instant
  /// Bytes its maps read.
  public var inputBytes: Int64
  /// Bytes between its maps and reduces.
  public var shuffleBytes: Int64
  /// Bytes it wrote.
  public var outputBytes: Int64
}

/// A SWIM trace: jobs in the order of submission.
public struct SwimTrace: Sendable {
  /// The jobs, by submission.
  public let jobs: [SwimJob]

  /// Reads a trace.
  ///
  /// - Parameter file: The file's bytes.
  /// - Throws: `WorkloadError` with the line, when a column is missing, no whole number or
  ///   negative, or when a job is submitted before the one above it.
  public init(_ file: TraceFile) throws(WorkloadError) {
    var reader = SwimReader(file: file)
    self.jobs = try reader.jobs()
  }
}

/// Makes strings only of names and for messages.
private struct SwimReader {
  let file: TraceFile
  var line = 0
  private static let columns = [
    "job id", "submit time", "gap", "input bytes", "shuffle bytes", "output bytes",
  ]

  mutating func jobs() throws(WorkloadError) -> [SwimJob] {
    var jobs: [SwimJob] = []
    for next in file.lines {
      line = next.number
      let job = try job(next.bytes)
      if let last = jobs.last, job.submitted < last.submitted {
        throw malformed(
          "submitted at \(Int(job.submitted.seconds)) s, before the job above it "
            + "(\(Int(last.submitted.seconds)) s); expected jobs in order of submission")
      }
      jobs.append(job)
    }
    guard !jobs.isEmpty else {
      throw .unreadable(file: file.path, reason: "the trace is empty; expected one job a line")
    }
    return jobs
  }

  private func job(_ bytes: ArraySlice<UInt8>) throws(WorkloadError) -> SwimJob {
    let cells = bytes.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
    guard cells.count == Self.columns.count else {
      throw malformed(
        cells.count > Self.columns.count
          ? "more than 6 columns; expected \(Self.layout)"
          : "only \(cells.count) of 6 columns; expected \(Self.layout)")
    }
    guard !cells[0].isEmpty else { throw malformed("the job id is empty; expected a name") }
    let seconds = try number(cells[1], 1)
    _ = try number(cells[2], 2)
    let input = try number(cells[3], 3)
    let shuffle = try number(cells[4], 4)
    let output = try number(cells[5], 5)
    let (nanoseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    guard !overflow else { throw malformed("the submit time \(seconds) s is past 292 years") }
    return SwimJob(
      name: String(decoding: cells[0], as: UTF8.self),
      submitted: Instant(nanoseconds: nanoseconds),
      inputBytes: input, shuffleBytes: shuffle, outputBytes: output)
  }

  /// The columns, for messages.
  private static var layout: String {
    columns.joined(separator: ", ")
      + ", separated by tabs, without a header"
  }

  private func number(_ digits: ArraySlice<UInt8>, _ column: Int) throws(WorkloadError) -> Int64 {
    var value: Int64 = 0
    var isValid = !digits.isEmpty
    for byte in digits {
      let digit = byte &- UInt8(ascii: "0")
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(Int64(digit))
      guard digit < 10, !overflow, !carry else {
        isValid = false
        break
      }
      value = sum
    }
    if isValid { return value }
    let text = String(decoding: digits, as: UTF8.self)
    if digits.first == UInt8(ascii: "-"), Int64(text) != nil {
      throw malformed("\(Self.columns[column]) is negative (\(text)); expected 0 or more")
    }
    throw malformed("\(Self.columns[column]) is '\(text)'; expected a whole number")
  }

  private func malformed(_ reason: String) -> WorkloadError {
    .malformed(file: file.path, line: line, reason: reason)
  }
}
