// Part of mesosim. Apache-2.0, see LICENSE.
//
// Schedulers that live outside the simulation and speak with the master by its HTTP API: to the
// cluster they are processes without a driver, whose messages are handed out.

public import Mesos
import SimulationKernel

/// Who hears what is said to schedulers outside the simulation.
public protocol RemoteSchedulers: AnyObject {
  /// A message has arrived at a scheduler.
  func hear(
    _ message: SchedulerMessage, at framework: FrameworkIndex, _ incarnation: Incarnation)

  /// The connection with a scheduler has ended: cut by a fault, or because a message was lost.
  func connectionEnded(with framework: FrameworkIndex, _ incarnation: Incarnation)

  /// Something about a scheduler outside is not as whoever wrote the scenario may think.
  func warn(_ text: String)
}

extension Cluster {
  /// How many frameworks have been numbered: the number of the next.
  public var frameworkNumbers: Int { owners.count }

  /// Opens a connection of a scheduler outside with the master that leads, and subscribes on it.
  ///
  /// A framework that has not been heard of is admitted; of one that has, the process before ends
  /// without a word, as when its connection is left for a new one. To be called between two steps
  /// of the simulation or in the handling of an event.
  /// - Parameters:
  ///   - subscription: What it says.
  ///   - number: The number of its framework, at most `frameworkNumbers`.
  ///   - incarnation: A number for the connection that none before had.
  public func connect(
    _ subscription: Subscription, as number: FrameworkIndex, _ incarnation: Incarnation
  ) {
    var setup = ClusterSetup.Framework(
      info: subscription.info, makeScheduler: { _ in NoScheduler() },
      makeExecutor: { _, _ in nil })
    setup.isRemote = true
    if Int(number) < owners.count {
      let framework = owners[number]
      let old = schedulers[framework]
      guard old.setup.isRemote else { return }
      setup.info.id = setup.info.id ?? old.setup.info.id
      schedulers[framework] = SchedulerProcess(
        index: framework, incarnation: incarnation, setup: setup, storage: old.storage,
        cluster: self, after: old)
    } else {
      _ = admit(setup, incarnation: incarnation)
    }
    call(.subscribe(subscription), of: number, incarnation)
  }

  /// Carries a call of a scheduler outside to the master that leads.
  public func call(
    _ call: consuming SchedulerCall, of number: FrameworkIndex, _ incarnation: Incarnation
  ) {
    guard let leader, Int(number) < owners.count else { return }
    self.call(consume call, from: owners[number], number, incarnation, to: leader)
  }

  /// A scheduler outside has closed its connection; the master learns of it.
  public func disconnect(_ number: FrameworkIndex, _ incarnation: Incarnation) {
    guard Int(number) < owners.count else { return }
    let process = schedulers[owners[number]]
    guard process.incarnation == incarnation else { return }
    end(process, of: process.index, as: .dead)
  }

  /// A framework of a scheduler outside is known no longer: nothing is left for it to do.
  public func forget(_ number: FrameworkIndex) {
    guard Int(number) < owners.count else { return }
    let process = schedulers[owners[number]]
    if process.setup.isRemote, process.number == number { process.state = .done }
  }

  /// Whether a framework's scheduler is outside.
  public func isRemote(_ number: FrameworkIndex) -> Bool {
    Int(number) < owners.count && schedulers[owners[number]].setup.isRemote
  }

  /// Whether a scheduler outside could reach the master that leads, and is not stopped by a fault.
  public func reachesLeader(_ number: FrameworkIndex?) -> Bool {
    guard let leader, isLeading(leader), masters[leader].state == .running else { return false }
    guard let number, Int(number) < owners.count else { return true }
    let framework = owners[number]
    return !isBlocked(.scheduler(framework), .master(leader))
      && !isBlocked(.master(leader), .scheduler(framework))
  }

  /// Numbers the process of the master that leads, another one after each election.
  ///
  /// `nil` while none does.
  public var leadingNumber: Int32? {
    guard let leader, isLeading(leader) else { return nil }
    return electionNumber
  }

  /// Reads what the master that leads knows.
  /// - Returns: What `body` returns; `nil` while no master leads.
  public func withLeader<Value>(_ body: (inout Master) -> Value) -> Value? {
    guard let leader, isLeading(leader), masters[leader].state == .running else { return nil }
    return body(&masters[leader].master)
  }
}

/// Stands for a scheduler that is not in the simulation.
private final class NoScheduler: Scheduler {}
