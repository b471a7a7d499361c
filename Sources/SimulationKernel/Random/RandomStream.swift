// Part of mesosim. Apache-2.0, see LICENSE.
//
// One stream of random numbers: a GSL generator, whose state our own draws read directly
// (Performance.md, "By hand instead of by library").

internal import CGSL

/// A reproducible stream of random numbers.
///
/// It belongs to one thread. Ask `Seeds` for one by name.
public final class RandomStream {
  private let state: UnsafeMutablePointer<XoshiroState>
  /// The same generator as GSL sees it.
  let generator: UnsafeMutablePointer<gsl_rng>

  init(state initial: XoshiroState) {
    state = .allocate(capacity: 1)
    state.initialize(to: initial)
    generator = .allocate(capacity: 1)
    generator.initialize(to: gsl_rng(type: xoshiroType, state: UnsafeMutableRawPointer(state)))
  }

  /// Makes a stream that begins where the key says.
  public convenience init(key: StreamKey) { self.init(state: key.state) }

  deinit {
    generator.deallocate()
    state.deallocate()
  }

  /// The next 64 bits, all values equally likely.
  public func bits() -> UInt64 { state.pointee.next() }

  /// The next number, uniform in [0, 1).
  public func uniform() -> Double { state.pointee.nextUniform() }

  /// The next number, uniform in 0 ..< `bound`, without bias.
  ///
  /// Lemire's method: the high word of a product, redrawn in the rare cases that would favour some.
  /// - Parameter bound: How many values there are; at least 1.
  /// - Returns: One of them.
  public func integer(below bound: Int) -> Int {
    precondition(bound > 0, "there is no integer from 0 and below \(bound)")
    let count = UInt64(bound)
    var product = bits().multipliedFullWidth(by: count)
    if product.low < count {
      let unfair = (0 &- count) % count
      while product.low < unfair { product = bits().multipliedFullWidth(by: count) }
    }
    return Int(product.high)
  }

  /// Moves the stream to the beginning of what belongs to three numbers, whatever was drawn before.
  ///
  /// So the duration of task `b` of job `a` at its attempt `c` is the same however and whenever it
  /// is run. Takes a few nanoseconds. Different numbers give different states, without exception.
  /// - Parameters:
  ///   - key: The family, from `Seeds.key`.
  ///   - a: The first number, such as a job's.
  ///   - b: The second number, such as a task's.
  ///   - c: The third number, such as an attempt's.
  public func rekey(_ key: StreamKey, _ a: UInt64, _ b: UInt64, _ c: UInt64) {
    state.pointee = key.derived(a, b, c)
  }
}
