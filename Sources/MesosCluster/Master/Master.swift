// Part of mesosim. Apache-2.0, see LICENSE.
//
// The master as a value: a message and a time go in, actions come out. It keeps the books of
// slaves, frameworks, offers and tasks; whom to offer what, it asks its allocator. While it takes a
// step it holds the instant and the caller's buffer, so that its functions need not pass them on.

public import Mesos
public import MesosAllocation
public import VirtualTime

/// The Mesos master: keeps the books and turns an allocator's decisions into offers.
///
/// Follows Rules 3 to 9 (Mesos: `master/master.cpp`). The files `Master+…` hold one
/// subject each, `Validation/` what is refused and why.
public struct Master: ~Copyable {
  /// The master's id, the prefix of all ids it gives.
  public let info: MasterInfo
  /// What it was told at its start.
  public let settings: MasterSettings
  /// Decides on offers.
  var allocator: any Allocator
  /// What outlives this master.
  public internal(set) var registry = Registry()

  var slaves: [SlaveRecord] = []
  var slaveIndices: [SlaveID: SlaveIndex] = [:]
  var slavesRegistered = 0
  var frameworks: [FrameworkRecord] = []
  var frameworksRegistered = 0
  var frameworksPresent = 0
  /// The ids of frameworks that have ended, newest last.
  var completedFrameworks: [FrameworkID] = []

  var tasks = TaskTable()
  var tasksLaunched: TaskNumber = 0
  var offers = OfferTable()
  var offersMade = 0
  var timers = MasterTimers()
  /// When the next lost slave may be removed at the earliest.
  var removalPermit = Instant.start
  /// What the record of the run has of the last master, by slave; empty for the first master.
  var inherited: [SlaveIndex: InheritedTasks] = [:]
  /// Whether another master led before.
  var tookOver = false
  /// How conflicts are found and dealt with, if offers may overlap.
  let conflicts: ConflictRules?
  /// Whether every ping is an event; otherwise only those that may go unanswered.
  public private(set) var pingsAll: Bool
  /// How many slaves are pinged.
  var watched = 0

  /// When `.deadline` wants to be handled next; an instant in the past means at once.
  public internal(set) var nextDeadline: Instant?

  /// The instant of the step that is being taken.
  var now = Instant.start
  /// What the step has wanted and stated so far: the caller's buffer, while a message is handled.
  var actions = ActionBuffer<MasterAction>()

  /// What an allocation run fills; kept for its memory.
  var allocations: [Allocation] = []
  var allocationRuns: [AllocationRun] = []
  var visits: [UInt64] = []
  /// Whether some slave has ports that no framework is shown.
  var hidesPorts = false
  /// What few tasks were last said to be like, beside their state; only as in Mesos 1.11.
  var taskNotes: [TaskKey: TaskNote] = [:]
  /// What waits for its turn, by the place of its limit; empty where nothing is limited.
  var limiters: [Limiter] = []
  /// Wishes that frameworks leave slaves; only as in Mesos 1.11.
  var inverseOffers: [OpenInverseOffer] = []
  /// Frameworks that have ended, newest last; only as in Mesos 1.11.
  var endedFrameworks: [MasterSnapshot.EndedFramework] = []
  /// Whether somebody wants to hear of what happens, beside what follows from it.
  public var isWatched = false { didSet { if !isWatched { notes = [] } } }
  /// Whether every allocation is stated with what it goes by.
  var statesPasses = false
  /// What has happened since the notes were last taken.
  var notes: [MasterNote] = []
  /// What offers of runs say of slaves.
  let offeredSlaves = OfferedSlaves()

  /// Makes a master that knows no slave and no framework yet.
  /// - Parameters:
  ///   - info: How it introduces itself.
  ///   - allocator: Decides on offers.
  ///   - settings: What it is told at its start.
  ///   - pingsAll: Whether every ping is sent; otherwise slaves are taken to answer, unless
  ///     `watch` says that one may not.
  public init(
    info: MasterInfo, allocator: any Allocator, settings: MasterSettings = MasterSettings(),
    pingsAll: Bool = false
  ) {
    self.info = info
    self.allocator = allocator
    self.settings = settings
    limiters = settings.rateLimits.map { _ in Limiter() }
    conflicts = (allocator as? any OverlappingAllocator)?.conflicts
    self.pingsAll = pingsAll
  }

