// Part of mesosim. Apache-2.0, see LICENSE.
//
// Time and allocations of the algebra of resources: prints them, exits 1 past a limit. Limits are
// billionths of the time in which the same process sorts ten million numbers, which makes machines
// comparable.

import AllocationCounter
import Glibc
import ProcessMeter
import ResourcesLoads

private let rounds = 200_000
private let turns = 9
private let sort = sortSeconds()

private func row(_ columns: [String]) {
  let widths = [34, 10, 14, 10, 14, 1]
  let cells = zip(columns, widths).map { text, width in
    text + String(repeating: " ", count: max(0, width - text.count))
  }
  print(cells.joined())
}

private func rounded(_ value: Double) -> String { String((value * 10).rounded() / 10) }

/// Measures one load; whether it stayed within its limits.
private func measure(_ load: ResourcesLoad) -> Bool {
  var best = Double.infinity
  var allocations = 0.0
  for _ in 0..<turns {
    let before = allocation_count()
    let start = processorNanoseconds()
    _ = load.run(rounds)
    best = min(best, (processorNanoseconds() - start) / Double(rounds))
    allocations = Double(allocation_count() - before) / Double(rounds)
  }
  let billionths = best / sort
  let isGood = billionths <= load.limit ?? .infinity && !(load.isHeapFree && allocations > 0)
  row([
    load.name, rounded(best), rounded(billionths), load.limit.map { String($0) } ?? "",
    String((allocations * 100).rounded() / 100), isGood ? "ok" : "FAILED",
  ])
  return isGood
}

print("best of \(turns) turns of \(rounds) rounds")
row(["operation, lists", "ns", "sorts / 10⁹", "limit", "allocations", ""])
let results = ResourcesLoad.all.map(measure)
let isCounting = allocation_count() > 0
if !isCounting { print("allocations are not counted here: malloc could not be replaced") }
exit(isCounting && !results.isEmpty && results.allSatisfy(\.self) ? 0 : 1)
