// Part of mesosim. Apache-2.0, see LICENSE.
//
// Writes the facts of a run by hand: tests read as a story with a clock.

import Mesos
import MesosCluster
import MesosMetrics
import VirtualTime

/// A run told fact by fact.
struct Script {
  private(set) var facts: [(event: ClusterEvent, at: Instant)] = []

  /// Tells what happens at an instant, in seconds.
  mutating func at(_ seconds: Double, _ events: ClusterEvent...) {
    let now = Instant.start + .rounded(seconds: seconds)
    for event in events { facts.append((event, now)) }
  }

  /// A collector that has heard the whole story.
  var collector: MetricsCollector { collector(weights: []) }

  /// The same for frameworks of these weights.
  func collector(weights: [Double]) -> MetricsCollector {
    let collector = MetricsCollector(weights: weights)
    for (event, now) in facts { collector.record(event, at: now) }
    return collector
  }

  /// The metrics over a window, in seconds.
  func measured(
    _ window: Double, allocator: String = "drf", frameworks: [String] = ["a"], seed: UInt64 = 42,
    weights: [Double] = []
  ) -> MeasuredRun {
    collector(weights: weights).measured(
      .test(allocator: allocator, frameworks: frameworks, seed: seed),
      window: .start + .rounded(seconds: window))
  }
}

extension RunIdentity {
  static func test(
    allocator: String = "drf", frameworks: [String] = ["a"], seed: UInt64 = 42
  ) -> RunIdentity {
    RunIdentity(
      scenario: "test", seed: seed, allocator: allocator, version: "0.1", digest: "00ff",
      events: 7, end: Instant(nanoseconds: 9_000_000_000), isPartial: false,
      frameworks: frameworks.map { FrameworkIdentity(name: $0, role: "role-\($0)") })
  }
}

extension Resources {
  static func cpus(_ cpus: Double, mem: Double = 0) -> Resources {
    Resources(cpus: cpus, mem: mem)
  }
}
