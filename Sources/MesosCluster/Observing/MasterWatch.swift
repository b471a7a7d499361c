// Part of mesosim. Apache-2.0, see LICENSE.
//
// Who follows the masters step by step: what an HTTP server needs for its streams and counters.

public import Mesos

/// Follows the masters of a cluster; frameworks have the numbers by which masters know them.
public protocol MasterWatch: AnyObject {
  /// A master is told something.
  func told(_ message: borrowing MasterMessage)
  /// Something has happened that operators with a stream hear of.
  func noted(_ note: MasterNote)
  /// A master states a fact.
  func recorded(_ fact: ClusterEvent)
  /// A master has something done.
  func acted(_ action: borrowing MasterAction)
}

extension Cluster {
  /// Lets all slaves remember what those want to see who look at them.
  public func watchSlaves() { for host in slaves { host.slave.isWatched = true } }

  /// Reads what a slave knows.
  /// - Returns: What `body` returns; `nil` where there is no such slave, or its process is down.
  public func withSlave<Value>(_ index: SlaveIndex, _ body: (borrowing Slave) -> Value) -> Value? {
    guard slaves.has(index), slaves[index].isUp else { return nil }
    return body(slaves[index].slave)
  }

  /// Lets somebody follow all masters from now on.
  public func watchMasters(_ watch: any MasterWatch) {
    masterWatch = watch
    for process in masters { process.master.isWatched = true }
  }
}
