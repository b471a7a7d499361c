// Part of mesosim. Apache-2.0, see LICENSE.
//
// Identifiers as types, so that a task's id cannot be passed where a slave's is meant. All wrap one
// string, as the v0 API's messages do, and sort bytewise, as Mesos sorts them (`f10` before `f2`).

public import VirtualTime

/// What the identifiers of the v0 API have in common: one string, ordered by its UTF-8 bytes.
public protocol Identifier: Hashable, Comparable, Sendable, CustomStringConvertible,
  ExpressibleByStringLiteral
{
  /// The text of the identifier.
  var value: String { get }
  /// Makes an identifier from its text; any text is accepted here, the master validates it.
  init(_ value: String)
}

extension Identifier {
  /// Makes an identifier from a literal.
  public init(stringLiteral value: String) { self.init(value) }
  /// The text of the identifier.
  public var description: String { value }
  /// Equal is what has the same UTF-8 bytes, as for Mesos; `String` takes other spellings of an
  /// accented letter for the same text.
  @inlinable public static func == (left: Self, right: Self) -> Bool {
    StableHash.areSame(left.value, right.value)
  }
  /// Hashes the bytes.
  @inlinable public func hash(into hasher: inout Hasher) { hasher.combine(StableHash.of(value)) }
  /// Orders identifiers by their UTF-8 bytes, as Mesos does.
  public static func < (left: Self, right: Self) -> Bool {
    left.value.utf8.lexicographicallyPrecedes(right.value.utf8)
  }
}

/// Names a framework; given by the master when the framework first registers.
public struct FrameworkID: Identifier {
  /// The text of the identifier.
  public let value: String
  /// Makes an identifier from its text.
  public init(_ value: String) { self.value = value }
}

/// Names a slave; given by the master when the slave first registers.
public struct SlaveID: Identifier {
  /// The text of the identifier.
  public let value: String
  /// Makes an identifier from its text.
  public init(_ value: String) { self.value = value }
}

/// Names a task; chosen by the framework, unique among its active tasks.
public struct TaskID: Identifier {
  /// The text of the identifier.
  public let value: String
  /// A hash of the bytes, not yet mixed: a task is looked up a dozen times in its life.
  @usableFromInline package let rawHash: UInt64

  /// Makes an identifier from its text.
  public init(_ value: String) {
    self.value = value
    rawHash = StableHash.bytes(of: value)
  }

  /// Equal is what has the same UTF-8 bytes.
  @inlinable public static func == (left: TaskID, right: TaskID) -> Bool {
    left.rawHash == right.rawHash && StableHash.areSame(left.value, right.value)
  }

  /// Hashes the bytes.
  @inlinable public func hash(into hasher: inout Hasher) { hasher.combine(rawHash) }

  /// What dictionaries and sets ask for: the hash that is kept, instead of one more over it.
  ///
  /// A requirement of `Hashable` that only the standard library's source documents (Performance.md,
  /// "Ids that remember their hash"): where it is not asked for, `hash(into:)` is.
  @inlinable public func _rawHashValue(seed: Int) -> Int {
    Int(truncatingIfNeeded: SplitMix64.mix(rawHash ^ UInt64(bitPattern: Int64(seed))))
  }
}

/// Names an executor; chosen by the framework, unique on a slave.
public struct ExecutorID: Identifier {
  /// The text of the identifier.
  public let value: String
  /// Makes an identifier from its text.
  public init(_ value: String) { self.value = value }
}

/// Names a container; given by the slave that runs it.
public struct ContainerID: Identifier {
  /// The text of the identifier.
  public let value: String
  /// Makes an identifier from its text.
  public init(_ value: String) { self.value = value }
}

/// Names an offer; given by the master, never used twice, dead once answered or rescinded.
///
/// Offers come by the million, so the text (`m1-O17`) is kept as its two parts.
public struct OfferID: Hashable, Sendable, CustomStringConvertible {
  /// The id of the master that made the offer.
  public let master: String
  /// The offer's number at that master, from 0.
  public let number: Int

  /// Makes the id of a master's offer.
  public init(master: String, number: Int) {
    self.master = master
    self.number = number
  }

  /// Reads the text of an offer id; `nil` unless it ends in `-O` and a number.
  public init?(_ value: String) {
    guard let dash = value.utf8.lastIndex(of: UInt8(ascii: "-")) else { return nil }
    let tail = value[value.index(after: dash)...]
    guard tail.first == "O", let number = Int(tail.dropFirst()), number >= 0 else { return nil }
    self.init(master: String(value[..<dash]), number: number)
  }

  /// The text of the identifier, as Mesos shapes it: `<master>-O<number>`.
  ///
  /// What was read and is no id of an offer is its own text.
  public var value: String { number < 0 ? master : "\(master)-O\(number)" }
  /// The text of the identifier.
  public var description: String { value }
}
