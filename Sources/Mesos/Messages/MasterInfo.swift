// Part of mesosim. Apache-2.0, see LICENSE.
//
// How a master introduces itself.

/// What a framework learns of the master it registered with (mesos.proto, `MasterInfo`).
public struct MasterInfo: Hashable, Sendable {
  /// The master's id, new with each incarnation.
  public var id: String
  /// The host that the master runs on.
  public var hostname: String
  /// The port that the master listens on.
  public var port: Int
  /// The address that the master listens on.
  public var ip: IPv4Address
  /// The version of Mesos that the master speaks for, where that is said.
  public var version: String?
  /// Where the master is.
  public var domain: DomainInfo?
  /// What the master can do beyond the first version, such as `AGENT_UPDATE`.
  public var capabilities: [String]

  /// Describes a master.
  public init(
    id: String, hostname: String, port: Int = 5050, ip: IPv4Address = .loopback,
    version: String? = nil, domain: DomainInfo? = nil, capabilities: [String] = []
  ) {
    self.id = id
    self.hostname = hostname
    self.port = port
    self.ip = ip
    self.version = version
    self.domain = domain
    self.capabilities = capabilities
  }

  /// The master as libprocess names it, such as `master@127.0.0.1:5050`.
  public var pid: String { "master@\(ip):\(port)" }
}

/// An address of four bytes.
public struct IPv4Address: Hashable, Sendable, CustomStringConvertible {
  /// The address in network order, as a number of a little-endian host: its first byte is the
  /// lowest.
  ///
  /// So Mesos has it in its JSON: 127.0.0.1 is 16777343.
  public var networkOrder: UInt32

  /// Makes an address from its four bytes, in the order in which they are written.
  public init(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8) {
    networkOrder =
      UInt32(first) | UInt32(second) << 8 | UInt32(third) << 16 | UInt32(fourth) << 24
  }

  /// The host itself, 127.0.0.1.
  public static let loopback = IPv4Address(127, 0, 0, 1)

  /// The four bytes, with a point between.
  public var description: String {
    "\(networkOrder & 255).\(networkOrder >> 8 & 255).\(networkOrder >> 16 & 255)."
      + "\(networkOrder >> 24)"
  }
}
