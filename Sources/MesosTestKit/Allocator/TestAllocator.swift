// Part of mesosim. Apache-2.0, see LICENSE.
//
// An allocator alone, in the hands of a test: slaves and frameworks by their names, and what it
// offers after each step.

public import Mesos
public import MesosAllocation
public import VirtualTime

/// What an allocator gives to a framework, by names.
public struct TestAllocation: Hashable, Sendable, CustomStringConvertible {
  /// The slave.
  public let slave: String
  /// The framework.
  public let framework: String
  /// The role that it is given to.
  public let role: Role
  /// What is given.
  public let resources: Resources

  /// Such as `s1: cpus:4; mem:512 to web as *`.
  public var description: String { "\(slave): \(resources) to \(framework) as \(role)" }
}

/// An allocator in the hands of a test.
///
///     let allocator = TestAllocator()
///     try allocator.framework("web")
///     let offers = try allocator.slave("s1", resources)     // to web
///     try allocator.decline("web", "s1", for: 5)
///     #expect(allocator.tick().isEmpty)
///
/// Slaves and frameworks are known by names. Each call returns what the allocator offers at once;
/// what waits for its interval comes with ``tick()``, the next whole second. The same is there as
/// text, for transcripts: ``execute(_:)``.
public final class TestAllocator {
  var allocator: any Allocator
  /// The present instant.
  public internal(set) var now = Instant.start
  var slaves: [String] = []
  var frameworks: [String] = []
  /// Which of them are there; one that was removed may come back.
  private var present: (slaves: Set<SlaveIndex>, frameworks: Set<FrameworkIndex>) = ([], [])
  /// What was offered and not given back.
  var open: [Allocation] = []

  /// Takes an allocator that knows nobody.
  ///
  /// - Parameter allocator: The allocator; by default the one of Mesos, which serves equals in the
  ///   order of their names.
  public init(_ allocator: (any Allocator)? = nil) {
    self.allocator = allocator ?? Self.standard
  }

  /// Makes an allocator by name.
  ///
  /// - Parameters:
  ///   - name: The name, such as `drf`.
  ///   - request: What it is made from.
  /// - Throws: `ParameterError` for an unknown name or a value without sense.
  public convenience init(
    named name: String, _ request: AllocatorRequest = AllocatorRequest()
  ) throws(ParameterError) {
    self.init(try AllocatorRegistry().make(name, request))
  }

  private static var standard: HierarchicalAllocator {
    var options = AllocatorOptions()
    options.order = .id
    return HierarchicalAllocator(options)
  }

  // MARK: What happens

  /// Adds a slave.
  ///
  /// - Parameters:
  ///   - name: Its name, and its host's.
  ///   - resources: What it has, as the flag `--resources` has it.
  ///   - attributes: Its attributes, as the flag `--attributes` has them.
  /// - Returns: What is offered at once.
  /// - Throws: `ResourceSyntaxError` for what is not written as Mesos reads it, and `CommandError`
  ///   when there is a slave of that name.
  @discardableResult
  public func slave(
    _ name: String, _ resources: String, attributes: String = ""
  ) throws -> [TestAllocation] {
    var entry = SlaveEntry(
      id: SlaveID(name), hostname: name, total: try Resources(parsing: resources))
    if !attributes.isEmpty { entry.attributes = try Attributes(parsing: attributes) }
    allocator.addSlave(try addSlave(name), entry, at: now)
    return offers()
  }

  /// Takes a slave away, with what was offered of it.
  ///
  /// - Parameter name: The slave.
  /// - Returns: What is offered at once.
  /// - Throws: `CommandError` when there is no such slave.
  @discardableResult
  public func removeSlave(_ name: String) throws -> [TestAllocation] {
    try remove(slave: name)
    return offers()
  }

  /// Adds a framework.
  ///
  /// - Parameters:
  ///   - name: Its name.
  ///   - roles: Its roles.
  ///   - suppressed: Those in which it wants no offers yet.
  /// - Returns: What is offered at once.
  /// - Throws: `CommandError` when there is a framework of that name.
  @discardableResult
  public func framework(
    _ name: String, roles: [Role] = [.unreserved], suppressed: [Role] = []
  ) throws -> [TestAllocation] {
    var entry = FrameworkEntry(id: FrameworkID(name), name: name, roles: roles)
    entry.suppressedRoles = suppressed
    allocator.addFramework(try addFramework(name), entry, at: now)
    return offers()
  }

