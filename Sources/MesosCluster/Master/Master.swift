// Part of mesosim. Apache-2.0, see LICENSE.
//
// The master as a value: a message and a time go in, actions come out. It keeps the books of
// slaves, frameworks, offers and tasks; whom to offer what, it asks its allocator.

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
  /// Whoever decides on offers.
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
  var tasksLaunched: Int32 = 0
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
  let conflicts: (detection: ConflictDetection, commit: CommitMode)?
  /// Whether every ping is an event; otherwise only those that may go unanswered.
  public var pingsAll: Bool
  /// How many slaves are pinged.
  var watched = 0

  /// When `.deadline` wants to be handled next; an instant in the past means at once.
  public internal(set) var nextDeadline: Instant?

  /// What an allocation run fills; kept for its memory.
  var allocations: [Allocation] = []
  var visits: [UInt64] = []
  var offersByFramework: [[Offer]] = []

  /// Makes a master that knows nobody yet.
  /// - Parameters:
  ///   - info: How it introduces itself.
  ///   - allocator: Whoever decides on offers.
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
    conflicts = (allocator as? any OverlappingAllocator).map {
      ($0.conflictDetection, $0.commit)
    }
    self.pingsAll = pingsAll
  }

  /// Handles one message and appends what follows from it to `actions`.
  public mutating func handle(
    _ message: consuming MasterMessage, at now: Instant,
    into actions: inout ActionBuffer<MasterAction>
  ) {
    switch consume message {
    case .scheduler(let framework, let incarnation, .acknowledge(let update)):
      // Half of all that schedulers say, and it moves no deadline.
      guard admitsCall(of: framework, incarnation, into: &actions) else { return }
      return acknowledge(update, for: framework, into: &actions)
    case .scheduler(let framework, let incarnation, let call):
      handle(consume call, from: framework, incarnation, at: now, into: &actions)
    case .slave(let slave, let report):
      handle(consume report, from: slave, at: now, into: &actions)
    case .operator(let call, let number):
      let answer = handle(call, at: now, into: &actions)
      actions.append(.toOperator(number: number, answer))
    case .schedulerExited(let framework, let incarnation):
      schedulerExited(framework, incarnation, at: now, into: &actions)
    case .slaveExited(let slave): slaveExited(slave, at: now, into: &actions)
    case .deadline: handleDeadlines(at: now, into: &actions)
    }
    refreshDeadline()
  }

  mutating func refreshDeadline() { nextDeadline = earliestDeadline() }

  private mutating func handleDeadlines(
    at now: Instant, into actions: inout ActionBuffer<MasterAction>
  ) {
    while let number = offers.popTimedOut(at: now) {
      rescind(number, refusal: nil, at: now, into: &actions)
    }
    while let timer = timers.popDue(at: now) { handle(timer, at: now, into: &actions) }
    if let due = allocator.nextDeadline, due <= now, frameworksPresent > 0 {
      makeOffers(at: now, into: &actions)
    }
  }

  private mutating func earliestDeadline() -> Instant? {
    // With nobody to make offers to, there is nothing to wait for.
    var earliest = frameworksPresent > 0 ? allocator.nextDeadline : nil
    if settings.offerTimeout != nil {
      offers.dropAnsweredTimeouts()
      if let next = offers.nextTimeout { earliest = min(next, earliest ?? next) }
    }
    if let next = timers.next { earliest = min(next, earliest ?? next) }
    return earliest
  }

  private mutating func handle(
    _ call: consuming SchedulerCall, from framework: FrameworkIndex, _ incarnation: Incarnation,
    at now: Instant, into actions: inout ActionBuffer<MasterAction>
  ) {
    if case .subscribe(let subscription) = call {
      return subscribe(framework, incarnation, subscription, at: now, into: &actions)
    }
    guard admitsCall(of: framework, incarnation, into: &actions) else { return }
    switch consume call {
    case .acceptOffers(let ids, let operations, let filters):
      accept(ids, operations, filters: filters, for: framework, at: now, into: &actions)
    case .declineOffers(let ids, let filters):
      decline(ids, filters: filters, for: framework, at: now, into: &actions)
    case let rarer: handleRarer(rarer, from: framework, at: now, into: &actions)
    }
  }

  /// Whether a call of a framework's process counts; whoever is held for disconnected is told.
  private mutating func admitsCall(
    of framework: FrameworkIndex, _ incarnation: Incarnation,
    into actions: inout ActionBuffer<MasterAction>
  ) -> Bool {
    // A call that was under way when its framework ended, or came from a process that another has
    // taken over from, finds nobody.
    guard isKnown(framework), frameworks[Int(framework)].incarnation == incarnation else {
      return false
    }
    if frameworks[Int(framework)].state == .disconnected {
      actions.append(.toScheduler(framework, incarnation, .error(Self.disconnectedMessage)))
    }
    return frameworks[Int(framework)].state.isConnected
  }

  private mutating func handleRarer(
    _ call: SchedulerCall, from framework: FrameworkIndex, at now: Instant,
    into actions: inout ActionBuffer<MasterAction>
  ) {
    switch call {
    case .subscribe, .acceptOffers, .declineOffers, .acknowledge: break
    case .teardown: remove(framework, at: now, into: &actions)
    case .deactivate: deactivate(framework, at: now, into: &actions)
    case .reviveOffers(let roles):
      if hasRoles(roles, framework) { allocator.revive(framework, roles: roles, at: now) }
    case .suppressOffers(let roles):
      if hasRoles(roles, framework) { allocator.suppress(framework, roles: roles, at: now) }
    case .killTask(let task, let slave):
      kill(task, on: slave, of: framework, at: now, into: &actions)
    case .reconcileTasks(let queries):
      reconcile(queries, of: framework, at: now, into: &actions)
    case .requestResources(let requests):
      allocator.requested(framework, requests.map(\.resources), at: now)
    case .frameworkMessage(let executor, let slaveID, let data):
      guard let slave = slaveIndices[slaveID], slaves[Int(slave)].state == .connected else {
        return
      }
      actions.append(.toSlave(slave, .frameworkMessage(framework, executor, data)))
    case .updateFramework(let info, let suppressed):
      update(framework, info, suppressed: suppressed, at: now, into: &actions)
    }
  }

  private mutating func handle(
    _ report: consuming SlaveReport, from slave: SlaveIndex, at now: Instant,
    into actions: inout ActionBuffer<MasterAction>
  ) {
    while slaves.count <= Int(slave) { slaves.append(SlaveRecord()) }
    switch consume report {
    case .statusUpdate(let framework, let status, let latest):
      statusUpdate(
        consume status, latest: latest, of: framework, from: slave, at: now, into: &actions)
    case .register(let info): register(slave, info, at: now, into: &actions)
    case .reregister(let id, let info, let inventory):
      reregister(slave, id, info, inventory, at: now, into: &actions)
    case .unregister(let id):
      guard slaves[Int(slave)].id == id, slaves[Int(slave)].state != .absent else { return }
      remove(slave, .unregistered, at: now, into: &actions)
    case .executorExited(let framework, let executor, let status):
      executorExited(executor, of: framework, on: slave, status, at: now, into: &actions)
    case .frameworkMessage(let framework, let executor, let data):
      forward(data, from: executor, on: slave, to: framework, into: &actions)
    case .pong: pong(slave)
    case .oversubscribed(let resources):
      oversubscribe(slave, resources, at: now, into: &actions)
    }
  }

  func isKnown(_ framework: FrameworkIndex) -> Bool {
    frameworks.indices.contains(Int(framework)) && frameworks[Int(framework)].state.isKnown
  }

  /// Whether a framework takes part in all of these roles; in any case when none is named.
  private func hasRoles(_ roles: [Role], _ framework: FrameworkIndex) -> Bool {
    if roles.isEmpty { return true }
    let own = frameworks[Int(framework)].info.wrappedValue.effectiveRoles
    return roles.allSatisfy(own.contains)
  }

  /// Sends something to a framework's scheduler, if it is connected.
  func tell(
    _ framework: FrameworkIndex, _ message: SchedulerMessage,
    into actions: inout ActionBuffer<MasterAction>
  ) {
    guard frameworks[Int(framework)].state.isConnected else { return }
    actions.append(
      .toScheduler(framework, frameworks[Int(framework)].incarnation, message))
  }

  /// Hands an executor's message on; nobody is told when there is nobody to hear it.
  private func forward(
    _ data: [UInt8], from executor: ExecutorID, on slave: SlaveIndex, to framework: FrameworkIndex,
    into actions: inout ActionBuffer<MasterAction>
  ) {
    guard isKnown(framework), slaves[Int(slave)].state.isRegistered, let id = slaves[Int(slave)].id
    else { return }
    tell(framework, .frameworkMessage(executor, id, data), into: &actions)
  }
}
