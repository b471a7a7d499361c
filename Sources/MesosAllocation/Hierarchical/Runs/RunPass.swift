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
    /// The slaves that it takes, and perhaps some on which it has filters of their own.
    var takes = SlaveSet()
    /// The slaves that it was given.
    var given = SlaveSet()
    /// How many it was given since the books were last written, and what is on them.
    var count: UInt32 = 0
    var amounts = SIMD4<Int64>.zero
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
  /// The slaves on which filters of their own are to be looked at when it comes to them.
  var doubtful = SlaveSet()

  /// Whether nobody takes what another would take as well, so that neither the order of slaves nor
  /// shares play a part.
  var isUncontested: Bool {
    var taken = SlaveSet()
    for contender in contenders {
      if contender.takes.intersects(taken) { return false }
      taken.formUnion(contender.takes)
    }
    return true
  }

  /// Leaves out those who take nothing.
  mutating func leaveOutIdle() {
    for seat in seats.indices {
      seats[seat].members.removeAll { contenders[Int($0)].takes.isEmpty }
    }
    order.removeAll { seats[Int($0)].members.isEmpty }
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
  mutating func shareInRuns(_ free: SlaveSet, _ pass: inout Pass) {
    var run = RunPass()
    open(&run)
    let plain = findShapes(of: free)
    findTakers(of: plain, &run, pass)
    if plain.count == free.count, run.doubtful.isEmpty, run.isUncontested {
      for contender in run.contenders.indices { giveAll(to: contender, &run) }
    } else {
      for slave in ordered(free.members, stage: 2) {
        if plain.contains(slave) {
          share(slave, &run, pass)
        } else {
          // Rare: what else it has is not offered whole.
          write(&run)
          shareFairly(slave, &pass)
          reopen(&run)
        }
      }
    }
    write(&run)
    collect(run, &pass)
  }

  /// Looks up what slaves have free.
  /// - Returns: Those that can be in a run.
  private mutating func findShapes(of free: SlaveSet) -> SlaveSet {
    books.runs.prepareShapes(slaveCount: books.slaves.count)
    var unknown = free
    unknown.subtract(books.runs.known)
    unknown.forEach { slave in
      if books.slaves[slave].isPlain,
        books.slaves[slave].capabilities == [.multiRole, .hierarchicalRole]
      {
        books.runs.setShape(of: slave, to: books.slaves[slave].available, minimum)
      }
    }
    return free.intersection(books.runs.known)
  }

  /// Finds out who takes which slaves, and leaves out those who take none: often one has work, and
  /// the others have refused all there is.
  private mutating func findTakers(
    of plain: SlaveSet, _ run: inout RunPass, _ pass: borrowing Pass
  ) {
    let worthwhile = books.runs.hasWorthless ? self.worthwhile(plain) : plain
    for place in run.contenders.indices {
      let client = run.contenders[place].client
      var takes = plain
      if run.contenders[place].needsCare {
        plain.forEach { slave in
          let shape = books.runs.shapes[Int(books.runs.shapeOf[slave])]
          if !isWorthAnOffer(shape, to: client) || !isSlaveFor(client, slave) {
            takes.remove(slave)
          }
        }
      } else {
        takes = worthwhile
      }
      books.filters.subtractBulk(
        from: &takes, client: client, at: pass.now, isTick: pass.isTick)
      run.contenders[place].takes = takes
    }
    run.doubtful = plain.intersection(books.filters.singles)
    // Only where there are few of them; else that waits until somebody's turn comes.
    if run.doubtful.count * run.contenders.count <= plain.count * 2 {
      for place in run.contenders.indices { removeRefused(from: place, &run, pass) }
      run.doubtful = SlaveSet()
    }
    if plain.count > 0 { run.leaveOutIdle() }
  }

  private func worthwhile(_ plain: SlaveSet) -> SlaveSet {
    var worthwhile = plain
    plain.forEach { slave in
      if !books.runs.measures[Int(books.runs.shapeOf[slave])].isWorthAnOffer {
        worthwhile.remove(slave)
      }
    }
    return worthwhile
  }

  private func removeRefused(from place: Int, _ run: inout RunPass, _ pass: borrowing Pass) {
    let client = run.contenders[place].client
    run.doubtful.forEach { slave in
      if run.contenders[place].takes.contains(slave), refusesSingly(client, slave, pass) {
        run.contenders[place].takes.remove(slave)
      }
    }
  }

  private func refusesSingly(
    _ client: Int32, _ slave: SlaveIndex, _ pass: borrowing Pass
  ) -> Bool {
    books.filters.refusesSingly(
      books.runs.shapes[Int(books.runs.shapeOf[slave])], client: client, slave: slave,
      at: pass.now, isTick: pass.isTick)
  }

  /// Offers a slave to the first who takes it.
  @inline(__always)
  private mutating func share(
    _ slave: SlaveIndex, _ run: inout RunPass, _ pass: borrowing Pass
  ) {
    let isDoubtful = run.doubtful.contains(slave)
    for seatPlace in run.order.indices {
      let seat = Int(run.order[seatPlace])
      for place in run.seats[seat].members.indices {
        let contender = Int(run.seats[seat].members[place])
        guard run.contenders[contender].takes.contains(slave),
          !isDoubtful || !refusesSingly(run.contenders[contender].client, slave, pass)
        else { continue }
        let amounts = books.runs.measures[Int(books.runs.shapeOf[slave])].amounts
        run.contenders[contender].given.insert(slave)
        run.contenders[contender].count &+= 1
        run.contenders[contender].amounts &+= amounts
        let charge = Amounts(standard: amounts)
        if run.seats[seat].members.count > 1 {
          run.contenders[contender].account.charge(charge, books.totals)
          RunPass.moveBack(&run.seats[seat].members, from: place) {
            run.contenders[Int($0)].account.standing
          }
        }
        if run.order.count > 1 {
          run.seats[seat].account.charge(charge, books.totals)
          RunPass.moveBack(&run.order, from: seatPlace) { run.seats[Int($0)].account.standing }
        }
        return
      }
    }
  }

  /// Offers somebody all that nobody else takes.
  private func giveAll(to contender: Int, _ run: inout RunPass) {
    let slaves = run.contenders[contender].takes
    if slaves.isEmpty { return }
    run.contenders[contender].given = slaves
    run.contenders[contender].count = UInt32(slaves.count)
    run.contenders[contender].amounts = books.runs.amounts(of: slaves)
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
      let amounts = Amounts(standard: run.contenders[place].amounts)
      let role = books.clients[client].role
      books.clients.accounts[client].charge(amounts, books.totals, times: count)
      books.roles[role].ranking.invalidate()
      books.sorter.chargeTopLevel(amounts, to: role, times: count, books.totals)
      books.roles.forEachUpwards(from: role) { $0.governed += amounts }
      run.contenders[place].amounts = .zero
      run.contenders[place].count = 0
    }
  }

  /// Makes a run for each who was given something.
  private mutating func collect(_ run: RunPass, _ pass: inout Pass) {
    for place in run.contenders.indices where !run.contenders[place].given.isEmpty {
      let (client, given) = (run.contenders[place].client, run.contenders[place].given)
      books.clients[client].holdings += newHoldings(of: client, on: given)
      books.free.subtract(given)
      let number = books.runs.open(given, for: client, slaveCount: books.slaves.count)
      pass.runs.append(
        AllocationRun(
          number: number, framework: books.clients[client].framework,
          role: books.roles[books.clients[client].role].role, members: given,
          shapes: books.runs.shapes, shapeOf: books.runs.numbers(of: given)))
    }
  }
}
