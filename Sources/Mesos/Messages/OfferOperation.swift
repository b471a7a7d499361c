// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a framework can do with what it was offered.

/// One step of an answer to offers (mesos.proto, `Offer.Operation`).
///
/// The steps of one `acceptOffers` are taken in order, each on what the ones before it left:
///
///     driver.acceptOffers(
///       [offer.id], [.reserve(wanted), .create(volume), .launch([task])], filters: Filters())
///
/// A step other than a launch that is not valid is dropped without a word; the others go on.
public enum OfferOperation: Hashable, Sendable {
  /// Runs these tasks; each that is not valid ends in TASK_ERROR.
  case launch([TaskInfo])
  /// Runs these tasks in one executor of Mesos's own, all or none.
  // Behind a reference: it alone would make every operation 490 bytes large.
  indirect case launchGroup(ExecutorInfo, TaskGroupInfo)
  /// Reserves offered resources for the role of the offer; given as they will be.
  case reserve(Resources)
  /// Gives dynamically reserved resources back to everybody.
  case unreserve(Resources)
  /// Makes persistent volumes of reserved disk; given as they will be.
  case create(Resources)
  /// Destroys persistent volumes and what is on them.
  case destroy(Resources)
  /// Adds disk, reserved like it, to a persistent volume.
  indirect case growVolume(Resources, addition: Resources)
  /// Takes so much off a persistent volume.
  indirect case shrinkVolume(Resources, subtract: Scalar)
  /// An operation that this version does not know; it is dropped.
  case unknown
  /// An operation of which the framework wants to hear under this name (v1 API only).
  indirect case named(String, OfferOperation)
  /// An operation some of whose resources could not be read, as far as it could, and why: it is
  /// refused as a whole.
  indirect case malformed(OfferOperation, String)

  /// The tasks that it launches, in order.
  public var tasks: [TaskInfo] {
    switch self {
    case .launch(let tasks): tasks
    case .launchGroup(_, let group): group.tasks
    case .reserve, .unreserve, .create, .destroy, .growVolume, .shrinkVolume, .unknown: []
    case .named(_, let operation), .malformed(let operation, _): operation.tasks
    }
  }
}

/// A task that a framework asks about (`reconcileTasks`).
public struct TaskQuery: Hashable, Sendable {
  /// The task.
  public var taskID: TaskID
  /// The slave that it should be on, where the framework knows it: the answer is surer then.
  public var slaveID: SlaveID?

  /// Asks about a task.
  public init(_ taskID: TaskID, on slaveID: SlaveID? = nil) {
    self.taskID = taskID
    self.slaveID = slaveID
  }
}
