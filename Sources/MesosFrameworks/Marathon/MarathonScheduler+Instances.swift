// Part of mesosim. Apache-2.0, see LICENSE.
//
// The lives of instances: from the queue to a task, and back when it ends.

import Mesos

extension MarathonScheduler {
  // MARK: Coming and going

  /// Makes instances of an app's current configuration, which then wait for offers.
  func startInstances(_ count: Int, of app: MarathonApp) {
    guard let spec = app.spec else { return }
    for _ in 0..<max(0, count) {
      let instance = AppInstance(takeNumber(app), of: spec, at: now)
      app.add(instance)
      publish(instance, as: instance.condition)
      if spec.isResident {
        hasResidents = true
        reusePlace(for: instance)
      }
      enqueue(instance)
    }
  }

  /// Forgets an instance.
  func expunge(_ instance: AppInstance) {
    guard !instance.isGone else { return }
    stopTimers(of: instance)
    if instance.condition == .scheduled { dequeue(instance) }
    forgetTask(of: instance)
    if instance.residence != nil {
      if case .stop? = instance.app.action {
        leave(instance, drops: true)
      } else {
        leave(instance, drops: false)
      }
    }
    instance.app.remove(instance)
    for spec in instance.app.dropEmptySpecs() { forget(spec) }
    forget(instance)
  }

  private func forgetTask(of instance: AppInstance) {
    guard let task = instance.task else { return }
    tasks[task] = nil
    let spec = instance.spec
    if !spec.hasNoConstraints, !spec.isResident { spec.placement.remove(task) }
    instance.task = nil
    endKill(of: instance)
  }

  func stopTimers(of instance: AppInstance) {
    if let timer = instance.timer { environment.cancelTimer(timer) }
    if let timer = instance.watch.timer { environment.cancelTimer(timer) }
    instance.timer = nil
    instance.watch = FailureWatch()
  }

  /// Puts an instance into another condition, all counts with it.
  func change(_ instance: AppInstance, to condition: InstanceCondition) {
    instance.spec.count(instance, -1)
    instance.condition = condition
    instance.spec.count(instance, 1)
    publish(instance, as: condition)
  }

  // MARK: Updates

  /// Takes in what an update says of an instance's task.
  func update(_ instance: AppInstance, _ status: TaskStatus) {
    let condition = InstanceCondition(status.state, reason: status.reason)
    publish(status, as: condition, instance)
    if condition.isTerminal {
      end(instance, as: condition, status)
    } else if condition == .unreachable {
      lose(instance)
    } else {
      progress(instance, to: condition, status)
    }
    settle(instance.app)
  }

  private func progress(
    _ instance: AppInstance, to condition: InstanceCondition, _ status: TaskStatus
  ) {
    let before = instance.condition
    if condition != before, !isStale(condition, before) {
      if before == .unreachable || before == .unreachableInactive { comeBack(instance) }
      change(instance, to: condition)
      instance.since = now
      if let event = condition.delayEvent { instance.spec.delay.note(event, at: now) }
      if condition == .running { started(instance) }
      if before == .unreachable || before == .unreachableInactive { balance(instance.app) }
    } else if instance.isReady,
      status.reason == .slaveReregistered
        || !lostSlaves.isEmpty && instance.slave.map(lostSlaves.contains) == true
    {
      // It may have been lost and back to the master, unheard of here.
      environment.journal.up(taskOf(instance), of: instance.app.group)
    }
    noteHealth(of: instance, status)
    noteReady(instance)
  }

  /// Whether an update tells of the past: updates of one task come in order, but for answers of the
  /// master.
  func isStale(_ condition: InstanceCondition, _ now: InstanceCondition) -> Bool {
    switch (now, condition) {
    case (.running, .staging), (.running, .starting), (.starting, .staging), (.killing, _): true
    default: false
    }
  }

  private func started(_ instance: AppInstance) {
    if instance.isHealthy != false { tokens += 1 }
    if !instance.spec.isChecked { environment.journal.up(taskOf(instance), of: instance.app.group) }
  }

  private func taskOf(_ instance: AppInstance) -> TaskID { instance.task ?? TaskID("") }

  /// Takes note of an instance that serves: reports and its restart are told.
  func noteReady(_ instance: AppInstance) {
    guard instance.isReady, !instance.wasReady else { return }
    instance.wasReady = true
    if instance.spec.isChecked { environment.journal.up(taskOf(instance), of: instance.app.group) }
    if case .restart(let restart)? = instance.app.action, instance.spec === instance.app.spec {
      restart.credits += 1
    }
  }

