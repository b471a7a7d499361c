// Part of mesosim. Apache-2.0, see LICENSE.
//
// The second stage where nothing stands in the way of offering slaves whole (Runs.md): the order of
// roles and frameworks is kept in a few numbers each, and books are written once for all slaves.
// Decides as `shareFairly` does, slave by slave, whose slow twin it is held to.

import Mesos
import VirtualTime

/// Those who may be offered something in one allocation, in the order of their standing.
struct RunPass {
  /// A framework in a role.
  struct Contender {
    let client: Int32
    let needsCare: Bool
    var account: Account
    /// What it was given since the books were last written.
    var given = SIMD4<Int64>.zero
    var count: UInt32 = 0
    /// On how many of these slaves it held nothing before.
    var newHoldings = 0
    /// How many slaves it was given in all.
    var slaves = 0
  }

  /// A role, and who is in it.
  struct Seat {
    let role: Int32
    var account: Account
    var members: [Int32]
  }

  var contenders: [Contender] = []
  var seats: [Seat] = []
  /// Places in `seats`.
  var order: [Int32] = []
  /// The number of the first contender's run; the others' follow.
  var firstRun: Int32 = 0

  /// The one contender, if one alone takes anything, so that the order of slaves plays no part.
  var alone: Int? {
    guard order.count == 1, let seat = order.first, seats[Int(seat)].members.count == 1 else {
      return nil
    }
    return seats[Int(seat)].members.first.map { Int($0) }
  }

  /// Puts someone whose share has grown where it stands now.
  @inline(__always)
  static func moveBack(
    _ list: inout [Int32], from place: Int, _ standing: (Int32) -> Standing
  ) {
    let moved = list[place]
    let own = standing(moved)
    var (low, high) = (place + 1, list.count)
    while low < high {
      let middle = (low + high) / 2
      if standing(list[middle]).precedes(own) { low = middle + 1 } else { high = middle }
    }
    if low == place + 1 { return }
    list.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      (base + place).update(from: base + place + 1, count: low - 1 - place)
      base[low - 1] = moved
    }
  }
}

extension AllocatorState {
  /// For how many slaves it pays to look at everybody once before.
  static var leastForRuns: Int { 8 }

  /// Whether slaves may be offered in runs: where they are offered whole, by shares alone, to roles
  /// on one level.
  ///
  /// A literal allocator never does, so that literal runs check what elided ones decide.
  var mayMakeRuns: Bool {
    !options.isLiteral && policy.conflicts == nil && policy.unit == .slave && !hasOrder
      && books.quotas.isEmpty && books.cluster.extraCount == 0 && books.sorter.isFlat
  }

  /// Offers what is free on some slaves; what frameworks get comes as runs.
  mutating func shareInRuns(_ free: [SlaveIndex], _ pass: inout Pass) {
    books.runs.dropShapesIfMany()
    var run = RunPass()
    open(&run)
    run.firstRun = books.runs.numberRuns(run.contenders.count)
    leaveOutIdle(&run, free, pass)
    let alone = run.alone
    for slave in alone == nil ? ordered(free, stage: 2) : free {
      guard let shape = shape(of: slave) else {
        // Rare: what else it has is not offered whole.
        write(&run)
        shareFairly(slave, &pass)
        reopen(&run)
        continue
      }
      if let alone {
        let (client, needsCare) = (run.contenders[alone].client, run.contenders[alone].needsCare)
        if takes(client, needsCare, slave, shape, pass) { give(slave, shape, to: alone, &run) }
      } else {
        share(slave, shape, &run, pass)
      }
    }
    write(&run)
    collect(run, from: free, &pass)
  }

