// Part of mesosim. Apache-2.0, see LICENSE.

import Foundation
import Testing

@Suite("mesosim explore")
struct ExploreCommandTests {
  @Test("what is printed of a seed is a scenario that check accepts")
  func write() async throws {
    let printed = try await Shell.mesosim(["explore", "--random-scenarios", "--write", "7"])
    #expect(printed.status == 0, "\(printed.err)")
    #expect(printed.out.hasPrefix("# mesosim explore --random-scenarios --seeds 7\n"))
    try await Shell.inFolder { folder in
      let url = folder.appending(path: "7.yaml")
      try printed.out.write(to: url, atomically: true, encoding: .utf8)
      let checked = try await Shell.mesosim(["check", url.path()])
      #expect(checked.status == 0, "\(checked.err)")
    }
  }

  @Test("each seed is named before it is looked at, and counted in the end")
  func summary() async throws {
    let outcome = try await Shell.mesosim(
      ["explore", "--random-scenarios", "--seeds", "3...5", "--jobs", "1", "--verbose"])
    #expect(outcome.err.hasPrefix("seed 3\nseed 4\nseed 5\n"), "\(outcome.err)")
    #expect(outcome.out.contains("\n3 scenarios, ") || outcome.out.hasPrefix("3 scenarios, "))
    #expect(outcome.out.contains("launched tasks"))
    #expect(outcome.status == (outcome.out.hasSuffix("all hold\n") ? 0 : 1))
  }

  @Test(
    "what cannot be explored is said",
    arguments: [
      (["--seeds", "0..<5"], "expected a scenario to explore, or --random-scenarios"),
      (["x.yaml", "--random-scenarios"], "expected one of them"),
      (["--random-scenarios", "--shrink"], "--shrink beside --random-scenarios"),
      (["x.yaml", "--faults", "kil"], "unknown kind 'kil'; expected default, none, or some of"),
      (["x.yaml", "--settle", "0s"], "expected a positive duration"),
      (["--random-scenarios", "--seeds", "5..<5"], "expected a range such as 0..<1000"),
      (["--random-scenarios", "--seeds", "few"], "expected a range such as 0..<1000"),
      // BUG: room for the findings of 900 million seeds was asked for, which ended the process.
      (["--random-scenarios", "--seeds", "0..<900000000"], "of at most 1,000,000 seeds"),
      (["--random-scenarios", "--jobs", "0"], "expected a whole number from 1 to 1024"),
    ] as [([String], String)])
  func wrongUsage(_ arguments: [String], _ says: String) async throws {
    let outcome = try await Shell.mesosim(["explore"] + arguments)
    #expect(outcome.status == 64)
    #expect(outcome.err.contains(says), "\(outcome.err)")
  }
}
