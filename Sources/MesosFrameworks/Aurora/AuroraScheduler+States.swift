// Part of mesosim. Apache-2.0, see LICENSE.
//
// The lives of tasks: what each change of state brings about, and what is waited for.

import Mesos

extension AuroraScheduler {
  // MARK: Coming

  /// Makes the task of an instance, which has none.
  @discardableResult
  func makeRow(_ config: AuroraConfig, _ instance: Int, after ancestor: AuroraRow? = nil)
    -> AuroraRow
  {
    let number = takeTaskNumber()
    let job = config.owner
    let id = TaskID(job.taskPrefix + String(instance) + "-" + String(number))
    let row = AuroraRow(id, number: number, of: config, instance: instance)
    var delay = 0.0
    if let ancestor {
      row.failures = ancestor.failures
      row.flaps = ancestor.hasFlapped(Self.flapPenalty) ? ancestor.flaps + 1 : 0
      delay = penalty(after: row.flaps)
    }
    assureAlone(row)
    tasks[id] = row
    job.add(row)
    change(row, to: delay > 0 ? .throttled : .pending)
    if delay > 0 { throttle(row, .rounded(seconds: delay)) }
    return row
  }

  private static let flapPenalty = FlapPenalty()

  func penalty(after flaps: Int) -> Double {
    flaps == 0
      ? 0 : Self.flapPenalty.seconds(after: flaps) { [chance] _ in chance.uniform() }
  }

  /// Lets a task wait before it may be scheduled.
  func throttle(_ row: AuroraRow, _ delay: Duration) {
    later(delay) { [weak row] scheduler in
      guard let row, row.state == .throttled else { return }
      scheduler.change(row, to: .pending)
      scheduler.tell()
    }
  }

  // MARK: Changing

  /// Changes a task's state, if that may be, with all that comes of it; `tell` is to be called when
  /// all that changes at once has changed.
  @discardableResult
  func change(_ row: AuroraRow, to state: AuroraTaskState) -> Bool {
    let transition = AuroraTransition(from: row.state, to: state, row.context)
    guard transition.kind == .legal else {
      if transition.has(.kill) { driver?.killTask(row.id) }
      return false
    }
    if transition.has(.countFailure) { row.failures += 1 }
    enter(row, transition.has(.delete) ? .deleted : state)
    if transition.has(.reschedule) {
      makeRow(row.config, row.instance, after: row)
    } else if !row.state.isActive, row.state != .finished {
      row.job.hasFailed = true
    }
    if transition.has(.toLost) { change(row, to: .lost) }
    if transition.has(.kill) { driver?.killTask(row.id) }
    return true
  }

  /// Puts a task into a state, all counts with it.
  private func enter(_ row: AuroraRow, _ state: AuroraTaskState) {
    let (before, job) = (row.state, row.job)
    if before == .pending { leaveQueue(row, to: state) }
    row.enter(state, at: now)
    if before.hasSlave != state.hasSlave { place(row, state.hasSlave) }
    if !state.isActive {
      tasks[row.id] = nil
      job.remove(row)
      forget(row)
    } else {
      keep(row)
    }
    news.append((row, state))
    switch state {
    case .pending: enqueue(row)
    case .running: noteUp(row)
    case .assigned, .preempting, .restarting, .draining: awaitNext(row)
    case .killing:
      awaitNext(row)
      awaitEnd(of: row)
    case .partitioned: awaitReturn(of: row)
    default: break
    }
  }

  private func place(_ row: AuroraRow, _ isThere: Bool) {
    row.job.count(row, isThere ? 1 : -1)
    guard let host = row.host else { return }
    if isThere { return host.add(row) }
    host.remove(row)
    if host.rows.isEmpty, host.slave.mode == .draining { setMode(.drained, of: host.hostname) }
  }

  private func leaveQueue(_ row: AuroraRow, to state: AuroraTaskState) {
    row.config.waiting -= 1
    // A launch is told apart from what is merely not wanted any more.
    if state != .assigned { noteNoDemand(row.config) }
  }

  /// Tells reports that a task serves.
  func noteUp(_ row: AuroraRow) {
    if row.config.job.isService { environment.journal.up(row.id, of: row.job.group) }
  }

