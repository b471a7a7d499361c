// Part of mesosim. Apache-2.0, see LICENSE.
//
// Asking frameworks to leave slaves that will be unavailable (mesos/src/master/allocator/mesos/
// hierarchical.cpp, updateUnavailability, generateInverseOffers, updateInverseOffer).

import Mesos
import VirtualTime

/// The slaves with maintenance ahead and who was asked to leave them.
struct MaintenanceBook {
  private struct Entry {
    var slave: SlaveIndex
    var start: Instant
    var asked: [FrameworkIndex] = []
  }

  private struct Refusal {
    var framework: FrameworkIndex
    var slave: SlaveIndex
    var expiry: Instant
  }

  private var entries: [Entry] = []
  private var refusals: [Refusal] = []
  var made: [InverseOffer] = []

  /// The slaves with maintenance ahead.
  var slaves: [SlaveIndex] { entries.map(\.slave) }

  /// The first tick at which a refusal has ended.
  func nextExpiry(by agenda: Agenda) -> Instant? {
    if refusals.isEmpty { return nil }
    return refusals.map(\.expiry).min().map(agenda.tick(notBefore:))
  }

  /// Sets or, with `nil`, drops the maintenance of a slave; all frameworks may be asked again.
  mutating func set(_ start: Instant?, of slave: SlaveIndex) {
    forget(slave)
    if let start { entries.append(Entry(slave: slave, start: start)) }
  }

  /// Drops a slave.
  mutating func forget(_ slave: SlaveIndex) {
    entries.removeAll { $0.slave == slave }
    removeFilters(ofSlave: slave)
  }

  /// Drops what a framework was asked.
  mutating func forget(framework: FrameworkIndex) {
    for index in entries.indices { entries[index].asked.removeAll { $0 == framework } }
  }

  /// Drops what frameworks have refused about a slave.
  mutating func removeFilters(ofSlave slave: SlaveIndex) {
    refusals.removeAll { $0.slave == slave }
  }

  /// Drops what a framework has refused.
  mutating func removeFilters(ofFramework framework: FrameworkIndex) {
    refusals.removeAll { $0.framework == framework }
  }

  /// Ends the refusals due by a tick and calls back with the slave of each.
  mutating func expire(by tick: Instant, _ body: (SlaveIndex) -> Void) {
    for refusal in refusals where refusal.expiry <= tick { body(refusal.slave) }
    refusals.removeAll { $0.expiry <= tick }
  }

  /// Asks a framework, unless it was asked or has refused to be.
  mutating func ask(_ framework: FrameworkIndex, toLeave slave: SlaveIndex, at now: Instant) {
    guard let index = entries.firstIndex(where: { $0.slave == slave }),
      !entries[index].asked.contains(framework),
      !refusals.contains(where: {
        $0.framework == framework && $0.slave == slave && $0.expiry > now
      })
    else { return }
    entries[index].asked.append(framework)
    made.append(InverseOffer(framework: framework, slave: slave, start: entries[index].start))
  }

  /// Notes that an inverse offer ended.
  mutating func end(
    _ framework: FrameworkIndex, _ slave: SlaveIndex, refusedUntil expiry: Instant?
  ) {
    guard let index = entries.firstIndex(where: { $0.slave == slave }) else { return }
    entries[index].asked.removeAll { $0 == framework }
    if let expiry {
      refusals.append(Refusal(framework: framework, slave: slave, expiry: expiry))
    }
  }
}

extension AllocatorState {
  /// Takes note of the maintenance; offers the slave's resources and asks its frameworks at once.
  mutating func updateUnavailability(
    of slave: SlaveIndex, from start: Instant?, at now: Instant
  ) {
    guard isPresent(slave) else { return }
    books.maintenance.set(start, of: slave)
    books.agenda.request(slave, at: now)
  }

  /// Takes note of an answer; a framework that still holds something is asked again at some tick.
  mutating func inverseOfferEnded(
    of framework: FrameworkIndex, on slave: SlaveIndex, refusal: Filters?, at now: Instant
  ) {
    let end = refusal?.timeoutNanoseconds.map { now.advanced(byNanoseconds: $0) }
    books.maintenance.end(framework, slave, refusedUntil: end)
    books.agenda.mark(slave, at: now)
  }

  /// Takes the inverse offers made, by framework and slave.
  ///
  /// - Returns: Whom to ask to leave which slave.
  mutating func takeInverseOffers() -> [InverseOffer] {
    let made = books.maintenance.made
    books.maintenance.made = []
    return made.sorted { ($0.framework, $0.slave) < ($1.framework, $1.slave) }
  }

  /// Asks the active frameworks that hold something on visited slaves with maintenance ahead.
  mutating func makeInverseOffers(visiting visited: SlaveSet, at now: Instant) {
    let affected = books.maintenance.slaves
    if affected.isEmpty { return }
    for slave in affected.sorted() where visited.contains(slave) && isPresent(slave) {
      unfold(slave)
      for holding in books.slaves[slave].holdings.all {
        let framework = books.clients[holding.client].framework
        guard self.framework(framework)?.isActive == true else { continue }
        books.maintenance.ask(framework, toLeave: slave, at: now)
      }
    }
  }
}
