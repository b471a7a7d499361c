// Part of mesosim. Apache-2.0, see LICENSE.
//
// An allocator that decides nothing: it gives what the test says, and notes what it is told.

import Mesos
import MesosAllocation
import MesosCluster
import Synchronization
import VirtualTime

/// What a test and its allocator share.
final class AllocatorScript: Sendable {
  /// What the next run gives; `nil` when none is wanted.
  let next = Mutex<[Allocation]?>(nil)
  /// What the allocator was told since last asked.
  let notes = Mutex<[String]>([])
  /// How often the allocator says that what an operator wants is not free.
  let shortages = Mutex<Int>(0)

  func note(_ text: String) { notes.withLock { $0.append("allocator: \(text)") } }

  func takeNotes() -> [String] {
    notes.withLock { notes in
      defer { notes = [] }
      return notes
    }
  }
}

struct ScriptedAllocator: Allocator {
  let script: AllocatorScript
  let supports = AllocatorCapabilities.all

  /// Long ago while a run is wanted: the master then allocates at its next deadline.
  var nextDeadline: Instant? { script.next.withLock { $0 == nil ? nil : .start } }

  mutating func addSlave(_ slave: SlaveIndex, _ info: SlaveEntry, at now: Instant) {
    let used = info.used.map { ", used by \($0.framework)\(suffix($0.role)): \($0.resources)" }
    script.note("add slave \(slave) \(info.total)" + used.joined())
  }
  mutating func removeSlave(_ slave: SlaveIndex, at now: Instant) {
    script.note("remove slave \(slave)")
  }
  mutating func addFramework(_ framework: FrameworkIndex, _ info: FrameworkEntry, at now: Instant) {
    script.note("add framework \(framework)\(text(of: info))")
  }
  mutating func removeFramework(_ framework: FrameworkIndex, at now: Instant) {
    script.note("remove framework \(framework)")
  }
  mutating func activateFramework(_ framework: FrameworkIndex, at now: Instant) {
    script.note("activate framework \(framework)")
  }
  mutating func deactivateFramework(_ framework: FrameworkIndex, at now: Instant) {
    script.note("deactivate framework \(framework)")
  }
  mutating func suppress(_ framework: FrameworkIndex, roles: [Role], at now: Instant) {
    script.note("suppress \(framework)\(list(roles))")
  }
  mutating func revive(_ framework: FrameworkIndex, roles: [Role], at now: Instant) {
    script.note("revive \(framework)\(list(roles))")
  }
  mutating func recover(
    _ resources: Resources, from framework: FrameworkIndex, role: Role, on slave: SlaveIndex,
    refusal: Filters?, at now: Instant
  ) {
    let filter = refusal.map { ", refused for \($0.refuseSeconds) s" } ?? ""
    script.note("recover \(resources) from \(framework)\(suffix(role)) on \(slave)\(filter)")
  }
  mutating func used(
    _ resources: Resources, by framework: FrameworkIndex, role: Role, on slave: SlaveIndex,
    at now: Instant
  ) {
    script.note("used \(resources) by \(framework)\(suffix(role)) on \(slave)")
  }
  mutating func requested(_ framework: FrameworkIndex, _ shapes: [Resources], at now: Instant) {
    script.note("requested by \(framework): \(shapes.map(\.description).joined(separator: " | "))")
  }
  mutating func allocate(at now: Instant, into allocations: inout [Allocation]) {
    allocations += script.next.withLock { next in
      defer { next = nil }
      return next ?? []
    }
  }

  private func text(of info: FrameworkEntry) -> String {
    var text = info.roles == [.unreserved] ? "" : list(info.roles)
    if !info.suppressedRoles.isEmpty { text += ", suppressed" + list(info.suppressedRoles) }
    if !info.isActive { text += ", not active" }
    return text
  }
}

private func suffix(_ role: Role) -> String { role == .unreserved ? "" : " as \(role)" }

private func list(_ roles: [Role]) -> String {
  roles.isEmpty ? "" : " in " + roles.map(\.value).joined(separator: ", ")
}

// MARK: - What not every allocator has

extension ScriptedAllocator {
  mutating func updateSlave(_ slave: SlaveIndex, _ update: SlaveUpdate, at now: Instant) {
    script.note("update slave \(slave) \(update.total?.description ?? "")")
  }
  mutating func activateSlave(_ slave: SlaveIndex, at now: Instant) {
    script.note("activate slave \(slave)")
  }
  mutating func deactivateSlave(_ slave: SlaveIndex, at now: Instant) {
    script.note("deactivate slave \(slave)")
  }
  mutating func updateFramework(
    _ framework: FrameworkIndex, _ info: FrameworkEntry, at now: Instant
  ) {
    script.note("update framework \(framework)\(text(of: info))")
  }

  mutating func updateAllocation(
    of framework: FrameworkIndex, role: Role, on slave: SlaveIndex, from consumed: Resources,
    to converted: Resources, at now: Instant
  ) {
    script.note("convert \(consumed) of \(framework) on \(slave) to \(converted)")
  }
  mutating func updateAvailable(
    on slave: SlaveIndex, from consumed: Resources, to converted: Resources, at now: Instant
  ) -> Bool {
    let isShort = script.shortages.withLock { shortages in
      defer { shortages = max(0, shortages - 1) }
      return shortages > 0
    }
    script.note(
      "convert free \(consumed) on \(slave) to \(converted)\(isShort ? ": not free" : "")")
    return !isShort
  }

  mutating func updateWeights(_ weights: [(role: Role, weight: Double)], at now: Instant) {
    let texts = weights.map { "\($0.role)=\($0.weight)" }
    script.note("weights \(texts.joined(separator: " "))")
  }
  mutating func updateQuota(_ quota: Quota, of role: Role, at now: Instant) {
    script.note("quota of \(role): guarantees \(quota.guarantees), limits \(quota.limits)")
  }
  mutating func updateWhitelist(_ hostnames: [String]?, at now: Instant) {
    script.note("whitelist \(hostnames?.joined(separator: " ") ?? "all")")
  }

  mutating func updateUnavailability(of slave: SlaveIndex, from start: Instant?, at now: Instant) {
    script.note("slave \(slave) unavailable from \(start.map { "\($0)" } ?? "never") on")
  }
  mutating func inverseOfferEnded(
    of framework: FrameworkIndex, on slave: SlaveIndex, accepted: Bool?, refusal: Filters?,
    at now: Instant
  ) {}
  mutating func takeInverseOffers() -> [InverseOffer] { [] }
  mutating func recover(
    expectedSlaves: Int, quotas: [(role: Role, quota: Quota)], at now: Instant
  ) {
    let roles = quotas.map(\.role.value).joined(separator: " ")
    script.note("wait for \(expectedSlaves) slaves, quotas of [\(roles)]")
  }
  mutating func pause(at now: Instant) { script.note("pause") }
  mutating func resume(at now: Instant) { script.note("resume") }
}
