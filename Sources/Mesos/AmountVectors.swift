// Part of mesosim. Apache-2.0, see LICENSE.
//
// Four amounts at once, none of them negative. All goes by the signs of sums and differences, since
// x86-64 has no instruction that compares vectors of 64-bit numbers.

extension SIMD4<Int64> {
  /// The sums; they end at the largest integer instead of overflowing.
  @inlinable @inline(__always)
  package func addingSaturated(_ other: SIMD4<Int64>) -> SIMD4<Int64> {
    let sum = self &+ other
    let overflows = sum &>> 63
    return sum & ~overflows | overflows & SIMD4(repeating: .max)
  }

  /// The differences; what would be below zero is zero.
  @inlinable @inline(__always)
  package func subtractingToZero(_ other: SIMD4<Int64>) -> SIMD4<Int64> {
    let difference = self &- other
    return difference & ~(difference &>> 63)
  }

  /// Whether no amount is above its limit.
  @inlinable @inline(__always)
  package func isWithin(_ limit: SIMD4<Int64>) -> Bool {
    let room = limit &- self
    let signs = room.lowHalf | room.highHalf
    return signs[0] | signs[1] >= 0
  }
}
