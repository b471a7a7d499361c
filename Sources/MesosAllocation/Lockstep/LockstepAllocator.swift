// Part of mesosim. Apache-2.0, see LICENSE.
//
// Two policies on one stream of events. The first decides what happens, the second is told and
// asked the same; where they decide differently for the first time, both stop.

public import Mesos
public import VirtualTime

/// Runs a policy and has a second one decide along with it until they differ.
///
///     let record = LockstepRecord()
///     let allocator = LockstepAllocator(leader: mine, follower: theirs, record: record)
///
/// To a master it is an allocator that decides what the leader decides. Both are asked whenever
/// either wants to be: the leader only when its own deadline has come, so that it decides as it
/// would alone. At one instant the order of decisions does not matter, only what is decided. After
/// the first difference nothing is allocated any more.
public struct LockstepAllocator: Allocator {
  /// Where the first difference is noted.
  public let record: LockstepRecord

  private(set) var leader: any Allocator
  private(set) var follower: any Allocator
  private(set) var holdings = Holdings()
  private var events = 0
  private var hasDiverged = false
  private var buffer: [Allocation] = []

  /// Puts two allocators without slaves and frameworks in lock step.
  public init(
    leader: any Allocator, follower: any Allocator, record: LockstepRecord = LockstepRecord()
  ) {
    self.leader = leader
    self.follower = follower
    self.record = record
  }

  /// The earlier of the two deadlines; none after the first difference.
  public var nextDeadline: Instant? {
    guard !hasDiverged else { return nil }
    switch (leader.nextDeadline, follower.nextDeadline) {
    case (let own?, let other?): return min(own, other)
    case (let own, let other): return own ?? other
    }
  }

  /// Tells both the same, in the same order.
  ///
  /// - Parameter body: Tells one.
  /// - Returns: The leader's answer; `nil` once the two have differed, for then neither is told.
  @discardableResult
  mutating func tell<Answer>(_ body: (inout any Allocator) -> Answer) -> Answer? {
    guard !hasDiverged else { return nil }
    events += 1
    let answer = body(&leader)
    _ = body(&follower)
    return answer
  }

  /// Changes what is known of who holds what.
  mutating func note(_ body: (inout Holdings) -> Void) {
    if !hasDiverged { body(&holdings) }
  }

  /// Makes the leader's allocations, if the follower makes the same.
  public mutating func allocate(at now: Instant, into allocations: inout [Allocation]) {
    guard !hasDiverged else { return }
    events += 1
    var own: [Allocation] = []
    if let deadline = leader.nextDeadline, deadline <= now {
      leader.allocate(at: now, into: &own)
    }
    buffer.removeAll(keepingCapacity: true)
    follower.allocate(at: now, into: &buffer)
    guard own.isSameDecision(as: buffer) else {
      hasDiverged = true
      return record.note(divergence(own, buffer, at: now))
    }
    for allocation in own { holdings.charge(allocation) }
    record.note(events: events, decisions: own.count)
    allocations += own
  }

  private func divergence(
    _ own: [Allocation], _ others: [Allocation], at now: Instant
  ) -> Divergence {
    let onlyOwn = own.first { !others.contains($0.isSameDecision) }
    let onlyOthers = others.filter { other in !own.contains(other.isSameDecision) }
    let onSameSlave = onlyOthers.first { $0.slave == onlyOwn?.slave }
    // A decision that one makes twice is missing from neither; the counts tell then.
    let other = onSameSlave ?? onlyOthers.first
    var holdingsAfter = (leader: holdings, follower: holdings)
    for allocation in own { holdingsAfter.leader.charge(allocation) }
    for allocation in others { holdingsAfter.follower.charge(allocation) }
    let before = holdings.shares()
    let after = (holdingsAfter.leader.shares(), holdingsAfter.follower.shares())
    let shares = before.indices.map { index in
      Divergence.Share(
        role: before[index].role, framework: before[index].name, before: before[index].share,
        leader: after.0[index].share, follower: after.1[index].share)
    }
    return Divergence(
      instant: now, event: events, agreedDecisions: record.agreedDecisions,
      leader: onlyOwn.map(holdings.named), follower: other.map(holdings.named),
      decisionCounts: (own.count, others.count), shares: shares)
  }
}