  /// Has a framework decline all that it was offered on a slave.
  ///
  /// - Parameters:
  ///   - framework: The framework.
  ///   - slave: The slave.
  ///   - seconds: For how long; `nil` for a return without a filter.
  /// - Returns: What is offered at once.
  /// - Throws: `CommandError` when there is no such slave or framework, or nothing of it is offered
  ///   there.
  @discardableResult
  public func decline(
    _ framework: String, _ slave: String, for seconds: Double? = 5
  ) throws -> [TestAllocation] {
    let places = (try index(ofFramework: framework), try index(ofSlave: slave))
    let declined = open.filter { ($0.framework, $0.slave) == places }
    guard !declined.isEmpty else {
      throw CommandError("\(framework) \(slave)", advice: "nothing of it is offered there")
    }
    for allocation in declined { giveBack(allocation, refusedFor: seconds) }
    open.removeAll { ($0.framework, $0.slave) == places }
    return offers()
  }

  /// Gives back a part of what a framework was offered, as when a task ends.
  ///
  /// - Parameters:
  ///   - framework: The framework.
  ///   - slave: The slave.
  ///   - resources: What is free again.
  ///   - seconds: For how long it refuses them; `nil` for no time.
  /// - Returns: What is offered at once.
  /// - Throws: `CommandError` when it holds less there.
  @discardableResult
  public func finish(
    _ framework: String, _ slave: String, _ resources: String, for seconds: Double? = nil
  ) throws -> [TestAllocation] {
    let resources = try Resources(parsing: resources)
    let held = try place(framework, slave, resources)
    var part = open[held]
    part.resources = resources
    open[held].resources -= resources
    giveBack(part, refusedFor: seconds)
    return offers()
  }

  /// Sets what is guaranteed to a role and what it may have at most.
  ///
  /// - Parameters:
  ///   - role: The role.
  ///   - guarantee: What is kept for it; nothing by default.
  ///   - limit: What it may have; anything by default.
  /// - Returns: What is offered at once.
  /// - Throws: `ResourceSyntaxError` for what is not written as Mesos reads it.
  @discardableResult
  public func quota(
    _ role: Role, guarantee: String = "", limit: String = ""
  ) throws -> [TestAllocation] {
    allocator.updateQuota(
      Quota(
        guarantees: try Quantities(parsing: guarantee), limits: try Limits(parsing: limit)),
      of: role, at: now)
    return offers()
  }

  /// Sets the weight of a role.
  @discardableResult
  public func weight(_ role: Role, _ weight: Double) -> [TestAllocation] {
    allocator.updateWeights([(role, weight)], at: now)
    return offers()
  }

  /// Has a framework want no offers until it revives them.
  @discardableResult
  public func suppress(_ framework: String, roles: [Role] = []) throws -> [TestAllocation] {
    allocator.suppress(try index(ofFramework: framework), roles: roles, at: now)
    return offers()
  }

  /// Has a framework want offers again, refused ones too.
  @discardableResult
  public func revive(_ framework: String, roles: [Role] = []) throws -> [TestAllocation] {
    allocator.revive(try index(ofFramework: framework), roles: roles, at: now)
    return offers()
  }

  /// Takes a framework away, with all that it has.
  @discardableResult
  public func removeFramework(_ name: String) throws -> [TestAllocation] {
    try remove(framework: name)
    return offers()
  }

  /// Lets the time up to the next whole second pass, at which offers of the interval are made.
  ///
  /// - Returns: What is offered then.
  @discardableResult
  public func tick() -> [TestAllocation] {
    now = Instant(nanoseconds: (now.nanoseconds / 1_000_000_000 + 1) * 1_000_000_000)
    return named(allocate(isTick: true))
  }

  /// Lets time pass: what is due meanwhile is offered when it is due.
  ///
  /// - Parameter duration: How long; below zero is no time.
  /// - Returns: What is offered meanwhile.
  @discardableResult
  public func advance(by duration: Duration) -> [TestAllocation] {
    let end = now + max(.zero, duration)
    var offered: [TestAllocation] = []
    while let due = allocator.nextDeadline, due <= end {
      now = max(now, due)
      offered += offers()
      // One that wants the same instant again would go on for ever.
      if allocator.nextDeadline == due { break }
    }
    now = end
    return offered
  }

