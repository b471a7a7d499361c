// Part of mesosim. Apache-2.0, see LICENSE.
//
// Identifiers are bytes, as for Mesos.

import Testing

@testable import Mesos

@Suite("Identifiers")
struct IdentifierTests {
  @Test("two spellings of one accented letter name two tasks")
  func bytes() {
    let (composed, decomposed) = ("caf\u{e9}", "cafe\u{301}")
    #expect(composed == decomposed, "to Swift they are the same text")
    #expect(TaskID(composed) != TaskID(decomposed))
    #expect(Set([TaskID(composed), TaskID(decomposed)]).count == 2)
  }

  @Test("equal texts are equal ids, however they came about", arguments: [0, 1, 7, 8, 15, 16, 40])
  func equality(length: Int) {
    let text = String(repeating: "x", count: length)
    // Another string with memory of its own.
    var other = String(repeating: "x", count: length + 30)
    other.removeLast(30)
    #expect(TaskID(text) == TaskID(other))
    #expect(StableHash.of(text) == StableHash.of(other))
    #expect(TaskID(text).hashValue == TaskID(other).hashValue)
    #expect(TaskID(text + "a") != TaskID(text + "b"))
    #expect(TaskID(text) != TaskID(text + "x"))
  }
}
