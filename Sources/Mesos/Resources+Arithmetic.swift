// Part of mesosim. Apache-2.0, see LICENSE.
//
// Adding, subtracting and comparing lists. Each verb first tries the common case, two lists of
// nothing but amounts; then a list of nothing but amounts on the terms of the other's first; and
// then goes entry by entry. The first case is inlined into callers of other modules, the rest is a
// call.

extension Resources {
  /// Both lists together: equal entries on equal terms add up.
  public static func + (left: Resources, right: Resources) -> Resources {
    var sum = left
    sum += right
    return sum
  }

  /// What is left of `left` without `right`; more than there is takes all, without an error.
  public static func - (left: Resources, right: Resources) -> Resources {
    var difference = left
    difference -= right
    return difference
  }

  /// Adds every entry of another list.
  @inlinable public static func += (left: inout Resources, right: Resources) {
    if left.hasOnlyAmounts, right.hasOnlyAmounts {
      left.amounts = left.amounts.addingSaturated(right.amounts)
    } else {
      left.add(right)
    }
  }

  /// Takes every entry of another list away; more than there is takes all, without an error.
  @inlinable public static func -= (left: inout Resources, right: Resources) {
    if left.hasOnlyAmounts, right.hasOnlyAmounts {
      left.amounts = left.amounts.subtractingToZero(right.amounts)
    } else {
      left.subtract(right)
    }
  }

  /// Whether each entry of `other` is contained in one entry of this list.
  ///
  /// Reserved and unreserved resources never satisfy one another, nor do revocable and others.
  /// Every list contains the empty one.
  @inlinable public func contains(_ other: Resources) -> Bool {
    hasOnlyAmounts && other.hasOnlyAmounts
      ? other.amounts.isWithin(amounts) : containsAll(of: other)
  }

  /// Whether there is nothing behind the reference.
  @inlinable var hasOnlyAmounts: Bool { rest == nil }

  @usableFromInline mutating func add(_ other: Resources) {
    if matches(other) {
      amounts = amounts.addingSaturated(other.amounts)
      return
    }
    if isEmpty { return self = other }
    add(other.main)
    for holding in other.others { add(holding) }
    for resource in other.unstructured { addUnstructured(resource) }
  }

  @usableFromInline mutating func subtract(_ other: Resources) {
    if matches(other) {
      amounts = amounts.subtractingToZero(other.amounts)
      guard rest != nil else { return }
      if rest === other.rest {
        if hasNoAmounts { self = Resources() } else { dropPorts() }
      } else if hasNoAmounts, main.isEmpty {
        promote()
      }
      return
    }
    subtract(other.main)
    for holding in other.others { subtract(holding) }
    // From the end, so that little is moved when all goes.
    for resource in other.unstructured.reversed() { subtractUnstructured(resource) }
  }

  @usableFromInline func containsAll(of other: Resources) -> Bool {
    if matches(other) { return other.amounts.isWithin(amounts) }
    guard contains(other.main), other.others.allSatisfy(contains) else { return false }
    return other.unstructured.isEmpty || containsUnstructured(other.unstructured)
  }

  /// Whether `other` has nothing but amounts that this list's first holding could take in, or else
  /// the very same ports.
  ///
  /// It is found out without reference counting.
  @inline(__always)
  private func matches(_ other: Resources) -> Bool {
    guard let theirs = other.rest else { return rest?.parts.terms == nil }
    guard theirs.parts.isOneHolding else { return false }
    if theirs === rest { return true }
    return theirs.parts.ports.isEmpty
      && ResourceTerms.areEqual(rest?.parts.terms, theirs.parts.terms)
  }
}

// MARK: - Holdings

extension Resources {
  mutating func add(_ holding: Holding) {
    if main.isAlike(holding) { return main.add(holding) }
    if holding.isEmpty { return }
    if main.isEmpty {
      main = holding
    } else if Resources.precedes(holding.terms, main.terms) {
      others.insert(main, at: 0)
      main = holding
    } else if let index = others.firstIndex(where: { $0.isAlike(holding) }) {
      others[index].add(holding)
    } else {
      let index = others.firstIndex { Resources.precedes(holding.terms, $0.terms) }
      others.insert(holding, at: index ?? others.endIndex)
    }
  }

  private mutating func subtract(_ holding: Holding) {
    if main.isAlike(holding) {
      main.subtract(holding)
      if main.isEmpty { promote() }
    } else if let index = others.firstIndex(where: { $0.isAlike(holding) }) {
      others[index].subtract(holding)
      if others[index].isEmpty { others.remove(at: index) }
    }
  }

  /// Replaces the first holding, now empty, by the next.
  private mutating func promote() {
    main = others.isEmpty ? Holding() : others.removeFirst()
  }

  private func contains(_ holding: Holding) -> Bool {
    if main.isAlike(holding) { return main.contains(holding) }
    if holding.isEmpty { return true }
    return others.contains { $0.isAlike(holding) && $0.contains(holding) }
  }

  /// Orders terms: none first.
  static func precedes(_ left: ResourceTerms?, _ right: ResourceTerms?) -> Bool {
    guard let right else { return false }
    return left?.precedes(right) ?? true
  }
}

// MARK: - Unstructured resources

extension Resources {
  mutating func addUnstructured(_ resource: Resource) {
    let places = places(of: resource.name)
    if let index = places.first(where: { unstructured[$0].absorbs(resource) }) {
      unstructured[index].absorb(resource)
    } else {
      let index = places.first { resource.isStored(before: unstructured[$0]) }
      unstructured.insert(resource, at: index ?? places.upperBound)
    }
  }

  private mutating func subtractUnstructured(_ resource: Resource) {
    let index = places(of: resource.name).first { unstructured[$0].yields(resource) }
    guard let index else { return }
    unstructured[index].yield(resource)
    if unstructured[index].isEmpty || unstructured[index].copies <= 0 {
      unstructured.remove(at: index)
    }
  }

  /// Entries are looked for independently; only persistent volumes are used up by a match.
  private func containsUnstructured(_ wanted: [Resource]) -> Bool {
    var remaining = self
    for resource in wanted {
      let places = remaining.places(of: resource.name)
      guard places.contains(where: { remaining.unstructured[$0].contains(resource) }) else {
        return false
      }
      if resource.disk?.persistenceID != nil { remaining.subtractUnstructured(resource) }
    }
    return true
  }

  /// Where the entries of a name stand, or would: the list is sorted by name first.
  private func places(of name: String) -> Range<Int> {
    let entries = unstructured
    // Most lists are made in their order.
    guard let last = entries.last, !last.name.precedes(name) else {
      return entries.endIndex..<entries.endIndex
    }
    let start = entries.partitionPoint { !$0.name.precedes(name) }
    let end = entries[start...].firstIndex { !$0.name.hasSameBytes(as: name) }
    return start..<(end ?? entries.endIndex)
  }
}

extension RandomAccessCollection where Index == Int {
  /// The first place from which on a test holds, if it holds from some place on.
  /// - Complexity: O(log n).
  func partitionPoint(where test: (Element) -> Bool) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = low + (high - low) / 2
      if test(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
