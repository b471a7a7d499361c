// Part of mesosim. Apache-2.0, see LICENSE.
//
// The roles with frameworks in them, and the frameworks' places in each: the two levels of sorters
// of mesos/src/master/allocator/mesos/hierarchical.cpp (roleSorter, frameworkSorters).

import Mesos

/// A framework in one of its roles.
struct Client {
  var framework: FrameworkIndex
  var role: Int32
  var isSuppressed: Bool
  /// Whether it may be offered anything: its framework is active and the role not suppressed.
  var isActive = false
}

/// A role, while it has frameworks or a weight.
struct RoleState {
  var role: Role
  var weight = 1.0
  /// Its frameworks that may be offered something.
  var ranking = Ranking()
  /// The number of frameworks in the role, suppressed and inactive ones included.
  var size = 0
}

/// Roles and their clients under dense numbers.
struct RoleTable {
  private(set) var roles: [RoleState] = []
  private(set) var roleAccounts = Accounts()
  /// The roles that have frameworks.
  private(set) var ranking = Ranking()
  private(set) var clients: [Client] = []
  private(set) var clientAccounts = Accounts()
  private var numbers: [Role: Int32] = [:]
  private var vacantClients: [Int32] = []
  private var rolesByName: [Int32] = []
  private var clientsByFramework: [(id: FrameworkID, client: Int32)] = []

  /// The number of a role that was named before.
  func existing(_ role: Role) -> Int32? { numbers[role] }

  private mutating func number(of role: Role) -> Int32 {
    if let number = numbers[role] { return number }
    let number = Int32(roles.count)
    numbers[role] = number
    roles.append(RoleState(role: role))
    roleAccounts.reset(number)
    let place = rolesByName.firstIndex { role < roles[Int($0)].role } ?? rolesByName.endIndex
    rolesByName.insert(number, at: place)
    for (rank, role) in rolesByName.enumerated() { roleAccounts.setRank(rank, of: role) }
    return number
  }

  mutating func setWeight(_ weight: Double, of role: Role) {
    let number = number(of: role)
    roles[Int(number)].weight = weight
    roleAccounts.setWeight(weight, of: number)
    ranking.invalidate()
  }

  /// Adds a framework to a role, inactive.
  mutating func add(
    framework: FrameworkIndex, id: FrameworkID, to role: Role, isSuppressed: Bool
  ) -> Int32 {
    let number = number(of: role)
    if roles[Int(number)].size == 0 {
      roleAccounts.reset(number, weight: roles[Int(number)].weight)
      for (rank, role) in rolesByName.enumerated() { roleAccounts.setRank(rank, of: role) }
      ranking.insert(number)
    }
    roles[Int(number)].size += 1
    let state = Client(framework: framework, role: number, isSuppressed: isSuppressed)
    let client = vacantClients.popLast() ?? Int32(clients.count)
    if Int(client) < clients.count { clients[Int(client)] = state } else { clients.append(state) }
    clientAccounts.reset(client)
    let place = clientsByFramework.firstIndex { id < $0.id } ?? clientsByFramework.endIndex
    clientsByFramework.insert((id, client), at: place)
    renumberClients()
    return client
  }

  /// Drops a client that holds nothing.
  mutating func remove(_ client: Int32) {
    setActive(client, false)
    let role = clients[Int(client)].role
    roles[Int(role)].size -= 1
    if roles[Int(role)].size == 0 { ranking.remove(role) }
    clientsByFramework.removeAll { $0.client == client }
    renumberClients()
    clients[Int(client)] = Client(framework: -1, role: role, isSuppressed: true)
    vacantClients.append(client)
  }

  private mutating func renumberClients() {
    for (rank, entry) in clientsByFramework.enumerated() {
      clientAccounts.setRank(rank, of: entry.client)
    }
  }

  mutating func setSuppressed(_ client: Int32, _ isSuppressed: Bool) {
    clients[Int(client)].isSuppressed = isSuppressed
  }

  /// Lists a client among those its role may offer to, or takes it out.
  mutating func setActive(_ client: Int32, _ isActive: Bool) {
    guard isActive != clients[Int(client)].isActive else { return }
    clients[Int(client)].isActive = isActive
    let role = Int(clients[Int(client)].role)
    if isActive { roles[role].ranking.insert(client) } else { roles[role].ranking.remove(client) }
  }
}

// MARK: - Shares

extension RoleTable {
  mutating func sortRoles(_ totals: Totals) { ranking.sort(totals, &roleAccounts) }

  mutating func sortClients(of role: Int32, _ totals: Totals) {
    roles[Int(role)].ranking.sort(totals, &clientAccounts)
  }

  /// Charges a client and its role; their places among their siblings stay for now.
  mutating func charge(_ amounts: Amounts, to client: Int32, _ totals: Totals) -> Touch {
    let role = clients[Int(client)].role
    let touch = touch(client)
    clientAccounts.charge(amounts, to: client, totals)
    roleAccounts.charge(amounts, to: role, totals)
    return touch
  }

  /// Takes from a client and its role what was given back.
  mutating func credit(_ amounts: Amounts, to client: Int32, _ totals: Totals) {
    let role = clients[Int(client)].role
    let touch = touch(client)
    clientAccounts.credit(amounts, to: client, totals)
    roleAccounts.credit(amounts, to: role, totals)
    settle(touch, totals)
  }

  /// Moves a charged client and its role to their new places.
  mutating func settle(_ touch: Touch, _ totals: Totals) {
    let role = clients[Int(touch.client)].role
    if clients[Int(touch.client)].isActive {
      roles[Int(role)].ranking.move(touch.client, from: touch.clientStood, totals, clientAccounts)
    }
    ranking.move(role, from: touch.roleStood, totals, roleAccounts)
  }

  private func touch(_ client: Int32) -> Touch {
    Touch(
      client: client, clientStood: clientAccounts.standings[Int(client)],
      roleStood: roleAccounts.standings[Int(clients[Int(client)].role)])
  }
}

/// Where a client and its role stood before a change.
struct Touch {
  var client: Int32
  var clientStood: Standing
  var roleStood: Standing
}
