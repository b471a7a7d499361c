// Part of mesosim. Apache-2.0, see LICENSE.
//
// A job of Aurora as its client hands it in, with every default (Aurora, `apache.aurora.config`).

package import Mesos

/// A job of Aurora.
public struct AuroraJob: Hashable, Sendable {
  /// Which Aurora's rules hold.
  public enum Semantics: String, Hashable, Sendable {
    /// Those of the newest version: the environment is required, the tier decides.
    case head
    /// Those of 0.5: `devel` is the usual environment, production is a flag, and instances keep
    /// away from each other even when nobody says so.
    case legacy = "0.5"
  }

  /// What happens when a cron job's time comes while it still runs.
  public enum CollisionPolicy: String, Hashable, Sendable {
    /// What runs is killed.
    case killExisting = "KILL_EXISTING"
    /// What runs goes on and this time is left out.
    case cancelNew = "CANCEL_NEW"
  }

  /// How the job is updated.
  public struct UpdateConfig: Hashable, Sendable {
    /// How many instances are in progress at once.
    public var batchSize = 1
    /// How long a new instance must run, in seconds.
    public var watchSeconds = 45
    /// How many tasks of an instance may fail.
    public var maxPerShardFailures = 0
    /// How many instances may fail.
    public var maxTotalFailures = 0
    /// Whether an update that fails is undone.
    public var rollsBackOnFailure = true
    /// Whether the next instances begin only when none is in progress.
    public var waitsForBatch = false
    /// How many are in progress at once, where a strategy says so; else `batchSize` decides.
    public var namedStrategy: RollingUpdate.Strategy?
    /// Whether it pauses before every batch but the first.
    public var pausesAfterBatch = false
    /// How old the last pulse may be, in seconds; `nil` when none is needed.
    public var pulseSeconds: Int?
    /// Whether instances are only stopped as the SLA allows it.
    public var isSLAAware = false

    /// Aurora's defaults.
    public init() {}

    /// How many instances are in progress at once.
    public var strategy: RollingUpdate.Strategy {
      namedStrategy ?? (waitsForBatch ? .batch(batchSize) : .queue(batchSize))
    }
  }

  /// What becomes of an instance whose slave cannot be reached.
  public struct PartitionPolicy: Hashable, Sendable {
    /// Whether another takes its place.
    public var reschedules = true
    /// After how many seconds.
    public var delaySeconds = 0.0

    /// Aurora's defaults.
    public init() {}
  }

  /// The cluster whose scheduler runs it.
  public var cluster: String
  /// Whose job it is; quotas and preemption are a matter of roles.
  public var role: String
  /// `prod`, `devel`, `test` or `staging` with or without a number.
  public var environment: String
  /// Its name.
  public var name: String
  /// What one instance runs.
  public var task: ThermosTask
  /// What one instance takes, without its executor; memory and disk in whole MB.
  public var amounts: AuroraAmounts
  /// The names of the ports one instance takes, sorted.
  public var ports: [String] = []
  /// How many instances there are.
  public var instances = 1
  /// Whether an instance is run again whenever it has ended.
  public var isService = false
  /// How often an instance of what is no service may fail; -1 for any number.
  public var maxTaskFailures = 1
  /// Which of the role's tasks may evict which.
  public var priority = 0
  /// Whether it counts against the role's quota.
  public var isProduction = false
  /// What kind of guest it is; `nil` where there are no tiers.
  public var tier: AuroraTier?
  /// When it runs, as it was written; `nil` when it runs at once.
  public var cronSchedule: String?
  /// What happens when its time comes while it still runs.
  public var collisionPolicy = CollisionPolicy.killExisting
  /// How it is updated.
  public var update = UpdateConfig()
  /// How it is checked.
  public var health = HealthWatch.Rules()
  /// Whether its instances are checked: one of its ports is, or is also called, `health`, or a
  /// shell does it.
  public var isChecked = false
  /// What becomes of an instance whose slave cannot be reached.
  public var partitionPolicy = PartitionPolicy()
  /// How much of it has to serve while its slaves are emptied; `nil` for what operators say.
  public var sla: AuroraSLA?
  /// Whom to ask about it.
  public var contact: String?
  /// The image that it runs in.
  public var image: String?
  /// What it wants of slaves, as it was written, sorted by name.
  public var constraints: [Constraint] = []

  /// A constraint as it was written, such as `rack` and `limit:2`.
  public struct Constraint: Hashable, Sendable {
    /// The attribute.
    public var name: String
    /// What is wanted of it.
    public var text: String

    /// Describes a constraint.
    public init(_ name: String, _ text: String) {
      self.name = name
      self.text = text
    }
  }

  /// The most instances a job may have.
  public static let mostInstances = 4000

  /// Describes a job with Aurora's defaults.
  public init(
    cluster: String, role: String, environment: String, name: String, task: ThermosTask,
    amounts: AuroraAmounts
  ) {
    self.cluster = cluster
    self.role = role
    self.environment = environment
    self.name = name
    self.task = task
    self.amounts = amounts
  }

  /// The key that names it: `cluster/role/environment/name`.
  public var key: String { "\(cluster)/\(role)/\(environment)/\(name)" }

  /// The constraints, ready to be asked.
  public var wishes: [AuroraConstraint] {
    constraints.compactMap { AuroraConstraint($0.name, $0.text) }
  }

  /// Whether it runs on slaves of its own.
  public var isDedicated: Bool {
    constraints.contains { $0.name == AuroraConstraint.dedicated }
  }
}

/// Says why a job is refused.
public struct AuroraJobFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// The field, such as `task.resources.cpu`.
  public var field: String
  /// What is wrong with it and what was expected.
  public var message: String

  /// Describes a fault.
  public init(_ field: String, _ message: String) {
    self.field = field
    self.message = message
  }

  /// The field and what is wrong with it.
  public var description: String { "\(field): \(message)" }
}

extension AuroraJob {
  /// The job with every default, as its client would print it.
  package var json: JSONValue {
    let written = constraints.map { JSONValue.Member(key: $0.name, value: .text($0.text)) }
    return .object([
      "cluster": .text(cluster), "role": .text(role), "environment": .text(environment),
      "name": .text(name), "instances": .number(instances), "service": .bool(isService),
      "priority": .number(priority), "production": .bool(isProduction),
      "tier": .text(tier?.rawValue), "max_task_failures": .number(maxTaskFailures),
      "cron_schedule": .text(cronSchedule),
      "cron_collision_policy": .text(collisionPolicy.rawValue),
      "constraints": JSONValue(.object(written)), "update_config": update.json,
      "resources": .object([
        "cpu": .number(amounts.cpus), "ram_mb": .number(amounts.ram),
        "disk_mb": .number(amounts.disk),
      ]),
      "ports": .array(ports.map { .text($0) }),
    ])
  }
}

extension AuroraJob.UpdateConfig {
  fileprivate var json: JSONValue {
    .object([
      "batch_size": .number(batchSize), "watch_secs": .number(watchSeconds),
      "max_per_shard_failures": .number(maxPerShardFailures),
      "max_total_failures": .number(maxTotalFailures),
      "rollback_on_failure": .bool(rollsBackOnFailure),
      "wait_for_batch_completion": .bool(waitsForBatch),
    ])
  }
}
