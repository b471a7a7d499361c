// Part of mesosim. Apache-2.0, see LICENSE.
//
// Whether an answer under HTTP is what was recorded (SCHEMA-http.md, "Comparing").

import Mesos

/// Holds an answer to a request to what was recorded.
struct HTTPComparison {
  let step: JSONValue
  let comparison: CaseComparison

  typealias Difference = Comparison.Difference

  /// The headers that are recorded where an answer has them.
  static let headers = [
    "Content-Type", "Location", "WWW-Authenticate", "Mesos-Stream-Id", "Allow",
    "Transfer-Encoding",
  ]

  /// Lists that come in any order.
  static let sets: Set<String> = [
    "slaves", "recovered_slaves", "frameworks", "completed_frameworks", "tasks",
    "unreachable_tasks", "completed_tasks", "executors", "offers", "roles", "agents",
    "recovered_agents", "capabilities", "framework_ids", "slave_ids", "infos", "configs",
    "weight_infos", "labels", "executor_ids", "flags", "metrics", "resources",
    "allocated_resources", "offered_resources", "total_resources", "used_resources_full",
    "offered_resources_full", "unreserved_resources_full", "queued_tasks", "launched_tasks",
    "terminated_tasks", "completed_executors",
  ]

  func difference(_ expected: JSONValue, _ actual: HTTPAnswer?) -> Difference? {
    guard let actual else {
      return Difference(field: "http", expected: expected.text, actual: "nothing")
    }
    let status = comparison.difference(
      expected["status"], .number(actual.status), at: "http.status")
    if let found = status {
      return Difference(
        field: found.field, expected: expected.text,
        actual: found.actual + " " + (actual.body?.text ?? ""))
    }
    return headerDifference(expected["headers"], actual.headers)
      ?? bodyDifference(expected["body"], actual.body)
  }

  private func headerDifference(
    _ expected: JSONValue?, _ actual: [String: String]
  ) -> Difference? {
    guard let expected else { return nil }
    for name in Self.headers {
      let left = Self.bare(expected[name]?.string, name)
      let right = Self.bare(actual[name], name)
      if left == right { continue }
      return Difference(
        field: "http.headers.\(name)", expected: left ?? "nothing", actual: right ?? "nothing")
    }
    return nil
  }

  /// The kind of a body without its parameters.
  private static func bare(_ value: String?, _ name: String) -> String? {
    guard name == "Content-Type", let value else { return value }
    return value.split(separator: ";").first.map(String.init)
  }

  private func bodyDifference(_ expected: JSONValue?, _ actual: JSONValue?) -> Difference? {
    if step["nobody"]?.bool == true { return nil }
    if expected?.string != nil || actual?.string != nil {
      return comparison.comparesTexts
        ? comparison.difference(expected, actual, at: "http.body") : nil
    }
    if step["names_only"]?.bool == true {
      let names = (expected?.array ?? []).compactMap(\.string)
      return Self.share(names.map { ($0, nil) }, of: actual, at: "http.body")
    }
    var comparison = comparison
    // In this list the order is what is asked for.
    let path = step["path"]?.string ?? ""
    if path.hasSuffix("/tasks") || path.contains("/tasks?") || path.contains("/tasks/") {
      comparison.sets.remove("tasks")
    }
    return flagsDifference(expected?["flags"], actual?["flags"])
      ?? comparison.difference(
        expected.map(Self.withoutFlags), selected(actual).map(Self.withoutFlags),
        at: "http.body", key: "roles")
  }

  /// Flags may differ in part: not every implementation has all.
  private func flagsDifference(_ expected: JSONValue?, _ actual: JSONValue?) -> Difference? {
    guard let members = expected?.members else { return nil }
    return Self.share(members.map { ($0.key, $0.value) }, of: actual, at: "http.body.flags")
  }

  private static func withoutFlags(_ json: JSONValue) -> JSONValue {
    guard let members = json.members, json["flags"]?.members != nil else { return json }
    return JSONValue(.object(members.filter { $0.key != "flags" }))
  }

  /// A difference where fewer than nine in ten of some members are as expected.
  private static func share(
    _ expected: [(key: String, value: JSONValue?)], of actual: JSONValue?, at field: String
  ) -> Difference? {
    let missing = expected.filter { entry in
      guard let found = actual?[entry.key] else { return true }
      return entry.value.map { $0.text != found.text } ?? false
    }
    if missing.count * 10 <= expected.count { return nil }
    return Difference(
      field: field, expected: missing.map(\.key).joined(separator: ", "),
      actual: "\(expected.count - missing.count) of \(expected.count) as expected")
  }

  /// What of the answer the step looks at.
  private func selected(_ body: JSONValue?) -> JSONValue? {
    guard let body, var members = body.members else { return body }
    if let keys = step["keep"]?.array?.compactMap(\.string) {
      members = members.filter { keys.contains($0.key) }
    }
    if let pattern = step["select"]?.string, let expression = try? Regex(pattern) {
      members = members.filter { $0.key.firstMatch(of: expression) != nil }
    }
    if step["nonzero"]?.bool == true { members = members.filter { $0.value.double != 0 } }
    return JSONValue(.object(members))
  }
}
