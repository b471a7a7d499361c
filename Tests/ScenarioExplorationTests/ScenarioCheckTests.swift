// Part of mesosim. Apache-2.0, see LICENSE.
//
// What is wrong with a run is found: each kind of failure is made once, on purpose.

import Mesos
import MesosAllocation
import MesosCluster
import MesosExploration
import MesosScenarios
import Synchronization
import Testing

@testable import ScenarioExploration

@Suite("Checking scenarios")
struct ScenarioCheckTests {
  /// A vocabulary in which drf is what `options` makes of it.
  private static func vocabulary(
    _ change: @escaping @Sendable (inout AllocatorOptions) -> Void
  ) -> ScenarioVocabulary {
    var registry = AllocatorRegistry()
    guard let drf = registry["drf"] else { return ScenarioVocabulary() }
    registry.register(
      AllocatorDescriptor(name: drf.name, summary: drf.summary, parameters: drf.parameters) {
        request throws(ParameterError) in
        var request = request
        change(&request.options)
        return try drf.make(request)
      })
    return ScenarioVocabulary(allocators: registry)
  }

  private static let trivial = RandomScenario(Choices(plan: [:]))

  @Test("a literal run that decides otherwise is found, with its first fact")
  func modes() {
    let check = ScenarioCheck(
      vocabulary: Self.vocabulary { options in
        if options.isLiteral { options.minAllocatable = [Resources(cpus: 100).scalarQuantities] }
      })
    let verdict = check.verdict(on: Self.trivial)
    #expect(verdict.failures.map(\.kind) == [.modesDiffer])
    #expect(verdict.failures.first?.detail.contains("elided") == true)
    #expect(verdict.failures.first?.detail.contains("offered") == true)
  }

  @Test("a run that is another each time is found")
  func repeatability() {
    let runs = Counter()
    let check = ScenarioCheck(
      vocabulary: Self.vocabulary { options in
        // One is made to see whether the scenario is valid, one for the elided run, one for the
        // literal run; the run that repeats the first is the fourth.
        if runs.next() >= 3 {
          options.minAllocatable = [Resources(cpus: 100).scalarQuantities]
        }
      })
    let verdict = check.verdict(on: Self.trivial)
    #expect(verdict.failures.map(\.kind) == [.notRepeatable])
  }

  @Test("a broken invariant is found, and the modes are compared all the same")
  func invariants() {
    let check = ScenarioCheck(invariants: { [NoLaunches()] })
    let verdict = check.verdict(on: Self.trivial)
    #expect(verdict.failures.map(\.kind) == [.invariantBroken])
    #expect(verdict.failures.first?.detail.contains("no-launches") == true)
  }

  @Test("a run of too many events is stopped, and nothing is said of it")
  func cut() {
    let verdict = ScenarioCheck(eventsMax: 10).verdict(on: Self.trivial)
    #expect(verdict.isCut)
    #expect(verdict.failures.isEmpty)
  }

  // How many of a thousand launch tasks and have a fault that hits something is looked at by
  // `Tests/Scenarios/run`; here none is run to its end.
  @Test("seeds are looked at in order, and alike on any number of threads")
  func threads() {
    let check = ScenarioCheck(eventsMax: 1500)
    let findings = RandomExploration(seeds: 40..<48, check: check, threads: 2).run()
    #expect(findings.map(\.seed) == Array(40..<48))
    #expect(findings.contains { $0.verdict.launches > 0 })
    #expect(findings.contains { $0.verdict.hasHit })
    #expect(findings.prefix(4) == RandomExploration(seeds: 40..<44, check: check).run()[...])
  }
}

/// Numbers calls from 0.
private final class Counter: Sendable {
  private let count = Atomic<Int>(0)

  func next() -> Int { count.add(1, ordering: .relaxed).oldValue }
}

/// An invariant that every useful run breaks.
private struct NoLaunches: Invariant {
  let name = "no-launches"

  func check(_ fact: ClusterEvent, _ ledger: RunLedger, in cluster: Cluster) -> String? {
    if case .taskLaunched = fact { "a task was launched" } else { nil }
  }
}
