// Part of mesosim. Apache-2.0, see LICENSE.
//
// An allocator in the hands of a law, told of launches and of the ends of offers as a master would
// tell it. What a law expects is the law's business.

import Mesos
import MesosAllocation
import VirtualTime

/// An allocator that is told of launches and ends of offers as its protocol has it.
struct ToldAllocator {
  var allocator: any Allocator
  /// Whether an offer is charged only once it is used.
  let isOverlapping: Bool

  init(_ allocator: any Allocator) {
    self.allocator = allocator
    isOverlapping = (allocator as? any OverlappingAllocator)?.conflicts != nil
  }

  /// Tells of tasks.
  mutating func launch(_ resources: Resources, from offer: Allocation, at now: Instant) {
    allocator.used(
      resources, by: offer.framework, role: offer.role, on: offer.slave, at: now)
  }

  /// Tells that an offer, or the part of it that is left, has ended.
  mutating func end(
    _ resources: Resources, of offer: Allocation, refusedFor seconds: Double?, at now: Instant
  ) {
    if resources.isEmpty { return }
    let refusal = seconds.map(Filters.init(refuseSeconds:))
    allocator.offerEnded(
      resources, of: offer.framework, role: offer.role, on: offer.slave, refusal: refusal, at: now)
  }

  /// Tells that tasks have ended.
  mutating func finish(_ resources: Resources, of task: Allocation, at now: Instant) {
    allocator.recover(
      resources, from: task.framework, role: task.role, on: task.slave, refusal: nil, at: now)
  }
}