  /// Lets a number of seconds pass, tick by tick.
  ///
  /// - Parameter seconds: How many.
  /// - Returns: What is offered meanwhile.
  @discardableResult
  public func ticks(_ seconds: Int) -> [TestAllocation] {
    (0..<max(0, seconds)).flatMap { _ in tick() }
  }
}

// MARK: - Inside

extension TestAllocator {
  private func offers() -> [TestAllocation] { named(allocate()) }

  private func named(_ allocations: [Allocation]) -> [TestAllocation] {
    allocations.map { allocation in
      TestAllocation(
        slave: slaves[Int(allocation.slave)], framework: frameworks[Int(allocation.framework)],
        role: allocation.role, resources: allocation.resources)
    }
  }

  /// What is offered now, if something is due, or at a tick in any case.
  func allocate(isTick: Bool = false) -> [Allocation] {
    var allocations: [Allocation] = []
    // What follows comes after the tick, which passes even with nothing to do.
    if isDue || isTick { allocator.allocate(at: now, into: &allocations) }
    open += allocations
    return allocations
  }

  var isDue: Bool { allocator.nextDeadline.map { $0 <= now } ?? false }

  func giveBack(_ allocation: Allocation, refusedFor seconds: Double?) {
    allocator.recover(
      allocation.resources, from: allocation.framework, role: allocation.role,
      on: allocation.slave, refusal: seconds.map(Filters.init(refuseSeconds:)), at: now)
  }

  /// Where it stands what a framework holds on a slave, of which these are a part.
  func place(_ framework: String, _ slave: String, _ resources: Resources) throws -> Int {
    let places = (try index(ofFramework: framework), try index(ofSlave: slave))
    let held = open.firstIndex {
      ($0.framework, $0.slave) == places && $0.resources.contains(resources)
    }
    guard let held else {
      throw CommandError("\(framework) \(slave)", advice: "it does not hold \(resources) there")
    }
    return held
  }

  func addSlave(_ name: String) throws(CommandError) -> SlaveIndex {
    if !slaves.contains(name) { slaves.append(name) }
    let index = SlaveIndex(slaves.firstIndex(of: name) ?? 0)
    guard present.slaves.insert(index).inserted else {
      throw CommandError(name, advice: "there is a slave of that name")
    }
    return index
  }

  func addFramework(_ name: String) throws(CommandError) -> FrameworkIndex {
    if !frameworks.contains(name) { frameworks.append(name) }
    let index = FrameworkIndex(frameworks.firstIndex(of: name) ?? 0)
    guard present.frameworks.insert(index).inserted else {
      throw CommandError(name, advice: "there is a framework of that name")
    }
    return index
  }

  func remove(slave name: String) throws(CommandError) {
    let slave = try index(ofSlave: name)
    present.slaves.remove(slave)
    open.removeAll { $0.slave == slave }
    allocator.removeSlave(slave, at: now)
  }

  func remove(framework name: String) throws(CommandError) {
    let framework = try index(ofFramework: name)
    for allocation in open where allocation.framework == framework {
      giveBack(allocation, refusedFor: nil)
    }
    present.frameworks.remove(framework)
    open.removeAll { $0.framework == framework }
    allocator.removeFramework(framework, at: now)
  }

  func index(ofSlave name: String) throws(CommandError) -> SlaveIndex {
    guard let place = slaves.firstIndex(of: name), present.slaves.contains(SlaveIndex(place)) else {
      throw CommandError(name, advice: "no slave is called that")
    }
    return SlaveIndex(place)
  }

  func index(ofFramework name: String) throws(CommandError) -> FrameworkIndex {
    guard let place = frameworks.firstIndex(of: name),
      present.frameworks.contains(FrameworkIndex(place))
    else { throw CommandError(name, advice: "no framework is called that") }
    return FrameworkIndex(place)
  }

  /// Begins again with another allocator, which knows nobody.
  func begin(_ other: any Allocator) {
    allocator = other
    (slaves, frameworks, open, present) = ([], [], [], ([], []))
  }
}
