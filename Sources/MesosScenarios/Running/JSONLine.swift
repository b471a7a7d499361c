// Part of mesosim. Apache-2.0, see LICENSE.
//
// A line of an event log, and how notes stand in one.

import Mesos
import MesosAllocation
import MesosCluster
import VirtualTime

/// One line of JSON, its keys in the order in which they are added.
struct JSONLine {
  private var body: [UInt8] = Array("{".utf8)

  /// Puts the line at the end of others.
  func write(to buffer: inout [UInt8]) {
    buffer += body
    buffer += "}\n".utf8
  }

  /// As a value within another line.
  var object: String { String(decoding: body, as: UTF8.self) + "}" }

  mutating func add(_ key: String, _ value: some BinaryInteger) {
    addKey(key)
    body += Array(String(value).utf8)
  }

  mutating func add(_ key: String, _ value: Bool) {
    addKey(key)
    body += Array(String(value).utf8)
  }

  mutating func add(_ key: String, _ value: String) {
    addKey(key)
    addText(value)
  }

  mutating func add(_ key: String, _ pairs: [[String]]) {
    addKey(key)
    let texts = pairs.map { "[" + $0.map(JSONValue.quoted).joined(separator: ",") + "]" }
    body += Array("[\(texts.joined(separator: ","))]".utf8)
  }

  mutating func add(_ key: String, json: String) {
    addKey(key)
    body += Array(json.utf8)
  }

  private mutating func addKey(_ key: String) {
    if body.count > 1 { body.append(UInt8(ascii: ",")) }
    addText(key)
    body.append(UInt8(ascii: ":"))
  }

  private mutating func addText(_ text: String) { body += JSONValue.quoted(text).utf8 }
}

// MARK: - Notes

extension JSONLine {
  /// Adds a note; `name` is asked for the names of frameworks.
  mutating func add(_ note: ClusterNote, name: (FrameworkIndex) -> String) {
    switch note {
    case .change(let framework, let change):
      add("type", "serviceChange")
      add("framework", name(framework))
      add("id", change.id)
      add("what", change.what)
      add("began", change.began.nanoseconds)
      if let ended = change.ended { add("ended", ended.nanoseconds) }
      add("outcome", change.outcome.rawValue)
      if !change.reason.isEmpty { add("reason", change.reason) }
      add("steps", json: "[" + change.steps.map(Self.step).joined(separator: ",") + "]")
    case .operated(let json, let refusal):
      add("type", "operated")
      add("act", json: json)
      if !refusal.isEmpty { add("refusal", refusal) }
    }
  }

  private static func step(_ step: ServiceChange.Step) -> String {
    var line = JSONLine()
    line.add("what", step.what)
    line.add("began", step.began.nanoseconds)
    if let ended = step.ended { line.add("ended", ended.nanoseconds) }
    return line.object
  }
}

extension YAMLNode {
  /// The node as JSON: numbers as such, everything else as text.
  var json: String {
    switch content {
    case .scalar(let text, .plain) where isJSONNumber: text
    case .scalar(let text, _): JSONValue.quoted(text)
    case .list(let items): "[" + items.map(\.json).joined(separator: ",") + "]"
    case .map(let entries):
      "{"
        + entries.map { JSONValue.quoted($0.key) + ":" + $0.value.json }.joined(separator: ",")
        + "}"
    }
  }

  /// Whether it is a number that JSON writes in the same way.
  private var isJSONNumber: Bool {
    guard case .scalar(let text, _) = content, kind == .integer || kind == .number else {
      return false
    }
    return (try? JSONValue(parsing: text)) != nil
  }
}
