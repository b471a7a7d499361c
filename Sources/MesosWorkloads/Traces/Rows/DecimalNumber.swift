// Part of mesosim. Apache-2.0, see LICENSE.
//
// Numbers of a trace as they are written, so that seconds since 1970 keep their nanoseconds.

/// A decimal number, exact to 18 digits.
struct DecimalNumber {
  /// The digits, as a whole number.
  private(set) var digits: Int64
  /// The power of ten that they count for.
  private(set) var exponent: Int

  /// Reads a number such as `-1.5e3`; `nil` when the bytes are none.
  init?(_ bytes: ArraySlice<UInt8>) {
    var place = bytes.startIndex
    let end = bytes.endIndex
    var isNegative = false
    if place < end, bytes[place] == UInt8(ascii: "-") || bytes[place] == UInt8(ascii: "+") {
      isNegative = bytes[place] == UInt8(ascii: "-")
      place += 1
    }
    var digits: Int64 = 0
    var exponent = 0
    var isEmpty = true
    var isFraction = false
    while place < end {
      let byte = bytes[place]
      if byte == UInt8(ascii: "."), !isFraction {
        isFraction = true
      } else if case let digit = byte &- UInt8(ascii: "0"), digit < 10 {
        isEmpty = false
        if digits < 922_337_203_685_477_580 {
          digits = digits * 10 + Int64(digit)
          if isFraction { exponent -= 1 }
        } else if !isFraction {
          // Beyond the digits that are kept.
          exponent += 1
        }
      } else {
        break
      }
      place += 1
    }
    if isEmpty { return nil }
    if place < end {
      guard let power = Self.power(bytes[place...]) else { return nil }
      exponent += power
    }
    self.digits = isNegative ? -digits : digits
    self.exponent = exponent
  }

  /// Reads what follows the digits, such as `e-3`.
  private static func power(_ bytes: ArraySlice<UInt8>) -> Int? {
    guard let first = bytes.first, first | 0x20 == UInt8(ascii: "e"), bytes.count <= 5,
      let power = Int(String(decoding: bytes.dropFirst(), as: UTF8.self))
    else { return nil }
    return power
  }

  /// The number, as near as can be.
  var value: Double {
    let magnitude = exponent.magnitude
    if magnitude <= 22 {
      return exponent < 0
        ? Double(digits) / Self.powers[Int(magnitude)]
        : Double(digits) * Self.powers[Int(magnitude)]
    }
    return Double("\(digits)e\(exponent)") ?? 0
  }

  /// Powers of ten that are exact.
  private static let powers: [Double] = (0...22).map { Double("1e\($0)") ?? 1 }

  /// The number times a unit, rounded to the nearest whole number; `nil` when that is beyond
  /// `Int64`.
  func counted(in unit: Int64) -> Int64? {
    var product = Int128(digits) * Int128(unit)
    if exponent < 0 {
      guard exponent >= -36 else { return 0 }
      var power: Int128 = 1
      for _ in 0..<(-exponent) { power *= 10 }
      product += product < 0 ? -(power / 2) : power / 2
      return Int64(exactly: product / power)
    }
    for _ in 0..<exponent {
      guard product.magnitude < UInt128(Int64.max), product != 0 else { break }
      product *= 10
    }
    return Int64(exactly: product)
  }
}
