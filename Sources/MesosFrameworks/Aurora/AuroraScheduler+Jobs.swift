// Part of mesosim. Apache-2.0, see LICENSE.
//
// Jobs: how they are created, what they become, and when they are over.

import Mesos

extension AuroraScheduler {
  /// The jobs by their keys.
  var sortedJobs: [AuroraLiveJob] { jobs.values.sorted { $0.number < $1.number } }

  /// The job of a key, which may leave the cluster out.
  func job(_ key: String) throws(AuroraRefusal) -> AuroraLiveJob {
    if let job = jobs[key] { return job }
    let found = jobs.values.filter { $0.key.hasSuffix("/" + key) }
    guard found.count == 1, key.utf8.count(where: { $0 == UInt8(ascii: "/") }) == 2 else {
      throw AuroraRefusal("no active tasks and no cron job found for \(key)")
    }
    return found[0]
  }

  /// Refuses while an update is under way.
  func checkUpdating(_ job: AuroraLiveJob) throws(AuroraRefusal) {
    guard job.update == nil else {
      throw AuroraRefusal(
        "job \(job.key) is currently updating; wait for the end or abort the update",
        code: .jobUpdating)
    }
  }

  func makeLive(_ job: AuroraJob) -> AuroraLiveJob {
    if let live = jobs[job.key] { return live }
    let live = AuroraLiveJob(
      job.key, number: takeJobNumber(),
      taskPrefix: "\(job.role)-\(job.environment)-\(job.name)-")
    jobs[job.key] = live
    announce(live)
    return live
  }

  /// Tells reports of a job.
  func announce(_ job: AuroraLiveJob) {
    if job.config?.job.isService == true {
      environment.journal.wanted(job.group, count: job.wanted)
    }
    let offers = job.offers
    environment.journal.waits(job.group) { offers.wait }
  }

  /// Says how many instances are to be there.
  func want(_ count: Int, of job: AuroraLiveJob) {
    job.wanted = max(0, count)
    if job.config?.job.isService == true {
      environment.journal.wanted(job.group, count: job.wanted)
    }
    keep(job)
  }

  /// Begins what will end, to reports.
  func beginRun(of job: AuroraLiveJob, number: Int32) {
    guard job.config?.job.isService == false else { return }
    job.hasFailed = false
    job.journal = environment.journal.job(JobID(number), name: job.key)
  }

  // MARK: Create, add, kill

  func create(_ job: AuroraJob) throws(AuroraRefusal) {
    try checkSize(of: job)
    guard jobs[job.key] == nil else { throw AuroraRefusal("job already exists: \(job.key)") }
    guard job.cronSchedule == nil else {
      throw AuroraRefusal("\(job.key) is a cron job: schedule it instead of creating it")
    }
    try checkQuota(of: job.role, adding: load(of: job, job.instances))
    let live = makeLive(job)
    let config = live.config(for: job)
    beginRun(of: live, number: live.number)
    want(job.instances, of: live)
    for instance in 0..<job.instances { makeRow(config, instance) }
    tell()
  }

  func checkSize(of job: AuroraJob) throws(AuroraRefusal) {
    guard (1...AuroraJob.mostInstances).contains(job.instances) else {
      throw AuroraRefusal(
        "\(job.key) would have \(job.instances) instances; expected 1 to "
          + "\(AuroraJob.mostInstances)")
    }
  }

  /// Adds instances like one of those that are there.
  func addInstances(_ count: Int, to job: AuroraLiveJob) throws(AuroraRefusal) {
    try checkUpdating(job)
    guard job.cron == nil else { throw AuroraRefusal("\(job.key) is a cron job") }
    guard let model = job.active.last?.config else {
      throw AuroraRefusal("no active tasks found for \(job.key)")
    }
    guard count > 0, count <= AuroraJob.mostInstances - job.count else {
      throw AuroraRefusal(
        "\(job.key) has \(job.count) instances and may have \(AuroraJob.mostInstances); "
          + "\(count) more are not possible")
    }
    try checkQuota(of: model.job.role, adding: load(of: model.job, count))
    let first = (job.active.last?.instance ?? -1) + 1
    want(job.wanted + count, of: job)
    for instance in first..<first + count { makeRow(model, instance) }
    tell()
  }

  /// Ends instances for good; all when none are named.
  func kill(_ instances: Set<Int>?, of job: AuroraLiveJob) throws(AuroraRefusal) {
    try checkUpdating(job)
    let rows = job.active.filter { row in
      row.state.isKillable && instances.map { $0.contains(row.instance) } ?? true
    }
    want(job.wanted - rows.count, of: job)
    for row in rows { change(row, to: .killing) }
    tell()
  }

  // MARK: Ending

  /// Forgets a job that has no tasks any more.
  func settle(_ job: AuroraLiveJob) {
    job.dropEmptyConfigs()
    guard job.count == 0, job.update == nil, jobs[job.key] === job else { return }
    if job.hasFailed { job.journal?.abandoned() } else { job.journal?.finished() }
    job.journal = nil
    guard job.cron == nil else { return }
    if job.config?.job.isService == true {
      environment.journal.wanted(job.group, count: 0)
    }
    for instance in job.affinity.keys.sorted() { endAffinity(of: instance, job) }
    jobs[job.key] = nil
    forget(job)
    job.release()
  }

  // MARK: Quotas

  func load(of job: AuroraJob, _ count: Int) -> AuroraQuota.Load {
    AuroraQuota.Load(
      each: job.amounts, instances: count, isProduction: job.isProduction,
      isDedicated: job.isDedicated)
  }

  /// What a role's production tasks take now, beside those of one job.
  func quota(of role: String, without other: AuroraLiveJob? = nil) -> AuroraQuota {
    var quota = AuroraQuota(quotas[role] ?? AuroraAmounts())
    for job in sortedJobs where job !== other {
      guard job.config?.job.role == role else { continue }
      if let cron = job.cron {
        quota.charge(cron: load(of: cron.job, cron.job.instances), running: job.count)
      } else if let update = job.update {
        quota.charge(update.initialCharge.larger(update.desiredCharge))
      } else {
        for config in job.configs { quota.charge(config.load(config.count)) }
      }
    }
    return quota
  }

  func checkQuota(
    of role: String, adding load: AuroraQuota.Load, without other: AuroraLiveJob? = nil
  ) throws(AuroraRefusal) {
    guard load.isCharged else { return }
    try checkQuota(of: role, load.charge, without: other)
  }

  func checkQuota(
    of role: String, _ charge: AuroraAmounts, without other: AuroraLiveJob? = nil
  ) throws(AuroraRefusal) {
    let short = quota(of: role, without: other).shortages(for: charge)
    guard short.isEmpty else {
      throw AuroraRefusal(
        "insufficient resource quota of role \(role): "
          + short.map(\.rawValue).joined(separator: ", "))
    }
  }

  func setQuota(_ limit: AuroraAmounts, of role: String) throws(AuroraRefusal) {
    guard limit.cpus >= 0, limit.ram >= 0, limit.disk >= 0 else {
      throw AuroraRefusal("a quota must not be negative")
    }
    let used = quota(of: role).used
    guard used.fits(into: limit) else {
      throw AuroraRefusal("the quota of role \(role) would be below what its tasks take")
    }
    quotas[role] = limit
    keepQuota(of: role)
  }
}
