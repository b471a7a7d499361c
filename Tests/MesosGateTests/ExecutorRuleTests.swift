// Part of mesosim. Apache-2.0, see LICENSE.

import MesosScenarios
import Testing

@testable import MesosGate

@Suite struct ExecutorRuleTests {
  private static let rules = """

    executors:
      - match: "_toil_mesos_executor*"
        length: 10s
        register: 2s
        starting: true
        report: {labels: {wallTime: "{seconds}", kind: "{x} of {task}"}, finishedMessage: "{task} ran"}
        greeting: "{'address': '{address}', 'executor': '{executor}'}"
        frameworkMessages: echo
      - {match: "*.py", length: 5s, exitCode: 3, report: {failedMessage: "{exitCode}"}}
      - {match: by-*, length: endless, frameworkMessages: "at {address}"}
    """

  /// Launches a task with an executor, two seconds after the start.
  private func launch(
    _ executor: String, in session: Session, framework name: String = "web"
  ) throws -> (stream: Int, call: (String, String) -> Void, slave: String) {
    let (stream, id) = try session.subscribe(name)
    session.pass(to: 2)
    let framework = try #require(session.value("framework_id", in: "SUBSCRIBED", on: stream))
    let offer = try #require(session.value("id", in: "OFFERS", on: stream))
    let slave = try #require(session.value("agent_id", in: "OFFERS", on: stream))
    let call = { (type: String, fields: String) in
      #expect(session.call(type, fields, framework: framework, id) == 202)
    }
    call(
      "ACCEPT",
      """
      , "accept": {"offer_ids": [{"value": "\(offer)"}], "operations": [{"type": "LAUNCH",
        "launch": {"task_infos": [{"name": "t", "task_id": {"value": "t"},
          "agent_id": {"value": "\(slave)"}, "executor": {"executor_id": {"value": "e-7"}, \(executor)},
          "resources": [{"name": "cpus", "type": "SCALAR", "scalar": {"value": 1}},
            {"name": "mem", "type": "SCALAR", "scalar": {"value": 32}}]}]}}]}
      """)
    return (stream, call, slave)
  }

  private func states(_ session: Session, _ stream: Int) -> [String] {
    (session.records[stream] ?? []).filter { $0.contains("\"type\":\"UPDATE\"") }.map { record in
      let rest = record.split(separator: "\"state\":\"", maxSplits: 1).last ?? ""
      return String(rest.prefix { $0 != "\"" })
    }
  }

  @Test func aRuleSaysWhenItRegistersAndWhatItReports() throws {
    let session = try Session(Session.cluster + Self.rules)
    let (stream, call, slave) = try launch(
      #""command": {"value": "_toil_mesos_executor"}"#, in: session)
    session.pass(to: 3.9)
    #expect(states(session, stream).isEmpty)
    session.pass(to: 5)
    #expect(states(session, stream) == ["TASK_STARTING"])
    // {'address': 'node-0', 'executor': 'e-7'} or of the other slave.
    let greeting = try #require(session.value("data", in: "MESSAGE", on: stream))
    #expect(greeting.hasPrefix("eydhZGRyZXNzJzogJ25vZGUt"))
    for end in [8.0, 16, 24] {
      if let uuid = session.value("uuid", in: "UPDATE", on: stream) {
        call(
          "ACKNOWLEDGE",
          """
          , "acknowledge": {"agent_id": {"value": "\(slave)"}, "task_id": {"value": "t"},
            "uuid": "\(uuid)"}
          """)
      }
      session.pass(to: end)
    }
    #expect(states(session, stream) == ["TASK_STARTING", "TASK_RUNNING", "TASK_FINISHED"])
    let last = try #require(session.records[stream]?.last { $0.contains("TASK_FINISHED") })
    #expect(last.contains(#"{"key":"wallTime","value":"10"}"#))
    // What is no name stays as it is.
    #expect(last.contains(#"{"key":"kind","value":"{x} of t"}"#))
    #expect(last.contains(#""message":"t ran""#))
    call(
      "MESSAGE",
      """
      , "message": {"agent_id": {"value": "\(slave)"}, "executor_id": {"value": "e-7"},
        "data": "aGk="}
      """)
    session.pass(to: 25)
    #expect(session.value("data", in: "MESSAGE", on: stream) == "aGk=")
    #expect(!session.gate.takeWarnings().contains { $0.contains("executors") })
  }

  @Test func theFirstMatchByNameSourceOrFrameworkCounts() throws {
    // By its source: it fails after five seconds.
    let one = try Session(Session.cluster + Self.rules)
    let failing = try launch(#""command": {"value": "x"}, "source": "job.py""#, in: one)
    one.pass(to: 3)
    let uuid = try #require(one.value("uuid", in: "UPDATE", on: failing.stream))
    failing.call(
      "ACKNOWLEDGE",
      """
      , "acknowledge": {"agent_id": {"value": "\(failing.slave)"}, "task_id": {"value": "t"},
        "uuid": "\(uuid)"}
      """)
    one.pass(to: 9)
    #expect(states(one, failing.stream) == ["TASK_RUNNING", "TASK_FAILED"])
    #expect(one.value("message", in: "UPDATE", on: failing.stream) == "3")
    // By its framework, and until it is killed.
    let two = try Session(Session.cluster + Self.rules)
    let endless = try launch(#""command": {"value": "x"}"#, in: two, framework: "by-name")
    two.pass(to: 200)
    endless.call("KILL", #", "kill": {"task_id": {"value": "t"}}"#)
    let running = try #require(two.value("uuid", in: "UPDATE", on: endless.stream))
    endless.call(
      "ACKNOWLEDGE",
      """
      , "acknowledge": {"agent_id": {"value": "\(endless.slave)"}, "task_id": {"value": "t"},
        "uuid": "\(running)"}
      """)
    two.pass(to: 202)
    #expect(states(two, endless.stream).contains("TASK_KILLED"))
  }

  @Test func whereNoRuleMatchesTheOneToWriteIsNamed() throws {
    let session = try Session()
    let (stream, _, _) = try launch(#""command": {"value": "./mine --x"}"#, in: session)
    session.pass(to: 3)
    #expect(states(session, stream) == ["TASK_FAILED"])
    let rule = #"executors: [{match: "./mine --x", length: 30s}]"#
    let warnings = session.gate.takeWarnings()
    #expect(warnings.count == 1 && warnings[0].hasSuffix(rule))
    #expect(
      session.value("message", in: "UPDATE", on: stream)?.hasPrefix("nothing is said of executor")
        == true)
    // A command that is known needs none, and the executor runs its tasks by it.
    let other = try Session()
    let known = try launch(#""command": {"value": "sleep 5"}"#, in: other)
    other.pass(to: 3)
    #expect(states(other, known.stream) == ["TASK_RUNNING"])
    #expect(other.gate.takeWarnings().count == 1)
  }

  @Test func whatCannotBeReadIsSaidWithItsPlace() {
    #expect(throws: (any Error).self) {
      try Session(Session.cluster + "\nexecutors: [{match: x, exitCode: 300}]")
    }
    #expect(throws: (any Error).self) {
      try Session(Session.cluster + "\nexecutors: [{length: 3s}]")
    }
  }
}
