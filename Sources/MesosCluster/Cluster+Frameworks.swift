// Part of mesosim. Apache-2.0, see LICENSE.
//
// Which frameworks there are: those given at the start, those admitted while the cluster runs, and
// when each comes, leaves and comes back. What their processes say and hear is not in here.

public import Mesos

import SimulationKernel
import VirtualTime

extension Cluster {
  /// Takes a framework on, also while the cluster runs.
  ///
  /// Its scheduler is started when its presence says so, which is counted from now, or from `start`
  /// where that is still to come. Partitions in force that name schedulers by a pattern do not cut
  /// it off: they are about those that there were. To be called between two steps of the simulation
  /// or in a callback of a scheduler.
  /// - Parameter framework: What its processes are made from.
  /// - Returns: Its index: the next one.
  @discardableResult
  public func admit(_ framework: ClusterSetup.Framework) -> FrameworkIndex {
    admit(framework, incarnation: 0)
  }

  /// Takes a framework on, whose first process has this number.
  func admit(
    _ framework: ClusterSetup.Framework, incarnation: Incarnation
  ) -> FrameworkIndex {
    let index = FrameworkIndex(schedulers.count)
    let firstLink = network.addLink()
    for _ in 1..<(setup.masters * 2) { _ = network.addLink() }
    schedulerLinks.append(firstLink.index)
    toldElections.schedulers.append(0)
    if !setup.serviceTimes.areZero { mailboxes.schedulers.append(Mailbox()) }
    let process =
      framework.presence.start > .zero
      ? SchedulerProcess(absent: index, setup: framework, cluster: self)
      : SchedulerProcess(
        index: index, incarnation: incarnation, setup: framework, storage: FrameworkStorage(),
        cluster: self)
    schedulers.append(process)
    if process.number != index { isRenumbered = true }
    if hasStarted { beginPresence(of: index) }
    return index
  }

  /// Ends a framework for good, as its owner would: its driver is stopped, by which the master ends
  /// its tasks, and its process ends.
  ///
  /// What it has told of jobs and of demand is void from here on: unfinished jobs count as
  /// abandoned. A process that is dead or stands still says nothing to the master, nor does one
  /// without a connection; its tasks then end with its failover timeout. Nothing happens when the
  /// framework is not there; of one that had stopped its driver itself no more is recorded. To be
  /// called between two steps of the simulation.
  /// - Parameter framework: Its index.
  public func dismiss(_ framework: FrameworkIndex) {
    let process = schedulers[framework]
    guard process.state != .absent else { return }
    let hasStopped = process.driver.ending == .stopped
    // That it has left says so, too.
    process.environment.endDemand(isTold: hasStopped)
    if process.state == .running { _ = process.driver.stop(failover: false) }
    end(process, of: framework, as: .absent)
    outages.endAll(of: .scheduler(framework))
    if !hasStopped { recorder.record(.frameworkLeft(framework), at: simulation.now) }
  }

  /// Starts the scheduler of a framework that has left or was not there yet: a new process with an
  /// empty store and, to the master, a new framework, which knows nothing of the one before.
  ///
  /// Nothing happens when the framework is there. To be called between two steps of the simulation.
  /// - Parameter framework: Its index.
  public func readmit(_ framework: FrameworkIndex) {
    let process = schedulers[framework]
    guard process.state == .absent else { return }
    startProcess(of: framework, with: FrameworkStorage())
  }

  /// Starts a framework now or plans to, and plans when it leaves and comes back.
  func beginPresence(of framework: FrameworkIndex) {
    let process = schedulers[framework]
    let presence = process.setup.presence
    func plan(_ code: Code, after delay: Duration) {
      schedule(code, framework, 0, at: simulation.now + delay, priority: .timer)
    }
    func planStart(after delay: Duration) {
      comingFrameworks += 1
      plan(.frameworkStart, after: delay)
    }
    if process.state == .absent {
      planStart(after: presence.start)
    } else if !process.setup.isRemote {
      _ = process.driver.start()
    }
    if let leave = presence.leave { plan(.frameworkLeave, after: leave) }
    if let comeBack = presence.comeBack { planStart(after: comeBack) }
  }

  /// Whether a framework is to come, or one that is there or has died has not ended its work.
  ///
  /// Who stops its driver or gives up has ended it.
  public var hasWorkLeft: Bool {
    comingFrameworks > 0 || schedulers.contains(where: \.hasWorkLeft)
  }

  /// Gives a framework the next number under which masters and slaves will know it.
  func newNumber(for framework: FrameworkIndex) -> FrameworkIndex {
    owners.append(framework)
    return FrameworkIndex(owners.count - 1)
  }
}