extension Allocation {
  /// Whether another decision gives the same to the same.
  fileprivate func isSameDecision(_ other: Allocation) -> Bool {
    slave == other.slave && framework == other.framework && role == other.role
      && resources == other.resources
  }
}

extension [Allocation] {
  fileprivate func contains(_ isWanted: (Allocation) -> Bool) -> Bool {
    contains(where: isWanted)
  }

  /// Whether these are the same decisions, in whatever order.
  fileprivate func isSameDecision(as others: [Allocation]) -> Bool {
    guard count == others.count else { return false }
    func sorted(_ list: [Allocation]) -> [Allocation] {
      list.sorted {
        ($0.slave, $0.framework, $0.role.value, $0.resources.description)
          < ($1.slave, $1.framework, $1.role.value, $1.resources.description)
      }
    }
    if zip(self, others).allSatisfy({ $0.isSameDecision($1) }) { return true }
    return zip(sorted(self), sorted(others)).allSatisfy { $0.isSameDecision($1) }
  }
}

// MARK: - Slaves and frameworks

extension LockstepAllocator {
  /// Tells both of the slave.
  public mutating func addSlave(_ slave: SlaveIndex, _ info: SlaveEntry, at now: Instant) {
    note { $0.addSlave(slave, info) }
    tell { $0.addSlave(slave, info, at: now) }
  }

  /// Tells both that the slave is gone.
  public mutating func removeSlave(_ slave: SlaveIndex, at now: Instant) {
    note { $0.removeSlave(slave) }
    tell { $0.removeSlave(slave, at: now) }
  }

  /// Tells both.
  public mutating func forgetSlave(_ slave: SlaveIndex, at now: Instant) {
    tell { $0.forgetSlave(slave, at: now) }
  }

  /// Tells both of the framework.
  public mutating func addFramework(
    _ framework: FrameworkIndex, _ info: FrameworkEntry, at now: Instant
  ) {
    note { $0.addFramework(framework, info) }
    tell { $0.addFramework(framework, info, at: now) }
  }

  /// Tells both that the framework is gone.
  public mutating func removeFramework(_ framework: FrameworkIndex, at now: Instant) {
    tell { $0.removeFramework(framework, at: now) }
  }

  /// Tells both that the framework is connected again.
  public mutating func activateFramework(_ framework: FrameworkIndex, at now: Instant) {
    tell { $0.activateFramework(framework, at: now) }
  }

  /// Tells both that the framework is gone for now.
  public mutating func deactivateFramework(_ framework: FrameworkIndex, at now: Instant) {
    tell { $0.deactivateFramework(framework, at: now) }
  }

  /// Tells both what the framework does not want.
  public mutating func suppress(_ framework: FrameworkIndex, roles: [Role], at now: Instant) {
    tell { $0.suppress(framework, roles: roles, at: now) }
  }

  /// Tells both what the framework wants again.
  public mutating func revive(_ framework: FrameworkIndex, roles: [Role], at now: Instant) {
    tell { $0.revive(framework, roles: roles, at: now) }
  }

  /// Tells both what was given back.
  public mutating func recover(
    _ resources: Resources, from framework: FrameworkIndex, role: Role, on slave: SlaveIndex,
    refusal: Filters?, at now: Instant
  ) {
    note { $0.recover(resources, from: framework, role: role, on: slave) }
    tell {
      $0.recover(
        resources, from: framework, role: role, on: slave, refusal: refusal, at: now)
    }
  }

  /// Tells both what was offered and did not become tasks.
  public mutating func offerEnded(
    _ resources: Resources, of framework: FrameworkIndex, role: Role, on slave: SlaveIndex,
    refusal: Filters?, at now: Instant
  ) {
    note { $0.recover(resources, from: framework, role: role, on: slave) }
    tell {
      $0.offerEnded(
        resources, of: framework, role: role, on: slave, refusal: refusal, at: now)
    }
  }

  /// Tells both what became tasks.
  public mutating func used(
    _ resources: Resources, by framework: FrameworkIndex, role: Role, on slave: SlaveIndex,
    at now: Instant
  ) {
    tell { $0.used(resources, by: framework, role: role, on: slave, at: now) }
  }

  /// Tells both what the framework would like to have.
  public mutating func requested(
    _ framework: FrameworkIndex, _ shapes: [Resources], at now: Instant
  ) {
    tell { $0.requested(framework, shapes, at: now) }
  }
}
