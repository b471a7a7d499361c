// Part of mesosim. Apache-2.0, see LICENSE.
//
// The one place where texts are quoted, against the reader.

import Testing

@testable import Mesos

@Suite("JSON text")
struct JSONTextTests {
  @Test(
    "what is quoted reads as itself and has no line break in it",
    arguments: [
      "", "plain", "a \"b\" \\ c", "\n\r\t\u{0}\u{1F}\u{7F}\u{85}\u{2028}\u{FEFF}", "ü→🐝",
    ])
  func quoted(text: String) throws {
    let quoted = JSONValue.quoted(text)
    #expect(try JSONValue(parsing: quoted).string == text)
    let hasBreak = quoted.contains { $0.isNewline }
    #expect(!hasBreak)
  }

  @Test("what does not fit on a line is spread out, its keys sorted")
  func spread() {
    let long = String(repeating: "x", count: 80)
    let value = JSONValue.object(["b": .array([.number(1), .bool(true)]), "a": .text(long)])
    #expect(value.text(indent: 0) == "{\n  \"a\": \"\(long)\",\n  \"b\": [1, true]\n}")
    #expect(JSONValue.object(["b": .text(nil), "a": .number(2)]).text == #"{"a": 2, "b": null}"#)
  }
}
