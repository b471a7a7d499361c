// Part of mesosim. Apache-2.0, see LICENSE.
//
// What an update does next to one instance (Aurora,
// `org.apache.aurora.scheduler.updater`).

/// One instance of a job during an update.
public struct InstanceUpdate: Hashable, Sendable {
  /// What is to be done next.
  public enum Action: String, Hashable, Sendable {
    /// A task is to be added.
    case add
    /// The task is to be killed.
    case kill
    /// The task is to be killed and its slave kept for the next.
    case killAndReserve = "kill-and-reserve"
    /// Nothing before the task's state changes.
    case wait
    /// Nothing yet: the task has to run a while longer.
    case watch
    /// The instance is as it should be.
    case succeeded
    /// The instance's update has failed.
    case failed
  }

  /// The task there is.
  public struct Actual: Hashable, Sendable {
    /// Whether it has the configuration that is wanted.
    public var isWanted: Bool
    /// Its state.
    public var state: AuroraTaskState
    /// Whether somebody has wanted it to end.
    public var wasKilling: Bool
    /// How long it has been in its state, in seconds.
    public var secondsInState: Double

    /// Describes a task.
    public init(
      isWanted: Bool, state: AuroraTaskState, wasKilling: Bool = false, secondsInState: Double = 0
    ) {
      self.isWanted = isWanted
      self.state = state
      self.wasKilling = wasKilling
      self.secondsInState = secondsInState
    }
  }

  /// Whether the instance is to exist after the update.
  public var isWanted: Bool
  /// Whether the new configuration may go where the old one is: it needs no more of any resource
  /// and has the same constraints.
  public var fitsInPlace: Bool
  /// How many tasks of the new configuration have failed in this update.
  public var failures: Int
  /// How many may fail.
  public var maxFailures: Int
  /// How long the new task must run, in seconds.
  public var watchSeconds: Double

  /// Describes an instance.
  public init(
    isWanted: Bool, fitsInPlace: Bool, failures: Int = 0, maxFailures: Int = 0,
    watchSeconds: Double = 45
  ) {
    self.isWanted = isWanted
    self.fitsInPlace = fitsInPlace
    self.failures = failures
    self.maxFailures = maxFailures
    self.watchSeconds = watchSeconds
  }

  /// What is to be done next.
  ///
  /// - Parameter actual: The task there is; `nil` for none.
  /// - Returns: The action.
  public func next(_ actual: Actual?) -> Action {
    // Only a task that was told to go is really gone: any other gets a successor, which is waited
    // for and killed in its turn.
    guard let actual, !(actual.state.isTerminal && actual.wasKilling) else {
      return isWanted ? .add : .succeeded
    }
    guard isWanted else { return actual.state.isKillable ? .kill : .wait }
    guard actual.isWanted else {
      guard actual.state.isKillable else { return .wait }
      return fitsInPlace ? .killAndReserve : .kill
    }
    if actual.state == .running {
      return actual.secondsInState >= watchSeconds ? .succeeded : .watch
    }
    guard actual.state.isTerminal else { return .wait }
    return failures >= maxFailures ? .failed : .wait
  }
}
