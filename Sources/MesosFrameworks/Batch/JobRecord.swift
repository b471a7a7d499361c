// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a batch framework writes down of a job, so that its next process goes on where this one
// ended: the beginning of the present stage and, behind it, each launch and each end of a task in a
// few bytes. Reading it does again what was done then; nothing is decided here.

import Mesos

/// The record of one job in a store.
struct JobRecord {
  /// What can be written down.
  enum Entry: Equatable {
    /// The next task of the job was launched.
    case launched
    /// The same, where the fields that the stage's constraints look at have these values.
    case placed([String?])
    /// A task ended.
    case ended(Int, as: TaskState, at: Instant)
  }

  private static let prefix = "job/"
  private static let launched: UInt8 = 0xff
  private static let placed: UInt8 = 0xfe
  private static let launchedEntry = [launched]

  private let store: any Store
  private let key: String
  /// Whether entries are written; not when the store was full, until the next stage begins.
  private var isOpen = false

  /// The record of a job, by its place in the order of submission.
  init(_ order: Int, in store: any Store) {
    self.store = store
    key = "\(Self.prefix)\(order)"
  }

  /// The jobs that have a record, by their places in the order of submission.
  static func orders(in store: any Store) -> [Int] {
    store.keys.compactMap { key in
      key.hasPrefix(prefix) ? Int(key.dropFirst(prefix.count)) : nil
    }
  }

  // MARK: Writing

  /// Begins the record of a stage; what was written of the one before is not needed any more.
  mutating func begin(stage: Int, at start: Instant) {
    var bytes: [UInt8] = []
    bytes.appendNumber(UInt64(stage))
    bytes.appendNumber(UInt64(start.nanoseconds))
    isOpen = true
    do { try store.write(bytes, for: key) } catch { giveUp() }
  }

  mutating func append(_ entry: Entry) {
    guard isOpen else { return }
    let bytes: [UInt8]
    switch entry {
    case .launched: bytes = Self.launchedEntry
    case .placed(let values):
      var placed = [Self.placed]
      placed.appendNumber(UInt64(values.count))
      for value in values { placed.appendText(value) }
      bytes = placed
    case .ended(let task, let state, let instant):
      var ended: [UInt8] = []
      ended.reserveCapacity(16)
      ended.append(state.rawValue)
      ended.appendNumber(UInt64(task))
      // Only of what is to be launched again does it matter since when.
      if state != .finished { ended.appendNumber(UInt64(instant.nanoseconds)) }
      bytes = ended
    }
    do { try store.append(bytes, to: key) } catch { giveUp() }
  }

  /// Leaves no more than a sign that there was something: the store is full.
  private mutating func giveUp() {
    isOpen = false
    store.remove(key)
    try? store.write([UInt8](), for: key)
  }

  /// Removes the record: the job is done.
  func remove() { store.remove(key) }

  // MARK: Reading

  /// Reads what was written down, to go on writing behind it.
  ///
  /// - Returns: What there is; `nil` when that is no more than a sign that there was something.
  mutating func read() -> (stage: Int, start: Instant, entries: [Entry])? {
    guard let bytes = store[key] else { return nil }
    var rest = bytes[...]
    guard let stage = rest.popNumber(), let start = rest.popInstant() else { return nil }
    var entries: [Entry] = []
    while let code = rest.popFirst() {
      if code == Self.launched {
        entries.append(.launched)
        continue
      }
      if code == Self.placed {
        guard let values = rest.popTexts() else { return nil }
        entries.append(.placed(values))
        continue
      }
      guard let state = TaskState(rawValue: code), let task = rest.popNumber() else { return nil }
      var end = start
      if state != .finished {
        guard let instant = rest.popInstant() else { return nil }
        end = instant
      }
      entries.append(.ended(Int(task), as: state, at: end))
    }
    isOpen = true
    return (Int(stage), start, entries)
  }
}

extension [UInt8] {
  /// Adds a number in groups of seven bits, the lowest first, as in protocol buffers.
  fileprivate mutating func appendNumber(_ number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(rest))
  }

  /// Adds a text behind its length plus one, or 0 for none.
  fileprivate mutating func appendText(_ text: String?) {
    guard let text else { return append(0) }
    appendNumber(UInt64(text.utf8.count + 1))
    append(contentsOf: text.utf8)
  }
}

extension ArraySlice<UInt8> {
  /// Takes a number from the front; `nil` when there is none or it is too large.
  fileprivate mutating func popNumber() -> UInt64? {
    var number: UInt64 = 0
    for shift in stride(from: 0, to: 63, by: 7) {
      guard let byte = popFirst() else { return nil }
      number |= UInt64(byte & 0x7f) << UInt64(shift)
      if byte < 0x80 { return number }
    }
    return nil
  }

  /// Takes texts from the front, behind their number.
  fileprivate mutating func popTexts() -> [String?]? {
    guard let number = popNumber(), number <= UInt64(count) else { return nil }
    var texts: [String?] = []
    for _ in 0..<number {
      guard let length = popNumber(), length <= UInt64(count) + 1 else { return nil }
      texts.append(length == 0 ? nil : String(decoding: prefix(Int(length) - 1), as: UTF8.self))
      if length > 0 { removeFirst(Int(length) - 1) }
    }
    return texts
  }

  fileprivate mutating func popInstant() -> Instant? {
    popNumber().map { .start.advanced(byNanoseconds: Int64($0)) }
  }
}
