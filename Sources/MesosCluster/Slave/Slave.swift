// Part of mesosim. Apache-2.0, see LICENSE.
//
// A slave as a value: what reaches it goes in, actions come out. It registers with the leading
// master, has tasks run in containers, and sees to it that every update of a task is delivered, one
// at a time and in order.

public import Mesos
public import VirtualTime

/// A Mesos slave: runs tasks in containers and reports on them reliably.
///
/// Follows Rules 6, 8 and 13 (Mesos: `slave/slave.cpp`,
/// `slave/task_status_update_manager.cpp`). The value outlives the slave's process: `crash` leaves
/// in it what a real slave would find in its checkpoint.
///
/// What only reads it and is called for each task is inlined, since it would be handed a copy of
/// the whole.
public struct Slave: ~Copyable {
  /// What the process is at.
  enum Phase {
    /// There is none.
    case down
    /// It waits for the executors of the process before it.
    case recovering
    /// It looks for its master, or waits for an answer.
    case disconnected
    /// The master has taken it on.
    case registered
    /// It ends what runs on it, and then itself.
    case ending
  }

  /// The slave's number within the run.
  public let index: SlaveIndex
  /// What the slave says of itself, as its operator configured it.
  public let info: SlaveInfo
  /// The id given by a master, once registered.
  public internal(set) var id: SlaveID?
  let shared: SlaveShared
  var settings: SlaveSettings { shared.settings }

  var phase = Phase.down
  /// The master that leads, as far as is known.
  var leader: MasterIndex?
  /// How the resources are divided up, when operators or frameworks have had a say in it.
  var checkpointed: Boxed<Resources>?

  // Registration.
  var registrationAttempts: UInt32 = 0
  var registrationDue = Instant.distantFuture
  var registrationWindow = Duration.zero
  /// Whether pings may fail to come; while they are certain they are not sent at all.
  var awaitsPings = false
  /// When the last ping came that was sent, or the slave registered since.
  var lastPing = Instant.start
  /// How long none may come before the slave looks for its master again, as the master said.
  var pingTimeout = Duration.seconds(75)
  var recoveryEnd = Instant.distantFuture
  /// Whether what was on the slave ended with its machine, and is to be told of so.
  var lostMachine = false

  // Tasks and their updates.
  var tasks = SlotTable<SlaveTask>()
  var taskIndex = SlotIndex()
  var updates = SlotTable<PendingUpdate>()
  var updatesMade: UInt32 = 0
  /// The updates taken from executors, by the serials of the tasks, for as long as these have a
  /// record: a driver that was disconnected sends all again that it does not know to have arrived.
  var updatesTaken: [UInt32: Set<UpdateID>] = [:]
  /// Numbers tasks, executors and runs of containers.
  var serials: UInt32 = 0

  // Executors, frameworks, containers.
  var executors = SlotTable<SlaveExecutor>()
  var executorIndex = SlotIndex()
  var frameworks: [SlaveFramework] = []
  var owners: [ContainerOwner] = []
  var freeContainers: [ContainerNumber] = []
  /// How the slave is being drained, until nothing is left on it.
  var draining: DrainConfig?
  /// Executors that ended while the master could not be told.
  var exitsToReport: [(key: ExecutorKey, status: Int32)] = []

  /// What is remembered for those who look; nothing unless the slave is watched.
  var history: SlaveHistory?

  var deadlines = SlaveDeadlines()

  /// The instant of the step that is being taken.
  var now = Instant.start
  /// What the step has wanted so far: the caller's buffer, while something is handled; else one
  /// that all slaves share and that stays empty.
  var actions: ActionBuffer<SlaveAction>

  /// Makes a slave whose process has not started.
  public init(index: SlaveIndex, info: SlaveInfo, shared: SlaveShared) {
    self.index = index
    self.info = info
    self.shared = shared
    actions = shared.idleActions
    id = info.id
  }

  /// Handles one input and appends what follows from it to `actions`.
  public mutating func handle(
    _ input: consuming SlaveInput, at now: Instant, into actions: inout ActionBuffer<SlaveAction>
  ) {
    self.now = now
    swap(&self.actions, &actions)
    defer { swap(&self.actions, &actions) }
    switch consume input {
    case .start: start()
    case .stop: stop()
    case .leaderDetected(let master): detect(master)
    case .watchPings(let last): if phase != .down { awaitPings(since: last) }
    case .ignorePings: awaitsPings = false
    case .master(let master, let message):
      handle(message, of: master)
    case .executor(let container, let report):
      handle(report, of: container)
    case .container(let container, let news):
      handle(news, of: container)
    case .deadline: handleDeadlines()
    }
  }

