// Part of mesosim. Apache-2.0, see LICENSE.
//
// Sets of slaves by their dense numbers, a few bytes a slave. All are walked in a fixed order: what
// is walked reaches decisions.

import Mesos

/// A set of slaves, taken out in order of insertion.
struct MarkList {
  private var entries: [SlaveIndex] = []
  private var isMember: [Bool] = []
  /// The number of members; entries whose slave was removed meanwhile stay in the list.
  private(set) var count = 0

  /// Whether a slave is there.
  func contains(_ slave: SlaveIndex) -> Bool { Int(slave) < isMember.count && isMember[slave] }

  /// Adds a slave unless it is there.
  mutating func insert(_ slave: SlaveIndex) {
    while isMember.count <= Int(slave) { isMember.append(false) }
    if isMember[slave] { return }
    isMember[slave] = true
    entries.append(slave)
    count += 1
  }

  /// Takes a slave out.
  mutating func remove(_ slave: SlaveIndex) {
    guard Int(slave) < isMember.count, isMember[slave] else { return }
    isMember[slave] = false
    count -= 1
    if count == 0 { entries.removeAll(keepingCapacity: true) }
  }

  /// Takes all slaves out.
  mutating func takeAll(_ body: (SlaveIndex) -> Void) {
    if count > 0 {
      for slave in entries where isMember[slave] {
        isMember[slave] = false
        body(slave)
      }
    }
    entries.removeAll(keepingCapacity: true)
    count = 0
  }

  /// Takes all slaves out.
  mutating func removeAll() { takeAll { _ in } }
}

/// A set of slaves in no particular order, whose members come and go at the cost of a flag.
struct SlaveSet {
  private struct Flags: OptionSet {
    let rawValue: UInt8
    static let isMember = Flags(rawValue: 1)
    static let isListed = Flags(rawValue: 2)
  }

  private var flags: [Flags] = []
  /// The members, and slaves that are none any more.
  private var list: [SlaveIndex] = []

  /// Whether a slave is there.
  @inline(__always)
  func contains(_ slave: SlaveIndex) -> Bool {
    Int(slave) < flags.count && flags[slave].contains(.isMember)
  }

  /// Adds a slave unless it is there.
  @inline(__always)
  mutating func insert(_ slave: SlaveIndex) {
    while flags.count <= Int(slave) { flags.append([]) }
    if !flags[slave].contains(.isListed) { list.append(slave) }
    flags[slave] = [.isMember, .isListed]
  }

  /// Takes a slave out.
  @inline(__always)
  mutating func remove(_ slave: SlaveIndex) {
    if Int(slave) < flags.count { flags[slave].remove(.isMember) }
  }

  /// All members.
  ///
  /// - Complexity: O(*n*) in the members and those that were some since the last call.
  mutating func members() -> [SlaveIndex] {
    for slave in list where !flags[slave].contains(.isMember) { flags[slave] = [] }
    list.removeAll { !flags[$0].contains(.isMember) }
    return list
  }
}
