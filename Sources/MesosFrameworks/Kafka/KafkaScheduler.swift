// Part of mesosim. Apache-2.0, see LICENSE.
//
// Kafka on Mesos (`ly.stealth.mesos.kafka`): keeps brokers running, each where its data are. This
// file has its callbacks and what it knows; what it does stands in the extensions beside it.

public import Mesos

/// Runs brokers, as Kafka on Mesos does.
///
/// It launches a broker where an offer and its conditions allow, goes back to the same slave for a
/// while, waits longer after each failure, and stops and restarts brokers when it is asked to
/// through `KafkaAPI`. Brokers and commands are written down, so that its next process goes on with
/// them.
public final class KafkaScheduler: Scheduler {
  let environment: any Environment
  let options: KafkaOptions
  let roles: [Role]
  let principal: String?

  // Brokers.
  @exclusivity(unchecked) var brokers: [Int: KafkaBroker] = [:]
  /// The brokers by number.
  @exclusivity(unchecked) var order: [KafkaBroker] = []
  /// Those that wait for an offer, by number.
  @exclusivity(unchecked) var waiting: [KafkaBroker] = []
  /// The same, those that want the same together, once that was wanted.
  @exclusivity(unchecked) var runs: [ArraySlice<KafkaBroker>]?
  /// How many need offers, as they do until they run.
  @exclusivity(unchecked) var restless = 0
  /// How many are to be up.
  @exclusivity(unchecked) var wanted = 0
  @exclusivity(unchecked) private var wantedTold: Int?
  @exclusivity(unchecked) var places = BrokerPlaces()
  /// Those whose replicas may be out of sync.
  @exclusivity(unchecked) var lagging: [KafkaBroker] = []
  @exclusivity(unchecked) var launches = 0

  // Commands.
  @exclusivity(unchecked) var commands: [KafkaCommand] = []
  @exclusivity(unchecked) var commandsMade = 0
  /// What commands that are over came to, by number.
  @exclusivity(unchecked) var results: [Int: String] = [:]
  @exclusivity(unchecked) var actsDone = 0
  @exclusivity(unchecked) private var actTimer: TimerID?
  @exclusivity(unchecked) private var areBrokersMade = false

  // Reports.
  let tally = BrokerTally()
  @exclusivity(unchecked) var outage: BrokerOutage?
  @exclusivity(unchecked) var outagesMade = 0

  // The master.
  @exclusivity(unchecked) var driver: (any SchedulerDriver)?
  @exclusivity(unchecked) private var isStarted = false
  @exclusivity(unchecked) var isSuppressed = false
  @exclusivity(unchecked) var revival = KafkaRevival()
  /// How many tasks the master is being asked for.
  @exclusivity(unchecked) var reconciling = 0
  @exclusivity(unchecked) var attempts = 0
  @exclusivity(unchecked) var attemptTimer: TimerID?
  private let reconciler: Reconciler
  lazy var chance: any RandomSource = environment.random(named: "kafka")

  static let group = GroupID(0)

  /// Makes the framework, or goes on with what an earlier process has written down.
  ///
  /// - Parameters:
  ///   - options: Its brokers and settings.
  ///   - roles: The roles that it is in.
  ///   - principal: Who it authenticates as.
  ///   - environment: Time, chance and what was written down.
  public init(
    options: KafkaOptions = KafkaOptions(), roles: [Role] = [.unreserved],
    principal: String? = nil, environment: any Environment
  ) {
    self.options = options
    self.roles = roles
    self.principal = principal
    self.environment = environment
    reconciler = Reconciler(every: options.reconciliationInterval, environment: environment)
    areBrokersMade = restore()
  }

  var now: Instant { environment.now }

  /// The present in seconds, as the rules count.
  var seconds: Double { now.seconds }

  // MARK: Callbacks

  /// Registers as the framework that earlier processes have been; its brokers outlive it for a
  /// month.
  public func configure(_ info: inout FrameworkInfo) {
    if let id = environment.store.frameworkID { info.id = id }
    if info.failoverTimeoutSeconds == 0 { info.failoverTimeoutSeconds = 2_592_000 }
    info.hasCheckpointing = true
  }

  /// Adds its brokers the first time; asks what became of tasks, and for offers if it needs some.
  public func registered(
    _ driver: any SchedulerDriver, frameworkID: FrameworkID, masterInfo: MasterInfo
  ) {
    try? environment.store.keep(frameworkID)
    connected(driver)
  }

  /// Asks what became of tasks, and for offers if it needs some.
  public func reregistered(_ driver: any SchedulerDriver, masterInfo: MasterInfo) {
    connected(driver)
  }

