// Part of mesosim. Apache-2.0, see LICENSE.
//
// The table: what was done, how long it took, what it may take.

import AllocatorLoads
import Mesos
import ProcessMeter

/// Runs every situation and prints its line.
/// - Returns: Whether everything stayed within its limit.
func runAllocatorTimes() -> Bool {
  var passed = true
  func line(_ name: String, _ value: Double, _ unit: String, limit: Double) {
    let isGood = value <= limit
    passed = passed && isGood
    let number = "\(digits(value, 10_000)) \(unit)"
    let cells = [name, number, "limit \(limit)", isGood ? "ok" : "FAILED"]
    print(zip(cells, [58, 24, 14, 6]).map { $0.padded(to: $1) }.joined())
  }
  // Memory first: what is freed later stays with the process.
  line("bytes a slave, 50,000 x 200", bytesPerSlave(50_000), "", limit: 1024)
  let refused = everythingRefused(10_000, 50)
  line("bytes a filter, 10,000 x 50 refused", refused.bytes, "", limit: 64)
  line("passes due when everything is refused", refused.passes, "", limit: 0)
  let sort = sortSeconds()
  print("sorting 10,000,000 numbers: \(digits(sort, 1000)) s")
  func parts(_ name: String, _ seconds: Double, limit: Double) {
    line(
      "\(name): \(digits(seconds * 1e6, 100)) µs", seconds / sort * 1e6, "sorts / 10⁶", limit: limit
    )
  }
  parts("a literal pass over refused pairs, a pair", refused.pair, limit: 0.7)
  line("full pass, 10,000 x 200", fullPass(10_000, 200) / sort, "sorts", limit: 0.012)
  line("full pass, 50,000 x 1,000", fullPass(50_000, 1000) / sort, "sorts", limit: 0.1)
  parts("one slave changes, 50,000 x 200", oneSlave(50_000, 200), limit: 20)
  parts("one slave more, 50,000 x 200", oneSlaveMore(50_000, 200), limit: 20)
  parts("another framework, 50,000 full slaves", oneFramework(50_000), limit: 50)
  return passed
}

private func fullPass(_ slaves: Int, _ frameworks: Int) -> Double {
  var best = Double.infinity
  var load = AllocatorLoad(slaves: slaves, frameworks: frameworks)
  for _ in 0..<5 {
    best = min(best, seconds { load.allocate() })
    precondition(load.allocations.count == slaves, "\(load.allocations.count) decisions")
    load.declineAll(seconds: nil)
    load.tick()
  }
  return best
}

private func oneSlave(_ slaves: Int, _ frameworks: Int) -> Double {
  var load = AllocatorLoad(slaves: slaves, frameworks: frameworks)
  load.allocate()
  let all = load.allocations
  let rounds = 2000
  return seconds {
    for round in 0..<rounds {
      load.tick()
      // The resources go to the first in order, so each is given back by the one it was given to.
      load.decline(round == 0 ? all[0] : load.allocations[0], seconds: nil)
      load.allocate()
    }
  } / Double(rounds)
}

private func oneSlaveMore(_ slaves: Int, _ frameworks: Int) -> Double {
  var load = AllocatorLoad(slaves: slaves, frameworks: frameworks)
  load.allocate()
  let rounds = 500
  return seconds {
    for round in 0..<rounds {
      load.addSlave(slaves + round)
      load.allocate()
    }
  } / Double(rounds)
}

private func oneFramework(_ slaves: Int) -> Double {
  var load = AllocatorLoad(slaves: slaves, frameworks: 1)
  load.allocate()
  let rounds = 500
  return seconds {
    for round in 1...rounds {
      load.addFramework(round)
      load.allocate()
    }
  } / Double(rounds)
}

private func everythingRefused(
  _ slaves: Int, _ frameworks: Int
) -> (bytes: Double, passes: Double, pair: Double) {
  var load = AllocatorLoad(slaves: slaves, frameworks: frameworks)
  load.allocate()
  load.declineAll(seconds: nil)
  load.tick()
  let before = residentBytes()
  load.refuseEverything()
  let pairs = Double(slaves * frameworks)
  let bytes = Double(residentBytes() - before) / pairs
  load.tick()
  let isDue = load.secondsToDeadline.map { $0 < 900_000 } ?? false
  var literal = AllocatorLoad(slaves: slaves, frameworks: frameworks, isLiteral: true)
  literal.refuseEverything()
  literal.tick()
  let pass = seconds { literal.allocate() }
  return (bytes, isDue ? 1 : 0, pass / pairs)
}

private func bytesPerSlave(_ slaves: Int) -> Double {
  let before = residentBytes()
  var load = AllocatorLoad(slaves: slaves, frameworks: 200)
  load.allocate()
  load.allocations = []
  let bytes = Double(residentBytes() - before) / Double(slaves)
  return withExtendedLifetime(load) { bytes }
}

private func digits(_ value: Double, _ scale: Double) -> String {
  String((value * scale).rounded() / scale)
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(1, width - count))
  }
}
