// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a framework is offered, and how it says no.

public import VirtualTime

/// Resources on one slave that a framework may use until it answers or the offer is rescinded
/// (mesos.proto, `Offer`).
///
/// All of it is behind one reference, as for `TaskInfo`.
public struct Offer: Hashable, Sendable {
  @usableFromInline struct Body: Hashable, Sendable {
    @usableFromInline var id: OfferID
    @usableFromInline var frameworkID: FrameworkID
    @usableFromInline var slaveID: SlaveID
    @usableFromInline var hostname: String
    @usableFromInline var role: Role
    @usableFromInline var attributes: Attributes
    @Packed @usableFromInline var resources: Resources
    @usableFromInline var rare = Rare<RareOfferParts>()
  }

  @Boxed @usableFromInline var body: Body

  /// Names the offer in the answer; dead afterwards.
  public var id: OfferID {
    @inlinable get { body.id }
    set { body.id = newValue }
  }

  /// The framework that the offer is made to.
  public var frameworkID: FrameworkID {
    @inlinable get { body.frameworkID }
    set { body.frameworkID = newValue }
  }

  /// The slave that the resources are on.
  public var slaveID: SlaveID {
    @inlinable get { body.slaveID }
    set { body.slaveID = newValue }
  }

  /// The slave's host.
  public var hostname: String {
    @inlinable get { body.hostname }
    set { body.hostname = newValue }
  }

  /// The role in which the framework is offered the resources (mesos.proto, `allocation_info`).
  public var role: Role {
    @inlinable get { body.role }
    set { body.role = newValue }
  }

  /// The slave's attributes, unchanged.
  public var attributes: Attributes {
    @inlinable get { body.attributes }
    set { body.attributes = newValue }
  }

  /// What is offered.
  public var resources: Resources {
    @inlinable get { body.resources }
    set { body.resources = newValue }
  }

  /// Describes an offer.
  public init(
    id: OfferID, frameworkID: FrameworkID, slaveID: SlaveID, hostname: String,
    role: Role = .unreserved, resources: Resources, attributes: Attributes = Attributes()
  ) {
    _body = Boxed(
      Body(
        id: id, frameworkID: frameworkID, slaveID: slaveID, hostname: hostname, role: role,
        attributes: attributes, resources: resources))
  }
}

/// What few offers have.
@usableFromInline struct RareOfferParts: RareParts {
  var executorIDs: [ExecutorID] = []
  var url: String?
  var domain: DomainInfo?
  var unavailability: Unavailability?

  @usableFromInline init() {}
}

extension Offer {
  /// The executors of this framework that live on the slave: their resources are taken already.
  public var executorIDs: [ExecutorID] {
    get { body.rare.parts?.executorIDs ?? [] }
    set { body.rare.change { $0.executorIDs = newValue } }
  }

  /// Where the slave listens.
  public var url: String? {
    get { body.rare.parts?.url }
    set { body.rare.change { $0.url = newValue } }
  }

  /// Where the slave is.
  public var domain: DomainInfo? {
    get { body.rare.parts?.domain }
    set { body.rare.change { $0.domain = newValue } }
  }

  /// When the slave will be down for maintenance.
  public var unavailability: Unavailability? {
    get { body.rare.parts?.unavailability }
    set { body.rare.change { $0.unavailability = newValue } }
  }

  /// The wish that a framework give resources back, because their slave will be down
  /// (mesos.proto, `InverseOffer`).
  public struct Inverse: Hashable, Sendable {
    /// Names the inverse offer in the answer.
    public var id: OfferID
    /// The framework that is asked.
    public var frameworkID: FrameworkID
    /// The slave; `nil` for all.
    public var slaveID: SlaveID?
    /// When the resources will be gone.
    public var unavailability: Unavailability
    /// What is wanted back; empty for everything.
    public var resources: Resources
    /// Where the slave listens.
    public var url: String?

    /// Describes an inverse offer.
    public init(
      id: OfferID, frameworkID: FrameworkID, slaveID: SlaveID?, unavailability: Unavailability,
      resources: Resources = Resources(), url: String? = nil
    ) {
      self.id = id
      self.frameworkID = frameworkID
      self.slaveID = slaveID
      self.unavailability = unavailability
      self.resources = resources
      self.url = url
    }
  }
}

/// When a slave will be down for maintenance (mesos.proto, `Unavailability`).
public struct Unavailability: Hashable, Sendable {
  /// When it begins.
  public var start: Instant
  /// How long it lasts; `nil` for who knows.
  public var duration: Duration?

  /// Describes a maintenance.
  public init(start: Instant, duration: Duration? = nil) {
    self.start = start
    self.duration = duration
  }
}
