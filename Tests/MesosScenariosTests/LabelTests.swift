// Part of mesosim. Apache-2.0, see LICENSE.
//
// Entries of one allocator, told apart by their labels wherever results name an allocator.

import Foundation
import Mesos
import MesosAllocation
import MesosMetrics
import MesosReports
import Testing

@testable import MesosScenarios

@Suite("Labels of allocators")
struct LabelTests {
  private static let allocators =
    "allocators: [{name: static}, {name: static, label: by-hand, partition: {shares: {a: 1}}}, {name: drf}]"

  private func loaded(_ rest: String = allocators) throws -> LoadedScenario {
    try ScenarioText.read(ScenarioText.adding(rest))
  }

  @Test("two entries of one allocator are two columns of every report")
  func reports() throws {
    let loaded = try loaded()
    let runs = try ScenarioComparison(loaded, allocators: loaded.scenario.allocators).run(seeds: [1]
    )
    let report = Report(comparing: runs, command: "mesosim compare s.yaml")
    let comparison = try #require(report.comparison)
    #expect(comparison.allocators == ["static", "by-hand", "drf"])
    #expect(comparison.runs.map(\.policy) == [nil, "static", nil])
    #expect(comparison.runs[0].digest == comparison.runs[1].digest)
    #expect(comparison.row(.speedup, under: "by-hand")?.ratio == 1)
    #expect(report.terminalText(.plain).contains("by-hand"))
    for file in try report.files() {
      #expect(String(decoding: file.contents, as: UTF8.self).contains("by-hand"), "\(file.name)")
    }
  }

  @Test("static by another label is not taken for sharing")
  func words() throws {
    let loaded = try loaded(
      "allocators: [{name: static}, {name: static, label: by-hand, partition: {shares: {a: 1}}}]")
    let runs = try ScenarioComparison(loaded, allocators: loaded.scenario.allocators).run(seeds: [1]
    )
    let text = Report(comparing: runs, command: "x").terminalText(.plain)
    #expect(!text.contains("haring (by-hand)"), "\(text)")
  }

  @Test("a label or a name finds its entry; a name of several entries finds none")
  func choices() throws {
    #expect(try loaded().allocatorEntry("by-hand").label == "by-hand")
    #expect(try loaded().allocatorEntry("static").label == "static")
    #expect(try loaded().allocatorEntry("fifo") == AllocatorEntry(name: "fifo"))
    let one = try loaded("allocators: [{name: drf, label: mesos}]")
    #expect(try one.allocatorEntry("drf").label == "mesos")
    let two = try loaded(
      "allocators: [{name: drf, label: mesos}, {name: drf, label: other, offerUnit: task}]")
    let error = #expect(throws: ParameterError.self) { try two.allocatorEntry("drf") }
    #expect(error?.reason == "several entries are 'drf'; expected 'mesos' or 'other'")
    let near = #expect(throws: ParameterError.self) { try two.allocatorEntry("meso") }
    #expect(near?.reason == "unknown allocator 'meso'; did you mean 'mesos'?")
  }

  @Test("labels are written out, found by expectations, and taken once")
  func resolved() throws {
    let resolved = try loaded().scenario.resolvedYAML
    #expect(resolved.contains("{name: static, label: by-hand, "))
    #expect(try ScenarioText.read(resolved).scenario == loaded().scenario)
    _ = try loaded(
      Self.allocators + "\nexpect: [{metric: speedup, allocator: by-hand, atLeast: 1}]")
    #expect(
      ScenarioText.complaints(
        ScenarioText.adding("allocators: [{name: drf}, {name: fifo, label: drf}]")) == [
          "s.yaml:10:47: allocators[1].label: two entries are called 'drf'; "
            + "give one of them a 'label' of its own"
        ])
    #expect(
      ScenarioText.complaints(ScenarioText.adding("allocators: [{name: drf, label: a/b}]"))
        .first?.contains("'a/b' is no name") == true)
  }
}
