// Part of mesosim. Apache-2.0, see LICENSE.
//
// Which tasks have to make room (Aurora, `org.apache.aurora.scheduler.preemptor`).

/// What kind of guest a task is.
public enum AuroraTier: String, Hashable, Sendable, CaseIterable {
  /// It stays: what used to be production.
  case preferred
  /// It makes room for what is preferred.
  case preemptible
  /// As preemptible, and it runs on CPUs that may be taken back.
  case revocable
}

/// Finds the tasks that have to make room for one that waits.
public struct AuroraPreemption: Hashable, Sendable {
  /// Which rules hold.
  public enum Semantics: String, Hashable, Sendable {
    /// Those of the newest version.
    case head
    /// Those of 0.6: priority counts within a role, whatever is production.
    case era
  }

  /// A task, as far as this is concerned.
  public struct Candidate: Hashable, Sendable {
    /// Its role.
    public var role: String
    /// Its priority.
    public var priority: Int
    /// What kind of guest it is.
    public var tier: AuroraTier
    /// What it takes.
    public var amounts: AuroraAmounts
    /// Its state.
    public var state: AuroraTaskState

    /// Describes a task.
    public init(
      role: String, priority: Int, tier: AuroraTier, _ amounts: AuroraAmounts,
      state: AuroraTaskState = .running
    ) {
      self.role = role
      self.priority = priority
      self.tier = tier
      self.amounts = amounts
      self.state = state
    }

    /// What is free without it; CPUs that may be taken back are nobody's.
    var yield: AuroraAmounts {
      AuroraAmounts(
        cpus: tier == .revocable ? 0 : amounts.cpus, ram: amounts.ram, disk: amounts.disk)
    }
  }

  /// Which rules hold.
  public var semantics: Semantics

  /// Chooses rules.
  public init(_ semantics: Semantics = .head) { self.semantics = semantics }

  /// Whether a task may be evicted for one that waits.
  public func allows(_ pending: Candidate, toEvict victim: Candidate) -> Bool {
    guard victim.state.hasSlave else { return false }
    if semantics == .era && victim.state == .preempting { return false }
    let pendingStays = pending.tier == .preferred
    let victimStays = victim.tier == .preferred
    if pendingStays && !victimStays { return true }
    if semantics == .head && pendingStays != victimStays { return false }
    return pending.role == victim.role && pending.priority > victim.priority
  }

  /// Finds the tasks on a slave that have to make room.
  ///
  /// The largest go first until there is room, whether or not a smaller one would have done.
  ///
  /// - Parameters:
  ///   - pending: The task that waits.
  ///   - tasks: The tasks on the slave.
  ///   - slack: What of the slave is offered.
  ///   - fits: Whether the task that waits may go there, if so much is free.
  /// - Returns: The positions of the victims; none when evicting does not help, or when nobody may
  ///   be evicted.
  public func victims(
    for pending: Candidate, among tasks: [Candidate], slack: AuroraAmounts,
    fits: (AuroraAmounts) -> Bool
  ) -> [Int] {
    var allowed = tasks.indices.filter { allows(pending, toEvict: tasks[$0]) }
    allowed.sort { left, right in
      let (first, second) = (tasks[left].yield, tasks[right].yield)
      if first.cpus != second.cpus { return first.cpus > second.cpus }
      if first.ram != second.ram { return first.ram > second.ram }
      if first.disk != second.disk { return first.disk > second.disk }
      return left < right
    }
    var free = slack
    for (count, index) in allowed.enumerated() {
      free = free + tasks[index].yield
      if fits(free) { return Array(allowed.prefix(count + 1)) }
    }
    return []
  }
}
