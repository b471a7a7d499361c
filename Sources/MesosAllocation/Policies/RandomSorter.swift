// Part of mesosim. Apache-2.0, see LICENSE.
//
// Mesos's random sorter (mesos/src/master/allocator/mesos/sorter/random/sorter.cpp, with
// `--role_sorter=random` and `--framework_sorter=random`): for each slave the roles in a random
// order by weight, in each its frameworks in a random order. What is held plays no part.

import Mesos

extension Policy {
  /// Each slave to roles and in them to frameworks in random order.
  public static var random: Policy { Policy(order: RandomOrder()) }
}

extension AllocatorDescriptor {
  /// `random`: Mesos's random sorter.
  public static let random = AllocatorDescriptor(
    "random", "Mesos's random sorter: roles drawn by weight, then their frameworks, for each slave",
    fairness: [.paretoEfficiency]
  ) { _ in .random }
}

/// Roles drawn by weight, each with its frameworks drawn alike.
struct RandomOrder: ServingOrder {
  let isDrawn = true

  private struct RoleTickets {
    var clients: [Int32]
    var tree: TicketTree
  }

  private var roles: [RoleTickets] = []
  private var tree = TicketTree()
  private var versions: [UInt32] = []
  private var draws = Draws(seed: 0)
  /// The role whose frameworks are being drawn.
  private var current: Int?
  private var opened: [Int] = []

  mutating func begin(_ slave: SlaveIndex, _ draws: Draws, _ state: borrowing AllocatorState) {
    self.draws = draws
    current = nil
    while let role = opened.popLast() { roles[role].tree.restore() }
    if versions.count == 2, versions[0] == state.books.clients.listingVersion,
      versions[1] == state.books.sorter.weightVersion
    {
      return tree.restore()
    }
    versions = [state.books.clients.listingVersion, state.books.sorter.weightVersion]
    fill(state)
  }

  private mutating func fill(_ state: borrowing AllocatorState) {
    roles = []
    var portions: [Double] = []
    for role in state.rolesByPath {
      let members = state.books.roles[role].ranking.members
      if members.isEmpty { continue }
      let ranks = members.map { state.books.clients.accounts[$0].standing.rank }
      let clients = zip(members, ranks).sorted { $0.1 < $1.1 }.map(\.0)
      roles.append(
        RoleTickets(clients: clients, tree: TicketTree(clients.map { _ in 1 })))
      portions.append(state.books.sorter.portion(of: role))
    }
    tree = TicketTree(portions)
  }

  mutating func next(_ state: borrowing AllocatorState) -> Int32? {
    while true {
      if let role = current, let client = roles[role].tree.draw(draws.next()) {
        return roles[role].clients[client]
      }
      guard let role = tree.draw(draws.next()) else { return nil }
      current = role
      opened.append(role)
    }
  }
}

extension AllocatorState {
  /// The roles in the order of their paths.
  fileprivate var rolesByPath: [Int32] {
    let all = (0..<Int32(books.roles.count)).map { (number: $0, role: books.roles[$0].role) }
    return all.sorted { $0.role < $1.role }.map(\.number)
  }
}
