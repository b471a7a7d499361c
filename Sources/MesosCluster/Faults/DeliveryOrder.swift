// Part of mesosim. Apache-2.0, see LICENSE.
//
// In which order messages reach a party, in somebody's hands: single ones are overtaken by what
// others send to the same party. Messages of one sender stay in order, as TCP keeps them.

import Mesos
import MesosAllocation
import SimulationKernel
import VirtualTime

/// Has some messages of a run overtaken, and writes down which could have been.
///
/// Messages are numbered in the order in which they are sent. One that is delayed arrives after the
/// next that somebody else sends to the same party, or when `slowness` is over: no network is
/// slower.
package final class DeliveryOrder {
  /// How much later a message may be.
  package static let slowness = Duration.seconds(5)

  /// Whose message it is, and for whom.
  struct Link: Hashable {
    let source: Cluster.Party
    let target: Cluster.Party
  }

  private struct Sent {
    let link: Link
    let arrival: Instant
  }

  private struct Held {
    let link: Link
    /// How many more are to overtake it.
    var rest: Int
    let arrival: Instant
    var messages: [(token: EventToken, code: Cluster.Code, party: Int32, slot: UInt32)]
  }

  /// The numbers of messages that are overtaken, each as often as it stands there.
  private let delayed: [Int]
  /// Before which message the master that leads ends and is started again.
  private let failover: Int?
  private var sent: [Sent] = []
  private var held: [Held] = []

  /// Makes an order.
  package init(delaying delayed: [Int], failover: Int? = nil) {
    self.delayed = delayed
    self.failover = failover
  }

  /// How many messages were sent so far.
  package var count: Int { sent.count }

  /// The messages that, delayed, would have been overtaken, from a number on.
  ///
  /// - Complexity: O(messages × messages within `slowness`).
  package func candidates(from start: Int) -> [Int] {
    sent.indices.dropFirst(max(0, start)).filter { place in
      let (link, end) = (sent[place].link, sent[place].arrival + Self.slowness)
      for other in sent[(place + 1)...] {
        if other.arrival > end { return false }
        if other.link.target == link.target, other.link.source != link.source,
          other.arrival >= sent[place].arrival
        {
          return true
        }
      }
      return false
    }
  }

  /// Takes a message that is sent.
  /// - Returns: Whether it is on its way already.
  func take(
    _ message: WireMessage, _ header: MessageHeader, _ code: Cluster.Code, _ party: Int32,
    _ link: Link, arriving first: Instant, in cluster: Cluster
  ) -> Bool {
    let number = sent.count
    sent.append(Sent(link: link, arrival: first))
    if number == failover { cluster.failOverNow() }
    overtake(link, at: first, in: cluster)
    let delays = delayed.count { $0 == number }
    let place = held.firstIndex { $0.link == link }
    guard delays > 0 || place != nil else { return false }
    let slot = cluster.messages.put(message, header)
    // Those of one sender wait together, so that none of them overtakes another.
    let end = (place.map { held[$0].arrival } ?? first) + Self.slowness
    let token = cluster.schedule(code, party, slot, at: max(first, end))
    if let place {
      held[place].messages.append((token, code, party, slot))
    } else {
      held.append(
        Held(link: link, rest: delays, arrival: first, messages: [(token, code, party, slot)]))
    }
    return true
  }

  /// Counts a message among those that overtake others, and lets those go that have been.
  private func overtake(_ link: Link, at arrival: Instant, in cluster: Cluster) {
    held.removeAll { $0.arrival + Self.slowness <= arrival }
    for place in held.indices.reversed()
    where held[place].link.target == link.target && held[place].link.source != link.source
      && held[place].arrival <= arrival
    {
      held[place].rest -= 1
      guard held[place].rest <= 0 else { continue }
      for message in held[place].messages {
        cluster.simulation.cancel(message.token)
        cluster.schedule(
          message.code, message.party, message.slot, at: arrival + .nanoseconds(1))
      }
      held.remove(at: place)
    }
  }
}

extension Cluster {
  /// Has a cluster deliver in an order.
  package func deliver(in order: DeliveryOrder) { deliveryOrder = order }

  /// Ends the master that leads and starts it again, as soon as this event is over.
  fileprivate func failOverNow() {
    let leader = Parties(masters: ["leader"])
    schedule([
      TimedFault(at: simulation.now, .kill(leader)),
      TimedFault(at: simulation.now, .restart(Parties(masters: ["*"]))),
    ])
  }
}
