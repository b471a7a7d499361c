// Part of mesosim. Apache-2.0, see LICENSE.
//
// The fields that the client package `marathon` takes: it fails on any other.

import Mesos
import Testing

/// The fields that clients take of each kind of object.
enum ClientKeys {
  static let app = words(
    """
    acceptedResourceRoles args backoffFactor backoffSeconds cmd constraints container cpus
    dependencies deployments disk env executor healthChecks id role instances killSelection labels
    lastTaskFailure maxLaunchDelaySeconds mem ports requirePorts storeUrls taskRateLimit tasks
    tasksRunning tasksStaged tasksHealthy taskKillGracePeriodSeconds tasksUnhealthy upgradeStrategy
    unreachableStrategy uris user version versionInfo ipAddress fetch taskStats readinessChecks
    readinessCheckResults secrets portDefinitions residency gpus networks
    """)
  static let task = words(
    """
    appId healthCheckResults host id ports servicePorts slaveId stagedAt startedAt version
    ipAddresses state localVolumes region zone role
    """)
  static let deployment = words(
    "affectedApps affectedPods currentActions currentStep id steps totalSteps version")
  static let action = words("action app apps type readinessCheckResults pod")
  static let group = words("apps dependencies groups id pods version")
  static let queueItem = words(
    "app overdue count delay since processedOffersSummary lastUnusedOffers")
  static let failure = words(
    "appId host message taskId instanceId slaveId state timestamp version")
  static let plan = words("original target steps id version")
  static let info = words(
    """
    event_subscriber frameworkId http_config leader marathon_config name version elected
    zookeeper_config buildref
    """)

  private static func words(_ text: String) -> Set<String> {
    Set(text.split(whereSeparator: \.isWhitespace).map { String($0) })
  }

  /// Holds an object to the fields that are taken; there must be some.
  static func hold(_ object: JSONValue, to keys: Set<String>) {
    let own = (object.members ?? []).map(\.key)
    #expect(!own.isEmpty)
    #expect(Set(own).isSubset(of: keys), "\(Set(own).subtracting(keys))")
    #expect(Set(own).count == own.count, "a field stands twice")
  }
}
