// Part of mesosim. Apache-2.0, see LICENSE.
//
// What schedulers call (v1 scheduler.proto, `Call`).

package import Mesos

/// A call of a scheduler.
package struct V1Call {
  /// What is called.
  package enum Kind {
    case subscribe(V1Subscription)
    case teardown
    case accept([String], [OfferOperation], Filters)
    case decline([String], Filters)
    case acceptInverseOffers([String], Filters)
    case declineInverseOffers([String], Filters)
    case revive([Role])
    case suppress([Role])
    case kill(TaskID, SlaveID?, KillPolicy?)
    case shutdown(ExecutorID, SlaveID)
    case acknowledge(SlaveID, TaskID, [UInt8])
    case acknowledgeOperation(SlaveID?, String, [UInt8])
    case reconcile([TaskQuery])
    case reconcileOperations([V1OperationQuery])
    case message(SlaveID, ExecutorID, [UInt8])
    case request([Request])
    case update(V1Subscription)
    /// A type that is not known, or none.
    case unknown
    /// The type is known and the member of its name missing.
    case bare(String)
  }

  /// Who calls.
  package let frameworkID: FrameworkID?
  /// The word for what is called; empty for none that is known.
  package let type: String
  /// What is called.
  package let kind: Kind
}

/// How a framework introduces itself, or changes.
package struct V1Subscription {
  /// The framework.
  package var framework: StatedFramework
  /// The roles in which it wants no offers yet.
  package var suppressed: [Role]
  /// Which slaves it wants to be offered.
  package var constraints: JSONValue?
}

/// An operation that a framework asks about.
package struct V1OperationQuery {
  /// The operation.
  package var id: String
  /// The slave that it should be on.
  package var slaveID: SlaveID?
}

extension V1Call {
  /// Reads a call.
  /// - Throws: `V1Error`, in the words of Mesos.
  package init(reading json: JSONValue) throws(V1Error) {
    guard json.members != nil else {
      throw V1Error(path: "", description: "Expecting a JSON object")
    }
    let node = Node(json)
    frameworkID = try node.id("framework_id").map { FrameworkID($0) }
    type = try node.string("type") ?? ""
    kind = try node.kind(type)
    try node.complete()
  }
}

extension Node {
  fileprivate func kind(_ type: String) throws(V1Error) -> V1Call.Kind {
    let member = type.lowercased()
    switch type {
    case "TEARDOWN": return .teardown
    case "REVIVE": return .revive(try roles(in: member))
    case "SUPPRESS": return .suppress(try roles(in: member))
    case "SUBSCRIBE", "ACCEPT", "DECLINE", "ACCEPT_INVERSE_OFFERS", "DECLINE_INVERSE_OFFERS",
      "KILL", "SHUTDOWN", "ACKNOWLEDGE", "ACKNOWLEDGE_OPERATION_STATUS", "RECONCILE",
      "RECONCILE_OPERATIONS", "MESSAGE", "REQUEST", "UPDATE_FRAMEWORK":
      guard let node = try object(member) else { return .bare(member) }
      return try node.kind(ofMember: type)
    default: return .unknown
    }
  }

  private func roles(in member: String) throws(V1Error) -> [Role] {
    try object(member)?.strings("roles").map { Role($0) } ?? []
  }

