// Part of mesosim. Apache-2.0, see LICENSE.
//
// What every shipped allocator can be told. The defaults are those of Apache Mesos. A setting that
// only some policies have is a parameter of their descriptors.

public import Mesos

/// Settings of an allocator; the defaults are those of a Mesos master started without flags.
public struct AllocatorOptions: Sendable {
  /// The order in which slaves are visited within one stage of an allocation.
  public enum Order: Hashable, Sendable {
    /// By a hash of (key, instant, pass, stage, slave): different in every pass, as Mesos shuffles,
    /// yet equal in two runs, and a subset is ordered as the whole would be.
    case shuffled(key: UInt64)
    /// By the bytes of the slaves' ids.
    case id
  }

  /// The time between two periodic allocations (`--allocation_interval`).
  public var interval: Duration = .seconds(1)
  /// The order in which slaves are visited.
  public var order: Order = .shuffled(key: 0)
  /// What an offer must contain, any one of these at least (`--min_allocatable_resources`); when
  /// empty, anything is offered.
  public var minAllocatable: [Quantities] = AllocatorOptions.defaultMinAllocatable
  /// Weights by role; roles not listed weigh 1.
  public var weights: [(role: Role, weight: Double)] = []
  /// Names of resources that play no part in shares (`--fair_sharing_excluded_resource_names`).
  public var fairnessExclude: [String] = []
  /// Whether slaves with gpus are kept for frameworks that say they can use gpus.
  public var filtersGPUs = true
  /// The part of the expected slaves that must be back after a failover before quota is allocated.
  public var recoveryFactor = 0.8
  /// How long to wait for them at most.
  public var recoveryTimeout: Duration = .seconds(600)
  /// Whether every interval is a deadline and every pass visits every slave; decides the same,
  /// slowly.
  public var isLiteral = false
  /// The region of the master (`--domain`); `nil` where it does not say, and none is remote.
  public var region: String?
  /// Whether a periodic allocation that comes late has the later ones come an interval after it, as
  /// a timer of Mesos has it whose clock leaps; otherwise they stay at multiples of the interval.
  package var driftsTicks = false

  /// The defaults.
  public init() {}

  /// What numbers by chance begin with: the key of the order; with none, always the same.
  var chanceKey: UInt64 {
    switch order {
    case .shuffled(let key): key
    case .id: 0
    }
  }

  /// `cpus:0.01` or `mem:32`, as in Mesos.
  public static var defaultMinAllocatable: [Quantities] {
    [Resources(cpus: 0.01).scalarQuantities, Resources(mem: 32).scalarQuantities]
  }
}
