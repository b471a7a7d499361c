// Part of mesosim. Apache-2.0, see LICENSE.
//
// A driver that does nothing and notes what it is asked.

public import Mesos

/// A driver without a master: it notes each call, and changes its status as a driver does.
///
/// `calls` has them as values, `takeTexts` as text.
public final class ScriptedDriver: SchedulerDriver {
  /// What its calls return.
  public var status = DriverStatus.running
  /// What it was asked, in order.
  public private(set) var calls: [DriverCall] = []
  /// Called with each call, after it is noted.
  var onCall: (DriverCall) -> Void = { _ in }
  private var texts: [String] = []
  /// The tasks that were launched, also within operations; a test may empty it.
  public var launched: [TaskInfo] = []
  /// The operations on offers that were accepted, launches included.
  public private(set) var operations: [OfferOperation] = []
  /// Whether text has offers that are declined together as one call, unseen, by their places.
  package var notesDeclinesTogether = false

  /// Makes a driver that runs.
  public init() {}

  private func note(_ call: DriverCall, _ text: String) -> DriverStatus {
    calls.append(call)
    texts.append(text)
    onCall(call)
    return status
  }

  /// The calls since this was last asked for, a line each.
  public func takeTexts() -> [String] {
    defer { texts = [] }
    return texts
  }

  /// It runs already.
  public func start() -> DriverStatus { status }

  /// Notes the call, and stops.
  public func stop(failover: Bool) -> DriverStatus {
    status = .stopped
    return note(.stop(failover: failover), "stop")
  }

  /// Notes the call, and aborts.
  public func abort() -> DriverStatus {
    status = .aborted
    return note(.abort, "abort")
  }

  /// Notes the call.
  public func launchTasks(
    _ offerIDs: [OfferID], _ tasks: [TaskInfo], filters: Filters
  ) -> DriverStatus {
    launched += tasks
    let ids = tasks.map(\.taskID.value).joined(separator: " ")
    return note(
      .launchTasks(offerIDs, tasks, filters),
      "launch \(offerIDs.map(\.value).joined(separator: ",")): \(ids)")
  }

  /// Notes the call.
  public func acceptOffers(
    _ offerIDs: [OfferID], _ operations: [OfferOperation], filters: Filters
  ) -> DriverStatus {
    self.operations += operations
    launched += operations.flatMap(\.tasks)
    let words = operations.map(\.transcriptText).joined(separator: ", ")
    return note(
      .acceptOffers(offerIDs, operations, filters),
      "accept \(offerIDs.map(\.value).joined(separator: ",")): \(words)")
  }

  /// Notes the call.
  public func declineOffer(_ offerID: OfferID, filters: Filters) -> DriverStatus {
    note(
      .declineOffers([offerID], filters), "decline \(offerID) for \(filters.refuseSeconds) s")
  }

  /// Notes a call for each offer.
  public func declineOffers(_ offers: Offers, filters: Filters) -> DriverStatus {
    if notesDeclinesTogether {
      guard !offers.isEmpty else { return status }
      var ids = OfferIDs()
      ids.append(contentsOf: offers)
      return note(.declineOffers(ids, filters), "decline \(offers.indices) together")
    }
    for offer in offers { _ = declineOffer(offer.id, filters: filters) }
    return status
  }

  /// Notes the call.
  public func killTask(_ taskID: TaskID) -> DriverStatus {
    note(.killTask(taskID), "kill \(taskID)")
  }

  /// Notes the call.
  public func reviveOffers(roles: [Role]?) -> DriverStatus { note(.reviveOffers(roles), "revive") }

  /// Notes the call.
  public func suppressOffers(roles: [Role]?) -> DriverStatus {
    note(.suppressOffers(roles), "suppress")
  }

  /// Notes the call.
  public func reconcileTasks(_ tasks: [TaskQuery]) -> DriverStatus {
    note(.reconcileTasks(tasks), "reconcile \(tasks.count)")
  }

  /// Notes the call.
  public func acknowledgeStatusUpdate(_ status: TaskStatus) -> DriverStatus {
    note(.acknowledgeStatusUpdate(status), "acknowledge \(status.taskID)")
  }

  /// Notes the call.
  public func requestResources(_ requests: [Request]) -> DriverStatus {
    note(.requestResources(requests), "request")
  }

  /// Notes the call.
  public func sendFrameworkMessage(
    _ executorID: ExecutorID, _ slaveID: SlaveID, _ data: [UInt8]
  ) -> DriverStatus {
    note(
      .sendFrameworkMessage(executorID, slaveID, data), "message to \(executorID) on \(slaveID)")
  }

  /// Notes the call.
  public func updateFramework(_ info: FrameworkInfo, suppressedRoles: [Role]) -> DriverStatus {
    note(.updateFramework(info, suppressedRoles: suppressedRoles), "update framework")
  }
}

extension OfferOperation {
  /// The operation in a word, with what it names.
  var transcriptText: String {
    switch self {
    case .launch(let tasks): "launch \(tasks.map(\.taskID.value).joined(separator: " "))"
    case .launchGroup(_, let group): "launch group of \(group.tasks.count)"
    case .reserve(let resources): "reserve \(resources)"
    case .unreserve(let resources): "unreserve \(resources)"
    case .create(let volumes): "create \(volumes)"
    case .destroy(let volumes): "destroy \(volumes)"
    case .growVolume, .shrinkVolume, .named, .malformed, .unknown: "operation no framework makes"
    }
  }
}

/// An executor's driver without a slave: it notes each call as text.
public final class ScriptedExecutorDriver: ExecutorDriver {
  /// What its calls return.
  public var status = DriverStatus.running
  private var texts: [String] = []

  /// Makes a driver that runs.
  public init() {}

  private func note(_ text: String) -> DriverStatus {
    texts.append(text)
    return status
  }

  /// The calls since this was last asked for, a line each.
  public func takeTexts() -> [String] {
    defer { texts = [] }
    return texts
  }

  /// Notes the call.
  public func start() -> DriverStatus { note("start") }
  /// Notes the call.
  public func stop() -> DriverStatus { note("stop") }
  /// Notes the call.
  public func abort() -> DriverStatus { note("abort") }
  /// Notes the call.
  public func sendStatusUpdate(_ status: TaskStatus) -> DriverStatus {
    note("\(status.taskID) \(status.state)")
  }
  /// Notes the call.
  public func sendFrameworkMessage(_ data: [UInt8]) -> DriverStatus {
    note("message \(String(decoding: data, as: UTF8.self))")
  }
}
