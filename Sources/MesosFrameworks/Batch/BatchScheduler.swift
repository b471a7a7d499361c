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
  /// How long offers are held for a gang that is not complete; `nil` for as long as it takes.
  public var holdTimeout: Duration?
  /// How often a task may fail before its job is given up (Hadoop's `mapred.map.max.attempts`).
  public var attemptsMax: Int

  /// Describes the behaviour of a batch framework.
  public init(refusal: Filters = Filters(), holdTimeout: Duration? = nil, attemptsMax: Int = 4) {
    self.refusal = refusal
    self.holdTimeout = holdTimeout
    self.attemptsMax = attemptsMax
  }
}

/// Runs jobs on offers.
///
/// - Each offer goes, task by task, to the job with the fewest running tasks that has one that
///   fits:
///   fair sharing as in Hadoop's fair scheduler. What no job can use is declined.
/// - A gang stage starts only when all its tasks can: offers are held until there are enough.
/// - With nothing to run the framework suppresses offers, with new work it revives them, and when
///   its last job is done it stops its driver.
public final class BatchScheduler: Scheduler {
  private let environment: any Environment
  private let options: BatchOptions
  private let name: String
  /// All jobs in the order of submission; those before `nextArrival` have been submitted.
  private let jobs: [Job]
  private var nextArrival = 0
  private var active: [ActiveJob] = []
  private var running: [TaskID: RunningTask] = [:]
  private var held = HeldOffers()
  private var holdTimer: TimerID?
  private var isSuppressed = false
  /// Whether refused resources may be fit for work that has come since.
  private var hasRefused = false

  private struct RunningTask {
    let job: ActiveJob
    let number: Int
    let attempt: Int
  }

  /// Makes a framework that will run `jobs`, which must be in the order of submission.
  public init(
    name: String, jobs: [Job], options: BatchOptions = BatchOptions(),
    environment: any Environment
  ) {
    self.name = name
    self.jobs = jobs
    self.options = options
    self.environment = environment
  }

  // MARK: Callbacks

  /// Submits what is due and asks for offers if there is work.
  public func registered(
    _ driver: any SchedulerDriver, frameworkID: FrameworkID, masterInfo: MasterInfo
  ) {
    submitArrivals(driver)
    suppressIfIdle(driver)
  }

  /// Answers every offer: launches what fits, holds for a gang, or declines.
  public func resourceOffers(_ driver: any SchedulerDriver, offers: [Offer]) {
    for offer in offers { answer(offer, driver) }
    suppressIfIdle(driver)
  }

  /// Forgets an offer that was held for a gang.
  public func offerRescinded(_ driver: any SchedulerDriver, offerID: OfferID) {
    held.remove(offerID)
  }

