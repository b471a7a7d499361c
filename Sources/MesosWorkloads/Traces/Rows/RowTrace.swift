// Part of mesosim. Apache-2.0, see LICENSE.
//
// The rows of a trace in memory, some 40 bytes each.

internal import VirtualTime

/// The rows of a trace.
public struct RowTrace: Sendable {
  /// Tasks that are alike and come together.
  struct Row: Sendable {
    /// When they are submitted, in nanoseconds; first as the file has it, then after the start.
    var submitted: Int64
    /// How long each computes, in nanoseconds.
    var duration: Int64
    /// What each needs.
    var shape: Shape
    /// How many there are.
    var tasks: UInt32
    /// The number of their job: among the names, else what the file calls it, or the line.
    var job: UInt32
    /// The number of their user.
    var user: UInt32
  }

  /// What a task needs.
  struct Shape: Hashable, Sendable {
    /// Thousandths of a cpu.
    var cpus: UInt32
    /// MB.
    var mem: UInt32
    /// Thousandths of a gpu.
    var gpus: UInt32
  }

  /// Why a row is left out.
  public enum Omission: String, Sendable, CaseIterable {
    case noSubmission = "without a submit time"
    case noDuration = "without a run time"
    case noTasks = "without tasks or processors"
    case noResources = "need nothing"
    case failed = "failed"
    case partial = "are parts of a job that was interrupted"
    case early = "before 'from'"
    case late = "after the end of the window"
  }

  /// The SHA-256 of the file as it is stored, in hexadecimal.
  public internal(set) var sha256 = ""
  /// How many rows were left out, by reason; only reasons that there were.
  public internal(set) var omitted: [(reason: Omission, rows: Int)] = []
  /// The processors of the machine, if the file says so.
  public internal(set) var processors: Int?
  /// The nodes of the machine, if the file says so.
  public internal(set) var nodes: Int?

  /// The rows, in the order of the file.
  var rows = ChunkedRows()
  /// The names of users, by number.
  var users = NameTable()
  /// The names of jobs, by number; `nil` when each row is a job.
  var jobs: NameTable?
  /// What the names of jobs without a name begin with, before their numbers.
  private let jobPrefix: String

  init(jobPrefix: String) { self.jobPrefix = jobPrefix }

  /// What people call the job of a row.
  func jobName(_ row: Row) -> String { jobs.map { $0[Int(row.job)] } ?? "\(jobPrefix)\(row.job)" }

  /// More rows than this are taken for a mistake.
  static let rowsMax = 50_000_000

  /// How many rows there are.
  public var rowCount: Int { rows.count }
  /// How many jobs they make.
  public var jobCount: Int { jobs?.count ?? rows.count }

  /// Counts a row that is left out.
  mutating func omit(_ reason: Omission) {
    if let place = omitted.firstIndex(where: { $0.reason == reason }) {
      omitted[place].rows += 1
    } else {
      omitted.append((reason, 1))
    }
  }

  /// Counts times from the start of the run once all rows are there.
  mutating func finish(origin: Int64?) {
    let start = origin ?? rows.minSubmitted ?? 0
    rows.forEachMutable { row in
      let (time, overflow) = row.submitted.subtractingReportingOverflow(start)
      row.submitted = overflow ? .max : time
    }
    omitted.sort { $0.reason.rawValue < $1.reason.rawValue }
  }
}

/// Rows in pieces, so that growing never needs twice the room.
struct ChunkedRows: Sendable {
  private var chunks: [[RowTrace.Row]] = []
  private static let chunkSize = 1 << 14

  /// How many rows there are.
  var count: Int { chunks.isEmpty ? 0 : (chunks.count - 1) * Self.chunkSize + last }

  private var last: Int { chunks.last?.count ?? 0 }

  subscript(index: Int) -> RowTrace.Row { chunks[index / Self.chunkSize][index % Self.chunkSize] }

  mutating func append(_ row: RowTrace.Row) {
    if chunks.isEmpty || last == Self.chunkSize {
      var chunk: [RowTrace.Row] = []
      chunk.reserveCapacity(Self.chunkSize)
      chunks.append(chunk)
    }
    chunks[chunks.count - 1].append(row)
  }

  /// The earliest submission.
  var minSubmitted: Int64? {
    chunks.lazy.compactMap { $0.lazy.map(\.submitted).min() }.min()
  }

  func forEach(_ body: (RowTrace.Row) -> Void) {
    for chunk in chunks { for row in chunk { body(row) } }
  }

  mutating func forEachMutable(_ body: (inout RowTrace.Row) -> Void) {
    for index in chunks.indices {
      for place in chunks[index].indices { body(&chunks[index][place]) }
    }
  }
}
