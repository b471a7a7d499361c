// Part of mesosim. Apache-2.0, see LICENSE.

import Testing
import VirtualTime

@testable import Mesos

@Suite("Texts by their bytes")
struct StableHashTests {
  @Test("a text lies in two words, so that copies are known for the same without reading them")
  func layout() {
    #expect(MemoryLayout<String>.size == 16)
    let long = String(repeating: "long text ", count: 10)
    let copy = long
    #expect(StableHash.areIdentical(long, copy))
    #expect(StableHash.areIdentical("1.0.17", "1.0." + String(17)))
  }

  @Test("texts of other memory are compared byte by byte", arguments: [0, 1, 7, 8, 9, 40])
  func bytes(length: Int) {
    let left = String(repeating: "x", count: length) + String(repeating: "y", count: 20)
    let right = String(repeating: "x", count: length) + String(repeating: "y", count: 20)
    #expect(StableHash.areSame(left, right))
    #expect(!StableHash.areSame(left, right + "z"))
    #expect(!StableHash.areSame(left, right.dropLast() + "z"))
    #expect(StableHash.bytes(of: left) == StableHash.bytes(of: right))
  }

  @Test("other spellings of a letter are other texts")
  func spellings() {
    #expect("\u{e9}" == "e\u{301}")
    #expect(!StableHash.areSame("\u{e9}", "e\u{301}"))
  }

  @Test("dictionaries ask a task's id for the hash that it keeps")
  func rawHash() {
    // Equal seeds give equal hashes, without a hasher between: what `_rawHashValue` is there for.
    let id: TaskID = "1.0.17"
    #expect(id._rawHashValue(seed: 7) == TaskID("1.0." + String(17))._rawHashValue(seed: 7))
    #expect(
      id._rawHashValue(seed: 7)
        == Int(truncatingIfNeeded: SplitMix64.mix(StableHash.bytes(of: "1.0.17") ^ 7)))
    #expect([id: 1][TaskID("1.0." + String(17))] == 1)
  }
}
