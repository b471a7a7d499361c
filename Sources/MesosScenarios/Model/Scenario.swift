// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a scenario file says, validated, with every default filled in.

public import Mesos
public import MesosAllocation
public import MesosCluster

/// A cluster, the frameworks on it, their work, and the allocators to compare.
public struct Scenario: Equatable, Sendable {
  /// What the scenario is called.
  public var name = ""
  /// The question that it answers, for people.
  public var question: String?
  /// What else a reader should know.
  public var notes: String?
  /// What all random streams derive from.
  public var seed: UInt64 = 1
  /// Calendar time of the start, in seconds since 1970-01-01T00:00:00Z.
  public var epoch = Scenario.standardEpoch
  /// The end of the simulation; `nil` when all work is done.
  public var until: Duration?
  /// How and when the master allocates.
  public var allocation = AllocationSettings()
  /// The machines and the network between them.
  public var cluster = ClusterDescription()
  /// What is said of roles; others have a weight of 1.
  public var roles: [Named<RoleSettings>] = []
  /// Who runs what, in the order of registration.
  public var frameworks: [FrameworkDescription] = []
  /// The allocators that `compare` compares; `run` takes the first.
  public var allocators = [AllocatorEntry(name: "static"), AllocatorEntry(name: "drf")]
  /// What goes wrong.
  public var faults: [FaultEntry] = []
  /// What must be true of the results.
  public var expect: [Expectation] = []
  /// What must hold while a run goes on.
  public var laws: [LawEntry] = []
  /// What commands do on slaves, and how long files and images take to arrive.
  public var commands = CommandRules()
  /// What an operator does at run time.
  public var operations: [OperatorAction] = []

  /// The end of a simulation whose work is never done.
  public static let horizonMax = Duration.seconds(30 * 86_400)

  /// The end of the simulation, whether or not all work is done.
  public var horizon: Duration { until ?? Self.horizonMax }

  /// The weight of a role.
  public func weight(of role: Role) -> Double {
    roles.first { $0.name == role.value }?.value.weight ?? 1
  }

  /// What the fair share of a framework is in proportion to: the weight of its role, or of the
  /// first of them.
  func weight(of framework: FrameworkDescription) -> Double {
    framework.effectiveRoles.first.map(weight(of:)) ?? 1
  }
}

/// How and when the master allocates.
public struct AllocationSettings: Equatable, Sendable {
  /// The order in which slaves are offered.
  public enum Order: String, CaseIterable, Sendable {
    /// Shuffled again in each pass, as Mesos does.
    case shuffled
    /// By the bytes of the slaves' ids, as recorded cases have it.
    case id
  }

  /// The time between two passes.
  public var interval = Duration.seconds(1)
  /// The order in which slaves are offered.
  public var order = Order.shuffled
  /// What is too little to offer: an offer must contain at least one of these.
  public var minAllocatable = [Resources(cpus: 0.01), Resources(mem: 32)]
}

/// What an allocator's entry says of `allocation` for itself; `nil` for what it leaves as it is.
public struct AllocationChanges: Equatable, Sendable {
  /// The time between two passes.
  public var interval: Duration?
  /// The order in which slaves are offered.
  public var order: AllocationSettings.Order?
  /// What is too little to offer.
  public var minAllocatable: [Resources]?

  /// Changes nothing.
  public init() {}

  /// The settings with these in place of some.
  func applied(to settings: AllocationSettings) -> AllocationSettings {
    AllocationSettings(
      interval: interval ?? settings.interval, order: order ?? settings.order,
      minAllocatable: minAllocatable ?? settings.minAllocatable)
  }
}

/// What is said of a role.
public struct RoleSettings: Equatable, Sendable {
  /// How much the role counts beside others.
  public var weight = 1.0
  /// What it gets before others get more, and at most.
  public var quota: Quota?
}

/// What must be true of a result.
public struct Expectation: Equatable, Sendable {
  /// What is measured, such as `speedup` or `waitSeconds.p95`.
  public var metric = ""
  /// The framework it is measured of; `nil` for the whole.
  public var framework: String?
  /// The allocator it is measured under; `nil` for the last.
  public var allocator: String?
  /// The least value.
  public var atLeast: Double?
  /// The greatest value.
  public var atMost: Double?
  /// Where the expectation comes from.
  public var source: String?

  /// Whether a measured value is as expected.
  public func isMet(by value: Double) -> Bool {
    value >= atLeast ?? -.infinity && value <= atMost ?? .infinity
  }
}
