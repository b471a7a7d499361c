// Part of mesosim. Apache-2.0, see LICENSE.

import Foundation
import MesosConformance
import Testing

@Suite("Conformance runner") struct ConformanceSuiteTests {
  /// Runs files of these contents, written to a folder of their own.
  private func run(
    _ contents: [String: String], paths: (String) -> [String] = { [$0] }
  ) throws -> ConformanceReport {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "mesosim-conformance-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, content) in contents {
      let url = folder.appending(path: name)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(content.utf8).write(to: url)
    }
    return ConformanceSuite().run(paths: paths(folder.path()))
  }

  private func file(_ cases: String, kind: String = "resources", version: String = "1") -> String {
    #"{"kind": "\#(kind)", "version": \#(version), "about": "a test", "cases": [\#(cases)]}"#
  }

  private func adding(_ name: String, _ expect: String) -> String {
    #"{"name": "\#(name)", "input": {"text": "cpus:1;cpus:2;ports:[1-2]"}, "expect": \#(expect)}"#
  }

  @Test("a case fails where its outcome differs from what was recorded")
  func failures() throws {
    let cases = [
      adding("right", #"{"ok": true, "canonical": "cpus:3; ports:[1-2]"}"#),
      adding("wrong", #"{"ok": true, "canonical": "cpus:4; ports:[1-2]"}"#),
      adding("value", #"{"resources": [{"value": 2.99}, {"name": "ports"}]}"#),
      adding("short", #"{"resources": [{"value": 3}]}"#),
      adding("error", #"{"ok": false, "error": "COLON"}"#),
    ]
    let report = try run(["a.json": file(cases.joined(separator: ","))])
    #expect(report.passed == 1)
    #expect(report.failures.map(\.name) == ["wrong", "value", "short", "error"])
    #expect(report.failures.map(\.field) == ["canonical", "resources[0].value", "resources", "ok"])
    #expect(report.failures.first?.expected == #""cpus:4; ports:[1-2]""#)
    #expect(report.failures.first?.actual == #""cpus:3; ports:[1-2]""#)
    #expect(report.lines.last == "1 passed, 4 failed")
    #expect(report.lines.count == 5)
    #expect(!report.isSuccess())
  }

  @Test("where a master differs, its books are shown")
  func books() throws {
    let text = """
      {"kind": "master", "version": 1, "name": "c", "subject": "s", "about": "a", "mesos": "1.11.0",
        "agents": {"a1": {"resources": "cpus:4;mem:4096"}},
        "frameworks": {"f1": {"api": "v1", "info": {"roles": ["r"],
          "capabilities": ["MULTI_ROLE"]}}},
        "steps": [{"do": "register", "who": "a1"}, {"do": "subscribe", "who": "f1"}],
        "expect": [{"t": 0, "events": {"a1": [{"type": "SlaveRegistered", "agent_id": "S1",
            "connection": {"total_ping_timeout_seconds": 75}}]}},
          {"t": 0, "http": {"status": 200}, "events": {"f1": [
            {"event": "SUBSCRIBED", "framework": "F1", "heartbeat_interval_seconds": 15},
            {"event": "OFFERS", "offers": [{"id": "O1", "agent": "S1", "role": "r",
              "resources": "cpus:3;mem:4096"}]}]}}]}
      """
    let failure = try #require(try run(["a.json": text]).failures.first)
    #expect(failure.field == "step 1 subscribe f1[1].offers[0].resources")
    #expect(failure.expected.contains("cpus:3") && failure.actual.contains("cpus:4"))
    #expect(
      failure.books == [
        "agent S1: cpus:4; mem:4096", "framework F1: connected, active",
        "offer O1 to F1 of S1: cpus:4; mem:4096",
      ])
  }

  @Test("a step that there is not is named in a sentence")
  func unknownStep() throws {
    let report = try run([
      "a.json": """
      {"kind": "master", "version": 1, "name": "c", "subject": "s",
        "agents": {"a1": {"resources": "cpus:4"}},
        "steps": [{"do": "fly", "who": "a1"}], "expect": [{"t": 0}]}
      """
    ])
    #expect(
      report.errorLines.first?.hasSuffix("case 'c': step 'fly' of an agent is unknown") == true)
  }

  @Test("numbers within 0.001 are equal, 64-bit bounds only when they are the same")
  func numbers() throws {
    func bounds(_ name: String, _ end: String) -> String {
      let text = "p:[0-18446744073709551614]"
      return #"{"name": "\#(name)", "input": {"text": "\#(text)"}, "#
        + #""expect": {"resources": [{"value": [[0, \#(end)]]}]}}"#
    }
    let cases = [
      adding("near", #"{"resources": [{"value": 3.001, "disk": null}, {}]}"#),
      adding("far", #"{"resources": [{"value": 3.0011}, {}]}"#),
      bounds("same", "18446744073709551614"), bounds("next", "18446744073709551615"),
    ]
    let report = try run(["a.json": file(cases.joined(separator: ","))])
    #expect(report.failures.map(\.name) == ["far", "next"])
  }

  @Test("kinds without an evaluator are skipped by name and count only when it is strict")
  func skippedKinds() throws {
    let report = try run([
      "a.json": file("", kind: "moon-phase"), "b.json": file("", kind: "moon-phase"),
      "c.json": file(adding("x", "{}")),
    ])
    #expect(report.lines == ["skipped kind 'moon-phase': 2 files", "1 passed, 0 failed"])
    #expect(report.isSuccess())
    #expect(!report.isSuccess(strict: true))
  }

  @Test(
    "a faulty file is reported as such, and none of its cases counts",
    arguments: [
      ("{", "is not JSON"),
      ("[]", "no JSON object"),
      (#"{"version": 1, "cases": []}"#, "no 'kind'"),
      (#"{"kind": "resources", "version": 2, "cases": []}"#, "version 2"),
      (#"{"kind": "resources", "cases": []}"#, "version none"),
      (#"{"kind": "resources", "version": 1}"#, "no array 'cases'"),
      (#"{"kind": "resources", "version": 1, "cases": [{}]}"#, "cases[0] has no name"),
      (
        #"{"kind": "resources", "version": 1, "cases": [{"name": "a", "expect": {}}]}"#,
        "case 'a' lacks"
      ),
    ])
  func faultyFiles(content: String, reason: String) throws {
    let report = try run(["a.json": content])
    #expect(report.passed == 0 && report.failures.isEmpty)
    #expect(report.fileErrors.count == 1)
    #expect(report.fileErrors.first?.message.contains(reason) == true, "\(report.lines)")
    #expect(!report.isSuccess())
    #expect(report.lines.last == "0 passed, 0 failed")
  }

  @Test(
    "repeated names and inputs that cannot be decoded spoil their file",
    arguments: [
      ("resources", #"{"text": "x:1"}"#, #"{"text": "x:1"}"#, "two cases named 'a'"),
      ("resources", #"{"text": 5}"#, nil, "'text' is no string"),
      ("resources", "{}", nil, "exactly one of"),
      ("resources-arithmetic", #"{"op": "add", "left": "x", "right": ""}"#, nil, "'left'"),
      ("resources-arithmetic", #"{"op": "halve", "left": "x:1"}"#, nil, "unknown op 'halve'"),
      ("attributes", "{}", nil, "no 'text'"),
      ("display", #"{"resource": "mem", "value": 1, "style": "mtv"}"#, nil, "unknown style"),
      ("display", #"{"resource": "mem", "style": "seed"}"#, nil, "no 'value'"),
    ] as [(String, String, String?, String)])
  func spoiledFiles(kind: String, input: String, second: String?, reason: String) throws {
    let cases = [input, second].compactMap(\.self)
      .map { #"{"name": "a", "input": \#($0), "expect": {}}"# }
    let report = try run(["a.json": file(cases.joined(separator: ","), kind: kind)])
    #expect(report.passed == 0)
    #expect(report.fileErrors.first?.message.contains(reason) == true, "\(report.lines)")
  }

  @Test("folders stand for the files below them, and what is missing is an error")
  func paths() throws {
    let one = file(adding("x", "{}"))
    let files = ["b/c/x.json": one, "a.json": one, "note.md": "no case"]
    let report = try run(files) { [$0, $0 + "/b/c/x.json", $0 + "/none.json"] }
    #expect(report.passed == 3)
    #expect(
      report.fileErrors.map(\.message) == ["cannot be read; check the path and its permissions"])
  }
}
