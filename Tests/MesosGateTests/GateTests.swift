// Part of mesosim. Apache-2.0, see LICENSE.

import Foundation
import MesosOperator
import MesosScenarios
import Testing
import VirtualTime

@testable import MesosGate

@Suite struct GateTests {
  /// A client that launches one task that sleeps ten seconds, and acknowledges what it hears.
  private func launch(_ session: Session) throws -> (stream: Int, id: String, framework: String) {
    let (stream, id) = try session.subscribe()
    session.pass(to: 2)
    #expect(session.types(stream).prefix(2) == ["SUBSCRIBED", "OFFERS"])
    let framework = try #require(session.value("framework_id", in: "SUBSCRIBED", on: stream))
    let offer = try #require(session.value("id", in: "OFFERS", on: stream))
    let slave = try #require(session.value("agent_id", in: "OFFERS", on: stream))
    let status = session.call(
      "ACCEPT",
      """
      , "accept": {"offer_ids": [{"value": "\(offer)"}], "operations": [{"type": "LAUNCH",
        "launch": {"task_infos": [{"name": "t", "task_id": {"value": "t"},
          "agent_id": {"value": "\(slave)"}, "command": {"value": "sleep 10"},
          "resources": [{"name": "cpus", "type": "SCALAR", "scalar": {"value": 1}},
            {"name": "mem", "type": "SCALAR", "scalar": {"value": 32}}]}]}}]}
      """, framework: framework, id)
    #expect(status == 202)
    session.pass(to: 3)
    #expect(session.value("state", in: "UPDATE", on: stream) == "TASK_RUNNING")
    #expect(session.gate.seats[stream]?.debts.count == 1)
    let uuid = try #require(session.value("uuid", in: "UPDATE", on: stream))
    session.call(
      "ACKNOWLEDGE",
      """
      , "acknowledge": {"agent_id": {"value": "\(slave)"}, "task_id": {"value": "t"},
        "uuid": "\(uuid)"}
      """, framework: framework, id)
    #expect(session.gate.seats[stream]?.debts.isEmpty == true)
    return (stream, id, framework)
  }

  @Test func aClientRegistersLaunchesAndTearsDown() throws {
    let session = try Session()
    let client = try launch(session)
    session.pass(to: 14)
    #expect(session.value("state", in: "UPDATE", on: client.stream) == "TASK_FINISHED")
    session.call("TEARDOWN", framework: client.framework, client.id)
    session.pass(to: 15)
    #expect(session.ended == [client.stream])
    #expect(session.gate.seats.isEmpty)
    #expect(!session.gate.run.hasWorkLeft)
  }

  @Test func howLateAClientAnswersIsMeasured() throws {
    let session = try Session()
    let client = try launch(session)
    let prompt = try #require(session.gate.answerDelays["web"])
    #expect(prompt.count == 1 && !prompt.isSlow)
    #expect(session.gate.takeWarnings().isEmpty)
    session.pass(to: 20)
    let uuid = try #require(session.value("uuid", in: "UPDATE", on: client.stream))
    let slave = try #require(session.value("agent_id", in: "UPDATE", on: client.stream))
    session.pass(to: 32)
    session.call(
      "ACKNOWLEDGE",
      """
      , "acknowledge": {"agent_id": {"value": "\(slave)"}, "task_id": {"value": "t"},
        "uuid": "\(uuid)"}
      """, framework: client.framework, client.id)
    let late = try #require(session.gate.answerDelays["web"])
    // From the first time on, although the slave has sent it again since.
    #expect(late.count == 2 && late.longest > .seconds(5) && late.isSlow)
    #expect(session.gate.takeWarnings().contains { $0.hasPrefix("client web answers after") })
  }

  @Test func aRecordingPlaysAgainToTheLastByte() throws {
    let session = try Session()
    let client = try launch(session)
    session.pass(to: 14)
    session.gate.close(client.stream, at: session.gate.now)
    session.pass(to: 20)
    session.close()
    let replay = try InputReplay(session.recording)
    let outcome = try replay.play(on: Session.run(replay.header.scenario))
    #expect(outcome.difference == nil)
    #expect(outcome.digest == session.gate.run.digest)
    #expect(outcome.inputs == 4)
    #expect(outcome.isWhole)
    // Who made a request is kept, but not what proved it.
    #expect(!session.recording.contains("c2VjcmV0"))
  }

  @Test func aReplaySaysWhereItDiffers() throws {
    let session = try Session()
    _ = try launch(session)
    session.pass(to: 14)
    session.close()
    let changed = session.recording.replacing("sleep 10", with: "sleep 9")
    let replay = try InputReplay(changed)
    let outcome = try replay.play(on: Session.run(replay.header.scenario))
    let difference = try #require(outcome.difference)
    #expect(difference.contains("\"kind\": \"out\""))
    // One that was cut off in a line still plays.
    let cut = try InputReplay(String(session.recording.dropLast(30)))
    let rest = try cut.play(on: Session.run(cut.header.scenario))
    #expect(rest.difference == nil)
    #expect(!rest.isWhole)
    #expect(throws: ReplayError.self) { try InputReplay("{}") }
  }

