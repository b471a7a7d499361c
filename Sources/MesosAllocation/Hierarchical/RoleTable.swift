// Part of mesosim. Apache-2.0, see LICENSE.
//
// Roles: their frameworks, their quota and what counts against it
// (mesos/src/master/allocator/mesos/hierarchical.hpp, Role and RoleTree). A role has a number from
// when it is first named. The order of roles is not kept here, see `RoleSorter`.

import Mesos

/// What the allocator knows of a role.
struct RoleState {
  var role: Role
  /// The role one level up.
  var parent: Int32?
  /// Whether the path has more than one level, which old slaves cannot serve.
  var isNested: Bool { parent != nil }
  /// The place of its quota, if it has one.
  var quota: Int?
  /// The frameworks in the role, suppressed and inactive ones included.
  var size = 0
  /// Those that may be offered something.
  var ranking = Ranking()
  /// Reserved for the role or a role below it, on all slaves, whether offered or not.
  var reserved = Amounts()
  /// What frameworks of the role or of roles below it hold of what quota governs.
  var governed = Amounts()

  /// What counts against the role's quota.
  var consumed: Amounts { reserved + governed }
}

/// Roles under dense numbers.
struct RoleTable {
  private var roles: [RoleState] = []
  private var numbers: [Role: Int32] = [:]

  subscript(role: Int32) -> RoleState {
    _read { yield roles[Int(role)] }
    _modify { yield &roles[Int(role)] }
  }

  /// How many roles have a number.
  var count: Int { roles.count }

  /// The number of a role that was named before.
  func existing(_ role: Role) -> Int32? { numbers[role] }

  /// The number of a role; its ancestors get numbers, too.
  mutating func number(of role: Role) -> Int32 {
    if let number = numbers[role] { return number }
    let parent = role.parent.map { self.number(of: $0) }
    let number = Int32(roles.count)
    roles.append(RoleState(role: role, parent: parent))
    numbers[role] = number
    return number
  }

  /// Changes a role and every role above it.
  @inline(__always)
  mutating func forEachUpwards(from role: Int32, _ change: (inout RoleState) -> Void) {
    var next: Int32? = role
    while let current = next {
      change(&roles[Int(current)])
      next = roles[Int(current)].parent
    }
  }
}

extension Role {
  /// The role one level up.
  fileprivate var parent: Role? {
    guard let slash = value.utf8.lastIndex(of: UInt8(ascii: "/")), slash > value.startIndex else {
      return nil
    }
    return Role(String(value[..<slash]))
  }
}
