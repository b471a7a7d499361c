// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a slave's turn changed. Both orders, of roles and of frameworks, are snapshots taken when
// the turn began (mesos/src/master/allocator/mesos/hierarchical.cpp, __generateOffers), so those
// who got something move to their new places when the turn is over.

/// Something that no longer stands where its place says.
struct Touch {
  /// A node of the tree of roles, or a framework in a role.
  enum Subject: Equatable {
    case role(Int32)
    case client(Int32)
  }

  var subject: Subject
  /// Where it stood when its place was given to it.
  var stood: Standing
  /// Whether it was taken out of its order and must be put back.
  var isOut = false

  /// Notes that something is about to change, unless that is noted already.
  static func note(_ subject: Subject, _ stood: Standing, in touched: inout [Touch]) {
    if touched.contains(where: { $0.subject == subject }) { return }
    touched.append(Touch(subject: subject, stood: stood))
  }
}
