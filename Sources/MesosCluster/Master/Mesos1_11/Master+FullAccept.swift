// Part of mesosim. Apache-2.0, see LICENSE.
//
// How offers are used where the master follows Mesos 1.11 to the word
// (Mesos: `master/master.cpp`, `accept`, `_accept`).

import Mesos
import MesosAllocation
import VirtualTime

extension Master {
  mutating func acceptFully(
    _ ids: [OfferID], _ operations: [OfferOperation], filters: Filters,
    for framework: FrameworkIndex
  ) {
    if let fault = fullFaultOfOffers(ids, for: framework) {
      return refuse(ids, operations, fault, for: framework)
    }
    let slave = offers[ids[0].number]?.slave ?? SlaveIndex(0)
    // What is refused beforehand is said before anything is launched.
    var sound: [OfferOperation] = []
    for operation in operations {
      if let operation = admitted(operation, on: slave, of: framework) { sound.append(operation) }
    }
    guard let context = takeOffers(ids, of: framework) else { return }
    for operation in sound { takeFully(operation, on: context) }
    giveBack(context, filters: filters)
  }

  /// Ends every offer that is named, whosever it is, and refuses the tasks.
  private mutating func refuse(
    _ ids: [OfferID], _ operations: [OfferOperation], _ fault: String,
    for framework: FrameworkIndex
  ) {
    for id in ids where id.master == info.id { end(id.number, .discarded, refusal: nil) }
    let state: TaskState = isPartitionAware(framework) ? .dropped : .lost
    for operation in operations {
      drop(operation, "Operation attempted with invalid offers: \(fault)", of: framework)
      for task in operation.tasks {
        refuse(
          task, of: framework, state, .invalidOffers,
          "Task launched with invalid offers: \(fault)")
      }
    }
  }

  /// Tells a framework that wants to know that an operation is not done.
  private mutating func drop(
    _ operation: OfferOperation, _ message: String, of framework: FrameworkIndex
  ) {
    guard case .named(let id, let named) = operation, !named.isLaunch else { return }
    send(.operationStatus(OperationStatus(id, .error, message: message)), to: framework)
  }

  /// An operation that may be tried, without its wrapping; others are refused.
  private mutating func admitted(
    _ operation: OfferOperation, on slave: SlaveIndex, of framework: FrameworkIndex
  ) -> OfferOperation? {
    var inner = operation
    var name: String?
    if case .named(let id, let named) = inner { (name, inner) = (id, named) }
    if case .malformed(let malformed, let fault) = inner {
      drop(operation, "Operation attempted with invalid resources: \(fault)", of: framework)
      refuse(malformed, fault, of: framework)
      return nil
    }
    guard name != nil else { return inner }
    switch inner {
    case .launch:
      refuse(inner, "The `id` field cannot be set on LAUNCH operations", of: framework)
    case .launchGroup:
      refuse(inner, "The `id` field cannot be set on LAUNCH_GROUP operations", of: framework)
    case .unknown: break
    default:
      guard frameworks[framework].speaksV1 else {
        send(
          .error(
            "The 'id' field was set in an offer operation, but operation feedback is not "
              + "supported for the SchedulerDriver API; please use the HTTP scheduler API for "
              + "this feature"), to: framework)
        return nil
      }
      drop(
        operation,
        "Operation requested feedback, but agent \(slaves[slave].id?.value ?? "") does not have "
          + "the required RESOURCE_PROVIDER capability", of: framework)
    }
    return nil
  }

  /// Refuses all tasks of an operation.
  private mutating func refuse(
    _ operation: OfferOperation, _ fault: String, of framework: FrameworkIndex
  ) {
    var reason = StatusReason.taskInvalid
    if case .launchGroup = operation { reason = .taskGroupInvalid }
    for task in operation.tasks { refuse(task, of: framework, .error, reason, fault) }
  }

  private mutating func takeFully(_ operation: OfferOperation, on context: AcceptContext) {
    switch operation {
    case .launch(let tasks): launchFully(tasks, on: context)
    case .launchGroup(let executor, let group): launchFully(group, executor, on: context)
    case .named, .malformed, .unknown: break
    case .reserve, .unreserve, .create, .destroy, .growVolume, .shrinkVolume:
      let conversion: Conversion
      do throws(OperationFault) {
        conversion = try fullConversion(operation, by: context.framework, on: context.slave)
      } catch { return }
      if case .destroy(let volumes) = operation { rescindOffers(of: volumes, on: context.slave) }
      guard context.remainder.contains(conversion.consumed) else { return }
      convert(conversion, on: context)
      if case .growVolume = operation { setAside(conversion, on: context) }
      if case .shrinkVolume = operation { setAside(conversion, on: context) }
    }
  }

  /// What a volume became no further operation of the call can use.
  private mutating func setAside(_ conversion: Conversion, on context: AcceptContext) {
    context.remainder -= conversion.converted
    allocator.offerEnded(
      conversion.converted, of: context.framework, role: context.role, on: context.slave,
      refusal: nil, at: now)
  }

  private mutating func launchFully(_ tasks: [TaskInfo], on context: AcceptContext) {
    for task in tasks {
      var task = task
      fillIn(&task, of: context.framework)
      if let fault = fullFaultOfTask(task, on: context) {
        refuse(task, of: context.framework, .error, fault.reason, fault.message)
        continue
      }
      let launch = start(task, on: context)
      send(.runTask(consume launch), to: context.slave)
    }
  }

  /// What the master says itself of a task that leaves it out.
  private func fillIn(_ task: inout TaskInfo, of framework: FrameworkIndex) {
    if task.isOrdinary { return }
    if var executor = task.executor, executor.frameworkID == nil {
      executor.frameworkID = frameworks[framework].id
      task.executor = executor
    }
    if var check = task.healthCheck, check.kind == nil, let kind = check.inferredKind {
      check.kind = kind
      task.healthCheck = check
    }
  }

  private mutating func launchFully(
    _ group: TaskGroupInfo, _ executor: ExecutorInfo, on context: AcceptContext
  ) {
    let members = group.tasks.map { task in
      var member = task
      if member.executor == nil { member.executor = executor }
      return member
    }
    if let fault = fullFaultOfGroup(members, executor, on: context) {
      for task in members {
        refuse(task, of: context.framework, .error, fault.groupReason, fault.message)
      }
      return
    }
    if members.isEmpty { return launchAlone(executor, on: context) }
    let launches = members.map { start($0, on: context) }
    send(.runTaskGroup(launches), to: context.slave)
  }

  /// A group without members is an executor all the same.
  private mutating func launchAlone(_ executor: ExecutorInfo, on context: AcceptContext) {
    let id = executor.executorID
    let isNew = self.executor(id, of: context.framework, on: context.slave) == nil
    if isNew {
      startAlone(executor, on: context)
      context.remainder -= executor.resources
      context.used += executor.resources
      allocator.used(
        executor.resources, by: context.framework, role: context.role, on: context.slave, at: now)
    }
    send(
      .runExecutor(
        context.framework, frameworks[context.framework].info, executor, isNew: isNew),
      to: context.slave)
  }
}

extension OfferOperation {
  /// Whether it runs tasks.
  var isLaunch: Bool {
    switch self {
    case .launch, .launchGroup: true
    case .malformed(let operation, _), .named(_, let operation): operation.isLaunch
    default: false
    }
  }
}
