// Part of mesosim. Apache-2.0, see LICENSE.
//
// A small valid scenario, to be varied by the tests.

import Foundation
import MesosCluster

@testable import MesosScenarios

/// A small valid scenario as text.
enum ScenarioText {
  static let plain = """
    name: small
    cluster:
      slaves: [{count: 2, resources: "cpus:4;mem:4096"}]
    frameworks:
      - name: a
        type: batch
        workload:
          jobs: 3
          stages: [{name: map, tasks: 2, resources: "cpus:1;mem:128", duration: 10s}]
    """ + "\n"

  /// The small scenario with a part of its text replaced.
  static func with(_ part: String, _ other: String) -> String {
    plain.replacing(part, with: other)
  }

  /// The small scenario with lines behind it.
  static func adding(_ lines: String) -> String { plain + lines + "\n" }

  /// Reads a scenario that is called `s.yaml`.
  static func read(
    _ text: String, in folder: String = "."
  ) throws(ScenarioError) -> LoadedScenario {
    try Scenario.decode(
      Array(text.utf8), file: "s.yaml",
      files: ScenarioFiles(folder: folder, dataFolder: "/nowhere/data"))
  }

  /// Runs a scenario under its first allocator, held to the invariants; `sink` is told the facts.
  static func run(
    _ text: String, isLiteral: Bool = false, _ sink: (any ClusterEventSink)? = nil
  ) throws -> ScenarioRun {
    let prepared = try PreparedScenario(read(text))
    let run = try ScenarioRun(
      prepared, allocator: prepared.scenario.allocators[0], isLiteral: isLiteral)
    run.checkInvariants()
    if let sink { run.attach(sink) }
    run.run()
    return run
  }

  /// All that is wrong with a scenario, line by line.
  static func complaints(_ text: String) -> [String] {
    do throws(ScenarioError) {
      _ = try read(text)
      return []
    } catch {
      return error.lines
    }
  }
}

/// Two teams that are busy at different times, a moment's work for any build.
func loadSmall() throws -> LoadedScenario {
  let url = packageFolder.appending(path: "Tests/Scenarios/small.yaml")
  return try Scenario.load(url.path(percentEncoded: false))
}

/// The package's folder.
let packageFolder = URL(filePath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// The scenarios that ship, as paths from the package's folder; but for those that `BringYourOwn`
/// alone can run.
let shippedScenarios: [String] = {
  let folder = packageFolder.appending(path: "scenarios").path(percentEncoded: false)
  let walk = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
  return walk.filter { $0.hasSuffix(".yaml") && !$0.hasPrefix("explore/") }.sorted()
    .map { "scenarios/\($0)" }
}()
