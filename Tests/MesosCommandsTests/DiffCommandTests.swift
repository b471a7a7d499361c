// Part of mesosim. Apache-2.0, see LICENSE.

import Foundation
import MesosMetrics
import Testing

private let quickstart = "scenarios/quickstart/two-frameworks.yaml"

@Suite("mesosim diff")
struct DiffCommandTests {
  @Test("the first difference of two allocators is shown with both tables of shares; exit code 1")
  func divergence() async throws {
    let outcome = try await Shell.mesosim(["diff", quickstart, "--allocators", "static,drf"])
    #expect(outcome.status == 1)
    #expect(outcome.out.contains("They part at 0:00:00."), "\(outcome.out)")
    let words = outcome.out.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("after 0 decisions alike"))
    #expect(outcome.out.contains("role      framework  before  static     drf"), "\(outcome.out)")
    #expect(outcome.err.contains("next: mesosim compare \(quickstart) --allocators static,drf"))
    let json = try await Shell.mesosim(["diff", quickstart, "--format", "json", "--quiet"])
    #expect(json.status == 1)
    #expect(json.err == "")
    let result = try ResultJSON.decode(LockstepResult.self, from: Data(json.out.utf8))
    #expect(result.allocators == ["static", "drf"])
    #expect(result.divergence != nil)
  }

  @Test("an allocator in lock step with itself ends with 0")
  func itself() async throws {
    let outcome = try await Shell.mesosim(
      ["diff", small, "--allocators", "drf,drf"])
    #expect(outcome.status == 0, "\(outcome.err)")
    #expect(outcome.out.contains("No difference: "))
  }

  @Test("two results: the fields that differ, exit code 1; none, exit code 0")
  func results() async throws {
    try await Shell.inFolder { folder in
      var paths: [String] = []
      for allocator in ["static", "drf"] {
        let outcome = try await Shell.mesosim(
          ["run", small, "--allocator", allocator, "--format", "json", "--until", "10m"])
        let url = folder.appending(path: allocator + ".json")
        try outcome.out.write(to: url, atomically: true, encoding: .utf8)
        paths.append(url.path())
      }
      let different = try await Shell.mesosim(["diff"] + paths + ["--fields", "5"])
      #expect(different.status == 1)
      #expect(different.out.contains("fields differ, the first 5 shown"), "\(different.out)")
      let same = try await Shell.mesosim(["diff", paths[0], paths[0]])
      #expect(same.status == 0)
      #expect(same.out == "no difference\n")
      let json = try await Shell.mesosim(["diff"] + paths + ["--format", "json"])
      #expect(json.out.contains("\"path\" : \"allocator\""))
      let missing = try await Shell.mesosim(["diff", paths[0], folder.path() + "/none.json"])
      #expect(missing.status == 66)
      #expect(missing.err.split(separator: "\n").count == 1)
      let scenario = try await Shell.mesosim(["diff", paths[0], quickstart])
      #expect(scenario.status == 65)
      #expect(scenario.err.hasPrefix("\(quickstart): is not JSON"), "\(scenario.err)")
    }
  }

  @Test(
    "wrong usage ends with 64",
    arguments: [
      ["diff"], ["diff", "a", "b", "c"],
      ["diff", "a.json", "b.json", "--allocators", "static,drf"],
      ["diff", quickstart, "--allocators", "drf"],
      ["diff", quickstart, "--allocators", "static,drf,drf"],
      ["diff", quickstart, "--until", "soon"], ["diff", "a.json", "b.json", "--fields", "0"],
    ])
  func usage(arguments: [String]) async throws {
    let outcome = try await Shell.mesosim(arguments)
    #expect(outcome.status == 64)
    #expect(outcome.err.contains("Usage:"), "\(outcome.err)")
  }

  @Test("an unknown allocator is bad data, a missing scenario is told apart")
  func data() async throws {
    let unknown = try await Shell.mesosim(["diff", quickstart, "--allocators", "static,dfr"])
    #expect(unknown.status == 65)
    #expect(unknown.err.contains("did you mean 'drf'?"), "\(unknown.err)")
    #expect(try await Shell.mesosim(["diff", "/nowhere/s.yaml"]).status == 66)
  }
}
