// Part of mesosim. Apache-2.0, see LICENSE.
//
// Weights and quota, and when what quota withheld must be looked at again (mesos/src/master/
// allocator/mesos/hierarchical.cpp, updateWeights, updateQuota).

import Mesos
import VirtualTime

extension AllocatorState {
  /// Sets weights; the next allocation sorts by them.
  mutating func updateWeights(
    _ weights: [(role: Role, weight: Double)], at now: Instant
  ) {
    for (role, weight) in weights { books.sorter.setWeight(weight, ofPath: role.value) }
  }
}

extension AllocatorState {
  /// Sets a role's guarantees and limits; the next tick allocates by them.
  mutating func updateQuota(_ quota: Quota, of role: Role, at now: Instant) {
    unfoldAll()
    let number = books.roles.number(of: role)
    books.quotas.removeAll { $0.role == number }
    books.roles[number].quota = nil
    if !quota.isDefault {
      books.quotas.append(RoleQuota(quota, of: number, numbering: &books.names))
    }
    for (place, quota) in books.quotas.enumerated() { books.roles[quota.role].quota = place }
    books.agenda.markAll(at: now)
  }
}

/// The slaves of which quota withheld something when they were last visited.
///
/// They need no visit while no more could be given than then.
struct Withheld {
  /// Some role's limit withheld something.
  var byLimit = SlaveSet()
  /// The headroom withheld something.
  var byHeadroom = SlaveSet()
  /// The least surplus that any of the latter found; `nil` for none.
  var surplus: Amounts?
  /// Whether roles with quota gave something back since then.
  var isLimitLoose = false
  var isGuaranteeLoose = false

  /// Whether something was withheld of a slave.
  func contains(_ slave: SlaveIndex) -> Bool {
    byLimit.contains(slave) || byHeadroom.contains(slave)
  }

  /// Drops a slave, which is visited, gone or has nothing left.
  mutating func forget(_ slave: SlaveIndex) {
    byLimit.remove(slave)
    byHeadroom.remove(slave)
  }
}

extension AllocatorState {
  /// Notes that less counts against the quota of a role or of one above it.
  mutating func noteReturn(to role: Int32) {
    if books.quotas.isEmpty { return }
    var next: Int32? = role
    while let current = next {
      if let place = books.roles[current].quota {
        if books.quotas[place].hasLimits { books.withheld.isLimitLoose = true }
        if !books.quotas[place].guarantees.isZero { books.withheld.isGuaranteeLoose = true }
      }
      next = books.roles[current].parent
    }
  }

  /// Has slaves of which quota withheld something visited again if more could be given now.
  mutating func noteWithheld(at now: Instant) {
    if books.withheld.byLimit.count > 0, books.withheld.isLimitLoose {
      books.withheld.byLimit.takeAll { books.agenda.mark($0, at: now) }
    }
    books.withheld.isLimitLoose = false
    if books.withheld.byHeadroom.count > 0, books.withheld.isGuaranteeLoose || hasSurplusRisen {
      books.withheld.byHeadroom.takeAll { books.agenda.mark($0, at: now) }
    }
    books.withheld.isGuaranteeLoose = false
    if books.withheld.byHeadroom.count == 0 { books.withheld.surplus = nil }
  }

  private var hasSurplusRisen: Bool {
    guard let least = books.withheld.surplus else { return false }
    let ledger = openLedger()
    return ledger.required.isZero || ledger.surplus.exceeds(least)
  }

  /// The books at this moment (hierarchical.cpp, before the first stage).
  func openLedger() -> QuotaLedger {
    let consumed = books.quotas.map { books.roles[$0.role].consumed }
    var required = Amounts()
    for (place, quota) in books.quotas.enumerated() where books.roles[quota.role].parent == nil {
      required += quota.guarantees - consumed[place]
    }
    var available = books.cluster
    available -= books.sorter.allocated
    available -= books.reserved - books.reservedHeld
    available -= books.revocableFree
    return QuotaLedger(consumed: consumed, required: required, available: available)
  }
}
