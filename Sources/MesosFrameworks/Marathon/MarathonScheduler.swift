// Part of mesosim. Apache-2.0, see LICENSE.
//
// Marathon: keeps apps running and changes them without taking them down. This file has its
// callbacks and what it knows; what it does stands in the extensions beside it.

public import Mesos

/// Runs long-lived apps, as Marathon does.
///
/// It launches instances where constraints allow, launches them again when they end, waits longer
/// after each failure, replaces what is lost, and changes apps step by step. What is asked of it is
/// asked through `MarathonAPI`. Apps, instances and deployments are written down, so that its next
/// process goes on with them.
public final class MarathonScheduler: Scheduler {
  let environment: any Environment
  let options: MarathonOptions
  let roles: [String]
  let principal: String?

  // What there is.
  @exclusivity(unchecked) var apps: [AppPath: MarathonApp] = [:]
  /// The instance that each task belongs to.
  @exclusivity(unchecked) var tasks: [TaskID: AppInstance] = [:]
  @exclusivity(unchecked) var deployments: [Deployment] = []
  @exclusivity(unchecked) var deploymentsMade = 0
  /// Instances of apps that are scaled down, by number, that users want to be those that go.
  @exclusivity(unchecked) var sentenced: [AppPath: Set<Int>] = [:]
  @exclusivity(unchecked) var groupsMade: Int32 = 0

  // Offers.
  /// Configurations with instances that wait, in the order in which they came.
  @exclusivity(unchecked) var queue: [AppSpec] = []
  @exclusivity(unchecked) var revival = Revival()
  @exclusivity(unchecked) var tokens: Int
  @exclusivity(unchecked) private var refillTimer: TimerID?
  @exclusivity(unchecked) var region: String?

  // Volumes.
  /// The resident instances by the names of their places.
  @exclusivity(unchecked) var residences: [String: AppInstance] = [:]
  /// The names of places that are looked for among offers: to be given back, or because their
  /// instances are lost.
  @exclusivity(unchecked) var sought: Set<String> = []
  /// Whether it has had instances with volumes.
  @exclusivity(unchecked) var hasResidents = false

  // Kills.
  /// Instances that are to be killed and have not been told.
  @exclusivity(unchecked) var killQueue: [AppInstance] = []
  @exclusivity(unchecked) var killQueueStart = 0
  /// Instances that were told to end and have not ended, oldest request first.
  @exclusivity(unchecked) var killsInFlight: [AppInstance] = []
  @exclusivity(unchecked) var killTimer: TimerID?

  // Launches that have not been confirmed, oldest first, from `unconfirmedStart` on.
  @exclusivity(unchecked) var unconfirmed:
    [(instance: AppInstance, launch: Int, deadline: Instant)] = []
  @exclusivity(unchecked) var unconfirmedStart = 0
  @exclusivity(unchecked) var confirmationTimer: TimerID?

  /// How often it has asked what became of its tasks.
  @exclusivity(unchecked) var round = 0
  /// Slaves that were lost: what was there may be back without a word.
  @exclusivity(unchecked) var lostSlaves: Set<SlaveID> = []

  @exclusivity(unchecked) var driver: (any SchedulerDriver)?
  @exclusivity(unchecked) private var isStarted = false
  /// Whether it goes on with what an earlier process began, before it has heard what became of it.
  @exclusivity(unchecked) var isResuming = false
  @exclusivity(unchecked) var actsDone = 0
  @exclusivity(unchecked) var actTimer: TimerID?
  /// Who hears what it makes known; not of the simulation, which goes on just the same without.
  @exclusivity(unchecked) var listener: ((MarathonEvent) -> Void)?
  lazy var chance: any RandomSource = environment.random(named: "marathon")

  /// Makes the framework, or goes on with what an earlier process has written down.
  ///
  /// - Parameters:
  ///   - options: Its apps and settings.
  ///   - roles: The roles that it is in.
  ///   - principal: Who it authenticates as.
  ///   - environment: Time, chance and what was written down.
  public init(
    options: MarathonOptions = MarathonOptions(), roles: [Role] = [.unreserved],
    principal: String? = nil, environment: any Environment
  ) {
    self.options = options
    self.roles = roles.map(\.value)
    self.principal = principal
    self.environment = environment
    tokens = options.launchTokens
    restore()
  }

  var now: Instant { environment.now }

  // MARK: Callbacks

  /// Registers as the framework that earlier processes have been; its tasks outlive it for a week.
  public func configure(_ info: inout FrameworkInfo) {
    if let id = environment.store.frameworkID { info.id = id }
    if info.failoverTimeoutSeconds == 0 { info.failoverTimeoutSeconds = 604_800 }
    info.hasCheckpointing = true
  }

