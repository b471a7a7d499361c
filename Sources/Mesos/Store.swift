// Part of mesosim. Apache-2.0, see LICENSE.
//
// What outlives a process: bytes under keys, as a framework keeps them in ZooKeeper or on a disk.
// What a process holds in memory does not belong here.

/// Where a scheduler or an executor writes down what its next process must know.
///
///     try environment.store.write(Array("done".utf8), for: "shard-7")
///
/// What is written is there at once and stays; nothing else of a process does. A scheduler's store
/// is read by the next process of its framework, an executor's by the next one with the same id on
/// the same slave. All stores of one framework together hold `MemoryStore.standardLimit` bytes at
/// most, keys and values counted.
public protocol Store: AnyObject {
  /// All keys that have a value, in the order of their UTF-8 bytes.
  ///
  /// - Complexity: O(*n* log *n*) in the number of keys.
  var keys: [String] { get }

  /// The value of a key; `nil` when there is none.
  subscript(key: String) -> [UInt8]? { get }

  /// Gives a key a value, in place of the one it has.
  ///
  /// - Throws: `StoreError` when there is no room; what was there before stays.
  func write(_ value: [UInt8], for key: String) throws(StoreError)

  /// Adds to the end of a key's value, as to a log; a key without one begins with nothing.
  ///
  /// - Complexity: O(length of `bytes`), however long the value is.
  /// - Throws: `StoreError` when there is no room; what was there before stays.
  func append(_ bytes: [UInt8], to key: String) throws(StoreError)

  /// Removes a key with its value, if there is one.
  func remove(_ key: String)
}

extension Store {
  /// The value of a key as text; `nil` when there is none or it is not UTF-8.
  public func text(for key: String) -> String? {
    self[key].flatMap { String(validating: $0, as: UTF8.self) }
  }

  /// Gives a key a text for its value.
  ///
  /// - Throws: `StoreError` when there is no room; what was there before stays.
  public func write(_ text: String, for key: String) throws(StoreError) {
    try write(Array(text.utf8), for: key)
  }
}

extension Store {
  /// The id of the framework that this store belongs to, as `keep` has written it down.
  ///
  ///     func configure(_ info: inout FrameworkInfo) { info.id = environment.store.frameworkID }
  public var frameworkID: FrameworkID? { text(for: "frameworkID").map { FrameworkID($0) } }

  /// Writes down the framework's id, or with `nil` forgets it, so that the next process is a new
  /// framework's.
  ///
  /// - Throws: `StoreError` when there is no room; what was there before stays.
  public func keep(_ id: FrameworkID?) throws(StoreError) {
    guard let id else { return remove("frameworkID") }
    if id != frameworkID { try write(id.value, for: "frameworkID") }
  }
}

/// A store has no room for what was to be written.
public struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The key that was to be written.
  public let key: String
  /// How many bytes there would have been in all.
  public let needed: Int
  /// How many there may be.
  public let limit: Int

  /// Describes what did not fit.
  public init(key: String, needed: Int, limit: Int) {
    self.key = key
    self.needed = needed
    self.limit = limit
  }

  /// What did not fit, and what to do.
  public var description: String {
    "no room in the store for '\(key)': the framework would keep \(needed) bytes of at most "
      + "\(limit); remove keys that are no longer needed or write less"
  }
}

/// A store in memory: that of simulations and tests.
public final class MemoryStore: Store {
  /// What the stores of one framework hold at most: 1 MiB, as much as a node of ZooKeeper takes.
  public static let standardLimit = 1 << 20

  /// What several stores hold together.
  private final class Space {
    let limit: Int
    var used = 0
    init(limit: Int) { self.limit = limit }
  }

  private let space: Space
  private var values: [String: [UInt8]] = [:]

  /// Makes an empty store that holds at most `limit` bytes.
  public init(limit: Int = MemoryStore.standardLimit) { space = Space(limit: limit) }

  /// Makes an empty store that shares the limit of another one.
  public init(sharingLimitOf other: MemoryStore) { space = other.space }

  /// All keys that have a value, in the order of their UTF-8 bytes.
  public var keys: [String] {
    values.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The value of a key; `nil` when there is none.
  public subscript(key: String) -> [UInt8]? { values[key] }

  /// Gives a key a value, in place of the one it has.
  public func write(_ value: [UInt8], for key: String) throws(StoreError) {
    let old = values[key].map { key.utf8.count + $0.count } ?? 0
    try take(key.utf8.count + value.count - old, for: key)
    values[key] = value
  }

  /// Adds to the end of a key's value.
  public func append(_ bytes: [UInt8], to key: String) throws(StoreError) {
    guard let place = values.index(forKey: key) else { return try write(bytes, for: key) }
    try take(bytes.count, for: key)
    values.values[place].append(contentsOf: bytes)
  }

  /// Removes a key with its value, if there is one.
  public func remove(_ key: String) {
    guard let old = values.removeValue(forKey: key) else { return }
    space.used -= key.utf8.count + old.count
  }

  private func take(_ bytes: Int, for key: String) throws(StoreError) {
    let needed = space.used + bytes
    guard needed <= space.limit else {
      throw StoreError(key: key, needed: needed, limit: space.limit)
    }
    space.used = needed
  }
}
