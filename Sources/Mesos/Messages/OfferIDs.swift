// Part of mesosim. Apache-2.0, see LICENSE.
//
// The ids of many offers: those that follow one another are kept as two numbers.

/// Ids of offers, in the order in which they were added.
public struct OfferIDs: Hashable, Sendable {
  /// Ids of one master with consecutive numbers.
  public struct Block: Hashable, Sendable {
    /// The id of the master that made the offers.
    public let master: String
    /// The offers' numbers at that master; never empty.
    public fileprivate(set) var numbers: Range<Int>
  }

  /// The ids, in as few blocks as their order allows.
  public private(set) var blocks: [Block] = []

  /// Lists no ids.
  public init() {}

  /// Lists ids.
  public init(_ ids: some Sequence<OfferID>) {
    for id in ids { append(id) }
  }

  /// Whether there are none.
  @inlinable public var isEmpty: Bool { blocks.isEmpty }

  /// How many there are.
  ///
  /// - Complexity: O(blocks).
  public var count: Int { blocks.reduce(0) { $0 + $1.numbers.count } }

  /// Makes room for some blocks.
  package mutating func reserveBlocks(_ count: Int) { blocks.reserveCapacity(count) }

  /// Adds an id.
  public mutating func append(_ id: OfferID) {
    // The last number there is has no range that ends behind it; no master gets as far.
    guard id.number < .max else { return }
    append(id.master, id.number..<id.number + 1)
  }

  /// Adds the ids of one master with these numbers.
  public mutating func append(_ master: String, _ numbers: Range<Int>) {
    if numbers.isEmpty { return }
    let last = blocks.count - 1
    if last >= 0, blocks[last].numbers.upperBound == numbers.lowerBound,
      StableHash.areSame(blocks[last].master, master)
    {
      blocks[last].numbers = blocks[last].numbers.lowerBound..<numbers.upperBound
    } else {
      blocks.append(Block(master: master, numbers: numbers))
    }
  }
}

extension OfferIDs: Sequence, ExpressibleByArrayLiteral {
  /// Lists ids.
  public init(arrayLiteral ids: OfferID...) { self.init(ids) }

  /// The ids one by one.
  public struct Iterator: IteratorProtocol {
    fileprivate let blocks: [Block]
    private var block = 0
    private var offset = 0

    fileprivate init(_ blocks: [Block]) { self.blocks = blocks }

    /// The next id.
    public mutating func next() -> OfferID? {
      guard block < blocks.count else { return nil }
      let (master, numbers) = (blocks[block].master, blocks[block].numbers)
      let id = OfferID(master: master, number: numbers.lowerBound + offset)
      offset += 1
      if offset == numbers.count { (block, offset) = (block + 1, 0) }
      return id
    }
  }

  /// Begins with the first id.
  public func makeIterator() -> Iterator { Iterator(blocks) }
}
