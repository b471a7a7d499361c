// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a scenario says of master, slaves, frameworks, commands and operators.

import Foundation
import Mesos
import MesosAllocation
import MesosCluster
import MesosFrameworks
import SimulationKernel
import Testing
import VirtualTime

@testable import MesosScenarios

/// A scenario with every key that concerns the protocol.
private let richText = """
  name: rich
  cluster:
    isolation: none
    offerTimeout: 30s
    oversubscription: {interval: 20s}
    serviceTimes: {master: {acceptOffers: 1ms}, scheduler: {statusUpdate: 2ms}, slave: {runTask: 3ms}, executor: {launchTask: 4ms}}
    master:
      roles: [prod, eng/web]
      credentials: [{principal: ops, secret: s}, {principal: dev}]
      acls:
        permissive: false
        rules: [{action: run_tasks, principals: [ops], objects: none}, {action: update_weights}]
      pingTimeout: 5s
      pingTimeouts: 3
    slave: {diskQuota: true, diskWatchInterval: 5s, reportsStarting: true}
    slaves:
      - {count: 2, name: "big-{index}", hardware: "cpus:8;mem:16GB;disk:100GB", defaultRole: prod}
      - {count: 1, name: "odd-{index}", resources: "cpus:2;mem(prod):1GB", hardware: "cpus:8;disk:8GB"}
      - {count: 1, name: "plain-{index}", resources: "cpus:2;mem(*):512", defaultRole: prod}
  roles:
    prod: {weight: 2, quota: "cpus:16;mem:32GB"}
    eng/web: {quota: {guarantee: "cpus:1", limit: "cpus:2;mem:0"}}
  frameworks:
    - {name: t, type: test, role: prod, tasks: 2, resources: "cpus:0.5;mem:64", duration: 9s}
    - {name: n, type: no-executor, tasks: endless, command: "./run --all", user: joe, checkpoint: true}
    - {name: l, type: long-lived, tasks: 7, failoverTimeout: 1h, executor: "cpus:1"}
    - {name: g, type: load-generator, qps: 2.5, duration: 10m, principal: ops, secret: s}
    - {name: b, type: balloon, limit: 1GB, longRunning: true, serviceTimes: {resourceOffers: 5s}}
    - {name: p, type: persistent-volume, role: prod, shards: 1, tasksPerShard: 2, volume: 4MB}
    - {name: d, type: dynamic-reservation, role: eng/web, principal: dev, tasks: 3}
    - {name: m, type: no-executor, roles: [prod, eng/web], capabilities: [PARTITION_AWARE]}
  commands:
    - {match: "./run *", duration: {uniform: {min: 5s, max: 9s}}, exit: 3, exitShare: 0.5, output: hm}
    - {match: "./serve", duration: endless, terminate: ignored, usage: {cpus: 2.5, mem: {from: 64MB, to: 1GB, over: 30s}, disk: 7}}
    - {match: "sleep *", terminate: 1s, health: [{outcome: healthy}, {from: 10s, outcome: hangs}]}
  files: [{match: "*.tgz", size: 1GB, rate: 50}]
  images: [{match: "old*", size: 3MB, failure: gone}]
  operator:
    - {at: 1m, weights: {prod: 3}}
    - {at: 2m, quota: {prod: "cpus:4"}}
    - {at: 3m, removeQuota: prod}
    - {at: 4m, whitelist: [big-0]}
    - {at: 5m, whitelist: all}
    - {at: 6m, reserve: {slave: big-0, role: prod, principal: ops, resources: "cpus:1;disk:100"}}
    - {at: 7m, createVolumes: {slave: big-0, role: prod, principal: ops, id: v1, size: 10MB}}
    - {at: 8m, destroyVolumes: {slave: big-0, role: prod, reserved: static, id: v1, size: 10MB, path: data}}
    - {at: 9m, unreserve: {slave: big-0, role: prod, principal: ops, resources: "cpus:1"}}
    - {at: 10m, teardown: t}
    - {at: 11m, maintenance: [{slave: big-1, start: 1h, duration: 10m}, {slave: odd-0, start: 2h}]}
    - {at: 12m, drain: big-1}
    - {at: 13m, reactivate: big-1}
    - {at: 14m, markGone: plain-0}
  until: 15m
  """ + "\n"

@Suite("Keys of the protocol")
struct ProtocolKeysTests {
  @Test("what check prints reads as the same scenario")
  func roundTrip() throws {
    let first = try ScenarioText.read(richText).scenario
    let again = try ScenarioText.read(first.resolvedYAML).scenario
    #expect(again == first)
    #expect(again.resolvedYAML == first.resolvedYAML)
  }