  /// Leaves out those who take none of the slaves: often one has work, and the others have refused
  /// all there is.
  private mutating func leaveOutIdle(
    _ run: inout RunPass, _ free: [SlaveIndex], _ pass: borrowing Pass
  ) {
    var isPlain = true
    for slave in free where shape(of: slave) == nil { isPlain = false }
    // What else is on a slave may be taken by others.
    guard isPlain, run.contenders.count > 1 else { return }
    for seat in run.seats.indices {
      var members: [Int32] = []
      for member in run.seats[seat].members {
        let contender = run.contenders[Int(member)]
        for slave in free {
          guard let shape = books.runs.place(ofShape: books.slaves[slave].shape),
            takes(contender.client, contender.needsCare, slave, shape, pass)
          else { continue }
          members.append(member)
          break
        }
      }
      run.seats[seat].members = members
    }
    run.order.removeAll { run.seats[Int($0)].members.isEmpty }
  }

  /// Offers a slave to the first who takes it.
  @inline(__always)
  private mutating func share(
    _ slave: SlaveIndex, _ shape: Int, _ run: inout RunPass, _ pass: borrowing Pass
  ) {
    for seatPlace in run.order.indices {
      let seat = Int(run.order[seatPlace])
      for place in run.seats[seat].members.indices {
        let contender = Int(run.seats[seat].members[place])
        let needsCare = run.contenders[contender].needsCare
        guard takes(run.contenders[contender].client, needsCare, slave, shape, pass)
        else { continue }
        give(slave, shape, to: contender, &run)
        let amounts = Amounts(standard: books.runs.measures[shape].amounts)
        if run.seats[seat].members.count > 1 {
          run.contenders[contender].account.charge(amounts, books.totals)
          RunPass.moveBack(&run.seats[seat].members, from: place) {
            run.contenders[Int($0)].account.standing
          }
        }
        if run.order.count > 1 {
          run.seats[seat].account.charge(amounts, books.totals)
          RunPass.moveBack(&run.order, from: seatPlace) { run.seats[Int($0)].account.standing }
        }
        return
      }
    }
  }

  @inline(__always)
  private func takes(
    _ client: Int32, _ needsCare: Bool, _ slave: SlaveIndex, _ shape: Int, _ pass: borrowing Pass
  ) -> Bool {
    if needsCare {
      guard isWorthAnOffer(books.runs.shapes[shape], to: client), isSlaveFor(client, slave)
      else { return false }
    } else if !books.runs.measures[shape].isWorthAnOffer {
      return false
    }
    return !books.filters.refuses(
      books.runs.shapes[shape], client: client, slave: slave, at: pass.now,
      isTick: pass.isTick)
  }

  @inline(__always)
  private mutating func give(
    _ slave: SlaveIndex, _ shape: Int, to contender: Int, _ run: inout RunPass
  ) {
    let client = run.contenders[contender].client
    run.contenders[contender].given &+= books.runs.measures[shape].amounts
    run.contenders[contender].count &+= 1
    run.contenders[contender].slaves += 1
    if !books.slaves[slave].holdings.has(client) { run.contenders[contender].newHoldings += 1 }
    books.free.remove(slave)
    books.runs.add(slave, to: run.firstRun + Int32(contender), of: client)
  }

  /// The number, in this allocation, of what a slave has free; `nil` when it can't be in a run.
  @inline(__always)
  private mutating func shape(of slave: SlaveIndex) -> Int? {
    guard books.slaves[slave].isPlain,
      books.slaves[slave].capabilities == [.multiRole, .hierarchicalRole]
    else { return nil }
    if let place = books.runs.place(ofShape: books.slaves[slave].shape) { return place }
    return findShape(of: slave)
  }

  @inline(never)
  private mutating func findShape(of slave: SlaveIndex) -> Int? {
    guard let number = books.runs.number(of: books.slaves[slave].available, minimum),
      let place = books.runs.place(ofShape: number)
    else { return nil }
    books.slaves[slave].shape = number
    return place
  }
}

// MARK: - From the books and back

