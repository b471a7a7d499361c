// Part of mesosim. Apache-2.0, see LICENSE.
//
// What the script has an operator do.

import Mesos
import MesosAllocation
import MesosCluster
import VirtualTime

extension MasterReplay {
  /// The answer to a request; `nil` for one that cannot be expressed.
  func ask(_ step: JSONValue) throws -> HTTPAnswer? { nil }

  /// Ends the master and starts another one on the same registry.
  func failOver() {
    let succession = master.abdicated(at: now)
    mastersMade += 1
    master = MasterReplay.makeMaster(mastersMade, settings, options)
    for name in schedulers.keys {
      schedulers[name]?.isReachable = false
      schedulers[name]?.incarnation = nil
    }
    tell(.pingsAll(true))
    if let succession { tell(.succeed(succession)) }
  }
}
