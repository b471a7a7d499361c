// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a master can be told when it starts. The defaults are those of Mesos (Rules 7).

public import Mesos

/// How much schedulers of a principal may say in a time (mesos.proto, `RateLimit`).
public struct RateLimit: Hashable, Sendable {
  /// The principal; `nil` for all that have no limit of their own, taken together.
  public var principal: String?
  /// How many messages a second are handled; `nil` for any number.
  public var perSecond: Double?
  /// How many may wait; what comes beyond that is dropped, with an error.
  public var capacity: Int

  /// Describes a limit.
  public init(_ principal: String?, perSecond: Double?, capacity: Int) {
    self.principal = principal
    self.perSecond = perSecond
    self.capacity = capacity
  }
}

/// Settings of a master; the defaults are those of a Mesos master started without flags.
public struct MasterSettings: Sendable, Hashable {
  /// How long an offer may stay open until it is rescinded (`--offer_timeout`); `nil`: endlessly.
  public var offerTimeout: Duration?
  /// The time between two pings of a slave, and how long each may go unanswered
  /// (`--slave_ping_timeout`).
  public var slavePingTimeout: Duration = .seconds(15)
  /// How many pings in a row may go unanswered before a slave is lost
  /// (`--max_slave_ping_timeouts`).
  public var slavePingTimeoutsMax = 5
  /// How long a slave waits for a ping before it looks for its master again: it is told so when it
  /// registers (total_ping_timeout_seconds of a MasterSlaveConnection).
  var totalPingTimeout: Duration { slavePingTimeout * slavePingTimeoutsMax }
  /// How long a disconnected slave, or after a failover any slave, has to come back
  /// (`--slave_reregister_timeout`).
  public var slaveReregisterTimeout: Duration = .seconds(600)
  /// At most one lost slave is removed in this time (`--slave_removal_rate_limit`); `nil` for no
  /// limit.
  public var slaveRemovalInterval: Duration?
  /// How many frameworks that have ended are remembered (`--max_completed_frameworks`).
  public var completedFrameworksMax = 50
  /// How many ended tasks of a framework are remembered (`--max_completed_tasks_per_framework`).
  public var completedTasksMax = 1000
  /// The roles that there are (`--roles`); `nil` for any.
  public var roles: [Role]?
  /// Whether frameworks may run tasks as root (`--root_submissions`).
  public var allowsRootSubmissions = true
  /// Who may do what (`--acls`); `nil` for everybody everything.
  public var acls: ACLs?
  /// Who may register as a framework (`--authenticate_frameworks` with `--credentials`); `nil` for
  /// everybody.
  public var credentials: [Credential]?
  /// Whether a slave that was given up may come back with its tasks, as in newer Mesos (Rules
  /// D15); otherwise it is told to shut down and comes back as a new one.
  public var readmitsLostSlaves = false
  /// Whether what was lost at the break of a connection and survived it on the slave goes on there,
  /// unknown to the master, as in Mesos (Rules 13.3); otherwise it is ended.
  public var leavesGhosts = false
  /// Whether a driver that had another master is told `registered` by the next one, as Mesos's own
  /// drivers are, instead of `reregistered`, as its documentation says (Rules D30).
  public var answersFailoverWithRegistered = false
  /// Whether tasks that are not valid, or that their framework may not run, are LOST, as before
  /// Mesos 0.21, which brought ERROR for them (Rules D27).
  public var losesInvalidTasks = false
  /// Whether it does and says what the master of Mesos 1.11 was recorded to do and say, wherever
  /// Rules name a difference; otherwise what Rules say of the product.
  public var followsMesos1_11 = false
  /// How much schedulers may say in a time, by their principals (`--rate_limits`); it holds for
  /// those that speak the first API.
  public var rateLimits: [RateLimit] = []
  /// Where the master is (`--domain`).
  public var domain: DomainInfo?
  /// Whether slaves must say where they are (`--require_agent_domain`).
  public var requiresSlaveDomain = false

  /// The defaults.
  public init() {}

  /// The settings of a master of Mesos 0.20 that is started without flags.
  public static var mesos0_20: MasterSettings {
    var settings = MasterSettings()
    settings.leavesGhosts = true
    settings.answersFailoverWithRegistered = true
    settings.losesInvalidTasks = true
    return settings
  }

  /// The settings of a master of Mesos 1.11 that is started without flags.
  public static var mesos1_11: MasterSettings {
    var settings = MasterSettings()
    settings.followsMesos1_11 = true
    settings.readmitsLostSlaves = true
    settings.leavesGhosts = true
    settings.answersFailoverWithRegistered = true
    return settings
  }
}
