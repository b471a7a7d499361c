// Part of mesosim. Apache-2.0, see LICENSE.
//
// Whether a task may go to a slave (Aurora,
// `org.apache.aurora.scheduler.filter`).

/// What a task needs of a slave.
public struct AuroraNeed: Hashable, Sendable {
  /// What it takes.
  public var amounts: AuroraAmounts
  /// How many ports it takes.
  public var ports: Int
  /// What it wants of the slave's attributes.
  public var constraints: [AuroraConstraint]

  /// What Thermos needs beside each task.
  public static let executorOverhead = AuroraAmounts(cpus: 0.25, ram: 128)

  /// Describes a need.
  public init(_ amounts: AuroraAmounts, ports: Int = 0, constraints: [AuroraConstraint] = []) {
    self.amounts = amounts
    self.ports = ports
    self.constraints = constraints
  }
}

/// What Aurora knows of a slave.
public struct AuroraSlave: Hashable, Sendable {
  /// How far it is on its way out of use.
  public enum Mode: String, Hashable, Sendable {
    /// It is in use.
    case none = "NONE"
    /// It will be taken out of use.
    case scheduled = "SCHEDULED"
    /// Its tasks are going.
    case draining = "DRAINING"
    /// Its tasks are gone.
    case drained = "DRAINED"
  }

  /// Its attributes.
  public var attributes: AuroraAttributes
  /// How far it is on its way out of use.
  public var mode: Mode
  /// How long until it is announced to be unavailable, in seconds; `nil` for not at all.
  public var unavailableIn: Double?

  /// Describes a slave.
  public init(
    _ attributes: AuroraAttributes, mode: Mode = .none, unavailableIn: Double? = nil
  ) {
    self.attributes = attributes
    self.mode = mode
    self.unavailableIn = unavailableIn
  }
}

/// Where the tasks of a job are: how many there are where an attribute has which value.
public struct AuroraTally: Hashable, Sendable {
  private var counts: [String: [String: Int]] = [:]

  /// Nowhere.
  public init() {}

  /// Counts a task; one that takes up no room on a slave does not count.
  public mutating func add(_ state: AuroraTaskState, on attributes: AuroraAttributes) {
    guard state.hasSlave else { return }
    for entry in attributes.entries {
      for value in entry.values { counts[entry.name, default: [:]][value, default: 0] += 1 }
    }
  }

  /// Counts tasks, or with a number below zero fewer of them, by these attributes alone.
  mutating func count(_ number: Int, by names: [String], on attributes: AuroraAttributes) {
    for name in names {
      for value in attributes[name] ?? [] {
        counts[name, default: [:]][value, default: 0] += number
      }
    }
  }

  /// How many there are where the attribute has the value.
  public func count(_ name: String, _ value: String) -> Int { counts[name]?[value] ?? 0 }
}

/// Why a task may not go to a slave.
public struct AuroraVeto: Hashable, Sendable, CustomStringConvertible {
  /// A kind of reason.
  public enum Reason: Hashable, Sendable {
    /// The slave is kept for others.
    case dedicated
    /// The slave is on its way out of use.
    case maintenance
    /// An attribute is not as wanted, or not there.
    case mismatch(String)
    /// There are enough tasks of the job where the attribute has this value.
    case limit(String)
    /// Too little is offered of a resource.
    case resource(String)
  }

  /// The kind of reason.
  public let reason: Reason
  /// How far the slave is from being right; more is farther.
  public let score: Int

  /// Whether it may be another way for the same offer once other tasks have come or gone.
  public var isDynamic: Bool { if case .limit = reason { true } else { false } }

  /// The reason in short.
  public var description: String {
    switch reason {
    case .dedicated: "dedicated"
    case .maintenance: "maintenance"
    case .mismatch(let name): "mismatch:\(name)"
    case .limit(let name): "limit:\(name)"
    case .resource(let name): "resource:\(name)"
    }
  }
}

/// Decides whether tasks may go to slaves.
public enum AuroraFilter {
  /// Finds out why a task may not go to a slave.
  ///
  /// - Parameters:
  ///   - need: What the task needs, with what its executor needs.
  ///   - slave: The slave.
  ///   - offered: What is offered there.
  ///   - ports: How many ports are offered.
  ///   - tally: Where the other tasks of its job are.
  /// - Returns: The reasons: none when it may, several only where resources are short.
  public static func vetoes(
    _ need: AuroraNeed, on slave: AuroraSlave, offered: AuroraAmounts, ports: Int = 0,
    _ tally: AuroraTally = AuroraTally()
  ) -> [AuroraVeto] {
    if slave.attributes[AuroraConstraint.dedicated] != nil,
      !need.constraints.contains(where: { $0.name == AuroraConstraint.dedicated })
    {
      return [AuroraVeto(reason: .dedicated, score: 1_000_000)]
    }
    if isLeaving(slave) { return [AuroraVeto(reason: .maintenance, score: 100_000)] }
    if let reason = mismatch(need.constraints, slave.attributes, tally) {
      return [AuroraVeto(reason: reason, score: 10_000)]
    }
    return shortages(need, offered, ports)
  }

  private static func isLeaving(_ slave: AuroraSlave) -> Bool {
    slave.mode == .draining || slave.mode == .drained
      || slave.unavailableIn.map { $0 < 360 } ?? false
  }

  /// What the first constraint that is not met says; those about values come first.
  private static func mismatch(
    _ constraints: [AuroraConstraint], _ attributes: AuroraAttributes, _ tally: AuroraTally
  ) -> AuroraVeto.Reason? {
    for constraint in constraints {
      guard case .values(let values, let isNegated) = constraint.wish else { continue }
      let there = attributes[constraint.name] ?? []
      if there.contains(where: values.contains) == isNegated { return .mismatch(constraint.name) }
    }
    for constraint in constraints {
      guard case .limit(let limit) = constraint.wish else { continue }
      guard let there = attributes[constraint.name] else { return .mismatch(constraint.name) }
      if there.contains(where: { tally.count(constraint.name, $0) >= limit }) {
        return .limit(constraint.name)
      }
    }
    return nil
  }

  private static func shortages(
    _ need: AuroraNeed, _ offered: AuroraAmounts, _ ports: Int
  ) -> [AuroraVeto] {
    if need.amounts.fits(into: offered), need.ports <= ports { return [] }
    // How much of each is as far away as it gets.
    let cpus = (name: "cpu", need.amounts.cpus, offered.cpus, range: 16.0)
    let ram = (name: "ramMb", need.amounts.ram, offered.ram, range: 24_576.0)
    let disk = (name: "diskMb", need.amounts.disk, offered.disk, range: 460_800.0)
    let port = (name: "ports", Double(need.ports), Double(ports), range: 1000.0)
    return [cpus, ram, disk, port].compactMap { name, needed, there, range in
      guard needed > there else { return nil }
      let score = min(1000, 1000 * (needed - there) / range)
      return AuroraVeto(reason: .resource(name), score: Int(score))
    }
  }
}
