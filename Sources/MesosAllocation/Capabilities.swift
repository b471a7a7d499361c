// Part of mesosim. Apache-2.0, see LICENSE.
//
// What frameworks and slaves say they can deal with (mesos.proto, FrameworkInfo.Capability and
// SlaveInfo.Capability), as far as it decides who is offered what; and what an allocator supports.

/// What a framework can deal with.
public struct FrameworkCapabilities: OptionSet, Hashable, Sendable {
  /// The set as bits.
  public let rawValue: UInt8
  /// Makes a set from bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Knows the role of each offer; is not offered slaves that do not.
  public static let multiRole = FrameworkCapabilities(rawValue: 1)
  /// Understands reservations within reservations; others are not offered such resources.
  public static let reservationRefinement = FrameworkCapabilities(rawValue: 2)
  /// Uses gpus; others are not offered slaves that have some.
  public static let gpuResources = FrameworkCapabilities(rawValue: 4)
  /// Takes resources that may be taken back at any time; others are not offered any.
  public static let revocableResources = FrameworkCapabilities(rawValue: 8)
  /// Takes resources that others use at the same time; others are not offered any.
  public static let sharedResources = FrameworkCapabilities(rawValue: 16)
  /// Runs in any region; others are not offered slaves beyond the master's own.
  public static let regionAware = FrameworkCapabilities(rawValue: 32)
}

/// What a slave can deal with.
public struct SlaveCapabilities: OptionSet, Hashable, Sendable {
  /// The set as bits.
  public let rawValue: UInt8
  /// Makes a set from bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Serves frameworks in several roles.
  public static let multiRole = SlaveCapabilities(rawValue: 1)
  /// Serves roles with a `/`.
  public static let hierarchicalRole = SlaveCapabilities(rawValue: 2)
}

/// What an allocator supports beyond slaves, frameworks and offers: each is a group of the
/// requirements of `Allocator`.
public struct AllocatorCapabilities: OptionSet, Hashable, Sendable {
  /// The set as bits.
  public let rawValue: UInt8
  /// Makes a set from bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Roles that weigh more or less: `updateWeights`.
  public static let weights = AllocatorCapabilities(rawValue: 1)
  /// Guarantees and limits of roles: `updateQuota`.
  public static let quota = AllocatorCapabilities(rawValue: 2)
  /// Keeping to some hosts: `updateWhitelist`.
  public static let whitelist = AllocatorCapabilities(rawValue: 4)
  /// Slaves and frameworks that change while they are known: `updateSlave`, `activateSlave`,
  /// `deactivateSlave`, `updateFramework`.
  public static let updates = AllocatorCapabilities(rawValue: 8)
  /// Reservations made at run time: `updateAllocation`, `updateAvailable`.
  public static let reservations = AllocatorCapabilities(rawValue: 16)
  /// Asking frameworks to leave slaves before their maintenance: `updateUnavailability`,
  /// `inverseOfferEnded`, `takeInverseOffers`.
  public static let maintenance = AllocatorCapabilities(rawValue: 32)
  /// Waiting for slaves after the master failed over: `recover(expectedSlaves:quotas:at:)`,
  /// `pause`, `resume`.
  public static let recovery = AllocatorCapabilities(rawValue: 64)

  /// Everything that Mesos's own allocator supports.
  public static let all: AllocatorCapabilities = [
    .weights, .quota, .whitelist, .updates, .reservations, .maintenance, .recovery,
  ]
}
