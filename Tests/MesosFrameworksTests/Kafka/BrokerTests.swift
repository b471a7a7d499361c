// Part of mesosim. Apache-2.0, see LICENSE.

import MesosFrameworks
import Testing

@Suite("Kafka: brokers")
struct BrokerTests {
  @Test("a task that was given up for dead is taken back, another one is killed")
  func reattached() {
    var broker = BrokerRecord(isActive: true, task: .running)
    let kills = [broker.note(.lost), broker.note(.running, on: "h1")]
    #expect(kills == [false, false])
    #expect(broker.task == .running && broker.failover.failures == 0)
    var other = BrokerRecord(isActive: true)
    let isKilled = other.note(.running, on: "h1")
    #expect(isKilled && other.task == nil)
  }

  @Test("changed options are used by the next launch")
  func options() {
    var broker = BrokerRecord(isActive: true)
    _ = broker.note(.updateOptions)
    #expect(broker.needsRestart)
    _ = broker.note(.launch)
    #expect(broker.task == .pending && !broker.needsRestart)
  }

  @Test("a rest of less than a second no longer holds a broker up")
  func wholeSeconds() {
    var failover = BrokerFailover(BrokerFailover.Rules(delay: 10, stickinessPeriod: 20))
    failover.noteRunning(on: "h1")
    failover.noteStop(failed: true, at: 0)
    #expect(failover.waitingSeconds(at: 8.5) == 1 && failover.waitingSeconds(at: 9.5) == 0)
    #expect(failover.isStuck(elsewhereThan: "h2", at: 18.5))
    #expect(!failover.isStuck(elsewhereThan: "h2", at: 19.5))
  }

  @Test(
    "an expression that names too many or nothing is refused",
    arguments: ["0..9999999", ",", "1..x", "a]"])
  func expressions(text: String) {
    #expect(throws: BrokerExpressionFault.self) { try BrokerExpression(text) }
  }

  @Test("a condition with a broken pattern is refused")
  func patterns() {
    #expect(throws: BrokerConditionFault.self) { try BrokerCondition("like:(") }
  }

  @Test("an offer of two roles cannot be used")
  func roles() {
    #expect(throws: BrokerOffer.MixedRoles.self) {
      try BrokerOffer(
        hostname: "h1", [.init(.cpus(1), role: "a"), .init(.mem(1), role: "b")])
    }
  }
}
