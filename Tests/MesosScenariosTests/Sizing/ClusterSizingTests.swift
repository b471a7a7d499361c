// Part of mesosim. Apache-2.0, see LICENSE.

import MesosMetrics
import Testing

@testable import MesosScenarios

@Suite("Sizes of clusters") struct ClusterSizingTests {
  /// Two frameworks that are busy in turn: each could use the whole cluster while the other idles.
  private func loaded() throws -> LoadedScenario {
    func framework(_ name: String, start: String) -> String {
      """
        - name: \(name)
          type: batch
          role: \(name)
          workload:
            jobs: 4
            start: \(start)
            arrivals: {constant: 2m}
            stages: [{name: map, tasks: 32, resources: "cpus:1;mem:128", duration: 10s}]
      """
    }
    return try ScenarioText.read(
      """
      name: turns
      cluster: {slaves: [{count: 4, resources: "cpus:4;mem:4096"}]}
      frameworks:
      \(framework("a", start: "0s"))
      \(framework("b", start: "1m"))
      """)
  }

  private func result(
    _ text: String, slavesMax: Int? = nil, threads: Int = 1, seeds: [UInt64]? = nil
  ) throws -> SizingResult {
    let loaded = try loaded()
    return try ClusterSizing(
      loaded, objective: ServiceObjective(parsing: text),
      allocators: loaded.scenario.allocators, seeds: seeds, slavesMax: slavesMax, threads: threads
    ).run()
  }

  @Test("a shared cluster may be half as large as a split one, for the same promise")
  func half() throws {
    // 32 tasks of 1 cpu at once want 8 slaves of 4: shared all of them, split so many for each.
    let result = try result("max wait < 5s")
    #expect(result.sizes.map(\.allocator) == ["static", "drf"])
    #expect(result.sizes.map(\.slaves) == [16, 8])
    #expect(result.scenarioSlaves == 4)
    for size in result.sizes {
      #expect(size.exceptions == [])
      #expect(size.tried.map(\.slaves) == size.tried.map(\.slaves).sorted())
      for trial in size.tried { #expect(trial.isMet == (trial.slaves >= size.slaves ?? 0)) }
    }
  }

  @Test("the reading is the figure that a run of that size shows")
  func figure() throws {
    let loaded = try loaded()
    let drf = try result("p95 wait < 1s of b").sizes[1]
    for trial in drf.tried {
      var other = loaded
      other.scenario = loaded.scenario.scaled(toSlaves: trial.slaves)
      let run = try ScenarioRun(PreparedScenario(other), allocator: AllocatorEntry(name: "drf"))
      run.run()
      let measured = run.measured(window: run.window).result.frameworks[1].waitSeconds.times.p95
      #expect(trial.seconds == measured)
      #expect(trial.framework == "b")
    }
  }

  @Test("threads change nothing", arguments: [5])
  func threads(threads: Int) throws {
    let alone = try result("p95 wait < 3s", seeds: [1, 2])
    #expect(try result("p95 wait < 3s", threads: threads, seeds: [1, 2]) == alone)
  }

  @Test("an objective that no size meets gives none, and nothing above the maximum is tried")
  func none() throws {
    let result = try result("max wait < 1ms", slavesMax: 10)
    #expect(result.sizes.map(\.slaves) == [nil, nil])
    #expect(result.sizes[0].tried.map(\.slaves) == [4, 8, 10])
    #expect(result.slavesMax == 10)
  }

  @Test("a party without a slave waits for ever")
  func endless() throws {
    let result = try result("mean job time < 1h", slavesMax: 10)
    // Under static one slave is a's alone; b's jobs never end there.
    let single = try #require(result.sizes[0].tried.first { $0.slaves == 1 })
    #expect(single.seconds == nil)
    #expect(single.framework == "b")
    #expect(result.sizes.map(\.slaves) == [2, 1])
  }

  @Test("stopped, it says so")
  func stopped() throws {
    let loaded = try loaded()
    let result = try ClusterSizing(
      loaded, objective: ServiceObjective(parsing: "max wait < 5s"),
      allocators: loaded.scenario.allocators
    ).run(pulse: { _ in false })
    #expect(result.partial)
    #expect(result.sizes.allSatisfy { $0.slaves == nil })
  }

  @Test("a figure that nothing has is an error")
  func nothing() throws {
    var loaded = try loaded()
    loaded.scenario.frameworks = [loaded.scenario.frameworks[0]]
    loaded.scenario.frameworks[0].work = .none
    #expect(throws: NothingToMeasure.self) {
      try ClusterSizing(
        loaded, objective: ServiceObjective(parsing: "max wait < 5s"),
        allocators: [AllocatorEntry(name: "drf")]
      ).run()
    }
  }
}
