// Part of mesosim. Apache-2.0, see LICENSE.
//
// Names that match nothing are mistakes wherever they stand, with place and suggestion.

import Testing

@testable import MesosScenarios

@Suite("Names that match nothing")
struct KnownNamesTests {
  private static let head = """
    name: named
    cluster:
      masters: 2
      slaves:
        - {count: 12, name: "node-{index}", resources: "cpus:4;mem:4096", attributes: "rack:r{index/6}"}
        - {count: 3, name: "gpu-{index}", resources: "cpus:4;mem:4096;gpus:1"}
    frameworks:
      - {name: services, role: eng/services, type: batch, capabilities: [GPU_RESOURCES], workload: {jobs: 1, stages: [{name: s, tasks: 1, resources: "cpus:1", duration: 1s}]}}
      - {name: logs, role: logs, type: batch, workload: {jobs: 1, stages: [{name: s, tasks: 1, resources: "cpus:1", duration: 1s}]}}
    """ + "\n"

  private func complaints(_ rest: String) -> [String] {
    ScenarioText.complaints(Self.head + rest + "\n")
  }

  @Test(
    "BUG: a fault that named nobody was let pass and tested nothing",
    arguments: [
      (
        "kill: {scheduler: service, for: 20s}",
        "37: faults[0].kill.scheduler: unknown framework 'service'; did you mean 'services'?"
      ),
      (
        "crash: {slaves: \"nodes-*\"}",
        "35: faults[0].crash.slaves: no slave is called 'nodes-*'; did you mean 'node-*'?"
      ),
      (
        "crash: {slaves: [node-3, nod-4]}",
        "44: faults[0].crash.slaves[1]: no slave is called 'nod-4'; did you mean 'node-4'?"
      ),
      (
        "pause: {slave: node-12}",
        "34: faults[0].pause.slave: no slave is called 'node-12'; did you mean 'node-0'?"
      ),
      (
        "kill: {master: master-3}",
        "34: faults[0].kill.master: no master is called 'master-3'; did you mean 'master-1'?"
      ),
      (
        "kill: {executors: \"web/*@node-*\"}",
        "37: faults[0].kill.executors: unknown framework 'web'; expected 'services' or 'logs'"
      ),
      (
        "kill: {executors: \"logs/*@node\"}",
        "37: faults[0].kill.executors: no slave is called 'node'; did you mean 'node-0'?"
      ),
      (
        "partition: {slaves: \"node-1*\", from: {slaves: \"gpus-*\"}}",
        "65: faults[0].partition.from.slaves: no slave is called 'gpus-*'; did you mean 'gpu-*'?"
      ),
      (
        "reset: {schedulers: [logs, log]}",
        "46: faults[0].reset.schedulers[1]: unknown framework 'log'; did you mean 'logs'?"
      ),
    ])
  func faults(fault: String, complaint: String) {
    #expect(complaints("faults: [{at: 1m, \(fault)}]") == ["s.yaml:10:" + complaint])
  }

  @Test(
    "faults on everybody, on patterns that match, and on the leader are none",
    arguments: [
      "kill: {scheduler: \"*\"}", "kill: {master: leader}", "kill: {masters: \"master-?\"}",
      "crash: {slaves: [\"node-1?\", gpu-2]}", "kill: {executors: \"services/*@gpu-*\"}",
      "partition: {slaves: \"*\", from: zookeeper}",
    ])
  func matching(fault: String) {
    #expect(complaints("faults: [{at: 1m, \(fault)}]") == [])
  }

  @Test(
    "BUG: allocators took names of frameworks, roles, slaves and resources that there are not",
    arguments: [
      (
        "name: role, priorities: [logs, servces]",
        "46: allocators[0].priorities[1]: unknown role 'servces'; expected 'eng/services' or 'logs'"
      ),
      (
        "name: role, dedicated: {log: 'rack:r1'}",
        "44: allocators[0].dedicated.log: unknown role 'log'; did you mean 'logs'?"
      ),
      (
        "name: role, dedicated: {logs: ['rack:r0', 'rack:r2']}",
        "57: allocators[0].dedicated.logs[1]: no slave has the attribute 'rack:r2'; did you mean 'rack:r0'?"
      ),
      (
        "name: role, dedicated: {logs: 'hostname:nod-1'}",
        "45: allocators[0].dedicated.logs: no slave has the attribute 'hostname:nod-1'; did you mean 'hostname:node-1'?"
      ),
      (
        "name: lottery, tickets: {logs: 1, service: 2}",
        "58: allocators[0].tickets.service: unknown framework 'service'; did you mean 'services'?"
      ),
      (
        "name: constrained, constraints: {web: 'rack:r1'}",
        "53: allocators[0].constraints.web: unknown framework or role 'web'; expected 'services', 'logs' or 'eng/services'"
      ),
      (
        "name: constrained, resource: disks",
        "44: allocators[0].resource: no slave has 'disks'; expected 'cpus', 'gpus' or 'mem'"
      ),
      (
        "name: fair, resource: meme",
        "37: allocators[0].resource: no slave has 'meme'; did you mean 'mem'?"
      ),
      (
        "name: static, partition: {slaves: [{group: gpus, shares: {logs: 1}}]}",
        "58: allocators[0].partition.slaves[0].group: unknown group of slaves 'gpus'; did you mean 'gpu'?"
      ),
      (
        "name: static, partition: {slaves: [{hosts: 'gp-*', shares: {logs: 1}}]}",
        "58: allocators[0].partition.slaves[0].hosts: no slave is called 'gp-*'; did you mean 'gpu-*'?"
      ),
      (
        "name: static, partition: {slaves: [{attribute: 'rack:r9', shares: {logs: 1}}]}",
        "62: allocators[0].partition.slaves[0].attribute: no slave has the attribute 'rack:r9'; did you mean 'rack:r0'?"
      ),
      (
        "name: static, partition: {slaves: [{group: gpu, counts: {logs: 1, log: 1}}]}",
        "86: allocators[0].partition.slaves[0].counts.log: unknown framework 'log'; did you mean 'logs'?"
      ),
    ])
  func allocators(entry: String, complaint: String) {
    #expect(complaints("allocators: [{\(entry)}]") == ["s.yaml:10:" + complaint])
  }

  @Test(
    "names that match are none, roles above those of frameworks included",
    arguments: [
      "name: role, priorities: [eng, logs], dedicated: {eng: ['rack:r0', 'hostname:gpu-2']}",
      "name: lottery, tickets: {logs: 2}",
      "name: constrained, constraints: {eng/services: 'rack:r1'}",
      "name: fair, resource: cpu", "name: fair, resource: slots",
    ])
  func fine(entry: String) {
    #expect(complaints("allocators: [{\(entry)}]") == [])
  }
}