  /// Launches one broker on each offer that suits one; declines the rest.
  public func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
    answer(offers, driver)
  }

  /// Takes note of what became of a broker's task.
  public func statusUpdate(_ driver: any SchedulerDriver, status: TaskStatus) {
    take(status, driver)
  }

  /// Forgets its id when the master has removed the framework: the next process is a new one's.
  public func error(_ driver: any SchedulerDriver, message: String) {
    if message.contains("has been removed") { try? environment.store.keep(nil) }
  }

  private func connected(_ driver: any SchedulerDriver) {
    self.driver = driver
    // A master knows nothing of what another was told.
    isSuppressed = false
    if !isStarted { start() }
    reconcile(driver)
    if restless > 0 { driver.reviveOffers() } else { askForOffers() }
  }

  private func start() {
    isStarted = true
    environment.journal.waits(Self.group) { [tally] in tally.wait }
    for broker in waiting { environment.journal.demand(broker.shape, delta: 1) }
    makeBrokers()
    tellWanted()
    for command in commands { advance(command) }
    resumeOutage()
    scheduleNextAct()
    reconciler.start { [weak self] in self?.askForTasks() }
  }

  // MARK: What users do in a scenario

  /// Adds the brokers that it was made with, the first time.
  private func makeBrokers() {
    guard !areBrokersMade else { return }
    areBrokersMade = true
    let api = KafkaAPI(self)
    for entry in options.brokers {
      do throws(KafkaRefusal) {
        try api.add(entry.expression, entry.change)
        if entry.isActive { activate(try ids(entry.expression)) }
      } catch { refuse("add \(entry.expression)", error) }
    }
    keepCounts()
  }

  /// Waits for the next act; those whose time has come while nobody was there are done at once.
  private func scheduleNextAct() {
    guard actsDone < options.acts.count, actTimer == nil else { return }
    let due = Instant.start + options.acts[actsDone].at
    actTimer = environment.startTimer(after: max(.zero, due - now)) { [weak self] in
      guard let self else { return }
      actTimer = nil
      let act = options.acts[actsDone]
      actsDone += 1
      keepCounts()
      do throws(KafkaRefusal) { try KafkaActs.perform(act, on: self) } catch {
        refuse(act.text, error)
      }
      scheduleNextAct()
    }
  }

  /// Tells reports of what was refused.
  private func refuse(_ cause: String, _ refusal: KafkaRefusal) {
    commandsMade += 1
    var note = ServiceChange(id: "c\(commandsMade)", what: cause, began: now)
    note.ended = now
    note.outcome = .refused
    note.reason = refusal.description
    environment.journal.changes(note)
  }

  // MARK: Brokers

  /// Takes note of an event and of all that follows from it here.
  ///
  /// - Returns: Whether the broker's task is to be killed.
  func note(_ event: BrokerRecord.Event, of broker: KafkaBroker) -> Bool {
    leaveCounts(broker)
    let host = broker.attributes["hostname"] ?? ""
    let isKilled = broker.record.note(event, on: host, at: seconds)
    enterCounts(broker)
    return isKilled
  }

  /// Changes a broker, all counts with it.
  func change(_ broker: KafkaBroker, _ change: (KafkaBroker) -> Void) {
    leaveCounts(broker)
    change(broker)
    enterCounts(broker)
  }

  func leaveCounts(_ broker: KafkaBroker) {
    if !broker.record.isSteady { restless -= 1 }
    if broker.isWanted { wanted -= 1 }
    if broker.record.task == .reconciling { reconciling -= 1 }
  }

  func enterCounts(_ broker: KafkaBroker) {
    if !broker.record.isSteady { restless += 1 }
    if broker.isWanted { wanted += 1 }
    if broker.record.task == .reconciling { reconciling += 1 }
    let isWaiting = broker.record.isActive && broker.record.task == nil
    guard isWaiting != broker.isWaiting else { return }
    broker.isWaiting = isWaiting
    runs = nil
    let place = waiting.partitioningIndex { $0.id >= broker.id }
    if isWaiting {
      broker.waitsSince = now
      waiting.insert(broker, at: place)
    } else {
      waiting.remove(at: place)
    }
    // What an earlier process has left is told when this one is registered.
    if isStarted { environment.journal.demand(broker.shape, delta: isWaiting ? 1 : -1) }
  }

  /// Tells reports how many brokers are to be up.
  func tellWanted() {
    guard isStarted, wantedTold != wanted else { return }
    wantedTold = wanted
    environment.journal.wanted(Self.group, count: wanted)
  }

  /// Takes a broker in.
  func insert(_ broker: KafkaBroker) {
    brokers[broker.id] = broker
    order.insert(broker, at: order.partitioningIndex { $0.id >= broker.id })
    enterCounts(broker)
    noteLag(of: broker)
  }

  /// Something has happened to a broker's data.
  func noteLag(of broker: KafkaBroker) {
    guard !broker.mayLag, !broker.data.isInSync(at: seconds) else { return }
    broker.mayLag = true
    lagging.append(broker)
  }
}

extension Array {
  /// The place of the first element for which this holds, when it holds for all behind it.
  func partitioningIndex(where holds: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
