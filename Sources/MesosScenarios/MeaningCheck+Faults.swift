// Part of mesosim. Apache-2.0, see LICENSE.
//
// Faults that the cluster as it is set up does not recover from.

internal import MesosCluster
internal import SimulationKernel

extension MeaningCheck {
  /// Says so when offers can be lost on their way and are never taken back.
  ///
  /// Between master and scheduler messages are just lost: without a timeout the master holds such
  /// an offer for open, and its framework, which has all that it could be offered, gets no other.
  mutating func checkLoss() {
    guard scenario.cluster.master.offerTimeout == nil else { return }
    var path: Path?
    if scenario.cluster.network.loss > 0 { path = Path() + "cluster" + "network" + "loss" }
    for (index, fault) in scenario.faults.enumerated() where path == nil {
      if case .fault(.network(let conditions?)) = fault.event, conditions.canLose {
        path = Path() + "faults" + index + "network" + "loss"
      }
    }
    guard let path else { return }
    warn(
      path,
      "an offer that is lost on its way stays out for ever; "
        + "set 'cluster.offerTimeout', such as 60s")
  }
}
