// Part of mesosim. Apache-2.0, see LICENSE.
//
// Cron jobs: their tasks are made at calendar times.

import Mesos

/// What is known of a job that runs at times.
final class AuroraCron {
  let job: AuroraJob
  let schedule: CronSchedule
  @exclusivity(unchecked) var timer: TimerID?
  /// How long it is until the next try to begin, in seconds, while what runs is to end first.
  @exclusivity(unchecked) var pause: Double?

  init(_ job: AuroraJob, _ schedule: CronSchedule) {
    self.job = job
    self.schedule = schedule
  }
}

extension AuroraScheduler {
  /// Takes a cron job on, or changes when and as what it runs.
  func schedule(_ job: AuroraJob) throws(AuroraRefusal) {
    guard let text = job.cronSchedule, let schedule = try? CronSchedule(text) else {
      throw AuroraRefusal("\(job.key) has no cron schedule")
    }
    try checkSize(of: job)
    let live = jobs[job.key]
    if let live { try checkUpdating(live) }
    guard live == nil || live?.cron != nil else {
      throw AuroraRefusal("\(job.key) is running and is no cron job; kill it first")
    }
    try checkQuota(of: job.role, adding: load(of: job, job.instances), without: live)
    let cronJob = live ?? makeLive(job)
    if let timer = cronJob.cron?.timer { environment.cancelTimer(timer) }
    _ = cronJob.config(for: job)
    let cron = AuroraCron(job, schedule)
    cronJob.cron = cron
    keep(cronJob)
    awaitRun(cron, of: cronJob)
  }

  /// Runs a job no more; what runs goes on.
  func deschedule(_ job: AuroraLiveJob) throws(AuroraRefusal) {
    guard let cron = job.cron else { throw AuroraRefusal("\(job.key) is not a cron job") }
    if let timer = cron.timer { environment.cancelTimer(timer) }
    job.cron = nil
    keep(job)
    settle(job)
  }

  func startCron(_ job: AuroraLiveJob) throws(AuroraRefusal) {
    guard let cron = job.cron else { throw AuroraRefusal("\(job.key) is not a cron job") }
    trigger(cron, of: job)
  }

  func awaitRun(_ cron: AuroraCron, of job: AuroraLiveJob) {
    // The calendar goes by whole seconds: a fraction of one has not passed.
    let seconds = environment.epoch + now.nanoseconds / 1_000_000_000
    guard let next = cron.schedule.next(after: seconds) else { return }
    let due = Instant.start + .seconds(next - environment.epoch)
    cron.timer = later(due - now) { [weak cron, weak job] scheduler in
      guard let cron, let job else { return }
      cron.timer = nil
      scheduler.trigger(cron, of: job)
      scheduler.awaitRun(cron, of: job)
    }
  }

  /// Its time has come.
  private func trigger(_ cron: AuroraCron, of job: AuroraLiveJob) {
    // It is about to begin already.
    guard cron.pause == nil else { return }
    guard job.count > 0 else { return run(cron, of: job) }
    guard cron.job.collisionPolicy == .killExisting else { return }
    for row in job.active where row.state.isKillable { change(row, to: .killing) }
    tell()
    cron.pause = Self.firstPause
    tryLater(cron, of: job)
  }

  private static let firstPause = 5.0
  private static let longestPause = 60.0

  /// Begins when nothing is left of the run before.
  private func tryLater(_ cron: AuroraCron, of job: AuroraLiveJob) {
    guard let pause = cron.pause else { return }
    later(.rounded(seconds: pause)) { [weak cron, weak job] scheduler in
      guard let cron, let job, job.cron === cron else { return }
      if job.count == 0 {
        cron.pause = nil
        scheduler.run(cron, of: job)
      } else {
        cron.pause = min(Self.longestPause, pause + scheduler.chance.uniform() * pause)
        scheduler.tryLater(cron, of: job)
      }
    }
  }

  private func run(_ cron: AuroraCron, of job: AuroraLiveJob) {
    let config = job.config(for: cron.job)
    beginRun(of: job, number: takeJobNumber())
    keep(job)
    for instance in 0..<cron.job.instances { makeRow(config, instance) }
    tell()
  }
}
