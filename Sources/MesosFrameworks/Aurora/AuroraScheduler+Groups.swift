// Part of mesosim. Apache-2.0, see LICENSE.
//
// Scheduling: each group of equal tasks is tried by itself, and waits longer each time that it
// finds no room.

import Mesos

extension AuroraScheduler {
  static let firstDelay = 0.001
  private static let longestDelay = 60.0

  /// Takes a task that waits into its group.
  func enqueue(_ row: AuroraRow, after delay: Double = firstDelay) {
    let config = row.config
    config.append(row)
    noteDemand(config)
    guard !config.isScheduled else { return }
    config.isScheduled = true
    groups.append(config)
    evaluate(config, after: delay)
  }

  /// Tries a group later, as fast as all groups together may be tried.
  func evaluate(_ config: AuroraConfig, after delay: Double) {
    config.penalty = delay
    later(.rounded(seconds: delay)) { [weak config] scheduler in
      guard let config else { return }
      let wait = scheduler.rateLimit.take(at: scheduler.now.seconds)
      guard wait > 0 else { return scheduler.evaluateNow(config) }
      scheduler.later(.rounded(seconds: wait)) { [weak config] in
        if let config { $0.evaluateNow(config) }
      }
    }
  }

  private func evaluateNow(_ config: AuroraConfig) {
    let rows = config.takeFirst(options.semantics.tasksPerRound)
    var delay = 0.0
    if !rows.isEmpty {
      let assigned = isConnected ? assign(rows, of: config) : 0
      config.putBack(rows)
      if assigned < rows.count, isConnected {
        for row in rows where row.state == .pending { preempt(for: row) }
      }
      delay =
        assigned > 0
        ? Self.firstDelay
        : min(Self.longestDelay, config.penalty + chance.uniform() * config.penalty)
    }
    tell()
    if config.waiting > 0 { return evaluate(config, after: delay) }
    config.isScheduled = false
    groups.removeAll { $0 === config }
  }

  /// Launches what fits, each task on an offer of its own.
  private func assign(_ rows: [AuroraRow], of config: AuroraConfig) -> Int {
    config.scan.takeIn(pool, keptRound: keptRound)
    return rows.count { assign($0, of: config) }
  }

  private func assign(_ row: AuroraRow, of config: AuroraConfig) -> Bool {
    let job = config.owner
    if let affinity = job.affinity[row.instance] {
      // It waits for this slave as long as that is kept for it.
      guard let offer = affinity.host.offer, vetoes(config, offer).isEmpty,
        launch(row, on: offer)
      else { return false }
      endAffinity(of: row.instance, job)
      return true
    }
    while let offer = config.scan.next() {
      if offer.host.isKept(from: config) {
        config.scan.keep(offer)
        continue
      }
      guard let veto = vetoes(config, offer).first else {
        if launch(row, on: offer) { return true }
        continue
      }
      job.offers.note(veto)
      guard case .limit(let name) = veto.reason else { continue }
      if let value = blockingValue(config, offer.host, name) {
        config.scan.block(offer, name, value)
      }
    }
    return false
  }

  func vetoes(_ config: AuroraConfig, _ offer: AuroraOffer) -> [AuroraVeto] {
    let (free, tally) = (offer.amounts(for: config.tier), config.owner.tally)
    let ports = config.need.ports == 0 ? 0 : offer.offer.resources.ports.count
    guard let down = offer.downAt else {
      return AuroraFilter.vetoes(
        config.need, on: offer.host.slave, offered: free, ports: ports, tally)
    }
    var slave = offer.host.slave
    slave.unavailableIn = (down - now).inSeconds
    return AuroraFilter.vetoes(config.need, on: slave, offered: free, ports: ports, tally)
  }

  private func blockingValue(
    _ config: AuroraConfig, _ host: AuroraHost, _ name: String
  ) -> String? {
    for constraint in config.need.constraints where constraint.name == name {
      guard case .limit(let limit) = constraint.wish else { continue }
      return host.slave.attributes[name]?.first {
        config.owner.tally.count(name, $0) >= limit
      }
    }
    return nil
  }

  /// Uses up an offer for a task.
  private func launch(_ row: AuroraRow, on offer: AuroraOffer) -> Bool {
    let config = row.config
    guard let driver,
      let part = config.template.part(for: config.tier, of: offer.offer.resources, chance)
    else { return false }
    config.owner.offers.noteUse()
    pool.remove(offer)
    row.host = offer.host
    row.ports = part.ports
    keep(offer.host)
    noteLaunch(row)
    change(row, to: .assigned)
    if offer.host.keptFor === config { release(offer.host) }
    let task = config.template.task(
      row.id, of: row.instance, on: offer.host.slaveID, taking: part)
    driver.launchTasks([offer.offer.id], [task], filters: Self.refusal)
    return true
  }

  // MARK: Slaves that are kept

  /// Keeps a slave for an instance that is being updated.
  func keep(_ host: AuroraHost, for instance: Int, of job: AuroraLiveJob) {
    endAffinity(of: instance, job)
    let until = now + Self.keepTime
    job.affinity[instance] = AuroraAffinity(host: host, until: until)
    host.keptForUpdates += 1
    later(Self.keepTime) { [weak job] scheduler in
      guard let job, job.affinity[instance]?.until == until else { return }
      scheduler.endAffinity(of: instance, job)
    }
  }

  func endAffinity(of instance: Int, _ job: AuroraLiveJob) {
    guard let affinity = job.affinity.removeValue(forKey: instance) else { return }
    affinity.host.keptForUpdates -= 1
    keptRound += 1
  }

  static let keepTime = Duration.seconds(180)

  /// Keeps a slave for those for whom others have made room.
  func keep(_ host: AuroraHost, for config: AuroraConfig) {
    host.keptFor = config
    config.keptHosts.append(host)
    later(Self.keepTime) { [weak host, weak config] scheduler in
      if let host, let config, host.keptFor === config { scheduler.release(host) }
    }
  }

  func release(_ host: AuroraHost) {
    host.keptFor?.keptHosts.removeAll { $0 === host }
    host.keptFor = nil
    keptRound += 1
  }

  // MARK: Reports

  func noteDemand(_ config: AuroraConfig) {
    let job = config.owner
    if config.job.isService {
      environment.journal.demand(config.shape, delta: 1)
    } else {
      job.journal?.needs(config.shape)
    }
  }

  func noteNoDemand(_ config: AuroraConfig) {
    if config.job.isService {
      environment.journal.demand(config.shape, delta: -1)
    } else {
      config.owner.journal?.needsNoMore(config.shape)
    }
  }

  private func noteLaunch(_ row: AuroraRow) {
    let (config, since) = (row.config, row.pendingSince)
    if config.job.isService {
      environment.journal.demand(config.shape, delta: -1)
      environment.journal.launching(
        row.id, of: JobID(row.job.number), runnableSince: since)
    } else {
      row.job.journal?.launching(row.id, needing: config.shape, runnableSince: since)
    }
  }
}
