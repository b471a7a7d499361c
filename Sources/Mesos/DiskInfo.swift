// Part of mesosim. Apache-2.0, see LICENSE.
//
// What tells one disk from another.

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
  /// Who made the volume; plays no part in comparisons.
  public var principal: String?

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
