// Part of mesosim. Apache-2.0, see LICENSE.
//
// What users ask of Aurora, as calls: what its client and its web interface hand over to.

import Mesos

/// The calls of an Aurora's users.
///
///     let api = AuroraAPI(scheduler)
///     try api.create(job)
///     try api.addInstances(2, to: "web/prod/front")
///
/// A job is named by its key, `cluster/role/environment/name`, or without the cluster. Each call
/// refuses with `AuroraRefusal` what Aurora refuses. Calls are made between callbacks, as timers
/// are fired.
public struct AuroraAPI {
  private let scheduler: AuroraScheduler

  /// Makes the calls of a scheduler.
  public init(_ scheduler: AuroraScheduler) { self.scheduler = scheduler }

  // MARK: Jobs

  /// Creates a job with all its instances.
  ///
  /// - Throws: `AuroraRefusal` when it is there, is a cron job, or its role may not take so much.
  public func create(_ job: AuroraJob) throws(AuroraRefusal) { try scheduler.create(job) }

  /// Creates a job, or takes a cron job on.
  func submit(_ job: AuroraJob) throws(AuroraRefusal) {
    if job.cronSchedule == nil { try create(job) } else { try schedule(job) }
  }

  /// Ends instances of a job for good.
  ///
  /// - Parameters:
  ///   - key: The job.
  ///   - instances: Which of them; `nil` for all.
  /// - Throws: `AuroraRefusal` when there is no such job, or it is being updated.
  public func kill(_ key: String, _ instances: Set<Int>? = nil) throws(AuroraRefusal) {
    try scheduler.kill(instances, of: scheduler.job(key))
  }

  /// Restarts instances of a job, some at a time, as Aurora's client does.
  ///
  /// - Parameters:
  ///   - key: The job.
  ///   - instances: Which of them; `nil` for all.
  /// - Throws: `AuroraRefusal` when there is nothing to restart, or the job is being updated.
  public func restart(_ key: String, _ instances: Set<Int>? = nil) throws(AuroraRefusal) {
    try scheduler.restart(scheduler.job(key), instances)
  }

  /// Adds instances that are like the last one.
  ///
  /// - Throws: `AuroraRefusal` when there is none, or there may not be so many.
  public func addInstances(_ count: Int, to key: String) throws(AuroraRefusal) {
    try scheduler.addInstances(count, to: scheduler.job(key))
  }

  /// Brings a job to so many instances: those with the highest numbers go first.
  ///
  /// - Throws: `AuroraRefusal` when there is no such job, it is being updated, or there may not be
  ///   so many.
  public func scale(_ key: String, to count: Int) throws(AuroraRefusal) {
    let job = try scheduler.job(key)
    let there = job.active.filter(\.state.isKillable).map(\.instance)
    if count > there.count {
      try scheduler.addInstances(count - there.count, to: job)
    } else {
      try scheduler.kill(Set(there.dropFirst(max(0, count))), of: job)
    }
  }

  // MARK: Updates

  /// Begins to bring a job to another configuration, instance by instance.
  ///
  /// - Parameters:
  ///   - job: What it is to become; created where there is none of this key.
  ///   - cause: What reports call the update.
  /// - Returns: The update's id; `nil` when there is nothing to change.
  /// - Throws: `AuroraRefusal` when the job is being updated, is a cron job, or its role may not
  ///   take so much.
  @discardableResult public func startUpdate(
    to job: AuroraJob, cause: String? = nil
  ) throws(AuroraRefusal) -> String? {
    let live = scheduler.jobs[job.key]
    return try scheduler.startUpdate(of: live, to: job, cause ?? "update \(job.key)")?.id
  }

  /// Lets an update rest.
  ///
  /// - Throws: `AuroraRefusal` when there is none, or it rests already.
  public func pauseUpdate(of key: String) throws(AuroraRefusal) {
    try scheduler.pause(scheduler.update(of: key))
  }

  /// Goes on with an update that rests.
  ///
  /// - Throws: `AuroraRefusal` when there is none, or it does not rest.
  public func resumeUpdate(of key: String) throws(AuroraRefusal) {
    try scheduler.resume(scheduler.update(of: key))
  }

  /// Gives an update up; all instances stay as they are.
  ///
  /// - Throws: `AuroraRefusal` when there is none.
  public func abortUpdate(of key: String) throws(AuroraRefusal) {
    try scheduler.end(scheduler.update(of: key), as: .aborted, "")
    scheduler.tell()
  }

  /// Undoes an update that is under way.
  ///
  /// - Throws: `AuroraRefusal` when there is none, or it is on its way back.
  public func rollBackUpdate(of key: String) throws(AuroraRefusal) {
    try scheduler.rollBack(scheduler.update(of: key))
  }

  // MARK: Cron

  /// Takes a cron job on, or replaces the one of this key.
  ///
  /// - Throws: `AuroraRefusal` when it has no schedule, runs as another kind of job, or its role
  ///   may not take so much.
  public func schedule(_ job: AuroraJob) throws(AuroraRefusal) { try scheduler.schedule(job) }

  /// Runs a cron job now, as if its time had come.
  ///
  /// - Throws: `AuroraRefusal` when there is no such cron job.
  public func startCron(_ key: String) throws(AuroraRefusal) {
    try scheduler.startCron(scheduler.job(key))
  }

  /// Runs a cron job no more; what runs goes on.
  ///
  /// - Throws: `AuroraRefusal` when there is no such cron job.
  public func deschedule(_ key: String) throws(AuroraRefusal) {
    try scheduler.deschedule(scheduler.job(key))
  }

  // MARK: Quotas and maintenance

  /// Says what a role's production tasks may take.
  ///
  /// - Throws: `AuroraRefusal` when it is below what they take now.
  public func setQuota(_ limit: AuroraAmounts, of role: String) throws(AuroraRefusal) {
    try scheduler.setQuota(limit, of: role)
  }

  /// Announces that hosts will be taken out of use: others are preferred from now on.
  public func startMaintenance(of hosts: [String]) { scheduler.startMaintenance(of: hosts) }

  /// Sends the tasks of hosts elsewhere; nothing is launched there any more.
  public func drain(_ hosts: [String]) { scheduler.drain(hosts) }

  /// Sends the tasks of hosts elsewhere, production's only as its jobs can spare them.
  ///
  /// - Parameters:
  ///   - hosts: The hosts.
  ///   - timeout: After this time all that is left goes.
  ///   - sla: What holds for jobs that say nothing of it.
  public func drain(_ hosts: [String], within timeout: Duration, sla: AuroraSLA = AuroraSLA()) {
    scheduler.drain(hosts, AuroraDrain(sla: sla, deadline: scheduler.now + timeout))
  }

  /// Takes hosts into use again.
  public func endMaintenance(of hosts: [String]) { scheduler.endMaintenance(of: hosts) }
}
