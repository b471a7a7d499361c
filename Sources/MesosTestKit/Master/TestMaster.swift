// Part of mesosim. Apache-2.0, see LICENSE.
//
// A master alone, in the hands of a test: messages in, actions out, and no cluster around it.

public import Mesos
public import MesosAllocation
public import MesosCluster
import Synchronization
public import VirtualTime

/// A master in the hands of a test: what it is told comes from the test, and what it wants done is
/// handed to it.
///
///     let master = TestMaster()
///     let slave = try master.registerSlave(resources)
///     let web = master.subscribe(FrameworkInfo(name: "web"))
///     let offer = try master.give(half, on: slave, to: web)[0]
///     master.call(.declineOffers([offer.id], Filters()), from: web)
///
/// Its allocator is one that gives what the test says, or any other, whose runs come as time goes
/// on (``advance(by:)``). The same is there as text, for transcripts: ``execute(_:)``.
public final class TestMaster {
  let script: AllocatorScript
  var allocator: any Allocator
  var master: Master
  /// How many masters there were.
  var masters = 1
  var settings: MasterSettings
  /// The present instant.
  public internal(set) var now = Instant.start
  private var buffer = ActionBuffer<MasterAction>()

  /// What the last message or command made the master want done, in order.
  public private(set) var actions: [MasterAction] = []
  /// What it stated then.
  public private(set) var facts: [ClusterEvent] = []
  /// The offers that are open, as far as frameworks know, in the order in which they were made.
  public private(set) var offers: [Offer] = []
  /// What frameworks were told of tasks so far.
  public private(set) var updates: [TaskStatus] = []

  /// The id each slave was last given.
  var slaveIDs: [SlaveIndex: SlaveID] = [:]
  /// How each framework last introduced itself, and as which process.
  var frameworks: [FrameworkIndex: FrameworkInfo] = [:]
  var incarnations: [FrameworkIndex: Incarnation] = [:]
  private var counts: [SlaveIndex: UInt32] = [:]
  private var slavesMade = 0
  private var frameworksMade = 0

  /// Makes a master that leads, with nobody around.
  ///
  /// - Parameters:
  ///   - allocator: Who decides what is offered; by default the test does, by
  ///     ``give(_:on:to:role:)``.
  ///   - settings: What it is told at its start.
  public init(
    _ allocator: (any Allocator)? = nil, settings: MasterSettings = MasterSettings()
  ) {
    let script = AllocatorScript()
    let allocator = allocator ?? ScriptedAllocator(script: script)
    self.script = script
    self.allocator = allocator
    self.settings = settings
    master = Master(
      info: MasterInfo(id: "m1", hostname: "master"), allocator: allocator, settings: settings)
  }

  // MARK: Messages

  /// Hands it a message.
  ///
  /// - Parameter message: The message.
  /// - Returns: What it wants done.
  @discardableResult
  public func tell(_ message: MasterMessage) -> [MasterAction] {
    send(message)
    take()
    return actions
  }

  func send(_ message: MasterMessage) {
    note(message)
    master.handle(message, at: now, into: &buffer)
  }

  /// Takes what it wants done and what it states.
  func take() {
    (facts, actions) = ([], [])
    while let fact = buffer.nextFact() { facts.append(fact) }
    while let action = buffer.nextEffect() {
      note(action)
      actions.append(action)
    }
  }

  /// Takes what it leaves to the next; what it states besides stays for `take`.
  func takeSuccession() -> Succession? {
    guard case .toSuccessor(let succession)? = buffer.nextEffect() else { return nil }
    return succession
  }

  /// Forgets offers that are answered, as the master will.
  private func note(_ message: MasterMessage) {
    switch message {
    case .scheduler(_, _, .acceptOffers(let ids, _, _)):
      offers.removeAll { ids.contains($0.id) }
    case .scheduler(_, _, .declineOffers(let ids, _)):
      let ids = Array(ids)
      offers.removeAll { ids.contains($0.id) }
    default: break
    }
  }

  /// Remembers ids as their receivers would.
  private func note(_ action: MasterAction) {
    switch action {
    case .toSlave(let slave, .registered(let id, _)),
      .toSlave(let slave, .reregistered(let id, _, _)):
      slaveIDs[slave] = id
    case .toScheduler(let framework, _, .registered(let id, _)),
      .toScheduler(let framework, _, .reregistered(let id, _)):
      frameworks[framework]?.id = id
    case .toScheduler(_, _, .resourceOffers(let made)): offers += made
    case .toScheduler(_, _, .rescindOffer(let id)): offers.removeAll { $0.id == id }
    case .toScheduler(_, _, .statusUpdate(let status)): updates.append(status)
    default: break
    }
  }

  /// Forgets everybody, for another master.
  func forget() {
    (slaveIDs, frameworks, incarnations, counts) = ([:], [:], [:], [:])
    (offers, updates, slavesMade, frameworksMade) = ([], [], 0, 0)
  }

  // MARK: Time

