// Part of mesosim. Apache-2.0, see LICENSE.

import MesosMetrics
import Testing
import VirtualTime

@testable import MesosScenarios

@Suite("Aurora in a scenario")
struct AuroraScenarioTests {
  private func text(_ keys: String, slaves: Int = 4) -> String {
    """
    name: web
    until: 1000s
    cluster:
      slaves:
        - {count: \(slaves), name: "n{index}", resources: "cpus:4;mem:4096;disk:4096", attributes: "host:n{index}"}
    frameworks:
      - name: aurora
        type: aurora
    \(keys)
    allocators: [{name: drf}]
    """
  }

  private func job(_ name: String, _ keys: String, command: String = "./front") -> String {
    "{cluster: c, role: web, environment: devel, name: \(name), \(keys), task: {resources: "
      + "{cpu: 1, ram: 268435456, disk: 1048576}, processes: [{name: p, cmdline: \(command)}]}}"
  }

  private func measured(_ text: String) throws -> MeasuredRun {
    let run = try ScenarioText.run(text)
    #expect(run.violation == nil)
    return run.measured(window: run.window)
  }

  private func complaints(_ text: String) -> [String] {
    do throws(ScenarioError) {
      _ = try ScenarioText.read(text)
      return []
    } catch { return error.lines }
  }

  @Test("jobs run, and what is done with them later is done and shown, step by step")
  func acts() throws {
    let run = try measured(
      text(
        """
            jobs:
              - \(job("front", "service: true, instances: 3, constraints: {host: 'limit:1'}"))
              - \(job("once", "instances: 2", command: "sleep 60"))
              - \(job("late", "instances: 1", command: "sleep 10"))
            versions:
              front@v2: \(job(
                "front", "service: true, instances: 5, constraints: {host: 'limit:1'}",
                command: "./front-2"))
            acts:
              - {at: 100s, update: front@v2}
              - {at: 200s, create: web/devel/late}
              - {at: 300s, kill: web/devel/front, instances: [0]}
              - {at: 500s, abort: web/devel/front}
              - {at: 600s, restart: c/web/devel/front}
        """))
    let framework = run.result.frameworks[0]
    #expect(framework.jobs.finished == 2)
    let service = try #require(framework.service)
    #expect(service.wanted == 5)
    #expect(service.up == 4)
    let changes = try #require(service.changes)
    #expect(
      changes.map(\.what) == [
        "update front@v2", "kill web/devel/front instances 0", "restart c/web/devel/front",
      ])
    #expect(changes.map(\.outcome) == ["cancelled", "refused", "under way"])
    #expect(changes[0].steps.map(\.what) == ["ROLLING_FORWARD"])
    #expect(changes[1].reason.hasPrefix("JOB_UPDATING_ERROR: job c/web/devel/front"))
    let waits = try #require(service.waits)
    #expect(waits.first?.name == "c/web/devel/front")
    #expect(waits.first?.reasons.first?.reason == "limit:host")
  }

  @Test("what Aurora would not take is refused when the scenario is read")
  func mistakes() {
    let jobs = "    jobs: [\(job("front", "instances: 3"))]"
    let two = "[\(job("a", "priority: 1")), \(job("b", "priority: 1"))]"
    let found = [
      text("    jobs: [{cluster: c}]"),
      text(jobs.replacing("instances: 3", with: "instances: 0")),
      text("    jobs: [\(job("front", "priority: 1")), \(job("front", "priority: 2"))]"),
      text(jobs + "\n    acts: [{at: 1m, update: front@v2}]"),
      text(jobs + "\n    acts: [{at: 1m, kill: web/prod/front}]"),
      text(jobs + "\n    acts: [{at: 1m, scale: web/devel/front}]"),
      text(jobs + "\n    acts: [{at: 1m, kill: web/devel/front, instances: []}]"),
      text(jobs + "\n    acts: [{at: 1m, setQuota: web, limit: \"cpsu:1\"}]"),
      text(jobs + "\n    quotas: {web: \"cpus:1;memory:1\"}"),
      text(jobs + "\n    versions: {v2: {jobs: \(two)}}"),
    ].map { complaints($0).first ?? "" }
    let expected = [
      "jobs[0].task: is missing",
      "jobs[0].instances: 0 is not from 1 to 4000",
      "jobs[1]: c/web/devel/front stands there twice",
      "acts[0].update: 'front@v2' is none of the versions; there are none",
      "acts[0].kill: 'web/prod/front' is none of the jobs; there are c/web/devel/front",
      "acts[0]: 'scale' needs 'to'",
      "acts[0].instances: is empty; expected numbers such as [0, 1], or leave it out",
      "acts[0].limit: there are no quotas of 'cpsu'; did you mean 'cpus'?",
      "quotas.web: there are no quotas of 'memory'; expected 'cpus', 'mem' or 'disk'",
      "versions.v2: has 2 jobs; expected one",
    ]
    for (line, end) in zip(found, expected) {
      #expect(line.hasSuffix("frameworks[0].\(end)"), "\(line)")
    }
  }

  @Test("evictions are told, each job's together")
  func evictions() throws {
    let big = job("big", "service: true, priority: 1, instances: 2")
      .replacing("cpu: 1", with: "cpu: 3")
    let run = try measured(
      text(
        """
            jobs:
              - \(job("front", "service: true, instances: 9"))
              - \(big)
            acts: [{at: 100s, create: web/devel/big}]
        """, slaves: 3))
    let changes = try #require(run.result.frameworks[0].service?.changes)
    #expect(changes.map(\.what) == ["evict 6 for c/web/devel/big"])
    #expect(changes.map(\.outcome) == ["done"])
    #expect(changes[0].steps.map(\.what) == ["6 of c/web/devel/front"])
  }

  @Test("with the rules of 0.5 instances keep to hosts of their own, without a word")
  func legacy() throws {
    let jobs = "    jobs: [\(job("front", "service: true, instances: 6"))]"
    let run = try measured(text(jobs + "\n    semantics: \"0.5\""))
    #expect(run.result.frameworks[0].service?.up == 4)
  }
}
