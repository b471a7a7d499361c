// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a master writes down before it takes effect, and the next master reads (Rules 8.8, 8.9;
// Mesos: `master/registrar.cpp`). The simulated store is the replicated log of all masters; it
// takes no time and loses nothing.

public import Mesos
import MesosAllocation
public import VirtualTime

/// What outlives a master: who was admitted, who was given up, and what operators said.
public struct Registry: Hashable, Sendable, Codable {
  /// A slave that was admitted and not removed.
  public struct Slave: Hashable, Sendable, Codable {
    /// The machine.
    public var index: SlaveIndex
    /// The id it was given.
    public var id: SlaveID
    /// How it introduced itself.
    public var info: SlaveInfo
  }

  /// A slave that was given up for not answering.
  public struct Unreachable: Hashable, Sendable, Codable {
    /// The id it had.
    public var id: SlaveID
    /// When it was given up.
    public var since: Instant
  }

  /// Admitted slaves, in the order of admission.
  public internal(set) var slaves: [Slave] = []
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

  /// Nothing written yet.
  public init() {}

  /// When a slave was given up for not answering; `nil` when it was not.
  func unreachableSince(_ id: SlaveID) -> Instant? { unreachable.last { $0.id == id }?.since }

  mutating func admit(_ index: SlaveIndex, _ id: SlaveID, _ info: SlaveInfo) {
    unreachable.removeAll { $0.id == id }
    slaves.append(Slave(index: index, id: id, info: info))
  }

  /// - Complexity: O(slaves); slaves are removed one at a time and seldom.
  mutating func remove(_ id: SlaveID) { slaves.removeAll { $0.id == id } }

  mutating func setWeight(_ weight: Double, of role: Role) {
    weights.removeAll { $0.role == role }
    weights.append(WeightInfo(role, weight))
  }

  mutating func setQuota(_ quota: Quota, of role: Role) {
    quotas.removeAll { $0.role == role }
    if !quota.isDefault { quotas.append(QuotaConfig(role, quota)) }
  }

  func quota(of role: Role) -> Quota? { quotas.first { $0.role == role }?.quota }
}
