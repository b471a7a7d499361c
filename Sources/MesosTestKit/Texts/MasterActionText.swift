// Part of mesosim. Apache-2.0, see LICENSE.
//
// Facts and actions of a master, one line each, for people.

import Mesos
public import MesosCluster
import VirtualTime

extension ClusterEvent {
  /// The line of a transcript that says so.
  public var transcriptText: String { "fact: \(text(of: self))" }
}

extension MasterAction {
  /// The line of a transcript that says so.
  public var transcriptText: String { describe(self) }
}

private func text(of fact: ClusterEvent) -> String {
  switch fact {
  case .slaveAdded(let slave, let total): "slave \(slave) added, \(total)"
  case .slaveChanged(let slave, let total): "slave \(slave) changed, \(total)"
  case .slaveRemoved(let slave): "slave \(slave) removed"
  case .slaveDisconnected(let slave): "slave \(slave) disconnected"
  case .slaveReconnected(let slave): "slave \(slave) reconnected"
  case .frameworkAdded(let framework): "framework \(framework) added"
  case .frameworkRemoved(let framework): "framework \(framework) removed"
  case .frameworkDisconnected(let framework): "framework \(framework) disconnected"
  case .frameworkConnected(let framework): "framework \(framework) connected"
  case .fault(let number): "fault \(number)"
  case .masterElected(let master): "master \(master) elected"
  case .masterLost(let master): "master \(master) lost"
  case .offered(let framework, let slave, let resources):
    "offered to \(framework) on \(slave): \(resources)"
  case .offerEnded(let framework, let slave, let resources, let end):
    "offer to \(framework) on \(slave) \(end): \(resources)"
  case .jobSubmitted(let framework, let job): "job \(job) of \(framework) submitted"
  case .jobFinished(let framework, let job): "job \(job) of \(framework) finished"
  case .jobAbandoned(let framework, let job): "job \(job) of \(framework) abandoned"
  case .demand(let framework, let shape, let delta): "demand of \(framework): \(delta) x \(shape)"
  default: textOfTask(fact)
  }
}

private func textOfTask(_ fact: ClusterEvent) -> String {
  switch fact {
  case .taskLaunched(let framework, let slave, let resources, _):
    "task of \(framework) launched on \(slave): \(resources)"
  case .taskRunning(let framework, let slave, _): "task of \(framework) running on \(slave)"
  case .taskEnded(let framework, let slave, let resources, let state, _, _):
    "task of \(framework) on \(slave) \(state): \(resources)"
  case .taskRefused(let framework, let state, _): "task of \(framework) refused: \(state)"
  case .executorStarted(let framework, let slave, let resources):
    "executor of \(framework) started on \(slave): \(resources)"
  case .executorEnded(let framework, let slave, let resources):
    "executor of \(framework) on \(slave) ended: \(resources)"
  case .demandEnded(let framework): "demand of \(framework) ends"
  case .taskWaited(let framework, let job, let since, let until):
    "task of job \(job) of \(framework) waited from \(since) to \(until)"
  default: "\(fact)"
  }
}

private func describe(_ action: MasterAction) -> String {
  switch action {
  case .toScheduler(let framework, let incarnation, let message):
    "to scheduler \(framework)\(incarnation == 0 ? "" : "/\(incarnation)"): \(text(of: message))"
  case .toSlave(let slave, let message): "to slave \(slave): \(text(of: message))"
  case .toOperator(_, let answer): "to operator: \(answer)"
  case .toSuccessor: "to successor: what is left"
  }
}

private func text(of message: SchedulerMessage) -> String {
  switch message {
  case .registered(let id, let master): "registered \(id) with \(master.id)"
  case .reregistered(let id, let master): "reregistered \(id) with \(master.id)"
  case .resourceOffers(let offers): "offers " + offers.map(text).joined(separator: " | ")
  case .rescindOffer(let offer): "rescind \(offer)"
  case .statusUpdate(let update): text(of: update)
  case .frameworkMessage(let executor, let slave, let data):
    "message of \(executor) on \(slave): \(String(decoding: data, as: UTF8.self))"
  case .slaveLost(let slave): "slave \(slave) lost"
  case .executorLost(let executor, let slave, let status):
    "executor \(executor) on \(slave) lost, status \(status)"
  case .error(let message): "error: \(message)"
  case .inverseOffers(let offers): "inverse offers of \(offers.count)"
  case .rescindInverseOffer(let offer): "rescind inverse \(offer)"
  case .operationStatus(let status): "operation \(status)"
  }
}

private func text(of offer: Offer) -> String {
  var text = "\(offer.id) \(offer.slaveID) \(offer.resources)"
  if offer.role != .unreserved { text += " as \(offer.role)" }
  if !offer.executorIDs.isEmpty {
    text += " beside " + offer.executorIDs.map(\.value).joined(separator: " ")
  }
  if let unavailability = offer.unavailability { text += ", down from \(unavailability.start)" }
  return text
}

private func text(of status: TaskStatus) -> String {
  let reason = status.reason.map { " \($0)" } ?? ""
  let uuid = status.uuid.map { " #\($0.number)" } ?? ""
  let message = status.message.isEmpty ? "" : " (\(status.message))"
  let since = status.unreachableTime.map { " since \($0)" } ?? ""
  return "\(status.taskID) \(status.state) from \(status.source)\(reason)\(uuid)\(message)\(since)"
}

private func text(of message: SlaveMessage) -> String {
  switch message {
  case .registered(let id, _): "registered \(id)"
  case .reregistered(let id, let missing, _):
    "reregistered \(id)" + missing.map { ", missing \($0.task) of \($0.framework)" }.joined()
  case .runTask(let launch): "run \(text(of: launch))"
  case .runTaskGroup(let launches):
    "run group " + launches.map(text).joined(separator: " and ")
  case .killTask(let framework, let task): "kill \(task) of \(framework)"
  case .acknowledge(let framework, let update):
    "acknowledge \(update.taskID) of \(framework) #\(update.uuid.number)"
  case .shutdownFramework(let framework): "shut framework \(framework) down"
  case .shutdownExecutor(let framework, let executor):
    "shut executor \(executor) of \(framework) down"
  case .frameworkMessage(let framework, let executor, let data):
    "message of \(framework) for \(executor): \(String(decoding: data, as: UTF8.self))"
  case .checkpointResources(let resources): "hold \(resources)"
  case .ping(let isConnected): isConnected ? "ping" : "ping, not connected"
  case .shutdown(let reason): "shut down (\(reason))"
  default: "\(message)"
  }
}

private func text(of launch: TaskLaunch) -> String {
  var text = "\(launch.task.taskID) of \(launch.framework)"
  if launch.role != .unreserved { text += " as \(launch.role)" }
  if let executor = launch.task.executor {
    text += " in \(launch.startsExecutor ? "new " : "")executor \(executor.executorID)"
  }
  return text
}
