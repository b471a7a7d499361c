// Part of mesosim. Apache-2.0, see LICENSE.
//
// The shell around the state machines: carries messages over the virtual network, keeps their
// deadlines as kernel events, and records facts.

public import Mesos
public import MesosAllocation
public import SimulationKernel

import VirtualTime

/// What a cluster is made of.
public struct ClusterSetup {
  /// A framework: how it introduces itself and how its scheduler is made.
  public struct Framework {
    /// What the driver registers with.
    public var info: FrameworkInfo
    /// Makes the scheduler; a factory, so that it can be started again.
    public var makeScheduler: (any Environment) -> any Scheduler

    /// Describes a framework.
    public init(
      info: FrameworkInfo, makeScheduler: @escaping (any Environment) -> any Scheduler
    ) {
      self.info = info
      self.makeScheduler = makeScheduler
    }
  }

  /// The slaves, in the order of their indices.
  public var slaves: [SlaveInfo]
  /// The frameworks, in the order of their indices.
  public var frameworks: [Framework]
  /// What each message takes from one party to another.
  public var network: Network
  /// Calendar time of instant 0, in seconds since 1970.
  public var epoch: Int64

  /// Describes a cluster.
  public init(
    slaves: [SlaveInfo], frameworks: [Framework], network: Network, epoch: Int64 = 1_300_000_000
  ) {
    self.slaves = slaves
    self.frameworks = frameworks
    self.network = network
    self.epoch = epoch
  }
}

/// A simulated cluster: one master, its slaves, and the frameworks that share them.
///
///     let simulation = Simulation(seed: 1)
///     let cluster = Cluster(setup, allocator: allocator, on: simulation)
///     cluster.start()
///     while simulation.step() {}
public final class Cluster {
  /// The kernel that the cluster lives on.
  public let simulation: Simulation
  /// Where the facts of the run are read.
  public let recorder = Recorder()
  /// Calendar time of instant 0, in seconds since 1970.
  let epoch: Int64

  // One thread, and no two of these are ever touched by one expression: the dynamic checks would
  // cost as much as the events.
  @exclusivity(unchecked) private var master: Master
  @exclusivity(unchecked) private var masterActions = ActionBuffer<MasterAction>()
  @exclusivity(unchecked) private var deadline: (instant: Instant, token: EventToken)?

  @exclusivity(unchecked) private var slaves: [Slave]
  @exclusivity(unchecked) private var slaveActions = ActionBuffer<SlaveAction>()
  @exclusivity(unchecked) private var containers: Containers

  @exclusivity(unchecked) private var connections: [SchedulerConnection] = []

  @exclusivity(unchecked) private var network: Network
  @exclusivity(unchecked) private var toMaster = Mail<MasterMessage>()
  @exclusivity(unchecked) private var toSlaves = Mail<SlaveMessage>()
  @exclusivity(unchecked) private var toSchedulers = Mail<SchedulerMessage>()
  @exclusivity(unchecked) private var slaveLinks: [(up: LinkID, down: LinkID)]
  @exclusivity(unchecked) private var schedulerLinks: [(up: LinkID, down: LinkID)]
  /// Events come through a relay, so that kernel and cluster don't keep one another alive.
  private let relay = Relay()
  private let handler: HandlerID

  /// What an event of this cluster is about.
  private enum Code: UInt32 {
    case mailToMaster, mailToSlave, mailToScheduler, masterDeadline, containerExit, timer
  }

  /// Builds a cluster; nothing happens before `start`.
  public init(_ setup: ClusterSetup, allocator: any Allocator, on simulation: Simulation) {
    self.simulation = simulation
    epoch = setup.epoch
    master = Master(
      info: MasterInfo(id: "m1", hostname: "master-1"), allocator: allocator)
    slaves = setup.slaves.enumerated().map { Slave(index: SlaveIndex($0), info: $1) }
    containers = Containers(slaves: setup.slaves.count)
    var network = setup.network
    slaveLinks = setup.slaves.map { _ in (network.addLink(), network.addLink()) }
    schedulerLinks = setup.frameworks.map { _ in (network.addLink(), network.addLink()) }
    self.network = network
    handler = simulation.register(relay)
    relay.cluster = Unmanaged.passUnretained(self)
    connections = setup.frameworks.enumerated().map {
      SchedulerConnection(index: FrameworkIndex($0), setup: $1, cluster: self)
    }
  }

  /// Starts every slave, then every framework, at the present instant.
  public func start() {
    for slave in slaves.indices { tell(SlaveIndex(slave), .start) }
    for connection in connections { _ = connection.driver.start() }
  }

  private final class Relay: EventHandler {
    /// Emptied by the cluster's deinit; a weak reference would cost as much as a small event.
    var cluster: Unmanaged<Cluster>?
    func handle(_ event: Event, at now: Instant) {
      cluster?._withUnsafeGuaranteedRef { $0.handle(event, at: now) }
    }
  }

  deinit { relay.cluster = nil }

