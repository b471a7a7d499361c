// Part of mesosim. Apache-2.0, see LICENSE.
//
// What the tasks of a role may take (Aurora, `org.apache.aurora.scheduler.quota`).

/// Amounts of what Aurora counts.
public struct AuroraAmounts: Hashable, Sendable {
  /// CPUs.
  public var cpus: Double
  /// Memory in MB.
  public var ram: Double
  /// Disk in MB.
  public var disk: Double

  /// Names amounts; none for what is left out.
  public init(cpus: Double = 0, ram: Double = 0, disk: Double = 0) {
    self.cpus = cpus
    self.ram = ram
    self.disk = disk
  }

  /// The sums.
  public static func + (left: AuroraAmounts, right: AuroraAmounts) -> AuroraAmounts {
    AuroraAmounts(
      cpus: left.cpus + right.cpus, ram: left.ram + right.ram, disk: left.disk + right.disk)
  }

  /// So many times the amounts.
  public static func * (amounts: AuroraAmounts, count: Int) -> AuroraAmounts {
    let factor = Double(count)
    return AuroraAmounts(
      cpus: amounts.cpus * factor, ram: amounts.ram * factor, disk: amounts.disk * factor)
  }

  /// Whether there is as much of each.
  func fits(into other: AuroraAmounts) -> Bool {
    cpus <= other.cpus && ram <= other.ram && disk <= other.disk
  }

  /// Of each the larger amount.
  public func larger(_ other: AuroraAmounts) -> AuroraAmounts {
    AuroraAmounts(
      cpus: max(cpus, other.cpus), ram: max(ram, other.ram), disk: max(disk, other.disk))
  }
}

/// What quotas have to do with a role's jobs.
///
/// What Aurora's executors need is not charged.
public struct AuroraQuota: Hashable, Sendable {
  /// A resource a quota limits.
  public enum Name: String, Hashable, Sendable, CaseIterable {
    /// CPUs.
    case cpus = "cpu"
    /// Memory.
    case ram = "ramMb"
    /// Disk.
    case disk = "diskMb"
  }

  /// Equal instances of a job.
  public struct Load: Hashable, Sendable {
    /// What one instance takes.
    public var each: AuroraAmounts
    /// How many there are.
    public var instances: Int
    /// Whether the job is for production.
    public var isProduction: Bool
    /// Whether it runs on slaves of its own.
    public var isDedicated: Bool

    /// Describes a load.
    public init(
      each: AuroraAmounts, instances: Int, isProduction: Bool, isDedicated: Bool = false
    ) {
      self.each = each
      self.instances = instances
      self.isProduction = isProduction
      self.isDedicated = isDedicated
    }

    /// Whether a quota limits it.
    public var isCharged: Bool { isProduction && !isDedicated }

    /// What of it counts against a quota.
    public var charge: AuroraAmounts { isCharged ? each * instances : AuroraAmounts() }
  }

  /// What the role may take.
  public var limit: AuroraAmounts
  /// What it takes.
  public private(set) var used = AuroraAmounts()

  /// Begins with nothing taken; a role without a quota may take nothing.
  public init(_ limit: AuroraAmounts = AuroraAmounts()) { self.limit = limit }

  /// Counts what runs.
  public mutating func charge(_ load: Load) { used = used + load.charge }

  /// Counts a cron job: what one run of it takes, or what runs of it, whatever is more.
  public mutating func charge(cron load: Load, running: Int) {
    var load = load
    load.instances = max(load.instances, running)
    charge(load)
  }

  /// Counts what an update changes, with the larger amount of before and after.
  public mutating func charge(updateFrom old: Load?, to new: Load?) {
    charge((old?.charge ?? AuroraAmounts()).larger(new?.charge ?? AuroraAmounts()))
  }

  /// Counts amounts as they are.
  mutating func charge(_ amounts: AuroraAmounts) { used = used + amounts }

  /// Which resources are short for a new load; none when it is admitted.
  public func shortages(for load: Load) -> [Name] {
    load.isCharged ? shortages(for: load.charge) : []
  }

  /// Which resources are short for so much more.
  func shortages(for amounts: AuroraAmounts) -> [Name] {
    let sum = used + amounts
    return Name.allCases.filter { name in
      switch name {
      case .cpus: sum.cpus > limit.cpus
      case .ram: sum.ram > limit.ram
      case .disk: sum.disk > limit.disk
      }
    }
  }
}
