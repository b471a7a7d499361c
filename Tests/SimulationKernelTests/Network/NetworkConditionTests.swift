// Part of mesosim. Apache-2.0, see LICENSE.
//
// A bad network: loss, duplication, disorder, jitter, and probes that disturb nothing.

import SimulationKernel
import Testing
import VirtualTime

@Suite("Network conditions") struct NetworkConditionTests {
  private func network(
    _ latency: Distribution.Kind = .constant(0.01), _ conditions: NetworkConditions? = nil
  ) throws -> (Network, LinkID) {
    var network = Network(
      latency: try Distribution(latency), key: Seeds(3).key("network/latency"))
    let link = network.addLink()
    network.conditions = conditions.map { [$0] } ?? []
    return (network, link)
  }

  private func at(_ milliseconds: Int) -> Instant { .start + .milliseconds(milliseconds) }

  @Test("good conditions are none", arguments: [NetworkConditions(), nil])
  func good(conditions: NetworkConditions?) throws {
    var (bad, link) = try network(.exponential(mean: 0.01), conditions)
    var (good, _) = try network(.exponential(mean: 0.01))
    for message in 0..<1000 {
      let delivery = bad.deliveries(on: link, sentAt: at(message))
      #expect(delivery.first == good.deliveryInstant(on: link, sentAt: at(message)))
      #expect(delivery.second == nil)
    }
  }

  @Test("so many are lost and doubled as is said", arguments: [0.0, 0.1, 0.5, 1])
  func rates(part: Double) throws {
    var (lossy, link) = try network(.constant(0.01), NetworkConditions(loss: part))
    var (doubling, _) = try network(.constant(0.01), NetworkConditions(duplication: part))
    let count = 20_000
    var (lost, doubled) = (0, 0)
    for message in 0..<count {
      let delivery = lossy.deliveries(on: link, sentAt: at(message))
      if delivery.first == nil { lost += 1 }
      #expect(delivery.second == nil)
      let other = doubling.deliveries(on: link, sentAt: at(message))
      #expect(other.first == at(message + 10))
      if other.second != nil { doubled += 1 }
    }
    #expect(abs(Double(lost) / Double(count) - part) < 0.02)
    #expect(abs(Double(doubled) / Double(count) - part) < 0.02)
  }

  @Test("what is wrong twice is independent of one another; delays add up")
  func severalConditions() throws {
    var (network, link) = try network()
    let half = NetworkConditions(loss: 0.5, jitter: try Distribution(.constant(0.5)))
    network.conditions = [half, half]
    #expect(network.canLose)
    let deliveries = (0..<4000).map { network.deliveries(on: link, sentAt: at($0)).first }
    #expect((800...1200).contains(deliveries.count { $0 != nil }))
    for (message, delivery) in deliveries.enumerated() where delivery != nil {
      #expect(delivery == at(message + 1010))
    }
    let probes = (0..<4000).count {
      network.probeDeliveries(on: link, sentAt: at($0)).first != nil
    }
    #expect((800...1200).contains(probes))
  }

