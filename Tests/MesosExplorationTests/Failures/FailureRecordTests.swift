// Part of mesosim. Apache-2.0, see LICENSE.
//
// Failures that are kept are read as they were written, and what is none is refused with a reason.

import Foundation
import Testing

@testable import MesosExploration

@Suite("Kept failures")
struct FailureRecordTests {
  private static let record = FailureRecord(
    subject: "double-launch",
    failure: ExploredFailure(rule: "distinctNames", message: "two \"a\"", instant: "00:01:00"),
    seed: 417,
    plan: [
      "faults/10/at": .integer(1000), "faults/2/exists": .flag(true), "a": .word("drf"),
    ], found: "6 slaves", runs: 12, isSmallest: true, free: ["faults/10/at"])

  @Test("a record is JSON that people can read, with numbers in order")
  func json() throws {
    let json = Self.record.json
    #expect(
      json.contains(
        """
          "plan": {
            "a": "drf",
            "faults/2/exists": true,
            "faults/10/at": 1000
          }
        """))
    #expect(try FailureRecord(json: json) == Self.record)
  }

  @Test(
    "what is no record is refused with what was expected",
    arguments: [
      ("{", "no JSON"), ("{}", "expected the key 'format'"), ("{\"format\": 7}", "reads format 1"),
      ("{\"format\": 1}", "expected 'seed'"),
      ("{\"format\": 1, \"seed\": 1, \"plan\": {}}", "'subject' is missing"),
    ])
  func refused(_ text: String, _ reason: String) {
    #expect {
      try FailureRecord(json: text)
    } throws: {
      "\($0)".contains(reason)
    }
  }

  @Test("a store gives back what it was given, smallest first, and names what it cannot read")
  func store() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "failures-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = FailureStore(folder: folder.path())
    #expect(store.read().records.isEmpty)
    var small = Self.record
    small.failure.rule = "other"
    small.plan = [:]
    try store.write(Self.record)
    try store.write(small)
    try Data("no".utf8).write(to: folder.appending(path: "x.json"))
    let (records, broken) = store.read()
    #expect(records == [small, Self.record])
    #expect(broken.map(\.file).map { $0.hasSuffix("x.json") } == [true])
  }
}
