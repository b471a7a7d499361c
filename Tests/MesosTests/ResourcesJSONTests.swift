// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import Testing

@Suite("Resource JSON") struct ResourcesJSONTests {
  @Test(
    "a fault lies where its value stands",
    arguments: [
      Fault(#"[{"name":"cpus","type":"FLOAT"}]"#, .jsonFormat, 24),
      Fault(#"[{"name":"cpus","type":"SCALAR","scalar":{"value":"two"}}]"#, .jsonFormat, 51),
      Fault(#"[{"name":"","type":"SCALAR","scalar":{"value":2}}]"#, .nameEmpty, 10),
      Fault(#"[{"name":"a","type":"SCALAR","scalar":{"value":-1}}]"#, .tiny, 39),
      Fault(#"[{"name":"a","type":"SCALAR","scalar":{"value":1},"role":"a b"}]"#, .role, 58),
      Fault(#"[7]"#, .jsonFormat, 2),
      Fault(
        #"[{"name":"a","type":"SCALAR","scalar":{"value":1},"revocable":{}}]"#, .commandLine, 10),
    ])
  func faults(_ fault: Fault) throws {
    let error = #expect(throws: ResourceSyntaxError.self) { try Resources(parsing: fault.text) }
    #expect(error?.errorClass == fault.errorClass)
    #expect(error?.column == fault.column)
  }

  @Test("null is unset, also where a member is required")
  func null() throws {
    #expect(
      try list(#""role": null, "revocable": null, "disk": null"#).description == "cpus:2")
    #expect(fault(#""type": null"#) == .jsonFormat)
  }

  @Test("bounds keep all their 64 bits and must be whole")
  func bounds() throws {
    func ports(_ begin: String, _ end: String) -> String {
      #"[{"name":"p","type":"RANGES","ranges":{"range":[{"begin":\#(begin),"end":\#(end)}]}}]"#
    }
    #expect(
      try Resources(parsing: ports("18446744073709551614", #""18446744073709551615""#)).description
        == "p:[18446744073709551614-18446744073709551615]")
    for bound in ["-1", "1.5", "18446744073709551616", "true", #""x""#] {
      #expect(throws: ResourceSyntaxError.self) { try Resources(parsing: ports(bound, "9")) }
    }
  }

  @Test("the older form of a dynamic reservation is one, too")
  func olderReservation() {
    #expect(fault(#""role": "a", "reservation": {"principal": "ops"}"#) == .commandLine)
    #expect(fault(#""reservation": {}"#) == .role)
  }

  @Test(
    "a reservation needs a known type, a role, and a stack that narrows",
    arguments: [
      #"{"role": "a"}"#, #"{"type": "FLOATING", "role": "a"}"#, #"{"type": "STATIC"}"#,
      #"{"type": "STATIC", "role": "*"}"#,
      #"{"type": "STATIC", "role": "a"}, {"type": "DYNAMIC", "role": "ab"}"#,
      #"{"type": "STATIC", "role": "a"}, {"type": "STATIC", "role": "a/b"}"#,
      #"{"type": "DYNAMIC", "role": "a"}, {"type": "DYNAMIC", "role": "a"}"#,
    ])
  func reservations(stack: String) {
    #expect(fault(#""reservations": [\#(stack)]"#) == .role)
  }

  @Test("the first entry that breaks a rule of the whole list decides")
  func sumChecks() {
    let plain = #"{"name": "x", "type": "SCALAR", "scalar": {"value": 2}}"#
    let other = #"{"name": "x", "type": "SET", "set": {"item": ["a"]}}"#
    let revocable = #"{"name": "y", "type": "SCALAR", "scalar": {"value": 2}, "revocable": {}}"#
    #expect(faultClass("[\(plain),\(other),\(revocable)]") == .typeConflict)
    #expect(faultClass("[\(revocable),\(plain),\(other)]") == .commandLine)
    #expect(faultClass("[\(plain),\(revocable)]") == .commandLine)
  }

  @Test(
    "ranges that share a number overlap in whatever order",
    arguments: [
      (1, 5, 3, 8), (3, 8, 1, 5), (1, 9, 2, 3), (2, 3, 1, 9), (5, 10, 9, 3),
    ])
  func overlap(begin: Int, end: Int, otherBegin: Int, otherEnd: Int) {
    let ranges =
      #"{"begin":\#(begin),"end":\#(end)},{"begin":\#(otherBegin),"end":\#(otherEnd)}"#
    let text = #"[{"name":"p","type":"RANGES","ranges":{"range":[\#(ranges)]}}]"#
    #expect(faultClass(text) == .rangeOverlap)
  }

  @Test("an empty disk counts as none")
  func emptyDisk() throws {
    let text = #"[{"name":"mem","type":"SCALAR","scalar":{"value":1},"disk":{}}]"#
    #expect(try Resources(parsing: text) == Resources(mem: 1))
  }

  @Test(
    "what is not quite JSON is read as text, and the error says why",
    arguments: [
      (#"[{"name":"cpus"},]"#, "column 18: expected a JSON value"),
      (#"[{"a":"b}]"#, "column 11: a string is not closed"),
      (#"[{'a':1}]"#, "column 3: expected a key in quotes"),
      (#"[{"a":1e}]"#, "column 7: '1e' is no number"),
      (#"["\ud800"]"#, "half of a surrogate pair"),
      ("[[[", "column 4: expected a JSON value"),
    ])
  func fallThrough(text: String, reason: String) {
    let error = #expect(throws: ResourceSyntaxError.self) { try Resources(parsing: text) }
    #expect(error?.message.contains("read as text") == true)
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
  }

  @Test("a JSON object is no list")
  func object() {
    let error = #expect(throws: ResourceSyntaxError.self) { try Resources(parsing: "{}") }
    #expect(error?.errorClass == .colon)
  }

  @Test("escapes in strings are undone")
  func escapes() throws {
    let text = #"[{"name":"a\"\\\/\n\u00e9\ud83d\ude00","type":"SET","set":{"item":["x"]}}]"#
    #expect(try Resources(parsing: text).entries.first?.name == "a\"\\/\né😀")
  }

  @Test("deep nesting is refused, not followed")
  func depth() {
    let text = String(repeating: "[", count: 100_000)
    #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: text) }
    let closed = String(repeating: "[", count: 200) + String(repeating: "]", count: 200)
    #expect(throws: Never.self) { try JSONValue(parsing: closed) }
  }

  @Test("of a repeated key the last counts")
  func repeatedKey() throws {
    #expect(try JSONValue(parsing: #"{"a": 1, "a": 2}"#)["a"]?.unsigned == 2)
  }

  private func entry(_ members: String) -> String {
    #"[{"name": "cpus", "type": "SCALAR", "scalar": {"value": 2}, \#(members)}]"#
  }

  private func list(_ members: String) throws -> Resources {
    try Resources(parsing: entry(members))
  }

  private func fault(_ members: String) -> ResourceSyntaxError.Class? {
    faultClass(entry(members))
  }

  private func faultClass(_ text: String) -> ResourceSyntaxError.Class? {
    do {
      _ = try Resources(parsing: text)
      return nil
    } catch { return error.errorClass }
  }
}
