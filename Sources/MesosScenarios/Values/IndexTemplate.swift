// Part of mesosim. Apache-2.0, see LICENSE.
//
// Names that count: `node-{index}`, `rack:r{index/24}`, `slot:{index%4}`.

internal import Mesos

/// A text with places for a number, which may be divided, taken the rest of, or added to.
public struct IndexTemplate: Hashable, Sendable {
  /// The text as it is written.
  public let source: String
  private let pieces: [Piece]

  private enum Piece: Hashable {
    case text(String)
    case index
    case quotient(Int)
    case remainder(Int)
    case sum(Int)
  }

  /// The text for one number.
  public func text(index: Int) -> String {
    var result = ""
    for piece in pieces {
      switch piece {
      case .text(let text): result += text
      case .index: result += String(index)
      case .quotient(let divisor): result += String(index / divisor)
      case .remainder(let divisor): result += String(index % divisor)
      case .sum(let number): result += String(index + number)
      }
    }
    return result
  }

  /// Whether different numbers surely give different texts.
  var isInjective: Bool {
    pieces.contains {
      switch $0 {
      case .index, .sum: true
      case .text, .quotient, .remainder: false
      }
    } && pieces.count <= 2
  }

  /// The text before the first number, without the separator at its end.
  var stem: String {
    guard case .text(let text)? = pieces.first else { return "" }
    var stem = text[...]
    while let last = stem.last, "-._".contains(last) { stem.removeLast() }
    return String(stem)
  }

  /// Whether the text is the same for every number.
  var isConstant: Bool {
    pieces.allSatisfy { if case .text = $0 { true } else { false } }
  }

  /// The text with `*` for every number.
  var pattern: String {
    pieces.map { if case .text(let text) = $0 { text } else { "*" } }.joined()
  }

  static let standardName = IndexTemplate(pieces: [.text("slave-"), .index], "slave-{index}")
  static let empty = IndexTemplate(pieces: [], "")

  private init(pieces: [Piece], _ source: String) {
    self.pieces = pieces
    self.source = source
  }

  /// Reads a template.
  init(_ source: String) throws(Mismatch) {
    var pieces: [Piece] = []
    var rest = Substring(source)
    while let brace = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
      let offset = source.unicodeScalars.distance(from: source.startIndex, to: brace)
      guard rest[brace] == "{", let close = rest[brace...].firstIndex(of: "}"),
        let piece = Self.piece(rest[rest.index(after: brace)..<close])
      else {
        throw Mismatch(
          reason: "'\(rest[brace...].prefix(20))' is no place for a number; expected {index}, "
            + "{index/24}, {index%24} or {index+1}",
          offset: offset)
      }
      if brace > rest.startIndex { pieces.append(.text(String(rest[..<brace]))) }
      pieces.append(piece)
      rest = rest[rest.index(after: close)...]
    }
    if !rest.isEmpty { pieces.append(.text(String(rest))) }
    self.init(pieces: pieces, source)
  }

  private static func piece(_ expression: Substring) -> Piece? {
    let text = expression.filter { $0 != " " }
    guard text.hasPrefix("index") else { return nil }
    let operation = text.dropFirst("index".count)
    guard let symbol = operation.first else { return .index }
    guard let number = Int(operation.dropFirst()), number <= 1_000_000_000 else { return nil }
    switch symbol {
    case "/": return number > 0 ? .quotient(number) : nil
    case "%": return number > 0 ? .remainder(number) : nil
    case "+": return number >= 0 ? .sum(number) : nil
    default: return nil
    }
  }
}

extension Codec where Value == IndexTemplate {
  /// The name of slaves.
  static var slaveName: Codec {
    Codec.scalar(
      "a name such as node-{index}", [.text], schema: ["type": "string", "minLength": 1],
      parse: { (text) throws(Mismatch) in
        let template = try IndexTemplate(text)
        let sample = template.text(index: 0)
        guard let first = sample.first, first.isLetter || first.isNumber,
          sample.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") })
        else {
          throw Mismatch(
            reason: "'\(text)' is no host name; expected letters, digits, '.', '_' or '-', "
              + "such as node-{index}")
        }
        return template
      },
      print: { .text($0.source) })
  }

  /// The name of a region or zone.
  static var place: Codec {
    Codec.scalar(
      "a name such as zone-{index/24}", [.text], schema: ["type": "string", "minLength": 1],
      parse: { (text) throws(Mismatch) in
        guard !text.isEmpty else { throw Mismatch(reason: "it is empty; expected a name") }
        return try IndexTemplate(text)
      },
      print: { .text($0.source) })
  }

  /// Attributes of slaves, such as `rack:r{index/24};zone:a`.
  static var attributes: Codec {
    Codec.scalar(
      "attributes such as \"rack:r{index/24};zone:a\"", [.text], schema: ["type": "string"],
      parse: { (text) throws(Mismatch) in
        let template = try IndexTemplate(text)
        do throws(ResourceSyntaxError) {
          _ = try Attributes(parsing: template.text(index: 0))
        } catch {
          // Numbers have taken the places' room: only the entry is where it was.
          let read = template.text(index: 0).unicodeScalars.prefix(error.column - 1)
          let entries = text.split(separator: ";", omittingEmptySubsequences: false)
          let before = entries.prefix(read.count { $0 == ";" })
          throw Mismatch(
            reason: error.message, offset: before.reduce(0) { $0 + $1.unicodeScalars.count + 1 })
        }
        return template
      },
      print: { .text($0.source) })
  }
}
