// Part of mesosim. Apache-2.0, see LICENSE.
//
// For policies that are one question: who gets this? All else that an allocator must do is done
// here. What only some such policies need does not go in; they conform to `Allocator` themselves.

public import Mesos
public import VirtualTime

/// An allocator that only chooses: which framework is offered what is free on a slave.
///
///     mutating func choose(
///       from candidates: [FrameworkIndex], for offer: Resources, on slave: SlaveIndex
///     ) -> FrameworkIndex? {
///       candidates.min { book.dominantShare(of: $0) < book.dominantShare(of: $1) }
///     }
///
/// A slave's free resources, as far as they are not reserved for other roles, are offered whole, at
/// multiples of the allocation interval, to a framework that wants offers and has not refused them.
/// A framework of several roles is offered them in the first that it has not suppressed. Conform to
/// `Allocator` itself for anything else, such as parts of slaves or quota.
public protocol ChoosingAllocator: Allocator {
  /// Who is there, what is free, who has refused what; kept by the protocol's own methods.
  var book: OfferBook { get set }

  /// Chooses who is offered what is free on a slave.
  ///
  /// Called for each slave with something to offer, in the order in which slaves are visited; what
  /// was chosen is charged before the next call.
  /// - Parameters:
  ///   - candidates: The frameworks that may be offered it, in the order of their indices; not
  ///     empty.
  ///   - offer: What is free; some of it may be reserved for roles.
  ///   - slave: Where.
  /// - Returns: One of the candidates, or `nil` to leave it free until something changes.
  mutating func choose(
    from candidates: [FrameworkIndex], for offer: Resources, on slave: SlaveIndex
  ) -> FrameworkIndex?
}

extension ChoosingAllocator {
  /// The next multiple of the interval, if something changed; or the next end of a refusal.
  public var nextDeadline: Instant? { book.nextDeadline }

  /// Visits the slaves with free resources and has the policy choose.
  ///
  /// - Complexity: O(slaves + free slaves × frameworks): for policies to try out, not for the
  ///   largest clusters.
  public mutating func allocate(at now: Instant, into allocations: inout [Allocation]) {
    book.beginPass(at: now)
    for slave in book.slavesToVisit(at: now) {
      // Once more for what is reserved for other roles than that of whom was chosen.
      while true {
        let candidates = book.candidates(on: slave)
        guard !candidates.isEmpty,
          let chosen = choose(from: candidates, for: book.free(on: slave), on: slave)
        else { break }
        precondition(
          candidates.contains(chosen), "framework \(chosen) is no candidate for slave \(slave)")
        let role = book.role(of: chosen)
        let offer = book.free(on: slave).allocatable(to: role)
        allocations.append(
          Allocation(
            framework: chosen, role: role, slave: slave, resources: offer,
            reason: Allocation.Reason(frameworkShare: book.dominantShare(of: chosen))))
        book.charge(offer, to: chosen, on: slave)
      }
    }
    book.endPass()
  }

  /// Notes the slave.
  public mutating func addSlave(_ slave: SlaveIndex, _ info: SlaveEntry, at now: Instant) {
    book.addSlave(slave, info, at: now)
  }
  /// Forgets the slave.
  public mutating func removeSlave(_ slave: SlaveIndex, at now: Instant) {
    book.removeSlave(slave)
  }
  /// Notes the framework.
  public mutating func addFramework(
    _ framework: FrameworkIndex, _ info: FrameworkEntry, at now: Instant
  ) {
    book.addFramework(framework, info, at: now)
  }
  /// Forgets the framework.
  public mutating func removeFramework(_ framework: FrameworkIndex, at now: Instant) {
    book.removeFramework(framework)
  }
  /// Offers the framework something again.
  public mutating func activateFramework(_ framework: FrameworkIndex, at now: Instant) {
    book.activate(framework, at: now)
  }
  /// Offers the framework nothing; forgets its refusals.
  public mutating func deactivateFramework(_ framework: FrameworkIndex, at now: Instant) {
    book.deactivate(framework)
  }
  /// Offers the framework nothing in these roles, or in any.
  public mutating func suppress(_ framework: FrameworkIndex, roles: [Role], at now: Instant) {
    book.suppress(framework, roles: roles)
  }
  /// Offers the framework something again in these roles, or in all; forgets its refusals.
  public mutating func revive(_ framework: FrameworkIndex, roles: [Role], at now: Instant) {
    book.revive(framework, roles: roles, at: now)
  }
  /// Takes resources back, and notes a refusal.
  public mutating func recover(
    _ resources: Resources, from framework: FrameworkIndex, role: Role, on slave: SlaveIndex,
    refusal: Filters?, at now: Instant
  ) {
    book.recover(resources, from: framework, on: slave, refusal: refusal, at: now)
  }
}
