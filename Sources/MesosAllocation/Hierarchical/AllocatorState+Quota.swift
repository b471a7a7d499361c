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
    for (role, weight) in weights { sorter.setWeight(weight, ofPath: role.value) }
  }
}

extension AllocatorState {
  /// Sets a role's guarantees and limits; the next tick allocates by them.
  mutating func updateQuota(_ quota: Quota, of role: Role, at now: Instant) {
    let number = roles.number(of: role)
    quotas.removeAll { $0.role == number }
    roles[number].quota = nil
    if !quota.isDefault { quotas.append(RoleQuota(quota, of: number, numbering: &names)) }
    for (place, quota) in quotas.enumerated() { roles[quota.role].quota = place }
    agenda.markAll(at: now)
  }
}

/// The slaves of which quota withheld something when they were last visited.
///
/// They need no visit while no more could be given than then.
struct Withheld {
  /// Some role's limit withheld something.
  var byLimit = MarkList()
  /// The headroom withheld something.
  var byHeadroom = MarkList()
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
    if quotas.isEmpty { return }
    var next: Int32? = role
    while let current = next {
      if let place = roles[current].quota {
        if quotas[place].hasLimits { withheld.isLimitLoose = true }
        if !quotas[place].guarantees.isZero { withheld.isGuaranteeLoose = true }
      }
      next = roles[current].parent
    }
  }

  /// Has slaves of which quota withheld something visited again if more could be given now.
  mutating func noteWithheld(at now: Instant) {
    if withheld.byLimit.count > 0, withheld.isLimitLoose {
      withheld.byLimit.takeAll { agenda.mark($0, at: now) }
    }
    withheld.isLimitLoose = false
    if withheld.byHeadroom.count > 0, withheld.isGuaranteeLoose || hasSurplusRisen {
      withheld.byHeadroom.takeAll { agenda.mark($0, at: now) }
    }
    withheld.isGuaranteeLoose = false
    if withheld.byHeadroom.count == 0 { withheld.surplus = nil }
  }

  private var hasSurplusRisen: Bool {
    guard let least = withheld.surplus else { return false }
    let ledger = openLedger()
    return ledger.required.isZero || ledger.surplus.exceeds(least)
  }

  /// The books at this moment (hierarchical.cpp, before the first stage).
  func openLedger() -> QuotaLedger {
    let consumed = quotas.map { roles[$0.role].consumed }
    var required = Amounts()
    for (place, quota) in quotas.enumerated() where roles[quota.role].parent == nil {
      required += quota.guarantees - consumed[place]
    }
    var available = cluster
    available -= sorter.allocated
    available -= reserved - reservedHeld
    available -= revocableFree
    return QuotaLedger(consumed: consumed, required: required, available: available)
  }
}
