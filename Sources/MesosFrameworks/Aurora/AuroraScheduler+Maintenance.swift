// Part of mesosim. Apache-2.0, see LICENSE.
//
// Maintenance: hosts are taken out of use, and their tasks go elsewhere.

import Mesos

extension AuroraScheduler {
  /// Says how far hosts are on their way out of use, all of a name together.
  func setMode(_ mode: AuroraSlave.Mode, of hostname: String) {
    guard modes[hostname] ?? .none != mode else { return }
    modes[hostname] = mode == .none ? nil : mode
    keepMode(of: hostname)
    for host in hosts(named: hostname) {
      host.slave.mode = mode
      reorder(host)
    }
  }

  private func hosts(named hostname: String) -> [AuroraHost] {
    hosts.values.filter { $0.hostname == hostname }.sorted { $0.slaveID < $1.slaveID }
  }

  func startMaintenance(of hostnames: [String]) {
    for hostname in hostnames { setMode(.scheduled, of: hostname) }
  }

  func endMaintenance(of hostnames: [String]) {
    for hostname in hostnames { setMode(.none, of: hostname) }
  }

  /// Sends the tasks of hosts elsewhere.
  func drain(_ hostnames: [String]) {
    for hostname in hostnames {
      setMode(.draining, of: hostname)
      var rows = hosts(named: hostname).flatMap(\.rows)
      // In random order, as Aurora has it.
      for last in rows.indices.dropFirst().reversed() {
        rows.swapAt(last, chance.integer(below: last + 1))
      }
      for row in rows { change(row, to: .draining) }
      if rows.isEmpty { setMode(.drained, of: hostname) }
    }
    tell()
  }
}
