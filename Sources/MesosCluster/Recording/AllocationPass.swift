// Part of mesosim. Apache-2.0, see LICENSE.
//
// What an allocation goes by, stated with the facts of a run where reasons are asked for, and what
// the allocator can be asked after it. Nothing here changes the run.

public import Mesos
public import MesosAllocation
public import VirtualTime

/// An allocation that a master made.
public final class AllocationPass: Sendable {
  /// The order before its first decision; `nil` if the allocator gives no reasons.
  public let order: PassOrder?
  /// How many offers it came to.
  public let decisions: Int
  /// When the next one is due, as things are after it; `nil` for not before something changes.
  public let next: Instant?

  init(_ order: PassOrder?, decisions: Int, next: Instant?) {
    self.order = order
    self.decisions = decisions
    self.next = next
  }

  /// The same, with the frameworks that a master's numbers stand for.
  func naming(_ owners: [FrameworkIndex]) -> AllocationPass {
    guard var order else { return self }
    for entry in order.entries.indices {
      for rank in order.entries[entry].frameworks.indices {
        let number = order.entries[entry].frameworks[rank].framework
        order.entries[entry].frameworks[rank].framework = owners[number]
      }
    }
    return AllocationPass(order, decisions: decisions, next: next)
  }
}

/// The allocator in charge, as far as it says why.
///
/// Only to be looked at between two steps, and not to be kept.
public struct AllocatorReasons {
  private let allocator: any ExplainingAllocator
  private let numbers: [FrameworkIndex]

  init(_ allocator: any ExplainingAllocator, _ numbers: [FrameworkIndex]) {
    self.allocator = allocator
    self.numbers = numbers
  }

  /// What keeps a framework from being offered what is free on a slave.
  public func obstacle(to framework: FrameworkIndex, on slave: SlaveIndex) -> Obstacle? {
    allocator.obstacle(to: numbers[framework], on: slave)
  }

  /// Whether slaves may be unsuitable for a framework.
  public func distinguishesSlaves(for framework: FrameworkIndex) -> Bool {
    allocator.distinguishesSlaves(for: numbers[framework])
  }
}

extension Cluster {
  /// Has masters state every allocation from now on (`ClusterEvent.passMade`).
  ///
  /// Changes nothing else.
  public func statePasses() {
    statesPasses = true
    for process in masters { process.master.statesPasses = true }
  }

  /// Why the allocator in charge does what it does; `nil` if it gives no reasons, or none leads.
  public var reasons: AllocatorReasons? {
    guard let allocator = leadingProcess?.master.allocator as? any ExplainingAllocator else {
      return nil
    }
    return AllocatorReasons(allocator, schedulers.map(\.number))
  }

  /// Whether the same resources may be in several open offers at once.
  public var offersOverlap: Bool { hasOverlappingOffers }
}