  @Test func aSchedulerThatComesBackIsTheSameFramework() throws {
    let session = try Session()
    let (stream, _) = try session.subscribe(timeout: 60)
    session.pass(to: 2)
    let framework = try #require(session.value("framework_id", in: "SUBSCRIBED", on: stream))
    session.gate.close(stream, at: session.gate.now)
    session.pass(to: 3)
    let (second, _) = try session.subscribe(id: framework, timeout: 60)
    session.pass(to: 5)
    #expect(session.value("framework_id", in: "SUBSCRIBED", on: second) == framework)
    #expect(session.types(second).contains("OFFERS"))
    // A third that is left open takes over, and the one before is told so.
    let (third, _) = try session.subscribe(id: framework, timeout: 60)
    session.pass(to: 6)
    #expect(session.value("message", in: "ERROR", on: second) == "Framework failed over")
    #expect(session.ended == [second])
    #expect(session.gate.seats.keys.sorted() == [third])
  }

  @Test func aSchedulerThatComesBackTooLateIsTold() throws {
    let session = try Session()
    let (stream, _) = try session.subscribe(timeout: 5)
    session.pass(to: 2)
    let framework = try #require(session.value("framework_id", in: "SUBSCRIBED", on: stream))
    session.gate.close(stream, at: session.gate.now)
    session.pass(to: 10)
    let (second, _) = try session.subscribe(id: framework, timeout: 5)
    session.pass(to: 11)
    #expect(session.value("message", in: "ERROR", on: second)?.contains("has been removed") == true)
  }

  @Test func streamsAreCutWhenTheMasterDies() throws {
    let session = try Session(
      Session.cluster.replacing("cluster:", with: "cluster:\n  masters: 2")
        + "\nfaults:\n  - {at: 30s, kill: {master: leader, for: 5m}}\n")
    let (stream, id) = try session.subscribe(timeout: 600)
    session.pass(to: 2)
    let framework = try #require(session.value("framework_id", in: "SUBSCRIBED", on: stream))
    session.pass(to: 30)
    #expect(session.ended == [stream])
    #expect(session.gate.takeCutSeats() == ["web"])
    #expect(session.call("REVIVE", framework: framework, id) == 503)
    #expect(throws: Session.Refusal.self) { try session.subscribe(id: framework) }
    session.pass(to: 60)
    let (second, _) = try session.subscribe(id: framework, timeout: 600)
    session.pass(to: 62)
    #expect(session.value("framework_id", in: "SUBSCRIBED", on: second) == framework)
  }

  @Test func nobodyOutsideTakesOverASimulatedFramework() throws {
    let session = try Session(
      Session.cluster.replacing(
        "frameworks: []",
        with: """
          frameworks:
            - name: batch
              type: batch
              workload:
                jobs: 1
                stages: [{name: work, tasks: 1, resources: "cpus:1;mem:32", duration: 5m}]
          """))
    session.pass(to: 5)
    let (stream, _) = try session.subscribe(id: "m1-0000")
    session.pass(to: 6)
    #expect(session.value("message", in: "ERROR", on: stream)?.contains("is simulated") == true)
    #expect(session.ended == [stream])
    // A stream that was refused has a number, too: what follows plays again as it was.
    _ = try session.subscribe()
    session.pass(to: 8)
    session.close()
    let replay = try InputReplay(session.recording)
    let outcome = try replay.play(on: Session.run(replay.header.scenario))
    #expect(outcome.difference == nil)
    #expect(outcome.inputs == 2)
  }

  @Test func operatorsLookAndChange() throws {
    let session = try Session()
    session.pass(to: 5)
    let state = session.gate.take(OperatorRequest("GET", "/slaves"), at: session.gate.now)
    guard case .reply(let reply) = state else { throw Session.Refusal(answer: "\(state)") }
    #expect(reply.body.contains("node-1"))
    let put = OperatorRequest(
      "PUT", "/weights", body: #"[{"role": "web", "weight": 2}]"#,
      headers: ["Content-Type": "application/json"])
    guard case .reply(let done) = session.gate.take(put, at: session.gate.now) else {
      throw Session.Refusal(answer: "no reply")
    }
    #expect(done.status == 200)
    session.close()
    // Who looks changes nothing, and is not written down.
    #expect(session.recording.components(separatedBy: "\"kind\": \"request\"").count == 2)
    let replay = try InputReplay(session.recording)
    #expect(try replay.play(on: Session.run(replay.header.scenario)).difference == nil)
  }
}
