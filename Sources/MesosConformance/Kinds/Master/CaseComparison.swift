// Part of mesosim. Apache-2.0, see LICENSE.
//
// Whether what came of a step is what was recorded (SCHEMA-master.md, "Comparing").

import Mesos

struct CaseComparison {
  /// Whether texts for people are compared.
  var comparesTexts: Bool
  /// By how much times may differ.
  var timeTolerance = 0.001

  typealias Difference = Comparison.Difference

  private static let times: Set<String> = ["at", "t", "unreachable_time"]
  /// Lists that come in any order.
  var sets: Set<String> = [
    "roles", "capabilities", "labels", "executors", "frameworks", "statuses", "reconciliations",
    "tasks", "infos", "configs", "slaves", "weight_infos",
  ]

  /// The first difference; `nil` when all is as expected.
  ///
  /// Members that are not expected may be there when `namedOnly` is set.
  func difference(
    _ expected: JSONValue?, _ actual: JSONValue?, at path: String, key: String = "",
    namedOnly: Bool = false
  ) -> Difference? {
    func differs() -> Difference {
      Difference(
        field: path, expected: expected?.text ?? "nothing", actual: actual?.text ?? "nothing")
    }
    switch (expected?.content, actual?.content) {
    case (nil, nil), (.null, nil), (.null, .null): return nil
    case (.string(let left), .string(let right)):
      if key == "message" && !comparesTexts { return nil }
      return Self.matches(right, pattern: left) ? nil : differs()
    case (.bool(let left), .bool(let right)): return left == right ? nil : differs()
    // Whole numbers of 64 bits may be texts.
    case (.string(let left), .number(let right)): return left == right ? nil : differs()
    case (.number, _):
      guard let left = expected?.double,
        let right = actual?.double ?? actual?.string.flatMap(Double.init)
      else { return differs() }
      let tolerance = Self.times.contains(key) ? timeTolerance : 0.001
      return abs(left - right) <= tolerance + 1e-9 ? nil : differs()
    case (.array(let left), .array(let right)):
      guard left.count == right.count else { return differs() }
      return listDifference(left, right, at: path, key: key, namedOnly) ?? nil
    case (.object(let members), .object(let others)):
      for member in members {
        let found = difference(
          member.value, actual?[member.key], at: "\(path).\(member.key)", key: member.key,
          namedOnly: namedOnly)
        if let found { return found }
      }
      if namedOnly { return nil }
      for member in others where expected?[member.key] == nil && actual?[member.key] != nil {
        // A text that is not expected is a text that differs.
        if member.key == "message" && !comparesTexts { continue }
        return Difference(
          field: "\(path).\(member.key)", expected: "nothing", actual: member.value.text)
      }
      return nil
    default: return differs()
    }
  }

  private func listDifference(
    _ expected: [JSONValue], _ actual: [JSONValue], at path: String, key: String,
    _ namedOnly: Bool
  ) -> Difference? {
    guard sets.contains(key) else {
      for (place, pair) in zip(expected, actual).enumerated() {
        let found = difference(
          pair.0, pair.1, at: "\(path)[\(place)]", key: key, namedOnly: namedOnly)
        if let found { return found }
      }
      return nil
    }
    var rest = actual
    for element in expected {
      let place = rest.firstIndex {
        difference(element, $0, at: path, key: "", namedOnly: namedOnly) == nil
      }
      guard let place else {
        return Difference(
          field: path, expected: element.text, actual: JSONValue.array(rest).text)
      }
      rest.remove(at: place)
    }
    return nil
  }

  /// Whether a text is like one in which `…` stands for any.
  static func matches(_ text: String, pattern: String) -> Bool {
    if text == pattern { return true }
    guard pattern.contains("…") else { return false }
    let parts = pattern.split(separator: "…", omittingEmptySubsequences: false).map(String.init)
    guard let first = parts.first, let last = parts.last, text.hasPrefix(first),
      text.hasSuffix(last), text.count >= first.count + last.count
    else { return false }
    var rest = text.dropFirst(first.count).dropLast(last.count)
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      var start = rest.startIndex
      while start < rest.endIndex, !rest[start...].hasPrefix(part) {
        start = rest.index(after: start)
      }
      guard start < rest.endIndex else { return false }
      rest = rest[start...].dropFirst(part.count)
    }
    return true
  }

  // MARK: Events

  /// The first difference between the events of a step, by recipient.
  func eventDifference(
    _ expected: JSONValue?, _ actual: [String: [JSONValue]], updatesAreOrdered: Bool
  ) -> Difference? {
    var names = Set(actual.keys)
    for member in expected?.members ?? [] { names.insert(member.key) }
    for name in names.sorted() {
      let left = canonical(expected?[name]?.array ?? [], updatesAreOrdered)
      let right = canonical(actual[name] ?? [], updatesAreOrdered)
      for place in 0..<max(left.count, right.count) {
        let one = place < left.count ? left[place] : nil
        let other = place < right.count ? right[place] : nil
        if let found = difference(one, other, at: "\(name)[\(place)]") { return found }
      }
    }
    return nil
  }

  /// Events with those in one order that come in any.
  private func canonical(_ events: [JSONValue], _ updatesAreOrdered: Bool) -> [JSONValue] {
    var result: [JSONValue] = []
    var run: [(key: String, event: JSONValue)] = []
    var runKind = ""
    for event in events {
      let kind = Self.setKind(of: event, updatesAreOrdered)
      if kind != runKind || kind.isEmpty {
        result += run.sorted { $0.key < $1.key }.map(\.event)
        run = []
      }
      runKind = kind
      run.append((Self.sortKey(of: event), event))
    }
    return result + run.sorted { $0.key < $1.key }.map(\.event)
  }

  /// By what events stand in a set; empty for those that keep their place.
  private static func setKind(of event: JSONValue, _ updatesAreOrdered: Bool) -> String {
    let kind = event["event"]?.string ?? event["type"]?.string ?? ""
    let moment = event["at"]?.text ?? ""
    switch kind {
    case "UPDATE": return updatesAreOrdered ? "" : kind + moment
    case "RESCIND", "UpdateFramework", "ShutdownFramework": return kind + moment
    default: return ""
    }
  }

  private static func sortKey(of event: JSONValue) -> String {
    ["task", "offer", "framework_id", "state"].map { event[$0]?.text ?? "" }
      .joined(separator: "|")
  }
}
