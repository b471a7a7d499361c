// Part of mesosim. Apache-2.0, see LICENSE.
//
// Who holds what, by what an allocator is told alone: shares that do not depend on how a policy
// counts. No state of either policy is looked at.

internal import Mesos

/// Who holds how much on each slave.
struct Holdings: Sendable {
  private struct Holding: Sendable {
    let framework: FrameworkIndex
    let role: Role
    var amounts: Quantities
  }

  private struct SlaveHoldings: Sendable {
    var hostname = ""
    var total = Quantities()
    var holdings: [Holding] = []
  }

  private var slaves: [SlaveHoldings] = []
  private var frameworks: [(name: String, roles: [Role])] = []

  mutating func addSlave(_ slave: SlaveIndex, _ info: SlaveEntry) {
    while slaves.count <= Int(slave) { slaves.append(SlaveHoldings()) }
    slaves[slave] = SlaveHoldings(
      hostname: info.hostname, total: info.total.scalarQuantities)
    for used in info.used {
      charge(used.framework, used.role, slave, used.resources.scalarQuantities)
    }
  }

  mutating func setTotal(_ total: Resources, of slave: SlaveIndex) {
    guard slaves.indices.contains(Int(slave)) else { return }
    slaves[slave].total = total.scalarQuantities
  }

  mutating func removeSlave(_ slave: SlaveIndex) {
    guard slaves.indices.contains(Int(slave)) else { return }
    slaves[slave].total = Quantities()
    slaves[slave].holdings = []
  }

  mutating func addFramework(_ framework: FrameworkIndex, _ info: FrameworkEntry) {
    while frameworks.count <= Int(framework) { frameworks.append(("", [])) }
    frameworks[framework] = (info.name, info.roles)
  }

  mutating func charge(_ allocation: Allocation) {
    charge(
      allocation.framework, allocation.role, allocation.slave,
      allocation.resources.scalarQuantities)
  }

  private mutating func charge(
    _ framework: FrameworkIndex, _ role: Role, _ slave: SlaveIndex, _ amounts: Quantities
  ) {
    guard slaves.indices.contains(Int(slave)) else { return }
    if let place = place(framework, role, slave) {
      slaves[slave].holdings[place].amounts += amounts
    } else {
      slaves[slave].holdings.append(
        Holding(framework: framework, role: role, amounts: amounts))
    }
  }

  mutating func recover(
    _ resources: Resources, from framework: FrameworkIndex, role: Role, on slave: SlaveIndex
  ) {
    guard let place = place(framework, role, slave) else { return }
    slaves[slave].holdings[place].amounts -= resources.scalarQuantities
    if slaves[slave].holdings[place].amounts.isEmpty {
      slaves[slave].holdings.remove(at: place)
    }
  }

  private func place(_ framework: FrameworkIndex, _ role: Role, _ slave: SlaveIndex) -> Int? {
    guard slaves.indices.contains(Int(slave)) else { return nil }
    return slaves[slave].holdings.firstIndex { $0.framework == framework && $0.role == role }
  }

  /// The decision by names.
  func named(_ allocation: Allocation) -> Divergence.Decision {
    let framework = Int(allocation.framework)
    let slave = Int(allocation.slave)
    return Divergence.Decision(
      framework: frameworks.indices.contains(framework)
        ? frameworks[framework].name : String(framework),
      role: allocation.role,
      hostname: slaves.indices.contains(slave) ? slaves[slave].hostname : String(slave),
      resources: allocation.resources)
  }

  // MARK: Shares

  /// One share of the table: a role's, or a framework's in it.
  struct Line {
    let role: Role
    let framework: FrameworkIndex?
    let name: String?
    let share: Double
  }

  /// The dominant shares, the roles in the order of their bytes.
  func shares() -> [Line] {
    let total = slaves.reduce(into: Quantities()) { $0 += $1.total }
    var roles: [Role] = []
    for role in frameworks.flatMap(\.roles) where !roles.contains(role) { roles.append(role) }
    roles.sort { Array($0.value.utf8).lexicographicallyPrecedes(Array($1.value.utf8)) }
    var lines: [Line] = []
    for role in roles {
      let holdings = slaves.flatMap { $0.holdings.filter { $0.role == role } }
      let all = holdings.reduce(into: Quantities()) { $0 += $1.amounts }
      lines.append(Line(role: role, framework: nil, name: nil, share: all.share(of: total)))
      for (index, framework) in frameworks.enumerated() where framework.roles.contains(role) {
        let own = holdings.filter { Int($0.framework) == index }
          .reduce(into: Quantities()) { $0 += $1.amounts }
        lines.append(
          Line(
            role: role, framework: FrameworkIndex(index), name: framework.name,
            share: own.share(of: total)))
      }
    }
    return lines
  }
}

extension Quantities {
  /// The largest part of a total that any of these amounts is.
  fileprivate func share(of total: Quantities) -> Double {
    entries.map { Double($0.thousandths) / Double(max(1, total[$0.name])) }.max() ?? 0
  }
}
