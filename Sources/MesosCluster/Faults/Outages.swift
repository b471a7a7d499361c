// Part of mesosim. Apache-2.0, see LICENSE.
//
// Which faults keep whom from running. Costs nothing while none does.

import Mesos

/// The faults that keep parties from running: each party is out until the last of them is over.
struct Outages {
  /// How a fault keeps a party from running.
  enum Kind { case kill, crash, pause }

  private struct Cause {
    let fault: Int
    let kind: Kind
    /// Whether it struck the master that led.
    let hitLeader: Bool
  }

  // Looked up, and never gone through.
  private var causes: [Cluster.Party: [Cause]] = [:]

  func isOut(_ party: Cluster.Party) -> Bool { causes[party] != nil }

  /// Whether a master led when a fault struck it that is not over.
  func struckAsLeader(_ master: MasterIndex) -> Bool {
    causes[.master(master)]?.contains(where: \.hitLeader) ?? false
  }

  mutating func begin(_ fault: Int, _ kind: Kind, of party: Cluster.Party, hitLeader: Bool) {
    causes[party, default: []].append(Cause(fault: fault, kind: kind, hitLeader: hitLeader))
  }

  /// Ends what one fault does to a party.
  /// - Returns: Whether that was the last that kept it out.
  mutating func end(_ fault: Int, of party: Cluster.Party) -> Bool {
    end(of: party) { $0.fault == fault }
  }

  /// Ends all of a kind, or all, that keeps a party out.
  /// - Returns: Whether there was some, and nothing else keeps it out.
  @discardableResult
  mutating func endAll(_ kind: Kind? = nil, of party: Cluster.Party) -> Bool {
    end(of: party) { kind == nil || $0.kind == kind }
  }

  private mutating func end(of party: Cluster.Party, where isOver: (Cause) -> Bool) -> Bool {
    guard let before = causes[party], before.contains(where: isOver) else { return false }
    let left = before.filter { !isOver($0) }
    causes[party] = left.isEmpty ? nil : left
    return left.isEmpty
  }
}
