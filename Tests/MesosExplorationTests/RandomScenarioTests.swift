// Part of mesosim. Apache-2.0, see LICENSE.
//
// Scenarios by chance are valid, are what their plans say, and have what is to be explored in them.

import MesosAllocation
import MesosScenarios
import Testing

@testable import MesosExploration

@Suite("Random scenarios")
struct RandomScenarioTests {
  private static func scenario(_ seed: UInt64) -> RandomScenario {
    RandomScenario(Choices(seed: seed))
  }

  @Test("two hundred are valid and, written out in full, read as themselves")
  func valid() throws {
    for seed in 0..<200 as Range<UInt64> {
      let loaded = try Self.scenario(seed).load()
      let again = try Scenario.decode(
        Array(loaded.scenario.resolvedYAML.utf8), file: "again.yaml", files: loaded.files)
      #expect(again.scenario == loaded.scenario, "seed \(seed)")
      _ = try PreparedScenario(loaded)
    }
  }

  @Test("the plan of one alone gives it again")
  func replay() {
    for seed in 0..<50 as Range<UInt64> {
      let drawn = Self.scenario(seed)
      let replayed = RandomScenario(Choices(plan: drawn.plan))
      #expect(replayed.plan == drawn.plan, "seed \(seed)")
      #expect(
        replayed.yaml.split(separator: "\n").dropFirst()
          == drawn.yaml.split(separator: "\n").dropFirst())
    }
  }

  @Test("the trivial one is small, valid, and finishes its task")
  func trivial() throws {
    let trivial = RandomScenario(Choices(plan: [:]))
    #expect(trivial.plan.isEmpty)
    #expect(trivial.yaml.split(separator: "\n").count < 20)
    let verdict = ScenarioCheck().verdict(on: trivial)
    #expect(verdict.failures.isEmpty)
    #expect(verdict.launches == 1)
    #expect(!verdict.hasHit)
  }

  @Test("taking a fault out leaves everything else as it was")
  func independent() throws {
    let drawn = try #require(
      (0..<100).map(Self.scenario).first { $0.plan.keys.count { $0.hasSuffix("/kind") } > 3 })
    let name = try #require(
      drawn.plan.keys.filter { $0.hasPrefix("faults/") && $0.hasSuffix("/exists") }.min())
    var plan = drawn.plan
    plan[name] = nil
    let lines = RandomScenario(Choices(plan: plan)).yaml.split(separator: "\n")
    let before = drawn.yaml.split(separator: "\n")
    #expect(before.dropFirst().filter { !lines.contains($0) }.count == 1)
    #expect(lines.dropFirst().allSatisfy(before.contains))
  }

  @Test("every type of framework, allocator, fault and call of the operator comes up")
  func variety() {
    let text = (0..<400).map { Self.scenario($0).yaml }.joined()
    let frameworks = [
      "batch", "test", "no-executor", "long-lived", "load-generator", "balloon",
      "persistent-volume", "dynamic-reservation",
    ]
    for type in frameworks { #expect(text.contains("type: \(type)\n")) }
    for allocator in ScenarioVocabulary().allocators.descriptors {
      #expect(text.contains("{name: \(allocator.name)"), "\(allocator.name)")
    }
    let faults = [
      "kill", "crash", "restart", "pause", "resume", "partition", "reset", "network", "random",
    ]
    for fault in faults { #expect(text.contains(", \(fault): {"), "\(fault)") }
    let calls = [
      "drain", "reactivate", "markGone", "weights", "quota", "removeQuota", "whitelist", "reserve",
      "unreserve", "createVolumes", "destroyVolumes", "teardown", "maintenance",
    ]
    for call in calls { #expect(text.contains(", \(call): "), "\(call)") }
  }
}