  /// Tells updates, restarts and jobs what has changed.
  func tell() {
    guard !isTelling else { return }
    isTelling = true
    var told = 0
    while told < news.count {
      let (row, state) = news[told]
      told += 1
      // What has changed since will be told in its turn.
      guard row.state == state else { continue }
      let job = row.job
      if let update = job.update { step(update, row.instance, row) }
      if !state.isActive { settle(job) }
    }
    news.removeAll(keepingCapacity: true)
    isTelling = false
  }

  // MARK: Waiting

  /// A task that does not get on within a while is lost.
  private func awaitNext(_ row: AuroraRow) {
    transients.add(row, until: row.since + options.transientTimeout)
    watchTransients()
  }

  private func watchTransients() {
    guard transients.timer == nil, let deadline = transients.next else { return }
    transients.timer = later(max(.zero, deadline - now)) { scheduler in
      scheduler.transients.timer = nil
      for row in scheduler.transients.takeDue(at: scheduler.now) {
        scheduler.change(row, to: .lost)
      }
      scheduler.tell()
      scheduler.watchTransients()
    }
  }

  /// Kills that nothing is heard of are asked for again.
  private func awaitEnd(of row: AuroraRow) {
    row.killDelay = options.semantics.killPatience
    kills.add(row, until: now + .rounded(seconds: row.killDelay))
    watchKills()
  }

  private func watchKills() {
    guard kills.timer == nil, let deadline = kills.next else { return }
    kills.timer = later(deadline - now) { scheduler in
      scheduler.kills.timer = nil
      for row in scheduler.kills.takeDue(at: scheduler.now) { scheduler.killAgain(row) }
      scheduler.watchKills()
    }
  }

  private func killAgain(_ row: AuroraRow) {
    driver?.killTask(row.id)
    row.killDelay = min(60, row.killDelay + chance.uniform() * row.killDelay)
    later(.rounded(seconds: row.killDelay)) { [weak row] scheduler in
      if let row, row.state == .killing { scheduler.killAgain(row) }
    }
  }

  /// A task whose slave cannot be reached is given up after the time that its job says.
  private func awaitReturn(of row: AuroraRow) {
    let policy = row.config.job.partitionPolicy
    guard policy.reschedules else { return }
    let changes = row.changes
    later(.rounded(seconds: policy.delaySeconds)) { [weak row] scheduler in
      guard let row, row.state == .partitioned, row.changes == changes else { return }
      scheduler.change(row, to: .lost)
      scheduler.tell()
    }
  }

  /// Goes on with a task that an earlier process has left.
  func resume(_ row: AuroraRow) {
    let delay = penalty(after: row.flaps)
    switch row.state {
    case .pending: enqueue(row, after: chance.uniform() * 30 + delay)
    case .throttled: throttle(row, max(.zero, row.since + .rounded(seconds: delay) - now))
    case .assigned, .preempting, .restarting, .draining: awaitNext(row)
    case .killing:
      awaitNext(row)
      awaitEnd(of: row)
    case .partitioned: awaitReturn(of: row)
    default: break
    }
  }

  // MARK: What always holds

  /// Says, where it is being checked, that an instance has one task at a time.
  private func assureAlone(_ row: AuroraRow) {
    let job = row.job
    environment.journal.assure("aurora-one-task-an-instance") {
      job.row(of: row.instance) == nil
        && !tasks.values.contains { $0.job === job && $0.instance == row.instance }
    }
  }
}

/// Tasks that are waited for equally long, the oldest first.
struct AuroraWatch {
  private var entries: [(row: AuroraRow, changes: Int, deadline: Instant)] = []
  private var start = 0
  var timer: TimerID?

  /// When the first is due that has not changed since.
  var next: Instant? {
    mutating get {
      while start < entries.count, entries[start].row.changes != entries[start].changes {
        start += 1
      }
      guard start < entries.count else {
        entries.removeAll(keepingCapacity: true)
        start = 0
        return nil
      }
      if start > 256, start * 2 > entries.count {
        entries.removeFirst(start)
        start = 0
      }
      return entries[start].deadline
    }
  }

  mutating func add(_ row: AuroraRow, until deadline: Instant) {
    entries.append((row, row.changes, deadline))
  }

  /// Takes those that are due and have not changed since.
  mutating func takeDue(at now: Instant) -> [AuroraRow] {
    var due: [AuroraRow] = []
    while let deadline = next, deadline <= now {
      due.append(entries[start].row)
      start += 1
    }
    return due
  }
}
