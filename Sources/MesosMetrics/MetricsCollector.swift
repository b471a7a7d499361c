// Part of mesosim. Apache-2.0, see LICENSE.
//
// Listens to a run and keeps the account from which its result is made.

public import Mesos
public import MesosCluster
public import VirtualTime

/// Folds the facts of one run into its metrics, in constant time and bounded memory per fact.
///
///     let collector = MetricsCollector()
///     cluster.recorder.attach(collector)
///     ...
///     let run = collector.measured(identity, window: until ?? collector.end)
///
/// All integrals over time are exact integers, so the order of facts at one instant, and how often
/// the result is asked for, change nothing. Beside fixed tables, 8 bytes are kept for each task
/// (its wait) and one record for each job.
public final class MetricsCollector: ClusterEventSink {
  // Performance.md, "State behind a pointer".
  private let account: UnsafeMutablePointer<RunAccount>

  /// The instant of the last fact.
  public var end: Instant { Instant(nanoseconds: account.pointee.now) }

  /// Whether tasks or executors hold something after the last fact.
  public var isInUse: Bool { account.pointee.levels.used != .zero }

  /// Starts an empty account at the start of the run.
  /// - Parameter weights: What the fair share of each framework is in proportion to, by its number;
  ///   those that are not listed have a weight of 1.
  public init(weights: [Double] = []) {
    account = .allocate(capacity: 1)
    account.initialize(to: RunAccount(weights: weights))
  }

  deinit {
    account.deinitialize(count: 1)
    account.deallocate()
  }

  /// Folds one fact.
  public func record(_ event: ClusterEvent, at now: Instant) {
    account.pointee.fold(event, at: now)
  }

  /// Gives a framework another weight.
  /// - Parameters:
  ///   - weight: What its fair share is in proportion to.
  ///   - framework: The framework.
  ///   - now: From when on; not before the last fact.
  public func setWeight(_ weight: Double, of framework: FrameworkIndex, at now: Instant) {
    account.pointee.setWeight(weight, of: framework, at: now)
  }

  /// The account with every integral reaching the end of the window.
  func settledAccount(at window: Instant) -> RunAccount {
    var copy = account.pointee
    copy.settle(to: window.nanoseconds)
    return copy
  }
}
