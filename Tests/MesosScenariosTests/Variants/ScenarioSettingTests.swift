// Part of mesosim. Apache-2.0, see LICENSE.
//
// `--set PATH=v1,v2`: how it is read, where a path leads, and what is said of one that leads to
// nothing.

import MesosWorkloads
import Testing

@testable import MesosScenarios

@Suite("Settings")
struct ScenarioSettingTests {
  private static let text = """
    name: small
    cluster:
      slaves:
        - {count: 2, name: "node-{index}", resources: "cpus:4;mem:4096"}
        - {count: 1, name: "big.box", resources: "cpus:8;mem:8192"}
    roles: {"a.b": {weight: 1}}
    frameworks:
      - name: web
        type: batch
        role: a.b
        workload:
          jobs: 3
          stages: [{name: map, tasks: 2, resources: "cpus:1;mem:128", duration: 10s}]
    """

  private func document() throws -> ScenarioDocument {
    try ScenarioDocument(
      Array(Self.text.utf8), file: "s.yaml", files: ScenarioFiles(folder: "."))
  }

  private func read(_ settings: String...) throws -> LoadedScenario {
    try document().read(
      setting: settings.map { try ScenarioSetting(parsing: $0) }.compactMap(\.choices.first))
  }

  @Test("commas part values, but not within brackets, braces and quotes")
  func values() throws {
    let setting = try ScenarioSetting(parsing: #"a.b = 1s, [2, 3],{x: 1, y: 2},"q,r" "#)
    #expect(setting.choices.map(\.value) == ["1s", "[2, 3]", "{x: 1, y: 2}", #""q,r""#])
    #expect(setting.choices[1].text == "a.b =[2, 3]")
    #expect(setting.name == "b")
    #expect(setting.block == "a")
  }

  @Test(
    "what is no setting is shown where it is wrong",
    arguments: [
      ("allocation.interval", 20, "there is no '='"), ("=1s", 1, "a name is missing"),
      ("a..b=1", 3, "a name is missing"), ("a=", 3, "there is no value"),
      ("a=1,,2", 5, "there is no value"), ("a=1,1", 5, "'1' is there already"),
      ("x-tasks=1", 1, "a place for anchors"), ("a=[1", 3, "no valid YAML"),
    ])
  func syntax(text: String, column: Int, reason: String) throws {
    let error = try #require(throws: SettingError.self) { try ScenarioSetting(parsing: text) }
    #expect(error.column == column, "\(error)")
    #expect(error.reason.contains(reason), "\(error)")
  }

  @Test("a path leads through keys, names of entries, groups of slaves, and numbers")
  func paths() throws {
    #expect(try read("allocation.interval=5s").scenario.allocation.interval == .seconds(5))
    #expect(try read("cluster.slaves.node.count=7").scenario.cluster.slaves[0].count == 7)
    #expect(try read("cluster.slaves.0.count=7").scenario.cluster.slaves[0].count == 7)
    #expect(try read("roles.a.b.weight=3").scenario.roles[0].value.weight == 3)
    let entry = try read("allocators.drf.interval=2s").scenario.allocators[1]
    #expect(entry.allocation.interval == .seconds(2))
    let both = try read("frameworks.web.workload.jobs=9", "seed=4").scenario
    #expect(both.seed == 4)
    guard case .synthetic(let workload) = both.frameworks[0].work else {
      Issue.record("\(both.frameworks[0].work)")
      return
    }
    #expect(workload.jobs == 9)
    let stage = try read("frameworks.web.workload.stages.map.resources=\"cpus:2;mem:64\"")
    #expect(stage.scenario.resolvedYAML.contains("cpus:2"))
    #expect(try read("seed=2", "seed=3").scenario.seed == 3, "the later counts")
  }

  @Test(
    "what leads nowhere, or is not what is expected there, is shown in the path",
    arguments: [
      ("allocation.intervall=5s", 12, "unknown key 'intervall'; did you mean 'interval'?"),
      ("alocation.interval=5s", 1, "unknown key 'alocation'; did you mean 'allocation'?"),
      ("frameworks.wed.workload.jobs=5", 12, "is called 'wed'; did you mean 'web'?"),
      ("frameworks.1.workload.jobs=5", 12, "no entry of 'frameworks' is called '1'"),
      ("cluster.slaves.nodes.count=5", 16, "did you mean 'node'?"),
      ("allocation.interval=fast", 21, "expected a duration"),
      ("allocation.interval=0s", 21, "no time at all"),
      ("seed.x=5", 1, "found a map"), ("name.x=5", 6, "which has nothing in it"),
      ("frameworks.web.workload.jobs=-1", 30, "-1"),
      ("allocators.drf.intervall=1s", 16, "did you mean 'interval'?"),
    ])
  func faults(text: String, column: Int, reason: String) throws {
    let error = try #require(throws: SettingError.self) { try read(text) }
    #expect(error.reason.contains(reason), "\(error)")
    #expect(error.column == column, "\(error)")
  }

  @Test("what it makes wrong elsewhere names the setting, and so does a warning")
  func consequences() throws {
    let error = try #require(throws: ScenarioError.self) {
      try read("cluster.slaves.node.name=big.box")
    }
    #expect(
      error.lines.contains { $0.hasSuffix("(with --set cluster.slaves.node.name=big.box)") },
      "\(error)")
    let loaded = try read("frameworks.web.role=c")
    #expect(
      loaded.warnings.contains { $0.lineInFile.hasPrefix("line 6: roles.a.b: no framework") },
      "\(loaded.warnings)")
    let warned = try read("roles={c: {weight: 2}}").warnings
    #expect(
      warned.map(\.lineInFile).contains { $0.hasSuffix("(--set roles={c: {weight: 2}})") },
      "\(warned)")
  }
}
