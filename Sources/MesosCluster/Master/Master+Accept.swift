// Part of mesosim. Apache-2.0, see LICENSE.
//
// How offers are used: a list of operations, each on what the ones before it left
// (Rules 4.4, 4.5).

import Mesos
import MesosAllocation
import VirtualTime

extension Master {
  /// What an answer to offers has to work with; a class, so that it is not copied for every task.
  final class AcceptContext {
    let framework: FrameworkIndex
    let slave: SlaveIndex
    let role: Role
    /// What is left.
    @exclusivity(unchecked) var remainder = Resources()
    /// What was offered.
    @exclusivity(unchecked) var offered = Resources()
    /// What of it many may use at once; tasks leave it where it is.
    @exclusivity(unchecked) var shared = Resources()
    /// Whether operations made some of it into something else: that comes back without a filter.
    @exclusivity(unchecked) var hasConverted = false
    /// What tasks and executors took.
    @exclusivity(unchecked) var used = Resources()
    /// The versions of the slave at which the offers were made, where offers may overlap.
    @exclusivity(unchecked) var versions: [UInt32] = []
    /// Whether one of the offers had been rescinded, for another launch overtook it.
    @exclusivity(unchecked) var isLate = false

    init(framework: FrameworkIndex, slave: SlaveIndex, role: Role) {
      self.framework = framework
      self.slave = slave
      self.role = role
    }

    /// What tasks may take: however many used what is shared, it is there for more.
    var room: Resources { shared.isEmpty ? remainder : remainder.nonShared + shared }
  }

  /// Uses up offers of one slave.
  mutating func accept(
    _ ids: [OfferID], _ operations: [OfferOperation], filters: Filters,
    for framework: FrameworkIndex
  ) {
    if settings.followsMesos1_11 {
      return acceptFully(ids, operations, filters: filters, for: framework)
    }
    guard operations.contains(where: { !$0.isEmptyLaunch }) else {
      return decline(OfferIDs(ids), filters: filters, for: framework)
    }
    forgetOvertaken(before: ids, of: framework)
    if let fault = faultOfOffers(ids, for: framework) {
      for id in ids where isOpen(id, for: framework) {
        end(id.number, .discarded, refusal: nil)
      }
      for operation in operations {
        for task in operation.tasks {
          refuse(
            task, of: framework, .lost, .invalidOffers,
            "task launched with invalid offers: \(fault)")
        }
      }
      return
    }
    guard let context = takeOffers(ids, of: framework) else { return }
    if overlaps { return commit(operations, filters: filters, on: context) }
    for operation in operations { take(operation, on: context) }
    giveBack(context, filters: filters)
  }

  /// Ends the offers that are being used, all of one slave.
  mutating func takeOffers(
    _ ids: [OfferID], of framework: FrameworkIndex
  ) -> AcceptContext? {
    var opened: AcceptContext?
    for id in ids {
      guard let offer = offers.remove(id.number, from: &slaves) else { continue }
      if opened == nil {
        opened = AcceptContext(framework: framework, slave: offer.slave, role: offer.role)
      }
      opened?.offered += offer.resources
      if overlaps { opened?.versions.append(offer.version) }
      guard offer.isOpen else {
        opened?.isLate = true
        continue
      }
      record(.offerEnded(framework, offer.slave, offer.resources, .accepted))
      opened?.remainder += offer.resources
      if offer.resources.hasShared { opened?.shared += offer.resources.shared }
    }
    return opened
  }

  /// Gives back what no operation used: what was converted is offered again at once, for the
  /// framework did not refuse it.
  mutating func giveBack(_ context: AcceptContext, filters: Filters?) {
    var refused = context.remainder
    if context.hasConverted {
      let fresh = context.remainder - context.offered
      refused -= fresh
      if !fresh.isEmpty {
        allocator.offerEnded(
          fresh, of: context.framework, role: context.role, on: context.slave, refusal: nil, at: now
        )
      }
    }
    guard !refused.isEmpty else { return }
    allocator.offerEnded(
      refused, of: context.framework, role: context.role, on: context.slave,
      refusal: filters, at: now)
  }

  mutating func take(_ operation: OfferOperation, on context: AcceptContext) {
    switch operation {
    case .launch(let tasks): launch(tasks, on: context)
    case .launchGroup(let executor, let group):
      launch(group, executor, on: context)
    case .named(_, let operation): take(operation, on: context)
    // Only what comes by the v1 API, where all of it is followed.
    case .unknown, .growVolume, .shrinkVolume, .malformed: break
    case .reserve, .unreserve, .create, .destroy:
      guard let conversion = conversion(operation, on: context) else { return }
      if case .destroy(let volumes) = operation {
        rescindOffers(of: volumes.shared, on: context.slave)
      }
      convert(conversion, on: context)
    }
  }

  // MARK: Tasks

  mutating func launch(_ tasks: [TaskInfo], on context: AcceptContext) {
    let malformed = faultOfResources(tasks)
    for task in tasks {
      let fault = malformed.map(TaskFault.invalid) ?? faultOfTask(task, on: context)
      if let fault {
        refuse(task, of: context.framework, .error, fault.reason, fault.message)
        continue
      }
      let launch = start(task, on: context)
      send(.runTask(consume launch), to: context.slave)
    }
  }

  /// All or nothing: every member is valid, or every member is refused.
  mutating func launch(
    _ group: TaskGroupInfo, _ executor: ExecutorInfo, on context: AcceptContext
  ) {
    // Without members there is no one to answer, and nothing to launch.
    if group.tasks.isEmpty { return }
    let members = group.tasks.map { task in
      var member = task
      if member.executor == nil { member.executor = executor }
      return member
    }
    if let fault = faultOfGroup(members, executor, on: context) {
      for task in group.tasks {
        refuse(task, of: context.framework, .error, fault.groupReason, fault.message)
      }
      return
    }
    let launches = members.map { start($0, on: context) }
    send(.runTaskGroup(launches), to: context.slave)
  }

