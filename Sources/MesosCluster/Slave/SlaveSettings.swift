// Part of mesosim. Apache-2.0, see LICENSE.
//
// What an operator can set on a slave, with Mesos's defaults (Rules 7), and what all
// slaves of a cluster share.

public import SimulationKernel
import VirtualTime

/// How a slave keeps its containers apart.
public enum Isolation: String, Hashable, Sendable, CaseIterable {
  /// Cpu by shares; a container that goes past its memory is killed.
  case cgroups
  /// Not at all (`posix`): what one uses too much, all lack.
  case none
}

/// The settings of a slave; what is not set is as Mesos has it.
public struct SlaveSettings: Hashable, Sendable {
  /// `registration_backoff_factor`: the first window for random delays of (re-)registration.
  public var registrationBackoff: Duration = .seconds(1)
  /// The largest window for random delays of (re-)registration.
  public var registrationBackoffMax: Duration = .seconds(60)
  /// `executor_registration_timeout`: from the order to make a container to its executor's word.
  public var executorRegistrationTimeout: Duration = .seconds(60)
  /// `executor_shutdown_grace_period`: from the order to end to the kill.
  public var executorShutdownGracePeriod: Duration = .seconds(5)
  /// `executor_reregistration_timeout`: how long a restarted slave waits for its executors.
  public var executorReregistrationTimeout: Duration = .seconds(2)
  /// `recovery_timeout`: how long an executor waits for its slave.
  public var recoveryTimeout: Duration = .seconds(15 * 60)
  /// When an update that is not acknowledged is sent again; doubled each time.
  public var updateRetry: Duration = .seconds(10)
  /// The longest time between two sendings of an update.
  public var updateRetryMax: Duration = .seconds(600)
  /// From SIGTERM to SIGKILL where no kill policy says otherwise.
  public var commandKillGracePeriod: Duration = .seconds(3)
  /// Whether tasks of a custom executor that exits are FAILED, as in newest Mesos, not LOST
  /// (Rules D14).
  public var failsTasksOfExitedExecutors = false
  /// Whether the executor of commands reports STARTING before RUNNING, as in newest Mesos.
  public var reportsStarting = false
  /// Whether the executor of commands reports KILLING to frameworks that know it; executors before
  /// Mesos 0.28 did not (Rules D10).
  public var reportsKilling = true
  /// Whether a slave whose machine was rebooted keeps its id, as in newest Mesos (Rules 8.4).
  public var keepsIDAfterReboot = false
  /// Whether texts for people speak of agents, as since Mesos 1.0.
  public var saysAgent = false
  /// Whether the executors of commands are programs of somebody else's, which register and report
  /// like any: the slave starts one for each command, named like its task, and is not its author.
  public var hasCommandExecutors = false
  /// Whether executors are never told `disconnected`, as with the real drivers (Rules D22).
  public var skipsDisconnected = false
  /// How containers are kept apart.
  public var isolation = Isolation.cgroups
  /// `enforce_container_disk_quota`: whether a container that goes past its disk is killed.
  public var enforcesDiskQuota = false
  /// `container_disk_watch_interval`: how often the use of disk is looked at.
  public var diskWatchInterval: Duration = .seconds(15)
  /// `oversubscribed_resources_interval`: how often the slack is estimated; `nil` for never.
  public var oversubscriptionInterval: Duration?
  /// `fetcher_cache_size`, in MB.
  public var fetcherCacheMegabytes: Int64 = 2048
  /// What Mesos's own executor of a command takes beside it, in thousandths of a cpu; the master
  /// does not account for it.
  public var commandOverheadMilliCPUs: Int64 = 100
  /// What Mesos's own executor of a command takes beside it, in MB.
  public var commandOverheadMegabytes: Int64 = 32

  /// Mesos's defaults.
  public init() {}

  /// The settings of a slave of Mesos 0.20 that is started without flags.
  public static var mesos0_20: SlaveSettings {
    var settings = SlaveSettings()
    settings.skipsDisconnected = true
    settings.reportsKilling = false
    return settings
  }

  /// The settings of a slave of Mesos 1.11 that is started without flags.
  public static var mesos1_11: SlaveSettings {
    var settings = SlaveSettings()
    settings.skipsDisconnected = true
    settings.failsTasksOfExitedExecutors = true
    settings.reportsStarting = true
    settings.keepsIDAfterReboot = true
    settings.saysAgent = true
    return settings
  }
}

/// What the slaves of a cluster share: settings, rules of commands, and randomness by name.
public final class SlaveShared {
  /// The settings of every slave.
  public let settings: SlaveSettings
  /// What commands do; some are learned while the cluster runs.
  @exclusivity(unchecked) public private(set) var rules: CommandRules
  /// How long frameworks' own executors are busy with each message.
  public let executorTimes: [ServiceTimes.ExecutorKind: Duration]

  /// `settings.updateRetry` in nanoseconds: durations of 128 bits are not for every update.
  let updateRetryNanoseconds: Int64
  // What a slave and its containers hold while they take no step; they stay empty.
  let idleActions = ActionBuffer<SlaveAction>()
  let idleEffects = ActionBuffer<ContainerEffect>()
  let registrationKey: StreamKey
  let commandKey: StreamKey
  private let stream: RandomStream

  /// Gathers what slaves share.
  public init(
    settings: SlaveSettings = SlaveSettings(), rules: CommandRules = CommandRules(),
    executorTimes: [ServiceTimes.ExecutorKind: Duration] = [:], seeds: Seeds
  ) {
    self.settings = settings
    self.rules = rules
    self.executorTimes = executorTimes
    updateRetryNanoseconds = settings.updateRetry.wholeNanoseconds
    registrationKey = seeds.key("slaves/registration")
    commandKey = seeds.key("commands")
    stream = RandomStream(key: registrationKey)
  }

  /// Learns what commands do that no rule is about so far, behind all that are known.
  func learn(_ commands: [CommandRule]) {
    for command in commands where !rules.commands.contains(where: { $0.pattern == command.pattern })
    {
      rules.commands.append(command)
    }
  }

  /// A number in [0, 1) that belongs to three others, whatever was drawn before.
  func uniform(_ key: StreamKey, _ first: UInt64, _ second: UInt64, _ third: UInt64) -> Double {
    stream.rekey(key, first, second, third)
    return stream.uniform()
  }

  /// A draw that belongs to three numbers, whatever was drawn before.
  func draw(
    _ distribution: Distribution, _ key: StreamKey, _ first: UInt64, _ second: UInt64,
    _ third: UInt64
  ) -> Double {
    if let constant = distribution.constant { return constant }
    stream.rekey(key, first, second, third)
    return distribution.sample(from: stream)
  }
}
