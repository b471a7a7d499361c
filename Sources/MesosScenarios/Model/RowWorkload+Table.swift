// Part of mesosim. Apache-2.0, see LICENSE.
//
// A trace whose rows are tasks, as a scenario writes it.

internal import MesosWorkloads

extension RowWorkload {
  /// The names of the formats.
  static let formats = ["csv", "swf"]

  /// The keys of the format this is in.
  var table: Table<RowWorkload> {
    switch layout {
    case .csv: Self.csvTable
    case .swf: Self.swfTable
    }
  }

  /// A table with columns that the scenario names.
  static let csvTable = table(
    "csv", RowWorkload(layout: .csv(TraceColumns()), file: ""),
    [
      .required("columns", \.columns, TraceColumns.table.codec, "where each thing stands"),
      .optional(
        "header", \.columns.header, Codec.text.list(),
        "the names of the columns, for a file that has no line of them"),
    ])

  /// The Standard Workload Format, whose jobs start on all their processors at once.
  static let swfTable: Table<RowWorkload> = {
    var blank = RowWorkload(layout: .swf(SWFOptions()), file: "")
    blank.isGang = true
    return table(
      "swf", blank,
      [
        .optional("user", \.swf.owner, .word(), "the field that tells whose a job is"),
        .optional(
          "memory", \.swf.memory, .word(),
          "what the memory asked for counts: KB a processor, bytes a job, or nothing"),
      ])
  }()

  private static func table(
    _ format: String, _ blank: RowWorkload, _ own: [Field<RowWorkload>]
  ) -> Table<RowWorkload> {
    Table(
      name: "\(format) trace", blank: blank,
      fields: [
        .name("format", format, "how the file is written"),
        .required(
          "file", \.file, .text, "the file, from the scenario's folder or ${MESOSIM_DATA}; or .gz"),
        .optional(
          "sha256", \.sha256, .sha256, "its SHA-256, to be sure that it is the one meant"),
        .optional("source", \.source, .text, "where it can be had"),
      ] + own + [
        .optional(
          "from", \.from, .writtenTime,
          "the time in the file that is the start; of the first row by default"),
        .optional("for", \.length, .positiveDuration, "how long after that rows count"),
        .optional(
          "every", \.every, .integer(1...1_000_000), "takes one of so many jobs of the file"),
        .optional(
          "gang", \.isGang, .flag, "whether all tasks of a row must start together, as with MPI"),
        .optional("users", \.users, .users, "whose rows count: {only: [a, b]} or {except: [a]}"),
        .optional(
          "split", \.split, Split.table.codec,
          "one framework for each of the users with the most work, one for the others"),
      ],
      check: { $0.check($1, $2, &$3) })
  }

  private func check(_ path: Path, _ node: YAMLNode, _ problems: inout Problems) {
    func complain(_ key: String, _ reason: String) {
      problems.add(at: node.position(of: Path(steps: [.key(key)])), path + key, reason)
    }
    do throws(Mismatch) { _ = try problems.files.resolve(file) } catch {
      complain("file", error.reason)
    }
    if length != nil, from == nil { complain("for", "'for' without 'from'; say when it begins") }
    if split != nil, users != .all {
      complain("users", "'users' beside 'split'; expected only one of them")
    }
    if split != nil || users != .all, case .csv(let columns) = layout, columns.user == nil {
      complain(
        split != nil ? "split" : "users", "no column tells whose a row is; name it in columns.user")
    }
  }

  private var columns: TraceColumns {
    get { if case .csv(let columns) = layout { columns } else { TraceColumns() } }
    set { layout = .csv(newValue) }
  }

  private var swf: SWFOptions {
    get { if case .swf(let options) = layout { options } else { SWFOptions() } }
    set { layout = .swf(newValue) }
  }
}

extension RowWorkload.Split {
  static let table = Table(
    name: "trace split", blank: RowWorkload.Split(),
    fields: [
      .optional(
        "largest", \.largest, .integer(1...1000),
        "how many users, those with the most work, get a framework of their own"),
      .optional(
        "others", \.others, .label, "what the name of the framework of all others ends in"),
    ])
}

extension TraceColumns {
  static let table = Table(
    name: "trace columns", blank: TraceColumns(),
    fields: [
      .required("submit", \.submit, .column(.instant), "when it is submitted"),
      .required("duration", \.duration, .column(.duration), "how long each task computes"),
      .optional("job", \.job, .cellText, "the job; rows with the same are one job"),
      .optional("tasks", \.tasks, .column(.count), "how many equal tasks a row stands for; 1"),
      .optional("cpus", \.cpus, .column(.amount), "the cpus of each task; 1"),
      .optional("mem", \.mem, .column(.memory), "the memory of each task; none"),
      .optional("gpus", \.gpus, .column(.amount), "the gpus of each task; none"),
      .optional("user", \.user, .cellText, "whose it is: a user, a queue, a tenant"),
      .optional("failed", \.failed, .cellText, "which rows failed; these are left out"),
    ])
}

extension Codec where Value == String {
  /// A name in a file from outside, which may look like a number.
  static var cellText: Codec {
    .scalar(
      "a name", [.text, .integer, .number, .bool],
      schema: ["type": ["string", "number", "boolean"]],
      parse: { (text) throws(Mismatch) in text }, print: YAMLNode.text)
  }

  /// A time as a file from outside writes it.
  fileprivate static var writtenTime: Codec {
    .scalar(
      "a time as the file has them, such as 3600 or 2017-10-16", [.text, .integer, .number],
      schema: ["type": ["string", "number"]],
      parse: { (text) throws(Mismatch) in text }, print: YAMLNode.text)
  }
}

extension Codec where Value == RowWorkload.Users {
  fileprivate static var users: Codec {
    let names = Codec<String>.cellText.list(atLeast: 1)
    let forms = choice(
      "users such as {only: [a, b]} or {except: [a]}",
      [
        Form(
          "only", names, { .only($0) }, { if case .only(let names) = $0 { names } else { nil } }),
        Form(
          "except", names, { .except($0) },
          { if case .except(let names) = $0 { names } else { nil } }),
      ])
    return forms.orShort(
      Codec<String>.oneOf(["all"]), { _ in .all }, { $0 == .all ? "all" : nil })
  }
}
