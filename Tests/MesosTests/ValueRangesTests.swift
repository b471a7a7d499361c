// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import Testing

@Suite("Ranges and sets") struct ValueRangesTests {
  private func ranges(_ pairs: (UInt64, UInt64)...) -> ValueRanges {
    ValueRanges(pairs.map { ValueRange($0.0, $0.1) })
  }

  @Test("ranges that overlap or touch are one")
  func coalescing() {
    #expect(ranges((7, 8), (1, 4), (8, 10), (4, 5)) == ranges((1, 5), (7, 10)))
    #expect(ranges((0, .max), (.max, .max)).ranges == [ValueRange(0, .max)])
    #expect(ranges((5, 1)).ranges == [ValueRange(5, 1)])
    #expect(ranges((1, 9), (5, 2)).ranges == [ValueRange(1, 9)])
  }

  @Test("the difference is exact to both ends of the numbers")
  func difference() {
    let all = ranges((0, .max))
    #expect(all - ranges((0, 0), (.max, .max)) == ranges((1, .max - 1)))
    #expect((all - all).isEmpty)
    #expect(
      ranges((1, 10), (20, 30), (40, 50)) - ranges((2, 9), (15, 45), (48, 50))
        == ranges((1, 1), (10, 10), (46, 47)))
  }

  @Test("the count ends at the largest integer")
  func count() {
    #expect(ranges((1, 4), (6, 6)).count == 5)
    #expect(ranges((0, .max)).count == .max)
    #expect(ranges((5, 1)).count == 0)
  }

  @Test("sets keep their order for printing and forget it for comparing")
  func sets() {
    let left = ValueSet(["c", "a", "c"])
    #expect(left.description == "{c, a}")
    #expect(left == ValueSet(["a", "c"]))
    #expect(left.hashValue == ValueSet(["a", "c"]).hashValue)
    #expect((left + ValueSet(["b", "a"])).items == ["c", "a", "b"])
    #expect((left - ValueSet(["c", "z"])).items == ["a"])
  }

  @Test("names are told apart by their bytes")
  func bytes() {
    #expect(ValueSet(["\u{e9}", "e\u{301}"]).items.count == 2)
  }
}
