// Part of mesosim. Apache-2.0, see LICENSE.
//
// Guarantees and limits of roles, and the headroom that must stay free so that guarantees can be
// kept (mesos/src/master/allocator/mesos/hierarchical.cpp, __generateOffers; mesos/src/master/
// quota.hpp).

import Mesos

/// The quota of a role, as the allocator computes with it.
struct RoleQuota {
  var role: Int32
  var guarantees: Amounts
  /// Upper bounds; the largest integer where there is none.
  var standardLimits: SIMD4<Int64>
  var extraLimits: [Int64]
  var hasLimits: Bool

  init(_ quota: Quota, of role: Int32, numbering names: inout ExtraNames) {
    self.role = role
    guarantees = names.amounts(of: quota.guarantees)
    standardLimits = SIMD4(repeating: .max)
    extraLimits = []
    hasLimits = !quota.limits.isEmpty
    for entry in quota.limits.entries {
      if let index = ExtraNames.standard.firstIndex(of: entry.name) {
        standardLimits[index] = entry.thousandths
      } else {
        let number = names.number(of: entry.name)
        while extraLimits.count <= number { extraLimits.append(.max) }
        extraLimits[number] = entry.thousandths
      }
    }
  }

  /// What may still be given out when so much is consumed.
  func room(consumed: Amounts) -> Room {
    var room = Room(standard: standardLimits, extra: extraLimits, extraDefault: .max)
    room.standard = standardLimits &- consumed.standard
    room.standard.replace(with: 0, where: room.standard .< 0)
    room.standard.replace(with: .max, where: standardLimits .== .max)
    for index in extraLimits.indices where extraLimits[index] != .max {
      room.extra[index] = max(0, extraLimits[index] - consumed.extra(index))
    }
    return room
  }
}

/// How much may be given out of each name.
struct Room {
  var standard: SIMD4<Int64>
  var extra: [Int64]
  /// For names past the end of `extra`.
  var extraDefault: Int64

  /// Exactly these amounts.
  init(_ amounts: Amounts) {
    self.init(standard: amounts.standard, extra: amounts.extra ?? [], extraDefault: 0)
  }

  init(standard: SIMD4<Int64>, extra: [Int64], extraDefault: Int64) {
    self.standard = standard
    self.extra = extra
    self.extraDefault = extraDefault
  }
}

extension Resources {
  /// The part that there is room for.
  func cut(to room: Room, _ names: ExtraNames) -> Resources {
    cut(toStandard: room.standard) { name in
      guard let number = names.existing(name), number < room.extra.count else {
        return room.extraDefault
      }
      return room.extra[number]
    }
  }
}

/// The books of quota during one allocation, which run ahead of the allocator's own in one respect:
/// what a role below one with quota gets counts only from the next allocation on, as in Mesos.
struct QuotaLedger {
  /// What each quota's role has consumed, by the place of the quota.
  var consumed: [Amounts]
  /// What must stay free for guarantees that are not met.
  var required: Amounts
  /// What is free of what quota governs, on all slaves.
  var available: Amounts

  /// What may be given out beyond guarantees.
  var surplus: Amounts { available - required }

  /// What a guarantee still lacks.
  func unmet(_ quota: RoleQuota, at place: Int) -> Amounts { quota.guarantees - consumed[place] }
}
