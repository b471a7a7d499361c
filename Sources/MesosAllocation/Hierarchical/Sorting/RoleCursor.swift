// Part of mesosim. Apache-2.0, see LICENSE.
//
// Walking the tree of roles in the order in which they are offered resources: siblings by their
// standing, depth first (mesos/src/master/allocator/mesos/sorter/drf/sorter.cpp, sort).

/// A place in the walk; it stays valid while places are left as they are.
struct RoleCursor {
  fileprivate var node = RoleSorter.root
  fileprivate var next = 0
  /// Where the walk goes on when the node has no more children.
  fileprivate var above: [(node: Int32, next: Int)] = []

  /// Begins again at the first role.
  mutating func restart() {
    node = RoleSorter.root
    next = 0
    if !above.isEmpty { above.removeAll(keepingCapacity: true) }
  }
}

extension RoleSorter {
  /// The next role in the walk that has someone to offer to.
  mutating func next(_ cursor: inout RoleCursor, _ totals: Totals) -> Int32? {
    while true {
      if cursor.next == 0, !nodes[Int(cursor.node)].ranking.isSorted(totals) {
        nodes[Int(cursor.node)].ranking.sort(totals, &accounts)
      }
      guard cursor.next < nodes[Int(cursor.node)].ranking.members.count else {
        guard let (node, next) = cursor.above.popLast() else { return nil }
        (cursor.node, cursor.next) = (node, next)
        continue
      }
      let child = nodes[Int(cursor.node)].ranking.members[cursor.next]
      cursor.next += 1
      if let role = nodes[Int(child)].role { return role }
      cursor.above.append((cursor.node, cursor.next))
      (cursor.node, cursor.next) = (child, 0)
    }
  }

  /// Some roles in the order in which the walk would meet them; those without a leaf are left out.
  mutating func ordered(_ roles: [Int32], _ totals: Totals) -> [Int32] {
    let paths = roles.compactMap { role in
      leaf(of: role).map { (role: role, path: path(to: $0)) }
    }
    // Where the totals have changed these shares are new and places are not, until the next sort of
    // that level, which comes before any use of them.
    for entry in paths {
      for node in entry.path { accounts[node].updateShare(totals) }
    }
    return paths.sorted { precedes($0.path, $1.path) }.map(\.role)
  }

  private func precedes(_ left: [Int32], _ right: [Int32]) -> Bool {
    for (one, other) in zip(left, right) where one != other {
      return accounts[one].standing.precedes(accounts[other].standing)
    }
    return left.count < right.count
  }

  /// The nodes from below the root to a leaf.
  private func path(to leaf: Int32) -> [Int32] {
    var path: [Int32] = []
    var node = leaf
    while node != RoleSorter.root {
      path.append(node)
      node = nodes[Int(node)].parent
    }
    return path.reversed()
  }
}