  /// A task has ended: its instance is launched again, or goes.
  private func end(
    _ instance: AppInstance, as condition: InstanceCondition, _ status: TaskStatus
  ) {
    stopTimers(of: instance)
    let spec = instance.spec
    if let event = condition.delayEvent {
      let isDraining = status.reason == .slaveDraining && (event == .killed || event == .gone)
      spec.delay.note(isDraining ? .draining : event, at: now)
      if event != .killed { noteFailure(of: instance, status) }
    }
    let isReplaced = spec !== instance.app.spec && instance.app.isRestarting
    guard instance.goal == .running, !isReplaced else { return expunge(instance) }
    forgetTask(of: instance)
    change(instance, to: .scheduled)
    instance.runnableSince = now
    instance.isHealthy = nil
    instance.slave = nil
    instance.location = nil
    if instance.isWiped {
      instance.isWiped = false
      leave(instance, drops: true)
    }
    keep(instance)
    enqueue(instance)
  }

  private func noteFailure(of instance: AppInstance, _ status: TaskStatus) {
    instance.app.lastFailure = InstanceFailure(
      task: status.taskID, instance: instance.name, state: status.state, message: status.message,
      hostname: instance.location?.hostname ?? "", slave: instance.slave, at: now,
      version: instance.spec.version)
  }

  // MARK: Unreachable instances

  /// A slave does not answer: its instances are replaced after a time, and forgotten after another.
  private func lose(_ instance: AppInstance) {
    guard instance.condition != .unreachable, instance.condition != .unreachableInactive else {
      return
    }
    stopTimers(of: instance)
    // What is to go anyway has gone.
    guard instance.goal == .running else { return expunge(instance) }
    change(instance, to: .unreachable)
    instance.since = now
    instance.isHealthy = nil
    instance.wasReady = false
    // Where it was others may go: it counts no longer.
    if let task = instance.task, !instance.spec.isResident {
      instance.spec.placement.remove(task)
    }
    switch instance.spec.definition.unreachableStrategy {
    case .disabled:
      if let place = instance.residence {
        sought.insert(place.name)
        revive()
      }
    case .after(0, 0): giveUp(instance)
    case .after(let inactive, _):
      instance.timer = environment.startTimer(after: .seconds(inactive)) {
        [weak self, weak instance] in
        guard let self, let instance else { return }
        replace(instance)
      }
    }
  }

  /// Another takes the place of an unreachable instance, which still may come back.
  private func replace(_ instance: AppInstance) {
    instance.timer = nil
    change(instance, to: .unreachableInactive)
    if case .after(let inactive, let expunge) = instance.spec.definition.unreachableStrategy {
      instance.timer = environment.startTimer(after: .seconds(expunge - inactive)) {
        [weak self, weak instance] in
        guard let self, let instance else { return }
        let app = instance.app
        self.expunge(instance)
        settle(app)
      }
    }
    balance(instance.app)
    settle(instance.app)
  }

  /// An unreachable instance is forgotten at once, and another started.
  private func giveUp(_ instance: AppInstance) {
    let app = instance.app
    expunge(instance)
    balance(app)
  }

  /// An unreachable instance has ended: what is kept for it is free.
  func endUnreachable(_ instance: AppInstance) {
    guard let task = instance.task else { return }
    let status = TaskStatus(
      taskID: task, state: .gone, slaveID: instance.slave, timestamp: now, source: .master)
    end(instance, as: .gone, status)
  }

  private func comeBack(_ instance: AppInstance) {
    if let place = instance.residence { sought.remove(place.name) }
    if let timer = instance.timer { environment.cancelTimer(timer) }
    instance.timer = nil
    if let task = instance.task, let location = instance.location, !instance.spec.isResident {
      instance.spec.placement.add(task, at: location)
    }
  }

  // MARK: As many as are wanted

  /// Starts what is missing and stops what is too much, of an app that no deployment is about.
  func balance(_ app: MarathonApp) {
    guard app.deployment == nil, app.spec != nil else { return }
    let missing = app.wanted - app.members
    if missing > 0 {
      startInstances(missing, of: app)
    } else if missing < 0 {
      stopSurplus(of: app)
    }
  }

