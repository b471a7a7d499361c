// Part of mesosim. Apache-2.0, see LICENSE.
//
// Masters know frameworks by numbers of their own; facts name those that a cluster was given.

import Mesos

extension ClusterEvent {
  /// A fact that a master has stated, with the framework that its number stands for.
  func naming(_ owners: [FrameworkIndex]) -> ClusterEvent {
    switch self {
    case .frameworkAdded(let number): .frameworkAdded(owners[number])
    case .frameworkRemoved(let number): .frameworkRemoved(owners[number])
    case .frameworkDisconnected(let number): .frameworkDisconnected(owners[number])
    case .frameworkConnected(let number): .frameworkConnected(owners[number])
    case .offered(let number, let slave, let resources): .offered(owners[number], slave, resources)
    case .offerEnded(let number, let slave, let resources, let end):
      .offerEnded(owners[number], slave, resources, end)
    case .runOffered(let number, let run, let places): .runOffered(owners[number], run, places)
    case .runEnded(let number, let run, let places, let end):
      .runEnded(owners[number], run, places, end)
    case .taskLaunched(let number, let slave, let resources, let task):
      .taskLaunched(owners[number], slave, resources, task)
    case .taskRunning(let number, let slave, let task): .taskRunning(owners[number], slave, task)
    case .taskEnded(let number, let slave, let resources, let state, let task, let reason):
      .taskEnded(owners[number], slave, resources, state, task, reason: reason)
    case .taskRefused(let number, let state, let reason):
      .taskRefused(owners[number], state, reason)
    case .executorStarted(let number, let slave, let resources):
      .executorStarted(owners[number], slave, resources)
    case .executorEnded(let number, let slave, let resources):
      .executorEnded(owners[number], slave, resources)
    case .passMade(let pass): .passMade(pass.naming(owners))
    case .slaveAdded, .slaveChanged, .slaveRemoved, .slaveDisconnected, .slaveReconnected,
      .masterElected, .masterLost, .fault, .frameworkLeft, .frameworkReplaced, .jobSubmitted,
      .jobFinished, .jobAbandoned, .demand, .demandEnded, .taskWaited, .tasksWanted, .taskUp,
      .taskIdle:
      self
    }
  }
}