  /// Handles one message and appends what follows from it to `actions`.
  public mutating func handle(
    _ message: consuming MasterMessage, at now: Instant,
    into actions: inout ActionBuffer<MasterAction>
  ) {
    self.now = now
    swap(&self.actions, &actions)
    defer { swap(&self.actions, &actions) }
    handle(consume message)
  }

  private mutating func handle(_ message: consuming MasterMessage) {
    if !limiters.isEmpty, case .scheduler(let framework, let incarnation, let call) = message,
      waits(call, framework, incarnation)
    {
      return refreshDeadline()
    }
    switch consume message {
    case .scheduler(let framework, let incarnation, .acknowledge(let update)):
      // Half of all that schedulers say, and it moves no deadline.
      guard admitsCall(of: framework, incarnation) else { return }
      return acknowledge(update, for: framework)
    case .scheduler(let framework, let incarnation, let call):
      handle(consume call, from: framework, incarnation)
    case .slave(let slave, let report):
      handle(consume report, from: slave)
    case .operator(let call, let number):
      let answer = handle(call)
      actions.append(.toOperator(number: number, answer))
    case .schedulerExited(let framework, let incarnation):
      schedulerExited(framework, incarnation)
    case .slaveExited(let slave): slaveExited(slave)
    case .deadline: handleDeadlines()
    case .watch(let slave, let lastAnswered): watch(slave, lastAnswered: lastAnswered)
    case .watchFromRegistration(let slave): watchFromRegistration(slave)
    case .unwatch(let slave): unwatch(slave)
    case .pingsAll(let pingsAll): self.pingsAll = pingsAll
    case .succeed(let succession): succeed(succession)
    case .abdicate: return abdicate()
    }
    refreshDeadline()
  }

  mutating func refreshDeadline() { nextDeadline = earliestDeadline() }

  private mutating func handleDeadlines() {
    while let number = offers.popTimedOut(at: now) {
      rescind(number, refusal: nil)
    }
    while let timer = timers.popDue(at: now) { handle(timer) }
    if let due = allocator.nextDeadline, due <= now, frameworksPresent > 0 {
      makeOffers()
    }
  }

  private mutating func earliestDeadline() -> Instant? {
    // With no framework to make offers to, there is nothing to wait for.
    var earliest = frameworksPresent > 0 ? allocator.nextDeadline : nil
    if settings.offerTimeout != nil {
      offers.dropAnsweredTimeouts()
      if let next = offers.nextTimeout { earliest = min(next, earliest ?? next) }
    }
    if let next = timers.next { earliest = min(next, earliest ?? next) }
    return earliest
  }

  mutating func handle(
    _ call: consuming SchedulerCall, from framework: FrameworkIndex, _ incarnation: Incarnation
  ) {
    if case .subscribe(let subscription) = call {
      return subscribe(framework, incarnation, subscription)
    }
    guard admitsCall(of: framework, incarnation) else { return }
    switch consume call {
    case .subscribe: break
    case .acceptOffers(let ids, let operations, let filters):
      accept(ids, operations, filters: filters, for: framework)
    case .declineOffers(let ids, let filters):
      decline(ids, filters: filters, for: framework)
    case .acknowledge(let update): acknowledge(update, for: framework)
    case .teardown: remove(framework)
    case .deactivate: deactivate(framework)
    case .reviveOffers(let roles):
      if hasRoles(roles, framework) { allocator.revive(framework, roles: roles, at: now) }
    case .suppressOffers(let roles):
      if hasRoles(roles, framework) { allocator.suppress(framework, roles: roles, at: now) }
    case .killTask(let task, let slave):
      kill(task, on: slave, of: framework)
    case .reconcileTasks(let queries):
      reconcile(queries, of: framework)
    case .requestResources(let requests):
      allocator.requested(framework, requests.map(\.resources), at: now)
    case .frameworkMessage(let executor, let slaveID, let data):
      guard let slave = slaveIndices[slaveID], slaves[slave].state == .connected else {
        return
      }
      send(.frameworkMessage(framework, executor, data), to: slave)
    case .updateFramework(let info, let suppressed, let constraints):
      update(framework, info, suppressed: suppressed, constraints)
    case .killTaskBy(let policy, let task, let slave):
      kill(task, on: slave, of: framework, policy)
    case .shutdownExecutor(let executor, let slave):
      shutDown(executor, on: slave, of: framework)
    case .reconcileOperations(let queries): reconcile(queries, of: framework)
    case .answerInverseOffers(let ids, let accepts, let filters):
      answerInverseOffers(ids, accepts: accepts, filters, for: framework)
    }
  }

