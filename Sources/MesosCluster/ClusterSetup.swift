// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a cluster is made of.

public import Mesos
public import SimulationKernel

/// What a cluster is made of.
public struct ClusterSetup {
  /// A framework: how it introduces itself and how its processes are made.
  public struct Framework {
    /// What the driver registers with.
    public var info: FrameworkInfo
    /// Makes the scheduler; a factory, so that it can be started again.
    public var makeScheduler: (any Environment) -> any Scheduler
    /// Makes an executor of the framework's own when a slave starts one; `nil` where there is no
    /// such program.
    public var makeExecutor: (ExecutorInfo, any Environment) -> (any Executor)?
    /// What the driver authenticates with.
    public var credential: Credential?
    /// Whether the scheduler acknowledges updates itself (`acknowledgeStatusUpdate`); otherwise its
    /// driver does when `statusUpdate` returns.
    public var acknowledgesExplicitly = false
    /// How long after its end the scheduler is started again, unless it stopped its driver because
    /// all was done; `nil` for never.
    public var restartDelay: Duration?
    /// When it is there; by default from the start to the end.
    public var presence = Presence()
    /// Whether its scheduler is outside the simulation, without a driver of ours.
    var isRemote = false

    /// Describes a framework.
    public init(
      info: FrameworkInfo, makeScheduler: @escaping (any Environment) -> any Scheduler,
      makeExecutor: @escaping (ExecutorInfo, any Environment) -> (any Executor)? = { _, _ in nil }
    ) {
      self.info = info
      self.makeScheduler = makeScheduler
      self.makeExecutor = makeExecutor
    }
  }

  /// When a framework is there, each counted from the start of the cluster, or from the instant at
  /// which the framework was admitted to a cluster that runs.
  public struct Presence: Hashable, Sendable {
    /// When its scheduler is started.
    public var start = Duration.zero
    /// When it leaves, as by `Cluster.dismiss`: after `start`; `nil` for never.
    public var leave: Duration?
    /// When it comes back, as by `Cluster.readmit`: after `leave`; `nil` for never.
    public var comeBack: Duration?

    /// It is there from the start to the end.
    public init() {}
  }

  /// Where a cluster can be reached from outside: all its processes share a port.
  public struct Address: Hashable, Sendable {
    /// The address.
    public var ip: IPv4Address
    /// The port.
    public var port: Int

    /// Describes an address.
    public init(_ ip: IPv4Address, port: Int) {
      self.ip = ip
      self.port = port
    }
  }

  /// When a slave is there, counted from the start of the cluster.
  public struct SlaveStay: Hashable, Sendable {
    /// Which slave.
    public var slave: SlaveIndex
    /// When its machine is switched on.
    public var join: Duration
    /// When its owner shuts it down for good: it unregisters, and what runs there ends; after
    /// `join`; `nil` for never.
    public var leave: Duration?

    /// Describes a stay.
    public init(of slave: SlaveIndex, join: Duration = .zero, leave: Duration? = nil) {
      self.slave = slave
      self.join = join
      self.leave = leave
    }
  }

  /// The slaves, in the order of their indices.
  public var slaves: [SlaveInfo]
  /// What people and faults call the slaves, by their indices; empty for the host names.
  public var slaveNames: [String] = []
  /// The stays of slaves that are not there from the start to the end, at most one of each.
  public var slaveStays: [SlaveStay] = []
  /// The frameworks, in the order of their indices.
  public var frameworks: [Framework]
  /// How many masters there are; one leads, the others wait.
  public var masters = 1
  /// What masters are told at their start.
  public var master = MasterSettings()
  /// What slaves are told at their start.
  public var slave = SlaveSettings()
  /// What commands do on slaves, beside `sleep SECONDS`.
  public var commands = CommandRules()
  /// What each message takes from one party to another.
  public var network: Network
  /// How long each party is busy with a message.
  public var serviceTimes = ServiceTimes()
  /// Calendar time of instant 0, in seconds since 1970.
  public var epoch: Int64
  /// Where masters and slaves can be reached from outside the simulation, if they can.
  public var address: Address?
  /// Whether every ping is an event, even to slaves that are sure to answer.
  public var isLiteral = false

  /// What people and faults call a slave.
  func name(ofSlave index: Int) -> String {
    slaveNames.isEmpty ? slaves[index].hostname : slaveNames[index]
  }

  /// Whether pings and their answers, as long as none is lost, always come in time.
  var hasSurePings: Bool {
    let longest = network.longestLatency
    // Between two pings that arrive lie the interval and what the latency varies.
    let gap = master.slavePingTimeout + (network.isSteady ? .zero : longest)
    return longest * 2 < master.slavePingTimeout && gap <= master.totalPingTimeout
  }

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