  /// Lets time pass: whatever is due meanwhile is handled when it is due, runs of an allocator that
  /// decides itself among it.
  ///
  /// - Parameter duration: How long; below zero is no time.
  /// - Returns: What it wants done, in order.
  @discardableResult
  public func advance(by duration: Duration) -> [MasterAction] {
    let end = now + max(.zero, duration)
    var done: (facts: [ClusterEvent], actions: [MasterAction]) = ([], [])
    var idleRounds = 0
    while handleDeadline(notAfter: end) {
      take()
      done.facts += facts
      done.actions += actions
      // An allocator that wants the same instant again and gives nothing would go on for ever.
      idleRounds = facts.isEmpty && actions.isEmpty ? idleRounds + 1 : 0
      if idleRounds > 10_000, let next = master.nextDeadline, next <= now { break }
    }
    now = end
    (facts, actions) = done
    return actions
  }

  /// Handles what is due by an instant, if something is.
  func handleDeadline(notAfter end: Instant) -> Bool {
    guard let due = master.nextDeadline, due <= end else { return false }
    now = max(now, due)
    send(.deadline)
    return true
  }

  /// Has the allocator give these in a run of its own.
  func send(_ allocations: [Allocation]) {
    script.next.withLock { $0 = allocations }
    send(.deadline)
  }
}

// MARK: - Values

extension TestMaster {
  /// Registers another slave.
  ///
  /// - Parameters:
  ///   - resources: What it has, as the flag `--resources` has it.
  ///   - hostname: Its host; `host-0` and so on by default.
  /// - Returns: Its index: the next one.
  /// - Throws: `ResourceSyntaxError` when resources are not written as Mesos reads them.
  @discardableResult
  public func registerSlave(_ resources: String, hostname: String? = nil) throws -> SlaveIndex {
    let resources = try Resources(parsing: resources)
    let index = SlaveIndex(slavesMade)
    slavesMade += 1
    tell(
      .slave(
        index, .register(SlaveInfo(hostname: hostname ?? "host-\(index)", resources: resources))))
    return index
  }

  /// The id that a slave was given; `nil` before.
  public func id(of slave: SlaveIndex) -> SlaveID? { slaveIDs[slave] }

  /// The id that a framework was given; `nil` before.
  public func id(of framework: FrameworkIndex) -> FrameworkID? { frameworks[framework]?.id }

  /// Subscribes another framework.
  ///
  /// - Parameter info: How it introduces itself.
  /// - Returns: Its index: the next one.
  @discardableResult
  public func subscribe(_ info: FrameworkInfo) -> FrameworkIndex {
    let index = FrameworkIndex(frameworksMade)
    frameworksMade += 1
    frameworks[index] = info
    tell(.scheduler(index, 0, .subscribe(Subscription(info))))
    return index
  }

  /// Has a framework call the master.
  ///
  /// - Parameters:
  ///   - call: What it says.
  ///   - framework: The framework, which is the process that it was last.
  /// - Returns: What the master wants done.
  @discardableResult
  public func call(_ call: SchedulerCall, from framework: FrameworkIndex) -> [MasterAction] {
    tell(.scheduler(framework, incarnations[framework] ?? 0, call))
  }

  /// Has the allocator give something to a framework; only where the test decides.
  ///
  /// - Parameters:
  ///   - resources: What is given.
  ///   - slave: Where that is.
  ///   - framework: To whom it is given.
  ///   - role: In which role; the framework's first by default.
  /// - Returns: The offers that are made.
  /// - Throws: `ResourceSyntaxError` when resources are not written as Mesos reads them, and
  ///   `CommandError` when the allocator decides itself.
  @discardableResult
  public func give(
    _ resources: String, on slave: SlaveIndex, to framework: FrameworkIndex, role: Role? = nil
  ) throws -> [Offer] {
    guard allocator is ScriptedAllocator else {
      throw CommandError("give", advice: "this allocator decides itself: let time pass")
    }
    let role = role ?? frameworks[framework]?.effectiveRoles.first ?? .unreserved
    send([
      Allocation(
        framework: framework, role: role, slave: slave, resources: try Resources(parsing: resources)
      )
    ])
    take()
    return actions.flatMap { action -> [Offer] in
      if case .toScheduler(_, _, .resourceOffers(let offers)) = action { Array(offers) } else { [] }
    }
  }

  /// Has a slave report a task's state, in an update that the test numbers.
  ///
  /// - Parameters:
  ///   - task: The task.
  ///   - state: Its state.
  ///   - framework: Whose it is.
  ///   - slave: Where it runs.
  /// - Returns: What the master wants done.
  @discardableResult
  public func report(
    _ task: TaskID, _ state: TaskState, of framework: FrameworkIndex, on slave: SlaveIndex
  ) -> [MasterAction] {
    let status = TaskStatus(
      taskID: task, state: state, slaveID: slaveIDs[slave], timestamp: now, source: .executor,
      uuid: UpdateID(slave: slave, number: nextUpdate(slave)))
    return tell(.slave(slave, .statusUpdate(framework, status, latest: state)))
  }

  /// The number of the next update of a slave, from 1 on.
  func nextUpdate(_ slave: SlaveIndex) -> UInt32 {
    counts[slave, default: 0] += 1
    return lastUpdate(slave)
  }

  func lastUpdate(_ slave: SlaveIndex) -> UInt32 { counts[slave] ?? 0 }
}
