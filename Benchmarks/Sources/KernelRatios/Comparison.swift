// Part of mesosim. Apache-2.0, see LICENSE.
//
// Ours against C++ in one process: the two take turns, the best turn of each counts, and both must
// bring out events in the same order.

import AllocationCounter
import Glibc
import KernelLoads
import ProcessMeter

/// One line of the table.
struct Comparison {
  let name: String
  let limit: Double
  let ours: any Load
  let theirs: any Load

  func measure(rounds: Int, turns: Int) -> Measurement {
    var result = Measurement()
    for turn in 0...turns {
      let before = allocation_count()
      let (oursSum, oursTime) = time { ours.run(rounds) }
      let allocations = allocation_count() - before
      let (theirsSum, theirsTime) = time { theirs.run(rounds) }
      guard oursSum == theirsSum else {
        result.agrees = false
        return result
      }
      // The first turn only warms up caches and lets tables reach their size.
      guard turn > 0 else { continue }
      result.ours = min(result.ours, oursTime / Double(rounds))
      result.theirs = min(result.theirs, theirsTime / Double(rounds))
      result.allocations = max(result.allocations, Double(allocations) / Double(rounds))
    }
    return result
  }

  private func time(_ work: () -> UInt64) -> (sum: UInt64, nanoseconds: Double) {
    let start = processorNanoseconds()
    let sum = work()
    return (sum, processorNanoseconds() - start)
  }
}

/// Nanoseconds and allocations per round.
struct Measurement {
  var ours = Double.infinity
  var theirs = Double.infinity
  var allocations = 0.0
  var agrees = true

  var ratio: Double { ours / theirs }
}

/// Prints the table.
/// - Returns: Whether everything stayed within its limit.
func runComparisons() -> Bool {
  let increments = Increments()
  let comparisons = comparisons(increments)
  guard allocation_count() > 0 else {
    print("allocations are not counted here: malloc could not be replaced")
    return false
  }
  print("best of \(turns) turns of \(rounds) rounds, nanoseconds a round")
  row(["load", "ours", "C++", "ratio", "limit", "allocations", ""])
  var passed = true
  for comparison in comparisons {
    let result = comparison.measure(rounds: rounds, turns: turns)
    let isGood = result.agrees && result.ratio <= comparison.limit && result.allocations == 0
    passed = passed && isGood
    let verdict = result.agrees ? (isGood ? "ok" : "FAILED") : "FAILED: events in another order"
    row([
      comparison.name, digits(result.ours, 10), digits(result.theirs, 10),
      digits(result.ratio, 100), digits(comparison.limit, 100),
      digits(result.allocations, 1000), verdict,
    ])
  }
  return passed
}

private func row(_ columns: [String]) {
  let widths = [38, 9, 9, 8, 8, 14, 1]
  let cells = zip(columns, widths).map { text, width in
    text + String(repeating: " ", count: max(0, width - text.count))
  }
  print(cells.joined())
}

private func digits(_ value: Double, _ scale: Double) -> String {
  String((value * scale).rounded() / scale)
}

private let rounds = 1_000_000
private let turns = 9

private func comparisons(_ increments: Increments) -> [Comparison] {
  [1000, 100_000].flatMap { pending in
    [
      Comparison(
        name: "pop, push; \(pending) pending", limit: 1.0,
        ours: QueueLoad(increments, pending: pending),
        theirs: ReferenceLoad.keys(increments, pending: pending)),
      Comparison(
        name: "pop, dispatch, push; \(pending) pending", limit: 1.5,
        ours: SimulationLoad(increments, pending: pending, handlers: 1000),
        theirs: ReferenceLoad.simulation(increments, pending: pending, handlers: 1000)),
    ]
  }
}
