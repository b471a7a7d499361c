// Part of mesosim. Apache-2.0, see LICENSE.
//
// How a framework introduces itself to the master.

/// What a framework tells the master when it registers (mesos.proto, `FrameworkInfo`).
public struct FrameworkInfo: Hashable, Sendable {
  @usableFromInline struct Body: Hashable, Sendable {
    @usableFromInline var user: String
    @usableFromInline var name: String
    @usableFromInline var id: FrameworkID?
    @usableFromInline var failoverTimeoutSeconds: Double
    @usableFromInline var hasCheckpointing: Bool
    @usableFromInline var role: Role
    @usableFromInline var hostname: String
    @usableFromInline var principal: String?
    @usableFromInline var webUIURL: String?
    @usableFromInline var capabilities: Capabilities
    @usableFromInline var labels: Labels
    @usableFromInline var roles: [Role]
    @usableFromInline var offerFilters: [OfferFilters]
  }

  @Boxed @usableFromInline var body: Body

  /// The user that tasks run as; empty for the user that runs the driver.
  public var user: String {
    @inlinable get { body.user }
    set { body.user = newValue }
  }

  /// What people call the framework.
  public var name: String {
    @inlinable get { body.name }
    set { body.name = newValue }
  }

  /// The id given at an earlier registration; `nil` the first time.
  public var id: FrameworkID? {
    @inlinable get { body.id }
    set { body.id = newValue }
  }

  /// How long, in seconds, the master keeps the framework's tasks after losing its scheduler.
  public var failoverTimeoutSeconds: Double {
    @inlinable get { body.failoverTimeoutSeconds }
    set { body.failoverTimeoutSeconds = newValue }
  }

  /// Whether slaves write the framework's tasks to disk, so that they survive a slave's restart.
  public var hasCheckpointing: Bool {
    @inlinable get { body.hasCheckpointing }
    set { body.hasCheckpointing = newValue }
  }

  /// The role in which the framework takes part in sharing; `*` is the default role.
  ///
  /// Frameworks that can `multiRole` leave it at that and name `roles`.
  public var role: Role {
    @inlinable get { body.role }
    set { body.role = newValue }
  }

  /// The host that the scheduler runs on; the driver fills it in.
  public var hostname: String {
    @inlinable get { body.hostname }
    set { body.hostname = newValue }
  }

  /// Who the framework authenticates as.
  public var principal: String? {
    @inlinable get { body.principal }
    set { body.principal = newValue }
  }

  /// Where the framework's own pages are.
  public var webUIURL: String? {
    @inlinable get { body.webUIURL }
    set { body.webUIURL = newValue }
  }

  /// What the framework can deal with.
  public var capabilities: Capabilities {
    @inlinable get { body.capabilities }
    set { body.capabilities = newValue }
  }

  /// Free notes.
  public var labels: Labels {
    @inlinable get { body.labels }
    set { body.labels = newValue }
  }

  /// The roles of a framework that can `multiRole`, each once; otherwise empty.
  public var roles: [Role] {
    @inlinable get { body.roles }
    set { body.roles = newValue }
  }

  /// What an offer must contain to be worth making, by role; at most one entry a role.
  public var offerFilters: [OfferFilters] {
    @inlinable get { body.offerFilters }
    set { body.offerFilters = newValue }
  }

  /// Describes a framework; what is left out gets the defaults of mesos.proto.
  public init(
    user: String = "", name: String, id: FrameworkID? = nil, failoverTimeoutSeconds: Double = 0,
    hasCheckpointing: Bool = false, role: Role = .unreserved, hostname: String = "",
    principal: String? = nil, webUIURL: String? = nil, capabilities: Capabilities = [],
    labels: Labels = Labels(), roles: [Role] = [], offerFilters: [OfferFilters] = []
  ) {
    _body = Boxed(
      Body(
        user: user, name: name, id: id, failoverTimeoutSeconds: failoverTimeoutSeconds,
        hasCheckpointing: hasCheckpointing, role: role, hostname: hostname, principal: principal,
        webUIURL: webUIURL, capabilities: capabilities, labels: labels, roles: roles,
        offerFilters: offerFilters))
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
