// Part of mesosim. Apache-2.0, see LICENSE.

import Foundation
import Testing

@Suite("Width of what commands print")
struct WidthTests {
  /// Names that no table has room for.
  private static let scenario = """
    name: a-cluster-whose-name-is-so-long-that-it-does-not-fit-onto-a-line-of-a-terminal-by-far
    until: 2m
    cluster: {slaves: [{count: 2, resources: "cpus:4;mem:4GB"}]}
    frameworks:
      - name: the-framework-of-a-team-that-wanted-its-whole-story-in-the-name-of-its-framework
        type: batch
        role: reports
        workload: {jobs: 3, stages: [{name: s, tasks: 9, duration: 20s, resources: "cpus:1;mem:9"}]}
      - {name: plain, type: no-executor, role: plain}
    allocators:
      - {name: static, label: fixed-partitions-as-they-were-before-the-two-teams-were-put-together}
      - {name: drf, label: dominant-resource-fairness-with-all-parameters-as-Mesos-has-them}
      - {name: fair, label: fair}
    """

  private static let commands: [[String]] = [
    ["run"], ["compare", "--replications", "2"], ["diff"], ["diff", "--allocators", "drf,fair"],
    ["size", "--slo", "mean wait < 1h of plain", "--slaves-max", "4"],
  ]

  @Test("BUG: tables and sentences were up to 97 columns wide", arguments: commands)
  func scenarios(command: [String]) async throws {
    try await Shell.inFolder { folder in
      let file = folder.appending(path: "wide.yaml")
      try Data(Self.scenario.utf8).write(to: file)
      let outcome = try await Shell.mesosim(
        [command[0], file.path(), "--quiet"] + command.dropFirst())
      #expect(!outcome.out.isEmpty, "\(outcome.err)")
      for line in outcome.out.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }
  }

  @Test("BUG: lists were as wide as their longest line", arguments: ["allocators", "frameworks"])
  func lists(command: String) async throws {
    let outcome = try await Shell.mesosim([command])
    #expect(outcome.out.contains("\n    "))
    for line in outcome.out.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
  }
}
