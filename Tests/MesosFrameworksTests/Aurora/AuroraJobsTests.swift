// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosFrameworks
import Testing
import VirtualTime

@Suite("Aurora: job files")
struct AuroraJobsTests {
  private func read(
    _ text: String, user: String = "jane", _ semantics: AuroraJob.Semantics = .head
  ) throws(ParameterError) -> [AuroraJob] {
    let file = ParameterValue.file(name: "jobs.json", text: text)
    let entry = ParameterValue.Entry(key: "0", value: file)
    return try AuroraJobs(entries: [entry]).read(user: user, semantics).flatMap(\.jobs)
  }

  private static let head = """
    "cluster": "main", "role": "$USER", "environment": "test",
    """

  private func job(
    _ rest: String = "", name: String = "a", command: String = "./a", task: String = ""
  ) -> String {
    """
    {\(Self.head) "name": "\(name)", \(rest)
     "task": {"resources": {"cpu": 0.5, "ram": 134217728, "disk": "64MB"}, \(task)
              "processes": [{"name": "p", "cmdline": "\(command)"}]}}
    """
  }

  @Test("a file has one job, a list of them, or jobs")
  func forms() throws {
    let (one, two) = (job(), job(name: "b"))
    for (text, names) in [
      (one, ["a"]), ("[\(one), \(two)]", ["a", "b"]), ("{\"jobs\": [\(two)]}", ["b"]),
    ] {
      let jobs = try read(text)
      #expect(jobs.map(\.name) == names)
      #expect(jobs.allSatisfy { $0.role == "jane" })
      #expect(jobs[0].amounts == AuroraAmounts(cpus: 0.5, ram: 128, disk: 64))
    }
  }

  @Test("written out in a scenario a job is the same")
  func writtenOut() throws {
    let entry = ParameterValue.Entry.init(
      key: "0",
      value: .map([
        .init(key: "cluster", value: .text("main")), .init(key: "role", value: .text("jane")),
        .init(key: "environment", value: .text("test")), .init(key: "name", value: .text("a")),
        .init(
          key: "task",
          value: .map([
            .init(
              key: "resources",
              value: .map([
                .init(key: "cpu", value: .number(0.5)), .init(key: "ram", value: .text("128MB")),
                .init(key: "disk", value: .text("0.0625GB")),
              ])),
            .init(
              key: "processes",
              value: .list([
                .map([
                  .init(key: "name", value: .text("p")), .init(key: "cmdline", value: .text("./a")),
                ])
              ])),
          ])),
      ]))
    let written = try AuroraJobs(entries: [entry]).read(user: "x", .head).flatMap(\.jobs)
    #expect(try written == read(job()))
  }

  @Test("what is wrong is told with its place in the file")
  func places() {
    for (text, reason) in [
      ("{\"jobs\": []}", "has no job; expected one at least"),
      ("{", "jobs.json:1:2: "),
      (job("\"instances\": 0,"), "jobs.json:1:"),
      (job(task: "\"max_failures\": \"x\","), "jobs.json:2:"),
    ] {
      let error = #expect(throws: ParameterError.self) { try read(text) }
      #expect(error?.reason.hasPrefix(reason) == true, "\(error.map { "\($0)" } ?? "")")
    }
  }

  @Test("keys that no job has are refused, with the one that was meant")
  func unknownKeys() {
    for (text, field, meant) in [
      (job("\"instnaces\": 2,"), "job.instnaces", "instances"),
      (job("\"update_config\": {\"batchsize\": 2},"), "update_config.batchsize", "batch_size"),
      (job(task: "\"max_failure\": 2,"), "job.task.max_failure", "max_failures"),
      (
        job(task: "\"constraints\": [{\"ordr\": [\"p\"]}],"),
        "job.task.constraints[0].ordr", "order"
      ),
    ] {
      let error = #expect(throws: ParameterError.self) { try read(text) }
      let end = "\(field): unknown key; did you mean '\(meant)'?"
      #expect(error?.reason.hasSuffix(end) == true, "\(error.map { "\($0)" } ?? "")")
    }
  }

  @Test("health checks that make no sense and times that never come are refused")
  func nonsense() {
    for (text, reason) in [
      ("\"health_check_config\": {\"interval_secs\": 0},", "expected more than 0"),
      ("\"health_check_config\": {\"initial_interval_secs\": -1},", "expected at least 0"),
      ("\"health_check_config\": {\"min_consecutive_successes\": -3},", "expected at least 0"),
      ("\"cron_schedule\": \"0 0 31 2 *\",", "never comes: its months have no such day"),
    ] {
      let error = #expect(throws: ParameterError.self) { try read(job(text)) }
      #expect(error?.reason.hasSuffix(reason) == true, "\(error.map { "\($0)" } ?? "")")
    }
    #expect(throws: Never.self) { try read(job("\"cron_schedule\": \"0 0 29 2 *\",")) }
  }

