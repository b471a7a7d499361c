// Part of mesosim. Apache-2.0, see LICENSE.
//
// Restarts, which Aurora's client makes: some instances at a time, each watched for a while.

import Mesos

/// A restart of a job under way.
final class AuroraRestart {
  /// The instances that are still to be restarted.
  @exclusivity(unchecked) var left: [Int]
  /// Those that are watched, and since when each has been seen to run.
  @exclusivity(unchecked) var watched: [Int: Instant?] = [:]
  /// How often each has failed.
  @exclusivity(unchecked) var failures: [Int: Int] = [:]
  var note: ServiceChange

  init(_ instances: [Int], _ note: ServiceChange) {
    left = instances
    self.note = note
  }
}

extension AuroraScheduler {
  private static let pollInterval = Duration.seconds(3)
  private static let watchTime = Duration.seconds(30)

  /// Restarts instances of a job, all unless some are named.
  func restart(_ job: AuroraLiveJob, _ instances: Set<Int>?) throws(AuroraRefusal) {
    try checkUpdating(job)
    guard job.restart == nil else {
      throw AuroraRefusal("\(job.key) is being restarted already")
    }
    let chosen = job.active.map(\.instance).filter { instances?.contains($0) ?? true }
    guard !chosen.isEmpty else { throw AuroraRefusal("no active tasks found for \(job.key)") }
    counts.updates += 1
    keepCounts()
    let note = ServiceChange(id: "u\(counts.updates)", what: "restart \(job.key)", began: now)
    job.restart = AuroraRestart(chosen, note)
    environment.journal.changes(note)
    goOn(job)
  }

  /// Begins with the next instances, when those before are done.
  private func goOn(_ job: AuroraLiveJob) {
    guard let restart = job.restart, restart.watched.isEmpty else { return }
    guard !restart.left.isEmpty else { return end(restart, of: job, .done, "") }
    let size = max(1, job.config?.job.update.batchSize ?? 1)
    for instance in restart.left.prefix(size) {
      restart.watched[instance] = .some(nil)
      if let row = job.row(of: instance) { change(row, to: .restarting) }
    }
    restart.left.removeFirst(min(size, restart.left.count))
    tell()
    poll(job)
  }

  private func poll(_ job: AuroraLiveJob) {
    later(Self.pollInterval) { [weak job] scheduler in
      guard let job, let restart = job.restart else { return }
      for instance in restart.watched.keys.sorted() { scheduler.look(at: instance, restart, job) }
      guard let settings = job.config?.job.update, scheduler.jobs[job.key] === job else {
        return scheduler.end(restart, of: job, .cancelled, "the job has ended")
      }
      let failed = restart.failures.values
      if failed.contains(where: { $0 > settings.maxPerShardFailures }),
        failed.count(where: { $0 > settings.maxPerShardFailures }) > settings.maxTotalFailures
      {
        return scheduler.end(restart, of: job, .cancelled, "too many instances failed")
      }
      if restart.watched.isEmpty { scheduler.goOn(job) } else { scheduler.poll(job) }
    }
  }

  private func look(at instance: Int, _ restart: AuroraRestart, _ job: AuroraLiveJob) {
    let row = job.row(of: instance)
    let isRunning = row?.state == .running
    switch restart.watched[instance] ?? nil {
    case let since? where isRunning:
      if now - since > Self.watchTime { restart.watched[instance] = nil }
    case nil where isRunning: restart.watched[instance] = now
    case nil:
      // Who killed it wants it no more.
      if row == nil { restart.watched[instance] = nil }
    default:
      restart.watched[instance] = nil
      restart.failures[instance, default: 0] += 1
      restart.left.append(instance)
    }
  }

  private func end(
    _ restart: AuroraRestart, of job: AuroraLiveJob, _ outcome: ServiceChange.Outcome,
    _ reason: String
  ) {
    job.restart = nil
    restart.note.ended = now
    restart.note.outcome = outcome
    restart.note.reason = reason
    environment.journal.changes(restart.note)
  }
}
