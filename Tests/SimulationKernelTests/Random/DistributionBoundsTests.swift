// Part of mesosim. Apache-2.0, see LICENSE.
//
// Bounds: nothing outside, the shape inside unchanged, no heap at the bound, always an end.

import Glibc
import SimulationKernel
import Testing

@Suite("Bounds of distributions") struct DistributionBoundsTests {
  let stream = Seeds(12).stream("samples")

  func samples(_ distribution: Distribution, _ count: Int = 50_000) -> [Double] {
    (0..<count).map { _ in distribution.sample(from: stream) }
  }

  @Test("nothing falls outside, and nothing piles up at a bound", arguments: Textbook.all)
  func withinBounds(textbook: Textbook) throws {
    let (low, high) = (textbook.quantile(0.25), textbook.quantile(0.75))
    let samples = samples(try Distribution(textbook.kind, minimum: low, maximum: high))
    #expect(samples.allSatisfy { $0 >= low && $0 <= high })
    #expect(samples.count { $0 == low || $0 == high } < 5)
    let below = Double(samples.count { $0 <= textbook.quantile(0.5) }) / 50_000
    #expect(abs(below - 0.5) < 0.011, "the median of the middle half is the median")
  }

  @Test("one bound leaves the other side open", arguments: Textbook.all)
  func oneBound(textbook: Textbook) throws {
    let cut = textbook.quantile(0.9)
    let above = samples(try Distribution(textbook.kind, minimum: cut))
    #expect(above.allSatisfy { $0 >= cut })
    let beyond = Double(above.count { $0 > textbook.quantile(0.99) }) / 50_000
    #expect(abs(beyond - 0.1) < 0.007, "one hundredth of one tenth")
    let below = samples(try Distribution(textbook.kind, maximum: cut))
    #expect(below.allSatisfy { $0 <= cut })
    let small = Double(below.count { $0 <= textbook.quantile(0.1) }) / 50_000
    #expect(abs(small - 1.0 / 9) < 0.007)
  }

  @Test("a far tail is sampled precisely, and in one draw")
  func farTail() throws {
    let tail = try Distribution(.normal(mean: 0, sigma: 1), minimum: 6.5)
    let samples = samples(tail, 20_000)
    #expect(samples.allSatisfy { $0 >= 6.5 && $0 < 9 })
    // The mean of a normal beyond a: a + 1/a - 2/a³ + 10/a⁵, nearly.
    let mean = samples.reduce(0, +) / 20_000
    #expect(abs(mean - 6.6476) < 0.005)
    #expect(Set(samples).count > 19_900, "a tail without precision would repeat itself")

    let (left, right) = (Seeds(1).stream("x"), Seeds(1).stream("x"))
    _ = tail.sample(from: left)
    _ = right.bits()
    #expect(left.bits() == right.bits())
  }

  @Test("bounds wider than the distribution change nothing but the way of drawing")
  func wideBounds() throws {
    let wide = try Distribution(.exponential(mean: 5), minimum: -10, maximum: 1e9)
    let samples = samples(wide)
    #expect(abs(samples.reduce(0, +) / 50_000 - 5) < 0.11)
  }

  @Test("bounds select among the values of tables")
  func tables() throws {
    let empirical = try Distribution(.empirical([1, 2, 3, 4]), minimum: 2, maximum: 3)
    #expect(Set(samples(empirical, 1000)) == [2, 3])
    #expect(empirical.mean == 2.5)
    let zipf = try Distribution(.zipf(exponent: 1, count: 10), minimum: 1.5, maximum: 3.5)
    #expect(Set(samples(zipf, 1000)) == [2, 3])
    #expect(abs((zipf.mean ?? 0) - 2 / (1.0 / 2 + 1.0 / 3)) < 1e-12)
  }

  @Test("bounds narrow a uniform distribution, whose mean stays known")
  func uniform() throws {
    let uniform = try Distribution(.uniform(minimum: 0, maximum: 10), minimum: 4)
    #expect(uniform.mean == 7)
    #expect(samples(uniform).allSatisfy { $0 >= 4 && $0 < 10 })
  }

  @Test("a constant within its bounds stays")
  func constant() throws {
    let constant = try Distribution(.constant(5), minimum: 5, maximum: 5)
    #expect(constant.constant == 5)
  }
}