  private func kind(ofMember type: String) throws(V1Error) -> V1Call.Kind {
    switch type {
    case "SUBSCRIBE": return .subscribe(try subscription())
    case "UPDATE_FRAMEWORK": return .update(try subscription())
    case "ACCEPT":
      var operations: [OfferOperation] = []
      for operation in try objects("operations") { operations.append(try operation.operation()) }
      return .accept(try ids("offer_ids"), operations, try filters())
    case "DECLINE": return .decline(try ids("offer_ids"), try filters())
    case "ACCEPT_INVERSE_OFFERS":
      return .acceptInverseOffers(try ids("inverse_offer_ids"), try filters())
    case "DECLINE_INVERSE_OFFERS":
      return .declineInverseOffers(try ids("inverse_offer_ids"), try filters())
    case "KILL":
      return .kill(
        TaskID(try requiredID("task_id")), try id("agent_id").map { SlaveID($0) },
        try killPolicy("kill_policy"))
    case "SHUTDOWN":
      return .shutdown(
        ExecutorID(try requiredID("executor_id")), SlaveID(try requiredID("agent_id")))
    case "ACKNOWLEDGE":
      if !has("uuid") { lacks("uuid") }
      return .acknowledge(
        SlaveID(try requiredID("agent_id")), TaskID(try requiredID("task_id")),
        try bytes("uuid") ?? [])
    case "ACKNOWLEDGE_OPERATION_STATUS":
      return .acknowledgeOperation(
        try id("agent_id").map { SlaveID($0) }, try requiredID("operation_id"),
        try bytes("uuid") ?? [])
    case "RECONCILE":
      var queries: [TaskQuery] = []
      for task in try objects("tasks") {
        let slave = try task.id("agent_id").map { SlaveID($0) }
        queries.append(TaskQuery(TaskID(try task.requiredID("task_id")), on: slave))
      }
      return .reconcile(queries)
    case "RECONCILE_OPERATIONS":
      var queries: [V1OperationQuery] = []
      for operation in try objects("operations") {
        queries.append(
          V1OperationQuery(
            id: try operation.requiredID("operation_id"),
            slaveID: try operation.id("agent_id").map { SlaveID($0) }))
      }
      return .reconcileOperations(queries)
    case "MESSAGE":
      return .message(
        SlaveID(try requiredID("agent_id")), ExecutorID(try requiredID("executor_id")),
        try bytes("data") ?? [])
    case "REQUEST":
      var requests: [Request] = []
      for request in try objects("requests") {
        let resources = try request.resources("resources").resources
        requests.append(
          Request(slaveID: try request.id("agent_id").map { SlaveID($0) }, resources: resources))
      }
      return .request(requests)
    default: return .unknown
    }
  }

  private func subscription() throws(V1Error) -> V1Subscription {
    guard let info = try object("framework_info") else {
      lacks("framework_info")
      return V1Subscription(
        framework: StatedFramework(info: FrameworkInfo(name: "")), suppressed: [])
    }
    return V1Subscription(
      framework: try info.frameworkInfo(),
      suppressed: try strings("suppressed_roles").map { Role($0) },
      constraints: try object("offer_constraints")?.value)
  }

  private func ids(_ key: String) throws(V1Error) -> [String] {
    var ids: [String] = []
    for node in try objects(key) { ids.append(try node.required("value")) }
    return ids
  }

  private func filters() throws(V1Error) -> Filters {
    guard let seconds = try object("filters")?.number("refuse_seconds") else { return Filters() }
    return Filters(refuseSeconds: seconds)
  }

  /// An operation on offers, wrapped in what is said of it beside.
  private func operation() throws(V1Error) -> OfferOperation {
    var faults = ResourceFaults()
    let type = try string("type") ?? ""
    var operation = try object(type.lowercased())?.operation(type, &faults) ?? .unknown
    if let fault = faults.fault { operation = .malformed(operation, fault) }
    if let name = try id("id") { operation = .named(name, operation) }
    return operation
  }

  private func operation(
    _ type: String, _ faults: inout ResourceFaults
  ) throws(V1Error) -> OfferOperation {
    func read(_ key: String) throws(V1Error) -> Resources {
      let list = try resources(key)
      faults.note(list)
      if faults.fault == nil { faults.fault = list.volumeFault }
      return list.resources
    }
    func readOne(_ key: String) throws(V1Error) -> Resources {
      if !has(key) { lacks(key) }
      return try read(key)
    }
    switch type {
    case "LAUNCH":
      var tasks: [TaskInfo] = []
      for task in try objects("task_infos") { tasks.append(try task.taskInfo(&faults)) }
      return .launch(tasks)
    case "LAUNCH_GROUP": return try launchGroup(&faults)
    case "RESERVE": return .reserve(try read("resources"))
    case "UNRESERVE": return .unreserve(try read("resources"))
    case "CREATE": return .create(try read("volumes"))
    case "DESTROY": return .destroy(try read("volumes"))
    case "GROW_VOLUME":
      return .growVolume(try readOne("volume"), addition: try readOne("addition"))
    case "SHRINK_VOLUME":
      let amount = try scalar("subtract")
      if amount == nil { lacks("subtract") }
      return .shrinkVolume(
        try readOne("volume"), subtract: Scalar(amount ?? 0) ?? Scalar(thousandths: 0))
    default: return .unknown
    }
  }

  private func launchGroup(_ faults: inout ResourceFaults) throws(V1Error) -> OfferOperation {
    var executor = ExecutorInfo("", command: nil)
    if let node = try object("executor") {
      executor = try node.executorInfo(&faults)
    } else {
      lacks("executor")
    }
    var tasks: [TaskInfo] = []
    if let group = try object("task_group") {
      for task in try group.objects("tasks") { tasks.append(try task.taskInfo(&faults)) }
    } else {
      lacks("task_group")
    }
    return .launchGroup(executor, TaskGroupInfo(tasks))
  }
}
