// Part of mesosim. Apache-2.0, see LICENSE.
//
// A batch framework in the manner of Hadoop, Spark or MPI: jobs of stages of tasks, fair sharing
// among its jobs, and good manners towards the master. Nothing here knows that it is simulated.

public import Mesos

import VirtualTime

/// How a batch framework behaves.
public struct BatchOptions: Sendable, Hashable {
  /// What it asks for when it declines: how long the same resources stay away.
  public var refusal: Filters
  /// How long offers are held for a gang that is not complete; `nil` for as long as it takes,
  /// which can be for ever when others hold the rest.
  public var holdTimeout: Duration?
  /// How often a task may fail before its job is given up (Hadoop's `mapred.map.max.attempts`).
  public var attemptsMax: Int
  /// How often it asks what became of its tasks, where messages can get lost; `nil` for only after
  /// it was disconnected.
  public var reconciliationInterval: Duration?

  /// Describes the behaviour of a batch framework.
  public init(
    refusal: Filters = Filters(), holdTimeout: Duration? = .seconds(10), attemptsMax: Int = 4,
    reconciliationInterval: Duration? = nil
  ) {
    self.refusal = refusal
    self.holdTimeout = holdTimeout
    self.attemptsMax = attemptsMax
    self.reconciliationInterval = reconciliationInterval
  }
}

/// Runs jobs on offers.
///
/// - Each offer goes, task by task, to the job with the fewest running tasks that has one that
///   fits: fair sharing as in Hadoop's fair scheduler. What no job can use is declined.
/// - A gang stage starts only when all its tasks can: offers are held until there are enough, for
///   one gang at a time, the oldest. What it cannot use goes to the other jobs.
/// - Offers held for too long are given back, for a time that chance varies, lest two frameworks
///   that each hold a part of what either needs do so for ever.
/// - With nothing to run the framework suppresses offers, with new work it revives them, and when
///   its last job is done it stops its driver.
public final class BatchScheduler: Scheduler {
  @exclusivity(unchecked) private var environment: any Environment
  private let options: BatchOptions
  /// All jobs in the order of submission; those before `nextArrival` have been submitted.
  private let jobs: [Job]

  // One thread, and no two of these are ever touched by one expression; the dynamic checks would be
  // paid for each offer and task.
  @exclusivity(unchecked) private var nextArrival = 0
  /// How many jobs are submitted and neither finished nor given up.
  @exclusivity(unchecked) private var active = 0
  @exclusivity(unchecked) private var waiting = WaitingJobs()
  @exclusivity(unchecked) private var running: [TaskID: RunningTask] = [:]
  @exclusivity(unchecked) private var held = HeldOffers()
  @exclusivity(unchecked) private var holdTimer: TimerID?
  private var arrivalTimer: TimerID?
  private var reconciliationTimer: TimerID?
  /// Until when nothing is held, so that all that was given back comes again at once.
  @exclusivity(unchecked) private var holdPauseEnd = Instant.start
  @exclusivity(unchecked) private var isSuppressed = false
  /// Whether refused resources may be fit for work that has come since.
  @exclusivity(unchecked) private var hasRefused = false

  private struct RunningTask {
    let job: ActiveJob
    let number: Int
    let attempt: Int
  }

  /// Makes a framework that will run `jobs`, which must be in the order of submission.
  public init(
    jobs: [Job], options: BatchOptions = BatchOptions(), environment: any Environment
  ) {
    self.jobs = jobs
    self.options = options
    self.environment = environment
  }

  // MARK: Callbacks

  /// Submits what is due and asks for offers if there is work.
  ///
  /// With tasks under way this is another process, or another master: what became of them is asked.
  public func registered(
    _ driver: any SchedulerDriver, frameworkID: FrameworkID, masterInfo: MasterInfo
  ) {
    resume(driver)
  }

  /// Asks what became of the tasks, and goes on.
  public func reregistered(_ driver: any SchedulerDriver, masterInfo: MasterInfo) {
    resume(driver)
  }

  /// Forgets what was offered: without a master all offers are void.
  public func disconnected(_ driver: any SchedulerDriver) { forgetOffers() }

  /// Answers every offer: launches what fits, holds for a gang, or declines.
  public func resourceOffers(_ driver: any SchedulerDriver, offers: [Offer]) {
    for offer in offers { answer(offer, driver) }
    suppressIfIdle(driver)
  }

  /// Forgets an offer that was held for a gang.
  public func offerRescinded(_ driver: any SchedulerDriver, offerID: OfferID) {
    held.remove(offerID)
    if held.isEmpty { stopHoldTimer() }
  }

