// Part of mesosim. Apache-2.0, see LICENSE.
//
// From the rows of a table to rows of a trace.

internal import VirtualTime

extension TraceColumns {
  /// Reads a table.
  func read(_ bytes: TraceBytes, _ workload: RowWorkload) throws(WorkloadError) -> RowTrace {
    var table = try TraceTable(bytes, header: header)
    let places = try Places(self, in: table)
    let window = try RowWindow(workload, in: bytes.path, submit)
    var trace = RowTrace(jobPrefix: "line-")
    trace.sha256 = bytes.sha256
    if job != nil { trace.jobs = NameTable() }
    while try table.nextRow() {
      try places.read(table, window, into: &trace)
      guard trace.rows.count <= RowTrace.rowsMax else {
        throw table.malformed("more than \(RowTrace.rowsMax) rows; split the file")
      }
    }
    trace.finish(origin: window.start)
    return trace
  }
}

/// Which rows count by the time of their submission.
struct RowWindow {
  /// The first instant that counts, in nanoseconds as the file counts; `nil` for any.
  let start: Int64?
  private let length: Int64

  /// Reads when the window begins, as a cell of the column would be.
  init(_ workload: RowWorkload, in file: String, _ submit: ColumnValue) throws(WorkloadError) {
    length = workload.length?.wholeNanoseconds ?? .max
    guard let from = workload.from else {
      start = nil
      return
    }
    switch submit.time(ArraySlice(from.utf8)) {
    case .value(let nanoseconds): start = nanoseconds
    case .unknown, .none, .impossible:
      throw .unreadable(
        file: file,
        reason: "'from' is '\(from)'; expected a time as the file has them, \(submit.expectedTime)")
    }
  }

  /// Why a row that is submitted then does not count; `nil` if it does.
  func omission(_ submitted: Int64) -> RowTrace.Omission? {
    guard let start else { return nil }
    if submitted < start { return .early }
    // No overflow: it is not before the start.
    return UInt64(submitted &- start) >= UInt64(length) ? .late : nil
  }
}

/// The columns of a table by their places.
private struct Places {
  /// A value with the places of its columns; one reference, since it is asked of every row.
  final class Value {
    let value: ColumnValue
    let column: Int?
    let minus: Int?

    init(_ value: ColumnValue, in table: TraceTable) throws(WorkloadError) {
      self.value = value
      column = try Places.place(value.column, table)
      minus = try Places.place(value.minus, table)
    }

    convenience init?(_ value: ColumnValue?, in table: TraceTable) throws(WorkloadError) {
      guard let value else { return nil }
      try self.init(value, in: table)
    }
  }

  let submit: Value
  let duration: Value
  let tasks: Value?
  let cpus: Value?
  let mem: Value?
  let gpus: Value?
  let job: Int?
  let user: Int?
  let failed: Int?

  init(_ columns: TraceColumns, in table: TraceTable) throws(WorkloadError) {
    submit = try Value(columns.submit, in: table)
    duration = try Value(columns.duration, in: table)
    tasks = try Value(columns.tasks, in: table)
    cpus = try Value(columns.cpus, in: table)
    mem = try Value(columns.mem, in: table)
    gpus = try Value(columns.gpus, in: table)
    job = try Self.place(columns.job, table)
    user = try Self.place(columns.user, table)
    failed = try Self.place(columns.failed, table)
  }

  private static func place(_ name: String?, _ table: TraceTable) throws(WorkloadError) -> Int? {
    guard let name else { return nil }
    return try table.column(name)
  }

  /// Adds the present row of a table, or counts why not.
  func read(
    _ table: TraceTable, _ window: RowWindow, into trace: inout RowTrace
  ) throws(WorkloadError) {
    if let failed, table.bytes(failed).saysFailed { return trace.omit(.failed) }
    guard let submitted = try submit.time(table) else { return trace.omit(.noSubmission) }
    if let reason = window.omission(submitted) { return trace.omit(reason) }
    guard let length = try duration.length(table), length > 0 else {
      return trace.omit(.noDuration)
    }
    let count = try tasks?.amount(table, unit: 1, StageTemplate.tasksMax) ?? 1
    guard count > 0 else { return trace.omit(.noTasks) }
    let shape = RowTrace.Shape(
      cpus: try cpus?.amount(table, unit: 1000, Int(UInt32.max)) ?? 1000,
      mem: try mem?.megabytes(table) ?? 0,
      gpus: try gpus?.amount(table, unit: 1000, Int(UInt32.max)) ?? 0)
    guard shape != RowTrace.Shape(cpus: 0, mem: 0, gpus: 0) else {
      return trace.omit(.noResources)
    }
    let number = job.flatMap { trace.jobs?.number(table.bytes($0)) } ?? table.line
    trace.rows.append(
      RowTrace.Row(
        submitted: submitted, duration: length, shape: shape, tasks: count,
        job: UInt32(clamping: number),
        user: UInt32(clamping: user.map { trace.users.number(table.bytes($0)) } ?? 0)))
  }
}

