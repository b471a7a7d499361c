// Part of mesosim. Apache-2.0, see LICENSE.
//
// H-DRF (Bhattacharya et al., SoCC 2013): dominant resource fairness in a tree of roles without the
// starvation that sums bring. In Mesos a parent's share is that of the sum of what its children
// hold, so that one child that fills up one resource keeps its siblings from all others. Here the
// holdings of those who can still use what is on offer are first scaled down to that of the one who
// has least.

import Mesos

extension Policy {
  /// Whole slaves down the tree of roles, always to the child with the smallest share after H-DRF.
  public static var hdrf: Policy { Policy(order: HDRFOrder()) }
}

extension AllocatorDescriptor {
  /// `hdrf`: hierarchical dominant resource fairness without starvation.
  public static let hdrf = AllocatorDescriptor(
    "hdrf", "H-DRF: as drf, but no role in a tree is starved by what its siblings hold",
    excludes: true,
    fairness: AllocatorLaw.fairness
  ) { _ in .hdrf }
}

/// The tree of roles and frameworks, walked by shares after H-DRF.
///
/// - Complexity: O(*n*) a turn in the number of siblings of those who got something; O(*n*) in all
///   when the names on offer, the members or the cluster have changed.
struct HDRFOrder: ServingOrder {
  private var tree = ShareTree()
  private var versions: [UInt32] = []
  private var changed: [Int32] = []
  private var walk: [Int32] = []
  private var asked = 0

  var needsDemands: Bool { true }

  mutating func noteChange(of client: Int32) {
    if changed.count < ShareTree.mostChanges { changed.append(client) }
  }

  mutating func begin(_ slave: SlaveIndex, _ draws: Draws, _ state: borrowing AllocatorState) {
    asked = 0
    walk.removeAll(keepingCapacity: true)
    let onOffer = ShareTree.names(of: state.books.slaves[slave].available, state.books.names)
    let now = [
      state.books.clients.listingVersion, state.books.sorter.weightVersion,
      state.books.demands.version,
      state.books.pricing.clusterVersion,
    ]
    if now != versions || changed.count == ShareTree.mostChanges {
      versions = now
      tree = ShareTree(state)
      tree.compute(onOffer)
    } else if onOffer != tree.onOffer {
      for client in changed { tree.refresh(client, state) }
      tree.compute(onOffer)
    } else {
      for client in changed { tree.recompute(client, state) }
    }
    changed.removeAll(keepingCapacity: true)
  }

  mutating func next(_ state: borrowing AllocatorState) -> Int32? {
    // Most often the first takes all, so that the others are only put in order once asked for.
    if asked == 0 {
      guard let first = tree.first else { return nil }
      asked = 1
      return first
    }
    if asked == 1 { walk = tree.walk() }
    guard asked < walk.count else { return nil }
    asked += 1
    return walk[asked - 1]
  }
}
