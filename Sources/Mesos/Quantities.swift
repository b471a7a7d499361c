// Part of mesosim. Apache-2.0, see LICENSE.
//
// Amounts by name, without roles or identity: the arithmetic of fair shares and quota guarantees.

/// Amounts by name, sorted by name; a name that is absent has none.
///
/// Ranges and sets count as the number of their elements.
public struct Quantities: Hashable, Sendable {
  /// The amount of one name.
  public struct Entry: Hashable, Sendable {
    /// The name of the resource.
    public let name: String
    /// The amount times 1000.
    public internal(set) var thousandths: Int64
  }

  /// The amounts, all above zero, sorted by the bytes of their names.
  public private(set) var entries: [Entry] = []

  /// No amounts.
  public init() {}

  /// Whether there are no amounts.
  public var isEmpty: Bool { entries.isEmpty }

  /// The amount of a name, times 1000.
  public subscript(name: String) -> Int64 {
    place(of: name).map { entries[$0].thousandths } ?? 0
  }

  /// The place of a name, if it is there.
  private func place(of name: String) -> Int? {
    // Comparing for equality is faster than for order.
    if entries.count <= 8 { return entries.firstIndex { $0.name == name } }
    let index = entries.partitionPoint { !$0.name.precedes(name) }
    return index < entries.endIndex && entries[index].name == name ? index : nil
  }

  /// Whether every amount of `other` is here.
  public func contains(_ other: Quantities) -> Bool {
    other.entries.allSatisfy { self[$0.name] >= $0.thousandths }
  }

  /// Adds to a name; ends at the largest integer instead of overflowing.
  mutating func add(_ thousandths: Int64, of name: String) {
    guard thousandths > 0 else { return }
    let index = entries.partitionPoint { !$0.name.precedes(name) }
    if index < entries.endIndex, entries[index].name == name {
      entries[index].thousandths = entries[index].thousandths.addingSaturated(thousandths)
    } else {
      entries.insert(Entry(name: name, thousandths: thousandths), at: index)
    }
  }

  mutating func subtract(_ thousandths: Int64, of name: String) {
    guard let index = place(of: name) else { return }
    entries[index].thousandths -= min(thousandths, entries[index].thousandths)
    if entries[index].thousandths == 0 { entries.remove(at: index) }
  }
}

extension Quantities {
  /// Adds to a name.
  package mutating func add(_ amount: Scalar, of name: String) { add(amount.thousandths, of: name) }

  /// Adds every amount of `right`.
  public static func += (left: inout Quantities, right: Quantities) {
    for entry in right.entries { left.add(entry.thousandths, of: entry.name) }
  }

  /// Takes every amount of `right` away; what would fall below zero vanishes.
  public static func -= (left: inout Quantities, right: Quantities) {
    for entry in right.entries { left.subtract(entry.thousandths, of: entry.name) }
  }

  /// Both together.
  public static func + (left: Quantities, right: Quantities) -> Quantities {
    var sum = left
    sum += right
    return sum
  }

  /// What is left of `left`; what would fall below zero vanishes.
  public static func - (left: Quantities, right: Quantities) -> Quantities {
    var difference = left
    difference -= right
    return difference
  }

  /// Parses amounts such as `cpus:4;mem:1024`; equal names are summed, zeros dropped.
  /// - Parameter text: Entries `name:number`, separated by `;`.
  /// - Throws: `ResourceSyntaxError` with the column of the first fault.
  public init(parsing text: String) throws(ResourceSyntaxError) {
    for entry in try AmountReader(text).read() { add(entry.amount.thousandths, of: entry.name) }
  }
}

extension Quantities: CustomStringConvertible {
  /// The amounts, sorted by name: `cpus:4; mem:1024`; `{}` for none.
  public var description: String { Quantities.text(of: entries) }

  static func text(of entries: [Entry]) -> String {
    if entries.isEmpty { return "{}" }
    return entries.map { "\($0.name):\(Scalar(thousandths: $0.thousandths))" }
      .joined(separator: "; ")
  }
}

/// Reads `name:number;name:number`.
struct AmountReader {
  private let source: SourceText

  init(_ text: String) { source = SourceText(text) }

  func read() throws(ResourceSyntaxError) -> [(name: String, amount: Scalar, place: Int)] {
    var entries: [(name: String, amount: Scalar, place: Int)] = []
    for piece in source.pieces(of: 0..<source.bytes.count, at: { $0 == UInt8(ascii: ";") }) {
      let parts = source.pieces(of: piece) { $0 == UInt8(ascii: ":") }
      guard parts.count == 2 else {
        throw source.error(
          .colon, at: piece.lowerBound,
          "'\(source.string(piece))' is no amount; expected name:number such as cpus:4")
      }
      let name = source.string(source.trimmed(parts[0]))
      let amount = try readAmount(parts[1], of: name)
      entries.append((name == "cpu" ? "cpus" : name, amount, piece.lowerBound))
    }
    return entries
  }

  private func readAmount(
    _ part: Range<Int>, of name: String
  ) throws(ResourceSyntaxError) -> Scalar {
    guard case .scalar(let value) = try ValueReader(source, part).read() else {
      throw source.error(
        .badType, at: part.lowerBound, "'\(name)' has no amount; expected a number, 0 or more")
    }
    guard let amount = Scalar(value) else {
      throw source.error(
        .tiny, at: part.lowerBound, "\(value) of '\(name)' is past 9.2e15, where fixed point ends")
    }
    return amount
  }

  func error(
    _ errorClass: ResourceSyntaxError.Class, at place: Int, _ message: String
  ) -> ResourceSyntaxError {
    source.error(errorClass, at: place, message)
  }
}
