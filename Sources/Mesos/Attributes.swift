// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a slave says of itself beside its resources: its rack, its zone, its operating system.
// Master and allocator hand attributes on in every offer and never look at them.

/// One attribute of a slave: a name with a number, ranges, a set or text.
public struct Attribute: Hashable, Sendable {
  /// What an attribute can be.
  public enum Value: Hashable, Sendable {
    /// A number, never negative.
    case scalar(Double)
    /// Numbers in ranges, coalesced; inverted ranges stay.
    case ranges(ValueRanges)
    /// Names, which no slave can be told on its command line.
    case set(ValueSet)
    /// Anything else.
    case text(String)
  }

  /// The name, spaces at its ends included.
  public let name: String
  /// The value.
  public let value: Value

  /// Makes an attribute.
  public init(_ name: String, _ value: Value) {
    self.name = name
    self.value = value
  }
}

extension Attribute: CustomStringConvertible {
  /// The name and the value, joined by `=`.
  public var description: String { "\(name)=\(value)" }
}

extension Attribute.Value: CustomStringConvertible {
  /// The text, the ranges in brackets, the set in braces, or the number with up to three decimals.
  public var description: String {
    switch self {
    case .scalar(let number): Scalar(number)?.description ?? number.description
    case .ranges(let ranges): ranges.description
    case .set(let set): set.description
    case .text(let text): text
    }
  }
}

/// The attributes of a slave, in the order given; a name may occur more than once.
public struct Attributes: Sendable {
  /// The attributes in the order given.
  public let list: [Attribute]

  /// Lists attributes.
  public init(_ list: [Attribute] = []) { self.list = list }

  /// The value of the first attribute with this name.
  public subscript(name: String) -> Attribute.Value? { list.first { $0.name == name }?.value }
}

extension Attributes: Hashable {
  /// Whether both have the same attributes, each as often, in whatever order.
  public static func == (left: Attributes, right: Attributes) -> Bool {
    left.list.isPermutation(of: right.list)
  }

  /// Hashes the names without regard to their order.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(list.map(\.name).sorted())
  }
}

extension Attributes: CustomStringConvertible {
  /// The attributes in their order: `rack=r1; level=10`.
  public var description: String { list.map(\.description).joined(separator: "; ") }
}

extension Attributes {
  /// Parses attributes such as `rack:r1;level:10;ports:[1-9]`.
  ///
  /// A value is what follows the first `:` of a piece, without any spaces: a number, ranges in
  /// `[]`, or text. Names are kept as they are, spaces included.
  /// - Parameter text: Pieces `name:value`, separated by `;` or a line break.
  /// - Throws: `ResourceSyntaxError` with the column of the first fault.
  public init(parsing text: String) throws(ResourceSyntaxError) {
    try self.init(parsing: text, withSets: false)
  }

  /// Parses attributes, of which some may be sets where those are not from a slave's command line.
  package init(parsing text: String, withSets: Bool) throws(ResourceSyntaxError) {
    let source = SourceText(text)
    let separators = [UInt8(ascii: ";"), UInt8(ascii: "\n")]
    var list: [Attribute] = []
    for piece in source.pieces(of: 0..<source.bytes.count, at: separators.contains) {
      list.append(try Attributes.read(piece, in: source, withSets: withSets))
    }
    self.init(list)
  }

  private static func read(
    _ piece: Range<Int>, in source: SourceText, withSets: Bool
  ) throws(ResourceSyntaxError) -> Attribute {
    let text = source.string(piece)
    guard let colon = piece.first(where: { source.bytes[$0] == UInt8(ascii: ":") }) else {
      throw source.error(
        .colon, at: piece.upperBound, "'\(text)' has no ':'; expected name:value such as rack:r1")
    }
    guard colon > piece.lowerBound else {
      throw source.error(.nameEmpty, at: colon, "no name before the ':'; expected one such as rack")
    }
    let name = source.string(piece.lowerBound..<colon)
    switch try ValueReader(source, colon + 1..<piece.upperBound).read() {
    case .scalar(let number): return Attribute(name, .scalar(number))
    case .ranges(let ranges): return Attribute(name, .ranges(ranges))
    case .text(let text): return Attribute(name, .text(text))
    case .set(let items) where withSets: return Attribute(name, .set(ValueSet(items)))
    case .set:
      throw source.error(
        .badType, at: colon + 1,
        "'\(name)' is a set; attributes are numbers, ranges in [] or text such as a,b")
    }
  }
}
