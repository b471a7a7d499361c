// Part of mesosim. Apache-2.0, see LICENSE.
//
// A batch framework in the manner of Hadoop, Spark or MPI: jobs of stages of tasks, fair sharing
// among its jobs, and good manners towards the master. Nothing here knows that it is simulated.

public import Mesos

/// How a batch framework behaves.
public struct BatchOptions: Sendable, Hashable {
  /// What it asks for when it declines: how long the same resources stay away.
  public var refusal: Filters
  /// How long offers are held for a gang that is not complete; `nil` for as long as it takes,
  /// which has no end when others hold the rest, or when there is no such room at all.
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
/// - What has been held for too long goes to those behind the gang: to the gangs that can start
///   with it, then to the other jobs. A gang may be one for which there is never room, and nothing
///   says so; none behind it shall wait for that.
/// - What they do not use is given back, for a time that chance varies, so that two frameworks that
///   each hold a part of what either needs do not do so without end. Without a timeout it is held
///   on.
/// - A stage may have constraints about where its tasks go, given where those are that run.
/// - With nothing to run the framework suppresses offers, with new work it revives them, and when
///   its last job is done it stops its driver.
/// - What it has submitted and launched is written down, in a few bytes a task: its next process
///   goes on with it. (A job whose record no longer fits into the store is given up by that
///   process; 1 MiB is room for some 250,000 tasks of stages under way.)
public final class BatchScheduler: Scheduler {
  private let environment: any Environment
  private let options: BatchOptions
  private let reconciler: Reconciler
  private var book: JobBook

  private var arrivalTimer: TimerID?
  private var held = HeldOffers()
  private var holdTimer: TimerID?
  /// Until when nothing is held, so that all that was given back comes again at once.
  private var holdPauseEnd = Instant.start
  private var isSuppressed = false
  /// Whether refused resources may be fit for work that has come since.
  private var hasRefused = false

  /// Makes a framework that will run `jobs`, which must be in the order of submission, or goes on
  /// with them where an earlier process ended.
  public init(
    jobs: JobList, options: BatchOptions = BatchOptions(), environment: any Environment
  ) {
    self.options = options
    self.environment = environment
    book = JobBook(jobs, attemptsMax: options.attemptsMax, environment: environment)
    reconciler = Reconciler(every: options.reconciliationInterval, environment: environment)
  }

  // MARK: Callbacks

  /// Registers as the framework that earlier processes have been.
  public func configure(_ info: inout FrameworkInfo) {
    if let id = environment.store.frameworkID { info.id = id }
  }

  /// Submits what is due and asks for offers if there is work.
  ///
  /// With tasks under way this is another process, or another master: what became of them is asked.
  public func registered(
    _ driver: any SchedulerDriver, frameworkID: FrameworkID, masterInfo: MasterInfo
  ) {
    // The first that is written, so there is room.
    try? environment.store.keep(frameworkID)
    resume(driver)
  }

  /// Asks what became of the tasks, and goes on.
  public func reregistered(_ driver: any SchedulerDriver, masterInfo: MasterInfo) {
    resume(driver)
  }

  /// Forgets what was offered: without a master all offers are void.
  public func disconnected(_ driver: any SchedulerDriver) { forgetOffers() }

  /// Answers every offer: launches what fits, holds for a gang, or declines.
  public func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
    var place = offers.startIndex
    while place < offers.endIndex {
      let isUsed = answer(offers[place], driver)
      place += 1
      // Where one was of no use many may be.
      if !isUsed { place = declineUseless(offers[place...], driver) }
    }
    suppressIfIdle(driver)
  }

  /// Forgets an offer that was held for a gang.
  public func offerRescinded(_ driver: any SchedulerDriver, offerID: OfferID) {
    // The timer goes on: it is about the gang, which may be offered the same again.
    held.remove(offerID)
  }

