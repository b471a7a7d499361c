// Part of mesosim. Apache-2.0, see LICENSE.
//
// Amounts by name, without roles or identity: the arithmetic of quota and fair shares.

/// Amounts by name, sorted by name; a name that is absent has none.
public struct Quantities: Hashable, Sendable {
  /// The amount of one name.
  public struct Entry: Hashable, Sendable {
    /// The name of the resource.
    public let name: String
    /// The amount times 1000; above zero.
    public let thousandths: Int64
  }

  /// The amounts, sorted by the bytes of their names.
  public private(set) var entries: [Entry] = []

  /// No amounts.
  public init() {}

  /// The amount of a name, times 1000.
  public subscript(name: String) -> Int64 {
    entries.first { $0.name == name }?.thousandths ?? 0
  }

  /// Adds to a name; ends at the largest integer instead of overflowing.
  mutating func add(_ thousandths: Int64, of name: String) {
    guard thousandths > 0 else { return }
    let index = entries.firstIndex { !$0.name.precedes(name) } ?? entries.endIndex
    if index < entries.endIndex, entries[index].name == name {
      let sum = entries[index].thousandths.addingSaturated(thousandths)
      entries[index] = Entry(name: name, thousandths: sum)
    } else {
      entries.insert(Entry(name: name, thousandths: thousandths), at: index)
    }
  }
}
