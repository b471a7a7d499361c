// Part of mesosim. Apache-2.0, see LICENSE.
//
// What an operator can ask of a master: what Mesos offers under HTTP endpoints (Rules 9).

public import Mesos
public import MesosAllocation

/// An operator's request.
public enum OperatorCall: Hashable, Sendable {
  /// Sets weights of roles (`PUT /weights`).
  case updateWeights([WeightInfo])
  /// Sets a role's guarantee and limit to the same, for a role without quota (`POST /quota`).
  case setQuota(Role, guarantee: Resources, isForced: Bool)
  /// Removes a role's quota (`DELETE /quota/<role>`).
  case removeQuota(Role)
  /// Replaces the quotas of several roles, all or none (v1 `UPDATE_QUOTA`).
  case updateQuotas([QuotaConfig], isForced: Bool)
  /// Offers only slaves on these hosts; `nil` for all (`--whitelist`).
  case updateWhitelist([String]?)
  /// Reserves free resources of a slave; given as they will be (`POST /reserve`).
  case reserve(SlaveIndex, Resources)
  /// Gives dynamically reserved resources back to everybody (`POST /unreserve`).
  case unreserve(SlaveIndex, Resources)
  /// Makes persistent volumes of reserved disk (`POST /create-volumes`).
  case createVolumes(SlaveIndex, Resources)
  /// Destroys persistent volumes (`POST /destroy-volumes`).
  case destroyVolumes(SlaveIndex, Resources)
  /// Makes a persistent volume larger or smaller (v1 `GROW_VOLUME`, `SHRINK_VOLUME`).
  case changeVolume(SlaveIndex, OfferOperation)
  /// Ends a framework (`POST /teardown`).
  case teardown(FrameworkIndex)
  /// Says when slaves will be down; slaves that are not named will not
  /// (`POST /maintenance/schedule`).
  case updateMaintenance([SlaveUnavailability])
  /// Makes no more offers of a slave and has its tasks killed (v1 `DRAIN_AGENT`).
  case drain(SlaveIndex)
  /// Takes a drained slave back (v1 `REACTIVATE_AGENT`).
  case reactivate(SlaveIndex)
  /// Says that a slave will never come back (v1 `MARK_AGENT_GONE`).
  case markGone(SlaveIndex)
  /// Makes no more offers of a slave; its tasks go on (v1 `DEACTIVATE_AGENT`).
  case deactivate(SlaveIndex)
  /// Runs a slave dry in this way (v1 `DRAIN_AGENT`).
  case drainBy(SlaveIndex, DrainConfig)
  /// Says when machines will be down; those that are not named will not
  /// (`POST /maintenance/schedule`).
  case schedule([MaintenanceWindow])
  /// Takes machines down (`POST /machine/down`).
  case takeDown([MachineID])
  /// Brings machines back (`POST /machine/up`).
  case bringUp([MachineID])
}

/// Names a machine (mesos.proto, `MachineID`).
public struct MachineID: Hashable, Sendable {
  /// Its host name; empty for none.
  public var hostname: String
  /// Its address; empty for none.
  public var ip: String

  /// Names a machine.
  public init(hostname: String = "", ip: String = "") {
    self.hostname = hostname
    self.ip = ip
  }
}

/// When some machines will be down (maintenance.proto).
public struct MaintenanceWindow: Hashable, Sendable {
  /// The machines.
  public var machines: [MachineID]
  /// When they will be down.
  public var unavailability: Unavailability

  /// Describes a maintenance.
  public init(_ machines: [MachineID], _ unavailability: Unavailability) {
    self.machines = machines
    self.unavailability = unavailability
  }
}

/// A role's weight (mesos.proto, `WeightInfo`).
public struct WeightInfo: Hashable, Sendable {
  /// The role.
  public var role: Role
  /// Its weight; the master refuses what is not above zero.
  public var weight: Double

  /// Describes a weight.
  public init(_ role: Role, _ weight: Double) {
    self.role = role
    self.weight = weight
  }
}

/// A role's quota (quota.proto, `QuotaConfig`).
public struct QuotaConfig: Hashable, Sendable {
  /// The role.
  public var role: Role
  /// Its guarantees and limits.
  public var quota: Quota

  /// Describes a quota.
  public init(_ role: Role, _ quota: Quota) {
    self.role = role
    self.quota = quota
  }
}

/// When a slave will be down for maintenance (maintenance.proto).
public struct SlaveUnavailability: Hashable, Sendable {
  /// The slave.
  public var slave: SlaveIndex
  /// When it will be down.
  public var unavailability: Unavailability

  /// Describes a maintenance.
  public init(_ slave: SlaveIndex, _ unavailability: Unavailability) {
    self.slave = slave
    self.unavailability = unavailability
  }
}

/// How a request of an operator ended, by the statuses of HTTP.
public enum OperatorAnswer: Sendable, Hashable {
  /// Done (200, or 202 where a slave must still hear of it).
  case done
  /// The request cannot be meant so (400).
  case badRequest(String)
  /// The principal may not (403).
  case forbidden(String)
  /// It cannot be done as things are (409).
  case conflict(String)
  /// There is no such thing (404).
  case notFound(String)
}
