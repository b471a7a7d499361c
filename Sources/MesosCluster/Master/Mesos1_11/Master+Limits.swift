// Part of mesosim. Apache-2.0, see LICENSE.
//
// How much a principal may say in a time (Rules 4.7; Mesos: `master/master.cpp`).

import Mesos
import VirtualTime

/// What waits of one principal.
struct Limiter: Sendable {
  struct Waiting: Sendable {
    let framework: FrameworkIndex
    let incarnation: Incarnation
    let call: SchedulerCall
  }

  /// When the next message may be handled at the earliest.
  var next = Instant.start
  var waiting: [Waiting] = []
}

extension Master {
  /// Whether a call must wait, or is dropped, for what its principal has said before.
  mutating func waits(
    _ call: SchedulerCall, _ framework: FrameworkIndex, _ incarnation: Incarnation
  ) -> Bool {
    guard isKnown(framework), !frameworks[framework].speaksV1,
      frameworks[framework].incarnation == incarnation,
      let place = placeOfLimit(of: frameworks[framework].info.principal),
      let rate = settings.rateLimits[place].perSecond
    else { return false }
    let limit = settings.rateLimits[place]
    let interval = Duration.rounded(seconds: 1 / max(rate, 1e-9))
    if limiters[place].waiting.isEmpty, limiters[place].next <= now {
      limiters[place].next = now + interval
      return false
    }
    guard limiters[place].waiting.count < limit.capacity else {
      send(
        .error("Message mesos.scheduler.Call dropped: capacity(\(limit.capacity)) exceeded"),
        to: framework, incarnation)
      return true
    }
    limiters[place].waiting.append(
      Limiter.Waiting(framework: framework, incarnation: incarnation, call: call))
    if limiters[place].waiting.count == 1 {
      timers.set(.turn(Int32(place)), at: limiters[place].next)
    }
    return true
  }

  /// The place of the limit that holds for a principal, its own or that of all others.
  private func placeOfLimit(of principal: String?) -> Int? {
    if let principal,
      let own = settings.rateLimits.firstIndex(where: { $0.principal == principal })
    {
      return own
    }
    return settings.rateLimits.firstIndex { $0.principal == nil }
  }

  /// Handles what has waited longest.
  mutating func takeTurn(_ place: Int) {
    guard !limiters[place].waiting.isEmpty else { return }
    let first = limiters[place].waiting.removeFirst()
    let interval = Duration.rounded(
      seconds: 1 / max(settings.rateLimits[place].perSecond ?? 1, 1e-9))
    limiters[place].next = now + interval
    if !limiters[place].waiting.isEmpty {
      timers.set(.turn(Int32(place)), at: limiters[place].next)
    }
    handle(first.call, from: first.framework, first.incarnation)
  }
}
