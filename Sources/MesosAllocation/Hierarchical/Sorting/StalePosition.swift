// Part of mesosim. Apache-2.0, see LICENSE.
//
// What changed its share during a slave's turn. Both orders, of roles and of frameworks, are
// snapshots taken when the turn began (mesos/src/master/allocator/mesos/hierarchical.cpp,
// __generateOffers), so what got something moves to its new place when the turn is over.

/// A role or framework whose place in its order is that of a share it no longer has.
struct StalePosition {
  /// The number of a node of the tree of roles, or of a framework in a role.
  var subject: Int32
  var isClient: Bool
  /// Whether it was taken out of its order and must be put back.
  var isOut = false
  /// The standing that its place was given for.
  var stood: Standing
}

extension [StalePosition] {
  /// Notes that something is about to change, unless that is noted already.
  mutating func note(_ subject: Int32, isClient: Bool, stood: Standing) {
    for entry in self where entry.subject == subject && entry.isClient == isClient { return }
    append(StalePosition(subject: subject, isClient: isClient, stood: stood))
  }
}
