// Part of mesosim. Apache-2.0, see LICENSE.
//
// When a message arrives. Only latency so far; loss, jitter and partition are further rules between
// `sentAt` and the instant of delivery.

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

  private let latency: Distribution
  /// The latency, when it is always the same.
  private let constantNanoseconds: Int64?
  private let key: StreamKey
  private let stream: RandomStream
  private var links: [Link] = []

  /// Makes a network without links.
  /// - Parameters:
  ///   - latency: From sending to delivery, in seconds, rounded to the nanosecond; negative draws
  ///     count as zero.
  ///   - key: Where the randomness comes from, such as `seeds.key("network/latency")`.
  public init(latency: Distribution, key: StreamKey) {
    self.latency = latency
    self.key = key
    constantNanoseconds = latency.constant.map(Self.nanoseconds)
    stream = RandomStream(key: key)
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
    let arrival = instant.advanced(byNanoseconds: nextLatency(onLink: index))
    links[index].sent += 1
    links[index].lastDelivery = max(arrival, links[index].lastDelivery)
    return links[index].lastDelivery
  }

  private func nextLatency(onLink index: Int) -> Int64 {
    if let constantNanoseconds { return constantNanoseconds }
    stream.rekey(key, UInt64(index), links[index].sent, 0)
    return Self.nanoseconds(latency.sample(from: stream))
  }

  private static func nanoseconds(_ seconds: Double) -> Int64 {
    max(0, Duration.wholeNanoseconds(seconds: seconds))
  }
}
