// Part of mesosim. Apache-2.0, see LICENSE.
//
// The shell around the state machines: carries messages over the virtual network, keeps their
// deadlines as kernel events, and records facts. What concerns masters, slaves and schedulers is in
// the files `Cluster+…`.

import Mesos
public import MesosAllocation
public import SimulationKernel

import VirtualTime

/// A simulated cluster: masters, slaves, and the frameworks that share them.
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
  package let epoch: Int64
  package let setup: ClusterSetup

  // One thread, and no two of these are ever touched by one expression: the dynamic checks would
  // cost as much as the events.
  @exclusivity(unchecked) var masters: [MasterProcess] = []
  @exclusivity(unchecked) var masterActions = ActionBuffer<MasterAction>()
  /// The master that leads, as ZooKeeper has it; it may have ended without ZooKeeper's knowing.
  @exclusivity(unchecked) var leader: MasterIndex? = 0
  @exclusivity(unchecked) var leaderIncarnation: Incarnation = 0
  @exclusivity(unchecked) var election: Election
  /// How often the leader has changed, and which change each slave and scheduler was last told of.
  @exclusivity(unchecked) var electionNumber: Int32 = 0
  @exclusivity(unchecked) var toldElections: ToldElections
  @exclusivity(unchecked) var mastersStarted: Int
  /// What the last leader left to the next.
  @exclusivity(unchecked) var succession: Succession?
  let allocatorAtStart: any Allocator

  @exclusivity(unchecked) var slaves: [SlaveHost] = []
  let buffers: SlaveHostBuffers
  @exclusivity(unchecked) var schedulers: [SchedulerProcess] = []
  /// The first of each scheduler's links to the masters; those of slaves come before all of them.
  @exclusivity(unchecked) var schedulerLinks: [Int32] = []
  /// Whose each framework is that masters and slaves know by a number.
  ///
  /// Where a scheduler comes back without its id there are two with the same owner. Facts name
  /// owners.
  @exclusivity(unchecked) var owners: [FrameworkIndex] = []
  /// Whether a number differs from its owner's index.
  @exclusivity(unchecked) var isRenumbered = false
  /// How many frameworks are to come or to come back.
  var comingFrameworks = 0
  var hasStarted = false

  @exclusivity(unchecked) var network: Network
  /// Messages under way.
  ///
  /// All in one pool: the slot of what has just arrived is at hand, in the nearest cache, for what
  /// is sent in answer.
  @exclusivity(unchecked) var messages = MessagePool<MessageHeader, WireMessage>()
  /// Links between schedulers and slaves, for messages that go past the master.
  @exclusivity(unchecked) var directLinks: [UInt64: LinkID] = [:]
  @exclusivity(unchecked) var mailboxes = Mailboxes()

  /// Listens to updates and acknowledgements, where invariants are checked.
  @exclusivity(unchecked) var wireTap: AcknowledgementTap?
  /// Hears what is said to schedulers outside the simulation.
  public weak var remoteSchedulers: (any RemoteSchedulers)?
  /// Executors of which it was said that nothing is said of them.
  var executorsWarnedOf: Set<String> = []
  /// Listens to the masters; `nil` where nobody does.
  @exclusivity(unchecked) var masterWatch: (any MasterWatch)?

  /// Whether masters state every allocation with what it goes by.
  var statesPasses = false

  /// What frameworks tell reports in words.
  public internal(set) var serviceNotes = ServiceNotes()

  /// What is done with single messages.
  @exclusivity(unchecked) var messageRules: [MessageRule] = [] {
    didSet { watchesMessages = deliveryOrder != nil || !messageRules.isEmpty }
  }
  /// Who decides in which order messages arrive; `nil` for the network alone.
  var deliveryOrder: DeliveryOrder? {
    didSet { watchesMessages = deliveryOrder != nil || !messageRules.isEmpty }
  }
  /// Whether somebody is to be asked about each message.
  @exclusivity(unchecked) private(set) var watchesMessages = false

  /// Who is cut off from whom, and whether anything is wrong with the network at all.
  @exclusivity(unchecked) var field = FaultField()
  @exclusivity(unchecked) var isUndisturbed = true
  /// The connections to slaves that were made while the network was bad: how many, and how many of
  /// them the slave has heard of.
  @exclusivity(unchecked) var slaveConnections: [SlaveIndex: (made: Int32, heard: Int32)] = [:]
  /// What is still to go wrong or to be put right, and what there is to be put right now, by the
  /// faults' numbers; the conditions of the network in the order in which they came.
  @exclusivity(unchecked) var faultSteps: [FaultStep] = []
  @exclusivity(unchecked) var faultsNumbered = 0
  @exclusivity(unchecked) var standingFaults: [Int: StandingFault] = [:]
  @exclusivity(unchecked) var networkFaults: [(number: Int, conditions: NetworkConditions)] = []
  @exclusivity(unchecked) var outages = Outages()
  /// Whose machines are down, or came back, which the master has not been told.
  @exclusivity(unchecked) var crashedMachines: Set<Party> = []
  /// Slaves by their names, for faults that name many.
  lazy var slavesByName = Dictionary(
    grouping: setup.slaves.indices, by: { setup.name(ofSlave: $0) })
  /// Ends of schedulers' processes that the master could not see behind a partition.
  @exclusivity(unchecked) var unseenExits: [(FrameworkIndex, Incarnation)] = []
  /// Connections between slave and master on which something was lost behind a partition.
  @exclusivity(unchecked) var brokenConnections: [(slave: SlaveIndex, master: MasterIndex)] = []

  /// Slaves that have not joined yet or have left.
  @exclusivity(unchecked) var absentSlaves: Set<SlaveIndex> = []
  /// Slaves whose deadlines have come at this instant.
  @exclusivity(unchecked) var dueSlaves: [SlaveIndex] = []

  /// What operators' requests were answered, by number.
  @exclusivity(unchecked) public internal(set) var operatorAnswers: [OperatorAnswer?] = []

  /// Events come through a relay, so that kernel and cluster don't keep one another alive.
  private let relay = Relay()
  let handler: HandlerID

  /// What an event of this cluster is about.
  ///
  /// A message that has arrived may have to wait until its receiver is free: then it comes a second
  /// time, served.
  enum Code: UInt16 {
    case messageToMaster, messageToSlave, messageToScheduler
    case servedToMaster, servedToSlave, servedToScheduler
    case masterDeadline, schedulerTimer, schedulerRetry
    case slaveEvent, slavesDue
    case fault, newsToSlave, newsToScheduler, sessionExpiry, masterRestart, slaveRestart
    case schedulerRestart, frameworkStart, frameworkLeave, schedulerSilence
    case slaveJoin, slaveLeave
  }

  /// Which change of the leader each party was last told of.
  struct ToldElections {
    var slaves: [Int32]
    var schedulers: [Int32] = []
  }

  /// Until when each party is busy; empty where none ever is.
  struct Mailboxes {
    var masters: [Mailbox] = []
    var slaves: [Mailbox] = []
    var schedulers: [Mailbox] = []
  }

  /// Builds a cluster; nothing happens before `start`.
  public init(_ setup: ClusterSetup, allocator: any Allocator, on simulation: Simulation) {
    self.simulation = simulation
    // Frameworks come later, too: from here on each process keeps what it is made from.
    var rest = setup
    rest.frameworks = []
    rest.isLiteral = setup.isLiteral || !setup.hasSurePings
    self.setup = rest
    epoch = setup.epoch
    network = setup.network
    for _ in 0..<(setup.slaves.count * setup.masters * 2) { _ = network.addLink() }
    election = Election(masters: setup.masters)
    toldElections = ToldElections(slaves: Array(repeating: 0, count: setup.slaves.count))
    mastersStarted = setup.masters
    allocatorAtStart = allocator
    buffers = SlaveHostBuffers(
      shared: SlaveShared(
        settings: setup.slave, rules: setup.commands,
        executorTimes: setup.serviceTimes.executor, seeds: simulation.seeds))
    handler = simulation.register(relay)
    relay.cluster = Unmanaged.passUnretained(self)
    masters = (0..<setup.masters).map {
      MasterProcess(
        index: MasterIndex($0), incarnation: 0, number: $0 + 1, setup: rest,
        allocator: allocator)
    }
    if !setup.serviceTimes.areZero {
      mailboxes.masters = Array(repeating: Mailbox(), count: setup.masters)
      mailboxes.slaves = Array(repeating: Mailbox(), count: setup.slaves.count)
    }
    slaves = setup.slaves.enumerated().map { index, info in
      var info = info
      if let address = setup.address { (info.port, info.process) = (address.port, index + 1) }
      return makeSlave(SlaveIndex(index), info)
    }
    for framework in setup.frameworks { admit(framework) }
  }

  /// Learns what commands do that somebody has brought along.
  ///
  /// To be called in the handling of an event; tasks that run already stay as they are. Where a
  /// rule has the same pattern, that one counts.
  package func learn(_ commands: [CommandRule]) { buffers.shared.learn(commands) }

  /// Starts every slave, then every framework, at the present instant.
  public func start() {
    for stay in setup.slaveStays { begin(stay) }
    for slave in slaves where !absentSlaves.contains(slave.index) {
      slave.start()
      slave.detect(leader)
    }
    hasStarted = true
    for framework in schedulers.indices { beginPresence(of: FrameworkIndex(framework)) }
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
    let low = UInt32(truncatingIfNeeded: event.word)
    let party = Int32(truncatingIfNeeded: event.word >> 32)
    // What the party's number counts, the code says.
    let (master, slave) = (MasterIndex(rawValue: party), SlaveIndex(rawValue: party))
    let framework = FrameworkIndex(rawValue: party)
    // The upper bits of a slave's events say which of its own they are.
    guard let code = Code(rawValue: event.code & 0xff) else {
      preconditionFailure("event code \(event.code) at \(now) is not the cluster's")
    }
    switch code {
    case .messageToMaster: arriveAtMaster(low, at: now)
    case .servedToMaster: handOverToMaster(low)
    case .messageToSlave: arriveAtSlave(slave, low, at: now)
    case .servedToSlave: handOverToSlave(slave, low)
    case .messageToScheduler: arriveAtScheduler(framework, low, at: now)
    case .servedToScheduler: handOverToScheduler(framework, low)
    case .masterDeadline: masterDeadlinePassed(master)
    case .schedulerTimer: fireTimer(low, of: framework)
    case .schedulerRetry:
      retrySubscription(of: framework, Incarnation(rawValue: Int32(bitPattern: low)))
    case .slaveEvent: handleSlaveEvent(event.code >> 8, slave, low)
    case .slavesDue: slavesAreDue()
    case .fault: takeFaultStep(low)
    case .newsToSlave: newsArrives(atSlave: slave)
    case .newsToScheduler: newsArrives(atScheduler: framework)
    case .sessionExpiry: sessionExpired(master)
    case .masterRestart: supervisorStarts(.master(master))
    case .slaveRestart: supervisorStarts(.slave(slave))
    case .schedulerRestart:
      let incarnation = Incarnation(rawValue: Int32(bitPattern: low))
      if schedulers[framework].incarnation == incarnation {
        supervisorStarts(.scheduler(framework))
      }
    case .frameworkStart:
      comingFrameworks -= 1
      readmit(framework)
    case .frameworkLeave: dismiss(framework)
    case .slaveJoin: join(slave)
    case .slaveLeave: leave(slave)
    case .schedulerSilence:
      schedulerStopped(framework, Incarnation(rawValue: Int32(bitPattern: low)))
    }
  }
}
