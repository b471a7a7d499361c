// Part of mesosim. Apache-2.0, see LICENSE.
//
// The Standard Workload Format (Feitelson's Parallel Workloads Archive, version 2.2): 18 numbers a
// line with blanks between them, -1 for what is not known, comments behind semicolons.

extension SWFOptions {
  /// How many fields the format has; what some logs append is not looked at.
  private static let fieldsMax = 18

  /// Reads a log.
  func read(_ bytes: TraceBytes, _ workload: RowWorkload) throws(WorkloadError) -> RowTrace {
    var lines = TraceLines(bytes)
    let window = try RowWindow(workload, in: bytes.path, ColumnValue())
    var trace = RowTrace(jobPrefix: "job-")
    trace.sha256 = bytes.sha256
    var fields: [DecimalNumber] = []
    while let line = try lines.next() {
      if line.first == UInt8(ascii: ";") {
        trace.noteHeader(line)
        continue
      }
      try Self.split(line, lines, into: &fields)
      add(fields, window, to: &trace)
      guard trace.rows.count <= RowTrace.rowsMax else {
        throw lines.malformed("more than \(RowTrace.rowsMax) jobs; split the file")
      }
    }
    guard lines.number > 0 else {
      throw .unreadable(file: bytes.path, reason: "is empty; expected one job a line")
    }
    trace.finish(origin: window.start)
    return trace
  }

  /// Splits a line into the numbers of the format.
  private static func split(
    _ line: ArraySlice<UInt8>, _ lines: TraceLines, into fields: inout [DecimalNumber]
  ) throws(WorkloadError) {
    fields.removeAll(keepingCapacity: true)
    var rest = line
    while fields.count < fieldsMax {
      rest = rest.drop { $0.isBlank }
      if rest.isEmpty { break }
      let field = rest.prefix { !$0.isBlank }
      guard let number = DecimalNumber(field) else {
        throw lines.malformed(
          "field \(fields.count + 1) is '\(String(decoding: field, as: UTF8.self))'; expected a "
            + "number")
      }
      fields.append(number)
      rest = rest[field.endIndex...]
    }
    guard fields.count == fieldsMax else {
      throw lines.malformed("only \(fields.count) of \(fieldsMax) fields")
    }
  }

  /// Adds a job, or counts why not.
  private func add(_ fields: [DecimalNumber], _ window: RowWindow, to trace: inout RowTrace) {
    func number(_ field: Int) -> Int64 { fields[field].counted(in: 1) ?? -1 }
    // Jobs with checkpoints have a line for each part before that for the whole.
    if (2...4).contains(number(10)) { return trace.omit(.partial) }
    guard let submitted = fields[1].counted(in: 1_000_000_000), submitted >= 0 else {
      return trace.omit(.noSubmission)
    }
    if let reason = window.omission(submitted) { return trace.omit(reason) }
    guard let duration = fields[3].counted(in: 1_000_000_000), duration > 0 else {
      return trace.omit(.noDuration)
    }
    // What was allocated, else what was asked for.
    let processors = number(4) > 0 ? number(4) : number(7)
    guard processors > 0, processors <= Int64(StageTemplate.tasksMax) else {
      return trace.omit(.noTasks)
    }
    let user = Array(String(number(owner.field)).utf8)
    trace.rows.append(
      RowTrace.Row(
        submitted: submitted, duration: duration,
        shape: RowTrace.Shape(
          cpus: 1000, mem: megabytes(number(9), number(6), processors), gpus: 0),
        tasks: UInt32(clamping: processors), job: UInt32(clamping: number(0)),
        user: UInt32(clamping: trace.users.number(user[...]))))
  }

  /// MB a processor, rounded up: what was asked for, else what was used.
  private func megabytes(_ asked: Int64, _ used: Int64, _ processors: Int64) -> UInt32 {
    switch memory {
    case .none: return 0
    case .kilobytes:
      let kilobytes = asked > 0 ? asked : used
      return kilobytes > 0 ? UInt32(clamping: (kilobytes - 1) >> 10 + 1) : 0
    case .bytes:
      let unit = processors << 20
      return asked > 0 ? UInt32(clamping: (asked - 1) / unit + 1) : 0
    }
  }
}

extension RowTrace {
  /// Takes note of what a comment such as `; MaxProcs: 100` says of the machine.
  fileprivate mutating func noteHeader(_ line: ArraySlice<UInt8>) {
    let text = String(decoding: line.prefix(200), as: UTF8.self)
    let parts = text.drop { $0 == ";" || $0 == " " }.split(separator: ":", maxSplits: 1)
    guard parts.count == 2 else { return }
    let value = parts[1].drop { $0 == " " || $0 == "\t" }.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int(value), (1...StageTemplate.tasksMax).contains(number) else { return }
    switch parts[0] {
    case "MaxProcs": processors = number
    case "MaxNodes": nodes = number
    default: break
    }
  }
}
