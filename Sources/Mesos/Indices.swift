// Part of mesosim. Apache-2.0, see LICENSE.
//
// Dense numbers that stand for slaves and frameworks inside one run, where identifiers would cost:
// in allocators, facts and tables. A type for each, so that one cannot be passed for the other.
// Identifiers, which schedulers and executors know things by, are in `Identifiers.swift`.

/// A number that stands for one of its kind within a run, counted from 0.
///
/// Arrays that have one element for each of a kind are read by it: `slaves[slave]`.
public protocol DenseIndex: RawRepresentable<Int32>, Hashable, Comparable, Sendable,
  BitwiseCopyable, LosslessStringConvertible, ExpressibleByIntegerLiteral
{
  /// Makes an index from its number.
  init(rawValue: Int32)
}

extension DenseIndex {
  /// Makes an index from its number, as a place in an array gives it.
  @inlinable @inline(__always)
  public init(_ place: Int) { self.init(rawValue: Int32(place)) }

  /// Makes an index from its number.
  @inlinable @inline(__always)
  public init(integerLiteral number: Int32) { self.init(rawValue: number) }

  /// The one that comes after this.
  @inlinable @inline(__always)
  public var next: Self { Self(rawValue: rawValue + 1) }

  /// Orders by number.
  @inlinable @inline(__always)
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// Reads a number; `nil` when `text` is none.
  public init?(_ text: String) {
    guard let number = Int32(text) else { return nil }
    self.init(rawValue: number)
  }

  /// The number.
  public var description: String { String(rawValue) }
}

extension Int {
  /// The place of an index's element in an array of one element for each.
  @inlinable @inline(__always)
  public init(_ index: some DenseIndex) { self.init(index.rawValue) }
}

extension Array {
  /// The element of what an index stands for.
  @inlinable
  public subscript(index: some DenseIndex) -> Element {
    @inline(__always) get { self[Int(index.rawValue)] }
    @inline(__always) _modify { yield &self[Int(index.rawValue)] }
  }
}

/// Numbers a slave within a run, from 0 in the order of the scenario.
@frozen
public struct SlaveIndex: DenseIndex {
  /// The number.
  public let rawValue: Int32
  /// Makes an index from its number.
  @inlinable @inline(__always)
  public init(rawValue: Int32) { self.rawValue = rawValue }
}

/// Numbers a framework within a run, from 0 in the order of the scenario.
@frozen
public struct FrameworkIndex: DenseIndex {
  /// The number.
  public let rawValue: Int32
  /// Makes an index from its number.
  @inlinable @inline(__always)
  public init(rawValue: Int32) { self.rawValue = rawValue }
}
