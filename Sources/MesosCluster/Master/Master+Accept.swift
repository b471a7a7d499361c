// Part of mesosim. Apache-2.0, see LICENSE.
//
// How offers are used: a list of operations, each on what the ones before it left
// (mesos.md 4.4, 4.5).

import Mesos
import MesosAllocation
import VirtualTime

extension Master {
  /// What an answer to offers has to work with; a class, so that it is not copied for every task.
  final class Site {
    let framework: FrameworkIndex
    let slave: SlaveIndex
    let role: Role
    /// What is left.
    @exclusivity(unchecked) var remainder = Resources()
    /// What was offered.
    @exclusivity(unchecked) var offered = Resources()
    /// Whether operations made some of it into something else: that comes back without a filter.
    @exclusivity(unchecked) var hasConverted = false
    /// What tasks and executors took.
    @exclusivity(unchecked) var used = Resources()

    init(framework: FrameworkIndex, slave: SlaveIndex, role: Role) {
      self.framework = framework
      self.slave = slave
      self.role = role
    }
  }

  /// Uses up offers of one slave.
  mutating func accept(
    _ ids: [OfferID], _ operations: [OfferOperation], filters: Filters,
    for framework: FrameworkIndex, at now: Instant,
    into actions: inout ActionBuffer<MasterAction>
  ) {
    guard operations.contains(where: { !$0.isEmptyLaunch }) else {
      return decline(ids, filters: filters, for: framework, at: now, into: &actions)
    }
    if let fault = faultOfOffers(ids, for: framework) {
      for id in ids where isOpen(id, for: framework) {
        end(id.number, .discarded, refusal: nil, at: now, into: &actions)
      }
      for operation in operations {
        for task in operation.tasks {
          refuse(
            task, of: framework, .lost, .invalidOffers,
            "task launched with invalid offers: \(fault)", at: now, into: &actions)
        }
      }
      return
    }
    var opened: Site?
    var versions: [UInt32] = []
    for id in ids {
      guard let offer = offers.remove(id.number, from: &slaves) else { continue }
      if opened == nil {
        opened = Site(framework: framework, slave: offer.slave, role: offer.role)
      }
      opened?.offered += offer.resources
      if overlaps { versions.append(offer.version) }
      actions.record(.offerEnded(framework, offer.slave, offer.resources, .accepted))
    }
    guard let site = opened else { return }
    site.remainder = site.offered
    var valid = operations
    if overlaps {
      valid = withoutConflicts(operations, versions: versions, on: site, at: now, into: &actions)
    }
    for operation in valid { take(operation, on: site, at: now, into: &actions) }
    // Who met a conflict has refused nothing.
    let isRefusal = !overlaps || valid == operations
    giveBack(site, filters: isRefusal ? filters : nil, at: now)
    if !site.used.isEmpty { rescindOvertaken(on: site.slave, at: now, into: &actions) }
  }

  /// Gives back what no operation used: what was converted is offered again at once, for the
  /// framework did not refuse it.
  private mutating func giveBack(_ site: Site, filters: Filters?, at now: Instant) {
    var refused = site.remainder
    if site.hasConverted {
      let fresh = site.remainder - site.offered
      refused -= fresh
      if !fresh.isEmpty {
        release(
          fresh, offeredTo: site.framework, role: site.role, on: site.slave, refusal: nil,
          at: now)
      }
    }
    guard !refused.isEmpty else { return }
    release(
      refused, offeredTo: site.framework, role: site.role, on: site.slave, refusal: filters,
      at: now)
  }

  private mutating func take(
    _ operation: OfferOperation, on site: Site, at now: Instant,
    into actions: inout ActionBuffer<MasterAction>
  ) {
    switch operation {
    case .launch(let tasks): launch(tasks, on: site, at: now, into: &actions)
    case .launchGroup(let executor, let group):
      launch(group, executor, on: site, at: now, into: &actions)
    case .reserve, .unreserve, .create, .destroy:
      guard let conversion = conversion(operation, on: site) else { return }
      if case .destroy(let volumes) = operation {
        rescindOffers(of: volumes.shared, on: site.slave, at: now, into: &actions)
      }
      convert(conversion, on: site, at: now, into: &actions)
    }
  }

  // MARK: Tasks

  private mutating func launch(
    _ tasks: [TaskInfo], on site: Site, at now: Instant,
    into actions: inout ActionBuffer<MasterAction>
  ) {
    let malformed = faultOfResources(tasks)
    for task in tasks {
      let fault = malformed.map(TaskFault.invalid) ?? faultOfTask(task, on: site)
      if let fault {
        refuse(
          task, of: site.framework, .error, fault.reason, fault.message, at: now,
          into: &actions)
        continue
      }
      let launch = start(task, on: site, at: now, into: &actions)
      actions.append(.toSlave(site.slave, .runTask(consume launch)))
    }
  }

  /// All or nothing: every member is valid, or every member is refused.
  private mutating func launch(
    _ group: TaskGroupInfo, _ executor: ExecutorInfo, on site: Site, at now: Instant,
    into actions: inout ActionBuffer<MasterAction>
  ) {
    // Without members there is nobody to answer, and nothing to launch.
    if group.tasks.isEmpty { return }
    let members = group.tasks.map { task in
      var member = task
      if member.executor == nil { member.executor = executor }
      return member
    }
    if let fault = faultOfGroup(members, executor, on: site) {
      for task in group.tasks {
        refuse(
          task, of: site.framework, .error, fault.groupReason, fault.message, at: now,
          into: &actions)
      }
      return
    }
    let launches = members.map { start($0, on: site, at: now, into: &actions) }
    actions.append(.toSlave(site.slave, .runTaskGroup(launches)))
  }