  private func handle(_ event: Event, at now: Instant) {
    guard let code = Code(rawValue: event.code) else {
      preconditionFailure("event code \(event.code) at \(now) is not the cluster's")
    }
    let low = UInt32(truncatingIfNeeded: event.word)
    let high = Int32(truncatingIfNeeded: event.word >> 32)
    switch code {
    case .mailToMaster: tellMaster(toMaster.take(low))
    case .mailToSlave: tell(high, .master(toSlaves.take(low)))
    case .mailToScheduler: connections[Int(high)].receive(toSchedulers.take(low))
    case .masterDeadline:
      deadline = nil
      tellMaster(.deadline)
    case .containerExit:
      let container = containers.exit(low)
      report(container, .finished, "Command exited with status 0")
    case .timer: connections[Int(high)].fire(low)
    }
  }
}

// MARK: - Master

extension Cluster {
  private func tellMaster(_ message: MasterMessage) {
    let now = simulation.now
    master.handle(message, at: now, into: &masterActions)
    while let fact = masterActions.nextFact() { recorder.record(fact, at: now) }
    while let effect = masterActions.nextEffect() {
      switch effect {
      case .toSlave(let slave, let message):
        let slot = toSlaves.put(message)
        send(.mailToSlave, slave, slot, over: slaveLinks[Int(slave)].down)
      case .toScheduler(let framework, let message):
        let slot = toSchedulers.put(message)
        send(.mailToScheduler, framework, slot, over: schedulerLinks[Int(framework)].down)
      }
    }
    rearm()
  }

  /// Keeps one kernel event for the master's nearest deadline.
  private func rearm() {
    let next = master.nextDeadline.map { max($0, simulation.now) }
    guard next != deadline?.instant else { return }
    if let deadline { _ = simulation.cancel(deadline.token) }
    deadline = nil
    if let next {
      // Last at its instant: an allocation answers all that happened then.
      let token = simulation.schedule(
        at: next, priority: .late, to: handler, code: Code.masterDeadline.rawValue, word: 0)
      deadline = (next, token)
    }
  }

  private func send(_ code: Code, _ party: Int32, _ slot: UInt32, over link: LinkID) {
    let arrival = network.deliveryInstant(on: link, sentAt: simulation.now)
    let word = UInt64(UInt32(bitPattern: party)) << 32 | UInt64(slot)
    simulation.schedule(
      at: arrival, priority: .message, to: handler, code: code.rawValue, word: word)
  }
}

// MARK: - Slaves and their containers

extension Cluster {
  private func tell(_ slave: SlaveIndex, _ input: SlaveInput) {
    slaves[Int(slave)].handle(input, at: simulation.now, into: &slaveActions)
    // What a container reports at once is handled here too, and its actions queue up behind.
    while let action = slaveActions.nextEffect() { perform(action, of: slave) }
  }

  private func perform(_ action: SlaveAction, of slave: SlaveIndex) {
    switch action {
    case .toMaster(let report):
      let slot = toMaster.put(.slave(slave, report))
      send(.mailToMaster, slave, slot, over: slaveLinks[Int(slave)].up)
    case .startContainer(let framework, let task):
      start(task, of: framework, on: slave)
    case .killContainer(let framework, let task):
      guard let killed = containers.kill(task, of: framework, on: slave) else { return }
      _ = simulation.cancel(killed.exit)
      executorReports(killed.container, .killed, "Command terminated with signal Terminated")
    }
  }

  private func start(_ task: TaskInfo, of framework: FrameworkIndex, on slave: SlaveIndex) {
    let container = Containers.Container(slave: slave, framework: framework, task: task.taskID)
    let command = task.command?.value ?? ""
    guard let length = SimulatedCommand.sleepNanoseconds(command) else {
      let message = "command '\(command)' has no simulated duration; use 'sleep SECONDS'"
      return executorReports(container, .failed, message)
    }
    let slot = containers.start(container)
    let exit = simulation.schedule(
      at: simulation.now.advanced(byNanoseconds: length), priority: .timer, to: handler,
      code: Code.containerExit.rawValue, word: UInt64(slot))
    containers.setExit(exit, of: slot)
    executorReports(container, .running, "")
  }

  /// An executor's report while its slave's actions are being carried out: it queues up behind
  /// them.
  private func executorReports(
    _ container: Containers.Container, _ state: TaskState, _ message: String
  ) {
    slaves[Int(container.slave)].handle(
      .executor(container.framework, container.task, state, message: message),
      at: simulation.now, into: &slaveActions)
  }

  private func report(_ container: Containers.Container, _ state: TaskState, _ message: String) {
    tell(
      container.slave, .executor(container.framework, container.task, state, message: message))
  }
}

// MARK: - Schedulers

extension Cluster {
  /// Sends a scheduler's call to the master.
  func call(_ call: SchedulerCall, from framework: FrameworkIndex) {
    let slot = toMaster.put(.scheduler(framework, call))
    send(.mailToMaster, framework, slot, over: schedulerLinks[Int(framework)].up)
  }

  /// Schedules a scheduler's timer.
  func startTimer(_ slot: UInt32, of framework: FrameworkIndex, at instant: Instant) -> EventToken {
    let word = UInt64(UInt32(bitPattern: framework)) << 32 | UInt64(slot)
    return simulation.schedule(
      at: instant, priority: .timer, to: handler, code: Code.timer.rawValue, word: word)
  }
}
