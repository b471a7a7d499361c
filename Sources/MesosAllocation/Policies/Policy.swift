// Part of mesosim. Apache-2.0, see LICENSE.
//
// What one policy has that others have not. Offers, filters, quota, reservations, ticks and all
// else are the same for all and stand in `Hierarchical/`; a policy is one file beside this one.

import Mesos
import VirtualTime

/// Who is served first and with how much: what makes one `HierarchicalAllocator` differ from
/// another.
///
///     let allocator = HierarchicalAllocator(options, policy: .fair(.named("mem")).offering(.task))
///
/// A policy consists of up to five choices, and leaves alone what it does not choose: how shares
/// are measured, an order that does not go by shares, which slaves are for whom, whether offers
/// overlap, and what one offer is.
///
/// Outside this package a policy is one of those that ship, such as `drf`, `fifo` or `lottery`: the
/// choices are made in terms of the allocator's own books, which may change from one version to the
/// next. A policy that is not among them conforms to `ChoosingAllocator`, or is added to this
/// package as a file beside this one.
public struct Policy: Sendable {
  /// How amounts become the share by which roles, and in them frameworks, are ranked.
  var measure: any ShareMeasure = DominantShare()
  /// An order of its own; with `nil` roles and in them frameworks are ranked by their shares.
  var order: (any ServingOrder)?
  /// Which slaves are for whom; with `nil` every slave is for all.
  var slaves: SlaveChoice?
  /// Set if offers overlap: all frameworks are offered everything, and only what is used counts.
  var conflicts: ConflictRules?
  /// What one offer is made of.
  public var unit: OfferUnit = .slave

  /// The policy with other offers.
  ///
  /// - Parameter unit: What one offer is made of.
  /// - Returns: The policy, otherwise unchanged.
  public func offering(_ unit: OfferUnit) -> Policy {
    var policy = self
    policy.unit = unit
    return policy
  }
}

/// What one offer is made of.
public enum OfferUnit: String, Sendable, Hashable, CaseIterable {
  /// All that the framework can take of a slave, as Mesos has it.
  case slave
  /// As much as one task needs, as far as that is known: a shape that the framework has asked for,
  /// else as much as its last task took; and never less than what is worth an offer. After each
  /// such offer all are ranked again. A framework of which nothing is known is offered the whole
  /// slave.
  case task
}

/// How amounts become shares.
protocol ShareMeasure: Sendable {
  /// The scale of shares in a cluster; asked for whenever what the cluster has changes.
  ///
  /// - Parameters:
  ///   - parts: The scale on which everything of a name is 1.
  ///   - names: The numbers of names other than the standard ones.
  /// - Returns: The scale that shares are read on.
  func scale(_ parts: ShareScale, _ names: inout ExtraNames) -> ShareScale

  /// Whether the scale depends on who takes part and on what they need.
  var isPriced: Bool { get }

  /// The scale for the allocation that is about to begin, where it depends on who takes part and on
  /// what they need; `nil` where it does not. Asked for only when one of these has changed.
  func scale(_ parts: ShareScale, in market: MarketView) -> ShareScale?
}

extension ShareMeasure {
  var isPriced: Bool { false }
  func scale(_ parts: ShareScale, in market: MarketView) -> ShareScale? { nil }
}

/// Shares as Mesos has them: the largest part of any name.
struct DominantShare: ShareMeasure {
  func scale(_ parts: ShareScale, _ names: inout ExtraNames) -> ShareScale { parts }
}

/// An order in which those who want offers are asked, in place of the order of shares.
///
/// One turn is one slave. Within a turn the order is fixed, whichever of them gets something.
protocol ServingOrder: Sendable {
  /// Whether it matters what frameworks need.
  var needsDemands: Bool { get }

  /// Whether it is drawn by chance for each slave.
  var isDrawn: Bool { get }

  /// A slave's turn begins.
  mutating func begin(_ slave: SlaveIndex, _ draws: Draws, _ state: borrowing AllocatorState)

  /// The next to be asked, each listed client once a turn; `nil` after the last.
  mutating func next(_ state: borrowing AllocatorState) -> Int32?

  /// What a client holds has changed.
  mutating func noteChange(of client: Int32)
}

extension ServingOrder {
  var needsDemands: Bool { false }
  var isDrawn: Bool { false }
  mutating func noteChange(of client: Int32) {}
}

/// Numbers by chance for one turn: the same key, instant, allocation and slave, the same numbers,
/// whichever other slaves are visited.
struct Draws {
  private let seed: UInt64
  private var count: UInt64 = 0

  init(seed: UInt64) { self.seed = seed }

  /// A number from 0 up to, and less than, 1.
  mutating func next() -> Double {
    count &+= 1
    return Double((seed ^ count.scattered).scattered >> 11) * 0x1p-53
  }
}