  private mutating func start(
    _ task: TaskInfo, on site: Site, at now: Instant,
    into actions: inout ActionBuffer<MasterAction>
  ) -> TaskLaunch {
    let framework = site.framework
    var task = task
    var taken = task.resources
    var startsExecutor = true
    var named: ExecutorID?
    if !task.isOrdinary, var executor = task.executor {
      if executor.frameworkID == nil {
        executor.frameworkID = frameworks[Int(framework)].id
        task.executor = executor
      }
      named = executor.executorID
      startsExecutor = self.executor(executor.executorID, of: framework, on: site.slave) == nil
      if startsExecutor {
        start(executor, on: site, into: &actions)
        taken += executor.resources
      }
    }
    site.remainder -= taken
    site.used += taken
    // One by one: policies that need demands learn what a task looks like.
    allocator.used(taken, by: framework, role: site.role, on: site.slave, at: now)
    let number = tasksLaunched
    tasksLaunched += 1
    tasks.add(
      TaskRecord(
        framework: framework, slave: site.slave, id: task.taskID, role: site.role,
        resources: task.resources, executor: named, number: number, state: .staging),
      onSlave: &slaves[Int(site.slave)].tasks,
      ofFramework: &frameworks[Int(framework)].taskList)
    actions.record(
      .taskLaunched(framework, site.slave, task.resources, number))
    return TaskLaunch(
      framework: framework, frameworkInfo: frameworks[Int(framework)].info, role: site.role,
      task: task, startsExecutor: startsExecutor)
  }

  private mutating func start(
    _ executor: ExecutorInfo, on site: Site, into actions: inout ActionBuffer<MasterAction>
  ) {
    slaves[Int(site.slave)].executors.append(
      ExecutorRecord(
        framework: site.framework, info: Boxed(wrappedValue: executor), role: site.role))
    guard !executor.resources.isEmpty else { return }
    actions.record(.executorStarted(site.framework, site.slave, executor.resources))
  }

  /// The executor of an id that this master holds for alive on a slave.
  func executor(
    _ id: ExecutorID, of framework: FrameworkIndex, on slave: SlaveIndex
  ) -> ExecutorRecord? {
    slaves[Int(slave)].executors.first {
      $0.framework == framework && $0.info.wrappedValue.executorID == id
    }
  }

  /// Answers a launch with a terminal state, sent once and never acknowledged.
  func refuse(
    _ task: TaskInfo, of framework: FrameworkIndex, _ state: TaskState, _ reason: StatusReason,
    _ message: String, at now: Instant, into actions: inout ActionBuffer<MasterAction>
  ) {
    actions.record(.taskRefused(framework, state))
    let status = TaskStatus(
      taskID: task.taskID, state: state, message: message, slaveID: task.slaveID, timestamp: now,
      source: .master, reason: reason)
    tell(framework, .statusUpdate(status), into: &actions)
  }

  // MARK: Reservations and volumes

  private mutating func convert(
    _ conversion: Conversion, on site: Site, at now: Instant,
    into actions: inout ActionBuffer<MasterAction>
  ) {
    let isDone: Void? = refine((any ReservingAllocator).self) {
      $0.updateAllocation(
        of: site.framework, role: site.role, on: site.slave, from: conversion.consumed,
        to: conversion.converted, at: now)
    }
    // An allocator that knows no reservations: the operation is dropped like an invalid one.
    guard isDone != nil else { return }
    site.remainder -= conversion.consumed
    site.remainder += conversion.converted
    site.hasConverted = true
    apply(conversion, to: site.slave, into: &actions)
  }

  /// Takes back the offers that hold copies of volumes about to be destroyed.
  private mutating func rescindOffers(
    of volumes: Resources, on slave: SlaveIndex, at now: Instant,
    into actions: inout ActionBuffer<MasterAction>
  ) {
    let entries = volumes.entries
    if entries.isEmpty { return }
    for number in offers.numbers(onSlave: slaves[Int(slave)].openOffers) {
      guard let held = offers[number]?.resources,
        entries.contains(where: { held.contains(Resources([$0])) })
      else { continue }
      rescind(number, refusal: nil, at: now, into: &actions)
    }
  }

  /// Writes a conversion into the books, and has the slave do so.
  mutating func apply(
    _ conversion: Conversion, to slave: SlaveIndex,
    into actions: inout ActionBuffer<MasterAction>
  ) {
    slaves[Int(slave)].total -= conversion.consumed
    slaves[Int(slave)].total += conversion.converted
    actions.record(.slaveChanged(slave, slaves[Int(slave)].total))
    actions.append(
      .toSlave(slave, .checkpointResources(slaves[Int(slave)].total.nonRevocable)))
  }
}

extension OfferOperation {
  /// Whether it launches nothing and does nothing else.
  fileprivate var isEmptyLaunch: Bool {
    if case .launch(let tasks) = self { return tasks.isEmpty }
    return false
  }
}
