// Part of mesosim. Apache-2.0, see LICENSE.
//
// Random sequences of calls as a master would make them, with books of its own beside the
// allocator's, by which every decision is checked. Nothing here knows one policy from another.

import Mesos
import MesosAllocation
import VirtualTime

/// A small cluster in which things happen by chance.
struct AllocatorStream {
  /// A refusal that is still to be kept.
  struct Refusal {
    var offer: Allocation
    var end: Instant
  }

  static let roles: [Role] = ["a", "b", "c"]
  static let slaveCount = 5
  static let frameworkCount = 4

  let law: AllocatorLaw
  var random: RandomSource
  var told: ToldAllocator
  var now = Instant.start
  var totals: [Resources?]
  var isPresent: [Bool]
  var isActive: [Bool]
  var isSuppressed: [Bool]
  var offers: [Allocation] = []
  var tasks: [Allocation] = []
  var refusals: [Refusal] = []
  /// Every call and decision, by which two runs are compared.
  var log: [String] = []
  /// How the law was broken.
  var violation: String?
  private let limit = Resources(cpus: 5, mem: 5000)

  init(
    seed: UInt64, _ law: AllocatorLaw, _ make: AllocatorLaws.Make
  ) throws(ParameterError) {
    self.law = law
    random = RandomSource(seed: seed)
    totals = Array(repeating: nil, count: AllocatorStream.slaveCount)
    let none = Array(repeating: false, count: AllocatorStream.frameworkCount)
    (isPresent, isActive, isSuppressed) = (none, none, none)
    var options = AllocatorOptions()
    options.minAllocatable = []
    options.order = seed % 2 == 0 ? .id : .shuffled(key: seed)
    let request = AllocatorRequest(
      options: options,
      frameworks: (0..<AllocatorStream.frameworkCount).map { index in
        (name: "f\(index)", roles: [AllocatorStream.role(of: index).value])
      })
    told = ToldAllocator(try make(request))
  }

  static func role(of framework: Int) -> Role { roles[framework % roles.count] }

  /// Lets things happen until the law is broken or the sequence ends.
  consuming func run() -> AllocatorStream {
    if law == .respectsLimits { setLimit() }
    for _ in 0..<120 where violation == nil {
      for _ in 0...random.below(3) { act() }
      decide()
      now = now + .milliseconds([0, 100, 400, 500, 1000, 1000, 2500][random.below(7)])
      if let deadline = told.allocator.nextDeadline, deadline < now { decide() }
    }
    if law == .conservesResources, violation == nil { giveEverythingBack() }
    return self
  }

  private mutating func setLimit() {
    for role in AllocatorStream.roles.prefix(2) {
      let limits = (try? Limits(parsing: "cpus:5;mem:5000")) ?? Limits()
      told.allocator.updateQuota(Quota(limits: limits), of: role, at: now)
    }
  }
}

// MARK: - Decisions

extension AllocatorStream {
  mutating func decide() {
    guard let deadline = told.allocator.nextDeadline, deadline <= now else { return }
    var allocations: [Allocation] = []
    told.allocator.allocate(at: now, into: &allocations)
    for allocation in allocations {
      log.append(
        "\(now) f\(allocation.framework) \(allocation.role) s\(allocation.slave) "
          + "\(allocation.resources.entries)")
      offers.append(allocation)
      if violation == nil { violation = fault(of: allocation) }
    }
  }

  private func fault(of made: Allocation) -> String? {
    switch law {
    case .neverMoreThanFree: excess(of: made)
    case .neverToTheUnwilling: unwillingness(of: made)
    case .respectsReservations: trespass(of: made)
    case .respectsLimits: excessOverLimit(of: made)
    default: nil
    }
  }

  private func excess(of made: Allocation) -> String? {
    guard let total = totals[made.slave] else {
      return "\(text(made)) is of a slave that is not there"
    }
    let inUse = tasks.filter { $0.slave == made.slave }
    let open = offers.filter { $0.slave == made.slave }
    if !told.isOverlapping { return excess(of: made, sum(open + inUse), total) }
    // An older open offer may be of what another framework uses by now; a new one may not.
    let own = open.filter { $0.framework == made.framework && $0.role == made.role }
    return excess(of: made, sum(own), total) ?? excess(of: made, sum(inUse + [made]), total)
  }

  private func sum(_ some: [Allocation]) -> Resources {
    some.reduce(Resources()) { $0 + $1.resources }
  }

  private func excess(of made: Allocation, _ sum: Resources, _ total: Resources) -> String? {
    if total.contains(sum) { return nil }
    return "with \(text(made)) more is given out, \(sum.entries), than there is, \(total.entries)"
  }

  private func unwillingness(of made: Allocation) -> String? {
    let framework = Int(made.framework)
    guard isPresent[framework], isActive[framework] else {
      return "\(text(made)) goes to an inactive framework"
    }
    if isSuppressed[framework] { return "\(text(made)) goes to a framework that wants none" }
    let kept = refusals.first { refusal in
      refusal.offer.framework == made.framework && refusal.offer.role == made.role
        && refusal.offer.slave == made.slave && refusal.end > now
        && refusal.offer.resources.contains(made.resources)
    }
    return kept.map { "\(text(made)) was refused until \($0.end)" }
  }

  private func trespass(of made: Allocation) -> String? {
    if made.resources == made.resources.allocatable(to: made.role) { return nil }
    return "\(text(made)) is in part reserved for somebody else"
  }

  private func excessOverLimit(of made: Allocation) -> String? {
    guard told.allocator.supports.contains(.quota),
      AllocatorStream.roles.prefix(2).contains(made.role)
    else { return nil }
    let sum = (offers + tasks).filter { $0.role == made.role }
      .reduce(Resources()) { $0 + $1.resources.unreserved }
    if sum.cpus <= limit.cpus && sum.mem <= limit.mem { return nil }
    return "with \(text(made)) the role has \(sum.entries), more than its limit \(limit.entries)"
  }

  private func text(_ made: Allocation) -> String {
    "at \(now) the offer of \(made.resources.entries) of slave \(made.slave) to "
      + "\(made.role)/f\(made.framework)"
  }

  /// Everything back, all frameworks willing: everything must be offered once more.
  private mutating func giveEverythingBack() {
    for index in isPresent.indices {
      if !isPresent[index] { addFramework(index) }
      if !isActive[index] { activate(index) }
    }
    for task in tasks { told.finish(task.resources, of: task, at: now) }
    for offer in offers { told.end(offer.resources, of: offer, refusedFor: nil, at: now) }
    tasks = []
    offers = []
    for index in isPresent.indices { revive(index) }
    for _ in 0..<4 {
      decide()
      now = now + .seconds(1)
    }
    for (slave, total) in totals.enumerated() {
      guard let total else { continue }
      let made = offers.filter { Int($0.slave) == slave }
      let sum = made.first.map { first in
        told.isOverlapping
          ? first.resources : made.reduce(Resources()) { $0 + $1.resources }
      }
      if sum == total { continue }
      violation =
        "at the end \(sum?.entries ?? []) of slave \(slave) is offered, which has "
        + "\(total.entries)"
    }
  }
}
