// Part of mesosim. Apache-2.0, see LICENSE.
//
// How facts are written: objects of JSON, one a line.

import Mesos

/// One line of JSON, its keys in the order in which they are added.
struct JSONLine {
  private var body: [UInt8] = Array("{".utf8)

  /// Puts the line at the end of others.
  func write(to buffer: inout [UInt8]) {
    buffer += body
    buffer += "}\n".utf8
  }

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
