// Part of mesosim. Apache-2.0, see LICENSE.
//
// What two single entries are to one another: whether they merge, and what is left of one without
// the other.

extension Resource {
  /// Whether both have the same name, type and terms.
  func isAlike(_ other: Resource) -> Bool {
    let sameType =
      switch (value, other.value) {
      case (.scalar, .scalar), (.ranges, .ranges), (.set, .set): true
      default: false
      }
    return sameType && name.hasSameBytes(as: other.name) && terms == other.terms
  }

  /// Whether it is given out as a whole or not at all.
  var isIndivisible: Bool { terms?.disk?.isIndivisible ?? false }

  /// Whether adding `other` makes this entry larger instead of a second one.
  func absorbs(_ other: Resource) -> Bool {
    guard isAlike(other) else { return false }
    if isShared { return value == other.value }
    return !isIndivisible
  }

  /// Adds an entry that this one absorbs.
  mutating func absorb(_ other: Resource) {
    if isShared {
      copies += other.copies
      return
    }
    switch (value, other.value) {
    case (.scalar(let left), .scalar(let right)):
      let sum = left.thousandths.addingSaturated(right.thousandths)
      value = .scalar(Scalar(thousandths: sum))
    case (.ranges(let left), .ranges(let right)): value = .ranges(left + right)
    case (.set(let left), .set(let right)): value = .set(left + right)
    default: break
    }
  }

  /// Whether `other` can be taken away from this entry.
  func yields(_ other: Resource) -> Bool {
    isAlike(other) && (!(isIndivisible || isShared) || value == other.value)
  }

  /// Takes an entry away to which this one yields.
  mutating func yield(_ other: Resource) {
    if isShared {
      copies -= other.copies
      return
    }
    switch (value, other.value) {
    case (.scalar(let left), .scalar(let right)):
      value = .scalar(Scalar(thousandths: left.thousandths - right.thousandths))
    case (.ranges(let left), .ranges(let right)): value = .ranges(left - right)
    case (.set(let left), .set(let right)): value = .set(left - right)
    default: break
    }
  }

  /// Whether `other` is a part of this entry.
  func contains(_ other: Resource) -> Bool {
    guard yields(other) else { return false }
    if isShared { return copies >= other.copies }
    return switch (value, other.value) {
    case (.scalar(let left), .scalar(let right)): left >= right
    case (.ranges(let left), .ranges(let right)): left.contains(right)
    case (.set(let left), .set(let right)): left.contains(right)
    default: false
    }
  }
}

// MARK: - Orders

extension Resource {
  /// The order in which a list keeps its entries, by what cannot change while they are in it.
  func isStored(before other: Resource) -> Bool {
    if !name.hasSameBytes(as: other.name) { return name.precedes(other.name) }
    if terms != other.terms { return Resources.precedes(terms, other.terms) }
    if value.rank != other.value.rank { return value.rank < other.value.rank }
    // Only entries that never merge meet here, and their values stay.
    return value.precedes(other.value)
  }

  /// The order of the canonical text: by name, role, disk, type and amount, then all other terms.
  func isPrinted(before other: Resource) -> Bool {
    if !name.hasSameBytes(as: other.name) { return name.precedes(other.name) }
    if role != other.role { return role < other.role }
    let (source, otherSource) = (disk?.sourceText ?? "", other.disk?.sourceText ?? "")
    if source != otherSource { return source.precedes(otherSource) }
    if value.rank != other.value.rank { return value.rank < other.value.rank }
    if case .scalar(let left) = value, case .scalar(let right) = other.value, left != right {
      return left < right
    }
    return isStored(before: other)
  }
}

extension Resource.Value {
  /// Ranges come before scalars, scalars before sets.
  fileprivate var rank: Int {
    switch self {
    case .ranges: 0
    case .scalar: 1
    case .set: 2
    }
  }

  /// Orders values of one type.
  fileprivate func precedes(_ other: Resource.Value) -> Bool {
    switch (self, other) {
    case (.scalar(let left), .scalar(let right)): left < right
    case (.ranges(let left), .ranges(let right)):
      left.ranges.lexicographicallyPrecedes(right.ranges)
    case (.set(let left), .set(let right)):
      left.items.sorted { $0.precedes($1) }
        .lexicographicallyPrecedes(right.items.sorted { $0.precedes($1) }) { $0.precedes($1) }
    default: false
    }
  }
}