  /// Keeps the books of a task that ended, and starts what follows from it.
  public func statusUpdate(_ driver: any SchedulerDriver, status: TaskStatus) {
    if status.state == .running { book.taskRuns(status.taskID) }
    guard status.state.isTerminal,
      let (job, ending) = book.taskEnded(status.taskID, as: status.state)
    else { return }
    switch ending {
    case .taskDone:
      // Where the task was, or elsewhere now that it is gone, another may go.
      if job.placement != nil, job.hasRunnable {
        demandChanged(of: job, driver)
        if !book.waiting.isEmpty { wantOffers(driver) }
      }
    case .stageDone:
      book.startNextStage(of: job)
      if stageStarted(of: job, driver), !book.waiting.isEmpty { wantOffers(driver) }
    case .runnableAgain:
      demandChanged(of: job, driver)
      if !book.waiting.isEmpty { wantOffers(driver) }
    case .givenUp:
      demandChanged(of: job, driver)
      for task in book.runningTasks(of: job) { driver.killTask(task) }
      suppressIfIdle(driver)
      stopIfDone(driver)
    }
  }

  /// Forgets its id when the master has removed the framework: the next process is a new one's, and
  /// goes on with the same jobs.
  public func error(_ driver: any SchedulerDriver, message: String) {
    if message.contains("has been removed") { try? environment.store.keep(nil) }
  }

  // MARK: Connecting

  private func resume(_ driver: any SchedulerDriver) {
    forgetOffers()
    // The master may have forgotten what was suppressed and refused; nothing is taken for granted.
    isSuppressed = false
    hasRefused = false
    reconciler.ask(driver, of: book.runningTasks)
    submitArrivals(driver)
    suppressIfIdle(driver)
    // There may be nothing left to do: the process before it ended in the very moment.
    stopIfDone(driver)
    // Offers are asked for as well: refusals may be longer than the work can wait.
    reconciler.start { [weak self] in
      guard let self else { return }
      reconciler.ask(driver, of: book.runningTasks)
      if !book.waiting.isEmpty { driver.reviveOffers() }
    }
  }

  private func forgetOffers() {
    held = HeldOffers()
    stopHoldTimer()
  }

  // MARK: Jobs

  private func submitArrivals(_ driver: any SchedulerDriver) {
    var hasWork = false
    while let job = book.submitNext() { hasWork = stageStarted(of: job, driver) || hasWork }
    if let arrival = book.nextArrival, arrivalTimer == nil {
      arrivalTimer = environment.startTimer(after: arrival - environment.now) { [weak self] in
        self?.arrivalTimer = nil
        self?.submitArrivals(driver)
      }
    }
    if hasWork { wantOffers(driver) }
  }

  /// Does what follows from the start of a job's next stage; `false` when there was none and the
  /// job is finished.
  private func stageStarted(of job: ActiveJob, _ driver: any SchedulerDriver) -> Bool {
    if job.isFinished {
      stopIfDone(driver)
      return false
    }
    demandChanged(of: job, driver)
    return true
  }

  /// Does what follows when a job's runnable tasks have changed otherwise than by being launched.
  private func demandChanged(of job: ActiveJob, _ driver: any SchedulerDriver) {
    guard job.isGang else { return }
    startGangs(driver)
    suppressIfIdle(driver)
  }

  private func stopIfDone(_ driver: any SchedulerDriver) {
    if book.isDone { driver.stop(failover: false) }
  }

  // MARK: Offers

  private func wantOffers(_ driver: any SchedulerDriver) {
    guard isSuppressed || hasRefused else { return }
    isSuppressed = false
    hasRefused = false
    driver.reviveOffers()
  }

  private func suppressIfIdle(_ driver: any SchedulerDriver) {
    guard !isSuppressed, book.waiting.isEmpty else { return }
    isSuppressed = true
    driver.suppressOffers()
  }

  /// Declines the offers before the first for which there may be a use.
  /// - Returns: The index of that one.
  private func declineUseless(_ offers: Offers, _ driver: any SchedulerDriver) -> Int {
    let isPausing = isPausing
    let end = offers.firstIndex(from: offers.startIndex) { resources in
      book.waiting.hasJob(fitting: resources)
        || !isPausing && book.waiting.hasGang(fitting: resources)
    }
    let useless = offers[..<(end ?? offers.endIndex)]
    if !useless.isEmpty {
      hasRefused = true
      driver.declineOffers(useless, filters: isPausing ? pauseRefusal : options.refusal)
    }
    return useless.endIndex
  }

  /// Whether a gang waits for which nothing is held for now.
  private var isPausing: Bool {
    environment.now < holdPauseEnd && book.waiting.hasGangs
  }

