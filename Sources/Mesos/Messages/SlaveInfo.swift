// Part of mesosim. Apache-2.0, see LICENSE.
//
// How a slave introduces itself.

/// A slave as it introduces itself to the master (mesos.proto, `SlaveInfo`).
public struct SlaveInfo: Hashable, Sendable {
  /// The slave's host.
  public var hostname: String
  /// The port that the slave listens on.
  public var port: Int
  /// The number of its process among those at one address, from 1 (libprocess: `slave(1)`).
  public var process: Int = 1
  /// Everything that the slave manages.
  public var resources: Resources
  /// What is said of the slave; handed on in every offer.
  public var attributes: Attributes
  /// The id given at an earlier registration; `nil` the first time.
  public var id: SlaveID?
  /// Where the slave is.
  public var domain: DomainInfo?

  /// Describes a slave.
  public init(
    hostname: String, port: Int = 5051, resources: Resources,
    attributes: Attributes = Attributes(), id: SlaveID? = nil, domain: DomainInfo? = nil
  ) {
    self.hostname = hostname
    self.port = port
    self.resources = resources
    self.attributes = attributes
    self.id = id
    self.domain = domain
  }

  /// What it can deal with, by its words of the wire; `nil` for whatever there is.
  public var capabilities: [String]?

  /// The version of Mesos that it speaks, such as `1.11.0`; `nil` for the master's own.
  public var version: String?

  /// What is wrong with the resources that it names, in the words of Mesos, where something is:
  /// `resources` is then what was valid of them, and no master takes the slave on.
  public var fault: String?

  /// Whether the slave writes to disk what it must know after a restart: always.
  ///
  /// Only old versions of Mesos let one say no.
  public var hasCheckpointing: Bool { true }
}

/// Where a machine is, for those who spread what they run (mesos.proto, `DomainInfo.FaultDomain`).
public struct DomainInfo: Hashable, Sendable {
  /// The region: zones in one region reach each other fast.
  public var region: String
  /// The zone within the region: what fails together.
  public var zone: String

  /// Describes where a machine is.
  public init(region: String, zone: String) {
    self.region = region
    self.zone = zone
  }
}
