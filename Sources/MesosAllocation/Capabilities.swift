// Part of mesosim. Apache-2.0, see LICENSE.
//
// What frameworks and slaves say they can deal with (mesos.proto, FrameworkInfo.Capability and
// SlaveInfo.Capability), as far as it decides who is offered what.

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