  @Test("losing everything for a time changes no later latency")
  func lossLeavesNoTrace() throws {
    var (one, link) = try network(.exponential(mean: 0.01))
    var (other, _) = try network(.exponential(mean: 0.01))
    other.conditions = [NetworkConditions(loss: 1)]
    for message in 0..<100 {
      _ = one.deliveryInstant(on: link, sentAt: at(message))
      #expect(other.deliveries(on: link, sentAt: at(message)).first == nil)
    }
    other.conditions = []
    // Long after, so that nothing that was under way holds them up.
    for message in 100..<200 {
      let sent = at(message * 1000)
      #expect(
        one.deliveryInstant(on: link, sentAt: sent) == other.deliveryInstant(on: link, sentAt: sent)
      )
    }
  }

  @Test("what is lost holds nobody up")
  func lostHoldsNobodyUp() throws {
    var (network, link) = try network(.constant(0.01), NetworkConditions(jitter: nil))
    network.conditions = [
      NetworkConditions(loss: 1, jitter: try Distribution(.constant(1000)))
    ]
    #expect(network.deliveries(on: link, sentAt: at(0)).first == nil)
    network.conditions = [NetworkConditions()]
    #expect(network.deliveries(on: link, sentAt: at(1)).first == at(11))
  }

  @Test("messages that are overtaken arrive late, and only they are out of order")
  func reordering() throws {
    var (network, link) = try network(.constant(0.01), NetworkConditions(reordering: 0.2))
    var last = Instant.start
    var late = 0
    for message in 0..<5000 {
      let sent = at(message)
      guard let delivery = network.deliveries(on: link, sentAt: sent).first else {
        Issue.record("nothing may be lost")
        return
      }
      if delivery > sent + .milliseconds(10) {
        late += 1
        #expect(delivery <= sent + .milliseconds(110))
      } else {
        #expect(delivery >= last)
        last = delivery
      }
    }
    #expect((800...1200).contains(late))
  }

  @Test("what keeps its order is not overtaken, and overtakes nothing that does")
  func keptOrder() throws {
    var (network, link) = try network(.constant(0.01), NetworkConditions(reordering: 1))
    for message in 0..<100 {
      let sent = at(message)
      let delivery = network.deliveries(on: link, sentAt: sent, keepsOrder: true).first
      #expect(delivery == sent + .milliseconds(10))
    }
  }

  @Test("jitter delays each message on its own: it does not add up along a row of messages")
  func jitter() throws {
    var (network, link) = try network(
      .constant(0.01), NetworkConditions(jitter: try Distribution(.constant(0.5))))
    var deliveries: [Instant] = []
    for _ in 0..<100 {
      if let first = network.deliveries(on: link, sentAt: at(0)).first { deliveries.append(first) }
    }
    #expect(deliveries.count == 100)
    #expect(deliveries.allSatisfy { $0 == at(510) })
  }

  @Test("jitter keeps the order of sending")
  func jitterKeepsOrder() throws {
    var (network, link) = try network(
      .constant(0.01), NetworkConditions(jitter: try Distribution(.exponential(mean: 0.1))))
    var last = Instant.start
    for message in 0..<2000 {
      guard let first = network.deliveries(on: link, sentAt: at(message)).first else { continue }
      #expect(first >= last)
      last = first
    }
  }

  @Test("endless delays do not trap")
  func endless() throws {
    var (network, link) = try network(
      .constant(1e18), NetworkConditions(reordering: 1, jitter: try Distribution(.constant(1e18))))
    let delivery = network.deliveries(on: link, sentAt: at(1))
    #expect(delivery.first == .distantFuture)
  }

  @Test("the same messages have the same fate in two runs")
  func reproducible() throws {
    func fates() throws -> [Deliveries] {
      var (network, link) = try network(
        .exponential(mean: 0.01),
        NetworkConditions(
          loss: 0.2, duplication: 0.2, reordering: 0.2,
          jitter: try Distribution(.exponential(mean: 0.1))))
      return (0..<500).map { network.deliveries(on: link, sentAt: at($0)) }
    }
    #expect(try fates() == fates())
  }

  @Test("probes change nothing for messages, nor for one another")
  func probes() throws {
    var (probed, link) = try network(.exponential(mean: 0.01))
    var (quiet, _) = try network(.exponential(mean: 0.01))
    for message in 0..<200 {
      let probe = probed.probeDelivery(on: link, sentAt: at(message))
      #expect(probe >= at(message))
      #expect(probe == probed.probeDelivery(on: link, sentAt: at(message)))
      #expect(probed.probeDeliveries(on: link, sentAt: at(message)).first == probe)
      #expect(
        probed.deliveryInstant(on: link, sentAt: at(message))
          == quiet.deliveryInstant(on: link, sentAt: at(message)))
    }
    // The probe of an instant is the same, whatever came before.
    #expect(
      quiet.probeDelivery(on: link, sentAt: at(7)) == probed.probeDelivery(on: link, sentAt: at(7)))
  }

  @Test("probes are lost as messages are")
  func lostProbes() throws {
    let (network, link) = try network(.constant(0.01), NetworkConditions(loss: 0.5))
    let lost = (0..<4000).count { message in
      network.probeDeliveries(on: link, sentAt: at(message)).first == nil
    }
    #expect((1800...2200).contains(lost))
  }
}
