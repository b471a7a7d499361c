// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a scenario says of a trace whose rows are tasks: how it is written, and whose rows count.

internal import VirtualTime

/// Jobs from a file with a row for each job, or for each group of equal tasks of one.
public struct RowWorkload: Hashable, Sendable {
  /// How the file is written.
  public enum Layout: Hashable, Sendable {
    /// A table; its columns are named here.
    case csv(TraceColumns)
    /// The Standard Workload Format of the Parallel Workloads Archive.
    case swf(SWFOptions)
  }

  /// Whose rows become jobs.
  public enum Users: Hashable, Sendable {
    /// Everybody's.
    case all
    /// Theirs, as the file has the names.
    case only([String])
    /// All but theirs.
    case except([String])
  }

  /// One framework for each of the users with the most work, and one for the others.
  public struct Split: Hashable, Sendable {
    /// How many users get a framework of their own.
    public var largest: Int
    /// What the name of the framework of all others ends in.
    public var others: String

    /// Describes a split.
    public init(largest: Int = 8, others: String = "others") {
      self.largest = largest
      self.others = others
    }
  }

  /// How the file is written.
  public var layout: Layout
  /// The path of the file as the scenario has it.
  public var file: String
  /// The SHA-256 of the file, to be sure that it is the one meant.
  public var sha256: String?
  /// Where the file can be had.
  public var source: String?
  /// The time in the file that is the start of the run, as the file writes times.
  ///
  /// Rows before it are left out; `nil` for the time of the first.
  public var from: String?
  /// How long rows count after `from`; `nil` for all.
  public var length: Duration?
  /// Takes the first of every so many jobs.
  public var every = 1
  /// Whether all tasks of a row must start together.
  public var isGang = false
  /// Whose rows become jobs.
  public var users = Users.all
  /// Whether it stands for several frameworks.
  public var split: Split?

  /// Describes a trace.
  public init(layout: Layout, file: String) {
    self.layout = layout
    self.file = file
  }

  /// What decides how the file is read; workloads that share it share the rows.
  public var reading: RowWorkload {
    var reading = RowWorkload(layout: layout, file: file)
    reading.from = from
    reading.length = length
    return reading
  }

  /// Whether some rows may need gpus.
  public var usesGPUs: Bool {
    guard case .csv(let columns) = layout, let gpus = columns.gpus else { return false }
    return gpus.constant.map { $0 > 0 } ?? true
  }

  /// Reads the file.
  ///
  /// - Parameter path: Where it is.
  /// - Returns: Its rows; memory grows by some 40 bytes a row, and as much as their names take.
  /// - Throws: `WorkloadError` when it is missing, damaged or another than expected, or with the
  ///   line of the first fault.
  /// - Complexity: O(bytes), and O(rows log rows) when they are not in order of submission.
  public func read(_ path: String) throws(WorkloadError) -> RowTrace {
    let bytes = try TraceBytes(opening: path, source: source, sha256: sha256)
    switch layout {
    case .csv(let columns): return try columns.read(bytes, self)
    case .swf(let options): return try options.read(bytes, self)
    }
  }
}

/// Where in a table each thing stands.
public struct TraceColumns: Hashable, Sendable {
  /// When a row's tasks are submitted.
  public var submit = ColumnValue()
  /// How long each task computes.
  public var duration = ColumnValue()
  /// What job a row belongs to; without it each row is a job.
  public var job: String?
  /// How many equal tasks a row stands for; 1 without it.
  public var tasks: ColumnValue?
  /// The cpus of each task; 1 without it.
  public var cpus: ColumnValue?
  /// The memory of each task in MB; none without it.
  public var mem: ColumnValue?
  /// The gpus of each task; none without it.
  public var gpus: ColumnValue?
  /// Whose the row is: a user, a queue, a tenant.
  public var user: String?
  /// Tells the rows that failed, which are left out: a number above 0, or `true`, `yes` or a word
  /// that begins with `fail`.
  public var failed: String?
  /// The names of the columns, for a table without a line of them.
  public var header: [String] = []

  /// Names no column yet.
  public init() {}
}

/// A value that stands in a column, or is the same in all rows.
public struct ColumnValue: Hashable, Sendable {
  /// What the numbers of a column count.
  public enum Unit: String, Hashable, Sendable, CaseIterable {
    case ns, us, ms, s, min, h, d
    case B, KB, MB, GB, TB

    /// Nanoseconds of a unit of time, bytes of a unit of memory (1024 to the next, as in Mesos).
    var factor: Int64 {
      switch self {
      case .ns, .B: 1
      case .us: 1000
      case .ms: 1_000_000
      case .s: 1_000_000_000
      case .min: 60_000_000_000
      case .h: 3_600_000_000_000
      case .d: 86_400_000_000_000
      case .KB: 1 << 10
      case .MB: 1 << 20
      case .GB: 1 << 30
      case .TB: 1 << 40
      }
    }
  }

  /// The column; `nil` for a constant.
  public var column: String?
  /// The value in all rows: seconds, MB, or a number.
  public var constant: Double?
  /// A column that is subtracted, such as the start of what ends in `column`.
  public var minus: String?
  /// What the numbers are multiplied with; 1 without it.
  public var times: Double?
  /// What they count, if not seconds or MB.
  public var unit: Unit?
  /// How dates are written, if not as in 2017-09-04 10:30:41.
  public var format: CalendarFormat?

  /// Describes a value.
  public init(column: String? = nil, constant: Double? = nil) {
    self.column = column
    self.constant = constant
  }
}

/// What cannot be told from a file in the Standard Workload Format.
public struct SWFOptions: Hashable, Sendable {
  /// The field that tells whose a job is.
  public enum Owner: String, Hashable, Sendable, CaseIterable {
    case user, group, program, queue, partition

    /// Its number in the format, from 0.
    var field: Int {
      switch self {
      case .user: 11
      case .group: 12
      case .program: 13
      case .queue: 14
      case .partition: 15
      }
    }
  }

  /// What the memory asked for counts.
  public enum Memory: String, Hashable, Sendable, CaseIterable {
    /// KB a processor, as the format has it.
    case kilobytes = "KB"
    /// Bytes of all processors together, as some logs have it.
    case bytes
    /// Nothing that counts.
    case none
  }

  /// Whose a job is.
  public var owner = Owner.user
  /// What the memory asked for counts.
  public var memory = Memory.kilobytes

  /// Takes a log as the format has it.
  public init() {}
}
