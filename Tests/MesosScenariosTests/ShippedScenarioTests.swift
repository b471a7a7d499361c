// Part of mesosim. Apache-2.0, see LICENSE.

import Foundation
import Mesos
import MesosAllocation
import MesosFrameworks
import MesosMetrics
import MesosWorkloads
import Testing
import VirtualTime

@testable import MesosScenarios

@Suite("Shipped scenarios")
struct ShippedScenarioTests {
  @Test("there is one to begin with, failures, samples, services, plans, policies, and a trace")
  func some() {
    let folders = Dictionary(grouping: shippedScenarios) { $0.split(separator: "/")[1] }
    #expect(
      Set(folders.keys)
        == ["quickstart", "failures", "samples", "services", "planning", "policies", "traces"])
    #expect((folders["failures"]?.count ?? 0) >= 8)
  }

  @Test("each loads without a warning and says what it asks", arguments: shippedScenarios)
  func loads(path: String) throws {
    let url = packageFolder.appending(path: path)
    let loaded = try Scenario.load(url.path(percentEncoded: false))
    #expect(loaded.warnings == [])
    let text = try String(contentsOf: url, encoding: .utf8)
    for heading in ["# Question:", "# Expect:", "# Runs in:"] { #expect(text.contains(heading)) }
  }

  @Test("what check prints of each reads as the same scenario", arguments: shippedScenarios)
  func resolved(path: String) throws {
    let url = packageFolder.appending(path: path)
    let loaded = try Scenario.load(url.path(percentEncoded: false))
    let again = try ScenarioText.read(loaded.scenario.resolvedYAML)
    // What stands in a file of its own is written out.
    let hasFiles = try String(contentsOf: url, encoding: .utf8).contains(".json")
    #expect(hasFiles || again.scenario == loaded.scenario)
    #expect(again.scenario.resolvedYAML == loaded.scenario.resolvedYAML)
  }

  @Test("quickstart has two frameworks that are busy at different times, and no outside file")
  func quickstart() throws {
    let loaded = try load("scenarios/quickstart/two-frameworks.yaml")
    let jobs = try loaded.makeJobs()
    #expect(jobs.files == [])
    #expect(jobs.byFramework.map(\.count) == [60, 40])
    let first = try #require(jobs.byFramework[0].first)
    let second = try #require(jobs.byFramework[1].first)
    #expect(second.submitted - first.submitted == .seconds(600))
  }

  // Method: the first minute of it, in which all differ already. The whole of it is asked of
  // optimized programs.
  @Test("every-allocator has every allocator, and no two decide alike")
  func everyAllocator() throws {
    var loaded = try load("scenarios/policies/every-allocator.yaml")
    loaded.scenario.until = .seconds(60)
    let allocators = loaded.scenario.allocators
    #expect(allocators.map(\.name).sorted() == AllocatorRegistry().descriptors.map(\.name).sorted())
    let runs = try ScenarioComparison(loaded, allocators: allocators, threads: 2).run(seeds: [1])
    #expect(Set(runs[0].map(\.result.digest)).count == allocators.count)
  }

  // Method: as above. What the scenario says cannot be told apart is the same decision by decision.
  @Test(
    "two allocators that are told nothing that sets them apart are the same",
    arguments: [("fair", "constrained"), ("drf", "role")])
  func alike(one: String, other: String) throws {
    var loaded = try load("scenarios/policies/every-allocator.yaml")
    loaded.scenario.until = .seconds(60)
    if other == "role" {
      for index in loaded.scenario.frameworks.indices {
        loaded.scenario.frameworks[index].role = "builds"
      }
    }
    let allocators = [one, other].map { AllocatorEntry(name: $0) }
    let runs = try ScenarioComparison(loaded, allocators: allocators).run(seeds: [1])
    #expect(runs[0][0].result.digest == runs[0][1].result.digest)
  }

  @Test("facebook-2009 is scenario A of the data set", .enabled(if: hasFacebookTrace))
  func facebook() throws {
    let loaded = try load("scenarios/traces/facebook-2009.yaml")
    let jobs = try loaded.makeJobs()
    #expect(
      loaded.scenario.frameworks.map(\.name) == [
        "hadoop-small", "hadoop-large", "spark", "mpi",
      ])
    #expect(jobs.byFramework.map(\.count) == [5396, 498, 590, 10])
    let maps = jobs.byFramework.map { $0.reduce(0) { $0 + ($1.stages.first?.tasks ?? 0) } }
    #expect(maps[0] == 6261)
    #expect(maps[1] == 209_179)
    #expect(jobs.byFramework[2].allSatisfy { $0.stages.count == 10 })
    #expect(jobs.byFramework[3].allSatisfy { $0.stages[0].isGang })
    #expect(jobs.byFramework[3].allSatisfy { (24...64).contains($0.stages[0].tasks) })
    #expect(jobs.files.count == 1)
  }

  @Test("without the data the missing trace is named with its source and hash")
  func missing() throws {
    let loaded = try load("scenarios/traces/facebook-2009.yaml")
    let elsewhere = LoadedScenario(
      scenario: loaded.scenario, files: ScenarioFiles(folder: ".", dataFolder: "/nowhere"),
      warnings: [])
    let error = #expect(throws: WorkloadError.self) { try elsewhere.makeJobs() }
    let message = try #require(error).description
    #expect(try #require(error).isMissingFile)
    #expect(message.hasPrefix("/nowhere/swim-facebook/FB-2009_samples_24_times_1hr_0.tsv: no such"))
    #expect(message.contains("get it from https://github.com/SWIMProjectUCB/SWIM"))
    #expect(message.contains("5033ea98faed398b132957e4555c9ba88653d1ffaac470f370b761b79cd44c19"))
  }

  private func load(_ path: String) throws -> LoadedScenario {
    try Scenario.load(packageFolder.appending(path: path).path(percentEncoded: false))
  }
}

/// Whether the trace lies where the scenario looks for it.
private let hasFacebookTrace: Bool = {
  let folder = packageFolder.appending(path: "scenarios/traces").path(percentEncoded: false)
  let data = ScenarioFiles(folder: folder).dataFolder
  return FileManager.default.fileExists(
    atPath: "\(data)/swim-facebook/FB-2009_samples_24_times_1hr_0.tsv")
}()
