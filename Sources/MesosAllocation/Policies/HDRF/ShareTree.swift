// Part of mesosim. Apache-2.0, see LICENSE.
//
// The shares of H-DRF (Bhattacharya et al., SoCC 2013, section 4.2), bottom up: a leaf's is its
// dominant one among what is on offer; a parent's is that of the sum of its children, of which
// those that are not blocked count as if each held no more than the least of them.

import Mesos

/// Roles and frameworks as one tree with the shares of its nodes.
struct ShareTree {
  /// Parts of the cluster: the standard names, then the first other names that the allocator met.
  typealias Parts = SIMD8<Double>

  /// Past so many changes between two turns all is computed again.
  static let mostChanges = 64

  private struct Node {
    var parent: Int32
    var children: [Int32] = []
    var client: Int32 = -1
    var weight = 1.0
    var count: UInt32 = 0
    var rank: UInt32 = 0
    /// Whether a client at or below it may be offered something.
    var isListed = false
    var needs = Parts.zero
  }

  private var nodes: [Node] = []
  // What is looked at for every sibling lies by itself, close together.
  private var held: [Parts] = []
  /// What is held, divided by the share.
  private var units: [Parts] = []
  /// The share by weight, of what is on offer.
  private var shares: [Double] = []
  /// Whether no client at or below a node can use what is on offer.
  private var blocked: [Bool] = []
  private var leaves: [Int32] = []
  private var divisors = Parts(repeating: .infinity)
  /// The names of which something is on offer, 1 each, else 0.
  private(set) var onOffer = Parts(repeating: -1)

  init() {}

  /// Copies the tree of roles, with frameworks below the roles' leaves; parents stand before their
  /// children.
  init(_ state: borrowing AllocatorState) {
    let scale = ShareScale(partsOf: state.books.cluster, excluding: state.books.excluded)
    for name in 0..<4 { divisors[name] = scale.standard[name] }
    for (number, divisor) in (scale.extra ?? []).prefix(4).enumerated() {
      divisors[4 + number] = divisor
    }
    leaves = state.books.clients.numbers.map { _ in -1 }
    var members: [Int32: [Int32]] = [:]
    for client in state.books.clients.numbers where state.books.clients[client].isTracked {
      members[state.books.clients[client].role, default: []].append(client)
    }
    var open: [(node: Int32, parent: Int32)] = [(RoleSorter.root, -1)]
    while let (source, parent) = open.popLast() {
      let node = add(Node(parent: parent))
      nodes[Int(node)].weight = state.books.sorter.accounts[source].weight
      nodes[Int(node)].count = state.books.sorter.accounts[source].standing.count
      nodes[Int(node)].rank = state.books.sorter.accounts[source].standing.rank
      for child in state.books.sorter.nodes[Int(source)].children { open.append((child, node)) }
      guard let role = state.books.sorter.nodes[Int(source)].role else { continue }
      for client in members[role] ?? [] {
        var leaf = Node(parent: node, client: client)
        leaf.rank = state.books.clients.accounts[client].standing.rank
        // The ancestors' counts have those of their leaves already.
        leaf.count = state.books.clients.accounts[client].standing.count
        leaf.isListed = state.books.clients[client].isListed
        let framework = state.books.clients[client].framework
        leaf.needs = needs(state.books.demands.direction(of: framework), state.books.names)
        leaves[Int(client)] = add(leaf)
        refresh(client, state)
      }
    }
    for node in nodes.indices.reversed() where nodes[node].isListed {
      if nodes[node].parent >= 0 { nodes[Int(nodes[node].parent)].isListed = true }
    }
  }

  private mutating func add(_ node: Node) -> Int32 {
    let number = Int32(nodes.count)
    nodes.append(node)
    held.append(.zero)
    units.append(.zero)
    shares.append(0)
    blocked.append(false)
    if node.parent >= 0 { nodes[Int(node.parent)].children.append(number) }
    return number
  }

  private func needs(_ demand: Resources?, _ names: ExtraNames) -> Parts {
    demand.map { ShareTree.names(of: $0, names) } ?? .zero
  }

  /// The names of which a list has something, 1 each.
  static func names(of resources: Resources, _ names: ExtraNames) -> Parts {
    var found = Parts.zero
    let standard = resources.standardTotals
    for name in 0..<4 where standard[name] > 0 { found[name] = 1 }
    if resources.hasOnlyStandardScalars { return found }
    resources.forEachOtherScalar { name, thousandths in
      if thousandths > 0, let number = names.existing(name), number < 4 { found[4 + number] = 1 }
    }
    return found
  }
}

