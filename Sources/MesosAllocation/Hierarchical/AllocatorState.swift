// Part of mesosim. Apache-2.0, see LICENSE.
//
// The machine of the hierarchical allocator: its settings and its books. It cannot be copied by
// accident, so that whatever it calls on itself works in place. What it knows goes into
// `AllocatorBooks`, what it does into the files `AllocatorState+…`.

import Mesos
import VirtualTime

/// The hierarchical allocator without the value around it.
///
/// The files `AllocatorState+…` hold what changes it, `Passing/` what an allocation decides. What
/// only reads it and is called for each offer is inlined, since it would be handed a copy of the
/// whole.
struct AllocatorState: ~Copyable {
  let options: AllocatorOptions
  let policy: Policy
  /// Whether the policy has an order of its own: the order itself, asked, would be copied.
  let hasOrder: Bool
  /// Whether the policy asks what frameworks need, found out once.
  let needsDemands: Bool
  let minimum: Minimum

  /// What it knows.
  var books: AllocatorBooks

  // Empty or at its start between two calls.
  var stale: [StalePosition] = []
  var cursor = RoleCursor()

  init(_ options: AllocatorOptions, _ policy: Policy) {
    self.init(options, policy, AllocatorBooks(options, policy))
  }

  private init(_ options: AllocatorOptions, _ policy: Policy, _ books: AllocatorBooks) {
    self.options = options
    self.policy = policy
    hasOrder = policy.order != nil
    needsDemands = policy.needsDemands
    minimum = Minimum(anyOf: options.minAllocatable)
    self.books = books
  }

  /// The same state once more, on purpose: for copies of the allocator that go different ways.
  func copy() -> AllocatorState { AllocatorState(options, policy, books) }

  /// The earliest of: an event to answer, the next interval if a slave is marked or a filter ends.
  @inline(__always) var nextDeadline: Instant? {
    if books.agenda.isPaused { return books.recovery.deadline }
    return books.agenda.nextDeadline(filters: nextExpiry)
  }

  /// The first tick that finds a filter ended.
  @inline(__always) var nextExpiry: Instant? {
    guard let inverse = books.maintenance.nextExpiry(by: books.agenda) else {
      return books.filters.nextTick
    }
    return min(inverse, books.filters.nextTick ?? inverse)
  }
}
