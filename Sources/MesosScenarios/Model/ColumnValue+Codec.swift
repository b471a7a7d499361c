// Part of mesosim. Apache-2.0, see LICENSE.
//
// A value of a trace's rows: a constant, a column, or a column with a unit or a factor.

internal import Mesos
internal import MesosWorkloads

/// What a value of a row is, which decides what constants and units it may have.
enum ColumnKind: Sendable {
  case instant, duration, count, amount, memory
}

extension Codec where Value == ColumnValue {
  /// A value that stands in a column, or is the same in all rows.
  static func column(_ kind: ColumnKind) -> Codec {
    let table = kind.table
    let constant = kind.constant
    let expected =
      (constant.map { "\($0.expected), " } ?? "")
      + "the name of a column, or a map such as {column: a, times: 2}"
    return Codec(
      expected: expected,
      read: { node, path, problems in
        if case .map = node.content { return table.read(node, path, &problems) }
        guard case .scalar(let text, _) = node.content, let word = node.kind, word != .null else {
          problems.mismatch(node, path, expected: expected)
          return nil
        }
        if let constant, kind.isConstant(text, word) {
          return constant.read(node, path, &problems).map { ColumnValue(constant: $0) }
        }
        return ColumnValue(column: text)
      },
      write: { value in
        if let number = value.constant, let constant { return constant.write(number) }
        let text = YAMLNode.text(value.column ?? "")
        let plain = ColumnValue(column: value.column)
        let isWord = text.kind.map { !kind.isConstant(value.column ?? "", $0) } ?? false
        return value == plain && isWord ? text : table.write(value)
      },
      schema: { builder in
        ["anyOf": [["type": ["string", "number"]], table.codec.schema(&builder)]]
      })
  }
}

extension ColumnKind {
  /// What the numbers of a column may count.
  private var units: [ColumnValue.Unit] {
    switch self {
    case .instant, .duration: [.ns, .us, .ms, .s, .min, .h, .d]
    case .memory: [.B, .KB, .MB, .GB, .TB]
    case .count, .amount: []
    }
  }

  /// How a constant is written; `nil` where all rows cannot be alike.
  var constant: Codec<Double>? {
    switch self {
    case .instant: return nil
    case .duration:
      return Codec<Duration>.positiveDuration.map(
        { (length) throws(Mismatch) in length.inSeconds }, { .rounded(seconds: $0) })
    case .count:
      return Codec<Int>.integer(1...StageTemplate.tasksMax).map(
        { (count) throws(Mismatch) in Double(count) }, { Int($0) })
    case .amount:
      return Codec<Double>.number("a number", in: NumberRange(least: 0, greatest: 1_000_000))
    case .memory: return Codec<Double>.megabytes
    }
  }

  /// Whether a scalar is meant as a constant and not as the name of a column.
  func isConstant(_ text: String, _ word: YAMLNode.Kind) -> Bool {
    switch self {
    case .instant: false
    case .count, .amount: word == .integer || word == .number
    case .duration:
      word == .integer || word == .number
        || (try? UnitText.duration.parse(text, expected: "")) != nil
    case .memory:
      word == .integer || word == .number
        || (try? UnitText.megabytes.parse(text, expected: "")) != nil
    }
  }

  /// The keys of a column with more to say of it.
  var table: Table<ColumnValue> {
    var fields: [Field<ColumnValue>] = [
      .required("column", \.column, .cellText, "the column"),
      .optional(
        "times", \.times, .number(above: 0, orEqual: false), "what the numbers are multiplied with"),
    ]
    let units = units
    if !units.isEmpty {
      fields.append(
        .optional(
          "unit", \.unit,
          Codec<String>.oneOf(units.map(\.rawValue)).map(
            { (word) throws(Mismatch) in ColumnValue.Unit(rawValue: word) ?? units[0] },
            { $0.rawValue }),
          "what the numbers count, if not \(self == .memory ? "MB" : "s")"))
    }
    if self == .duration {
      fields.append(
        .optional("minus", \.minus, .cellText, "a column to subtract, such as the start"))
    }
    if self == .instant || self == .duration {
      fields.append(
        .optional(
          "format", \.format, .calendarFormat,
          "how dates are written, such as '%d/%m/%Y %H:%M:%S'; 2017-09-04 10:30:41 by default")
      )
    }
    let name =
      switch self {
      case .instant: "instant column"
      case .duration: "duration column"
      case .count, .amount: "number column"
      case .memory: "memory column"
      }
    return Table(name: name, blank: ColumnValue(), fields: fields)
  }
}

extension Codec where Value == CalendarFormat {
  fileprivate static var calendarFormat: Codec {
    .scalar(
      "a form of dates such as '%d/%m/%Y %H:%M:%S'", [.text], schema: ["type": "string"],
      parse: { (text) throws(Mismatch) in
        guard let format = CalendarFormat(text) else {
          throw Mismatch(
            reason: "'\(text)' is no form of dates; expected year, month and day among %Y %m %b "
              + "%d %H %M %S %z, such as '%d/%m/%Y %H:%M:%S'")
        }
        return format
      },
      print: { YAMLNode(.scalar($0.pattern, style: .quoted)) })
  }
}
