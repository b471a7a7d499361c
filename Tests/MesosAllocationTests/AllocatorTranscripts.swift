// Part of mesosim. Apache-2.0, see LICENSE.
//
// Situations as transcripts: what is done, then the offers and shares exactly as printed.

import MesosTestKit
import Testing

@Suite("Transcripts of the hierarchical allocator")
struct AllocatorTranscripts {
  @Test("the situation is decided as written", arguments: Transcript.all())
  func situation(_ transcript: Transcript) throws {
    let allocator = TestAllocator()
    try transcript.check { try allocator.execute($0) }
  }

  @Test("there are transcripts") func some() {
    #expect(!Transcript.all().isEmpty)
  }
}
