// Part of mesosim. Apache-2.0, see LICENSE.
//
// Readers of the facts of a run: one that counts, and two that find where two runs part.

internal import Mesos
package import MesosCluster
package import VirtualTime

/// Counts launches, and notes whether faults had consequences.
package final class ConsequenceCounter: ClusterEventSink {
  package private(set) var launches = 0
  package private(set) var hasHit = false
  private var hasFault = false

  package init() {}

  package func record(_ event: ClusterEvent, at now: Instant) {
    switch event {
    case .fault: hasFault = true
    case .taskLaunched: launches += 1
    case .slaveDisconnected, .slaveRemoved, .frameworkDisconnected, .masterLost:
      hasHit = hasHit || hasFault
    case .taskEnded(_, _, _, let state, _, _):
      if hasFault, state != .finished { hasHit = true }
    default: break
    }
  }
}

/// Writes facts down.
package final class FactList: ClusterEventSink {
  package private(set) var facts: [String] = []

  package init() {}

  package func record(_ event: ClusterEvent, at now: Instant) {
    event.forEachSingle { facts.append("\(now) \($0)") }
  }
}

extension FactList {
  /// Where this list and another part, in words; `nil` when they are the same.
  package func difference(from other: FactList, _ mine: String, _ theirs: String) -> String? {
    let count = min(facts.count, other.facts.count)
    let place = (0..<count).first { facts[$0] != other.facts[$0] } ?? count
    guard place < max(facts.count, other.facts.count) else { return nil }
    let left = place < facts.count ? facts[place] : "the end"
    let right = place < other.facts.count ? other.facts[place] : "the end"
    return "fact \(place): \(mine) \(left); \(theirs) \(right)"
  }
}
