// Part of mesosim. Apache-2.0, see LICENSE.
//
// Which Mesos the parties of a cluster behave like, where its versions differ (Rules, differences
// between the versions, and Rules 14).

internal import MesosCluster

/// Which Mesos the parties of a cluster behave like; what is set besides is as it is set.
public enum Behaviour: String, CaseIterable, Sendable {
  /// Mesos of the end of 2014.
  case mesos0_20 = "0.20"
  /// The last release, as its master, agent and driver were recorded.
  case mesos1_11 = "1.11"

  /// Sets everything that this Mesos does otherwise than a cluster of which nothing is said.
  func apply(to cluster: inout ClusterDescription) {
    let isNew = self == .mesos1_11
    // What both versions do, and their documentation does not say.
    cluster.master.answersFailoverWithRegistered = true
    cluster.master.leavesGhosts = true
    cluster.slave.skipsDisconnected = true
    // What came later.
    cluster.master.followsMesos1_11 = isNew
    cluster.master.losesInvalidTasks = !isNew
    cluster.master.readmitsLostSlaves = isNew
    cluster.slave.failsTasksOfExitedExecutors = isNew
    cluster.slave.reportsStarting = isNew
    cluster.slave.reportsKilling = isNew
    cluster.slave.keepsIDAfterReboot = isNew
    cluster.slave.saysAgent = isNew
  }
}

extension ClusterDescription {
  /// The behaviour; setting it sets all that belongs to it.
  package var chosenBehaviour: Behaviour? {
    get { behaviour }
    set {
      behaviour = newValue
      newValue?.apply(to: &self)
    }
  }
}