  @Test(
    "the document of a job, read again, is the job",
    arguments: [AuroraJob.Semantics.head, .legacy])
  func documents(semantics: AuroraJob.Semantics) throws {
    let policies = [
      "", "\"service\": true, \"production\": true, \"priority\": 7,",
      "\"cron_schedule\": \"*/5 * * * *\", \"cron_collision_policy\": \"CANCEL_NEW\",",
      "\"instances\": 20, \"update_config\": {\"batch_size\": 3, \"watch_secs\": 90},",
      "\"update_config\": {\"update_strategy\": {\"batch_sizes\": [1, 2, 3]}},",
      """
      "update_config": {"update_strategy": {"batch_size": 4, "autopause_after_batch": true},
                        "pulse_interval_secs": 60, "sla_aware": true},
      """,
      "\"constraints\": {\"rack\": \"limit:2\", \"kernel\": \"!4\"},",
      "\"instances\": 20, \"sla_policy\": {\"count\": 10, \"duration_secs\": 60},",
      "\"instances\": 30, \"sla_policy\": {\"percentage\": 50, \"duration_secs\": 60},",
      "\"partition_policy\": {\"reschedule\": false},",
      "\"partition_policy\": {\"delay_secs\": 86400},",
      "\"container\": {\"image\": \"python:2.7\"}, \"contact\": \"jane@localhost\",",
      """
      "health_check_config": {"health_checker": {"shell": {"shell_command": "true"}},
                              "initial_interval_secs": 5, "max_consecutive_failures": 2},
      """,
    ]
    for policy in policies {
      let job = try #require(
        read(job(policy, command: "./a {{thermos.ports[health]}}"), semantics).first)
      #expect(job.isChecked)
      let again = try AuroraJob(
        JSONValue(parsing: job.document.text), semantics: semantics)
      #expect(again == job)
    }
  }

  @Test("choices are told by the fields that were chosen")
  func choices() throws {
    for (text, strategy) in [
      ("{\"batch_size\": 2}", RollingUpdate.Strategy.queue(2)),
      ("{\"batch_size\": 2, \"autopause_after_batch\": false}", .batch(2)),
      ("{\"batch_sizes\": [1, 2, 3], \"autopause_after_batch\": false}", .variable([1, 2, 3])),
    ] {
      let jobs = try read(job("\"update_config\": {\"update_strategy\": \(text)},"))
      #expect(jobs.first?.update.strategy == strategy)
    }
    let image = "{\"docker\": {\"image\": \"python:2.7\"}}"
    #expect(try read(job("\"container\": \(image),")).first?.image == "python:2.7")
    let mesos = "{\"image\": {\"name\": \"python\", \"tag\": \"2.7\"}}"
    #expect(try read(job("\"container\": \(mesos),")).first?.image == "python")
    #expect(try read(job()).first?.sla == nil)
  }

  // What job files of Aurora's own examples and tests say, in a wording of ours.
  @Test("an ephemeral daemon beside a main process and a final one")
  func ephemeralDaemon() throws {
    let text = """
      {"jobs": [{\(Self.head) "name": "watched", "contact": "{{role}}@localhost",
        "task": {"name": "watched",
          "resources": {"cpu": 0.4, "ram": 33554432, "disk": 67108864},
          "processes": [
            {"name": "watcher", "daemon": true, "ephemeral": true, "cmdline": "sleep 3600"},
            {"name": "main", "cmdline": "while [[ ! -e stop ]]; do sleep 1; done"},
            {"name": "final", "final": true, "cmdline": "rm stop"}]}}]}
      """
    let job = try #require(read(text).first)
    #expect(job.key == "main/jane/test/watched")
    #expect(job.amounts == AuroraAmounts(cpus: 0.4, ram: 32, disk: 64))
    #expect(job.task.processes.map(\.isEphemeral) == [true, false, false])
    #expect(job.task.processes.map(\.isFinal) == [false, false, true])
  }

  @Test("a server with seven ports, an announcer and a strict health check")
  func topology() throws {
    let text = """
      {\(Self.head) "name": "topology", "service": true, "instances": 4,
        "announce": {"primary_port": "http", "portmap": {"admin": "http", "health": "http"}},
        "health_check_config": {
          "health_checker": {"http": {"endpoint": "/health", "expected_response": "ok"}},
          "initial_interval_secs": 30, "interval_secs": 10, "max_consecutive_failures": 2,
          "timeout_secs": 5},
        "task": {"name": "setup_and_run",
          "resources": {"cpu": 2, "ram": 4294967296, "disk": 8589934592},
          "constraints": [{"order": ["fetch", "launch", "profile"]}],
          "processes": [
            {"name": "fetch", "cmdline": "curl core.tar.gz"},
            {"name": "launch", "max_failures": 1,
             "cmdline": "./run --shard={{mesos.instance}} {{thermos.ports[b]}} {{thermos.ports[http]}}"},
            {"name": "profile", "cmdline": "echo {{thermos.ports[yourkit]}}"}]}}
      """
    let job = try #require(read(text).first)
    #expect(job.ports == ["b", "http", "yourkit"])
    #expect(job.isChecked)
    #expect(job.amounts == AuroraAmounts(cpus: 2, ram: 4096, disk: 8192))
    #expect(job.health == HealthWatch.Rules(initialInterval: 30, interval: 10, maxFailures: 2))
    #expect(job.task.order == [["fetch", "launch", "profile"]])
  }

  @Test("what is bound only by somebody's shell is told to be unbound")
  func unbound() {
    let error = #expect(throws: ParameterError.self) {
      try read(job(command: "./a {{profile.command}}"))
    }
    #expect(error?.reason.contains("nothing stands for {{profile.command}}") == true)
  }
}
