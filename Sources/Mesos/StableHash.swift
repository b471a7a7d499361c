// Part of mesosim. Apache-2.0, see LICENSE.
//
// Compares texts by their bytes, and hashes them to the same number in every run, unlike `Hasher`,
// and in a fraction of its time.

public import VirtualTime

/// Texts as their UTF-8 bytes: equality, and a hash of 64 well mixed bits.
@usableFromInline package enum StableHash {
  /// The hash of a text, or of a text together with a number.
  @inlinable
  package static func of(_ text: String, and number: UInt32 = 0) -> UInt64 {
    of(raw: bytes(of: text), and: number)
  }

  /// The same hash, from what `bytes(of:)` made of the text before.
  @inlinable
  package static func of(raw: UInt64, and number: UInt32) -> UInt64 {
    SplitMix64.mix(raw ^ UInt64(number) &* SplitMix64.step)
  }

  /// Whether two texts are the same bytes.
  @inlinable
  package static func areSame(_ left: String, _ right: String) -> Bool {
    areIdentical(left, right) || haveSameBytes(left, right)
  }

  /// Whether two texts are the same two words of memory and so the same; `false` says nothing.
  ///
  /// Short texts are, and copies of one, as most ids that are compared. How `String` lies in memory
  /// is not documented: where it is not two words, which a test would tell, all texts are compared
  /// byte by byte (Performance.md, "Ids that remember their hash").
  @inlinable @inline(__always)
  static func areIdentical(_ left: String, _ right: String) -> Bool {
    guard MemoryLayout<String>.size == MemoryLayout<SIMD2<UInt64>>.size else { return false }
    return withUnsafeBytes(of: left) { left in
      withUnsafeBytes(of: right) { right in
        left.loadUnaligned(as: SIMD2<UInt64>.self) == right.loadUnaligned(as: SIMD2<UInt64>.self)
      }
    }
  }

  @usableFromInline
  static func haveSameBytes(_ left: String, _ right: String) -> Bool {
    if left.utf8.count != right.utf8.count { return false }
    return withBytes(of: left) { left in
      withBytes(of: right) { right in
        var place = 0
        while place + 8 <= left.count {
          guard
            left.loadUnaligned(fromByteOffset: place, as: UInt64.self)
              == right.loadUnaligned(fromByteOffset: place, as: UInt64.self)
          else { return false }
          place += 8
        }
        while place < left.count {
          if left[place] != right[place] { return false }
          place += 1
        }
        return true
      }
    }
  }

  /// FNV-1a over words of eight bytes: a hash that is still to be mixed.
  @usableFromInline
  package static func bytes(of text: String) -> UInt64 {
    withBytes(of: text) { raw in
      var hash: UInt64 = 0xcbf2_9ce4_8422_2325
      var place = 0
      while place + 8 <= raw.count {
        let word = raw.loadUnaligned(fromByteOffset: place, as: UInt64.self)
        hash = SplitMix64.mix((hash ^ word) &* 0x0000_0100_0000_01b3)
        place += 8
      }
      while place < raw.count {
        hash = (hash ^ UInt64(raw[place])) &* 0x0000_0100_0000_01b3
        place += 1
      }
      return hash ^ UInt64(raw.count)
    }
  }

  @inline(__always)
  private static func withBytes<Result>(
    of text: String, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    // Texts that Swift made lie in one piece and are lent as they are; others are copied.
    text.utf8.withContiguousStorageIfAvailable { body(UnsafeRawBufferPointer($0)) }
      ?? Array(text.utf8).withUnsafeBytes(body)
  }
}
