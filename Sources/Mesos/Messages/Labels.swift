// Part of mesosim. Apache-2.0, see LICENSE.
//
// Labels: free notes on tasks, executors, frameworks and reservations, which Mesos hands on and
// never reads.

/// A key with or without a value (mesos.proto, `Label`).
public struct Label: Hashable, Comparable, Sendable {
  /// The key; it need not be unique.
  public let key: String
  /// The value, if there is one.
  public let value: String?

  /// Makes a label.
  public init(key: String, value: String? = nil) {
    self.key = key
    self.value = value
  }

  /// Whether both have the same key and the same value, byte for byte.
  public static func == (left: Label, right: Label) -> Bool {
    guard left.key.hasSameBytes(as: right.key) else { return false }
    guard let value = left.value, let other = right.value else {
      return left.value == nil && right.value == nil
    }
    return value.hasSameBytes(as: other)
  }

  /// Orders labels by the bytes of their keys, then of their values; no value comes first.
  public static func < (left: Label, right: Label) -> Bool {
    if !left.key.hasSameBytes(as: right.key) { return left.key.precedes(right.key) }
    guard let other = right.value else { return false }
    return left.value?.precedes(other) ?? true
  }
}

/// A list of labels, compared without regard to order (mesos.proto, `Labels`).
///
///     let labels: Labels = ["team": "search", "tier": "web"]
///
/// Two lists are equal when they hold the same labels, each as often.
public struct Labels: Sendable {
  /// The labels in the order given.
  public var list: [Label]

  /// Lists labels.
  public init(_ list: [Label] = []) { self.list = list }

  /// Whether there are no labels.
  public var isEmpty: Bool { list.isEmpty }

  /// The value of the first label with this key; `nil` too when that label has none.
  public subscript(key: String) -> String? { list.first { $0.key == key }?.value }
}

extension Labels: Hashable {
  /// Whether both hold the same labels, each as often, in whatever order.
  public static func == (left: Labels, right: Labels) -> Bool {
    left.list.isPermutation(of: right.list)
  }

  /// Hashes the keys without regard to their order.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(list.map(\.key).sorted())
  }
}

extension Labels: ExpressibleByDictionaryLiteral {
  /// Lists labels that all have values, in the order written.
  public init(dictionaryLiteral elements: (String, String)...) {
    self.init(elements.map { Label(key: $0.0, value: $0.1) })
  }
}

extension Array where Element: Hashable {
  /// Whether both hold the same elements, each as often, in whatever order.
  func isPermutation(of other: [Element]) -> Bool {
    if self == other { return true }
    guard count == other.count else { return false }
    func counts(_ list: [Element]) -> [Element: Int] {
      list.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }
    return counts(self) == counts(other)
  }
}
