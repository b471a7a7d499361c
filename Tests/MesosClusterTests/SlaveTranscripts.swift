// Part of mesosim. Apache-2.0, see LICENSE.
//
// A slave, driven by hand: each command is an input, what it prints are the slave's actions.

import MesosTestKit
import Testing

@Suite("Slave transcripts")
struct SlaveTranscripts {
  @Test(
    "the slave answers as written",
    arguments: Transcript.all(besides: #filePath, in: "Transcripts/Slave"))
  func transcript(_ transcript: Transcript) throws {
    let stage = TestSlave()
    try transcript.check { try stage.execute($0) }
  }

  @Test("there are transcripts to run")
  func transcriptsExist() {
    #expect(Transcript.all(besides: #filePath, in: "Transcripts/Slave").count >= 20)
  }
}
