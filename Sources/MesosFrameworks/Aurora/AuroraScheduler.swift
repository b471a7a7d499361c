// Part of mesosim. Apache-2.0, see LICENSE.
//
// Aurora: runs services, jobs that end and cron jobs of several roles. This file has its callbacks
// and what it knows; what it does stands in the extensions beside it.

public import Mesos

/// Runs jobs of services, of tasks that end and of cron, as Aurora does.
///
/// It holds offers and schedules groups of equal tasks on them, runs again what ends, lets tasks
/// that flap wait, makes room for production by evicting others, and updates jobs instance by
/// instance. What is asked of it is asked through `AuroraAPI`. Jobs, tasks, updates and slaves are
/// written down, so that its next process goes on with them.
public final class AuroraScheduler: Scheduler {
  let environment: any Environment
  let options: AuroraOptions

  // What there is.
  @exclusivity(unchecked) var jobs: [String: AuroraLiveJob] = [:]
  /// The tasks that have not ended.
  @exclusivity(unchecked) var tasks: [TaskID: AuroraRow] = [:]
  @exclusivity(unchecked) var hosts: [SlaveID: AuroraHost] = [:] {
    didSet { hostsByID = nil }
  }
  /// The same in the order of their ids, once that was wanted.
  @exclusivity(unchecked) private var hostsByID: [AuroraHost]?
  /// Hosts on their way out of use.
  @exclusivity(unchecked) var modes: [String: AuroraSlave.Mode] = [:]
  /// Those of them that are emptied as jobs can spare their tasks.
  @exclusivity(unchecked) var drains: [String: AuroraDrain] = [:]
  @exclusivity(unchecked) var drainTimer: TimerID?
  @exclusivity(unchecked) var quotas: [String: AuroraAmounts] = [:]
  @exclusivity(unchecked) var counts = AuroraCounts()

  // Offers and groups.
  @exclusivity(unchecked) var pool = AuroraOfferPool()
  @exclusivity(unchecked) var returns = AuroraReturns()
  /// Offers that were taken back before they came.
  @exclusivity(unchecked) var banned: Set<OfferID> = []
  /// How often a slave has ceased to be kept for somebody.
  @exclusivity(unchecked) var keptRound = 0
  @exclusivity(unchecked) var rateLimit: AuroraRateLimit
  /// Configurations with tasks that wait, in the order in which they began to.
  @exclusivity(unchecked) var groups: [AuroraConfig] = []
  @exclusivity(unchecked) var slots = AuroraSlots()

  // What is waited for.
  /// Tasks on their way from one state to the next, the oldest first.
  @exclusivity(unchecked) var transients = AuroraWatch()
  /// Tasks that have been told to end, the oldest first.
  @exclusivity(unchecked) var kills = AuroraWatch()
  /// Changes of tasks that have not been told to updates and jobs.
  @exclusivity(unchecked) var news: [(row: AuroraRow, state: AuroraTaskState)] = []
  @exclusivity(unchecked) var isTelling = false

  @exclusivity(unchecked) var driver: (any SchedulerDriver)?
  @exclusivity(unchecked) var isConnected = false
  @exclusivity(unchecked) private var isStarted = false
  @exclusivity(unchecked) var actTimer: TimerID?
  @exclusivity(unchecked) private var explicitTimer: TimerID?
  lazy var chance: any RandomSource = environment.random(named: "aurora")

  /// Makes the framework, or goes on with what an earlier process has written down.
  ///
  /// - Parameters:
  ///   - options: Its jobs and settings.
  ///   - environment: Time, chance and what was written down.
  public init(options: AuroraOptions = AuroraOptions(), environment: any Environment) {
    self.options = options
    self.environment = environment
    rateLimit = AuroraRateLimit(perSecond: options.semantics.roundsPerSecond)
    for quota in options.quotas { quotas[quota.role] = quota.limit }
    restore()
  }

  /// Tasks know their jobs and slaves, and these them.
  deinit {
    for job in jobs.values { job.release() }
    for host in hosts.values { host.release() }
  }

  var now: Instant { environment.now }

  // MARK: Callbacks

  /// Registers as the framework that earlier processes have been; its tasks outlive it for three
  /// weeks.
  public func configure(_ info: inout FrameworkInfo) {
    if let id = environment.store.frameworkID { info.id = id }
    if info.failoverTimeoutSeconds == 0 { info.failoverTimeoutSeconds = 1_814_400 }
    info.hasCheckpointing = true
    if options.isPartitionAware { info.capabilities.insert(.partitionAware) }
  }

  /// Creates its jobs the first time; asks what became of tasks a minute later.
  public func registered(
    _ driver: any SchedulerDriver, frameworkID: FrameworkID, masterInfo: MasterInfo
  ) {
    try? environment.store.keep(frameworkID)
    start(driver)
  }

  /// Asks what became of tasks a minute later.
  public func reregistered(_ driver: any SchedulerDriver, masterInfo: MasterInfo) {
    start(driver)
  }

