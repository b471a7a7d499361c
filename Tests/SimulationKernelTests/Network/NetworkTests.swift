// Part of mesosim. Apache-2.0, see LICENSE.
//
// Latency, and what it must not do: overtake, or depend on other links.

import SimulationKernel
import Testing
import VirtualTime

@Suite("Network") struct NetworkTests {
  let key = Seeds(3).key("network/latency")

  func network(_ latency: Distribution.Kind) throws -> Network {
    Network(latency: try Distribution(latency), key: key)
  }

  @Test("a constant latency is added to the instant of sending")
  func constant() throws {
    var network = try network(.constant(0.002))
    let link = network.addLink()
    let sent = Instant(nanoseconds: 1_000_000_000)
    #expect(network.deliveryInstant(on: link, sentAt: sent).nanoseconds == 1_002_000_000)
  }

  @Test("a link delivers in the order of sending, however its latency varies")
  func firstInFirstOut() throws {
    var network = try network(.exponential(mean: 0.010))
    let link = network.addLink()
    var last = Instant.start
    var wouldOvertake = 0
    for index in 0..<10_000 {
      let sent = Instant(nanoseconds: Int64(index) * 1000)
      let delivery = network.deliveryInstant(on: link, sentAt: sent)
      #expect(delivery >= last)
      #expect(delivery >= sent)
      if delivery == last { wouldOvertake += 1 }
      last = delivery
    }
    #expect(wouldOvertake > 1000, "the test must meet messages that would overtake")
  }

  @Test(
    "the longest latency is that of no message, and not far above",
    arguments: [
      (.exponential(mean: 0.01), nil, nil, 0.2...0.5),
      (.exponential(mean: 0.0015), 0.0005, nil, 0.03...0.1),
      (.exponential(mean: 0.01), nil, 0.03, 0.03...0.03),
      (.lognormal(median: 0.005, sigma: 1), nil, nil, 5...50),
      (.uniform(minimum: 0, maximum: 2), nil, nil, 1.999...2),
      (.constant(0.05), nil, nil, 0.05...0.05),
      (.empirical([0.1, 0.7, 0.3]), nil, nil, 0.7...0.7),
      (.zipf(exponent: 1, count: 9), nil, nil, 9...9), (.constant(-1), nil, nil, 0...0),
    ] as [(Distribution.Kind, Double?, Double?, ClosedRange<Double>)])
  func longest(kind: Distribution.Kind, low: Double?, high: Double?, range: ClosedRange<Double>)
    throws
  {
    let latency = try Distribution(kind, minimum: low, maximum: high)
    var network = Network(latency: latency, key: key)
    let link = network.addLink()
    let longest = network.longestLatency
    #expect(range.contains(longest / .seconds(1)))
    for _ in 0..<10_000 {
      let sent = network.probeDelivery(on: link, sentAt: .start)
      #expect(sent - .start <= longest)
      #expect(network.deliveryInstant(on: network.addLink(), sentAt: .start) - .start <= longest)
    }
  }

  @Test("traffic on one link does not change another's")
  func independentLinks() throws {
    var quiet = try network(.exponential(mean: 0.010))
    var busy = quiet
    let links = (0..<2).map { _ in (quiet.addLink(), busy.addLink()) }
    for index in 0..<100 {
      let sent = Instant(nanoseconds: Int64(index) * 1_000_000_000)
      _ = busy.deliveryInstant(on: links[0].1, sentAt: sent)
      let expected = quiet.deliveryInstant(on: links[1].0, sentAt: sent)
      #expect(busy.deliveryInstant(on: links[1].1, sentAt: sent) == expected)
    }
  }

  @Test("links and messages differ in their latency")
  func latenciesDiffer() throws {
    var network = try network(.exponential(mean: 0.010))
    let links = (0..<10).map { _ in network.addLink() }
    var latencies = Set<Int64>()
    for index in 0..<10 {
      let sent = Instant(nanoseconds: Int64(index) * 1_000_000_000)
      for link in links {
        let delivery = network.deliveryInstant(on: link, sentAt: sent)
        latencies.insert(delivery.nanoseconds - sent.nanoseconds)
      }
    }
    #expect(latencies.count == 100)
  }

  @Test("the mean latency is the distribution's")
  func meanLatency() throws {
    var network = try network(.exponential(mean: 0.010))
    let link = network.addLink()
    var sum: Int64 = 0
    for index in 0..<20_000 {
      let sent = Instant(nanoseconds: Int64(index) * 1_000_000_000)
      sum += network.deliveryInstant(on: link, sentAt: sent).nanoseconds - sent.nanoseconds
    }
    #expect(abs(Double(sum) / 20_000 - 1e7) < 4e5)
  }

  private static let latencies: [(Distribution.Kind, Double?, Double?)] = [
    (.exponential(mean: 0.0015), 0.0005, nil), (.exponential(mean: 0.0015), nil, 0.01),
    // From the upper tail.
    (.exponential(mean: 0.0015), 0.01, nil), (.exponential(mean: 0.0015), nil, nil),
    (.lognormal(median: 0.001, sigma: 1), nil, 0.01), (.uniform(minimum: 0, maximum: 1), nil, nil),
  ]

  @Test("a latency is the sample of a stream rekeyed for the message", arguments: latencies)
  func sampled(_ kind: Distribution.Kind, _ minimum: Double?, _ maximum: Double?) throws {
    let latency = try Distribution(kind, minimum: minimum, maximum: maximum)
    var network = Network(latency: latency, key: key)
    let links = [network.addLink(), network.addLink()]
    let stream = RandomStream(key: key)
    for number in 0..<100 {
      for link in links {
        let index = UInt64(link.index)
        let sent = Instant(nanoseconds: Int64(number) * 1_000_000_000)
        stream.rekey(key, index, UInt64(number), 0)
        let expected = Duration.wholeNanoseconds(seconds: latency.sample(from: stream))
        #expect(
          network.deliveryInstant(on: link, sentAt: sent) == sent.advanced(byNanoseconds: expected))
        stream.rekey(key, index, UInt64(sent.nanoseconds), 2)
        let probe = Duration.wholeNanoseconds(seconds: latency.sample(from: stream))
        #expect(
          network.probeDelivery(on: link, sentAt: sent) == sent.advanced(byNanoseconds: probe))
      }
    }
  }

  @Test("a negative latency counts as none")
  func negativeLatency() throws {
    var network = try network(.constant(-1))
    let link = network.addLink()
    let sent = Instant(nanoseconds: 5)
    #expect(network.deliveryInstant(on: link, sentAt: sent) == sent)
  }

  @Test("a latency past the end of time is delivered never, not before")
  func endlessLatency() throws {
    var network = try network(.constant(1e300))
    let link = network.addLink()
    #expect(network.deliveryInstant(on: link, sentAt: Instant(nanoseconds: 5)) == .distantFuture)
  }
}