  /// Keeps the books of a task that ended, and starts what follows from it.
  public func statusUpdate(_ driver: any SchedulerDriver, status: TaskStatus) {
    guard status.state.isTerminal, let task = running.removeValue(forKey: status.taskID)
    else { return }
    task.job.running -= 1
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
      nextArrival += 1
      environment.journal.jobSubmitted(job.id, name: job.name)
      active.append(ActiveJob(job))
      hasWork = startStage(of: active[active.count - 1], driver) || hasWork
    }
    if nextArrival < jobs.count {
      let delay = jobs[nextArrival].submitted - environment.now
      environment.startTimer(after: delay) { [weak self] in self?.submitArrivals(driver) }
    }
    if hasWork { wantOffers(driver) }
  }

  /// Makes the tasks of a job's next stage runnable; `false` when there is none and the job is
  /// done.
  private func startStage(of job: ActiveJob, _ driver: any SchedulerDriver) -> Bool {
    job.startStage(at: environment.now)
    guard let stage = job.stage else {
      environment.journal.jobFinished(job.id)
      active.removeAll { $0 === job }
      stopIfDone(driver)
      return false
    }
    environment.journal.demand(stage.resources, delta: stage.tasks)
    return true
  }

  private func wantOffers(_ driver: any SchedulerDriver) {
    guard isSuppressed || hasRefused else { return }
    isSuppressed = false
    hasRefused = false
    driver.reviveOffers()
  }

  private func suppressIfIdle(_ driver: any SchedulerDriver) {
    guard !isSuppressed, !active.contains(where: \.hasRunnable) else { return }
    isSuppressed = true
    driver.suppressOffers()
  }

  private func stopIfDone(_ driver: any SchedulerDriver) {
    if active.isEmpty, nextArrival == jobs.count { driver.stop(failover: false) }
  }

  // MARK: Offers

  private func answer(_ offer: Offer, _ driver: any SchedulerDriver) {
    if let gang = active.first(where: { $0.isGangWaiting }) {
      hold(offer, for: gang, driver)
    } else {
      launch(on: offer, driver)
    }
  }

  private func launch(on offer: Offer, _ driver: any SchedulerDriver) {
    var remainder = offer.resources
    var tasks: [TaskInfo] = []
    while let job = neediestJob(fitting: remainder) {
      remainder -= job.shape
      environment.journal.demand(job.shape, delta: -1)
      tasks.append(nextTask(of: job, on: offer.slaveID))
    }
    if !remainder.isEmpty { hasRefused = true }
    if tasks.isEmpty {
      driver.declineOffer(offer.id, filters: options.refusal)
    } else {
      driver.launchTasks([offer.id], tasks, filters: options.refusal)
    }
  }

  /// The job with the fewest running tasks, the oldest of equals, that has a task which fits.
  ///
  /// - Complexity: O(active jobs).
  private func neediestJob(fitting resources: Resources) -> ActiveJob? {
    var best: ActiveJob?
    var fewest = Int.max
    for job in active where job.running < fewest && job.hasRunnable {
      guard resources.contains(job.shape) else { continue }
      best = job
      fewest = job.running
    }
    return best
  }

  private func nextTask(of job: ActiveJob, on slave: SlaveID) -> TaskInfo {
    let (task, command) = job.takeTask()
    job.running += 1
    let id = job.taskID(task)
    running[id] = RunningTask(job: job, number: task.number, attempt: task.attempt)
    environment.journal.launching(id, of: job.id, runnableSince: task.runnableSince)
    return TaskInfo(
      name: job.stageName, taskID: id, slaveID: slave, resources: job.shape, sharing: command)
  }

  // MARK: Gangs

  private func hold(_ offer: Offer, for job: ActiveJob, _ driver: any SchedulerDriver) {
    let needed = job.runnableCount
    let room = offer.resources.count(of: job.shape, max: needed)
    guard room > 0 else {
      hasRefused = true
      return _ = driver.declineOffer(offer.id, filters: options.refusal)
    }
    held.add(offer, room: room)
    guard held.room >= needed else { return startHoldTimer(driver) }
    stopHoldTimer()
    environment.journal.demand(job.shape, delta: -needed)
    var missing = needed
    for (offer, room) in held.takeAll() {
      let tasks = (0..<min(room, missing)).map { _ in nextTask(of: job, on: offer.slaveID) }
      missing -= tasks.count
      driver.launchTasks([offer.id], tasks, filters: options.refusal)
    }
    hasRefused = true
  }

  private func startHoldTimer(_ driver: any SchedulerDriver) {
    guard holdTimer == nil, let timeout = options.holdTimeout else { return }
    holdTimer = environment.startTimer(after: timeout) { [weak self] in
      guard let self else { return }
      holdTimer = nil
      hasRefused = true
      for (offer, _) in held.takeAll() {
        driver.declineOffer(offer.id, filters: options.refusal)
      }
    }
  }

  private func stopHoldTimer() {
    if let timer = holdTimer { environment.cancelTimer(timer) }
    holdTimer = nil
  }

  // MARK: Ends of tasks

  private func finishTask(of job: ActiveJob, _ driver: any SchedulerDriver) {
    job.unfinished -= 1
    guard job.unfinished == 0, !job.isAbandoned else { return }
    if startStage(of: job, driver) { wantOffers(driver) }
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
    wantOffers(driver)
  }

  private func abandon(_ job: ActiveJob, _ driver: any SchedulerDriver) {
    if job.isGangWaiting {
      stopHoldTimer()
      for (offer, _) in held.takeAll() {
        driver.declineOffer(offer.id, filters: options.refusal)
      }
    }
    job.isAbandoned = true
    active.removeAll { $0 === job }
    environment.journal.demand(job.shape, delta: -job.runnableCount)
    environment.journal.jobAbandoned(job.id)
    let orphans = running.filter { $0.value.job === job }.map(\.key).sorted()
    for task in orphans { driver.killTask(task) }
    suppressIfIdle(driver)
    stopIfDone(driver)
  }
}
