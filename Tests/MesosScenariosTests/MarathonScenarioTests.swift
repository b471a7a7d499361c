// Part of mesosim. Apache-2.0, see LICENSE.

import Foundation
import MesosMetrics
import MesosReports
import Testing
import VirtualTime

@testable import MesosScenarios

@Suite("Marathon in a scenario")
struct MarathonScenarioTests {
  private func text(_ keys: String, faults: String = "", slaves: Int = 4) -> String {
    """
    name: web
    until: 1000s
    cluster:
      slaves: [{count: \(slaves), name: "n{index}", resources: "cpus:4;mem:4096;ports:[1-99]"}]
    frameworks:
      - name: marathon
        type: marathon
    \(keys)
    allocators: [{name: drf}]
    faults: [\(faults)]
    """
  }

  private let web = """
        apps:
          - {id: web, cmd: ./web, instances: 3, constraints: [[hostname, UNIQUE]]}
    """

  private func measured(_ text: String) throws -> MeasuredRun {
    let run = try ScenarioText.run(text)
    #expect(run.violation == nil)
    return run.measured(window: run.window)
  }

  private func inFolder(_ files: [String: String], _ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "marathon-\(UInt64.random(in: 0...(.max)))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files {
      try Data(text.utf8).write(to: folder.appending(path: name))
    }
    try body(folder.path(percentEncoded: false))
  }

  private func complaints(_ text: String, in folder: String = ".") -> [String] {
    do throws(ScenarioError) {
      _ = try ScenarioText.read(text, in: folder)
      return []
    } catch { return error.lines }
  }

  @Test("apps run, and what is done with them later is done and shown, step by step")
  func acts() throws {
    let run = try measured(
      text(
        web + "\n" + """
              versions: {"web@v2": {cmd: ./web --new}}
              acts:
                - {at: 100s, deploy: "web@v2"}
                - {at: 200s, scale: web, to: 4}
                - {at: 300s, scale: web, to: 9}
                - {at: 400s, restart: web}
          """))
    let service = try #require(run.result.frameworks[0].service)
    #expect(service.wanted == 9)
    #expect(service.up == 4)
    let changes = try #require(service.changes)
    #expect(
      changes.map(\.what) == [
        "create /web", "deploy web@v2", "scale /web to 4", "scale /web to 9", "restart web",
      ])
    #expect(changes.map(\.outcome) == ["done", "done", "done", "under way", "refused"])
    #expect(changes[1].steps.map(\.what) == ["RestartApplication /web"])
    #expect(changes[1].beganSeconds == 100)
    #expect(changes[4].reason.hasPrefix("409 App is locked"))
    let waits = try #require(service.waits)
    #expect(waits.map(\.name) == ["/web"])
    #expect(waits[0].reasons.first?.reason == "UnfulfilledConstraint")
    let report = Report(run: run, command: "mesosim run web.yaml")
    let terminal = report.terminalText(.plain)
    #expect(terminal.contains("scale /web to 9") && terminal.contains("under way"), "\(terminal)")
    #expect(terminal.contains("UnfulfilledConstraint"), "\(terminal)")
    let files = try report.files()
    let page = try #require(files.last?.contents)
    #expect(String(decoding: page, as: UTF8.self).contains("RestartApplication"))
  }

  @Test("a file of JSON is an app, an array of apps, a group, or a request of the older form")
  func files() throws {
    let files = [
      "app.json": #"{"id": "a", "cmd": "./a"}"#,
      "apps.json": #"[{"id": "b", "cmd": "./b"}, {"id": "c", "cmd": "./c"}]"#,
      "group.json": #"{"id": "g", "apps": [{"id": "d", "cmd": "./d"}]}"#,
      "old.json": #"{"id": "Old", "cmd": "sleep 60", "instances": 1}"#,
    ]
    try inFolder(files) { folder in
      let loaded = try ScenarioText.read(
        text(
          """
              apps: [app.json, apps.json, group.json, {post: /v1/apps/start, file: old.json}]
          """), in: folder)
      let resolved = loaded.scenario.resolvedYAML
      #expect(try ScenarioText.read(resolved).scenario.resolvedYAML == resolved)
      let run = try ScenarioRun(
        PreparedScenario(loaded), allocator: loaded.scenario.allocators[0])
      run.run()
      let result = run.measured(window: run.window).result
      #expect(result.frameworks[0].service?.groups == 5)
      #expect(result.frameworks[0].service?.wanted == 5)
    }
  }

  @Test("what Marathon refuses is refused where it stands, with its status and message")
  func refusals() throws {
    #expect(
      complaints(text("    apps: [{id: web, cmd: ./web, cpus: 0}]")) == [
        "s.yaml:8:40: frameworks[0].apps[0].cpus: 422 Object is not valid "
          + "(/cpus: got 0, expected 0.001 or more)"
      ])
    #expect(
      complaints(text("    apps: [{id: web, cmd: ./web}, {id: /web, cmd: ./web}]")) == [
        "s.yaml:8:35: frameworks[0].apps[1]: 409 An app with id [/web] already exists."
      ])
    try inFolder(["bad.json": "{\"id\": \"web\",\n  \"cpus\" 1}"]) { folder in
      #expect(
        complaints(text("    apps: [bad.json]"), in: folder) == [
          "s.yaml:8:12: frameworks[0].apps[0]: bad.json:2:10: 400 Invalid JSON "
            + "(/: expected ':' after the key 'cpus')"
        ])
    }
  }

  @Test("an act that makes no sense is refused where it stands")
  func senselessActs() {
    func complaint(_ act: String) -> String? {
      complaints(text(web + "\n    acts: [\(act)]")).first
    }
    #expect(
      complaint("{at: 1m, deploy: \"web@v9\"}")
        == "s.yaml:10:29: frameworks[0].acts[0].deploy: 'web@v9' is none of the versions; "
        + "there are none")
    #expect(
      complaint("{at: 1m, scale: web}")
        == "s.yaml:10:12: frameworks[0].acts[0]: 'scale' needs 'to', such as {scale: web, to: 5}")
    #expect(
      complaint("{scale: web, to: 1}")
        == "s.yaml:10:12: frameworks[0].acts[0]: 'at' is missing: say when, such as at: 10m")
    #expect(
      complaint("{at: 1m, restart: web, to: 1}")
        == "s.yaml:10:39: frameworks[0].acts[0].to: says nothing beside 'restart'")
  }

  @Test("a changed definition that makes no sense is refused when the scenario is read")
  func senselessVersions() {
    let keys = web + "\n    versions: {\"web@v2\": {cpus: -1}}"
    #expect(
      complaints(text(keys)) == [
        "s.yaml:10:33: frameworks[0].versions.web@v2.cpus: 422 Object is not valid "
          + "(/cpus: got -1, expected 0.001 or more)"
      ])
  }

  @Test("an instance whose slave is lost is up elsewhere, and a scheduler's end changes nothing")
  func losses() throws {
    let run = try measured(
      text(
        web + "\n    restartAfter: 10s",
        faults: "{at: 200s, crash: {slave: n1, for: 300s}}, {at: 600s, kill: {scheduler: marathon}}"
      ))
    let service = try #require(run.result.frameworks[0].service)
    #expect(service.up == 3)
    #expect(service.restarts <= 1)
    #expect(run.result.frameworks[0].tasks.launched <= 4)
  }
}