extension AllocatorState {
  private mutating func open(_ run: inout RunPass) {
    for role in books.sorter.topLevelOrder(books.totals) ?? [] {
      sortFrameworks(of: role)
      var seat = RunPass.Seat(role: role, account: books.sorter.account(of: role), members: [])
      for client in books.roles[role].ranking.members {
        seat.members.append(Int32(run.contenders.count))
        let needsCare =
          books.clients[client].hasMinimum || policy.slaves != nil
          || options.filtersGPUs && !books.clients[client].capabilities.contains(.gpuResources)
            && books.cluster.standard[3] > 0
        run.contenders.append(
          RunPass.Contender(
            client: client, needsCare: needsCare, account: books.clients.accounts[client]))
      }
      run.order.append(Int32(run.seats.count))
      run.seats.append(seat)
    }
  }

  /// Takes over shares and orders that have changed otherwise.
  private mutating func reopen(_ run: inout RunPass) {
    var places: [Int32: Int32] = [:]
    for place in run.contenders.indices { places[run.contenders[place].client] = Int32(place) }
    let seats = run.seats.indices
    run.order = (books.sorter.topLevelOrder(books.totals) ?? []).compactMap { role in
      seats.first { run.seats[$0].role == role }.map { Int32($0) }
    }
    for seat in seats {
      let role = run.seats[seat].role
      sortFrameworks(of: role)
      run.seats[seat].account = books.sorter.account(of: role)
      run.seats[seat].members = books.roles[role].ranking.members.compactMap { places[$0] }
    }
    for place in run.contenders.indices {
      run.contenders[place].account = books.clients.accounts[run.contenders[place].client]
    }
  }

  /// Charges what was given since the last time.
  private mutating func write(_ run: inout RunPass) {
    for place in run.contenders.indices where run.contenders[place].count > 0 {
      let (client, count) = (run.contenders[place].client, run.contenders[place].count)
      let amounts = Amounts(standard: run.contenders[place].given)
      let role = books.clients[client].role
      books.clients.accounts[client].charge(amounts, books.totals, times: count)
      books.roles[role].ranking.invalidate()
      books.sorter.chargeTopLevel(amounts, to: role, times: count, books.totals)
      books.roles.forEachUpwards(from: role) { $0.governed += amounts }
      books.clients[client].holdings += run.contenders[place].newHoldings
      run.contenders[place].given = .zero
      run.contenders[place].count = 0
      run.contenders[place].newHoldings = 0
    }
  }

  /// Makes a run for each who was given something.
  private func collect(_ run: RunPass, from free: [SlaveIndex], _ pass: inout Pass) {
    var slaves = run.contenders.map { contender in
      var list: [SlaveIndex] = []
      list.reserveCapacity(contender.slaves)
      return list
    }
    var shapeOf = run.contenders.map { contender in
      var list: [UInt16] = []
      list.reserveCapacity(contender.slaves)
      return list
    }
    // All are looked at where that is less than to sort some.
    let isMany = free.count * 8 > books.slaves.count
    for slave in isMany ? books.slaves.indices.map({ SlaveIndex($0) }) : ascending(free) {
      let contender = Int(books.runs.run(on: slave) - run.firstRun)
      guard contender >= 0, let shape = books.runs.place(ofShape: books.slaves[slave].shape)
      else { continue }
      slaves[contender].append(slave)
      shapeOf[contender].append(UInt16(truncatingIfNeeded: shape))
    }
    for place in slaves.indices where !slaves[place].isEmpty {
      let client = books.clients[run.contenders[place].client]
      pass.runs.append(
        AllocationRun(
          number: run.firstRun + Int32(place), framework: client.framework,
          role: books.roles[client.role].role, slaves: slaves[place], shapes: books.runs.shapes,
          shapeOf: shapeOf[place]))
    }
  }

  private func ascending(_ some: [SlaveIndex]) -> [SlaveIndex] {
    var last: SlaveIndex = -1
    for slave in some {
      if slave < last { return some.sorted() }
      last = slave
    }
    return some
  }
}
