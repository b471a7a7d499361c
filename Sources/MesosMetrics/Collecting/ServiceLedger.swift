// Part of mesosim. Apache-2.0, see LICENSE.
//
// How long a framework's groups of tasks were up, of which so many are wanted at any time.

import Mesos
import MesosCluster

/// The groups of one framework, folded from two notes: how many are wanted, and which is up.
///
/// A task is up from its note until it ends, as the record of the run has it: what happens on a
/// slave that nobody hears of is not known here, as it is not to the framework. Words on a group
/// that was never wanted are passed over.
struct ServiceLedger {
  private struct Group {
    var wanted = 0
    var up = 0
    /// Tasks that were up, ended while they were wanted, and have not been replaced.
    var lost = 0

    var counted: Int { min(up, wanted) }
    var isBelow: Bool { up < wanted }
  }

  private var groups: [Group] = []
  private var places: [GroupID: Int] = [:]
  /// The place of the group of each task that is up.
  private var owners: [TaskNumber: Int] = [:]

  // The levels since `settledAt`.
  private var wanted = 0
  private var counted = 0
  private var below = 0
  private var settledAt: Int64 = 0
  /// Since when a group is below what is wanted, if one is.
  private var belowSince: Int64?

  /// Integrals over time, in tasks × nanoseconds; `counted` are those up, at most as many as are
  /// wanted.
  private var wantedSum: Int128 = 0
  private var countedSum: Int128 = 0
  private var belowTime: Int64 = 0
  private var downTime: Int64 = 0
  private var longestBelow: Int64 = 0
  private var restarts = 0

  /// Extends the integrals to an instant, the levels staying as they are.
  mutating func settle(to now: Int64) {
    let time = now &- settledAt
    guard time > 0 else { return }
    settledAt = now
    wantedSum &+= Int128(wanted) &* Int128(time)
    countedSum &+= Int128(counted) &* Int128(time)
    if below > 0 { belowTime &+= time }
    if wanted > 0, counted == 0 { downTime &+= time }
  }

  mutating func want(_ group: GroupID, _ count: Int, at now: Int64) {
    let place = places[group] ?? groups.count
    if place == groups.count {
      groups.append(Group())
      places[group] = place
    }
    change(place, at: now) { group in
      group.wanted = max(0, count)
      group.lost = min(group.lost, max(0, group.wanted - group.up))
    }
  }

  mutating func note(_ task: TaskNumber, of group: GroupID, at now: Int64) {
    guard let place = places[group], owners[task] == nil else { return }
    owners[task] = place
    if groups[place].lost > 0 { restarts += 1 }
    change(place, at: now) { group in
      group.up += 1
      group.lost = max(0, group.lost - 1)
    }
  }

  mutating func end(_ task: TaskNumber, at now: Int64) {
    guard let place = owners.removeValue(forKey: task) else { return }
    change(place, at: now) { group in
      group.up -= 1
      if group.isBelow { group.lost += 1 }
    }
  }

  /// The framework has left, and wants nothing any more.
  mutating func leave(at now: Int64) {
    for place in groups.indices { change(place, at: now) { $0.wanted = 0 } }
  }

  private mutating func change(_ place: Int, at now: Int64, _ change: (inout Group) -> Void) {
    settle(to: now)
    let before = groups[place]
    change(&groups[place])
    let after = groups[place]
    wanted += after.wanted - before.wanted
    counted += after.counted - before.counted
    below += (after.isBelow ? 1 : 0) - (before.isBelow ? 1 : 0)
    if below > 0 {
      belowSince = belowSince ?? now
    } else if let since = belowSince {
      longestBelow = max(longestBelow, now &- since)
      belowSince = nil
    }
  }

  /// The result over the time that the integrals cover.
  var result: ServiceResult {
    let longest = max(longestBelow, belowSince.map { settledAt &- $0 } ?? 0)
    return ServiceResult(
      groups: groups.count, wanted: wanted, up: groups.reduce(0) { $0 + $1.up },
      upFraction: wantedSum > 0 ? Double(countedSum) / Double(wantedSum) : nil,
      restarts: restarts, secondsBelow: Double(belowTime) / 1e9,
      longestSecondsBelow: Double(longest) / 1e9, secondsDown: Double(downTime) / 1e9)
  }
}
