// Part of mesosim. Apache-2.0, see LICENSE.

import Foundation
import Testing

@Suite("mesosim bench")
struct BenchCommandTests {
  @Test("bench allocators decides on every slave and prints a row for each size")
  func allocators() async throws {
    let outcome = try await Shell.mesosim([
      "bench", "allocators", "--slaves", "20,40", "--frameworks", "4", "--format", "json",
    ])
    #expect(outcome.status == 0, "\(outcome.err)")
    let object = try JSONSerialization.jsonObject(with: Data(outcome.out.utf8))
    let rows = try #require(object as? [[String: Any]])
    let drf = rows.filter { $0["allocator"] as? String == "drf" }
    #expect(drf.compactMap { $0["slaves"] as? Int } == [20, 40])
    #expect(drf.compactMap { $0["decisions"] as? Int } == [20, 40])
    #expect(rows.contains { $0["allocator"] as? String == "static" })
  }

  @Test("sizes that are none are wrong usage", arguments: ["0", "many", "10,-1"])
  func sizes(text: String) async throws {
    let outcome = try await Shell.mesosim(["bench", "allocators", "--slaves", text])
    #expect(outcome.status == 64)
  }
}
