// Part of mesosim. Apache-2.0, see LICENSE.

import Foundation
import Testing

@Suite("mesosim conformance") struct ConformanceCommandTests {
  private let cases = "Tests/MesosConformanceTests/Cases"

  /// A folder with these files, for the time of the call.
  private func withFiles(_ files: [String: String], _ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mesosim-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }
    try body(folder.path())
  }

  private func file(_ kind: String, _ cases: String) -> String {
    #"{"kind": "\#(kind)", "version": 1, "about": "a test", "cases": [\#(cases)]}"#
  }

  private let right =
    #"{"name": "right", "input": {"text": "cpus:1"}, "expect": {"canonical": "cpus:1"}}"#
  private let wrong =
    #"{"name": "wrong", "input": {"text": "cpus:1"}, "expect": {"canonical": "cpus:2"}}"#

  @Test("the recorded cases pass, file by file and as a folder")
  func recorded() throws {
    let files = ["resources", "resources-arithmetic", "attributes", "display"]
      .map { "\(cases)/\($0).json" }
    let run = try BuiltProgram.run("conformance", files[0], files[1], files[2], files[3])
    #expect(run.output == "400 passed, 0 failed\n")
    #expect(run.errors == "")
    #expect(run.code == 0)
    let folder = try BuiltProgram.run("conformance", cases, "--strict")
    #expect(folder.lines.last == "857 passed, 0 failed")
    #expect(folder.code == 0)
  }

  @Test("a failure is named with what was expected and what came out; exit code 1")
  func failure() throws {
    try withFiles(["a.json": file("resources", right + "," + wrong)]) { folder in
      let run = try BuiltProgram.run("conformance", folder)
      #expect(
        run.lines == [
          "FAILED \(folder)/a.json: wrong: canonical: expected \"cpus:2\", got \"cpus:1\"",
          "1 passed, 1 failed",
        ])
      #expect(run.code == 1)
    }
  }

  @Test("for programs the outcome is JSON, with what passed by subject")
  func json() throws {
    let run = try BuiltProgram.run("conformance", cases + "/driver", "--format", "json")
    #expect(run.code == 0)
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect(json["passed"] as? Int == 5)
    let subject = try #require((json["subjects"] as? [[String: Any]])?.first)
    #expect(subject["name"] as? String == "driver" && subject["total"] as? Int == 5)
    #expect(subject["passedWithoutTexts"] as? Int == 5)
  }

  @Test("unknown kinds are named and skipped; they fail only when it is strict")
  func skipped() throws {
    let files = ["a.json": file("resources", right), "b.json": file("tides", "")]
    try withFiles(files) { folder in
      let lines = ["skipped kind 'tides': 1 file", "1 passed, 0 failed"]
      let run = try BuiltProgram.run("conformance", folder)
      #expect(run.lines == lines)
      #expect(run.code == 0)
      let strict = try BuiltProgram.run("conformance", folder, "--strict")
      #expect(strict.lines == lines)
      #expect(strict.code == 1)
    }
  }

  @Test("a missing path is exit code 66, whatever the others give")
  func missing() throws {
    try withFiles(["a.json": file("resources", wrong)]) { folder in
      let run = try BuiltProgram.run("conformance", folder, folder + "/none.json")
      #expect(run.errors == "error: \(folder)/none.json: no such file or folder\n")
      #expect(run.lines.last == "0 passed, 1 failed")
      #expect(run.code == 66)
    }
  }

  @Test("a broken case file is exit code 65, and so is a folder without cases")
  func broken() throws {
    try withFiles(["a.json": "{", "b.json": file("resources", right)]) { folder in
      let run = try BuiltProgram.run("conformance", folder)
      #expect(run.errors.hasPrefix("error: \(folder)/a.json: is not JSON"), "\(run.errors)")
      #expect(run.lines == ["1 passed, 0 failed"])
      #expect(run.code == 65)
    }
    try withFiles(["note.txt": "nothing"]) { folder in
      let run = try BuiltProgram.run("conformance", folder)
      #expect(run.errors == "error: no cases in \(folder); expected .json case files\n")
      #expect(run.code == 65)
    }
  }

  @Test("without a path it is wrong usage")
  func usage() throws {
    #expect(try BuiltProgram.run("conformance").code == 64)
  }
}
