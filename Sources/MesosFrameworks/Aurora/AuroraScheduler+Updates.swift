// Part of mesosim. Apache-2.0, see LICENSE.
//
// Rolling updates: instance by instance, a few at a time, and back when too many fail.

import Mesos

extension AuroraScheduler {
  // MARK: Asked for

  /// Begins to change a job.
  ///
  /// - Returns: The update; `nil` when there is nothing to change.
  func startUpdate(
    of live: AuroraLiveJob?, to new: AuroraJob, _ cause: String
  ) throws(AuroraRefusal) -> AuroraUpdate? {
    if let live { try checkUpdating(live) }
    try checkSize(of: new)
    guard new.cronSchedule == nil, live?.cron == nil else {
      throw AuroraRefusal("cron jobs may only be updated by scheduling them again: \(new.key)")
    }
    guard new.update.strategy.isValid else {
      throw AuroraRefusal("the size of each group of an update must be positive")
    }
    for (key, number) in [
      ("max_per_shard_failures", new.update.maxPerShardFailures),
      ("max_total_failures", new.update.maxTotalFailures),
      ("watch_secs", new.update.watchSeconds),
    ] where number < 0 {
      throw AuroraRefusal("\(key) of an update must not be negative: \(number)")
    }
    let before = live?.active ?? []
    let old = before.reduce(AuroraAmounts()) { $0 + $1.config.load(1).charge }
    let after = load(of: new, new.instances)
    if after.isCharged {
      try checkQuota(of: new.role, old.larger(after.charge), without: live)
    }
    let job = live ?? makeLive(new)
    let config = job.config(for: new)
    var initial: [Int: AuroraConfig] = [:]
    for row in before { initial[row.instance] = row.config }
    counts.updates += 1
    let update = AuroraUpdate(
      "u\(counts.updates)", cause, of: job, from: initial, to: config, new, at: now)
    keepCounts()
    guard !update.isEmpty else {
      update.note.ended = now
      update.note.outcome = .done
      environment.journal.changes(update.note)
      return nil
    }
    if live == nil { beginRun(of: job, number: job.number) }
    job.update = update
    want(new.instances, of: job)
    begin(update)
    return update
  }

  /// The update of a job that is under way.
  func update(of key: String) throws(AuroraRefusal) -> AuroraUpdate {
    guard let update = try job(key).update else {
      throw AuroraRefusal("there is no active update of \(key)")
    }
    return update
  }

  func pause(_ update: AuroraUpdate) throws(AuroraRefusal) {
    guard !update.status.isPaused else {
      throw AuroraRefusal("the update of \(update.job.key) is paused already")
    }
    update.status = update.status.isForward ? .forwardPaused : .backPaused
    rest(update)
    keep(update)
  }

  func resume(_ update: AuroraUpdate) throws(AuroraRefusal) {
    guard update.status.isPaused else {
      throw AuroraRefusal("the update of \(update.job.key) is not paused")
    }
    update.status = update.status.isForward ? .rollingForward : .rollingBack
    begin(update)
  }

  /// Undoes an update.
  func rollBack(_ update: AuroraUpdate) throws(AuroraRefusal) {
    guard update.status.isForward else {
      throw AuroraRefusal("the update of \(update.job.key) is on its way back already")
    }
    turnBack(update)
  }

  // MARK: Steps

  /// Begins with all there is to do; what is done already is passed over quickly.
  func begin(_ update: AuroraUpdate) {
    update.plan = update.makePlan()
    let words = update.status.rawValue
    if update.note.steps.last?.what != words {
      if !update.note.steps.isEmpty {
        update.note.steps[update.note.steps.count - 1].ended = now
      }
      update.note.steps.append(ServiceChange.Step(words, began: now))
    }
    environment.journal.changes(update.note)
    keep(update)
    goOn(update)
    tell()
  }

  /// Stops doing anything.
  private func rest(_ update: AuroraUpdate) {
    update.plan = nil
    update.working = [:]
    for timer in update.timers.values { environment.cancelTimer(timer) }
    update.timers = [:]
  }

