// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import Testing

@Suite("Store of a framework")
struct StoreTests {
  @Test("keeps what was written, appended and removed")
  func values() throws {
    let store = MemoryStore()
    try store.write([1, 2], for: "b")
    try store.append([3], to: "b")
    try store.append([4], to: "a")
    #expect(store["b"] == [1, 2, 3])
    #expect(store.keys == ["a", "b"])
    store.remove("b")
    #expect(store["b"] == nil)
    #expect(store.keys == ["a"])
  }

  @Test("orders keys by their bytes")
  func order() throws {
    let store = MemoryStore()
    for key in ["é", "z", "10", "9", "Z"] { try store.write("", for: key) }
    #expect(store.keys == ["10", "9", "Z", "z", "é"])
  }

  @Test("refuses what is too much, says how much that is, and keeps what there was")
  func limit() throws {
    let store = MemoryStore(limit: 10)
    try store.write(Array(repeating: 0, count: 9), for: "k")
    #expect(throws: StoreError(key: "k", needed: 11, limit: 10)) { try store.append([1], to: "k") }
    #expect(throws: StoreError(key: "l", needed: 11, limit: 10)) { try store.write([], for: "l") }
    #expect(store["k"]?.count == 9)
    try store.write([7], for: "k")
    try store.write(Array(repeating: 0, count: 7), for: "l")
    store.remove("k")
    try store.append([1, 2], to: "l")
  }

  @Test("stores of one framework share the limit and nothing else")
  func shared() throws {
    let scheduler = MemoryStore(limit: 10)
    let executor = MemoryStore(sharingLimitOf: scheduler)
    try scheduler.write([1, 2, 3, 4], for: "k")
    try executor.write([5, 6, 7, 8], for: "k")
    #expect(scheduler["k"] == [1, 2, 3, 4])
    #expect(throws: StoreError.self) { try executor.append([9], to: "k") }
    scheduler.remove("k")
    try executor.append([9], to: "k")
  }

  @Test("holds 1 MiB unless told otherwise")
  func standardLimit() throws {
    let store = MemoryStore()
    try store.write(Array(repeating: 0, count: 1_048_575), for: "k")
    #expect(throws: StoreError.self) { try store.append([0, 0], to: "k") }
  }

  @Test("an error says what did not fit and what to do")
  func message() {
    #expect(
      "\(StoreError(key: "book", needed: 1_048_580, limit: 1_048_576))"
        == "no room in the store for 'book': the framework would keep 1048580 bytes of at most "
        + "1048576; remove keys that are no longer needed or write less")
  }

  @Test("keeps a framework's id")
  func frameworkID() throws {
    let store = MemoryStore()
    #expect(store.frameworkID == nil)
    try store.keep("m1-0003")
    #expect(store.frameworkID == "m1-0003")
    try store.keep(nil)
    #expect(store.frameworkID == nil)
  }
}
