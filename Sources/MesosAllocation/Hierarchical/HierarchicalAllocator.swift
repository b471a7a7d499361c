// Part of mesosim. Apache-2.0, see LICENSE.
//
// The allocator of Apache Mesos (mesos/src/master/allocator/mesos/hierarchical.cpp), which there is
// a template over sorters and here takes a policy. This file is its outside, a value like every
// allocator; what it does is in `AllocatorState`.

public import Mesos
public import VirtualTime

/// Offers what is free to the framework that its policy ranks first: with Mesos's own, each slave
/// whole to the one with the smallest weighted dominant share.
///
///     var allocator = HierarchicalAllocator()
///     allocator.addFramework(0, FrameworkEntry(id: "f", name: "web", roles: ["prod"]), at: now)
///     allocator.addSlave(0, SlaveEntry(id: "s", hostname: "node-1", total: slave), at: now)
///     allocator.allocate(at: now, into: &allocations)
///
/// With the policy `drf` the decisions are those of Mesos. An allocation visits only slaves on
/// which something changed that could lead to a decision, unless the options say `isLiteral`; that
/// decides the same.
public struct HierarchicalAllocator: Allocator {
  /// The settings.
  public let options: AllocatorOptions
  /// Who is served first, and with how much.
  public let policy: Policy

  private var box: Box

  // Unchecked, for every change goes through `state`, which makes a shared box its own first.
  // Behind a pointer: to check every access would cost as much as a small change.
  private final class Box: @unchecked Sendable {
    let state: UnsafeMutablePointer<AllocatorState>

    init(_ state: consuming AllocatorState) {
      self.state = .allocate(capacity: 1)
      self.state.initialize(to: state)
    }

    deinit {
      state.deinitialize(count: 1)
      state.deallocate()
    }
  }

  /// Makes an allocator without slaves and frameworks.
  public init(_ options: AllocatorOptions = AllocatorOptions(), policy: Policy = .drf) {
    self.options = options
    self.policy = policy
    box = Box(AllocatorState(options, policy))
  }

  /// The state, to read or, when no copy of the allocator shares it, to change.
  var state: AllocatorState {
    _read { yield box.state.pointee }
    _modify {
      if !isKnownUniquelyReferenced(&box) { box = Box(box.state.pointee.copy()) }
      yield &box.state.pointee
    }
  }

  /// The earliest of: an event to answer, the next interval if a slave is marked or a filter ends.
  public var nextDeadline: Instant? { box.state.pointee.nextDeadline }

  /// Visits the slaves that are due and offers what is free on them.
  public mutating func allocate(at now: Instant, into allocations: inout [Allocation]) {
    state.allocate(at: now, into: &allocations)
  }

  /// Decides the same, many slaves of one framework as a run where that costs less.
  public mutating func allocate(
    at now: Instant, into allocations: inout [Allocation], runs: inout [AllocationRun]
  ) {
    state.allocate(at: now, into: &allocations, runs: &runs)
  }
}

// MARK: - Slaves

extension HierarchicalAllocator {
  /// Adds the slave to the total, charges what is used on it and offers the rest at once.
  public mutating func addSlave(_ slave: SlaveIndex, _ info: SlaveEntry, at now: Instant) {
    state.addSlave(slave, info, at: now)
  }

  /// Takes the slave out of the total and its holdings out of the shares; its filters go.
  public mutating func removeSlave(_ slave: SlaveIndex, at now: Instant) {
    state.removeSlave(slave, at: now)
  }
}

// MARK: - Frameworks

extension HierarchicalAllocator {
  /// Adds the framework to the sorters of its roles and, if it is active, offers it what is free.
  public mutating func addFramework(
    _ framework: FrameworkIndex, _ info: FrameworkEntry, at now: Instant
  ) {
    state.addFramework(framework, info, at: now)
  }

  /// Drops the framework with its filters and whatever is still charged to it.
  public mutating func removeFramework(_ framework: FrameworkIndex, at now: Instant) {
    state.removeFramework(framework, at: now)
  }

  /// Offers the framework resources again in all roles that are not suppressed.
  public mutating func activateFramework(_ framework: FrameworkIndex, at now: Instant) {
    state.activateFramework(framework, at: now)
  }

  /// Stops offers and drops the framework's filters; what it holds stays charged.
  public mutating func deactivateFramework(_ framework: FrameworkIndex, at now: Instant) {
    state.deactivateFramework(framework, at: now)
  }

  /// Stops offers in these roles, or in all.
  public mutating func suppress(_ framework: FrameworkIndex, roles: [Role], at now: Instant) {
    state.suppress(framework, roles: roles, at: now)
  }

  /// Offers resources in these roles, or in all, again; drops the filters there.
  ///
  /// As in Mesos this holds for an inactive framework, too.
  public mutating func revive(_ framework: FrameworkIndex, roles: [Role], at now: Instant) {
    state.revive(framework, roles: roles, at: now)
  }

  /// Takes resources back and, if they were refused, keeps them away from the framework for a time.
  ///
  /// What is not charged to the framework on this slave, because slave or framework went and came
  /// back meanwhile, changes nothing.
  public mutating func recover(
    _ resources: Resources, from framework: FrameworkIndex, role: Role, on slave: SlaveIndex,
    refusal: Filters?, at now: Instant
  ) {
    state.recover(resources, from: framework, role: role, on: slave, refusal: refusal, at: now)
  }
}

// MARK: - Launches and demands

extension HierarchicalAllocator {
  /// Charges what became tasks, where offers overlap; else remembers what the framework's last task
  /// took, for policies that need demands.
  public mutating func used(
    _ resources: Resources, by framework: FrameworkIndex, role: Role, on slave: SlaveIndex,
    at now: Instant
  ) {
    if policy.conflicts != nil { state.use(resources, by: framework, role: role, on: slave) }
    if state.needsDemands { state.noteLaunch(of: framework, resources, at: now) }
  }

  /// Remembers what the framework would like to have, for policies that need demands.
  public mutating func requested(
    _ framework: FrameworkIndex, _ shapes: [Resources], at now: Instant
  ) {
    if state.needsDemands { state.noteRequest(of: framework, shapes, at: now) }
  }
}

extension HierarchicalAllocator: OverlappingAllocator {
  /// What the policy says.
  public var conflicts: ConflictRules? { policy.conflicts }

  /// Takes back what was offered, which was charged unless offers overlap.
  public mutating func offerEnded(
    _ resources: Resources, of framework: FrameworkIndex, role: Role, on slave: SlaveIndex,
    refusal: Filters?, at now: Instant
  ) {
    guard policy.conflicts == nil else {
      return state.endOffer(
        resources, of: framework, role: role, on: slave, refusal: refusal, at: now)
    }
    state.recover(resources, from: framework, role: role, on: slave, refusal: refusal, at: now)
  }

  /// Takes back what was offered in a run.
  public mutating func runEnded(
    _ run: AllocationRun, _ places: Range<Int>, refusal: Filters?, at now: Instant
  ) {
    runEnded(run, on: run.members(at: places), refusal: refusal, at: now)
  }

  /// Takes back what was offered of some slaves in a run.
  mutating func runEnded(
    _ run: AllocationRun, on slaves: SlaveSet, refusal: Filters?, at now: Instant
  ) {
    state.endRun(run, slaves, refusal: refusal, at: now)
  }
}
