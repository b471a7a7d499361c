// Part of mesosim. Apache-2.0, see LICENSE.
//
// Frameworks that the master refuses, and other work that cannot be meant so: said when the
// scenario is checked, and in the results.

import MesosAllocation
import MesosMetrics
import MesosReports
import Testing

@testable import MesosScenarios

@Suite("Frameworks that the master refuses")
struct RefusedFrameworkTests {
  private func text(
    master: String, logs: String = "role: logs", rest: String = "",
    allocators: String = "{name: drf}"
  ) -> String {
    """
    name: refused
    until: 10m
    cluster:
      master: {\(master)}
      slaves: [{count: 2, resources: "cpus:10;mem:10GB"}]
    frameworks:
      - {name: logs, \(logs), type: batch, workload: {jobs: 2, stages: [{name: ship, tasks: 5, resources: "cpus:1;mem:1GB", duration: 10s}]}}
      - {name: services, role: services, principal: ops, secret: s, type: batch, workload: {jobs: 2, stages: [{name: serve, tasks: 5, resources: "cpus:1;mem:1GB", duration: 10s}]}}
    allocators: [\(allocators)]
    \(rest)
    """
  }

  private func warnings(_ text: String) throws -> [String] {
    try ScenarioText.read(text).warnings.map { "\($0.path): \($0.message)" }
  }

  private static let refusals = [
    ("roles: [services]", "role: logs", "role 'logs' is not among the roles of this master"),
    (
      "roles: [services]", "roles: [services, logs]",
      "role 'logs' is not among the roles of this master"
    ),
    ("credentials: [{principal: ops, secret: s}]", "role: logs", "framework is not authenticated"),
    (
      "credentials: [{principal: ops, secret: s}]", "principal: ops, secret: t",
      "framework is not authenticated"
    ),
    (
      "acls: {rules: [{action: register_frameworks, principals: any, objects: [services]}, {action: run_tasks, principals: any, objects: any}], permissive: false}",
      "principal: dev, role: logs", "principal 'dev' may not register in role 'logs'"
    ),
  ]

  @Test("BUG: a framework that the master refused was passed over in silence", arguments: refusals)
  func refused(master: String, logs: String, words: String) throws {
    let loaded = try ScenarioText.read(text(master: master, logs: logs))
    #expect(
      loaded.warnings.map { $0.line(in: "s.yaml") } == [
        "s.yaml:7:5: frameworks[0]: the master refuses 'logs': \(words); none of its work is done"
      ])
    let run = try ScenarioRun(
      try PreparedScenario(loaded), allocator: loaded.scenario.allocators[0])
    run.run()
    let measured = run.measured(window: run.window)
    let frameworks = measured.result.frameworks
    #expect(frameworks.map(\.refusal) == [words, nil])
    #expect(frameworks.map(\.jobs.submitted) == [2, 2])
    #expect(frameworks.map(\.jobs.finished) == [0, 2])
    #expect(frameworks[0].jobs.unfinished == 2)
    #expect(measured.jobs[0].map(\.fate) == [.unfinished, .unfinished])
    let report = Report(
      run: measured, command: "mesosim run s.yaml",
      warnings: loaded.reportWarnings(of: loaded.scenario.allocators, registry: .init())
    ).terminalText(.plain).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(report.contains("2 of 4 jobs finished"), "\(report)")
    #expect(
      report.contains("Warning: line 7: frameworks[0]: the master refuses 'logs': \(words);"),
      "\(report)")
  }

  @Test("jobs that come after the end are not counted as submitted to it")
  func late() throws {
    let late = text(master: "roles: [services]").replacing(
      "jobs: 2, stages: [{name: ship",
      with: "jobs: 2, arrivals: {at: [1m, 20m]}, stages: [{name: ship")
    let loaded = try ScenarioText.read(late)
    let run = try ScenarioRun(
      try PreparedScenario(loaded), allocator: loaded.scenario.allocators[0])
    run.run()
    #expect(run.measured(window: run.window).result.frameworks[0].jobs.submitted == 1)
  }

  @Test("BUG: faults that come after the end were taken for faults")
  func lateFault() throws {
    #expect(
      try warnings(
        text(
          master: "pingTimeouts: 5",
          rest: "faults: [{at: 10m, kill: {master: leader}}, {at: 11m, crash: {slaves: \"*\"}}]"))
        == [
          "faults[1].at: after the end, 10m: it never happens"
        ])
  }

  @Test("BUG: a guarantee above its limit or the cluster was not warned of")
  func quotas() throws {
    func quota(_ quota: String) throws -> [String] {
      try warnings(text(master: "pingTimeouts: 5", rest: "roles: {logs: {quota: \(quota)}}"))
    }
    let place = "roles.logs.quota: guarantees "
    #expect(
      try quota("{guarantee: \"cpus:8\", limit: \"cpus:4\"}") == [
        place + "8 cpus, above its limit of 4; the master refuses it"
      ])
    #expect(
      try quota("{guarantee: \"cpus:21;mem:100\"}") == [
        place + "21 cpus; the cluster has 20"
      ])
    #expect(try quota("{guarantee: \"gpus:1\"}") == [place + "1 gpus; the cluster has 0"])
    #expect(try quota("{guarantee: \"cpus:4\", limit: \"cpus:4;mem:1GB\"}") == [])
  }

  @Test("BUG: tasks with a part of a gpu, and PARTITION_AWARE, were let pass without a word")
  func gpusAndPartitions() throws {
    let parts = text(master: "pingTimeouts: 5", logs: "role: logs, capabilities: [GPU_RESOURCES]")
      .replacing("\"cpus:10;mem:10GB\"", with: "\"cpus:10;mem:10GB;gpus:2\"")
      .replacing(
        "ship, tasks: 5, resources: \"cpus:1;",
        with: "ship, tasks: 5, resources: \"gpus:0.5;cpus:1;")
    #expect(try warnings(parts).contains { $0.contains("gpus are used whole") })
    let aware = text(master: "pingTimeouts: 5", logs: "capabilities: [PARTITION_AWARE], role: logs")
    #expect(
      try warnings(aware) == [
        "frameworks[0].capabilities[0]: PARTITION_AWARE changes nothing: tasks of "
          + "slaves that are cut off become TASK_LOST here, TASK_UNREACHABLE and its like are not "
          + "there"
      ])
  }
}
