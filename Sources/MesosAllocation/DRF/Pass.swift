// Part of mesosim. Apache-2.0, see LICENSE.
//
// One allocation (mesos/src/master/allocator/mesos/hierarchical.cpp, __generateOffers): the slaves
// in their order, for each the roles and their frameworks in the order of their shares; the first
// that can take what is offered gets all of it.

import Mesos
public import VirtualTime

extension HierarchicalDRFAllocator {
  /// Visits the slaves that are due and offers what is free on them.
  public mutating func allocate(at now: Instant, into allocations: inout [Allocation]) {
    let isTick = agenda.isTick(at: now)
    if isTick {
      filters.expire(by: now) { slave in if free.contains(slave) { agenda.mark(slave, at: now) } }
    }
    let visited = agenda.take(at: now, isTick: isTick, all: free.members)
    passes.begin(at: now, isTick: isTick)
    for slave in ordered(visited.filter { free.contains($0) }, stage: 2) {
      offer(slave, at: now, isTick: isTick, into: &allocations)
    }
  }

  /// The slaves in the order in which a stage visits them.
  func ordered(_ slaves: [SlaveIndex], stage: UInt64) -> [SlaveIndex] {
    if slaves.count < 2 { return slaves }
    switch options.order {
    case .id: return slaves.sorted { self.slaves[Int($0)].id < self.slaves[Int($1)].id }
    case .shuffled(let key):
      let seed = passes.seed(key: key, stage: stage)
      var keyed = slaves.map { (hash: mixed(seed ^ mixed(UInt64($0))), slave: $0) }
      keyed.sort { ($0.hash, $0.slave) < ($1.hash, $1.slave) }
      return keyed.map(\.slave)
    }
  }

  /// Offers what is free on a slave; stops when nothing is left.
  ///
  /// Both orders are those at the beginning of the slave's turn, so places are updated at its end.
  private mutating func offer(
    _ slave: SlaveIndex, at now: Instant, isTick: Bool, into allocations: inout [Allocation]
  ) {
    var touched: [Touch] = []
    table.sortRoles(totals)
    for role in table.ranking.members {
      if slaves[Int(slave)].available.isEmpty { break }
      table.sortClients(of: role, totals)
      let name = table.roles[Int(role)].role
      for client in table.roles[Int(role)].ranking.members {
        let offered = slaves[Int(slave)].available.allocatable(to: name)
        if offered.isEmpty { break }
        guard minimum.admits(offered) else { continue }
        if filters.refuses(offered, client: client, slave: slave, at: now, isTick: isTick) {
          continue
        }
        allocations.append(
          Allocation(
            framework: table.clients[Int(client)].framework, role: name, slave: slave,
            resources: offered,
            reason: Allocation.Reason(
              stage: 2, roleShare: table.roleAccounts.standings[Int(role)].share,
              frameworkShare: table.clientAccounts.standings[Int(client)].share)))
        touched.append(give(offered, of: slave, to: client))
      }
    }
    for touch in touched { table.settle(touch, totals) }
  }

  private mutating func give(_ offered: Resources, of slave: SlaveIndex, to client: Int32) -> Touch {
    slaves[Int(slave)].allocated += offered
    updateAvailable(slave)
    return charge(offered, to: client, on: slave)
  }
}

/// Counts the allocations within one instant, so that each has an order of its own.
struct PassCounter {
  private var instant = Instant.start
  private var number: UInt64 = 0

  /// The periodic allocation is number 0 of its instant, whether or not there was anything to do.
  mutating func begin(at now: Instant, isTick: Bool) {
    number = isTick ? 0 : (now == instant ? number + 1 : 1)
    instant = now
  }

  /// What the hashes of the slaves in one stage of this allocation begin with.
  func seed(key: UInt64, stage: UInt64) -> UInt64 {
    let time = UInt64(bitPattern: instant.nanoseconds)
    return mixed(mixed(mixed(key) ^ time) ^ (number << 8 | stage))
  }
}
