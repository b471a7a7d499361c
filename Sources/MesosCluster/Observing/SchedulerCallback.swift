// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a scheduler hears and says, as values.

public import Mesos

/// What a scheduler was called with, by the names of its callbacks.
public enum SchedulerCallback: Hashable, Sendable {
  case registered(FrameworkID)
  case reregistered
  case disconnected
  case resourceOffers(Offers)
  case offerRescinded(OfferID)
  case statusUpdate(TaskStatus)
  case frameworkMessage(ExecutorID, SlaveID, [UInt8])
  case slaveLost(SlaveID)
  case executorLost(ExecutorID, SlaveID, status: Int)
  case error(String)
}

/// What a scheduler called its driver with, by the names of the driver's calls.
public enum DriverCall: Hashable, Sendable {
  case launchTasks([OfferID], [TaskInfo], Filters)
  case acceptOffers([OfferID], [OfferOperation], Filters)
  case declineOffers(OfferIDs, Filters)
  case killTask(TaskID)
  case reviveOffers([Role]?)
  case suppressOffers([Role]?)
  case reconcileTasks([TaskQuery])
  case acknowledgeStatusUpdate(TaskStatus)
  case requestResources([Request])
  case sendFrameworkMessage(ExecutorID, SlaveID, [UInt8])
  case updateFramework(FrameworkInfo, suppressedRoles: [Role])
  case stop(failover: Bool)
  case abort
}
