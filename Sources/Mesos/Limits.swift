// Part of mesosim. Apache-2.0, see LICENSE.
//
// Upper bounds by name, as a quota sets them: a name that is absent has no bound.

/// Upper bounds by name, sorted by name; a name that is absent is without bound.
public struct Limits: Hashable, Sendable {
  /// The bounds, 0 or more, sorted by the bytes of their names.
  public private(set) var entries: [Quantities.Entry] = []

  /// No bounds.
  public init() {}

  /// Whether nothing is bounded.
  public var isEmpty: Bool { entries.isEmpty }

  /// The bound of a name, times 1000; `nil` for none.
  public subscript(name: String) -> Int64? { entries.first { $0.name == name }?.thousandths }

  /// Whether these quantities stay within every bound.
  public func contains(_ quantities: Quantities) -> Bool {
    entries.allSatisfy { quantities[$0.name] <= $0.thousandths }
  }

  /// Whether every bound here is at least as wide as that of `other`.
  public func contains(_ other: Limits) -> Bool {
    entries.allSatisfy { (other[$0.name] ?? .max) <= $0.thousandths }
  }

  /// Narrows the bounds by what is used; a bound ends at zero and keeps its name.
  public static func -= (left: inout Limits, right: Quantities) {
    for index in left.entries.indices {
      let bound = left.entries[index].thousandths
      left.entries[index].thousandths -= min(bound, right[left.entries[index].name])
    }
  }

  /// The bounds that remain when something is used; a bound ends at zero and keeps its name.
  public static func - (left: Limits, right: Quantities) -> Limits {
    var rest = left
    rest -= right
    return rest
  }

  /// Parses bounds such as `cpus:4;mem:0`; zeros count.
  /// - Parameter text: Entries `name:number`, separated by `;`, each name once.
  /// - Throws: `ResourceSyntaxError` with the column of the first fault.
  public init(parsing text: String) throws(ResourceSyntaxError) {
    let reader = AmountReader(text)
    for (name, amount, place) in try reader.read() {
      guard self[name] == nil else {
        throw reader.error(
          .duplicateElement, at: place, "'\(name)' has a bound already; name each resource once")
      }
      insert(Quantities.Entry(name: name, thousandths: amount.thousandths))
    }
  }

  /// Bounds a name, whatever its bound was.
  package mutating func set(_ amount: Scalar, of name: String) {
    entries.removeAll { $0.name == name }
    insert(Quantities.Entry(name: name, thousandths: amount.thousandths))
  }

  /// Adds the bound of a name that has none.
  private mutating func insert(_ entry: Quantities.Entry) {
    let index = entries.firstIndex { !$0.name.precedes(entry.name) } ?? entries.endIndex
    entries.insert(entry, at: index)
  }
}

extension Limits: CustomStringConvertible {
  /// The bounds, sorted by name: `cpus:4; mem:0`; `{}` for none.
  public var description: String { Quantities.text(of: entries) }
}
