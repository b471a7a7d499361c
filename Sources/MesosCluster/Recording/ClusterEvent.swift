// Part of mesosim. Apache-2.0, see LICENSE.
//
// The facts of a run, in the order in which they became true. Everything that reads a run (digest,
// metrics, event log, invariants) reads this stream and nothing else.

public import Mesos
public import MesosAllocation
public import VirtualTime

/// How an offer ended.
public enum OfferEnd: UInt8, Sendable, CaseIterable {
  /// Answered with tasks.
  case accepted
  /// Answered without tasks.
  case declined
  /// Taken back by the master, and the framework was told.
  case rescinded
  /// Gone with its framework or slave, or answered with something invalid.
  case discarded
}

/// One fact of a run: a decision or a change of state, never a message hop.
///
/// Facts carry dense numbers and resources, no strings: who shows them knows the names.
public enum ClusterEvent: Sendable {
  /// A slave registered with this capacity.
  case slaveAdded(SlaveIndex, Resources)
  /// A slave's resources are divided up otherwise: reserved, made into volumes, oversubscribed.
  case slaveChanged(SlaveIndex, Resources)
  /// A slave is gone, and its capacity with it.
  case slaveRemoved(SlaveIndex)
  /// A slave's connection broke; it has time to come back.
  case slaveDisconnected(SlaveIndex)
  /// A slave came back in time.
  case slaveReconnected(SlaveIndex)
  /// A framework registered.
  case frameworkAdded(FrameworkIndex)
  /// A framework is gone for good.
  case frameworkRemoved(FrameworkIndex)
  /// A framework's scheduler is gone; it has its failover timeout to come back.
  case frameworkDisconnected(FrameworkIndex)
  /// A framework's scheduler is back, or another took over.
  case frameworkConnected(FrameworkIndex)
  /// A framework has left: its unfinished jobs are abandoned, and it waits for nothing any more.
  /// The master has yet to hear of it; `frameworkRemoved` follows.
  case frameworkLeft(FrameworkIndex)
  /// A framework's scheduler was started again and has not kept the framework's id: jobs that the
  /// one before had finished are others if they come again. To the master there is another
  /// framework, and the one before until its failover timeout is over; all facts of both name the
  /// one framework.
  case frameworkReplaced(FrameworkIndex)
  /// A fault was injected; its number among those of the run.
  case fault(Int32)
  /// A master leads from here on.
  case masterElected(MasterIndex)
  /// The master that led no longer does.
  case masterLost(MasterIndex)

  /// The master offered these resources; they count as allocated until the offer ends.
  case offered(FrameworkIndex, SlaveIndex, Resources)
  /// The offer of these resources ended; what was launched on it follows as `taskLaunched`.
  case offerEnded(FrameworkIndex, SlaveIndex, Resources, OfferEnd)

  /// The master offered what an allocation decided for some of the slaves of a run, given by their
  /// places in it: an `offered` for each, ascending.
  case runOffered(FrameworkIndex, AllocationRun, Range<Int>)
  /// Offers of a run ended in the same way, none of them with a launch: an `offerEnded` for each.
  case runEnded(FrameworkIndex, AllocationRun, Range<Int>, OfferEnd)

  /// The master accepted a task; its resources count as used from here on. Tasks are numbered in
  /// the order of their launches.
  case taskLaunched(FrameworkIndex, SlaveIndex, Resources, TaskNumber)
  /// The task's executor reported it running.
  case taskRunning(FrameworkIndex, SlaveIndex, TaskNumber)
  /// The task reached a terminal state and its resources are free again; why, if the update that
  /// said so gave a reason.
  case taskEnded(
    FrameworkIndex, SlaveIndex, Resources, TaskState, TaskNumber, reason: StatusReason? = nil)
  /// An executor holds these resources beside its tasks; they count as used.
  case executorStarted(FrameworkIndex, SlaveIndex, Resources)
  /// What an executor held is free again.
  case executorEnded(FrameworkIndex, SlaveIndex, Resources)
  /// A task that never held resources was refused with this terminal state, for this reason.
  case taskRefused(FrameworkIndex, TaskState, StatusReason)

  /// A framework said that a job was submitted to it.
  case jobSubmitted(FrameworkIndex, JobID)
  /// A framework said that a job is done.
  case jobFinished(FrameworkIndex, JobID)
  /// A framework said that a job ended without success.
  case jobAbandoned(FrameworkIndex, JobID)
  /// A framework said that `delta` more (or fewer) tasks of this shape wait to be launched.
  case demand(FrameworkIndex, shape: Resources, delta: Int)
  /// A framework's process or its driver ended, and with it all that it said to wait. The next
  /// process says anew what waits.
  case demandEnded(FrameworkIndex)
  /// A task of the job reached TASK_RUNNING after waiting, runnable, since the instant given.
  case taskWaited(FrameworkIndex, JobID, since: Instant, until: Instant)
  /// A framework said that from here on so many tasks of a group are to be up.
  case tasksWanted(FrameworkIndex, GroupID, count: Int)
  /// A framework said that a task of a group is up: until `taskEnded`.
  case taskUp(FrameworkIndex, GroupID, TaskNumber)
  /// A framework said that a task leaves so much of what it holds idle: until `taskEnded`.
  case taskIdle(FrameworkIndex, TaskNumber, Resources)

  /// The master made an allocation, whose offers have just been told. Only where reasons are asked
  /// for (`Cluster.statePasses`); no part of a run's identity.
  case passMade(AllocationPass)
}

extension ClusterEvent {
  /// Calls with each fact of a single offer that this one stands for, in order, or with itself.
  public func forEachSingle(_ body: (ClusterEvent) -> Void) {
    switch self {
    case .runOffered(let framework, let run, let places):
      for place in places {
        body(.offered(framework, run.slaves[place], run.resources(at: place)))
      }
    case .runEnded(let framework, let run, let places, let end):
      for place in places {
        body(.offerEnded(framework, run.slaves[place], run.resources(at: place), end))
      }
    default: body(self)
    }
  }
}

/// Reads the facts of a run as they happen.
public protocol ClusterEventSink: AnyObject {
  /// Called once for each fact, in order, while an event is handled: it may look at the cluster,
  /// not change it.
  func record(_ event: ClusterEvent, at now: Instant)
  /// Called with each note, in order among the facts.
  func record(_ note: ClusterNote, at now: Instant)
}

extension ClusterEventSink {
  /// Ignores it.
  public func record(_ note: ClusterNote, at now: Instant) {}
}

/// What is told in words beside the facts: it explains them, and is no part of the run's identity.
public enum ClusterNote: Hashable, Sendable {
  /// A framework said how a change of its services goes on.
  case change(FrameworkIndex, ServiceChange)
  /// An operator asked for something, in JSON as a scenario has it, and what the master said
  /// against it; empty if nothing.
  case operated(json: String, refusal: String)
}
