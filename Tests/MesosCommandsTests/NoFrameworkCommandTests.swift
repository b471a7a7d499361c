// Part of mesosim. Apache-2.0, see LICENSE.
//
// A scenario without frameworks in every command that takes one.

import Foundation
import Testing

@Suite("Commands on a scenario without frameworks")
struct NoFrameworkCommandTests {
  private static let scenario = """
    name: empty
    until: 10m
    cluster: {slaves: [{count: 3, resources: "cpus:4;mem:4096"}]}
    frameworks: []

    """

  private static let sentence = "No framework takes part, so nothing is asked of the cluster."

  @Test(
    "each ends well and says that there is nothing to tell",
    arguments: [
      (["run"], 0, sentence), (["run", "--literal"], 0, sentence), (["compare"], 0, sentence),
      (["compare", "--replications", "2", "--allocators", "static,drf,fifo"], 0, sentence),
      (["diff", "--allocators", "static,drf"], 0, "No difference: 0 decisions alike, to the end"),
      (["check"], 0, "frameworks: []"),
      (["size", "--slo", "p95 wait < 60s"], 65, "no framework told of a p95 wait"),
    ] as [([String], Int32, String)])
  func commands(words: [String], status: Int32, says: String) async throws {
    try await Shell.inFolder { folder in
      let path = folder.appending(path: "empty.yaml")
      try Self.scenario.write(to: path, atomically: true, encoding: .utf8)
      let outcome = try await Shell.mesosim([words[0], path.path()] + words.dropFirst())
      #expect(outcome.status == status)
      #expect((outcome.out + outcome.err).contains(says), "\(outcome)")
      #expect(!outcome.out.contains("nan"))
    }
  }
}
