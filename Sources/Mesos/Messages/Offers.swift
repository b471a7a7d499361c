// Part of mesosim. Apache-2.0, see LICENSE.
//
// The offers of one callback: on a cluster of tens of thousands of slaves far more than anybody
// looks at, so that one is made only when somebody does.

/// Offers in order, as `resourceOffers` is called with.
///
/// Reads like an array of `Offer`. Offers of slaves that nobody uses have little of their own, and
/// such an `Offer` is made each time it is looked at: who needs one twice keeps it.
///
/// A slice (`offers[place...]`) is `Offers` as well, has the indices of what it was taken from, and
/// copies nothing.
///
/// - Complexity: O(1) to slice, count and look at one; O(log p) to look at one where the offers are
///   in p pieces.
public struct Offers: RandomAccessCollection, Sendable {
  /// Where offers come from; each is one reference.
  fileprivate enum Source: Sendable {
    case list([Offer])
    case run(OfferRun)
    /// Several of the others one behind the other.
    case pieces([Piece])
  }

  /// Some of the offers, themselves of one list or one run.
  fileprivate struct Piece: Sendable {
    let start: Int
    let offers: Offers
  }

  fileprivate let source: Source
  /// The places in the source that are these offers.
  fileprivate let places: Range<Int>
  /// The place in the source that index 0 stands for.
  private let origin: Int

  private init(_ source: Source, _ places: Range<Int>, origin: Int) {
    self.source = source
    self.places = places
    self.origin = origin
  }

  /// Takes offers over from a list.
  public init(_ offers: [Offer]) {
    self.init(.list(offers), offers.indices, origin: 0)
  }

  /// The offers of a run with these positions in it; all unless told otherwise.
  package init(_ run: OfferRun, _ positions: Range<Int>? = nil) {
    let positions = positions ?? 0..<run.count
    precondition(positions.clamped(to: 0..<run.count) == positions, "no such offers in this run")
    self.init(.run(run), positions, origin: positions.lowerBound)
  }

  /// Puts offers one behind the other.
  ///
  /// - Complexity: O(p), of p pieces.
  package init(joining parts: [Offers]) {
    var pieces: [Piece] = []
    var count = 0
    for part in parts {
      var index = part.startIndex
      while index < part.endIndex {
        let offers = part.piece(from: index).renumbered
        pieces.append(Piece(start: count, offers: offers))
        count += offers.count
        index += offers.count
      }
    }
    if pieces.count > 1 {
      self.init(.pieces(pieces), 0..<count, origin: 0)
    } else {
      self = pieces.first?.offers ?? Offers([])
    }
  }

  /// The same offers with indices from 0.
  private var renumbered: Offers { Offers(source, places, origin: places.lowerBound) }

  /// The index of the first offer.
  public var startIndex: Int { places.lowerBound - origin }

  /// The index behind the last offer.
  public var endIndex: Int { places.upperBound - origin }

  /// The offer at an index, which must be one of these offers'.
  public subscript(index: Int) -> Offer {
    let place = index + origin
    precondition(places.contains(place), "there is no offer at this index")
    switch source {
    case .list(let offers): return offers[place]
    case .run(let run): return run.offer(at: place)
    case .pieces(let pieces):
      let piece = Self.piece(at: place, of: pieces)
      return piece.offers[place - piece.start]
    }
  }

  /// The offers at some indices, which keep them.
  public subscript(indices: Range<Int>) -> Offers {
    let part = indices.lowerBound + origin..<indices.upperBound + origin
    precondition(part.clamped(to: places) == part, "there are no offers at these indices")
    return Offers(source, part, origin: origin)
  }

  /// The piece that a place is in: the last that does not start behind it.
  private static func piece(at place: Int, of pieces: [Piece]) -> Piece {
    var (low, high) = (0, pieces.count)
    while low + 1 < high {
      let middle = (low + high) / 2
      if pieces[middle].start <= place { low = middle } else { high = middle }
    }
    return pieces[low]
  }

  /// The offers from an index on that are of one list or one run; their indices are their own.
  fileprivate func piece(from index: Int) -> Offers {
    guard case .pieces(let pieces) = source else { return self[index...] }
    let piece = Self.piece(at: index + origin, of: pieces)
    let start = index + origin - piece.start
    return piece.offers[start..<Swift.min(piece.offers.count, places.upperBound - piece.start)]
  }
}

extension Offers {
  /// The index of the first offer, from an index on, of resources that pass a test; `nil` when
  /// there is none.
  ///
  /// Offers of equal resources need not be looked at one by one: the test may be asked once for all
  /// of them, and no `Offer` is made.
  ///
  ///     var place = offers.startIndex
  ///     while let next = offers.firstIndex(from: place, offering: { $0.contains(needs) }) {
  ///       driver.declineOffers(offers[place..<next])
  ///       answer(offers[next])
  ///       place = next + 1
  ///     }
  ///     driver.declineOffers(offers[place...])
  ///
  /// - Complexity: O(n), but O(1) for all offers of one kind in a run.
  public func firstIndex(from index: Int, offering isUseful: (Resources) -> Bool) -> Int? {
    precondition((startIndex...endIndex).contains(index), "there are no offers at this index")
    let rest = index + origin..<places.upperBound
    switch source {
    case .list(let offers):
      return rest.first { isUseful(offers[$0].resources) }.map { $0 - origin }
    case .run(let run):
      return run.firstPosition(in: rest, offering: isUseful).map { $0 - origin }
    case .pieces:
      var index = index
      while index < endIndex {
        let piece = piece(from: index)
        let start = piece.startIndex
        if let found = piece.firstIndex(from: start, offering: isUseful) {
          return index + found - start
        }
        index += piece.count
      }
      return nil
    }
  }
}

extension Offers: Hashable {
  /// Whether both are equal offers in equal order, however they are kept.
  public static func == (left: Offers, right: Offers) -> Bool { left.elementsEqual(right) }

  /// Hashes the offers.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(count)
    for offer in self { hasher.combine(offer) }
  }
}

extension Offers: ExpressibleByArrayLiteral {
  /// Lists offers.
  public init(arrayLiteral offers: Offer...) { self.init(offers) }
}

extension Offers: CustomStringConvertible {
  /// The offers as an array describes them.
  public var description: String { Array(self).description }
}

extension OfferIDs {
  /// Adds the ids of offers.
  ///
  /// - Complexity: O(p) for offers made in p runs, O(1) for each other.
  package mutating func append(contentsOf offers: Offers) {
    var index = offers.startIndex
    while index < offers.endIndex {
      let piece = offers.piece(from: index)
      append(piece: piece)
      index += piece.count
    }
  }

  private mutating func append(piece: Offers) {
    guard case .run(let run) = piece.source else { return piece.forEach { append($0.id) } }
    let first = run.firstNumber
    append(run.master, first + piece.places.lowerBound..<first + piece.places.upperBound)
  }
}
