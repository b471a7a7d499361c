// Part of mesosim. Apache-2.0, see LICENSE.
//
// Goal: a framework that makes a mistake is found by seed and made small, and the same each time; a
// sound one holds; one that is not deterministic is named as such.
// Method: the shipped service on a small cluster, held to laws that it keeps and to one that it
// does not, and a framework that looks at a clock.

import Mesos
import MesosExploration
import MesosFrameworks
import MesosScenarios
import Synchronization
import Testing

@testable import ScenarioExploration

@Suite("Exploring a scenario")
struct ScenarioExplorationTests {
  private static func yaml(type: String = "service", laws: String = "[]") -> String {
    """
    name: explored
    until: 20m
    cluster:
      masters: 3
      slaves:
        - {count: 6, name: "node-{index}", resources: "cpus:4;mem:4096"}
    frameworks:
      - name: web
        type: \(type)
        instances: 3
        failoverTimeout: 1d
    commands: [{match: "*", duration: endless}]
    laws: \(laws)
    """
  }

  private static func world(
    _ yaml: String, kinds: [ExploredFaultKind] = ExploredFaultKind.allCases,
    _ vocabulary: ScenarioVocabulary = ScenarioVocabulary()
  ) throws -> ScenarioWorld {
    let loaded = try Scenario.decode(
      Array(yaml.utf8), file: "explored.yaml", files: ScenarioFiles(folder: "", dataFolder: ""),
      vocabulary: vocabulary)
    return try ScenarioWorld(
      exploring: loaded, under: loaded.scenario.allocators[1], kinds: kinds,
      settling: .seconds(26 * 60), vocabulary: vocabulary)
  }

  @Test("the shipped service keeps what every framework owes")
  func sound() throws {
    let survey = try Self.world(Self.yaml()).exploration(threads: 2).survey(0..<60)
    #expect(survey.failures.map { $0.trial.failure?.text } == [])
    #expect(survey.seeds == 60)
    #expect(survey.idle == 0)
    #expect(survey.hit > 30)
  }

  @Test("what a framework does not keep is found, made small, and fails as a scenario of its own")
  func small() throws {
    // Two copies land on one host when machines die.
    let world = try Self.world(Self.yaml(laws: "[distinctHosts]"))
    let explorations = [1, 2].map { world.exploration(threads: $0) }
    let surveys = explorations.map { $0.survey(0..<60) }
    #expect(surveys[0].failures.map(\.seeds) == surveys[1].failures.map(\.seeds))
    let group = try #require(surveys[0].failures.first)
    #expect(group.trial.failure?.rule == "distinctHosts")
    let record = world.record(of: group)
    var kept: [FailureRecord] = []
    let smallest = try #require(
      explorations[0].smallest(of: record, improved: { kept.append($0) }).record)
    #expect(smallest.isSmallest)
    #expect(try #require(explorations[1].smallest(of: record).record) == smallest)
    let scenario = world.smallestScenario(of: smallest).scenario
    #expect(scenario.hosts.count <= 3)
    #expect(scenario.faults.count <= 3)
    #expect(scenario.laws.map(\.name) == ["distinctHosts"])
    // What was kept last before the end is as small.
    #expect(kept.last?.plan == smallest.plan)
    // As text it is the same scenario, and fails in the same way.
    let yaml = world.smallestScenario(of: smallest).shortestYAML()
    let loaded = try Scenario.decode(
      Array(yaml.utf8), file: "smallest.yaml", files: ScenarioFiles(folder: "", dataFolder: ""))
    #expect(loaded.scenario == scenario)
    #expect(world.outcome(of: loaded).trial.failure?.identity == smallest.failure.identity)
  }

  @Test("without a kind of fault none of it is drawn")
  func kinds() throws {
    let world = try Self.world(Self.yaml(), kinds: [.kill, .partition])
    for seed in UInt64(0)..<40 {
      let faults = world.scenario(Choices(seed: seed)).loaded.scenario.faults
      for fault in faults {
        let isWanted =
          switch fault.event {
          case .fault(let fault): "\(fault)".hasPrefix("kill") || "\(fault)".hasPrefix("partition")
          case .random, .trace: false
          }
        #expect(isWanted)
        #expect(fault.length != nil)
      }
    }
    let calm = try Self.world(Self.yaml(), kinds: [])
    #expect(calm.scenario(Choices(seed: 3)).loaded.scenario.faults.isEmpty)
  }

  @Test("a framework that is not deterministic is named, with the first fact that differs")
  func nondeterminism() throws {
    var vocabulary = ScenarioVocabulary()
    vocabulary.register(
      FrameworkDescriptor(
        "erratic", "is another each time",
        parameters: [Parameter.integer("instances", 1...9, default: 1, "none")],
        makeScheduler: { _, _ in Erratic() }))
    let world = try Self.world(Self.yaml(type: "erratic"), vocabulary)
    let survey = world.exploration(threads: 1).survey(0..<2)
    let failure = try #require(survey.failures.first?.trial.failure)
    #expect(failure.rule == Exploration.repeatable)
    #expect(failure.message.hasPrefix("fact "))
    #expect(survey.failures.first?.seeds == [0])
  }

  /// Refuses offers for another time in each run.
  private final class Erratic: Scheduler {
    private static let runs = Atomic<Int>(0)
    private let seconds = Double(Erratic.runs.add(1, ordering: .relaxed).newValue)

    func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
      for offer in offers {
        driver.declineOffer(offer.id, filters: Filters(refuseSeconds: seconds))
      }
    }
  }
}
