// Part of mesosim. Apache-2.0, see LICENSE.

import Testing

@testable import MesosReports

@Suite("Time axis") struct TimeAxisTests {
  @Test("values that are alike lie on a linear axis from 0")
  func linear() {
    let axis = TimeAxis(covering: [10, 95])
    #expect(!axis.isLogarithmic)
    #expect(axis.ticks.map(\.label) == ["0", "20s", "40s", "1m", "80s"])
    #expect(axis.percent(0) == 2)
    #expect(axis.percent(95) == 97)
  }

  @Test("values over several decades lie on a logarithmic axis, zero in a place of its own")
  func logarithmic() {
    let axis = TimeAxis(covering: [0, 1, 3600])
    #expect(axis.isLogarithmic)
    #expect(axis.ticks.map(\.label) == ["0", "1s", "10s", "1m", "10m", "1h"])
    #expect(axis.percent(0) == 2)
    #expect(axis.percent(1) == 9)
    #expect(axis.percent(60) - 9 > 0.999 * (97 - axis.percent(60)))
    #expect(abs(axis.percent(60) - 53) < 0.01)
    #expect(axis.percent(3600) == 97)
  }

  @Test("a curve's logarithm is right to the digits that are drawn", arguments: [2.0, 3, 10, 999])
  func logarithm(value: Double) {
    // ln is the area under 1/x: summed here with the trapezoid rule in many small steps.
    func area(_ end: Double) -> Double {
      let count = 200_000
      let width = (end - 1) / Double(count)
      return (0..<count).reduce(0) { sum, step in
        let x = 1 + Double(step) * width
        return sum + width * (1 / x + 1 / (x + width)) / 2
      }
    }
    let axis = TimeAxis(covering: [1, 1000])
    let expected = 2 + 95 * area(value) / area(1000)
    #expect(abs(axis.percent(value) - expected) < 0.01)
  }

  @Test(
    "no values, one value and only zeros make an axis too",
    arguments: [[], [5], [0, 0]] as [[Double]])
  func degenerate(values: [Double]) {
    let axis = TimeAxis(covering: values)
    #expect(!axis.ticks.isEmpty)
    #expect(values.allSatisfy { (0...100).contains(axis.percent($0)) })
  }

  @Test(
    "ticks are few, ascending and on the axis", arguments: [0.0004, 0.7, 61, 7200, 86_400, 4e7])
  func ticks(end: Double) {
    for axis in [TimeAxis(until: end), TimeAxis(covering: [end / 1000, end])] {
      let places = axis.ticks.map(\.percent)
      #expect((2...14).contains(places.count))
      #expect(places == places.sorted())
      #expect(places.allSatisfy { (0...100).contains($0) })
      #expect(Set(axis.ticks.map(\.label)).count == places.count)
    }
  }
}
