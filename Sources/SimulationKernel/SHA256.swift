// Part of mesosim. Apache-2.0, see LICENSE.
//
// SHA-256 (FIPS 180-4), to derive streams from names and to name files by their contents. Written
// out here because the package that has it costs a minute of every clean build. Not for secrets.

/// A SHA-256 hash in the making.
///
///     var hash = SHA256()
///     hash.update("abc".utf8)
///     hash.finalize()  // 32 bytes, ba 78 16 bf ...
package struct SHA256 {
  private var state: InlineArray<8, UInt32> = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a,
    0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]
  /// The block being filled, most significant bytes first; four bytes push an old word out.
  private var words = InlineArray<16, UInt32>(repeating: 0)
  private var length: UInt64 = 0

  package init() {}

  /// The hash of some bytes as 64 lower-case hexadecimal digits.
  package static func hexDigest(of bytes: some Sequence<UInt8>) -> String {
    var hash = SHA256()
    hash.update(bytes)
    return hash.finalizeHex()
  }

  /// Hashes more bytes.
  package mutating func update(_ bytes: some Sequence<UInt8>) {
    let isDone: Void? = bytes.withContiguousStorageIfAvailable { buffer in
      for byte in buffer { append(byte) }
    }
    if isDone == nil { for byte in bytes { append(byte) } }
  }

  /// Ends the hash; no more bytes may follow.
  /// - Returns: The 32 bytes of the digest.
  package mutating func finalize() -> [UInt8] {
    let bits = length &* 8
    append(0x80)
    while length % 64 != 56 { append(0) }
    for shift in stride(from: 56 as UInt64, through: 0, by: -8) {
      append(UInt8(truncatingIfNeeded: bits >> shift))
    }
    return (0..<32).map { UInt8(truncatingIfNeeded: state[$0 / 4] >> UInt32(24 - 8 * ($0 % 4))) }
  }

  /// Ends the hash; no more bytes may follow.
  /// - Returns: The digest as 64 lower-case hexadecimal digits.
  package mutating func finalizeHex() -> String {
    let digits = Array("0123456789abcdef")
    return String(finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }

  @inline(__always) private mutating func append(_ byte: UInt8) {
    let place = Int(truncatingIfNeeded: length / 4 % 16)
    words[place] = words[place] << 8 | UInt32(byte)
    length &+= 1
    if length % 64 == 0 { compress() }
  }

  private mutating func compress() {
    let constants = Self.constants
    var words = self.words
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for round in 0..<64 {
      if round >= 16 { Self.extend(&words, round) }
      let mixedE = Self.rotate(e, 6) ^ Self.rotate(e, 11) ^ Self.rotate(e, 25)
      let choice = (e & f) ^ (~e & g)
      let first = h &+ mixedE &+ choice &+ constants[round] &+ words[round & 15]
      let mixedA = Self.rotate(a, 2) ^ Self.rotate(a, 13) ^ Self.rotate(a, 22)
      let majority = (a & b) ^ (a & c) ^ (b & c)
      (h, g, f, e) = (g, f, e, d &+ first)
      (d, c, b, a) = (c, b, a, first &+ mixedA &+ majority)
    }
    let result: InlineArray<8, UInt32> = [a, b, c, d, e, f, g, h]
    for index in 0..<8 { state[index] &+= result[index] }
  }

  /// Puts the schedule's word of this round in the place of that of 16 rounds before.
  @inline(__always)
  private static func extend(_ words: inout InlineArray<16, UInt32>, _ round: Int) {
    let early = words[(round &+ 1) & 15]
    let late = words[(round &+ 14) & 15]
    let mixedEarly = rotate(early, 7) ^ rotate(early, 18) ^ (early >> 3)
    let mixedLate = rotate(late, 17) ^ rotate(late, 19) ^ (late >> 10)
    words[round & 15] =
      words[round & 15] &+ mixedEarly &+ words[(round &+ 9) & 15] &+ mixedLate
  }

  @inline(__always) private static func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 {
    word >> count | word << (32 - count)
  }

  /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
  private static let constants: InlineArray<64, UInt32> = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5,
    0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3,
    0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc,
    0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
    0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13,
    0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3,
    0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5,
    0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208,
    0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
  ]
}
