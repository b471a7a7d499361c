// Part of mesosim. Apache-2.0, see LICENSE.
//
// When a message arrives, if it does: latency, and, where conditions are bad, jitter, loss,
// duplication and disorder. Who is cut off from whom is known to those who send.

public import VirtualTime

/// The number of a link, dense from 0 in the order of `Network.addLink`.
public struct LinkID: Hashable, Sendable {
  /// The number.
  public let index: Int32

  /// Wraps a number that `Network.addLink` gave.
  @inlinable public init(index: Int32) { self.index = index }
}

/// One-way links that deliver in the order of sending, as a TCP connection does.
///
/// The latency of the n-th message of a link depends on the stream's key, the link and n alone:
/// traffic on one link does not change what happens on another.
public struct Network {
  private struct Link {
    var lastDelivery = Instant.start
    var sent: UInt64 = 0
  }

  /// Behind a reference: else it would be copied at each message, even where it is not asked.
  private final class Latency {
    let distribution: Distribution
    init(_ distribution: Distribution) { self.distribution = distribution }
  }

  private let latency: Latency
  /// The latency, when it is always the same.
  private let constantNanoseconds: Int64?
  /// The latency, when one number and a logarithm are all it takes.
  private let exponential: TruncatedExponential?
  private let key: StreamKey
  private let stream: RandomStream
  private var links: [Link] = []
  /// What is wrong; each takes its chance with every message, so that they add up.
  public var conditions: [NetworkConditions] = []

  /// Whether messages can be lost.
  public var canLose: Bool { conditions.contains(where: \.canLose) }

  /// Makes a network without links.
  /// - Parameters:
  ///   - latency: From sending to delivery, in seconds, rounded to the nanosecond; negative draws
  ///     count as zero.
  ///   - key: Where the randomness comes from, such as `seeds.key("network/latency")`.
  public init(latency: Distribution, key: StreamKey) {
    self.latency = Latency(latency)
    self.key = key
    constantNanoseconds = latency.constant.map(Self.nanoseconds)
    exponential = latency.truncatedExponential
    stream = RandomStream(key: key)
  }

  /// Whether every message takes equally long while conditions are good.
  public var isSteady: Bool { constantNanoseconds != nil }

  /// How long a message takes at most while conditions are good: longer with a chance of less than
  /// 1e-15.
  public var longestLatency: Duration {
    .rounded(seconds: max(0, latency.distribution.practicalMaximum))
  }

  /// Adds a link from one party to another.
  /// - Returns: Its number.
  public mutating func addLink() -> LinkID {
    links.append(Link())
    return LinkID(index: Int32(links.count - 1))
  }

  /// Sends a message, and says when it is delivered: never before the link's previous one.
  /// - Parameters:
  ///   - link: The link that it takes.
  ///   - instant: When it is sent; on each link in order of time.
  /// - Returns: The instant of delivery, `instant` or later.
  public mutating func deliveryInstant(on link: LinkID, sentAt instant: Instant) -> Instant {
    let index = Int(link.index)
    precondition(
      links.indices.contains(index), "link \(index) is unknown; the network has \(links.count)")
    let latency = latency(ofMessage: links[index].sent, onLink: index)
    return links.withUnsafeMutableBufferPointer { links in
      links[index].sent += 1
      let arrival = max(instant.advanced(byNanoseconds: latency), links[index].lastDelivery)
      links[index].lastDelivery = arrival
      return arrival
    }
  }