  /// Keeps the books of a task that ended, and starts what follows from it.
  public func statusUpdate(_ driver: any SchedulerDriver, status: TaskStatus) {
    guard status.state.isTerminal, let task = running.removeValue(forKey: status.taskID)
    else { return }
    task.job.running -= 1
    waiting.update(task.job)
    if status.state == .finished {
      finishTask(of: task.job, driver)
    } else {
      retry(task, after: status.state, driver)
    }
  }

  // MARK: Arrivals

  private func submitArrivals(_ driver: any SchedulerDriver) {
    var hasWork = false
    while nextArrival < jobs.count, jobs[nextArrival].submitted <= environment.now {
      let job = jobs[nextArrival]
      environment.journal.jobSubmitted(job.id, name: job.name)
      let submitted = ActiveJob(job, order: nextArrival)
      nextArrival += 1
      active += 1
      hasWork = startStage(of: submitted, driver) || hasWork
    }
    if nextArrival < jobs.count, arrivalTimer == nil {
      let delay = jobs[nextArrival].submitted - environment.now
      arrivalTimer = environment.startTimer(after: delay) { [weak self] in
        self?.arrivalTimer = nil
        self?.submitArrivals(driver)
      }
    }
    if hasWork { wantOffers(driver) }
  }

  /// Makes the tasks of a job's next stage runnable; `false` when there is none and the job is
  /// done.
  private func startStage(of job: ActiveJob, _ driver: any SchedulerDriver) -> Bool {
    job.startStage(at: environment.now)
    guard let stage = job.stage else {
      environment.journal.jobFinished(job.id)
      active -= 1
      stopIfDone(driver)
      return false
    }
    environment.journal.demand(stage.resources, delta: stage.tasks)
    noteDemand(of: job, driver)
    return true
  }

  private func wantOffers(_ driver: any SchedulerDriver) {
    guard isSuppressed || hasRefused else { return }
    isSuppressed = false
    hasRefused = false
    driver.reviveOffers()
  }

  private func suppressIfIdle(_ driver: any SchedulerDriver) {
    guard !isSuppressed, waiting.isEmpty else { return }
    isSuppressed = true
    driver.suppressOffers()
  }

  private func stopIfDone(_ driver: any SchedulerDriver) {
    if active == 0, nextArrival == jobs.count { driver.stop(failover: false) }
  }

  // MARK: Failover

  /// Goes on as another process of the framework: what was written down is known, timers and offers
  /// are gone. (Schedulers that are meant to fail over write down where their tasks are.)
  /// - Parameter environment: The new process's.
  public func restart(in environment: any Environment) {
    self.environment = environment
    arrivalTimer = nil
    reconciliationTimer = nil
    holdTimer = nil
    held = HeldOffers()
  }

  private func resume(_ driver: any SchedulerDriver) {
    forgetOffers()
    // The master may have forgotten what was suppressed and refused; nothing is taken for granted.
    isSuppressed = false
    hasRefused = false
    reconcile(driver)
    submitArrivals(driver)
    suppressIfIdle(driver)
    startReconciliationTimer(driver)
  }

  private func forgetOffers() {
    held = HeldOffers()
    stopHoldTimer()
  }

  private func reconcile(_ driver: any SchedulerDriver) {
    guard !running.isEmpty else { return }
    driver.reconcileTasks(running.keys.sorted().map { TaskQuery($0) })
  }

  /// Asks again and again what became of tasks, and for offers while there is work, where messages
  /// can get lost: a launch or a request that never arrived is not told of otherwise.
  private func startReconciliationTimer(_ driver: any SchedulerDriver) {
    guard let interval = options.reconciliationInterval, reconciliationTimer == nil else { return }
    reconciliationTimer = environment.startTimer(after: interval) { [weak self] in
      guard let self else { return }
      reconciliationTimer = nil
      reconcile(driver)
      if !waiting.isEmpty { driver.reviveOffers() }
      startReconciliationTimer(driver)
    }
  }

  // MARK: Offers

  private func answer(_ offer: Offer, _ driver: any SchedulerDriver) {
    guard waiting.oldestGang != nil else { return launch(on: offer, driver) }
    if environment.now < holdPauseEnd {
      launch(on: offer, refusal: pauseRefusal, driver)
    } else if held.add(offer) {
      startGangs(driver)
    } else {
      launch(on: offer, driver)
    }
  }

