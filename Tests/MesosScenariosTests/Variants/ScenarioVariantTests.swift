// Part of mesosim. Apache-2.0, see LICENSE.
//
// Several values side by side: which runs there are, what they are called, and what is compared.

import Mesos
import MesosAllocation
import MesosMetrics
import MesosReports
import Testing

@testable import MesosScenarios

@Suite("Variants")
struct ScenarioVariantTests {
  private func document(_ more: String = "") throws -> ScenarioDocument {
    try ScenarioDocument(
      Array(ScenarioText.adding(more).utf8), file: "s.yaml", files: ScenarioFiles(folder: "."))
  }

  private func variants(
    _ settings: [String], _ names: [String] = ["static", "drf"], in more: String = ""
  ) throws -> [ScenarioVariant] {
    try document(more).variants(settings.map { try ScenarioSetting(parsing: $0) }) { loaded in
      try names.map { try loaded.allocatorEntry($0) }
    }
  }

  @Test("allocators cross with values; a label says those that differ")
  func crossing() throws {
    #expect(try variants([]).map(\.allocator.label) == ["static", "drf"])
    #expect(try variants(["seed=3"]).map(\.allocator.label) == ["static", "drf"])
    let crossed = try variants(["allocation.interval=1s,5s", "seed=3", "until=1h"])
    #expect(
      crossed.map(\.allocator.label) == [
        "static interval=1s", "static interval=5s", "drf interval=1s", "drf interval=5s",
      ])
    #expect(crossed.map(\.combination) == [0, 1, 0, 1])
    #expect(
      crossed.map(\.loaded.scenario.allocation.interval) == [1, 5, 1, 5].map { .seconds($0) })
    let alike = try variants(
      ["cluster.slaves.slave.count=2,3", "frameworks.a.workload.stages.map.tasks=1,2", "seed=1,2"],
      ["drf"])
    #expect(alike[3].allocator.label == "drf count=2 tasks=2 seed=2")
    let weights = try variants(["seed=1,2", "roles.a.weight=1,2", "roles.b.weight=3,4"])
    #expect(weights[7].allocator.label == "static seed=2 roles.a.weight=2 roles.b.weight=4")
  }

  @Test("at most 64 combinations; one time, one list of frameworks and of allocators")
  func limits() throws {
    func reason(_ settings: String...) throws -> String {
      try #require(throws: SettingError.self) { try variants(settings) }.reason
    }
    let many = (1...33).map(String.init).joined(separator: ",")
    #expect(try reason("seed=\(many)").contains("make 66 combinations; expected at most 64"))
    #expect(try reason("until=1h,2h").contains("one time"))
    #expect(try reason("frameworks.a.name=b,c").contains("different frameworks"))
  }

  @Test("an entry's own interval is the scenario's interval for it alone")
  func entries() throws {
    let busy = "frameworks.a.workload.jobs=30"
    let text =
      ScenarioText.with("jobs: 3", "jobs: 30")
      + "allocators: [{name: drf}, {name: drf, label: slow, interval: 7s, order: id}]\n"
    let loaded = try ScenarioText.read(text)
    #expect(loaded.scenario.allocators[1].allocation.interval == .seconds(7))
    let resolved = loaded.scenario.resolvedYAML
    #expect(resolved.contains("{name: drf, label: slow, interval: 7s, order: id"))
    #expect(try ScenarioText.read(resolved).scenario == loaded.scenario)
    let runs = try ScenarioComparison(loaded, allocators: loaded.scenario.allocators)
      .run(seeds: [1])[0]
    let set = try ScenarioComparison(
      variants(["allocation.interval=1s,7s", "allocation.order=id", busy], ["drf"])
    ).run(seeds: [1])[0]
    #expect(runs[1].result.digest == set[1].result.digest)
    #expect(runs[0].result.digest != runs[1].result.digest)
    #expect(runs.map(\.result.allocator) == ["drf", "slow"])
    let lockstep = try LockstepRun(
      PreparedScenario(loaded), leader: loaded.scenario.allocators[0],
      follower: loaded.scenario.allocators[1])
    #expect(lockstep.run().allocators == ["drf", "slow"])
    #expect(
      ScenarioText.complaints(ScenarioText.adding("allocators: [{name: drf, intervall: 5s}]")) == [
        "s.yaml:10:26: allocators[0]: unknown key 'intervall' of allocator 'drf'; did you mean "
          + "'interval'?"
      ])
    #expect(AllocationChanges.table.fields.map(\.key) == AllocationSettings.table.fields.map(\.key))
  }

  @Test("the same jobs are compared job by job, also with other machines or another interval")
  func paired() throws {
    let comparison = ScenarioComparison(try variants(["allocation.interval=1s,5s"], ["drf"]))
    let made = Comparison(try comparison.run(seeds: [1, 2]))
    #expect(made.unpaired.isEmpty)
    #expect(made.row(.speedup, under: "drf interval=5s")?.ci95 != nil)
    #expect(try variants(["frameworks.a.refuse=1s,9s"], ["drf"]).allPaired)
    #expect(try variants(["cluster.slaves.slave.count=2,4"], ["drf"]).allPaired)
    #expect(try !variants(["frameworks.a.start=0s,9s"], ["drf"]).allPaired)
    #expect(try !variants(["frameworks.a.workload.stages.map.duration=1s,9s"], ["drf"]).allPaired)
  }

  @Test("other jobs are not compared job by job, and the report says so")
  func unpaired() throws {
    let comparison = ScenarioComparison(
      try variants(["frameworks.a.workload.jobs=3,30"]), threads: 2)
    let runs = try comparison.run(seeds: [1, 2, 3])
    let report = Report(comparing: runs, command: "x")
    let made = try #require(report.comparison)
    #expect(made.unpaired == ["static jobs=30", "drf jobs=30"])
    #expect(made.row(.speedup, under: "drf jobs=3")?.ratio != nil)
    #expect(made.row(.speedup, under: "drf jobs=30")?.ratio == nil)
    let finished = try #require(made.row(.jobsFinished, under: "drf jobs=30"))
    #expect(finished.baseline == 3)
    #expect(finished.value == 30)
    #expect(finished.ratio == 10)
    #expect(finished.ci95 == nil)
    #expect(finished.differenceCi95 == Interval(low: 27, high: 27))
    let text = report.terminalText(.plain).split(whereSeparator: \.isWhitespace)
      .joined(separator: " ")
    #expect(
      text.contains("jobs=30 and drf jobs=30 have other jobs than static jobs=3"), "\(text)")
    #expect(!text.contains("ranked by"))
    let alone = Report(
      comparing: try ScenarioComparison(variants(["seed=1,2"], ["drf"])).run(seeds: [1]),
      command: "x")
    #expect(alone.comparison?.runs.map(\.seed) == [1, 2])
    #expect(alone.terminalText(.plain).lowercased().contains("mean job times: drf seed=1 "))
  }
}

extension [ScenarioVariant] {
  fileprivate var allPaired: Bool { allSatisfy { $0.hasJobs(of: self[0]) } }
}
