// Part of mesosim. Apache-2.0, see LICENSE.
//
// The terms on which resources are held: reservations, disk, revocable, shared. Amounts of one name
// and type add up when their terms are equal, and only then.

/// Why resources are kept for a role: one level of a reservation.
public struct Reservation: Hashable, Sendable {
  /// How a reservation came about.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// From the slave's configuration; immutable while the slave runs.
    case fixed = "STATIC"
    /// Made, and undone, at run time.
    case dynamic = "DYNAMIC"
  }

  /// A key with or without a value.
  public struct Label: Hashable, Sendable {
    /// The key.
    public let key: String
    /// The value, if there is one.
    public let value: String?
    /// Makes a label.
    public init(key: String, value: String? = nil) {
      self.key = key
      self.value = value
    }
  }

  /// How the reservation came about.
  public let kind: Kind
  /// For whom the resources are reserved.
  public let role: Role
  /// Who made a dynamic reservation.
  public let principal: String?
  /// Free notes of a dynamic reservation; part of its identity, in whatever order.
  public let labels: [Label]

  /// Makes one level of a reservation.
  public init(_ kind: Kind, role: Role, principal: String? = nil, labels: [Label] = []) {
    self.kind = kind
    self.role = role
    self.principal = principal
    self.labels = labels.sorted { ($0.key, $0.value ?? "") < ($1.key, $1.value ?? "") }
  }
}

/// What distinguishes a part of a disk: where it comes from and whether data persist on it.
public struct DiskInfo: Hashable, Sendable {
  /// What kind of storage a disk resource is part of.
  public enum SourceKind: String, Hashable, Sendable, CaseIterable {
    /// A directory that many may share.
    case path = "PATH"
    /// A file system of its own, given out whole.
    case mount = "MOUNT"
    /// A device of its own, given out whole.
    case block = "BLOCK"
    /// Storage without form.
    case raw = "RAW"
  }

  /// The storage a disk resource is part of.
  public struct Source: Hashable, Sendable {
    /// The kind of storage.
    public var kind: SourceKind
    /// Where a path or mount is on the slave.
    public var root: String?
    /// The name its provider gave it.
    public var id: String?
    /// Makes a source.
    public init(_ kind: SourceKind, root: String? = nil, id: String? = nil) {
      self.kind = kind
      self.root = root
      self.id = id
    }
  }

  /// The storage, unless it is the slave's work directory.
  public var source: Source?
  /// The id of the persistent volume this disk is; unique on a slave for a role.
  public var persistenceID: String?
  /// Where the volume appears in a container; plays no part in comparisons.
  public var containerPath: String?

  /// Describes a disk.
  public init(source: Source? = nil, persistenceID: String? = nil, containerPath: String? = nil) {
    self.source = source
    self.persistenceID = persistenceID
    self.containerPath = containerPath
  }

  /// Compares source and persistence, not where a volume appears.
  public static func == (left: DiskInfo, right: DiskInfo) -> Bool {
    left.source == right.source && left.persistenceID == right.persistenceID
  }

  /// Hashes source and persistence.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(source)
    hasher.combine(persistenceID)
  }

  /// Whether it is given out as a whole or not at all.
  var isIndivisible: Bool {
    if persistenceID != nil { return true }
    return switch source?.kind {
    case .mount, .block: true
    case .raw: source?.id != nil
    case .path, nil: false
    }
  }
}

/// The terms on which a resource is held, behind one reference so that comparing is cheap.
///
/// Resources that are unreserved and nothing else have no terms at all (`nil`).
final class ResourceTerms: Sendable {
  let reservations: [Reservation]
  let allocationRole: Role?
  let disk: DiskInfo?
  let isRevocable: Bool
  let isShared: Bool
  let providerID: String?
  /// The role of a single static reservation that is all there is to say.
  private let plainRole: Role?

  /// `nil` when there is nothing to say.
  init?(
    reservations: [Reservation] = [], allocationRole: Role? = nil, disk: DiskInfo? = nil,
    isRevocable: Bool = false, isShared: Bool = false, providerID: String? = nil
  ) {
    let hasDisk = disk?.source != nil || disk?.persistenceID != nil
    let isBare =
      allocationRole == nil && !hasDisk && !isRevocable && !isShared && providerID == nil
    if isBare && reservations.isEmpty { return nil }
    self.reservations = reservations
    self.allocationRole = allocationRole
    self.disk = hasDisk ? disk : nil
    self.isRevocable = isRevocable
    self.isShared = isShared
    self.providerID = providerID
    let first = reservations.first
    let isPlain = isBare && reservations.count == 1 && first?.kind == .fixed
      && first?.principal == nil && first?.labels.isEmpty == true
    plainRole = isPlain ? first?.role : nil
  }

  /// The role of the innermost reservation.
  var role: Role? { reservations.last?.role }

  /// Whether cpus, mem, disk, gpus and ports on these terms may share one holding.
  var allowsHolding: Bool { disk == nil && !isShared }
}

extension ResourceTerms: Hashable {
  static func == (left: ResourceTerms, right: ResourceTerms) -> Bool {
    if left === right { return true }
    if let role = left.plainRole { return role == right.plainRole }
    return right.plainRole == nil && left.reservations == right.reservations
      && left.allocationRole == right.allocationRole && left.disk == right.disk
      && left.isRevocable == right.isRevocable && left.isShared == right.isShared
      && left.providerID == right.providerID
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(reservations)
    hasher.combine(allocationRole)
    hasher.combine(disk)
    hasher.combine(isRevocable)
    hasher.combine(isShared)
  }
}

extension ResourceTerms {
  /// A total order over unequal terms, by role first; used to keep lists in one order.
  func precedes(_ other: ResourceTerms) -> Bool {
    let (own, others) = (orderKey, other.orderKey)
    return own.lexicographicallyPrecedes(others) { $0.precedes($1) }
  }

  /// Every field as text of its own, so that unequal terms have unequal keys.
  private var orderKey: [String] {
    var key = [role?.value ?? Role.unreserved.value]
    key += [disk?.source?.kind.rawValue, disk?.source?.root, disk?.source?.id].map(Self.marked)
    key += [disk?.persistenceID, allocationRole?.value, providerID].map(Self.marked)
    key += [isRevocable ? "1" : "0", isShared ? "1" : "0"]
    for level in reservations {
      key += [level.role.value, level.kind.rawValue, Self.marked(level.principal)]
      key.append(String(level.labels.count))
      for label in level.labels { key += [label.key, Self.marked(label.value)] }
    }
    return key
  }

  private static func marked(_ text: String?) -> String { text.map { "+" + $0 } ?? "" }
}
