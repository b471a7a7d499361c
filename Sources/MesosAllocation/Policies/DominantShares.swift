// Part of mesosim. Apache-2.0, see LICENSE.
//
// Mesos's own policy: dominant resource fairness among roles, then among the frameworks of a role
// (Ghodsi et al., NSDI 2011, section 4; mesos/src/master/allocator/mesos/sorter/drf/sorter.cpp).

extension Policy {
  /// Whole slaves to the smallest weighted dominant share, roles first.
  public static var drf: Policy { Policy() }
}

extension AllocatorDescriptor {
  /// `drf`: Mesos's own.
  public static let drf = AllocatorDescriptor(
    "drf", "Mesos's own: whole slaves to the smallest weighted dominant share, roles first",
    excludes: true,
    fairness: AllocatorLaw.fairness
  ) { _ in .drf }
}
