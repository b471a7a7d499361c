// Part of mesosim. Apache-2.0, see LICENSE.
//
// The loads of the algebra of resources under the benchmark plugin, for baselines over time.

import Benchmark
import ResourcesLoads

let benchmarks: @Sendable () -> Void = {
  for load in ResourcesLoad.all {
    Benchmark(
      load.name,
      configuration: .init(metrics: [.wallClock, .mallocCountTotal], scalingFactor: .kilo)
    ) { benchmark in
      blackHole(load.run(benchmark.scaledIterations.count))
    }
  }
}
