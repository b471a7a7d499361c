// Part of mesosim. Apache-2.0, see LICENSE.
//
// How an allocation and what it goes by stand in an event log.

import Mesos
import MesosAllocation
import MesosCluster

/// Writes the parts of a record of type `pass`.
struct PassLine {
  let pass: AllocationPass
  /// Who must not be left out of an order that is long.
  let isOfInterest: (FrameworkIndex) -> Bool
  let frameworkName: (FrameworkIndex) -> String
  let slaveName: (SlaveIndex) -> String

  /// So many frameworks, the first of the order, are always written.
  private static let leastRanks = 20

  /// Adds what there is to say.
  func write(_ findings: [WaitingLedger.Finding], to line: inout JSONLine) {
    line.add("type", "pass")
    line.add("offers", pass.decisions)
    if let next = pass.next { line.add("next", next.nanoseconds) }
    if let order = pass.order { write(order, to: &line) }
    if !findings.isEmpty {
      line.add("waiting", json: "[" + findings.map(json).joined(separator: ",") + "]")
    }
  }

  private func write(_ order: PassOrder, to line: inout JSONLine) {
    line.add("by", order.basis.rawValue)
    if !order.headroom.isEmpty {
      line.add("headroom", order.headroom.description)
      line.add("surplus", order.surplus.description)
    }
    var written = 0
    var before = 0
    var roles: [String] = []
    for (place, entry) in order.entries.enumerated() {
      var ranks: [String] = []
      for (index, rank) in entry.frameworks.enumerated() {
        guard written < Self.leastRanks || isOfInterest(rank.framework) else { continue }
        written += 1
        // Where roles do not come one after the other, frameworks are counted through.
        let rankPlace = order.basis == .policy ? before + index : index
        ranks.append(json(rank, at: rankPlace + 1))
      }
      before += entry.frameworks.count
      if !ranks.isEmpty { roles.append(json(entry, at: place + 1, ranks)) }
    }
    line.add("count", order.basis == .policy ? before : order.entries.count)
    line.add("order", json: "[" + roles.joined(separator: ",") + "]")
  }

  private func json(_ entry: PassOrder.Entry, at place: Int, _ ranks: [String]) -> String {
    var line = JSONLine()
    line.add("place", place)
    line.add("role", entry.role.value)
    if let part = entry.part { line.add("part", part) }
    if !entry.shares.isEmpty {
      line.add("shares", json: "[" + entry.shares.map(Self.json).joined(separator: ",") + "]")
    }
    if !entry.lacking.isEmpty { line.add("lacks", entry.lacking.description) }
    if !entry.exhausted.isEmpty {
      let names = entry.exhausted.map(JSONValue.quoted).joined(separator: ",")
      line.add("exhausted", json: "[\(names)]")
    }
    line.add("count", entry.frameworks.count)
    line.add("frameworks", json: "[" + ranks.joined(separator: ",") + "]")
    return line.object
  }

  private func json(_ rank: PassOrder.Rank, at place: Int) -> String {
    var line = JSONLine()
    line.add("place", place)
    line.add("framework", frameworkName(rank.framework))
    line.add("share", json: Self.json(rank.share))
    line.add("given", rank.count)
    return line.object
  }

  private func json(_ finding: WaitingLedger.Finding) -> String {
    let funnel = finding.funnel
    var line = JSONLine()
    line.add("framework", frameworkName(finding.framework))
    line.add("resources", finding.wish.shape.description)
    line.add("count", finding.wish.count)
    line.add("there", funnel.there)
    line.add("size", funnel.size)
    if funnel.suitable != funnel.size { line.add("suitable", funnel.suitable) }
    line.add("room", funnel.room)
    let parts = [
      ("offered", funnel.offered), ("others", funnel.others), ("refused", funnel.refused),
      ("quota", funnel.quota), ("due", funnel.due), ("unwanted", funnel.unwanted),
    ]
    for (key, count) in parts where count > 0 { line.add(key, count) }
    if let refusal = funnel.refusal {
      line.add("until", refusal.until.nanoseconds)
      line.add("again", refusal.allocation.nanoseconds)
      line.add("slave", slaveName(refusal.slave))
    }
    return line.object
  }

  /// A share to nine places, which tells one task in a cluster of any size.
  private static func json(_ share: Double) -> String {
    share.isFinite ? "\((share * 1e9).rounded() / 1e9)" : "0"
  }
}
