// Part of mesosim. Apache-2.0, see LICENSE.
//
// The kernel's loads under the benchmark plugin, for baselines and their comparison over time.

import Benchmark
import KernelLoads

private let rounds = 200_000

let benchmarks: @Sendable () -> Void = {
  for pending in [1000, 100_000] {
    measure("hold model, \(pending) pending") { QueueLoad($0, pending: pending) }
    measure("hold model, \(pending) pending, std::priority_queue") {
      ReferenceLoad.keys($0, pending: pending)
    }
    measure("whole event, \(pending) pending") {
      SimulationLoad($0, pending: pending, handlers: 1000)
    }
    measure("whole event, \(pending) pending, C++") {
      ReferenceLoad.simulation($0, pending: pending, handlers: 1000)
    }
  }
}

private func measure(_ name: String, _ load: @escaping (Increments) -> any Load) {
  Benchmark(
    name,
    configuration: .init(metrics: [.wallClock, .throughput], scalingFactor: .kilo)
  ) { benchmark in
    let load = load(Increments())
    benchmark.startMeasurement()
    blackHole(load.run(rounds))
    benchmark.stopMeasurement()
  }
}
