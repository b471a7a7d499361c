// Part of mesosim. Apache-2.0, see LICENSE.
//
// The roles that have frameworks, as a tree by `/` in which siblings compete with the sums of their
// subtrees (mesos/src/master/allocator/mesos/sorter/drf/sorter.cpp). A role that is also a parent
// competes with its children through a virtual leaf `a/.`, which always weighs 1.

/// The tree of roles with frameworks.
struct RoleSorter {
  struct Node {
    var path = ""
    var parent: Int32 = -1
    var children: [Int32] = []
    /// The children below which someone may be offered something.
    var ranking = Ranking()
    /// The role whose leaf this is.
    var role: Int32?
    /// The virtual leaf among the children.
    var virtualLeaf: Int32?
    /// How many frameworks at or below this node may be offered something.
    var listed = 0
    /// Whether a sort has looked at the weight, after which a role without frameworks keeps it.
    var isWeightFixed = false
  }

  static let root: Int32 = 0

  var nodes: [Node] = [Node()]
  var accounts = Accounts()
  /// Everything that frameworks hold.
  private(set) var allocated = Amounts()
  private var vacant: [Int32] = []
  private var nodesByPath: [String: Int32] = [:]
  private var leaves: [Int32?] = []
  private var weights: [String: Double] = [:]
  private var order = ByteOrder()
  /// Whether some node's weight was not looked at yet.
  private(set) var hasLooseWeights = false
  /// Grows when a weight is set.
  private(set) var weightVersion: UInt32 = 0

  init() { accounts.reset(RoleSorter.root) }

  /// The leaf of a role that has frameworks.
  func leaf(of role: Int32) -> Int32? { Int(role) < leaves.count ? leaves[Int(role)] : nil }

  /// The share of a role among its siblings.
  func share(of role: Int32) -> Double {
    leaf(of: role).map { accounts[$0].standing.share } ?? 0
  }
}

extension RoleSorter {
  /// The share of a role among its siblings, computed from its amounts.
  func freshShare(of role: Int32, _ totals: Totals) -> Double {
    guard let leaf = leaf(of: role) else { return 0 }
    return totals.share(of: accounts[leaf].amounts) / accounts[leaf].weight
  }
}

// MARK: - Weights

extension RoleSorter {
  /// Sets a role's weight against its siblings.
  ///
  /// As in Mesos, a role that only its descendants brought into the tree keeps the weight that the
  /// first sort found.
  mutating func setWeight(_ weight: Double, ofPath path: String) {
    weights[path] = weight
    weightVersion &+= 1
    guard let node = nodesByPath[path] else { return }
    let hasLeaf = nodes[Int(node)].role != nil || nodes[Int(node)].virtualLeaf != nil
    guard hasLeaf || !nodes[Int(node)].isWeightFixed else { return }
    accounts[node].weight = weight
    nodes[Int(nodes[Int(node)].parent)].ranking.invalidate()
  }

  /// The weight that was set for a role, 1 if none was.
  func weight(ofPath path: String) -> Double { weights[path] ?? 1 }

  /// Notes that a sort has looked at every weight.
  mutating func fixWeights() {
    guard hasLooseWeights else { return }
    for node in nodes.indices { nodes[node].isWeightFixed = true }
    hasLooseWeights = false
  }
}

// MARK: - Adding and removing roles

extension RoleSorter {
  /// Puts a role into the tree.
  mutating func add(_ role: Int32, path: String, _ totals: Totals) {
    var current = RoleSorter.root
    var walked = ""
    for name in path.split(separator: "/", omittingEmptySubsequences: false) {
      if nodes[Int(current)].role != nil { split(current, totals) }
      walked = walked.isEmpty ? String(name) : walked + "/" + name
      current = nodesByPath[walked] ?? addNode(path: walked, parent: current)
    }
    if !nodes[Int(current)].children.isEmpty { current = addVirtualLeaf(to: current) }
    setLeaf(current, of: role)
  }

  /// Turns a leaf into a parent whose virtual leaf takes over what the role holds.
  private mutating func split(_ node: Int32, _ totals: Totals) {
    let role = nodes[Int(node)].role
    nodes[Int(node)].role = nil
    let leaf = addVirtualLeaf(to: node)
    accounts[leaf].copy(accounts[node])
    nodes[Int(leaf)].listed = nodes[Int(node)].listed
    if nodes[Int(leaf)].listed > 0 { insert(leaf, totals) }
    if let role { setLeaf(leaf, of: role) }
  }

  private mutating func addVirtualLeaf(to node: Int32) -> Int32 {
    let leaf = addNode(path: nodes[Int(node)].path + "/.", parent: node)
    nodes[Int(node)].virtualLeaf = leaf
    return leaf
  }

  private mutating func addNode(path: String, parent: Int32) -> Int32 {
    let node = vacant.popLast() ?? Int32(nodes.count)
    if Int(node) == nodes.count { nodes.append(Node()) }
    nodes[Int(node)] = Node(path: path, parent: parent)
    nodesByPath[path] = node
    accounts.reset(node, weight: weights[path] ?? 1)
    nodes[Int(parent)].children.append(node)
    order.insert(node, key: path)
    renumber()
    hasLooseWeights = true
    return node
  }

  private mutating func setLeaf(_ node: Int32, of role: Int32) {
    while leaves.count <= Int(role) { leaves.append(nil) }
    leaves[Int(role)] = node
    nodes[Int(node)].role = role
  }

