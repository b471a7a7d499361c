// Part of mesosim. Apache-2.0, see LICENSE.
//
// The setting in which fairness is defined: one pool, users with endless tasks of one shape, small
// against the pool so that amounts are nearly divisible (Ghodsi et al., NSDI 2011, section 5).

public import Mesos
import MesosAllocation
import VirtualTime

/// One pool of resources and what the tasks of its users need.
public struct SharedPool: Sendable {
  /// What there is.
  public var total: Resources
  /// What one task of each user needs; each user has a role of its own.
  public var tasks: [Resources]

  /// Describes a pool.
  public init(total: Resources, tasks: [Resources]) {
    self.total = total
    self.tasks = tasks
  }

  /// A random pool: two to four users, cpus and memory, every need above zero, and tasks of which
  /// a pool holds about 120.
  init(seed: UInt64) {
    var random = RandomSource(seed: seed)
    let users = 2 + random.below(3)
    total = Resources(cpus: 120, mem: 120_000)
    tasks = []
    for _ in 0..<users { tasks.append(SharedPool.someTask(&random)) }
  }

  /// A task whose dominant need is one unit, and whose other need is a part of it.
  private static func someTask(_ random: inout RandomSource) -> Resources {
    let other = Double(5 + random.below(96)) / 100
    return random.chance(50)
      ? Resources(cpus: 1, mem: 1000 * other) : Resources(cpus: other, mem: 1000)
  }
}

// MARK: - Laws

extension SharedPool {
  /// How many tasks more or less are the grain of the pool, not the policy's doing.
  private static let grain = 3.0

  func violation(
    of law: AllocatorLaw, seed: UInt64, _ make: AllocatorLaws.Make
  ) throws(ParameterError) -> String? {
    let counts = try filled(make)
    switch law {
    case .sharingIncentive: return sharingIncentive(counts)
    case .envyFreeness: return envyFreeness(counts)
    case .paretoEfficiency: return paretoEfficiency(counts)
    case .strategyProofness: return try strategyProofness(counts, seed: seed, make)
    default: return nil
    }
  }

  private func sharingIncentive(_ counts: [Int]) -> String? {
    for (user, count) in counts.enumerated() {
      let alone = tasks[user].times(in: total) / Double(tasks.count)
      if Double(count) < alone - SharedPool.grain {
        return "user \(user) runs \(count) tasks, and would run \(alone) in its part of \(self)"
      }
    }
    return nil
  }

  private func envyFreeness(_ counts: [Int]) -> String? {
    for user in tasks.indices {
      for other in tasks.indices where other != user {
        let wanted = Double(counts[other]) * tasks[user].times(in: tasks[other])
        if wanted > Double(counts[user]) + SharedPool.grain {
          return "user \(user) runs \(counts[user]) tasks, and with what user \(other) has would "
            + "run \(wanted) in \(self)"
        }
      }
    }
    return nil
  }

  private func paretoEfficiency(_ counts: [Int]) -> String? {
    var rest = total
    for (user, count) in counts.enumerated() {
      for _ in 0..<count { rest -= tasks[user] }
    }
    guard let user = tasks.indices.first(where: { rest.contains(tasks[$0]) }) else { return nil }
    return "user \(user) could run another task in what is left, \(rest.scalarQuantities), of "
      + "\(self) after \(counts)"
  }

  private func strategyProofness(
    _ counts: [Int], seed: UInt64, _ make: AllocatorLaws.Make
  ) throws(ParameterError) -> String? {
    var random = RandomSource(seed: seed &+ 0x5eed)
    for user in tasks.indices {
      var lying = self
      // A lie that is of use names more of what is not dominant, or less.
      let truth = tasks[user]
      let factor = random.chance(50) ? Double(2 + random.below(8)) : 1 / Double(2 + random.below(3))
      let isOfMem = truth.cpus / total.cpus >= truth.mem / total.mem
      lying.tasks[user] = Resources(
        cpus: isOfMem ? truth.cpus : min(truth.cpus * factor, truth.mem / 1000),
        mem: isOfMem ? min(truth.mem * factor, truth.cpus * 1000) : truth.mem)
      let got = try lying.filled(make)[user]
      let useful = Double(got) * truth.times(in: lying.tasks[user])
      if useful > Double(counts[user]) + SharedPool.grain {
        return "user \(user) runs \(counts[user]) tasks, and by claiming "
          + "\(lying.tasks[user].scalarQuantities) would run \(useful) in \(self)"
      }
    }
    return nil
  }
}

extension Resources {
  /// How many times these amounts of cpus and memory are in others.
  fileprivate func times(in other: Resources) -> Double {
    min(cpus > 0 ? other.cpus / cpus : .infinity, mem > 0 ? other.mem / mem : .infinity)
  }
}

extension SharedPool: CustomStringConvertible {
  /// What there is, and what tasks need.
  public var description: String {
    let needs = tasks.map { $0.scalarQuantities.description }.joined(separator: " | ")
    return "<\(total.scalarQuantities)> for \(needs)"
  }
}

// MARK: - Filling

extension SharedPool {
  /// How many tasks each user runs once no user takes anything any more.
  ///
  /// Each offer is used for one task and the rest given back; an offer that is too small is refused
  /// for good, since less and less is free.
  ///
  /// - Parameter make: Makes the allocator.
  /// - Returns: The numbers of tasks.
  /// - Throws: `ParameterError` when the allocator cannot be made.
  func filled(_ make: AllocatorLaws.Make) throws(ParameterError) -> [Int] {
    var options = AllocatorOptions()
    options.minAllocatable = []
    options.order = .shuffled(key: 7)
    let names = tasks.indices.map { "user-\($0)" }
    let request = AllocatorRequest(
      options: options, frameworks: names.map { (name: $0, roles: [$0]) })
    var told = ToldAllocator(try make(request))
    for (user, name) in names.enumerated() {
      let entry = FrameworkEntry(id: FrameworkID(name), name: name, roles: [Role(name)])
      told.allocator.addFramework(FrameworkIndex(user), entry, at: .start)
      told.allocator.requested(FrameworkIndex(user), [tasks[user]], at: .start)
    }
    told.allocator.addSlave(
      0, SlaveEntry(id: "pool", hostname: "pool", total: total), at: .start)
    var counts = tasks.map { _ in 0 }
    var free = total
    var now = Instant.start
    let horizon = Instant.start + .seconds(100_000)
    while let deadline = told.allocator.nextDeadline, deadline < horizon {
      now = max(now, deadline)
      var allocations: [Allocation] = []
      told.allocator.allocate(at: now, into: &allocations)
      for allocation in allocations {
        let user = Int(allocation.framework)
        let task = tasks[user]
        // Where offers overlap, what was offered may be gone.
        let isRunnable = allocation.resources.contains(task) && free.contains(task)
        if isRunnable {
          counts[user] += 1
          free -= task
          told.launch(task, from: allocation, at: now)
        }
        let rest = isRunnable ? allocation.resources - task : allocation.resources
        told.end(rest, of: allocation, refusedFor: isRunnable ? nil : 1_000_000, at: now)
      }
    }
    return counts
  }
}