extension Places.Value {
  /// When the row is submitted, in nanoseconds as the file counts; `nil` when it does not say.
  func time(_ table: TraceTable) throws(WorkloadError) -> Int64? {
    guard let column else { return 0 }
    return try time(table, column)
  }

  private func time(_ table: TraceTable, _ place: Int) throws(WorkloadError) -> Int64? {
    switch value.time(table.bytes(place)) {
    case .value(let nanoseconds): return nanoseconds
    case .unknown: return nil
    case .impossible(let reason):
      throw table.malformed(
        "column '\(table.header[place])' is '\(table.text(place))': \(reason)")
    case .none: throw table.mismatch(place, expected: value.expectedTime)
    }
  }

  /// A time between two, or as the column has it; `nil` when it is not known or negative.
  func length(_ table: TraceTable) throws(WorkloadError) -> Int64? {
    guard let column else {
      return Duration.wholeNanoseconds(seconds: value.constant ?? 0)
    }
    guard let minus else { return try time(table, column).flatMap { $0 < 0 ? nil : $0 } }
    guard let end = try time(table, column), let start = try time(table, minus), end >= start
    else { return nil }
    let (length, overflow) = end.subtractingReportingOverflow(start)
    return overflow ? nil : length
  }

  /// A number in whole parts of 1 in `unit`, rounded; zero when it is not known.
  func amount(_ table: TraceTable, unit: Int64, _ max: Int) throws(WorkloadError) -> UInt32 {
    guard let column else {
      return UInt32(min((value.constant ?? 0) * Double(unit), 4e9).rounded())
    }
    let cell = table.bytes(column)
    if cell.isUnknown { return 0 }
    guard let number = DecimalNumber(cell) else {
      throw table.mismatch(column, expected: "a number")
    }
    guard let parts = value.scaled(number, by: unit), parts <= max else {
      throw table.mismatch(column, expected: "a number of at most \(max / Int(unit))")
    }
    return UInt32(clamping: parts)
  }

  /// Memory in MB, rounded up; zero when it is not known.
  func megabytes(_ table: TraceTable) throws(WorkloadError) -> UInt32 {
    guard let column else { return UInt32(min(value.constant ?? 0, 4e9).rounded(.up)) }
    let cell = table.bytes(column)
    if cell.isUnknown { return 0 }
    guard let number = DecimalNumber(cell) else {
      throw table.mismatch(column, expected: "an amount of memory")
    }
    let unit = value.unit ?? .MB
    guard let bytes = value.scaled(number, by: unit.factor), bytes >> 20 < UInt32.max else {
      throw table.mismatch(column, expected: "an amount of memory, in \(unit.rawValue)")
    }
    return UInt32(clamping: bytes > 0 ? (bytes - 1) >> 20 + 1 : 0)
  }
}

extension ColumnValue {
  /// What a cell says of a time.
  enum Time {
    /// Nanoseconds, as the file counts.
    case value(Int64)
    /// That it is not known.
    case unknown
    /// A date that there is not.
    case impossible(String)
    /// Nothing that can be read.
    case none
  }

  /// What a cell says of a time: a number, or a date.
  func time(_ cell: ArraySlice<UInt8>) -> Time {
    if cell.isUnknown { return .unknown }
    do throws(ImpossibleTime) {
      if let format {
        return try format.nanoseconds(cell).map(Time.value) ?? .none
      }
      if let number = DecimalNumber(cell) {
        return scaled(number, by: (unit ?? .s).factor).map(Time.value)
          ?? .impossible("that is more than 292 years")
      }
      return try CalendarTime.nanoseconds(cell).map(Time.value) ?? .none
    } catch {
      return .impossible(error.reason)
    }
  }

  /// What a time can be, for messages.
  var expectedTime: String {
    if let format { return "a time written as '\(format.pattern)'" }
    return "a number of \(unit?.rawValue ?? "s"), or a date such as 2017-09-04 10:30:41"
  }

  /// A number times the factor, counted in parts of 1.
  fileprivate func scaled(_ number: DecimalNumber, by unit: Int64) -> Int64? {
    guard let times else { return number.counted(in: unit) }
    let product = (number.value * times * Double(unit)).rounded()
    return Int64(exactly: product)
  }
}

extension ArraySlice<UInt8> {
  /// Whether a cell says that there is nothing to say.
  fileprivate var isUnknown: Bool {
    guard count <= 4 else { return false }
    guard let first else { return true }
    // Nearly all cells are numbers.
    if first &- UInt8(ascii: "0") < 10 { return false }
    return ["-1", "-", "na", "n/a", "nan", "null", "none", "\\n"].contains(
      String(decoding: self, as: UTF8.self).lowercased())
  }

  /// Whether a cell says that something failed.
  fileprivate var saysFailed: Bool {
    if let number = DecimalNumber(self) { return number.digits > 0 }
    let word = String(decoding: self, as: UTF8.self).lowercased()
    return word == "true" || word == "yes" || word.hasPrefix("fail")
  }
}