  @Test("the schema accepts it, and what check prints of it")
  func schema() throws {
    let validator = SchemaValidator(try JSONText(json: Data(Scenario.jsonSchema.utf8)))
    let resolved = try ScenarioText.read(richText).scenario.resolvedYAML
    for text in [richText, resolved] {
      var problems = Problems()
      let node = try #require(YAMLNode.parse(text, &problems))
      #expect(validator.complaints(about: JSONText(node)) == [])
    }
  }

  @Test("slaves take from their hardware what is not named, for their default role")
  func hardware() throws {
    let slaves = try ScenarioText.read(richText).scenario.cluster.slaves
    #expect(
      slaves.map { $0.resources.description } == [
        "cpus(prod):8; disk(prod):97280; mem(prod):15360; ports(prod):[31000-32000]",
        "cpus:2; disk:4096; mem(prod):1024; ports:[31000-32000]",
        "cpus(prod):2; mem:512",
      ])
  }

  @Test("master and slaves are started as the scenario says")
  func settings() throws {
    let setup = try setup(richText)
    #expect(setup.master.offerTimeout == .seconds(30))
    #expect(setup.master.roles == ["prod", "eng/web"])
    #expect(setup.master.credentials?.last == Credential(principal: "dev"))
    #expect(setup.master.acls?.allows(.runTasks, by: "ops", on: "root") == false)
    #expect(setup.master.acls?.allows(.updateWeights, by: nil, on: "prod") == true)
    #expect(setup.master.acls?.allows(.updateQuotas, by: "ops", on: "prod") == false)
    #expect(setup.master.slavePingTimeoutsMax == 3)
    #expect(setup.slave.isolation == .none)
    #expect(setup.slave.enforcesDiskQuota)
    #expect(setup.slave.oversubscriptionInterval == .seconds(20))
    #expect(setup.serviceTimes.master == [.acceptOffers: .milliseconds(1)])
    #expect(setup.serviceTimes.slave == [.runTask: .milliseconds(3)])
    #expect(setup.serviceTimes.executor == [.launchTask: .milliseconds(4)])
    #expect(setup.serviceTimes.schedulers == [4: [.resourceOffers: .seconds(5)]])
  }

  @Test("frameworks introduce themselves as the scenario says")
  func frameworks() throws {
    let setup = try setup(richText)
    let infos = setup.frameworks.map(\.info)
    #expect(infos[1].user == "joe")
    #expect(infos[1].hasCheckpointing)
    #expect(infos[2].failoverTimeoutSeconds == 3600)
    #expect(setup.frameworks[3].credential == Credential(principal: "ops", secret: "s"))
    #expect(infos[7].role == .unreserved)
    #expect(infos[7].roles == ["prod", "eng/web"])
    #expect(infos[7].capabilities == [.multiRole, .partitionAware])
  }

  @Test("commands follow the file's rules, then those that the samples bring")
  func commands() throws {
    let rules = try setup(richText).commands
    #expect(
      rules.commands.map(\.pattern) == [
        "./run *", "./serve", "sleep *", "./balloon-executor --limit=1024MB",
      ])
    #expect(rules.commands[0].exitCode == 3)
    #expect(rules.commands[1].onTerminate == .ignored)
    #expect(rules.commands[1].usage.disk == .constant(7))
    #expect(rules.commands[2].length == .own)
    #expect(
      rules.commands[3].usage.mem
        == CommandUsage.Course(from: 0, to: 1024, over: .seconds(16)))
    #expect(rules.files.first?.megabytes == 1024)
    #expect(rules.images.first?.failure == "gone")
  }

  @Test("quota is guarantee and limit at once, or each by itself")
  func quota() throws {
    let roles = try ScenarioText.read(richText).scenario.roles
    #expect(roles[0].value.quota?.guarantees.description == "cpus:16; mem:32768")
    #expect(roles[0].value.quota?.limits["mem"] == 32_768_000)
    #expect(roles[1].value.quota?.guarantees.description == "cpus:1")
    #expect(roles[1].value.quota?.limits["mem"] == 0)
  }

  private func setup(_ text: String) throws -> ClusterSetup {
    try PreparedScenario(ScenarioText.read(text)).clusterSetup(Seeds(1))
  }
}