  /// Launches what fits, holds an offer for a gang, or declines it.
  /// - Returns: Whether there is a use for it.
  private func answer(_ offer: Offer, _ driver: any SchedulerDriver) -> Bool {
    guard book.waiting.hasGangs else { return launch(on: offer, driver) }
    if isPausing { return launch(on: offer, refusal: pauseRefusal, driver) }
    guard held.add(offer) else { return passOn(offer, driver) }
    startGangs(driver)
    return true
  }

  /// Gives an offer of no use to the oldest gang to a job behind it, or holds it for another gang.
  /// - Returns: Whether there is a use for it.
  @discardableResult
  private func passOn(_ offer: Offer, _ driver: any SchedulerDriver) -> Bool {
    let waiting = book.waiting
    guard
      waiting.neediest(fitting: offer.resources, of: offer) == nil, waiting.hasGang(fitting: offer)
    else { return launch(on: offer, driver) }
    held.keep(offer)
    startHoldTimer(driver)
    return true
  }

  /// Launches what fits, after the tasks of a gang for which there is room; declines the rest.
  /// - Returns: Whether anything fits.
  @discardableResult
  private func launch(
    on offer: Offer, gang: (job: ActiveJob, tasks: Int)? = nil, refusal: Filters? = nil,
    _ driver: any SchedulerDriver
  ) -> Bool {
    var packing = OfferPacking(offer)
    if let gang {
      for _ in 0..<gang.tasks { packing.add(book.launchNext(of: gang.job, on: packing)) }
    }
    while let job = book.waiting.neediest(fitting: packing.remainder, of: offer) {
      packing.add(book.launchNext(of: job, on: packing))
    }
    if !packing.remainder.isEmpty { hasRefused = true }
    packing.answer(driver, refusal: refusal ?? options.refusal)
    return !packing.tasks.isEmpty
  }

  // MARK: Gangs

  /// Starts gangs, the oldest first, while what is held suffices; keeps only what the next one
  /// can use.
  private func startGangs(_ driver: any SchedulerDriver) {
    while let gang = book.waiting.oldestGang {
      for offer in held.count(for: gang) { passOn(offer, driver) }
      guard held.room >= gang.runnableCount, start(gang, driver) else { break }
      stopHoldTimer()
    }
    if !book.waiting.hasGangs {
      for offer in held.takeAll() { launch(on: offer, driver) }
    }
    if held.isEmpty { stopHoldTimer() } else { startHoldTimer(driver) }
  }

  /// Starts a gang if what is held suffices.
  private func start(_ gang: ActiveJob, _ driver: any SchedulerDriver) -> Bool {
    guard let taken = held.take(toStart: gang) else { return false }
    for (offer, tasks) in taken { launch(on: offer, gang: (gang, tasks), driver) }
    return true
  }

  private func startHoldTimer(_ driver: any SchedulerDriver) {
    guard holdTimer == nil else { return }
    let patience = options.holdTimeout ?? Self.patience
    holdTimer = environment.startTimer(after: patience) { [weak self] in
      self?.holdEnded(driver)
    }
  }

  /// How long those behind a gang wait for it where offers are held without end.
  private static let patience = Duration.seconds(10)

  /// Gives what is held to those behind the oldest gang, and the rest back.
  private func holdEnded(_ driver: any SchedulerDriver) {
    holdTimer = nil
    startGangsBehind(driver)
    guard let timeout = options.holdTimeout else { return holdOn(driver) }
    let chance = environment.random(named: "hold").uniform()
    holdPauseEnd = environment.now + .rounded(seconds: timeout.inSeconds * (1 + chance))
    for offer in held.takeAll() { launch(on: offer, refusal: pauseRefusal, driver) }
  }

  private func startGangsBehind(_ driver: any SchedulerDriver) {
    // What did not suffice for as many tasks of a shape does not for more.
    var tooMany: [TaskNeed: Int] = [:]
    for gang in book.waiting.gangs(fitting: held.count)
    where gang.runnableCount < tooMany[gang.need] ?? .max {
      if held.isEmpty { return }
      if !start(gang, driver), gang.placement == nil { tooMany[gang.need] = gang.runnableCount }
    }
  }

  /// Goes on holding what no job behind the gang can use.
  private func holdOn(_ driver: any SchedulerDriver) {
    for offer in held.takeAll() {
      if book.waiting.neediest(fitting: offer.resources, of: offer) != nil {
        launch(on: offer, driver)
      } else if !held.add(offer) {
        held.keep(offer)
      }
    }
    startGangs(driver)
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
}
