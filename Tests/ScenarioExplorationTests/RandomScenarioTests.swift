// Part of mesosim. Apache-2.0, see LICENSE.
//
// Scenarios by chance are valid, are what their plans say, and have what is to be explored in them.

import Mesos
import MesosAllocation
import MesosCluster
import MesosExploration
import MesosScenarios
import Testing
import VirtualTime

@testable import ScenarioExploration

@Suite("Random scenarios")
struct RandomScenarioTests {
  private static func scenario(_ seed: UInt64) -> RandomScenario {
    RandomScenario(Choices(seed: seed))
  }

  /// Those of the first seeds, drawn and read once for all tests.
  private static let drawn = (0..<400 as Range<UInt64>).map { scenario($0) }
  private static let loaded = Result { try drawn.map { try $0.load() } }

  @Test("two hundred are valid and, written out in full, read as themselves")
  func valid() throws {
    for (seed, loaded) in try Self.loaded.get().prefix(200).enumerated() {
      let again = try Scenario.decode(
        Array(loaded.scenario.resolvedYAML.utf8), file: "again.yaml", files: loaded.files)
      #expect(again.scenario == loaded.scenario, "seed \(seed)")
      _ = try PreparedScenario(loaded)
    }
  }

  @Test("the plan of one alone gives it again")
  func replay() {
    for (seed, drawn) in Self.drawn.prefix(50).enumerated() {
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
      Self.drawn.prefix(100).first { $0.plan.keys.count { $0.hasSuffix("/kind") } > 3 })
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
    let text = Self.drawn.map(\.yaml).joined()
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

  // Goal: what only goes wrong when two faults meet, or nobody has registered yet, is drawn often
  // enough to be found in a thousand seeds.
  @Test("faults meet one another, and strike at the very start")
  func meetings() throws {
    let all = try Self.loaded.get().map(\.scenario.faults)
    func parties(_ entry: FaultEntry) -> Parties? {
      if case .fault(let fault) = entry.event { fault.parties } else { nil }
    }
    func lasts(_ entry: FaultEntry, beyond other: FaultEntry) -> Bool {
      guard entry.at <= other.at else { return false }
      return entry.length.map { entry.at + $0 > other.at } ?? false
    }
    func meet(_ faults: [FaultEntry], _ isMet: (FaultEntry, FaultEntry) -> Bool) -> Bool {
      faults.indices.contains { place in
        faults.indices.contains { other in
          other != place && lasts(faults[place], beyond: faults[other])
            && isMet(faults[place], faults[other])
        }
      }
    }
    let ofOneParty = all.count { faults in
      meet(faults) { one, other in parties(one).map { $0 == parties(other) } ?? false }
    }
    #expect(ofOneParty > 20)
    let withinOne = all.count { faults in
      meet(faults) { one, other in
        guard let length = one.length, let inner = other.length else { return false }
        return parties(one).map { $0 == parties(other) } == true
          && other.at + inner <= one.at + length && one.at + length > other.at
      }
    }
    #expect(withinOne > 8)
    let ofTheNetwork = all.count { faults in
      meet(faults) { one, other in
        if case .fault(.network) = one.event, case .fault(.network) = other.event {
          true
        } else {
          false
        }
      }
    }
    #expect(ofTheNetwork > 8)
    let ofChance = all.count { faults in
      faults.count { if case .random = $0.event { true } else { false } } > 1
    }
    #expect(ofChance > 8)
    #expect(all.count { faults in faults.contains { $0.at == .zero } } > 20)
    let ofTheLeader = all.count { faults in
      faults.contains { $0.length != nil && parties($0)?.masters == ["leader"] }
    }
    #expect(ofTheLeader > 20)
  }

  @Test("an allocator that does not ship with mesosim comes up, and changes nothing else")
  func ownAllocators() {
    var registry = AllocatorRegistry()
    registry.register(
      AllocatorDescriptor(name: "own", summary: "") { _ throws(ParameterError) in
        try AllocatorRegistry().make("drf")
      })
    let vocabulary = ScenarioVocabulary(allocators: registry)
    var own = 0
    for (seed, drawn) in Self.drawn.prefix(50).enumerated() {
      let without = drawn.yaml.split(separator: "\n")
      let with = RandomScenario(Choices(seed: UInt64(seed)), vocabulary: vocabulary).yaml
        .split(separator: "\n")
      let changed = zip(without, with).filter { $0 != $1 }
      #expect(without.count == with.count && changed.allSatisfy { $1 == "  - {name: own}" })
      own += changed.count
    }
    #expect((15...35).contains(own))
  }
}