  /// Tells instances to go, as many as there are too many.
  func stopSurplus(of app: MarathonApp, sentenced: Set<Int> = []) {
    guard let definition = app.definition else { return }
    let members = app.sortedInstances.filter(\.isMember)
    let selection = KillSelection(definition.constraints, order: definition.killSelection)
    // What has no task goes before everything else.
    let waiting = members.filter { $0.condition == .scheduled && !sentenced.contains($0.number) }
    let surplus = members.count - max(0, definition.instances) - sentenced.count
    for instance in waiting.reversed().prefix(max(0, surplus)) { decommission(instance) }
    let candidates = members.filter(\.isMember).map { instance in
      KillCandidate(
        id: instance.number, condition: instance.condition, since: instance.since,
        location: instance.location ?? Location(hostname: ""))
    }
    let victims = selection.victims(
      among: candidates, target: definition.instances, sentenced: sentenced)
    for number in victims {
      if let instance = app.instances[number] { decommission(instance) }
    }
  }

  // MARK: Kills

  /// Tells an instance to go for good.
  func decommission(_ instance: AppInstance) {
    guard instance.goal == .running, !instance.isGone else { return }
    // Nothing is left to kill of what waits or is lost.
    switch instance.condition {
    case .scheduled, .unreachable, .unreachableInactive: return expunge(instance)
    default: break
    }
    instance.spec.count(instance, -1)
    instance.goal = .decommissioned
    instance.spec.count(instance, 1)
    keepGoal(of: instance)
    kill(instance)
  }

  /// Has an instance's task killed; at most 100 at a time are told so.
  func kill(_ instance: AppInstance) {
    guard instance.killedAt == nil else { return }
    instance.killedAt = now
    killQueue.append(instance)
    sendKills()
  }

  private static let killsAtOnce = 100
  private static let killPatience = Duration.seconds(30)

  /// Tells instances that are to be killed so, as many as may be told at a time.
  func sendKills() {
    guard let driver else { return }
    while killsInFlight.count < Self.killsAtOnce, killQueueStart < killQueue.count {
      let instance = killQueue[killQueueStart]
      killQueueStart += 1
      guard instance.killedAt != nil, let task = instance.task else { continue }
      instance.killedAt = now
      killsInFlight.append(instance)
      driver.killTask(task)
    }
    if killQueueStart == killQueue.count {
      killQueue.removeAll(keepingCapacity: true)
      killQueueStart = 0
    }
    repeatKillsLater()
  }

  /// Kills that nothing is heard of are asked for again.
  private func repeatKillsLater() {
    guard killTimer == nil, let oldest = killsInFlight.first?.killedAt else { return }
    let delay = max(.zero, oldest + Self.killPatience - now)
    killTimer = environment.startTimer(after: delay) { [weak self] in
      guard let self, let driver else { return }
      killTimer = nil
      for instance in killsInFlight {
        guard let asked = instance.killedAt, let task = instance.task,
          now >= asked + Self.killPatience
        else { continue }
        instance.killedAt = now
        driver.killTask(task)
      }
      repeatKillsLater()
    }
  }

  /// The task of an instance that was to be killed has ended, or is lost.
  private func endKill(of instance: AppInstance) {
    guard instance.killedAt != nil else { return }
    instance.killedAt = nil
    if let place = killsInFlight.firstIndex(where: { $0 === instance }) {
      killsInFlight.remove(at: place)
    }
    sendKills()
  }

  // MARK: Launches that nothing is heard of

  func awaitConfirmation(of instance: AppInstance) {
    unconfirmed.append((instance, instance.launches, now + options.launchTimeout))
    confirmLater()
  }

  private func confirmLater() {
    while unconfirmedStart < unconfirmed.count, isConfirmed(unconfirmed[unconfirmedStart]) {
      unconfirmedStart += 1
    }
    if unconfirmedStart == unconfirmed.count {
      unconfirmed.removeAll(keepingCapacity: true)
      unconfirmedStart = 0
    }
    guard confirmationTimer == nil, unconfirmedStart < unconfirmed.count else { return }
    let deadline = unconfirmed[unconfirmedStart].deadline
    confirmationTimer = environment.startTimer(after: deadline - now) { [weak self] in
      guard let self else { return }
      confirmationTimer = nil
      killOverdue()
      confirmLater()
    }
  }

  private func isConfirmed(_ entry: (instance: AppInstance, launch: Int, deadline: Instant))
    -> Bool
  {
    guard entry.instance.launches == entry.launch, entry.instance.task != nil else { return true }
    switch entry.instance.condition {
    case .provisioned, .staging, .starting: return false
    default: return true
    }
  }

  private func killOverdue() {
    while unconfirmedStart < unconfirmed.count, unconfirmed[unconfirmedStart].deadline <= now {
      let entry = unconfirmed[unconfirmedStart]
      unconfirmedStart += 1
      if !isConfirmed(entry) { kill(entry.instance) }
    }
  }
}
