// Part of mesosim. Apache-2.0, see LICENSE.
//
// A file from outside, line by line. All readers go through here, so that what editors and other
// systems leave in a text is met in one place: blank lines and the ends of lines.

extension TraceFile {
  /// A line that has something on it.
  public struct Line: Sendable {
    /// Its number in the file, from 1; blank lines count.
    public let number: Int
    /// What is on it, without its end.
    public let bytes: ArraySlice<UInt8>

    /// What is on it, as text.
    public var text: String { String(decoding: bytes, as: UTF8.self) }
  }

  /// The lines of a file that are not blank.
  public struct Lines: Sequence, IteratorProtocol {
    private let bytes: [UInt8]
    private var offset = 0
    private var number = 0

    fileprivate init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The next line that has more on it than spaces and tabs.
    public mutating func next() -> Line? {
      while offset < bytes.count {
        number += 1
        let start = offset
        var isBlank = true
        while offset < bytes.count, !bytes[offset].endsLine {
          isBlank = isBlank && bytes[offset].isBlank
          offset += 1
        }
        let line = bytes[start..<offset]
        offset = bytes.skippingLineEnd(at: offset)
        if !isBlank { return Line(number: number, bytes: line) }
      }
      return nil
    }
  }

  /// The lines that are not blank, whether they end as on Unix or as on Windows.
  public var lines: Lines { Lines(bytes) }
}

extension UInt8 {
  /// Whether a line ends before this byte.
  var endsLine: Bool { self == UInt8(ascii: "\n") || self == UInt8(ascii: "\r") }
  /// Whether nobody sees it.
  var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
}

extension [UInt8] {
  /// The offset behind the line end at `offset`: one byte, or two as on Windows.
  func skippingLineEnd(at offset: Int) -> Int {
    let isPair =
      offset + 1 < count && self[offset] == UInt8(ascii: "\r")
      && self[offset + 1] == UInt8(ascii: "\n")
    return offset + (isPair ? 2 : 1)
  }
}
