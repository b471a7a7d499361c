// Part of mesosim. Apache-2.0, see LICENSE.
//
// Dense numbers of what only a cluster counts: masters, processes and tasks. Those of slaves and
// frameworks, which allocators know as well, are in Mesos (`Indices.swift`).

public import Mesos

/// Numbers the masters of a cluster, from 0.
@frozen
public struct MasterIndex: DenseIndex {
  /// The number.
  public let rawValue: Int32
  /// Makes one from its number.
  @inlinable @inline(__always)
  public init(rawValue: Int32) { self.rawValue = rawValue }
}

/// Numbers the processes that ran or run one party, from 0: a restarted scheduler is another
/// incarnation, and a message from or to an earlier one is dropped.
@frozen
public struct Incarnation: DenseIndex {
  /// The number.
  public let rawValue: Int32
  /// Makes one from its number.
  @inlinable @inline(__always)
  public init(rawValue: Int32) { self.rawValue = rawValue }
}

/// Numbers the tasks of a run, from 0 in the order of their launches.
@frozen
public struct TaskNumber: DenseIndex {
  /// The number.
  public let rawValue: Int32
  /// Makes one from its number.
  @inlinable @inline(__always)
  public init(rawValue: Int32) { self.rawValue = rawValue }
}