  /// Takes a role, none of whose frameworks is left, out of the tree.
  mutating func remove(_ role: Int32) {
    guard let leaf = leaf(of: role) else { return }
    leaves[Int(role)] = nil
    nodes[Int(leaf)].role = nil
    var current = leaf
    while current != RoleSorter.root {
      let parent = nodes[Int(current)].parent
      if nodes[Int(current)].children.isEmpty {
        removeNode(current)
      } else if nodes[Int(current)].children.count == 1, let leaf = nodes[Int(current)].virtualLeaf
      {
        collapse(leaf, into: current)
      }
      current = parent
    }
    renumber()
  }

  /// Makes a parent with nothing but a virtual leaf a leaf again; it keeps its own count.
  private mutating func collapse(_ leaf: Int32, into node: Int32) {
    let role = nodes[Int(leaf)].role
    removeNode(leaf)
    if let role { setLeaf(node, of: role) }
  }

  private mutating func removeNode(_ node: Int32) {
    let parent = Int(nodes[Int(node)].parent)
    nodes[parent].children.removeAll { $0 == node }
    nodes[parent].ranking.remove(node, stood: accounts[node].standing, accounts)
    if nodes[parent].virtualLeaf == node { nodes[parent].virtualLeaf = nil }
    nodesByPath[nodes[Int(node)].path] = nil
    order.remove(node, key: nodes[Int(node)].path)
    nodes[Int(node)] = Node()
    vacant.append(node)
  }

  private mutating func renumber() {
    accounts.rank(order.members)
  }
}

// MARK: - Listing, charging, order

extension RoleSorter {
  /// One framework more, or less, may be offered something in a role.
  mutating func list(_ role: Int32, by change: Int, _ totals: Totals) {
    var node = leaf(of: role)
    while let current = node {
      let before = nodes[Int(current)].listed
      nodes[Int(current)].listed += change
      guard current != RoleSorter.root else { return }
      let parent = nodes[Int(current)].parent
      if before == 0 {
        insert(current, totals)
      } else if before + change == 0 {
        nodes[Int(parent)].ranking
          .remove(current, stood: accounts[current].standing, accounts)
      }
      node = parent
    }
  }

  /// Charges a role and its ancestors; their places among their siblings stay for now.
  mutating func charge(
    _ amounts: Amounts, to role: Int32, _ totals: Totals, _ stale: inout [StalePosition]
  ) {
    allocated += amounts
    guard var node = leaf(of: role) else { return }
    while node != RoleSorter.root {
      let parent = noteChange(of: node, &stale)
      accounts[node].charge(amounts, totals)
      node = parent
    }
  }

  /// Charges a role on the first level for some allocations at once; all places are found anew by
  /// the next sort.
  mutating func chargeTopLevel(
    _ amounts: Amounts, to role: Int32, times: UInt32, _ totals: Totals
  ) {
    allocated += amounts
    guard let node = leaf(of: role) else { return }
    accounts[node].charge(amounts, totals, times: times)
    nodes[Int(RoleSorter.root)].ranking.invalidate()
  }

  /// The roles below which someone may be offered something, first come first, when all of them are
  /// on the first level; else `nil`.
  mutating func topLevelOrder(_ totals: Totals) -> [Int32]? {
    let root = Int(RoleSorter.root)
    if !nodes[root].ranking.isSorted(totals) { nodes[root].ranking.sort(totals, &accounts) }
    var order: [Int32] = []
    for node in nodes[root].ranking.members {
      guard let role = nodes[Int(node)].role else { return nil }
      order.append(role)
    }
    return order
  }

  /// Whether all roles below which someone may be offered something are on the first level.
  var isFlat: Bool {
    nodes[Int(RoleSorter.root)].ranking.members.allSatisfy { nodes[Int($0)].role != nil }
  }

  /// The account of a role.
  func account(of role: Int32) -> Account {
    leaf(of: role).map { accounts[$0] } ?? Account()
  }

  /// Changes what a role and its ancestors hold, without an allocation; places stay for now.
  mutating func adjust(
    _ amounts: Amounts, of role: Int32, isGone: Bool, _ totals: Totals,
    _ stale: inout [StalePosition]
  ) {
    if isGone { allocated -= amounts } else { allocated += amounts }
    guard var node = leaf(of: role) else { return }
    while node != RoleSorter.root {
      let parent = noteChange(of: node, &stale)
      accounts[node].adjust(amounts, isGone: isGone, totals)
      node = parent
    }
  }

  /// Notes that a node is about to change; what comes back is the node above.
  private func noteChange(of node: Int32, _ stale: inout [StalePosition]) -> Int32 {
    let parent = nodes[Int(node)].parent
    // One alone stands right however it stands.
    if nodes[Int(parent)].ranking.members.count > 1 {
      stale.note(node, isClient: false, stood: accounts[node].standing)
    }
    return parent
  }

  /// Takes a node out of the order in which it no longer stands right, if it is in it.
  mutating func takeOut(_ node: Int32, stood: Standing) -> Bool {
    let parent = Int(nodes[Int(node)].parent)
    return nodes[parent].ranking.remove(node, stood: stood, accounts)
  }

  /// Puts a node where it stands now.
  mutating func putBack(_ node: Int32, _ totals: Totals) {
    nodes[Int(nodes[Int(node)].parent)].ranking.insert(node, totals, accounts)
  }

  private mutating func insert(_ node: Int32, _ totals: Totals) {
    accounts[node].updateShare(totals)
    putBack(node, totals)
  }
}
