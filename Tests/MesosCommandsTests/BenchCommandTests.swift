// Part of mesosim. Apache-2.0, see LICENSE.
//
// What `bench` refuses. That it times every allocator, `Tests/Scenarios/run` sees on an optimized
// build: its unit of time alone, a sort of ten million numbers, takes this one ten seconds.

import Testing

@Suite("mesosim bench")
struct BenchCommandTests {
  @Test("sizes that are none are wrong usage", arguments: ["0", "many", "10,-1"])
  func sizes(text: String) async throws {
    let outcome = try await Shell.mesosim(["bench", "allocators", "--slaves", text])
    #expect(outcome.status == 64)
  }
}