  /// Sends a message under the present conditions.
  ///
  /// Chance is drawn for the n-th message of the link, apart from the latency: conditions change
  /// nothing for the messages that they spare.
  /// - Parameters:
  ///   - link: The link that it takes.
  ///   - instant: When it is sent; on each link in order of time.
  ///   - keepsOrder: Whether what is sent after it arrives after it, whatever the conditions.
  /// - Returns: When it is delivered, once, twice or not at all.
  public mutating func deliveries(
    on link: LinkID, sentAt instant: Instant, keepsOrder: Bool = false
  ) -> Deliveries {
    if conditions.isEmpty {
      return Deliveries(first: deliveryInstant(on: link, sentAt: instant))
    }
    let index = Int(link.index)
    let number = links[index].sent
    let previous = links[index].lastDelivery
    var arrival = deliveryInstant(on: link, sentAt: instant)
    // Jitter comes on top of the message's own time, not of its predecessor's delivery: else it
    // would add up along a row of messages.
    var late = instant.advanced(byNanoseconds: latency(ofMessage: number, onLink: index))
    var (isLost, isDoubled, overtakes) = (false, false, false)
    stream.rekey(key, UInt64(index), number, 1)
    for condition in conditions {
      if stream.uniform() < condition.loss { isLost = true }
      if stream.uniform() < condition.duplication { isDoubled = true }
      if stream.uniform() < condition.reordering { overtakes = true }
      if let jitter = condition.jitter {
        late = late.advanced(byNanoseconds: Self.nanoseconds(jitter.sample(from: stream)))
      }
    }
    arrival = max(arrival, late)
    links[index].lastDelivery = arrival
    if isLost {
      // A lost message delays nothing behind it.
      links[index].lastDelivery = previous
      return Deliveries()
    }
    if overtakes, !keepsOrder {
      // Late by a random multiple of its own latency; later messages may overtake it.
      let spent = arrival.nanoseconds - instant.nanoseconds
      let extra = Int64(min(9e18, Double(max(spent, 1_000_000)) * 10 * stream.uniform()))
      links[index].lastDelivery = previous
      arrival = arrival.advanced(byNanoseconds: extra)
    }
    return Deliveries(first: arrival, second: isDoubled ? arrival : nil)
  }

  /// When a probe arrives, which is sent beside all messages: its latency depends on the link and
  /// the instant of sending, so that it is the same whether or not other probes were sent.
  public func probeDelivery(on link: LinkID, sentAt instant: Instant) -> Instant {
    if let constantNanoseconds { return instant.advanced(byNanoseconds: constantNanoseconds) }
    let latency = draw(UInt64(UInt32(bitPattern: link.index)), UInt64(instant.nanoseconds), 2)
    return instant.advanced(byNanoseconds: latency)
  }

  /// When a probe arrives under the present conditions, if it does.
  public func probeDeliveries(on link: LinkID, sentAt instant: Instant) -> Deliveries {
    let arrival = probeDelivery(on: link, sentAt: instant)
    if conditions.isEmpty { return Deliveries(first: arrival) }
    stream.rekey(key, UInt64(UInt32(bitPattern: link.index)), UInt64(instant.nanoseconds), 3)
    let isLost = conditions.contains { stream.uniform() < $0.loss }
    return Deliveries(first: isLost ? nil : arrival)
  }

  // Mutating, though it changes nothing here: a network that is only read is handed over as a copy.
  private mutating func latency(ofMessage number: UInt64, onLink index: Int) -> Int64 {
    if let constantNanoseconds { return constantNanoseconds }
    return draw(UInt64(index), number, 0)
  }

  /// The latency that belongs to three numbers.
  @inline(__always)
  private func draw(_ a: UInt64, _ b: UInt64, _ purpose: UInt64) -> Int64 {
    if let exponential {
      // All that a stream moved there would be asked for.
      var state = key.derived(a, b, purpose)
      return Self.nanoseconds(exponential.draw(state.nextUniform()))
    }
    stream.rekey(key, a, b, purpose)
    return Self.nanoseconds(latency.distribution.sample(from: stream))
  }

  @inline(__always)
  private static func nanoseconds(_ seconds: Double) -> Int64 {
    max(0, Duration.wholeNanoseconds(seconds: seconds))
  }
}

/// When a message is delivered.
public struct Deliveries: Sendable, Hashable {
  /// The delivery; `nil` when the message is lost.
  public var first: Instant?
  /// A second delivery of the same message.
  public var second: Instant?

  /// Describes deliveries.
  public init(first: Instant? = nil, second: Instant? = nil) {
    self.first = first
    self.second = second
  }
}

/// How bad a network is.
public struct NetworkConditions: Hashable, Sendable {
  /// The part of messages that are lost, 0 to 1.
  public var loss: Double
  /// The part of messages that are delivered twice, 0 to 1.
  public var duplication: Double
  /// The part of messages that others overtake, 0 to 1.
  public var reordering: Double
  /// What each message takes beyond its latency, in seconds.
  public var jitter: Distribution?

  /// Describes conditions; without anything said they are good.
  public init(
    loss: Double = 0, duplication: Double = 0, reordering: Double = 0, jitter: Distribution? = nil
  ) {
    self.loss = loss
    self.duplication = duplication
    self.reordering = reordering
    self.jitter = jitter
  }

  /// Whether messages can be lost.
  public var canLose: Bool { loss > 0 }
}
