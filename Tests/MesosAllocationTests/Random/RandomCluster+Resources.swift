// Part of mesosim. Apache-2.0, see LICENSE.
//
// What can happen to what frameworks hold, and what operators do to roles.

import Mesos
import MesosAllocation
import VirtualTime

extension RandomCluster {
  mutating func recover(_ share: Held, _ resources: Resources, _ seconds: Double?) {
    guard frameworks[share.framework] != nil else { return }
    let refusal = seconds.map(Filters.init(refuseSeconds:))
    each(
      "recover \(resources) f\(share.framework) \(share.role) s\(share.slave) "
        + "refused \(seconds.map(\.description) ?? "-")"
    ) { [now] in
      $0.recover(
        resources, from: share.framework, role: share.role, on: share.slave, refusal: refusal,
        at: now)
    }
  }

  /// Declines some offers in whole.
  mutating func decline() {
    let times: [Double?] = [nil, 0, 0.5, 1, 1, 1.5, 2, 2, 3, 5, 1000, -1, .nan]
    for _ in 0...random.below(3) where !held.isEmpty {
      let index = random.below(held.count)
      guard frameworks[held[index].framework] != nil else { continue }
      let share = held.remove(at: index)
      recover(share, share.resources, random.pick(times))
    }
  }

  /// Declines all that a framework was offered, or the first of it.
  mutating func declineMany() {
    guard !frameworks.isEmpty else { return }
    let framework = random.pick(presentFrameworks)
    var all = held.filter { $0.framework == framework }
      .sorted { ($0.role, $0.slave) < ($1.role, $1.slave) }
    if random.chance(40) { all.removeLast(random.below(all.count)) }
    let declined = all
    held.removeAll { share in
      declined.contains {
        $0.framework == share.framework && $0.role == share.role && $0.slave == share.slave
          && $0.resources == share.resources
      }
    }
    let refusal = random.pick([nil, 1, 2, 2, 3.5, 5].map { $0.map(Filters.init(refuseSeconds:)) })
    each("decline \(declined.map(\.slave)) of f\(framework) \(refusal?.refuseSeconds ?? -1)") {
      [now] in
      if var unrolling = $0 as? UnrollingAllocator {
        unrolling.recoverMany(declined, refusal: refusal, at: now)
        $0 = unrolling
      } else {
        for share in declined {
          $0.recover(
            share.resources, from: framework, role: share.role, on: share.slave, refusal: refusal,
            at: now)
        }
      }
    }
  }

  /// Gives a part of something back, as when a task ends or an offer is used in part.
  mutating func finish() {
    guard !held.isEmpty else { return }
    let index = random.below(held.count)
    guard frameworks[held[index].framework] != nil else { return }
    let parts = held[index].resources.entries.filter { _ in random.chance(50) }
    var part = Resources(parts)
    if random.chance(50) {
      let half = Resources(cpus: 0.5, mem: 8)
      if held[index].resources.contains(half) { part = half }
    }
    if part.isEmpty { return }
    held[index].resources -= part
    recover(held[index], part, random.pick([nil, nil, 5, 0.2]))
    if held[index].resources.isEmpty { held.remove(at: index) }
  }

  // MARK: Reservations

  mutating func reserveFree() {
    guard !slaves.isEmpty else { return }
    let slave = random.pick(presentSlaves)
    let role = random.pick(ingredients.roles.filter { $0 != .unreserved })
    let free = Resources(cpus: 0.5, mem: 32)
    let reserved = free.pushing(Reservation(.dynamic, role: role))
    let isReserving = random.chance(60)
    let (from, to) = isReserving ? (free, reserved) : (reserved, free)
    var results: [Bool] = []
    each("updateAvailable s\(slave) \(from.entries) to \(to.entries)") { [now] in
      results.append($0.updateAvailable(on: slave, from: from, to: to, at: now))
    }
    if Set(results).count > 1 { difference = "at \(now) updateAvailable gave \(results)" }
  }

  mutating func reserveHeld() {
    guard !held.isEmpty else { return }
    let index = random.below(held.count)
    let share = held[index]
    let part = Resources(cpus: 0.5)
    guard frameworks[share.framework] != nil, share.role != .unreserved,
      share.resources.contains(part)
    else { return }
    let reserved = part.pushing(Reservation(.dynamic, role: share.role))
    held[index].resources = share.resources - part + reserved
    each("updateAllocation f\(share.framework) \(share.role) s\(share.slave)") { [now] in
      $0.updateAllocation(
        of: share.framework, role: share.role, on: share.slave, from: part, to: reserved, at: now)
    }
  }

  // MARK: Operators

  mutating func weights() {
    let role = random.pick(ingredients.roles)
    let weight = random.pick([0.5, 1, 2, 3])
    each("weight \(role) \(weight)") { [now] in $0.updateWeights([(role, weight)], at: now) }
  }

  private mutating func someQuota() -> Quota {
    let guarantees = random.pick(["", "cpus:2", "cpus:4;mem:512", "mem:300", "cpus:1;disk:500"])
    let limits = random.pick(["", "", "cpus:4", "cpus:6;mem:2000", "mem:1000;cpus:4;disk:0"])
    return Quota(
      guarantees: (try? Quantities(parsing: guarantees)) ?? Quantities(),
      limits: (try? Limits(parsing: limits)) ?? Limits())
  }

  mutating func quota() {
    let role = random.pick(
      ingredients.roles.filter { !$0.value.contains("/") && $0 != .unreserved })
    let quota = someQuota()
    each("quota \(role) \(quota)") { [now] in $0.updateQuota(quota, of: role, at: now) }
  }

  mutating func recoverMaster() {
    let quota = someQuota()
    let count = random.below(5)
    each("recover \(count) \(quota)") { [now] in
      $0.recover(expectedSlaves: count, quotas: [("q", quota)], at: now)
    }
  }

  mutating func pause() {
    let stops = random.chance(40)
    each(stops ? "pause" : "resume") { [now] in
      if stops { $0.pause(at: now) } else { $0.resume(at: now) }
    }
  }

  mutating func maintain() {
    guard !slaves.isEmpty else { return }
    let slave = random.pick(presentSlaves)
    let start = random.chance(70) ? now + .seconds(60) : nil
    each("unavailable s\(slave) \(start?.description ?? "no")") { [now] in
      $0.updateUnavailability(of: slave, from: start, at: now)
    }
  }

  mutating func answerInverseOffer() {
    guard let share = held.first else { return }
    let refusal = random.pick([nil, 0, 2, 3.5].map { $0.map(Filters.init(refuseSeconds:)) })
    each("inverse offer ended f\(share.framework) s\(share.slave)") { [now] in
      $0.inverseOfferEnded(
        of: share.framework, on: share.slave, accepted: nil, refusal: refusal, at: now)
    }
  }
}
