// Part of mesosim. Apache-2.0, see LICENSE.
//
// Maintenance: hosts are taken out of use, and their tasks go elsewhere, all at once or as their
// jobs can spare them.

import Mesos

/// Hosts that are being emptied as the jobs there can spare their tasks.
struct AuroraDrain: Hashable {
  /// What holds for jobs that say nothing of it.
  let sla: AuroraSLA
  /// When all that is left goes.
  let deadline: Instant
}

extension AuroraScheduler {
  private static let pollInterval = Duration.seconds(60)

  /// Says how far hosts are on their way out of use, all of a name together.
  func setMode(_ mode: AuroraSlave.Mode, of hostname: String) {
    guard modes[hostname] ?? .none != mode else { return }
    modes[hostname] = mode == .none ? nil : mode
    if mode != .draining { drains[hostname] = nil }
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
      drains[hostname] = nil
      setMode(.draining, of: hostname)
      keepMode(of: hostname)
      for row in shuffledRows(on: hostname) { change(row, to: .draining) }
      endIfEmpty(hostname)
    }
    tell()
  }

  private func shuffledRows(on hostname: String) -> [AuroraRow] {
    var rows = hosts(named: hostname).flatMap(\.rows)
    for last in rows.indices.dropFirst().reversed() {
      rows.swapAt(last, chance.integer(below: last + 1))
    }
    return rows
  }

  private func endIfEmpty(_ hostname: String) {
    if hosts(named: hostname).allSatisfy(\.rows.isEmpty) { setMode(.drained, of: hostname) }
  }

  // MARK: As jobs can spare their tasks

  /// Sends the tasks of hosts elsewhere, each when its job can spare it, or when time is up.
  func drain(_ hostnames: [String], _ drain: AuroraDrain) {
    for hostname in hostnames {
      drains[hostname] = drain
      setMode(.draining, of: hostname)
      keepMode(of: hostname)
    }
    poll()
  }

  /// Sends those elsewhere that can be spared now, and looks again in a while.
  func poll() {
    for (hostname, drain) in drains.sorted(by: { $0.key < $1.key }) {
      for row in shuffledRows(on: hostname) where row.state != .draining {
        if now >= drain.deadline || canSpare(row, drain) { change(row, to: .draining) }
      }
      endIfEmpty(hostname)
    }
    tell()
    guard !drains.isEmpty, drainTimer == nil else { return }
    drainTimer = later(Self.pollInterval) { scheduler in
      scheduler.drainTimer = nil
      scheduler.poll()
    }
  }

  private func canSpare(_ row: AuroraRow, _ drain: AuroraDrain) -> Bool {
    let job = row.job
    guard row.config.tier == .preferred, job.count >= AuroraSLA.leastInstances else { return true }
    let sla = row.config.job.sla ?? drain.sla
    let running = job.rows.count { other in
      guard let other, other !== row, other.state == .running else { return false }
      return (now - other.since).inSeconds >= sla.seconds
    }
    return sla.allowsRemoval(running: running, of: job.count)
  }
}
