// Part of mesosim. Apache-2.0, see LICENSE.

import Foundation
import Mesos
import MesosOperator
import MesosScenarios
import Testing
import VirtualTime

@testable import MesosGate

/// Faults and operators' acts from outside.
@Suite struct ActTests {
  private static let scenario = """
    name: acts
    cluster:
      slaves:
        - {name: "node-{index}", count: 4, resources: "cpus:4;mem:4096"}
    roles: {batch: {weight: 1}}
    frameworks:
      - name: batch
        type: batch
        role: batch
        workload:
          arrivals: {constant: 10s}
          bins:
            - name: small
              count: 4
              stages:
                - {name: map, tasks: 4, resources: "cpus:1;mem:256", duration: 60s}
    until: 10m
    """

  @discardableResult
  private func act(_ session: Session, _ kind: String, _ body: String) throws -> OperatorReply {
    let request = OperatorRequest(
      "POST", "/mesosim/v1/\(kind)", body: body, headers: ["Content-Type": "application/json"])
    guard case .reply(let reply) = session.gate.take(request, at: session.gate.now) else {
      throw Session.Refusal(answer: "no reply")
    }
    return reply
  }

  /// The lines of the log, and those of the picture of it.
  private func logged(_ session: Session) -> () -> (log: [String], picture: [String]) {
    let lines = Lines()
    session.gate.run.passEvents { lines.bytes += $0 }
    return {
      session.gate.run.flushLog()
      let picture = session.gate.run.picture?.lines(at: session.gate.now) ?? []
      func texts(_ bytes: [UInt8]) -> [String] {
        String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
      }
      return (texts(lines.bytes), texts(picture))
    }
  }

  private final class Lines {
    var bytes: [UInt8] = []
  }