  /// Whether a call of a framework's process counts; one that is held for disconnected is told.
  private mutating func admitsCall(
    of framework: FrameworkIndex, _ incarnation: Incarnation
  ) -> Bool {
    // A call that was under way when its framework ended, or came from a process that another has
    // taken over from, is dropped.
    guard isKnown(framework), frameworks[framework].incarnation == incarnation else {
      return false
    }
    if frameworks[framework].state == .disconnected {
      send(.error(Self.disconnectedMessage), to: framework, incarnation)
    }
    return frameworks[framework].state.isConnected
  }

  private mutating func handle(_ report: consuming SlaveReport, from slave: SlaveIndex) {
    while slaves.count <= Int(slave) { slaves.append(SlaveRecord()) }
    switch consume report {
    case .statusUpdate(let framework, let status, let latest):
      statusUpdate(consume status, latest: latest, of: framework, from: slave)
    case .register(let info): register(slave, info)
    case .reregister(let id, let info, let inventory):
      reregister(slave, id, info, inventory)
    case .unregister(let id):
      guard slaves[slave].id == id, slaves[slave].state != .absent else { return }
      remove(slave, .unregistered)
    case .executorExited(let framework, let executor, let status):
      executorExited(executor, of: framework, on: slave, status)
    case .frameworkMessage(let framework, let executor, let data):
      forward(data, from: executor, on: slave, to: framework)
    case .pong: pong(slave)
    case .oversubscribed(let resources):
      oversubscribe(slave, resources)
    }
  }

  func isKnown(_ framework: FrameworkIndex) -> Bool {
    frameworks.has(framework) && frameworks[framework].state.isKnown
  }

  /// Whether a framework takes part in all of these roles; in any case when none is named.
  private func hasRoles(_ roles: [Role], _ framework: FrameworkIndex) -> Bool {
    if roles.isEmpty { return true }
    let own = frameworks[framework].info.effectiveRoles
    return roles.allSatisfy(own.contains)
  }

  /// Hands an executor's message on; it is dropped when its scheduler is not there.
  private mutating func forward(
    _ data: [UInt8], from executor: ExecutorID, on slave: SlaveIndex, to framework: FrameworkIndex
  ) {
    guard isKnown(framework), slaves[slave].state.isRegistered, let id = slaves[slave].id
    else { return }
    send(.frameworkMessage(executor, id, data), to: framework)
  }
}

// MARK: - What a step wants and states

extension Master {
  /// States a fact.
  @inline(__always)
  mutating func record(_ fact: consuming ClusterEvent) { actions.record(consume fact) }

  /// Sends something to a slave.
  @inline(__always)
  mutating func send(_ message: consuming SlaveMessage, to slave: SlaveIndex) {
    actions.append(.toSlave(slave, consume message))
  }

  /// Sends something to a framework's scheduler, if it is connected.
  mutating func send(_ message: SchedulerMessage, to framework: FrameworkIndex) {
    guard frameworks[framework].state.isConnected else { return }
    send(message, to: framework, frameworks[framework].incarnation)
  }

  /// Sends something to one process of a framework's scheduler, whether it is connected or not.
  @inline(__always)
  mutating func send(
    _ message: consuming SchedulerMessage, to framework: FrameworkIndex, _ incarnation: Incarnation
  ) {
    actions.append(.toScheduler(framework, incarnation, consume message))
  }
}
