// Part of mesosim. Apache-2.0, see LICENSE.
//
// Fields as they stand in protobuf's binary form, one after the other.

/// Puts fields into bytes.
struct ProtobufOutput {
  private(set) var bytes: [UInt8] = []

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest > 0x7f {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  private mutating func key(_ number: Int, _ type: UInt64) {
    varint(UInt64(truncatingIfNeeded: number) << 3 | type)
  }

  mutating func field(_ number: Int, varint value: UInt64) {
    key(number, 0)
    varint(value)
  }

  mutating func field(_ number: Int, fixed bits: UInt64) {
    key(number, 1)
    for place in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: bits >> (8 * UInt64(place)))) }
  }

  mutating func field(_ number: Int, fixed32 bits: UInt32) {
    key(number, 5)
    for place in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: bits >> (8 * UInt32(place)))) }
  }

  mutating func field(_ number: Int, _ content: [UInt8]) {
    key(number, 2)
    varint(UInt64(content.count))
    bytes += content
  }
}

/// Takes fields out of bytes.
struct ProtobufInput {
  enum Value {
    case varint(UInt64)
    case fixed(UInt64)
    case fixed32(UInt32)
    case bytes(ArraySlice<UInt8>)
  }

  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  var isAtEnd: Bool { rest.isEmpty }

  /// The next field; `nil` where there is none that is well formed.
  mutating func next() -> (number: Int, value: Value)? {
    guard let key = varint(), let number = Int(exactly: key >> 3), number > 0 else { return nil }
    switch key & 7 {
    case 0: return varint().map { (number, .varint($0)) }
    case 1: return fixed(8).map { (number, .fixed($0)) }
    case 2:
      guard let count = varint().flatMap({ Int(exactly: $0) }), count <= rest.count else {
        return nil
      }
      let content = rest.prefix(count)
      rest = rest.dropFirst(count)
      return (number, .bytes(content))
    case 5: return fixed(4).map { (number, .fixed32(UInt32(truncatingIfNeeded: $0))) }
    default: return nil
    }
  }

  private mutating func varint() -> UInt64? {
    var value: UInt64 = 0
    for place in 0..<10 as Range<UInt64> {
      guard let byte = rest.popFirst() else { return nil }
      value |= UInt64(byte & 0x7f) << (7 * place)
      if byte < 0x80 { return value }
    }
    return nil
  }

  private mutating func fixed(_ count: Int) -> UInt64? {
    guard rest.count >= count else { return nil }
    var value: UInt64 = 0
    for place in 0..<UInt64(count) {
      guard let byte = rest.popFirst() else { return nil }
      value |= UInt64(byte) << (8 * place)
    }
    return value
  }
}
