// Part of mesosim. Apache-2.0, see LICENSE.
//
// What masters, slaves and schedulers say to one another: one enum a direction, so that each
// handler's switch is exhaustive and sees only what can reach it.

import DequeModule
public import Mesos

/// What a scheduler's driver says to the master.
public enum SchedulerCall: Sendable {
  /// Take me on as a framework.
  case register(FrameworkInfo)
  /// I have ended: kill my tasks (`stop` without failover).
  case unregister
  /// Send me nothing more (`abort`).
  case deactivate
  /// Use up these offers for these tasks; decline what is left.
  case launchTasks([OfferID], [TaskInfo], Filters)
  /// I can't use these offers.
  case declineOffers([OfferID], Filters)
  /// Forget my filters and make offers again.
  case reviveOffers
  /// Make no offers until I revive them.
  case suppressOffers
  /// Have this task killed.
  case killTask(TaskID)
  /// This update has been seen.
  case acknowledge(SlaveID, TaskID, UpdateID)
}

/// What a slave says to the master.
public enum SlaveReport: Sendable {
  /// Take me on as a slave.
  case register(SlaveInfo)
  /// The state of a task has changed.
  case statusUpdate(FrameworkIndex, TaskStatus)
}

/// Everything that reaches a master.
public enum MasterMessage: Sendable {
  /// A scheduler's call.
  case scheduler(FrameworkIndex, SchedulerCall)
  /// A slave's report.
  case slave(SlaveIndex, SlaveReport)
  /// The instant that `nextDeadline` named has come.
  case deadline
}

/// What the master says to a scheduler's driver.
public enum SchedulerMessage: Sendable {
  /// The framework is registered.
  case registered(FrameworkID, MasterInfo)
  /// Offers of one allocation run.
  case resourceOffers([Offer])
  /// An offer is taken back.
  case rescindOffer(OfferID)
  /// The state of a task has changed.
  case statusUpdate(TaskStatus)
  /// The framework is refused.
  case error(String)
}

/// What the master says to a slave.
public enum SlaveMessage: Sendable {
  /// The slave is registered under this id.
  case registered(SlaveID)
  /// Run this task.
  case runTask(FrameworkIndex, TaskInfo)
  /// Kill this task.
  case killTask(FrameworkIndex, TaskID)
  /// The framework has seen this update.
  case acknowledge(FrameworkIndex, TaskID, UpdateID)
  /// The framework is gone: end everything of it.
  case shutdownFramework(FrameworkIndex)
}

/// What a state machine wants done: effects to carry out and facts to record, in two lanes.
///
/// Handlers append; the process that called takes the effects out in order, and the memory stays,
/// so that a step allocates nothing.
public struct ActionBuffer<Effect> {
  private var effects: Deque<Effect> = []
  private var facts: Deque<ClusterEvent> = []

  /// Makes an empty buffer.
  public init() {}

  /// Asks for an effect.
  public mutating func append(_ effect: Effect) { effects.append(effect) }

  /// States a fact.
  public mutating func record(_ fact: ClusterEvent) { facts.append(fact) }

  /// Takes out the next effect; `nil` when all are carried out.
  public mutating func nextEffect() -> Effect? { effects.popFirst() }

  /// Takes out the next fact; `nil` when all are recorded.
  public mutating func nextFact() -> ClusterEvent? { facts.popFirst() }
}

/// What a master wants sent.
public enum MasterAction: Sendable {
  /// Send this to the framework's scheduler.
  case toScheduler(FrameworkIndex, SchedulerMessage)
  /// Send this to the slave.
  case toSlave(SlaveIndex, SlaveMessage)
}

/// What a slave wants done.
public enum SlaveAction: Sendable {
  /// Send this to the master.
  case toMaster(SlaveReport)
  /// Start the task's command in a container.
  case startContainer(FrameworkIndex, TaskInfo)
  /// Kill the task's container.
  case killContainer(FrameworkIndex, TaskID)
}
