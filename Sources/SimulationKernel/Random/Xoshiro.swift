// Part of mesosim. Apache-2.0, see LICENSE.
//
// xoshiro256** (Blackman and Vigna, 2018, public domain) as a GSL generator. GSL's own generators
// keep only 32 bits of a seed, so that two of some thousand streams would likely coincide.

internal import CGSL
import VirtualTime

/// The 256 bits of a xoshiro256** generator; all zero is the one state it must not have.
struct XoshiroState: Hashable {
  var s0: UInt64
  var s1: UInt64
  var s2: UInt64
  var s3: UInt64

  /// The next 64 bits.
  @inline(__always) mutating func next() -> UInt64 {
    let result = rotate(s1 &* 5, 7) &* 9
    let shifted = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= shifted
    s3 = rotate(s3, 45)
    return result
  }

  /// The next number in [0, 1), a multiple of 2⁻⁵³.
  @inline(__always) mutating func nextUniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Replaces the state that would only give zeros.
  mutating func avoidZero() {
    if s0 | s1 | s2 | s3 == 0 { s0 = SplitMix64.step }
  }
}

/// Rotates to the left.
@inline(__always) func rotate(_ word: UInt64, _ count: UInt64) -> UInt64 {
  word << count | word >> (64 - count)
}

/// What GSL needs to know of the generator; made once, never freed, never changed.
nonisolated(unsafe) let xoshiroType: UnsafePointer<gsl_rng_type> = {
  turnOffGSLErrorHandler
  let name: StaticString = "xoshiro256**"
  let type = UnsafeMutablePointer<gsl_rng_type>.allocate(capacity: 1)
  type.initialize(
    to: gsl_rng_type(
      name: UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self),
      max: UInt.max, min: 0, size: MemoryLayout<XoshiroState>.size,
      set: { state, seed in
        guard let state = state?.assumingMemoryBound(to: XoshiroState.self) else { return }
        let seed = UInt64(seed)
        let step = SplitMix64.step
        state.pointee = XoshiroState(
          s0: SplitMix64.mix(seed &+ step), s1: SplitMix64.mix(seed &+ 2 &* step),
          s2: SplitMix64.mix(seed &+ 3 &* step), s3: SplitMix64.mix(seed &+ 4 &* step))
      },
      get: { state in
        guard let state = state?.assumingMemoryBound(to: XoshiroState.self) else { return 0 }
        return UInt(state.pointee.next())
      },
      get_double: { state in
        guard let state = state?.assumingMemoryBound(to: XoshiroState.self) else { return 0 }
        return state.pointee.nextUniform()
      }))
  return UnsafePointer(type)
}()

/// GSL ends the process on a bad argument unless told not to; touched before GSL is called.
let turnOffGSLErrorHandler: Void = { _ = gsl_set_error_handler_off() }()
