// Part of mesosim. Apache-2.0, see LICENSE.
//
// What an Aurora's users do in a scenario: they create its jobs, and change them at their times;
// and how its next process goes on.

import Mesos

extension AuroraScheduler {
  /// Creates the jobs that no act creates, the first time.
  func createFirstJobs() {
    guard !counts.hasBegun else { return }
    counts.hasBegun = true
    keepCounts()
    let later = options.acts.filter { $0.verb == "create" }.map(\.object)
    let api = AuroraAPI(self)
    for job in options.jobs where !later.contains(where: { AuroraActs.names($0, job) }) {
      do throws(AuroraRefusal) { try api.submit(job) } catch { refuse("create \(job.key)", error) }
    }
  }

  /// Waits for the next act; those whose time has come while nobody was there are done at once.
  func scheduleNextAct() {
    guard counts.acts < options.acts.count, actTimer == nil else { return }
    let act = options.acts[counts.acts]
    actTimer = later(max(.zero, .start + act.at - now)) { scheduler in
      scheduler.actTimer = nil
      scheduler.counts.acts += 1
      scheduler.keepCounts()
      do throws(AuroraRefusal) { try AuroraActs.perform(act, on: scheduler) } catch {
        scheduler.refuse(act.text, error)
      }
      scheduler.scheduleNextAct()
    }
  }

  /// Tells reports of what was refused.
  private func refuse(_ cause: String, _ refusal: AuroraRefusal) {
    counts.updates += 1
    keepCounts()
    var note = ServiceChange(id: "u\(counts.updates)", what: cause, began: now)
    note.ended = now
    note.outcome = .refused
    note.reason = refusal.description
    environment.journal.changes(note)
  }

  /// Goes on with what an earlier process has left.
  func resumeAll() {
    for job in sortedJobs { announce(job) }
    let rows = tasks.values.sorted { ($0.since, $0.number) < ($1.since, $1.number) }
    for row in rows { resume(row) }
    for job in sortedJobs {
      if let update = job.update, !update.status.isPaused { begin(update) }
      if let cron = job.cron { awaitRun(cron, of: job) }
      settle(job)
    }
    for (hostname, mode) in modes.sorted(by: { $0.key < $1.key })
    where mode == .draining && drains[hostname] == nil {
      drain([hostname])
    }
    if !drains.isEmpty { poll() }
  }
}