  @Test func aFaultStrikesAtOnceAndIsPutRight() throws {
    let session = try Session(Self.scenario)
    let lines = logged(session)
    session.pass(to: 20)
    let reply = try act(session, "fault", #"{"crash": {"slave": "node-1"}, "for": "100s"}"#)
    #expect(reply.status == 400, "'for' stands within: \(reply.body)")
    let done = try act(session, "fault", #"{"crash": {"slave": "node-1", "for": "100s"}}"#)
    #expect(done.status == 202)
    #expect(done.body == #"{"input":1}"#)
    session.pass(to: 400)
    let faults = lines().log.filter { $0.contains(#""type":"fault""#) }
    #expect(faults.count == 2)
    #expect(faults.first?.contains("node-1") == true)
    let instants = faults.compactMap { line in
      line.split(separator: ",").first.flatMap { Int($0.drop { !$0.isNumber }) }
    }
    #expect(instants.count == 2 && instants[1] - instants[0] == 100_000_000_000)
    #expect(lines().log.contains { $0.contains("slaveRemoved") })
  }

  @Test func aFaultForLaterWaits() throws {
    let session = try Session(Self.scenario)
    let lines = logged(session)
    session.pass(to: 20)
    try act(session, "fault", #"{"at": "50s", "kill": {"slave": "node-0"}}"#)
    session.pass(to: 49)
    #expect(!lines().log.contains { $0.contains(#""type":"fault""#) })
    session.pass(to: 51)
    let fault = lines().log.first { $0.contains(#""type":"fault""#) }
    #expect(fault?.hasPrefix(#"{"t":50000000000,"#) == true, "\(fault ?? "none")")
  }

  @Test func anOperatorsActIsDoneAndNoted() throws {
    let session = try Session(Self.scenario)
    let lines = logged(session)
    session.pass(to: 20)
    #expect(try act(session, "operate", #"{"weights": {"batch": 3}}"#).status == 202)
    #expect(try act(session, "operate", #"{"teardown": "batch"}"#).status == 202)
    session.pass(to: 30)
    let acts = lines().log.filter { $0.contains(#""type":"operated""#) }
    #expect(acts.count == 2, "\(acts)")
    #expect(acts.first?.contains(#""act":{"weights":{"batch":3}}"#) == true, "\(acts)")
    #expect(lines().log.contains { $0.contains("frameworkRemoved") })
  }

  @Test(arguments: [
    ("fault", "", "expected"), ("fault", "[]", "expected a fault"),
    ("fault", "{", "expected"), ("fault", #"{"kill": {"slave": "nobody"}}"#, "nobody"),
    ("fault", #"{"explode": {}}"#, "explode"),
    ("fault", #"{"random": {"slaves": {"mtbf": "1h"}}}"#, "expected"),
    ("fault", #"{"trace": {"file": "/etc/passwd"}}"#, "belongs in the scenario"),
    ("fault", #"{"at": "soon", "kill": {"slave": "node-1"}}"#, "at"),
    ("operate", #"{"drain": "nobody"}"#, "nobody"),
    ("operate", #"{"dance": 1}"#, "dance"), ("operate", "null", "expected"),
  ])
  func whatMakesNoSenseIsRefusedWithReasons(kind: String, body: String, word: String) throws {
    let session = try Session(Self.scenario)
    session.pass(to: 1)
    let before = session.gate.run.eventsHandled
    let reply = try act(session, kind, body)
    #expect(reply.status == 400)
    #expect(reply.body.contains(word), "\(reply.body)")
    #expect(!reply.body.contains("[0]"), "\(reply.body)")
    #expect(session.gate.run.eventsHandled == before)
  }

  @Test func actsPlayAgainToTheSameDigest() throws {
    let session = try Session(Self.scenario)
    session.pass(to: 15)
    let fault = #"{"kill": {"slaves": {"draw": 2}}}"#
    #expect(try act(session, "fault", fault).status == 202)
    session.pass(to: 40)
    let quota = #"{"at": "1m", "quota": {"batch": {"limit": "cpus:2;mem:1024"}}}"#
    #expect(try act(session, "operate", quota).status == 202)
    session.pass(to: 300)
    session.close()
    let outcome = try InputReplay(session.recording).play(on: Session.run(Self.scenario))
    #expect(outcome.difference == nil)
    #expect(outcome.inputs == 2)
    #expect(outcome.digest == session.gate.run.digest)
    let plain = try Session(Self.scenario)
    plain.pass(to: 300)
    #expect(plain.gate.run.digest != session.gate.run.digest)
  }

  @Test func aPictureHasWhatIsThereAndNothingElse() throws {
    let session = try Session(Self.scenario)
    session.gate.run.drawPicture()
    let lines = logged(session)
    session.pass(to: 45)
    try act(session, "fault", #"{"kill": {"slave": "node-2"}}"#)
    session.pass(to: 55)
    let (log, picture) = lines()
    func count(_ lines: [String], _ type: String) -> Int {
      lines.count { $0.contains("\"type\":\"\(type)\"") }
    }
    #expect(picture.first == #"{"t":\#(session.gate.now.nanoseconds),"type":"keyframe"}"#)
    #expect(count(picture, "taskLaunched") > 0)
    #expect(count(picture, "taskLaunched") == count(log, "taskLaunched") - count(log, "taskEnded"))
    #expect(count(picture, "taskEnded") == 0)
    let end = try #require(picture.last)
    #expect(end.contains(#""type":"keyframeEnd""#))
    #expect(end.contains(#""launched":\#(count(log, "taskLaunched")),"#))
    #expect(end.contains(#""name":"batch""#))
  }

  @Test func aQuestionMarkInAPathThatWasDecodedBeginsNoQueryWhenPlayedAgain() throws {
    var request = OperatorRequest("DELETE", "/v2/apps/web?force=true")
    request.path = "/v2/apps/web?x"
    let line = JSONValue(.object(request.recorded))
    let again = try #require(OperatorRequest(recorded: JSONValue(parsing: line.text)))
    #expect(again.path == "/v2/apps/web?x")
    #expect(again.query == ["force": "true"])
  }
}
