// Part of mesosim. Apache-2.0, see LICENSE.
//
// The master, driven by hand: each command is a message, what it prints are the master's actions.

import MesosTestKit
import Testing

@Suite("Master transcripts")
struct MasterTranscripts {
  @Test(
    "the master answers as written",
    arguments: Transcript.all(besides: #filePath, in: "Transcripts/Master"))
  func transcript(_ transcript: Transcript) throws {
    let stage = TestMaster()
    try transcript.check { try stage.execute($0) }
  }

  @Test("there are transcripts to run")
  func transcriptsExist() {
    #expect(Transcript.all(besides: #filePath, in: "Transcripts/Master").count >= 50)
  }
}
