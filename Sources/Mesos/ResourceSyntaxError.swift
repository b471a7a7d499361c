// Part of mesosim. Apache-2.0, see LICENSE.
//
// What is wrong with a text of resources or attributes, and where.

/// Says what is wrong with a text of resources or attributes, at which column, and what to write.
public struct ResourceSyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kinds of faults, named as the conformance cases name them.
  public enum Class: String, Hashable, Sendable, CaseIterable {
    /// A piece of the text has not exactly two parts around `:`.
    case colon = "COLON"
    /// The `(` of a role is not closed.
    case parenthesis = "PAREN"
    /// No name is left.
    case nameEmpty = "NAME-EMPTY"
    /// No value is left once spaces are removed.
    case valueEmpty = "VALUE-EMPTY"
    /// Brackets, braces or parentheses do not balance.
    case brackets = "BRACKETS"
    /// A `[` or `{` stands in the value, not at its start.
    case stray = "STRAY"
    /// The number of bounds is odd.
    case rangeCount = "RANGE-COUNT"
    /// A bound is not an unsigned 64-bit integer.
    case rangeNumber = "RANGE-NUM"
    /// A range begins after its end.
    case rangeInverted = "RANGE-INVERTED"
    /// Two ranges share a number (JSON only).
    case rangeOverlap = "RANGE-OVERLAP"
    /// A number is too close to zero for a normal floating-point number.
    case subnormal = "SUBNORMAL"
    /// The value is of a type that cannot stand here.
    case badType = "BAD-TYPE"
    /// A scalar is not zero but rounds to zero or less, or is past the end of fixed point.
    case tiny = "TINY"
    /// A set has an element twice.
    case duplicateElement = "DUP-ELEM"
    /// A role is invalid, or a reservation breaks the rules.
    case role = "ROLE"
    /// The members of a JSON entry do not match its type.
    case union = "UNION"
    /// A disk is described where it may not be, or wrongly.
    case disk = "DISK"
    /// Something that cannot be shared is.
    case shared = "SHARED"
    /// An entry of a JSON array lacks the shape of a resource.
    case jsonFormat = "JSON-FORMAT"
    /// One name has two types.
    case typeConflict = "TYPE-CONFLICT"
    /// A volume, revocable resource or dynamic reservation, which only come about at run time.
    case commandLine = "CMDLINE"
  }

  /// The kind of fault.
  public let errorClass: Class
  /// Where the fault is, counted in characters of the text from 1.
  public let column: Int
  /// What is wrong, what was expected and what to do.
  public let message: String

  /// The column and the message.
  public var description: String { "column \(column): \(message)" }
}

/// A text as bytes, which knows the columns of its places.
struct SourceText {
  let bytes: [UInt8]

  init(_ text: String) { bytes = Array(text.utf8) }

  /// The column of a byte, from 1: the number of characters (Unicode scalars) that begin up to it.
  func column(of place: Int) -> Int {
    1 + bytes[..<min(place, bytes.count)].reduce(0) { $0 + ($1 & 0xc0 == 0x80 ? 0 : 1) }
  }

  func string(_ part: Range<Int>) -> String { String(decoding: bytes[part], as: UTF8.self) }

  func error(
    _ errorClass: ResourceSyntaxError.Class, at place: Int, _ message: String
  ) -> ResourceSyntaxError {
    ResourceSyntaxError(errorClass: errorClass, column: column(of: place), message: message)
  }

  /// Splits a part at every byte that passes, dropping empty pieces.
  func pieces(of part: Range<Int>, at isSeparator: (UInt8) -> Bool) -> [Range<Int>] {
    bytes[part].split(whereSeparator: isSeparator).map { $0.startIndex..<$0.endIndex }
  }

  /// The part without white space (space, tab, line feed, carriage return) at its ends.
  func trimmed(_ part: Range<Int>) -> Range<Int> {
    func isWhite(_ place: Int) -> Bool { [0x20, 0x09, 0x0a, 0x0d].contains(bytes[place]) }
    var part = part
    while let first = part.first, isWhite(first) { part = part.dropFirst() }
    while let last = part.last, isWhite(last) { part = part.dropLast() }
    return part
  }
}
