// Part of mesosim. Apache-2.0, see LICENSE.
//
// How a task is killed.

/// How much time a task has to end itself before it is killed (mesos.proto, `KillPolicy`).
public struct KillPolicy: Hashable, Sendable {
  /// The time from the request to end (SIGTERM) to the kill (SIGKILL); `nil` for the executor's
  /// standard, 3 s.
  ///
  /// The master refuses what is negative.
  public var gracePeriod: Duration?

  /// Describes a policy.
  public init(gracePeriod: Duration? = nil) { self.gracePeriod = gracePeriod }
}
