// Part of mesosim. Apache-2.0, see LICENSE.
//
// How a master makes use of what not every allocator has.

import Mesos
import MesosAllocation
import VirtualTime

extension Master {
  /// Lets `body` use the allocator as one of the refined kinds, at the present instant.
  ///
  /// The master lets go of it meanwhile: an allocator that two places hold copies its whole state
  /// when it changes.
  /// - Returns: What `body` returns; `nil` when the allocator is not of that kind.
  @discardableResult
  mutating func refine<Kind, Result>(
    _ kind: Kind.Type, _ body: (inout Kind, _ now: Instant) -> Result
  ) -> Result? {
    guard var refined = allocator as? Kind else { return nil }
    allocator = Vacancy()
    let result = body(&refined, now)
    guard let back = refined as? any Allocator else {
      preconditionFailure("\(kind) refines no allocator")
    }
    allocator = back
    return result
  }
}

/// Stands where the allocator is, while it is in use.
private struct Vacancy: Allocator {
  var nextDeadline: Instant? { nil }
  mutating func addSlave(_ slave: SlaveIndex, _ info: SlaveEntry, at now: Instant) {}
  mutating func removeSlave(_ slave: SlaveIndex, at now: Instant) {}
  mutating func addFramework(
    _ framework: FrameworkIndex, _ info: FrameworkEntry, at now: Instant
  ) {}
  mutating func removeFramework(_ framework: FrameworkIndex, at now: Instant) {}
  mutating func activateFramework(_ framework: FrameworkIndex, at now: Instant) {}
  mutating func deactivateFramework(_ framework: FrameworkIndex, at now: Instant) {}
  mutating func suppress(_ framework: FrameworkIndex, roles: [Role], at now: Instant) {}
  mutating func revive(_ framework: FrameworkIndex, roles: [Role], at now: Instant) {}
  mutating func recover(
    _ resources: Resources, from framework: FrameworkIndex, role: Role, on slave: SlaveIndex,
    refusal: Filters?, at now: Instant
  ) {}
  mutating func allocate(at now: Instant, into allocations: inout [Allocation]) {}
}
