// Part of mesosim. Apache-2.0, see LICENSE.
//
// Strict priority among roles, and slaves that are kept for some of them: how clusters are run
// where one kind of work must never wait for another (Verma et al., EuroSys 2015, section 2.5,
// without preemption). Within a role frameworks share by dominant shares.

public import Mesos

extension Policy {
  /// All to the first role of a list, what it does not want to the next.
  ///
  /// - Parameter priorities: The roles, the first first; a role stands for those below it. Roles
  ///   that are not listed come after all, and share.
  /// - Returns: The policy.
  public static func role(priorities: [Role]) -> Policy {
    role(priorities: priorities, dedicated: nil)
  }

  static func role(priorities: [Role], dedicated: SlaveChoice?) -> Policy {
    Policy(order: PriorityOrder(priorities: priorities), slaves: dedicated)
  }
}

extension AllocatorDescriptor {
  /// `role`: strict priority among roles.
  public static let role = AllocatorDescriptor(
    "role", "strict priority among roles: all to the first role of a list, then to the next",
    [PriorityOrder.priorities, PriorityOrder.dedicated],
    fairness: [.paretoEfficiency, .strategyProofness],
    names: { request in
      let roles = request[PriorityOrder.priorities].enumerated().map { place, role in
        ScenarioName(role, .roleOrAbove, at: "priorities.\(place)")
      }
      return roles + (request[PriorityOrder.dedicated]?.names(at: "dedicated") ?? [])
    }
  ) { request throws(ParameterError) in
    var roles = request[PriorityOrder.priorities]
    if !request.parameters.contains(PriorityOrder.priorities) {
      for role in request.frameworks.flatMap(\.roles) where !roles.contains(role) {
        roles.append(role)
      }
    }
    return .role(
      priorities: roles.map { Role($0) }, dedicated: request[PriorityOrder.dedicated])
  }
}

extension PriorityOrder {
  static let priorities = Parameter<[String]>(
    "priorities", .list(.text, example: "[prod, batch]"), default: [],
    or: "the scenario's, as they appear",
    "the roles, the first first; a role stands for those below it; others come last",
    take: { (data) throws(ParameterError) in
      let roles = data.asList.map(\.asText)
      for (place, role) in roles.enumerated() where roles[..<place].contains(role) {
        throw ParameterError(path: "", reason: "'\(role)' is listed twice; list each role once")
      }
      return roles
    },
    give: { roles in .list(roles.map { .text($0) }) })

  static let dedicated = Parameter.slaves(
    "dedicated", .dedication,
    "slaves kept for a role, such as {prod: 'rack:r1'}; 'hostname:x' names a host")
}

/// Frameworks by the place of their role in a list, then by shares.
struct PriorityOrder: ServingOrder {
  let priorities: [Role]
  private var tiers: [Int] = []
  private var roleShares: [Double] = []
  private var shares: [Double] = []
  private var changed: [Int32] = []
  private var listed: [Int32] = []
  private var versions: [UInt32] = []
  private var place = 0

  init(priorities: [Role]) { self.priorities = priorities }

  mutating func noteChange(of client: Int32) {
    // Past such a number all is computed again.
    if changed.count < 64 { changed.append(client) }
  }

  mutating func begin(_ slave: SlaveIndex, _ draws: Draws, _ state: borrowing AllocatorState) {
    place = 0
    let isStale =
      versions.count != 2 || versions[0] != state.books.clients.listingVersion
      || versions[1] != state.books.totals.version || changed.count == 64
    if isStale {
      versions = [state.books.clients.listingVersion, state.books.totals.version]
      listed = state.books.clients.listed
      shares = state.books.clients.numbers.map { _ in 0 }
      roleShares = (0..<state.books.roles.count).map { _ in 0 }
      while tiers.count < state.books.roles.count {
        tiers.append(tier(of: state.books.roles[Int32(tiers.count)].role))
      }
      for client in listed { update(client, state) }
    } else {
      for client in changed where state.books.clients[client].isListed { update(client, state) }
    }
    changed.removeAll(keepingCapacity: true)
  }

  /// Brings the shares of a client and of its role up to date.
  private mutating func update(_ client: Int32, _ state: borrowing AllocatorState) {
    let role = state.books.clients[client].role
    shares[Int(client)] = state.books.totals.share(of: state.books.clients.accounts[client].amounts)
    roleShares[Int(role)] = state.books.sorter.freshShare(of: role, state.books.totals)
  }

  private func tier(of role: Role) -> Int {
    // The list may name both a role and one below it; the nearest counts.
    if let own = priorities.firstIndex(of: role) { return own }
    let above = priorities.indices.filter { priorities[$0].isAncestor(of: role) }
    return above.max { priorities[$0].value.utf8.count < priorities[$1].value.utf8.count }
      ?? priorities.count
  }

  /// Most often the first takes all, so that the rest is only sorted once it is asked for.
  mutating func next(_ state: borrowing AllocatorState) -> Int32? {
    guard place < listed.count else { return nil }
    if place == 0 {
      var first = 0
      for index in listed.indices.dropFirst()
      where precedes(listed[index], listed[first], state) {
        first = index
      }
      listed.swapAt(0, first)
    } else if place == 1 {
      // Copied out, since a closure cannot look at what is only lent.
      let keys = listed.dropFirst().map { key(of: $0, state) }.sorted { $0.precedes($1) }
      for (index, key) in keys.enumerated() { listed[index + 1] = key.client }
    }
    place += 1
    return listed[place - 1]
  }

  @inline(__always)
  private func precedes(
    _ client: Int32, _ other: Int32, _ state: borrowing AllocatorState
  ) -> Bool {
    key(of: client, state).precedes(key(of: other, state))
  }

  @inline(__always)
  private func key(of client: Int32, _ state: borrowing AllocatorState) -> Key {
    let role = state.books.clients[client].role
    let standing = state.books.clients.accounts[client].standing
    return Key(
      tier: tiers[Int(role)], roleShare: roleShares[Int(role)], role: role,
      share: shares[Int(client)], count: standing.count, rank: standing.rank, client: client)
  }

  private struct Key {
    var tier: Int
    var roleShare: Double
    var role: Int32
    var share: Double
    var count: UInt32
    var rank: UInt32
    var client: Int32

    func precedes(_ other: Key) -> Bool {
      if tier != other.tier { return tier < other.tier }
      if role != other.role, roleShare != other.roleShare { return roleShare < other.roleShare }
      if share != other.share { return share < other.share }
      if count != other.count { return count < other.count }
      return rank != other.rank ? rank < other.rank : client < other.client
    }
  }
}
