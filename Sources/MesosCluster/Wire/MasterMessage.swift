// Part of mesosim. Apache-2.0, see LICENSE.
//
// Everything that reaches a master, and everything that it wants sent.

public import Mesos

/// Everything that reaches a master.
public enum MasterMessage: Hashable, Sendable {
  /// A call of the scheduler process with this number.
  case scheduler(FrameworkIndex, Incarnation, SchedulerCall)
  /// A slave's report.
  case slave(SlaveIndex, SlaveReport)
  /// An operator's request; the number comes back with the answer. Rare and large: it alone would
  /// make every message longer.
  indirect case `operator`(OperatorCall, number: Int)
  /// The connection to this scheduler process broke.
  case schedulerExited(FrameworkIndex, Incarnation)
  /// The connection to this slave broke.
  case slaveExited(SlaveIndex)
  /// The instant that `nextDeadline` named has come.
  case deadline
  /// This slave may not answer from now on: its pings are to be sent, in the rhythm that they have
  /// had since it registered. Says, too, whether the ping last due by now was answered.
  case watch(SlaveIndex, lastAnswered: Bool)
  /// This slave may not answer: it is to be pinged from its next registration on.
  case watchFromRegistration(SlaveIndex)
  /// This slave is sure to answer again: its pings need not be sent.
  case unwatch(SlaveIndex)
  /// Whether every slave is to be pinged, because any message may be lost.
  case pingsAll(Bool)
  /// Lead where another master led.
  indirect case succeed(Succession)
  /// The leadership, or the process, is lost: what is left for the next master is an action.
  case abdicate
}

extension MasterMessage {
  /// Whether a slave comes or goes with it, so that its pings may begin to be events.
  var concernsPings: Bool {
    switch self {
    case .slaveExited, .slave(_, .register), .slave(_, .reregister): true
    default: false
    }
  }
}

/// What a master wants done.
public enum MasterAction: Hashable, Sendable {
  /// Send this to the scheduler process with this number.
  case toScheduler(FrameworkIndex, Incarnation, SchedulerMessage)
  /// Send this to the slave.
  case toSlave(SlaveIndex, SlaveMessage)
  /// Answer an operator.
  case toOperator(number: Int, OperatorAnswer)
  /// Keep this for the master that leads next.
  indirect case toSuccessor(Succession)
}