/// A mistake, as a change of the rich scenario, and what is said of it.
private let mistakes: [(from: String, to: String, complaint: String)] = [
  (
    "isolation: none", "isolation: posix",
    "s.yaml:3:14: cluster.isolation: unknown word 'posix'; expected 'cgroups' or 'none'"
  ),
  (
    "{acceptOffers: 1ms}", "{acceptOffer: 1ms}",
    "s.yaml:6:27: cluster.serviceTimes.master: unknown key 'acceptOffer'; "
      + "did you mean 'acceptOffers'?"
  ),
  (
    "principals: [ops]", "principals: ops",
    "s.yaml:12:47: cluster.master.acls.rules[0].principals: found 'ops'; "
      + "expected 'any', 'none' or a list of names"
  ),
  (
    "hardware: \"cpus:8;mem:16GB;disk:100GB\", ", "",
    "s.yaml:17:7: cluster.slaves[0]: 'resources' is missing: what each slave has"
  ),
  (
    "tasks: 2, resources", "workload: {jobs: 1}, resources",
    "s.yaml:24:39: frameworks[0]: unknown key 'workload'; expected 'name', 'type', 'role', "
      + "'tasks', 'resources', 'duration', 'principal', 'secret', 'user', 'checkpoint', "
      + "'failoverTimeout', 'restartAfter', 'roles', 'capabilities', 'serviceTimes', "
      + "'start', 'leave' or 'return'"
  ),
  (
    "qps: 2.5", "qps: 0",
    "s.yaml:27:42: frameworks[3].qps: found 0; expected a number above 0"
  ),
  (
    "limit: 1GB", "limit: 1.5",
    "s.yaml:28:37: frameworks[4].limit: found 1.5; expected a whole number of MB above 0"
  ),
  (
    "volume: 4MB", "volume: 17MB",
    "s.yaml:29:89: frameworks[5].volume: 17 MB is more than the disk of a task, 16 MB"
  ),
  (
    "dynamic-reservation, role: eng/web", "dynamic-reservation",
    "s.yaml:30:5: frameworks[6]: 'role' is missing: 'dynamic-reservation' needs resources "
      + "reserved for a role other than '*'"
  ),
  (
    "roles: [prod, eng/web], cap", "role: prod, roles: [prod], cap",
    "s.yaml:31:53: frameworks[7].roles: 'roles' beside 'role'; expected only one of them"
  ),
  (
    "[PARTITION_AWARE]", "[PARTITION_AWAR]",
    "s.yaml:31:73: frameworks[7].capabilities[0]: unknown capability 'PARTITION_AWAR'; "
      + "did you mean 'PARTITION_AWARE'?"
  ),
  (
    "exitShare: 0.5", "exitShare: 5",
    "s.yaml:33:85: commands[0].exitShare: found 5; expected a number from 0 to 1"
  ),
  (
    "{at: 12m, drain: big-1}", "{at: 12m}",
    "s.yaml:50:5: operator[11]: nothing is done; expected 'weights', 'quota', 'removeQuota', "
      + "'whitelist', 'teardown', 'reserve', 'unreserve', 'createVolumes', 'destroyVolumes', "
      + "'maintenance', 'drain', 'reactivate' or 'markGone' beside 'at'"
  ),
  (
    "{at: 12m, drain: big-1}", "{at: 12m, drain: big-1, markGone: big-0}",
    "s.yaml:50:29: operator[11]: 'markGone' beside 'drain'; expected only one of them"
  ),
  (
    "drain: big-1", "drain: big-2",
    "s.yaml:50:22: operator[11].drain: no slave is called 'big-2'; did you mean 'big-0'?"
  ),
  (
    "teardown: t", "teardown: tt",
    "s.yaml:48:25: operator[9].teardown: unknown framework 'tt'; did you mean 't'?"
  ),
  (
    "\"cpus:16;mem:32GB\"", "\"cpus:16;mem\"",
    "s.yaml:21:37: roles.prod.quota: 'mem' is no amount; expected name:number such as cpus:4"
  ),
  (
    "quota: {guarantee: \"cpus:1\", limit: \"cpus:2;mem:0\"}", "quota: {}",
    "s.yaml:22:20: roles.eng/web.quota: expected 'guarantee', 'limit' or both"
  ),
]

@Suite("Mistakes in keys of the protocol")
struct ProtocolMistakesTests {
  @Test("each is named in one line", arguments: mistakes)
  func mistake(_ from: String, _ to: String, _ complaint: String) {
    #expect(richText.contains(from))
    let text = richText.replacing(from, with: to, maxReplacements: 1)
    #expect(ScenarioText.complaints(text) == [complaint])
  }

  @Test("work that never ends and actions after the end are warned of")
  func warnings() throws {
    // Two of the frameworks reserve, which is of no use under the standard baseline.
    let text = richText + "\nallocators: [{name: drf}]\n"
    // The master refuses most of these frameworks, which is another matter.
    func warnings(_ text: String) throws -> [String] {
      try ScenarioText.read(text).warnings.map(\.message).filter {
        $0.contains("never ends") || $0.contains("after the end")
      }
    }
    #expect(
      try warnings(text.replacing("until: 15m\n", with: "")) == [
        "'n' never ends by itself; set 'until', or the run takes 30d",
        "'b' never ends by itself; set 'until', or the run takes 30d",
      ])
    #expect(try warnings(text.replacing("until: 15m", with: "until: 14m")) == [])
    #expect(
      try warnings(text.replacing("until: 15m", with: "until: 13m")) == [
        "after the end, 13m: it is never done"
      ])
  }
}
