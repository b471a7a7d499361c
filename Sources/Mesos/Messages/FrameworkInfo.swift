// Part of mesosim. Apache-2.0, see LICENSE.
//
// How a framework introduces itself to the master.

/// What a framework tells the master when it registers (mesos.proto, `FrameworkInfo`).
public struct FrameworkInfo: Hashable, Sendable {
  /// The user that tasks run as; empty for the user that runs the driver.
  public var user: String
  /// What people call the framework.
  public var name: String
  /// The id given at an earlier registration; `nil` the first time.
  public var id: FrameworkID?
  /// How long, in seconds, the master keeps the framework's tasks after losing its scheduler.
  public var failoverTimeoutSeconds: Double
  /// Whether slaves write the framework's tasks to disk, so that they survive a slave's restart.
  public var hasCheckpointing: Bool
  /// The role in which the framework takes part in sharing; `*` is the default role.
  ///
  /// Frameworks that can `multiRole` leave it at that and name `roles`.
  public var role: Role
  /// The host that the scheduler runs on; the driver fills it in.
  public var hostname: String
  /// Who the framework authenticates as.
  public var principal: String?
  /// Where the framework's own pages are.
  public var webUIURL: String?
  /// What the framework can deal with.
  public var capabilities: Capabilities
  /// Free notes.
  public var labels: Labels
  /// The roles of a framework that can `multiRole`, each once; otherwise empty.
  public var roles: [Role]
  /// What an offer must contain to be worth making, by role; at most one entry a role.
  public var offerFilters: [OfferFilters]

  /// Describes a framework; what is left out gets the defaults of mesos.proto.
  public init(
    user: String = "", name: String, id: FrameworkID? = nil, failoverTimeoutSeconds: Double = 0,
    hasCheckpointing: Bool = false, role: Role = .unreserved, hostname: String = "",
    principal: String? = nil, webUIURL: String? = nil, capabilities: Capabilities = [],
    labels: Labels = Labels(), roles: [Role] = [], offerFilters: [OfferFilters] = []
  ) {
    self.user = user
    self.name = name
    self.id = id
    self.failoverTimeoutSeconds = failoverTimeoutSeconds
    self.hasCheckpointing = hasCheckpointing
    self.role = role
    self.hostname = hostname
    self.principal = principal
    self.webUIURL = webUIURL
    self.capabilities = capabilities
    self.labels = labels
    self.roles = roles
    self.offerFilters = offerFilters
  }

  /// The roles that the framework takes part in, whichever field names them.
  public var effectiveRoles: [Role] { capabilities.contains(.multiRole) ? roles : [role] }
}

/// What an offer in a role must contain to be worth making (mesos.proto, `OfferFilters`).
public struct OfferFilters: Hashable, Sendable {
  /// The role whose offers are meant.
  public var role: Role
  /// Amounts, any one of which must be in an offer; none for no condition at all.
  public var minAllocatable: [Quantities]

  /// Describes a condition.
  public init(_ role: Role, minAllocatable: [Quantities]) {
    self.role = role
    self.minAllocatable = minAllocatable
  }
}

extension FrameworkInfo {
  /// What frameworks can deal with (mesos.proto, `FrameworkInfo.Capability`).
  ///
  /// The master keeps from a framework what it cannot deal with.
  public struct Capabilities: OptionSet, Hashable, Sendable {
    /// The set as bits: capability number *n* of mesos.proto is bit *n*.
    public let rawValue: UInt16
    /// Makes a set from bits.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Takes resources that may be taken back at any time.
    public static let revocableResources = Capabilities(rawValue: 1 << 1)
    /// Knows TASK_KILLING.
    public static let taskKillingState = Capabilities(rawValue: 1 << 2)
    /// Uses gpus; others are not offered slaves that have some.
    public static let gpuResources = Capabilities(rawValue: 1 << 3)
    /// Takes resources that others use at the same time.
    public static let sharedResources = Capabilities(rawValue: 1 << 4)
    /// Knows the states that tell the ways of being lost apart.
    public static let partitionAware = Capabilities(rawValue: 1 << 5)
    /// Takes part in several roles and knows the role of each offer.
    public static let multiRole = Capabilities(rawValue: 1 << 6)
    /// Understands reservations within reservations.
    public static let reservationRefinement = Capabilities(rawValue: 1 << 7)
    /// Takes offers of slaves in other regions than the master's.
    public static let regionAware = Capabilities(rawValue: 1 << 8)

    private static let wireNames = [
      "", "REVOCABLE_RESOURCES", "TASK_KILLING_STATE", "GPU_RESOURCES", "SHARED_RESOURCES",
      "PARTITION_AWARE", "MULTI_ROLE", "RESERVATION_REFINEMENT", "REGION_AWARE",
    ]

    /// The set of these capabilities by their names on the wire; unknown names are passed over.
    public init(names: [String]) {
      self.init()
      for (bit, name) in Self.wireNames.enumerated() where bit > 0 && names.contains(name) {
        insert(Capabilities(rawValue: 1 << bit))
      }
    }

    /// The names on the wire, such as `MULTI_ROLE`, in the order of their numbers.
    public var names: [String] {
      Self.wireNames.enumerated()
        .filter { $0.offset > 0 && contains(Capabilities(rawValue: 1 << $0.offset)) }
        .map(\.element)
    }
  }
}