  /// Begins with further instances as long as there may be more, and ends when there are none.
  private func goOn(_ update: AuroraUpdate) {
    while let begun = update.plan?.advance(), !begun.isEmpty {
      for instance in begun {
        let target = update.target(of: instance)
        let row = update.job.row(of: instance)
        let fits = row.map { target?.fits(inPlaceOf: $0.config) ?? false } ?? false
        update.working[instance] = InstanceUpdate(
          isWanted: target != nil, fitsInPlace: fits,
          maxFailures: update.settings.maxPerShardFailures,
          watchSeconds: Double(update.settings.watchSeconds))
        evaluate(update, instance, row)
      }
    }
    guard let plan = update.plan, !plan.isUnderWay else { return }
    switch plan.status {
    case .rolledForward: end(update, as: .rolledForward, "")
    case .rolledBack: end(update, as: .rolledBack, "too many instances failed")
    case .failed: end(update, as: .failed, "too many instances failed")
    case .rollingBack, .rollingForward: turnBack(update)
    }
  }

  /// Something has happened to an instance.
  func step(_ update: AuroraUpdate, _ instance: Int, _ row: AuroraRow) {
    guard update.working[instance] != nil else { return }
    evaluate(update, instance, row)
    goOn(update)
  }

  private func evaluate(_ update: AuroraUpdate, _ instance: Int, _ row: AuroraRow?) {
    guard let work = update.working[instance] else { return }
    if let timer = update.timers.removeValue(forKey: instance) { environment.cancelTimer(timer) }
    let target = update.target(of: instance)
    let actual = row.flatMap { row in
      row.state == .deleted
        ? nil
        : InstanceUpdate.Actual(
          isWanted: row.config === target, state: row.state, wasKilling: row.wasKilling,
          secondsInState: (now - row.since).inSeconds)
    }
    switch work.next(actual) {
    case .add:
      if let target, update.job.row(of: instance) == nil { makeRow(target, instance) }
    case .kill: if let row { change(row, to: .killing) }
    case .killAndReserve:
      guard let row else { return }
      if let host = row.host { keep(host, for: instance, of: update.job) }
      change(row, to: .killing)
    case .wait:
      // A task of the new kind has failed, and another takes its place.
      if actual?.state.isTerminal == true, actual?.isWanted == true {
        update.working[instance]?.failures += 1
      }
    case .watch:
      let left = work.watchSeconds - (actual?.secondsInState ?? 0)
      update.timers[instance] = later(.rounded(seconds: left)) { [weak update] scheduler in
        guard let update, update.working[instance] != nil else { return }
        update.timers[instance] = nil
        scheduler.evaluate(update, instance, update.job.row(of: instance))
        scheduler.goOn(update)
        scheduler.tell()
      }
    case .succeeded: finish(update, instance, success: true)
    case .failed: finish(update, instance, success: false)
    }
  }

  private func finish(_ update: AuroraUpdate, _ instance: Int, success: Bool) {
    update.working[instance] = nil
    update.plan?.note(success: success, of: instance)
    endAffinity(of: instance, update.job)
  }

  private func turnBack(_ update: AuroraUpdate) {
    rest(update)
    update.status = .rollingBack
    want(update.initial.count, of: update.job)
    begin(update)
  }

  /// Ends an update; the job stays as it is.
  func end(_ update: AuroraUpdate, as status: AuroraUpdate.Status, _ reason: String) {
    rest(update)
    let job = update.job
    update.status = status
    job.update = nil
    if !update.note.steps.isEmpty { update.note.steps[update.note.steps.count - 1].ended = now }
    update.note.ended = now
    update.note.outcome = status == .rolledForward ? .done : .cancelled
    update.note.reason =
      status == .rolledForward ? "" : status.rawValue + (reason.isEmpty ? "" : ": " + reason)
    environment.journal.changes(update.note)
    forget(update)
    if status != .rolledForward {
      // What is left counts from now on.
      if let config = job.active.last?.config { _ = job.config(for: config.job) }
      want(job.count, of: job)
    }
    settle(job)
  }
}