  /// Handles a message of a master, which is most of what comes.
  mutating func handle(
    _ message: consuming SlaveMessage, of master: MasterIndex, at now: Instant,
    into actions: inout ActionBuffer<SlaveAction>
  ) {
    self.now = now
    swap(&self.actions, &actions)
    defer { swap(&self.actions, &actions) }
    handle(message, of: master)
  }

  private mutating func handle(_ message: consuming SlaveMessage, of master: MasterIndex) {
    if case .ping(let isConnected) = message {
      return answerPing(of: master, isConnected: isConnected)
    }
    // A master that does not lead, or leads no longer, has nothing to say.
    guard phase != .down, master == leader else { return }
    switch consume message {
    case .registered(let id, let pingTimeout): registered(id, pingTimeout)
    case .reregistered(let id, let missing, let pingTimeout):
      reregistered(id, missing: missing, pingTimeout)
    case .runTask(let launch): run(launch)
    case .runTaskGroup(let launches): run(group: launches)
    case .killTask(let framework, let task):
      kill(task, of: framework)
    case .acknowledge(let framework, let update):
      acknowledge(update, of: framework)
    case .shutdownFramework(let framework):
      shutdown(framework)
    case .shutdownExecutor(let framework, let executor):
      shutdown(executor, of: framework)
    case .frameworkMessage(let framework, let executor, let data):
      deliver(data, to: executor, of: framework)
    case .checkpointResources(let resources):
      checkpointed = Boxed(wrappedValue: resources)
    case .killTaskBy(let policy, let framework, let task):
      kill(task, of: framework, by: policy)
    case .drain(let config): drain(config)
    case .updateFramework(let framework, let info): update(framework, info)
    case .ping, .runExecutor: break
    case .shutdown: end()
    }
  }

  private mutating func handleDeadlines() {
    guard phase != .down else { return }
    if recoveryEnd <= now { endRecovery() }
    if awaitsPings, phase == .registered, lastPing + pingTimeout <= now {
      // The master is silent: look for it again (Rules 8.1).
      disconnect()
    }
    while let entry = deadlines.first, entry.instant <= now {
      deadlines.removeFirst()
      switch entry.kind {
      case .retry: retry(entry)
      case .registration: registrationTimedOut(entry)
      case .grace: graceEnded(entry)
      }
    }
    if registrationDue <= now { attemptRegistration() }
  }

  /// When the slave next wants to hear `deadline`, `distantFuture` for never.
  ///
  /// May be named for what is no longer waited for; `deadline` then changes nothing.
  /// - Complexity: O(1), but for what it drops on the way, each once.
  public var nextDeadline: Instant {
    mutating get {
      while let entry = deadlines.first, !isAwaited(entry) { deadlines.removeFirst() }
      return nextDeadlineAtLeast
    }
  }

  /// No later than `nextDeadline`, and cheaper to name.
  @inline(__always)
  var nextDeadlineAtLeast: Instant {
    var next = min(min(registrationDue, recoveryEnd), deadlines.firstInstant)
    if awaitsPings, phase == .registered { next = min(next, lastPing + pingTimeout) }
    return next
  }

  @inline(__always)
  private func isAwaited(_ entry: SlaveDeadlines.Entry) -> Bool {
    switch entry.kind {
    case .retry: isDue(entry)
    case .registration, .grace:
      Int(entry.slot) < owners.count && owners[Int(entry.slot)].run == entry.serial
        && owners[Int(entry.slot)].kind != .nobody
    }
  }

  /// A number for a task, an executor or the run of a container.
  mutating func nextSerial() -> UInt32 {
    serials &+= 1
    return serials
  }

  /// Names an update that is made on this slave, by the slave itself or by a driver on it.
  public mutating func makeUpdateID() -> UpdateID {
    defer { updatesMade &+= 1 }
    return UpdateID(slave: index, number: updatesMade)
  }
}

// MARK: - What a step wants

extension Slave {
  /// Asks for something to be done.
  @inline(__always)
  mutating func request(_ action: consuming SlaveAction) { actions.append(consume action) }

  /// Sends a report to a master.
  @inline(__always)
  mutating func send(_ report: consuming SlaveReport, to master: MasterIndex) {
    actions.append(.toMaster(master, consume report))
  }

  /// Sends a report to the master that leads, if one does.
  mutating func sendToLeader(_ report: SlaveReport) {
    if let leader { send(report, to: leader) }
  }

  /// Hands something to the driver of the executor in a container.
  @inline(__always)
  mutating func send(
    _ message: consuming ExecutorMessage, toExecutorIn container: ContainerNumber
  ) {
    actions.append(.toExecutor(container, consume message))
  }
}
