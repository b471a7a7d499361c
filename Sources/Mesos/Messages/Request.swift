// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a framework would like to be offered.

/// Resources a framework would like to be offered (mesos.proto, `Request`).
///
/// The master hands it to its allocator, which is free to ignore it; Mesos's own does.
public struct Request: Hashable, Sendable {
  /// The slave they should be on; `nil` for any.
  public var slaveID: SlaveID?
  /// What is wanted.
  public var resources: Resources

  /// Describes a wish.
  public init(slaveID: SlaveID? = nil, resources: Resources) {
    self.slaveID = slaveID
    self.resources = resources
  }
}