  mutating func start(_ task: TaskInfo, on context: AcceptContext) -> TaskLaunch {
    let framework = context.framework
    var task = task
    var taken = task.resources
    var startsExecutor = true
    var named: ExecutorID?
    if !task.isOrdinary, var executor = task.executor {
      if executor.frameworkID == nil {
        executor.frameworkID = frameworks[framework].id
        task.executor = executor
      }
      named = executor.executorID
      startsExecutor = self.executor(executor.executorID, of: framework, on: context.slave) == nil
      if startsExecutor {
        start(executor, on: context)
        taken += executor.resources
      }
    }
    if !context.shared.isEmpty { copyShared(of: taken, on: context) }
    context.remainder -= taken
    context.used += taken
    // One by one: policies that need demands learn what a task looks like.
    allocator.used(taken, by: framework, role: context.role, on: context.slave, at: now)
    let number = tasksLaunched
    tasksLaunched = tasksLaunched.next
    tasks.add(
      TaskRecord(
        framework: framework, slave: context.slave, id: task.taskID, role: context.role,
        resources: task.resources, executor: named, number: number, state: .staging),
      onSlave: &slaves[context.slave].tasks,
      ofFramework: &frameworks[framework].taskList)
    record(.taskLaunched(framework, context.slave, task.resources, number))
    if settings.followsMesos1_11 {
      taskNotes[TaskKey(framework: framework, task: task.taskID)] = TaskNote(
        name: task.name, details: TaskDetails(task))
      if isWatched, let slot = tasks.find(task.taskID, of: framework) {
        notes.append(.taskAdded(shown(slot)))
      }
    }
    return TaskLaunch(
      framework: framework, frameworkInfo: frameworks[framework].info, role: context.role,
      task: task, startsExecutor: startsExecutor)
  }

  /// Adds copies of what is shared where the offers have fewer than tasks take.
  private mutating func copyShared(of taken: Resources, on context: AcceptContext) {
    let missing = taken.sharedCopies(missingIn: context.remainder)
    if missing.isEmpty { return }
    allocator.updateAllocation(
      of: context.framework, role: context.role, on: context.slave, from: Resources(),
      to: missing, at: now)
    context.remainder += missing
  }

  /// Notes an executor that has no task yet.
  mutating func startAlone(_ executor: ExecutorInfo, on context: AcceptContext) {
    start(executor, on: context)
  }

  private mutating func start(_ executor: ExecutorInfo, on context: AcceptContext) {
    slaves[context.slave].executors.append(
      ExecutorRecord(
        framework: context.framework, info: executor, role: context.role))
    guard !executor.resources.isEmpty else { return }
    record(.executorStarted(context.framework, context.slave, executor.resources))
  }

  /// The executor of an id that this master holds for alive on a slave.
  func executor(
    _ id: ExecutorID, of framework: FrameworkIndex, on slave: SlaveIndex
  ) -> ExecutorRecord? {
    slaves[slave].executors.first {
      $0.framework == framework && $0.info.executorID == id
    }
  }

  /// Answers a launch with a terminal state, sent once and never acknowledged.
  mutating func refuse(
    _ task: TaskInfo, of framework: FrameworkIndex, _ state: TaskState, _ reason: StatusReason,
    _ message: String
  ) {
    let state = state == .error && settings.losesInvalidTasks ? .lost : state
    record(.taskRefused(framework, state, reason))
    let status = TaskStatus(
      taskID: task.taskID, state: state, message: message, slaveID: task.slaveID, timestamp: now,
      source: .master, reason: reason)
    if isWatched { notes.append(.taskRefused(framework, status)) }
    send(.statusUpdate(status), to: framework)
  }

  // MARK: Reservations and volumes

  mutating func convert(_ conversion: Conversion, on context: AcceptContext) {
    // With an allocator that knows no reservations the operation is dropped like an invalid one.
    guard allocator.supports.contains(.reservations) else { return }
    allocator.updateAllocation(
      of: context.framework, role: context.role, on: context.slave, from: conversion.consumed,
      to: conversion.converted, at: now)
    context.remainder -= conversion.consumed
    context.remainder += conversion.converted
    context.hasConverted = true
    if conversion.consumed.hasShared { context.shared -= conversion.consumed.shared }
    if conversion.converted.hasShared { context.shared += conversion.converted.shared }
    apply(conversion, to: context.slave)
  }

  /// Takes back the offers that hold copies of volumes about to be destroyed.
  mutating func rescindOffers(of volumes: Resources, on slave: SlaveIndex) {
    let entries = volumes.entries
    if entries.isEmpty { return }
    for number in openOffers(of: slave) {
      guard let held = offers[number]?.resources,
        entries.contains(where: { held.contains(Resources([$0])) })
      else { continue }
      rescind(number, refusal: nil)
    }
  }

  /// Writes a conversion into the books, and has the slave do so.
  mutating func apply(_ conversion: Conversion, to slave: SlaveIndex) {
    slaves[slave].total -= conversion.consumed
    slaves[slave].total += conversion.converted
    record(.slaveChanged(slave, slaves[slave].total))
    send(.checkpointResources(slaves[slave].total.nonRevocable), to: slave)
  }
}

extension OfferOperation {
  /// Whether it launches nothing and does nothing else.
  fileprivate var isEmptyLaunch: Bool {
    if case .launch(let tasks) = self { return tasks.isEmpty }
    return false
  }
}
