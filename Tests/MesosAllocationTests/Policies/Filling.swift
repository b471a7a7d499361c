// Part of mesosim. Apache-2.0, see LICENSE.
//
// The setting of the papers: one pool of resources, users with endless tasks of one shape, tasks
// handed out one at a time.

import Mesos
import MesosAllocation
import VirtualTime

/// A user: a role, what one of its tasks needs, and how much it weighs.
struct User {
  var role: Role
  var task: Resources
  var weight = 1.0

  init(_ role: Role, _ cpus: Double, _ mem: Double, weight: Double = 1) {
    self.role = role
    task = Resources(cpus: cpus, mem: mem)
    self.weight = weight
  }
}

/// A pool with users, each of which takes whatever task is offered to it.
struct Filling {
  private(set) var allocator: HierarchicalAllocator
  let users: [User]
  /// How many tasks each user has.
  private(set) var tasks: [Int]
  /// Who got a task, in the order of decisions.
  private(set) var picks: [Int] = []
  private var now = Instant.start

  /// Fills the pool, in which numbers of tasks are `scale` times those on paper.
  init(_ policy: Policy, cpus: Double, mem: Double, scale: Double = 1, _ users: [User]) {
    var options = AllocatorOptions()
    options.order = .id
    options.minAllocatable = []
    options.weights = users.map { ($0.role, $0.weight) }
    self.init(
      policy, options, total: Resources(cpus: cpus * scale, mem: mem * scale), users)
  }

  init(_ policy: Policy, _ options: AllocatorOptions, total: Resources, _ users: [User]) {
    self.users = users
    tasks = users.map { _ in 0 }
    allocator = HierarchicalAllocator(options, policy: policy.offering(.task))
    for (number, user) in users.enumerated() {
      let name = "f-\(user.role)"
      allocator.addFramework(
        FrameworkIndex(number),
        FrameworkEntry(id: FrameworkID(name), name: name, roles: [user.role]), at: now)
      allocator.requested(FrameworkIndex(number), [user.task], at: now)
    }
    allocator.addSlave(0, SlaveEntry(id: "pool", hostname: "pool", total: total), at: now)
    settle()
  }

  /// Hands out what is free.
  mutating func settle() {
    var allocations: [Allocation] = []
    now = max(now, allocator.nextDeadline ?? now)
    allocator.allocate(at: now, into: &allocations)
    for allocation in allocations {
      picks.append(Int(allocation.framework))
      tasks[allocation.framework] += 1
    }
  }

  /// Ends a task and hands out what it held.
  mutating func churn(_ user: Int) {
    guard tasks[user] > 0 else { return }
    tasks[user] -= 1
    allocator.recover(
      users[user].task, from: FrameworkIndex(user), role: users[user].role, on: 0, refusal: nil,
      at: now)
    settle()
  }

  /// Who got a task, as letters.
  var letters: String {
    String(decoding: picks.map { UInt8(ascii: "A") + UInt8($0) }, as: UTF8.self)
  }
}
