// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a master writes down before it takes effect, and the next master reads (Rules 8.8, 8.9;
// Mesos: `master/registrar.cpp`). The simulated store is the replicated log of all masters; it
// takes no time and loses nothing.

public import Mesos
import MesosAllocation
public import VirtualTime

/// What outlives a master: who was admitted, who was given up, and what operators said.
public struct Registry: Hashable, Sendable {
  /// A slave that was admitted and not removed.
  public struct Slave: Hashable, Sendable {
    /// The machine.
    public var index: SlaveIndex
    /// The id it was given.
    public var id: SlaveID
    /// How it introduced itself.
    public var info: SlaveInfo
  }

  /// A slave that was given up for not answering.
  public struct Unreachable: Hashable, Sendable {
    /// The id it had.
    public var id: SlaveID
    /// When it was given up.
    public var since: Instant
  }

  /// Admitted slaves, each in its place: one is removed without looking at the others.
  private var places: [Slave?] = []
  /// Slaves that were given up for not answering; the newest last.
  public internal(set) var unreachable: [Unreachable] = []
  /// Slaves that an operator declared gone.
  public internal(set) var gone: [SlaveID] = []
  /// Weights that an operator set, each role once.
  public internal(set) var weights: [WeightInfo] = []
  /// Quotas that an operator set, each role once.
  public internal(set) var quotas: [QuotaConfig] = []
  /// When slaves will be down.
  public internal(set) var maintenance: [SlaveUnavailability] = []

  /// When machines will be down, as operators said it (Mesos 1.11).
  public internal(set) var windows: [MaintenanceWindow] = []
  /// Machines that are down.
  public internal(set) var down: [MachineID] = []
  /// What operators want of slaves, by their ids.
  var orders: [SlaveID: SlaveOrder] = [:]

  /// Nothing written yet.
  public init() {}

  /// When a slave was given up for not answering; `nil` when it was not.
  func unreachableSince(_ id: SlaveID) -> Instant? { unreachable.last { $0.id == id }?.since }

  /// The slaves that were admitted and not removed.
  public var slaves: [Slave] { places.compactMap(\.self) }

  mutating func admit(_ index: SlaveIndex, _ id: SlaveID, _ info: SlaveInfo) {
    while places.count <= Int(index) { places.append(nil) }
    places[index] = Slave(index: index, id: id, info: info)
  }

  /// Admits a slave again that was given up.
  mutating func readmit(_ index: SlaveIndex, _ id: SlaveID, _ info: SlaveInfo) {
    unreachable.removeAll { $0.id == id }
    admit(index, id, info)
  }

  mutating func remove(_ index: SlaveIndex) {
    if places.has(index) { places[index] = nil }
  }

  mutating func setWeight(_ weight: Double, of role: Role) {
    weights.removeAll { $0.role == role }
    weights.append(WeightInfo(role, weight))
  }

  mutating func setQuota(_ quota: Quota, of role: Role, keepsNone: Bool = false) {
    quotas.removeAll { $0.role == role }
    if keepsNone || !quota.isDefault { quotas.append(QuotaConfig(role, quota)) }
  }

  /// Declares a slave gone that was given up for not answering.
  mutating func giveUp(_ id: SlaveID) {
    unreachable.removeAll { $0.id == id }
    gone.append(id)
  }

  func quota(of role: Role) -> Quota? { quotas.first { $0.role == role }?.quota }
}
