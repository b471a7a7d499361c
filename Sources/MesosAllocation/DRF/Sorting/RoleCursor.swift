// Part of mesosim. Apache-2.0, see LICENSE.
//
// Walking the tree of roles in the order in which they are offered resources: siblings by their
// standing, depth first (mesos/src/master/allocator/mesos/sorter/drf/sorter.cpp, sort).

/// A place in the walk; it stays valid while places are left as they are.
struct RoleCursor {
  fileprivate var stack: [(node: Int32, next: Int)] = []

  /// Begins anew at the first role.
  mutating func restart() {
    stack.removeAll(keepingCapacity: true)
    stack.append((RoleSorter.root, 0))
  }
}

extension RoleSorter {
  /// The next role in the walk that has someone to offer to.
  mutating func next(_ cursor: inout RoleCursor, _ totals: Totals) -> Int32? {
    while let (node, index) = cursor.stack.last {
      if index == 0 { sort(node, totals) }
      guard index < nodes[Int(node)].ranking.members.count else {
        cursor.stack.removeLast()
        continue
      }
      cursor.stack[cursor.stack.count - 1].next = index + 1
      let child = nodes[Int(node)].ranking.members[index]
      if let role = nodes[Int(child)].role { return role }
      cursor.stack.append((child, 0))
    }
    return nil
  }

  /// Some roles in the order in which the walk would meet them; those without a leaf are left out.
  mutating func ordered(_ roles: [Int32], _ totals: Totals) -> [Int32] {
    let paths = roles.compactMap { role in
      leaf(of: role).map { (role: role, path: path(to: $0)) }
    }
    for entry in paths {
      for node in entry.path { accounts.updateShare(of: node, totals) }
    }
    // A share computed here without moving its node is right only if the order is made anew where
    // the totals have changed, which the next sort of that level does.
    return paths.sorted { precedes($0.path, $1.path) }.map(\.role)
  }

  private func precedes(_ left: [Int32], _ right: [Int32]) -> Bool {
    for (one, other) in zip(left, right) where one != other {
      return accounts.standings[Int(one)].precedes(accounts.standings[Int(other)])
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
