// Part of mesosim. Apache-2.0, see LICENSE.
//
// One entry of a resource list: a name, an amount and the terms on which it is held.

/// One resource: `cpus:4`, `ports(web):[31000-32000]`, a persistent volume.
public struct Resource: Sendable {
  /// How much there is of a resource.
  public enum Value: Hashable, Sendable {
    /// An amount.
    case scalar(Scalar)
    /// Numbers, such as ports.
    case ranges(ValueRanges)
    /// Names.
    case set(ValueSet)
  }

  /// The name; `cpu` is kept as `cpus`.
  public let name: String
  /// How much there is.
  public var value: Value
  /// The terms on which it is held; `nil` for unreserved resources without any particularity.
  var terms: ResourceTerms?
  /// How many copies of a shared resource there are; 1 for all others.
  public internal(set) var copies = 1

  /// Makes a resource.
  /// - Parameters:
  ///   - name: The name; `cpu` becomes `cpus`.
  ///   - value: How much there is.
  ///   - reservations: The stack of reservations, outermost first; empty for none.
  ///   - allocationRole: The role it is allocated to, where that is part of its identity.
  ///   - disk: What distinguishes a disk.
  ///   - isRevocable: Whether it may be taken back at any time.
  ///   - isShared: Whether many tasks may use it at once.
  ///   - providerID: The resource provider it comes from.
  public init(
    _ name: String, _ value: Value, reservations: [Reservation] = [], allocationRole: Role? = nil,
    disk: DiskInfo? = nil, isRevocable: Bool = false, isShared: Bool = false,
    providerID: String? = nil
  ) {
    self.init(
      name, value,
      terms: ResourceTerms(
        ResourceTerms.Fields(
          reservations: reservations, allocationRole: allocationRole, disk: disk,
          isRevocable: isRevocable, isShared: isShared, providerID: providerID)))
  }

  init(_ name: String, _ value: Value, terms: ResourceTerms?, copies: Int = 1) {
    self.name = name == "cpu" ? "cpus" : name
    self.value = value
    self.terms = terms
    self.copies = copies
  }

  /// The stack of reservations, outermost first; empty for none.
  public var reservations: [Reservation] { terms?.reservations ?? [] }
  /// The role it is reserved for, `*` for none.
  public var role: Role { terms?.role ?? .unreserved }
  /// The role it is allocated to, where that is part of its identity.
  public var allocationRole: Role? { terms?.allocationRole }
  /// What distinguishes a disk.
  public var disk: DiskInfo? { terms?.disk }
  /// Whether it may be taken back at any time.
  public var isRevocable: Bool { terms?.isRevocable ?? false }
  /// Whether many tasks may use it at once.
  public var isShared: Bool { terms?.isShared ?? false }
  /// The resource provider it comes from.
  public var providerID: String? { terms?.fields.providerID }

  /// Whether there is nothing of it.
  public var isEmpty: Bool {
    switch value {
    case .scalar(let amount): amount.thousandths == 0
    case .ranges(let ranges): ranges.isEmpty
    case .set(let set): set.isEmpty
    }
  }
}

extension Resource: Hashable {
  /// Whether both are the same in name, value, terms and number of copies.
  public static func == (left: Resource, right: Resource) -> Bool {
    left.isAlike(right) && left.value == right.value && left.copies == right.copies
  }

  /// Hashes name, value, terms and number of copies.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(value)
    hasher.combine(terms)
    hasher.combine(copies)
  }
}