// MARK: - Shares

extension ShareTree {
  /// Takes over what a client, and with it its ancestors, hold and were given how often.
  mutating func refresh(_ client: Int32, _ state: borrowing AllocatorState) {
    guard Int(client) < leaves.count, leaves[Int(client)] >= 0 else { return }
    let leaf = Int(leaves[Int(client)])
    let account = state.books.clients.accounts[client]
    var parts = Parts.zero
    for name in 0..<4 { parts[name] = Double(account.amounts.standard[name]) }
    for number in 0..<min(4, account.amounts.extraCount) {
      parts[4 + number] = Double(account.amounts.extra(number))
    }
    held[leaf] = parts / 1000 / divisors
    let given = account.standing.count &- nodes[leaf].count
    if given == 0 { return }
    nodes[leaf].count = account.standing.count
    // Each allocation counts for all above, as in Mesos.
    var node = nodes[leaf].parent
    while node >= 0 {
      nodes[Int(node)].count &+= given
      node = nodes[Int(node)].parent
    }
  }

  /// Computes all shares of what is on offer.
  mutating func compute(_ onOffer: Parts) {
    self.onOffer = onOffer
    for node in nodes.indices.reversed() { computeShare(of: node) }
  }

  /// Takes over what a client holds, and computes what that changes.
  mutating func recompute(_ client: Int32, _ state: borrowing AllocatorState) {
    refresh(client, state)
    guard Int(client) < leaves.count else { return }
    var node = leaves[Int(client)]
    while node >= 0 {
      computeShare(of: Int(node))
      node = nodes[Int(node)].parent
    }
  }

  private mutating func computeShare(of node: Int) {
    if nodes[node].client >= 0 {
      blocked[node] = !nodes[node].isListed || any(nodes[node].needs .> onOffer)
    } else {
      addUp(node)
    }
    let share = (held[node] * onOffer).max() / nodes[node].weight
    shares[node] = share
    units[node] = share > 0 ? held[node] / share : .zero
  }

  /// What a parent counts as holding.
  private mutating func addUp(_ node: Int) {
    var least = Double.infinity
    var isBlocked = true
    var scaled = Parts.zero
    var whole = Parts.zero
    for child in nodes[node].children {
      let child = Int(child)
      if blocked[child] {
        whole += held[child]
        continue
      }
      isBlocked = false
      let share = shares[child]
      if share > 0 {
        least = min(least, share)
        scaled += units[child]
      }
    }
    // Who can use what is on offer and has nothing of it does not count: as long as it declines,
    // its siblings would seem to have nothing, too.
    held[node] = least < .infinity ? whole + scaled * least : whole
    blocked[node] = isBlocked
  }
}

// MARK: - Order

extension ShareTree {
  /// The client that stands first.
  var first: Int32? {
    guard var node = nodes.indices.first, nodes[node].isListed else { return nil }
    while nodes[node].client < 0 {
      var best = -1
      for child in nodes[node].children where nodes[Int(child)].isListed {
        if best < 0 || precedes(Int(child), best) { best = Int(child) }
      }
      if best < 0 { return nil }
      node = best
    }
    return nodes[node].client
  }

  /// All clients, depth first, siblings by their shares.
  func walk() -> [Int32] {
    var clients: [Int32] = []
    var open: [Int32] = nodes.isEmpty ? [] : [0]
    while let node = open.popLast() {
      if !nodes[Int(node)].isListed { continue }
      if nodes[Int(node)].client >= 0 {
        clients.append(nodes[Int(node)].client)
      } else {
        open += nodes[Int(node)].children.sorted { precedes(Int($1), Int($0)) }
      }
    }
    return clients
  }

  /// Those that can use what is on offer come first, then goes the smaller share.
  private func precedes(_ one: Int, _ other: Int) -> Bool {
    if blocked[one] != blocked[other] { return !blocked[one] }
    if shares[one] != shares[other] { return shares[one] < shares[other] }
    if nodes[one].count != nodes[other].count { return nodes[one].count < nodes[other].count }
    if nodes[one].rank != nodes[other].rank { return nodes[one].rank < nodes[other].rank }
    return one < other
  }
}
