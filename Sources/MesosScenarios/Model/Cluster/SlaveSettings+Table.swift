// Part of mesosim. Apache-2.0, see LICENSE.
//
// How every slave is started: the flags of Mesos that matter here.

internal import MesosCluster

extension SlaveSettings {
  static let table = Table(
    name: "slave", blank: SlaveSettings(),
    fields: [
      .optional(
        "diskQuota", \.enforcesDiskQuota, .flag,
        "whether a container that goes past its disk is killed (enforce_container_disk_quota)"),
      .optional(
        "diskWatchInterval", \.diskWatchInterval, .positiveDuration,
        "how often the use of disk is looked at (container_disk_watch_interval)"),
      .optional(
        "executorRegistrationTimeout", \.executorRegistrationTimeout, .positiveDuration,
        "how long an executor has to register"),
      .optional(
        "executorShutdownGracePeriod", \.executorShutdownGracePeriod, .duration,
        "how long an executor has to end itself"),
      .optional(
        "executorReregistrationTimeout", \.executorReregistrationTimeout, .positiveDuration,
        "how long a restarted slave waits for its executors"),
      .optional(
        "recoveryTimeout", \.recoveryTimeout, .positiveDuration,
        "how long an executor waits for its slave"),
      .optional(
        "registrationBackoff", \.registrationBackoff, .positiveDuration,
        "the first window for random delays of registration"),
      .optional(
        "updateRetry", \.updateRetry, .positiveDuration,
        "when an update that is not acknowledged is sent again"),
      .optional(
        "killGracePeriod", \.commandKillGracePeriod, .duration,
        "from SIGTERM to SIGKILL where no kill policy says otherwise"),
      .optional(
        "reportsStarting", \.reportsStarting, .flag,
        "whether commands report TASK_STARTING, as in newer Mesos"),
      .optional(
        "reportsKilling", \.reportsKilling, .flag,
        "whether commands report TASK_KILLING to frameworks that know it, as in newer Mesos"),
      .optional(
        "skipsDisconnected", \.skipsDisconnected, .flag,
        "whether executors are never told 'disconnected', as by Mesos's own drivers"),
      .optional(
        "failsTasksOfExitedExecutors", \.failsTasksOfExitedExecutors, .flag,
        "whether tasks of an executor that exits are FAILED, as in newer Mesos, not LOST"),
      .optional(
        "keepsIDAfterReboot", \.keepsIDAfterReboot, .flag,
        "whether a rebooted slave keeps its id, as in newer Mesos"),
    ])

  /// Offers of slack, if there are any.
  var oversubscription: Oversubscription? {
    get { oversubscriptionInterval.map { Oversubscription(interval: $0) } }
    set { oversubscriptionInterval = newValue?.interval }
  }
}

/// Offers of what tasks hold and do not use.
struct Oversubscription: Sendable {
  /// How often slaves estimate it.
  var interval = Duration.seconds(15)

  static let table = Table(
    name: "oversubscription", blank: Oversubscription(),
    fields: [
      .optional(
        "interval", \.interval, .positiveDuration,
        "how often slaves estimate what is not used (oversubscribed_resources_interval)")
    ])
}