  /// Launches what fits, after the tasks of a gang for which there is room; declines the rest.
  private func launch(
    on offer: Offer, gang: (job: ActiveJob, tasks: Int)? = nil, refusal: Filters? = nil,
    _ driver: any SchedulerDriver
  ) {
    var remainder = offer.resources
    var tasks: [TaskInfo] = []
    if let gang {
      for _ in 0..<gang.tasks {
        remainder -= gang.job.shape
        tasks.append(nextTask(of: gang.job, on: offer.slaveID))
      }
    }
    while let job = waiting.neediest(fitting: remainder) {
      // Room for what a slave mostly takes: a list that grows is moved at each step.
      if tasks.isEmpty { tasks.reserveCapacity(8) }
      remainder -= job.shape
      tasks.append(nextTask(of: job, on: offer.slaveID))
    }
    if !remainder.isEmpty { hasRefused = true }
    if tasks.isEmpty {
      driver.declineOffer(offer.id, filters: refusal ?? options.refusal)
    } else {
      driver.launchTasks([offer.id], tasks, filters: refusal ?? options.refusal)
    }
  }

  private func nextTask(of job: ActiveJob, on slave: SlaveID) -> TaskInfo {
    let (task, command) = job.takeTask()
    job.running += 1
    waiting.update(job)
    let journal = environment.journal
    journal.demand(job.shape, delta: -1)
    let id = job.taskID(task)
    running[id] = RunningTask(job: job, number: task.number, attempt: task.attempt)
    journal.launching(id, of: job.id, runnableSince: task.runnableSince)
    return TaskInfo(
      name: job.stageName, taskID: id, slaveID: slave, resources: job.shape, sharing: command)
  }

  // MARK: Gangs

  /// Takes note that a job's runnable tasks have changed otherwise than by being launched.
  private func noteDemand(of job: ActiveJob, _ driver: any SchedulerDriver) {
    waiting.update(job)
    guard job.isGang else { return }
    startGangs(driver)
    suppressIfIdle(driver)
  }

  /// Starts gangs, the oldest first, while what is held suffices; keeps only what the next one
  /// can use.
  private func startGangs(_ driver: any SchedulerDriver) {
    while let gang = waiting.oldestGang {
      for offer in held.count(for: gang) { launch(on: offer, driver) }
      let needed = gang.runnableCount
      guard held.room >= needed else { break }
      stopHoldTimer()
      for (offer, room) in held.take(roomFor: needed) {
        launch(on: offer, gang: (gang, min(room, gang.runnableCount)), driver)
      }
    }
    if waiting.oldestGang == nil {
      for offer in held.takeAll() { launch(on: offer, driver) }
    }
    if held.isEmpty { stopHoldTimer() } else { startHoldTimer(driver) }
  }

  private func startHoldTimer(_ driver: any SchedulerDriver) {
    guard holdTimer == nil, let timeout = options.holdTimeout else { return }
    holdTimer = environment.startTimer(after: timeout) { [weak self] in
      guard let self else { return }
      holdTimer = nil
      let chance = environment.random(named: "hold").uniform()
      holdPauseEnd = environment.now + .rounded(seconds: timeout.inSeconds * (1 + chance))
      for offer in held.takeAll() { launch(on: offer, refusal: pauseRefusal, driver) }
    }
  }

  /// Keeps what is declined away until offers are held again.
  private var pauseRefusal: Filters {
    let pause = (holdPauseEnd - environment.now).inSeconds
    return Filters(refuseSeconds: max(options.refusal.refuseSeconds, pause))
  }

  private func stopHoldTimer() {
    if let timer = holdTimer { environment.cancelTimer(timer) }
    holdTimer = nil
  }

  // MARK: Ends of tasks

  private func finishTask(of job: ActiveJob, _ driver: any SchedulerDriver) {
    job.unfinished -= 1
    guard job.unfinished == 0, !job.isAbandoned else { return }
    if startStage(of: job, driver), !waiting.isEmpty { wantOffers(driver) }
  }

  /// Makes a task runnable again, or gives its job up when it has failed too often.
  private func retry(
    _ task: RunningTask, after state: TaskState, _ driver: any SchedulerDriver
  ) {
    let job = task.job
    guard !job.isAbandoned else { return }
    // A task that was lost or killed has not failed; one that is refused as invalid always will.
    if state == .failed { job.failures[task.number, default: 0] += 1 }
    guard state != .error, job.failures[task.number, default: 0] < options.attemptsMax else {
      return abandon(job, driver)
    }
    job.returnTask(task.number, attempt: task.attempt + 1, at: environment.now)
    environment.journal.demand(job.shape, delta: 1)
    noteDemand(of: job, driver)
    if !waiting.isEmpty { wantOffers(driver) }
  }

  private func abandon(_ job: ActiveJob, _ driver: any SchedulerDriver) {
    job.isAbandoned = true
    active -= 1
    environment.journal.demand(job.shape, delta: -job.runnableCount)
    environment.journal.jobAbandoned(job.id)
    noteDemand(of: job, driver)
    let orphans = running.filter { $0.value.job === job }.map(\.key).sorted()
    for task in orphans { driver.killTask(task) }
    suppressIfIdle(driver)
    stopIfDone(driver)
  }
}
