// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a slave's turn changed. Both orders, of roles and of frameworks, are snapshots taken when
// the turn began (mesos/src/master/allocator/mesos/hierarchical.cpp, __generateOffers), so those
// who got something move to their new places when the turn is over.

/// Something that no longer stands where its place says.
struct Touch {
  /// The number of a node of the tree of roles, or of a framework in a role.
  var subject: Int32
  var isClient: Bool
  /// Whether it was taken out of its order and must be put back.
  var isOut = false
  /// Where it stood when its place was given to it.
  var stood: Standing
}

extension [Touch] {
  /// Notes that something is about to change, unless that is noted already.
  mutating func note(_ subject: Int32, isClient: Bool, stood: Standing) {
    for touch in self where touch.subject == subject && touch.isClient == isClient { return }
    append(Touch(subject: subject, isClient: isClient, stood: stood))
  }
}