  /// Forgets what was offered: without a master all offers are void.
  public func disconnected(_ driver: any SchedulerDriver) {
    isConnected = false
    dropOffers()
  }

  /// Holds what is offered.
  public func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
    hold(offers, driver)
  }

  /// Forgets an offer.
  public func offerRescinded(_ driver: any SchedulerDriver, offerID: OfferID) {
    rescind(offerID)
  }

  /// Takes note of what became of a task; one that must not live is killed.
  public func statusUpdate(_ driver: any SchedulerDriver, status: TaskStatus) {
    let state = AuroraTaskState(status.state)
    guard let row = tasks[status.taskID] else {
      // Nobody here knows it any more.
      let change = AuroraTransition(from: .deleted, to: state, AuroraTransition.Context())
      if change.has(.kill) { driver.killTask(status.taskID) }
      return
    }
    if state == .running, row.state == .running { noteUp(row) }
    change(row, to: state)
    tell()
  }

  /// Forgets a slave that nothing of ours is known of.
  public func slaveLost(_ driver: any SchedulerDriver, slaveID: SlaveID) {
    guard let host = hosts[slaveID], host.rows.isEmpty, host.offer == nil,
      host.keptForUpdates == 0, host.keptFor == nil
    else { return }
    forget(host)
  }

  /// Forgets its id when the master has removed the framework: the next process is a new one's.
  public func error(_ driver: any SchedulerDriver, message: String) {
    if message.contains("has been removed") { try? environment.store.keep(nil) }
  }

  // MARK: Connecting

  private func start(_ driver: any SchedulerDriver) {
    self.driver = driver
    isConnected = true
    dropOffers()
    askLater()
    guard !isStarted else { return }
    isStarted = true
    resumeAll()
    createFirstJobs()
    scheduleNextAct()
    repeatEvery(options.preemptionInterval, after: preemptionDelay) { $0.findSlots() }
    repeatEvery(
      options.reconcileInterval, after: .seconds(60) + options.reconcileInterval / 2
    ) { $0.driver?.reconcileTasks([]) }
  }

  /// Does something at each interval, as long as the process lives.
  func repeatEvery(
    _ interval: Duration, after first: Duration? = nil,
    _ action: @escaping (AuroraScheduler) -> Void
  ) {
    guard interval > .zero else { return }
    environment.startTimer(after: first ?? interval) { [weak self] in
      guard let self else { return }
      action(self)
      repeatEvery(interval, action)
    }
  }

  /// Does something later, if there is still somebody to do it.
  @discardableResult
  func later(_ delay: Duration, _ action: @escaping (AuroraScheduler) -> Void) -> TimerID {
    environment.startTimer(after: delay) { [weak self] in
      guard let self else { return }
      action(self)
    }
  }

  // MARK: Reconciliation

  /// Asks a minute from now what became of each task, and from then on at each interval.
  private func askLater() {
    if let explicitTimer { environment.cancelTimer(explicitTimer) }
    explicitTimer = later(.seconds(60)) { $0.ask() }
  }

  private func ask() {
    explicitTimer = nil
    if options.reconcileInterval > .zero {
      explicitTimer = later(options.reconcileInterval) { $0.ask() }
    }
    let queries = tasks.values.filter { $0.state.hasSlave }.sorted { $0.number < $1.number }
      .map { TaskQuery($0.id, on: $0.host?.slaveID) }
    ask(queries[...])
  }

  /// Asks of a thousand at a time.
  private func ask(_ queries: ArraySlice<TaskQuery>) {
    guard !queries.isEmpty, isConnected else { return }
    driver?.reconcileTasks(Array(queries.prefix(1000)))
    let rest = queries.dropFirst(1000)
    if !rest.isEmpty { later(.seconds(5)) { $0.ask(rest) } }
  }
}

/// Numbers that are never given twice, also by later processes.
struct AuroraCounts: Hashable {
  /// How many tasks there have been, and up to which number some may be made without a word.
  var tasks = 0
  var tasksReserved = 0
  /// How many jobs reports know, runs of cron jobs among them.
  var jobs: Int32 = 0
  var updates = 0
  var acts = 0
  /// Whether the first jobs have been created.
  var hasBegun = false
}

extension AuroraTaskState {
  /// What a state that Mesos tells means to Aurora.
  init(_ state: TaskState) {
    switch state {
    case .staging, .starting: self = .starting
    case .running: self = .running
    case .finished: self = .finished
    case .failed: self = .failed
    case .killed, .killing: self = .killed
    case .lost, .error, .dropped, .gone, .goneByOperator: self = .lost
    case .unreachable, .unknown: self = .partitioned
    }
  }
}

extension AuroraScheduler {
  /// The slaves in the order of their ids.
  func orderedHosts() -> [AuroraHost] {
    if let hostsByID { return hostsByID }
    let ordered = hosts.values.sorted { $0.slaveID < $1.slaveID }
    hostsByID = ordered
    return ordered
  }
}
