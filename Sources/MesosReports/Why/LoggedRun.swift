// Part of mesosim. Apache-2.0, see LICENSE.
//
// The lines of an event log, one after another.

import Foundation

/// A fact of a log, as far as reasons need it.
struct LoggedFact: Decodable {
  var t: Int = 0
  var type: String
  var framework: String?
  var slave: String?
  var slaves: [[String]]?
  var resources: String?
  var task: String?
  var delta: Int?
  var end: String?
  var state: String?
  var reason: String?
  var fault: String?
  // Of allocations.
  var next: Int?
  var by: String?
  var headroom: String?
  var count: Int?
  var order: [LoggedPass.Entry]?
  var waiting: [LoggedPass.Finding]?

  private enum CodingKeys: String, CodingKey {
    case t, type, framework, slave, slaves, resources, task, delta, end, state, reason, fault
    case next, by, headroom, count, order, waiting
  }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    t = try values.decodeIfPresent(Int.self, forKey: .t) ?? 0
    type = try values.decode(String.self, forKey: .type)
    framework = try values.decodeIfPresent(String.self, forKey: .framework)
    slave = try values.decodeIfPresent(String.self, forKey: .slave)
    slaves = try values.decodeIfPresent([[String]].self, forKey: .slaves)
    resources = try values.decodeIfPresent(String.self, forKey: .resources)
    task = try values.decodeIfPresent(String.self, forKey: .task)
    delta = try values.decodeIfPresent(Int.self, forKey: .delta)
    end = try values.decodeIfPresent(String.self, forKey: .end)
    state = try values.decodeIfPresent(String.self, forKey: .state)
    reason = try values.decodeIfPresent(String.self, forKey: .reason)
    fault = try values.decodeIfPresent(String.self, forKey: .fault)
    guard type == "pass" else { return }
    next = try values.decodeIfPresent(Int.self, forKey: .next)
    by = try values.decodeIfPresent(String.self, forKey: .by)
    headroom = try values.decodeIfPresent(String.self, forKey: .headroom)
    count = try values.decodeIfPresent(Int.self, forKey: .count)
    order = try values.decodeIfPresent([LoggedPass.Entry].self, forKey: .order)
    waiting = try values.decodeIfPresent([LoggedPass.Finding].self, forKey: .waiting)
  }
}

/// Amounts of the resources that reasons compare.
struct LoggedAmounts: Equatable {
  private static let names = ["cpus", "mem", "disk", "gpus"]
  private(set) var values: [Double]

  static let none = LoggedAmounts(values: [0, 0, 0, 0])

  private init(values: [Double]) { self.values = values }

  /// The amounts in a text of resources, reserved ones and volumes among them.
  init(_ text: String) {
    values = [0, 0, 0, 0]
    for part in text.components(separatedBy: "; ") {
      guard let match = part.wholeMatch(of: /(cpus|mem|disk|gpus)\b.*:([0-9.]+)/),
        let place = Self.names.firstIndex(of: String(match.1)), let value = Double(match.2)
      else { continue }
      values[place] += value
    }
  }

  /// Whether these fit into others.
  func fits(_ other: LoggedAmounts) -> Bool {
    zip(values, other.values).allSatisfy { $0 <= $1 + 1e-9 }
  }

  static func + (left: LoggedAmounts, right: LoggedAmounts) -> LoggedAmounts {
    LoggedAmounts(values: zip(left.values, right.values).map(+))
  }

  static func - (left: LoggedAmounts, right: LoggedAmounts) -> LoggedAmounts {
    LoggedAmounts(values: zip(left.values, right.values).map(-))
  }
}

/// What the first line of a log says, as far as reasons need it.
struct LoggedHeader: Decodable {
  struct Row: Decodable { var names: [String] }

  var slaves: [Row]?
  var explained: Bool?

  /// Whether allocations are in the log with their reasons.
  var hasReasons: Bool { explained == true }

  /// The slaves by name, numbered in the order of the log's rows.
  var slaveNumbers: [String: Int] {
    var numbers: [String: Int] = [:]
    for row in slaves ?? [] {
      for name in LoggedFact.names(row.names) where numbers[name] == nil {
        numbers[name] = numbers.count
      }
    }
    return numbers
  }
}

/// Reads the facts of a log.
struct LoggedFacts {
  private let text: Data
  private let decoder = JSONDecoder()
  /// The first line.
  let header: LoggedHeader

  init(_ text: Data) {
    self.text = text
    let line = text.prefix { $0 != UInt8(ascii: "\n") }
    header = (try? decoder.decode(LoggedHeader.self, from: line)) ?? LoggedHeader()
  }

  /// Calls with each fact, until told to stop.
  ///
  /// What cannot be read is skipped, as on the page.
  func forEach(_ body: (LoggedFact) -> Bool) {
    for line in text.split(separator: UInt8(ascii: "\n")) {
      guard let fact = try? decoder.decode(LoggedFact.self, from: line), fact.type != "header"
      else { continue }
      if !body(fact) { return }
    }
  }
}

extension LoggedFact {
  /// How many offers the fact is about: a row of slaves is named by its first and last.
  var offerCount: Int {
    guard let slaves else { return 1 }
    return slaves.reduce(0) { sum, row in
      guard row.count == 2, row[0] != row[1], let first = Self.number(row[0]),
        let last = Self.number(row[1])
      else { return sum + 1 }
      return sum + max(1, last - first + 1)
    }
  }

  /// The names from the first of a row to its last, which differ in the number at their end.
  static func names(_ row: [String]) -> [String] {
    guard let first = row.first, let last = row.last, first != last else {
      return Array(row.prefix(1))
    }
    guard let low = number(first), let high = number(last), low <= high,
      // More slaves than a scenario can have are a damaged line.
      high - low < 1_000_000
    else { return [first, last] }
    let stem = first.dropLast(String(low).count)
    return (low...high).map { stem + String($0) }
  }

  private static func number(_ name: String) -> Int? {
    Int(String(name.reversed().prefix { ("0"..."9").contains($0) }.reversed()))
  }
}
