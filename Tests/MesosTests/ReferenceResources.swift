// Part of mesosim. Apache-2.0, see LICENSE.
//
// The algebra of resources a second time, as plainly as can be: a list of entries, ranges as sets
// of single numbers, terms as their text. What both implementations agree on is likely to be right.

import Mesos

/// A list of resources, slow and simple.
struct ReferenceResources {
  enum Value: Hashable {
    case scalar(Int64)
    case numbers(Set<UInt64>)
    case names(Set<String>)

    var isEmpty: Bool {
      switch self {
      case .scalar(let amount): amount <= 0
      case .numbers(let numbers): numbers.isEmpty
      case .names(let names): names.isEmpty
      }
    }
  }

  struct Entry: Hashable {
    var name: String
    /// Everything that must be equal for two entries to merge, as text.
    var terms: String
    var value: Value
    var copies = 1
    var isShared = false
    var isWhole = false
    var isVolume = false
  }

  var entries: [Entry] = []

  init(_ resources: [Resource] = []) {
    for resource in resources { add(Entry(resource)) }
  }

  mutating func add(_ entry: Entry) {
    if entry.value.isEmpty { return }
    guard let index = entries.firstIndex(where: { $0.merges(entry) }) else {
      entries.append(entry)
      return
    }
    if entry.isShared {
      entries[index].copies += entry.copies
    } else {
      entries[index].value = sum(entries[index].value, entry.value)
    }
  }

  mutating func subtract(_ entry: Entry) {
    guard let index = entries.firstIndex(where: { $0.yields(entry) }) else { return }
    if entry.isShared {
      entries[index].copies -= entry.copies
    } else {
      entries[index].value = difference(entries[index].value, entry.value)
    }
    if entries[index].value.isEmpty || entries[index].copies <= 0 { entries.remove(at: index) }
  }

  func contains(_ other: ReferenceResources) -> Bool {
    var remaining = self
    for wanted in other.entries {
      guard remaining.entries.contains(where: { $0.contains(wanted) }) else { return false }
      if wanted.isVolume { remaining.subtract(wanted) }
    }
    return true
  }

  static func + (left: Self, right: Self) -> Self {
    right.entries.reduce(into: left) { $0.add($1) }
  }

  static func - (left: Self, right: Self) -> Self {
    right.entries.reduce(into: left) { $0.subtract($1) }
  }

  /// How often each entry occurs; equal for lists with the same entries in whatever order.
  var counted: [Entry: Int] { entries.reduce(into: [:]) { $0[$1, default: 0] += 1 } }

  private func sum(_ left: Value, _ right: Value) -> Value {
    switch (left, right) {
    case (.scalar(let left), .scalar(let right)): .scalar(left + right)
    case (.numbers(let left), .numbers(let right)): .numbers(left.union(right))
    case (.names(let left), .names(let right)): .names(left.union(right))
    default: left
    }
  }

  private func difference(_ left: Value, _ right: Value) -> Value {
    switch (left, right) {
    case (.scalar(let left), .scalar(let right)): .scalar(left - right)
    case (.numbers(let left), .numbers(let right)): .numbers(left.subtracting(right))
    case (.names(let left), .names(let right)): .names(left.subtracting(right))
    default: left
    }
  }
}

extension ReferenceResources.Entry {
  init(_ resource: Resource) {
    name = resource.name
    let disk = resource.disk
    terms =
      "\(resource.reservations) \(disk?.source as Any) \(disk?.persistenceID as Any) "
      + "\(resource.isRevocable) \(resource.isShared) \(resource.allocationRole as Any)"
    switch resource.value {
    case .scalar(let amount): value = .scalar(amount.thousandths)
    case .ranges(let ranges): value = .numbers(Set(ranges.ranges.flatMap { $0.begin...$0.end }))
    case .set(let set): value = .names(Set(set.items))
    }
    copies = resource.copies
    isShared = resource.isShared
    isVolume = disk?.persistenceID != nil
    isWhole = isVolume || disk?.source?.kind == .mount
  }

  private func isAlike(_ other: Self) -> Bool {
    let sameType =
      switch (value, other.value) {
      case (.scalar, .scalar), (.numbers, .numbers), (.names, .names): true
      default: false
      }
    return name == other.name && terms == other.terms && sameType
  }

  func merges(_ other: Self) -> Bool {
    isAlike(other) && (isShared ? value == other.value : !isWhole)
  }

  func yields(_ other: Self) -> Bool {
    isAlike(other) && (isShared || isWhole ? value == other.value : true)
  }

  func contains(_ other: Self) -> Bool {
    guard yields(other) else { return false }
    if isShared { return copies >= other.copies }
    return switch (value, other.value) {
    case (.scalar(let left), .scalar(let right)): left >= right
    case (.numbers(let left), .numbers(let right)): left.isSuperset(of: right)
    case (.names(let left), .names(let right)): left.isSuperset(of: right)
    default: false
    }
  }
}
