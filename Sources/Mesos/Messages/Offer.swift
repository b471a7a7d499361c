// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a framework is offered, and how it says no.

public import VirtualTime

/// Resources on one slave that a framework may use until it answers or the offer is rescinded
/// (mesos.proto, `Offer`).
public struct Offer: Hashable, Sendable {
  /// Names the offer in the answer; dead afterwards.
  public var id: OfferID
  /// The framework that the offer is made to.
  public var frameworkID: FrameworkID
  /// The slave that the resources are on.
  public var slaveID: SlaveID
  /// The slave's host.
  public var hostname: String
  /// The role in which the framework is offered the resources (mesos.proto, `allocation_info`).
  public var role: Role
  /// The slave's attributes, unchanged.
  public var attributes: Attributes
  /// What is offered.
  public var resources: Resources

  @usableFromInline var rare = Rare<RareOfferParts>()

  /// Describes an offer.
  public init(
    id: OfferID, frameworkID: FrameworkID, slaveID: SlaveID, hostname: String,
    role: Role = .unreserved, resources: Resources, attributes: Attributes = Attributes()
  ) {
    self.id = id
    self.frameworkID = frameworkID
    self.slaveID = slaveID
    self.hostname = hostname
    self.role = role
    self.attributes = attributes
    self.resources = resources
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
    get { rare.parts?.executorIDs ?? [] }
    set { rare.change { $0.executorIDs = newValue } }
  }

  /// Where the slave listens.
  public var url: String? {
    get { rare.parts?.url }
    set { rare.change { $0.url = newValue } }
  }

  /// Where the slave is.
  public var domain: DomainInfo? {
    get { rare.parts?.domain }
    set { rare.change { $0.domain = newValue } }
  }

  /// When the slave will be down for maintenance.
  public var unavailability: Unavailability? {
    get { rare.parts?.unavailability }
    set { rare.change { $0.unavailability = newValue } }
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

/// How long refused resources are kept from a framework (mesos.proto, `Filters`).
public struct Filters: Hashable, Sendable {
  /// Seconds for which the same resources on the slave are not offered again: 0 sets no filter, a
  /// negative number counts as 5, more than a year as a year (mesos.md 4.3).
  public var refuseSeconds: Double

  /// Describes a filter; 5 s unless told otherwise, as in mesos.proto.
  public init(refuseSeconds: Double = 5) { self.refuseSeconds = refuseSeconds }
}
