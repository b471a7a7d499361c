// Part of mesosim. Apache-2.0, see LICENSE.
//
// Goal: what is no recording is told so. What a recording plays is tested with MesosGate.

import Foundation
import Testing

@Suite("replay")
struct ReplayCommandTests {
  @Test("a file that is missing, and one that is no recording")
  func unreadable() async throws {
    try await Shell.inFolder { folder in
      let missing = try await Shell.mesosim(["replay", folder.appending(path: "none").path()])
      #expect(missing.status == 66 && missing.err.contains("no such file"), "\(missing.err)")
      let other = folder.appending(path: "other.jsonl")
      try Data("{\"type\":\"header\"}\n".utf8).write(to: other)
      let wrong = try await Shell.mesosim(["replay", other.path()])
      #expect(wrong.status == 65 && wrong.err.contains("mesosim-server wrote"), "\(wrong.err)")
    }
  }
}