  /// Creates its apps the first time; asks what became of tasks, and for offers if it needs some.
  public func registered(
    _ driver: any SchedulerDriver, frameworkID: FrameworkID, masterInfo: MasterInfo
  ) {
    try? environment.store.keep(frameworkID)
    publish("scheduler_registered_event") {
      ["frameworkId": .text(frameworkID.value), "master": .text(masterInfo.hostname)]
    }
    start(driver)
    connected(masterInfo)
  }

  /// Asks what became of tasks, and for offers if it needs some.
  public func reregistered(_ driver: any SchedulerDriver, masterInfo: MasterInfo) {
    publish("scheduler_reregistered_event") { ["master": .text(masterInfo.hostname)] }
    start(driver)
    connected(masterInfo)
  }

  /// Takes note that there is no master for now.
  public func disconnected(_ driver: any SchedulerDriver) {
    publish("scheduler_disconnected_event") { [:] }
  }

  /// Launches what fits; declines the rest.
  public func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
    answer(offers, driver)
  }

  /// Takes note of what became of a task.
  public func statusUpdate(_ driver: any SchedulerDriver, status: TaskStatus) {
    guard let instance = tasks[status.taskID] else {
      // Nobody here knows it any more: it must not live on.
      if !status.state.isTerminal, status.state != .unknown { driver.killTask(status.taskID) }
      publishUnknown(status)
      return
    }
    instance.round = round
    update(instance, status)
  }

  /// Takes note that a slave is lost; what ran there is told one by one.
  public func slaveLost(_ driver: any SchedulerDriver, slaveID: SlaveID) {
    lostSlaves.insert(slaveID)
  }

  /// Forgets its id when the master has removed the framework: the next process is a new one's.
  public func error(_ driver: any SchedulerDriver, message: String) {
    if message.contains("has been removed") { try? environment.store.keep(nil) }
  }

  // MARK: Connecting

  private func start(_ driver: any SchedulerDriver) {
    self.driver = driver
    guard !isStarted else { return }
    isStarted = true
    for app in sortedApps { announce(app) }
    for deployment in deployments { resume(deployment) }
    createFirstApps()
    scheduleNextAct()
    repeatEvery(options.scaleInterval) { $0.checkScale() }
    repeatEvery(options.reconciliationInterval) { $0.reconcile() }
  }

  private func connected(_ master: MasterInfo) {
    region = master.domain?.region
    reconcile()
    sendKills()
    // The master may have forgotten what was suppressed; nothing is taken for granted.
    revival.isSuppressed = false
    if wantsOffers { revive() } else { suppress() }
  }

  /// Does something at each interval, as long as the process lives.
  private func repeatEvery(
    _ interval: Duration, _ action: @escaping (MarathonScheduler) -> Void
  ) {
    guard interval > .zero else { return }
    environment.startTimer(after: interval) { [weak self] in
      guard let self else { return }
      action(self)
      repeatEvery(interval, action)
    }
  }

  /// Asks what became of all tasks that the master knows, and a while later of each that it has
  /// said nothing of.
  private func reconcile() {
    guard let driver else { return }
    round += 1
    let (asked, start) = (round, now)
    driver.reconcileTasks([])
    environment.startTimer(after: .seconds(15)) { [weak self] in
      guard let self, asked == round else { return }
      askForSilent(since: start, driver)
    }
  }

  private func askForSilent(since start: Instant, _ driver: any SchedulerDriver) {
    var silent: [TaskQuery] = []
    for app in sortedApps {
      for instance in app.sortedInstances where instance.round != round {
        guard let task = instance.task, instance.launchedAt <= start else { continue }
        silent.append(TaskQuery(task, on: instance.slave))
      }
    }
    if !silent.isEmpty { driver.reconcileTasks(silent) }
  }

  // MARK: Launch tokens

  /// Tokens are put back to the full number every 30 s, as long as some are missing.
  func refillTokensLater() {
    guard refillTimer == nil else { return }
    refillTimer = environment.startTimer(after: .seconds(30)) { [weak self] in
      guard let self else { return }
      refillTimer = nil
      tokens = max(tokens, options.launchTokens)
      if wantsOffers { revive() }
    }
  }

  // MARK: Apps

  /// The apps by their ids.
  var sortedApps: [MarathonApp] { apps.values.sorted { $0.id < $1.id } }

  /// Tells reports of an app.
  func announce(_ app: MarathonApp) {
    if app.spec != nil { environment.journal.wanted(app.group, count: app.wanted) }
    let tally = app.tally
    environment.journal.waits(app.group) { tally.wait }
  }

  /// Looks at every app that no deployment is about whether as many instances are there as wanted.
  private func checkScale() {
    for app in sortedApps where app.deployment == nil { balance(app) }
    // A request for offers may have been lost with a master.
    if wantsOffers { revive() }
  }
}

/// What has been asked of the master about offers.
struct Revival {
  var isSuppressed = false
  var lastRevived: Instant?
  /// The timer of a request that has to wait.
  var timer: TimerID?
  /// The timer of the repetition of one.
  var repetition: TimerID?
}
