// Part of mesosim. Apache-2.0, see LICENSE.
//
// The allocator's situations under the benchmark plugin, for baselines over time.

import AllocatorLoads
import Benchmark

let benchmarks: @Sendable () -> Void = {
  for (slaves, frameworks) in [(1000, 50), (10_000, 200), (50_000, 1000)] {
    Benchmark(
      "full pass, \(slaves) x \(frameworks)", configuration: .init(metrics: [.wallClock])
    ) { benchmark in
      var load = AllocatorLoad(slaves: slaves, frameworks: frameworks)
      for _ in benchmark.scaledIterations {
        benchmark.startMeasurement()
        load.allocate()
        benchmark.stopMeasurement()
        load.declineAll(seconds: nil)
        load.tick()
      }
    }
  }
  Benchmark(
    "one slave changes, 50000 x 200",
    configuration: .init(metrics: [.wallClock], scalingFactor: .kilo)
  ) { benchmark in
    var load = AllocatorLoad(slaves: 50_000, frameworks: 200)
    load.allocate()
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations {
      load.decline(load.allocations[0], seconds: nil)
      load.tick()
      load.allocate()
    }
  }
}
