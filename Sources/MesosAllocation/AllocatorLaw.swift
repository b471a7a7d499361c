// Part of mesosim. Apache-2.0, see LICENSE.
//
// What can be asked of an allocator: laws of bookkeeping, which all should keep, and of fairness,
// which most policies break some of (Ghodsi et al., NSDI 2011, sections 3 and 5). How a law is
// checked is the business of `MesosTestKit`.

/// A law that an allocator may promise; `AllocatorLaws` in `MesosTestKit` holds it to its word.
public enum AllocatorLaw: String, Sendable, Hashable, CaseIterable {
  /// Offers of a slave and what tasks hold there never exceed what it has. Where offers overlap,
  /// this goes for what is used and each framework's own offers.
  case neverMoreThanFree
  /// No offer goes to a framework that is inactive, has suppressed the role, or has refused as much
  /// or more of this slave and role for a time that has not passed.
  case neverToTheUnwilling
  /// When everything is given back and all frameworks are willing, everything is offered again.
  case conservesResources
  /// The same calls lead to the same decisions.
  case isDeterministic
  /// What is reserved for a role is only offered to it and to roles below it.
  case respectsReservations
  /// What a role is offered and uses stays within the limits of its quota, reservations aside.
  case respectsLimits

  /// Each of n users runs at least as many tasks as in a pool of its own of the n-th part.
  case sharingIncentive
  /// No user would run more tasks with what another has.
  case envyFreeness
  /// No user could run another task in what is left.
  case paretoEfficiency
  /// No user runs more tasks by claiming to need something else than it does.
  case strategyProofness

  /// The laws of bookkeeping, which any allocator should promise as far as it has what they speak
  /// of.
  public static let bookkeeping: [AllocatorLaw] = [
    .neverMoreThanFree, .neverToTheUnwilling, .conservesResources, .isDeterministic,
    .respectsReservations, .respectsLimits,
  ]

  /// The laws of fairness, on one pool of divisible resources.
  public static let fairness: [AllocatorLaw] = [
    .sharingIncentive, .envyFreeness, .paretoEfficiency, .strategyProofness,
  ]
}
