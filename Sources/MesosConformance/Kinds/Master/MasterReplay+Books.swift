// Part of mesosim. Apache-2.0, see LICENSE.
//
// What the master has in its books, in a few lines: beside what differs it tells why.

import Mesos
import MesosCluster

extension MasterReplay {
  /// The books, a line for each agent, framework, task and offer, by the names of the case; of each
  /// kind the first ten.
  var books: [String] {
    if isMasterDead { return ["the master is dead"] }
    let snapshot = master.snapshot(at: now)
    func label(_ id: String) -> String { labels.label(id) }
    let agents = Dictionary(snapshot.slaves.map { ($0.index, label($0.id.value)) }) { $1 }
    let frameworks = Dictionary(
      snapshot.frameworks.map { ($0.index, label($0.info.id?.value ?? "?")) }
    ) { $1 }
    var lines = first(snapshot.slaves) { slave in
      let link = slave.isConnected ? "" : ", disconnected"
      let use = slave.isDeactivated ? ", deactivated" : ""
      return "agent \(label(slave.id.value)): \(slave.total)\(link)\(use)"
    }
    lines += first(snapshot.recoveredSlaves) { "agent \(label($0.id.value)): awaited" }
    lines += first(snapshot.frameworks) { framework in
      let state =
        framework.isRecovered ? "recovered" : framework.isConnected ? "connected" : "disconnected"
      return "framework \(frameworks[framework.index] ?? "?"): \(state)"
        + (framework.isActive ? ", active" : ", not active")
    }
    lines += first(snapshot.tasks) { task in
      "task \(task.id) of \(frameworks[task.framework] ?? "?") on \(agents[task.slave] ?? "?"): "
        + "\(task.state), \(task.resources)"
    }
    lines += first(snapshot.offers) { offer in
      "offer \(label(offer.id.value)) to \(frameworks[offer.framework] ?? "?") of "
        + "\(agents[offer.slave] ?? "?"): \(offer.resources)"
    }
    return lines.isEmpty ? ["nothing"] : lines
  }

  private func first<Element>(_ list: [Element], _ text: (Element) -> String) -> [String] {
    list.prefix(10).map(text) + (list.count > 10 ? ["and \(list.count - 10) more"] : [])
  }
}
