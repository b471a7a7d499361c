// Part of mesosim. Apache-2.0, see LICENSE.
//
// Sets of names, such as disks: in the order in which they came, compared without regard to it.

/// A set of names that remembers the order in which they came, for printing only.
public struct ValueSet: Sendable {
  /// The names, each once, in the order in which they came.
  public private(set) var items: [String]

  /// No names.
  public init() { items = [] }

  /// Keeps the first of each name.
  public init(_ items: [String]) {
    self.items = []
    for item in items { insert(item) }
  }

  /// Whether there are no names.
  public var isEmpty: Bool { items.isEmpty }

  /// Whether the name, byte for byte, is one of them.
  public func contains(_ item: String) -> Bool { items.contains { $0.hasSameBytes(as: item) } }

  /// Whether every name of `other` is here.
  public func contains(_ other: ValueSet) -> Bool { other.items.allSatisfy(contains) }

  /// The names of `left`, then those that only `right` has.
  public static func + (left: ValueSet, right: ValueSet) -> ValueSet {
    var sum = left
    for item in right.items { sum.insert(item) }
    return sum
  }

  /// The names of `left` that are not in `right`.
  public static func - (left: ValueSet, right: ValueSet) -> ValueSet {
    var difference = left
    difference.items.removeAll(where: right.contains)
    return difference
  }

  private mutating func insert(_ item: String) {
    if !contains(item) { items.append(item) }
  }
}

extension ValueSet: Hashable {
  /// Whether both have the same names, in whatever order.
  public static func == (left: ValueSet, right: ValueSet) -> Bool {
    left.items.count == right.items.count && left.contains(right)
  }

  /// Hashes the names without regard to their order.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(items.sorted())
  }
}

extension ValueSet: CustomStringConvertible {
  /// The names in braces, such as `{a, b}`.
  public var description: String { "{" + items.joined(separator: ", ") + "}" }
}

extension String {
  /// Whether both are the same bytes; `==` would also equate composed and decomposed letters.
  func hasSameBytes(as other: String) -> Bool {
    self == other && utf8.elementsEqual(other.utf8)
  }

  /// Whether this comes before `other` by UTF-8 bytes.
  func precedes(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
