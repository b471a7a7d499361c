// Part of mesosim. Apache-2.0, see LICENSE.
//
// A service at its simplest: so many copies of one command, started again wherever they end.

public import Mesos

/// What a service consists of.
public struct ServiceOptions: Sendable, Hashable {
  /// How many copies are to run at any time.
  public var instances: Int
  /// What each needs.
  public var resources: Resources
  /// How many ports each gets beside that, whichever are free.
  public var ports: Int
  /// The command that each runs.
  public var command: String
  /// Where copies may go.
  public var placement: PlacementRules
  /// How long after its end a copy is launched again.
  public var pause: Duration
  /// How often it asks what became of its copies, where messages can get lost.
  public var reconciliationInterval: Duration?

  /// What parameters say; without any: one copy of something small.
  public init(_ parameters: Parameters = Parameters()) {
    instances = parameters[Self.instances]
    resources = parameters[Self.resources]
    ports = parameters[Self.ports]
    command = parameters[Self.command]
    placement = PlacementRules(
      parameters[Self.constraints], semantics: parameters[Self.semantics])
    pause = parameters[Self.pause]
    reconciliationInterval = parameters[Self.reconcile]
  }
}

/// Keeps copies of a command running until it is stopped.
///
/// It takes what offers have room for and constraints allow, declines the rest, and says in its
/// journal how many copies are wanted and which are up. Which copies there are is written down, so
/// that its next process goes on with them. Health checks and upgrades are not its business.
public final class ServiceScheduler: Scheduler {
  private let environment: any Environment
  private let options: ServiceOptions
  private let need: TaskNeed
  private let reconciler: Reconciler
  private var placement: Placement
  private var copies: Set<TaskID> = []
  /// Since when each copy that is not there could be launched.
  private var missing: [Instant] = []
  private var launched = 0

  private static let group = GroupID(0)
  private static let copyPrefix = "copy/"
  private static let launchedKey = "launched"

  /// Makes the framework, or goes on with what an earlier process has launched.
  public init(options: ServiceOptions = ServiceOptions(), environment: any Environment) {
    self.options = options
    self.environment = environment
    need = TaskNeed(resources: options.resources, ports: options.ports)
    reconciler = Reconciler(every: options.reconciliationInterval, environment: environment)
    placement = Placement(options.placement, wanted: options.instances)
    let store = environment.store
    launched = store.text(for: Self.launchedKey).flatMap { Int($0) } ?? 0
    for key in store.keys where key.hasPrefix(Self.copyPrefix) {
      let id = TaskID(String(key.dropFirst(Self.copyPrefix.count)))
      copies.insert(id)
      placement.add(id, values: Self.values(in: store.text(for: key) ?? ""))
    }
    let count = max(0, options.instances - copies.count)
    missing = Array(repeating: environment.now, count: count)
  }

  // MARK: Callbacks

  /// Registers as the framework that earlier processes have been.
  public func configure(_ info: inout FrameworkInfo) {
    if let id = environment.store.frameworkID { info.id = id }
  }

  /// Says what is wanted, and asks what became of the copies.
  public func registered(
    _ driver: any SchedulerDriver, frameworkID: FrameworkID, masterInfo: MasterInfo
  ) {
    try? environment.store.keep(frameworkID)
    environment.journal.wanted(Self.group, count: options.instances)
    environment.journal.demand(options.resources, delta: missing.count)
    resume(driver)
    reconciler.start { [weak self] in self?.resume(driver) }
  }

  /// Asks what became of the copies.
  public func reregistered(_ driver: any SchedulerDriver, masterInfo: MasterInfo) {
    resume(driver)
  }

  /// Launches copies that are missing.
  public func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
    var place = offers.startIndex
    while !missing.isEmpty, let next = offers.firstIndex(from: place, offering: need.fits) {
      driver.declineOffers(offers[place..<next])
      launch(on: offers[next], driver)
      place = next + 1
    }
    driver.declineOffers(offers[place...])
    if missing.isEmpty { driver.suppressOffers() }
  }

  /// Takes note of a copy that is up, and launches another for one that ended.
  public func statusUpdate(_ driver: any SchedulerDriver, status: TaskStatus) {
    let id = status.taskID
    guard copies.contains(id) else {
      // Of a process that could not write it down.
      if !status.state.isTerminal { driver.killTask(id) }
      return
    }
    if status.state == .running { environment.journal.up(id, of: Self.group) }
    guard status.state.isTerminal else { return }
    copies.remove(id)
    placement.remove(id)
    environment.store.remove(Self.copyPrefix + id.value)
    environment.startTimer(after: options.pause) { [weak self] in self?.want(driver) }
  }

  /// Forgets its id when the master has removed the framework: the next process is a new one's.
  public func error(_ driver: any SchedulerDriver, message: String) {
    if message.contains("has been removed") { try? environment.store.keep(nil) }
  }

  // MARK: Copies

  private func resume(_ driver: any SchedulerDriver) {
    reconciler.ask(driver, of: copies.sorted())
    if missing.isEmpty { driver.suppressOffers() } else { driver.reviveOffers() }
  }

  private func want(_ driver: any SchedulerDriver) {
    missing.append(environment.now)
    environment.journal.demand(options.resources, delta: 1)
    driver.reviveOffers()
  }

  /// Launches what is missing, as far as there is room.
  private func launch(on offer: Offer, _ driver: any SchedulerDriver) {
    var packing = OfferPacking(offer)
    let location = Location(of: offer)
    while !missing.isEmpty, need.fits(into: packing.remainder), placement.accepts(location) {
      packing.add(launch(on: packing, at: location))
    }
    packing.answer(driver, refusal: Filters())
  }

  private func launch(on packing: OfferPacking, at location: Location) -> TaskInfo {
    let since = missing.removeFirst()
    let id = TaskID(String(launched))
    launched += 1
    copies.insert(id)
    placement.add(id, at: location)
    // Without room the next process will not know it, and kills it when it hears of it.
    try? environment.store.write(String(launched), for: Self.launchedKey)
    let values = placement.values(at: location)
    try? environment.store.write(Self.text(of: values), for: Self.copyPrefix + id.value)
    environment.journal.demand(options.resources, delta: -1)
    environment.journal.launching(id, of: JobID(0), runnableSince: since)
    return TaskInfo(
      name: "copy \(id)", taskID: id, slaveID: packing.offer.slaveID,
      resources: need.part(of: packing.remainder), command: CommandInfo(options.command))
  }

  /// What the constraints look at where a copy is, a line each; no value has a line break.
  private static func text(of values: [String?]) -> String {
    values.map { $0.map { "=" + $0 } ?? "-" }.joined(separator: "\n")
  }

  private static func values(in text: String) -> [String?] {
    text.split(separator: "\n").map { $0.first == "=" ? String($0.dropFirst()) : nil }
  }
}
