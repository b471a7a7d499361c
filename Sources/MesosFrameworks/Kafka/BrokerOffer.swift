// Part of mesosim. Apache-2.0, see LICENSE.
//
// Which broker an offer is for (Kafka on Mesos, `ly.stealth.mesos.kafka`): one at most, the first
// that accepts it; and for how long an offer that nobody wants is declined.

import Mesos

/// What is offered, as Kafka on Mesos sees it.
public struct BrokerOffer: Hashable, Sendable {
  /// Amounts from the framework's role and from everybody's.
  public struct Parts: Hashable, Sendable {
    /// From the role.
    public var role: Double
    /// From `*`.
    public var shared: Double

    /// Names amounts.
    public init(role: Double = 0, shared: Double = 0) {
      self.role = role
      self.shared = shared
    }

    /// What is taken of them, the role's first; `nil` when it is not enough.
    func taking(_ amount: Double) -> Parts? {
      guard role + shared >= amount else { return nil }
      let first = min(role, amount)
      return Parts(role: first, shared: amount - first)
    }
  }

  /// The slave's host.
  public var hostname: String
  /// The slave's attributes that are texts.
  public var attributes: [String: String] {
    get { source.texts }
    set { source = .texts(newValue) }
  }
  private var source: Source
  /// The role whose resources are offered beside those of `*`; `nil` for none.
  public private(set) var role: String?
  /// CPUs.
  public private(set) var cpus = Parts()
  /// Memory in MB.
  public private(set) var mem = Parts()
  /// Ports of the role.
  private var rolePorts: [ClosedRange<Int>] = []
  /// Ports of everybody.
  private var sharedPorts: [ClosedRange<Int>] = []
  /// Disk of everybody, in MB, of which volumes can be made.
  private(set) var freeDisk = 0.0
  /// The persistent volumes.
  private var volumes: Set<String> = []

  /// A resource that is offered.
  public struct Item: Hashable, Sendable {
    /// What it is.
    public enum Kind: Hashable, Sendable {
      /// So many CPUs.
      case cpus(Double)
      /// So much memory in MB.
      case mem(Double)
      /// These ports.
      case ports(ClosedRange<Int>)
      /// So much disk in MB that is no volume.
      case disk(Double)
      /// Disk that is this persistent volume.
      case volume(String)
      /// Something else.
      case other
    }

    /// What it is.
    public var kind: Kind
    /// Whose it is.
    public var role: String
    /// Whether it was reserved while the cluster ran.
    public var isDynamic: Bool

    /// Describes a resource.
    public init(_ kind: Kind, role: String, isDynamic: Bool = false) {
      self.kind = kind
      self.role = role
      self.isDynamic = isDynamic
    }
  }

  /// Sums an offer up.
  ///
  /// - Throws: `MixedRoles` when it has resources of two roles.
  public init(
    hostname: String, attributes: [String: String] = [:], _ items: [Item]
  ) throws(MixedRoles) {
    self.hostname = hostname
    source = .texts(attributes)
    for item in items {
      let isShared = item.role == "*"
      if !isShared {
        if let role, role != item.role { throw MixedRoles(first: role, second: item.role) }
        role = item.role
      }
      add(item, isShared: isShared)
    }
    rolePorts.sort { $0.lowerBound < $1.lowerBound }
    sharedPorts.sort { $0.lowerBound < $1.lowerBound }
  }

  /// Sums up what is offered of nothing but everybody's, as most offers are.
  init(
    hostname: String, attributes: Attributes, cpus: Double, mem: Double, disk: Double,
    ports: [ClosedRange<Int>]
  ) {
    self.hostname = hostname
    source = .slave(attributes)
    self.cpus.shared = cpus
    self.mem.shared = mem
    freeDisk = disk
    sharedPorts = ports
  }

  /// Says that an offer has resources of two roles, which cannot be used.
  public struct MixedRoles: Error, Hashable, Sendable, CustomStringConvertible {
    /// The one role.
    public var first: String
    /// The other.
    public var second: String

    /// What is wrong.
    public var description: String {
      "an offer has resources of the roles '\(first)' and '\(second)'; expected one beside '*'"
    }
  }

  private mutating func add(_ item: Item, isShared: Bool) {
    if case .volume(let id) = item.kind, !isShared { volumes.insert(id) }
    // What was reserved while the cluster ran counts only as a volume.
    guard !item.isDynamic else { return }
    switch item.kind {
    case .cpus(let amount): if isShared { cpus.shared += amount } else { cpus.role += amount }
    case .mem(let amount): if isShared { mem.shared += amount } else { mem.role += amount }
    case .ports(let range):
      if isShared { sharedPorts.append(range) } else { rolePorts.append(range) }
    case .disk(let amount): if isShared { freeDisk += amount }
    case .volume, .other: break
    }
  }

  func has(volume: String) -> Bool { volumes.contains(volume) }

  /// The value a constraint is about; `nil` when there is none.
  func value(_ field: String) -> String? {
    field == "hostname" ? hostname : source.value(field)
  }

  /// The first port that will do, and whose it is; the role's come first.
  func port(in wanted: ClosedRange<Int>?) -> (port: Int, role: String)? {
    if let port = Self.port(in: wanted, of: rolePorts) { return (port, role ?? "*") }
    return Self.port(in: wanted, of: sharedPorts).map { ($0, "*") }
  }

  private static func port(in wanted: ClosedRange<Int>?, of ranges: [ClosedRange<Int>]) -> Int? {
    guard let wanted else { return ranges.first?.lowerBound }
    return ranges.first { $0.overlaps(wanted) }.map { max($0.lowerBound, wanted.lowerBound) }
  }
}

extension BrokerOffer {
  /// Where the attributes come from: few of those that a slave has are looked at.
  private enum Source: Hashable {
    case texts([String: String])
    case slave(Attributes)

    var texts: [String: String] {
      switch self {
      case .texts(let texts): return texts
      case .slave(let attributes):
        var texts: [String: String] = [:]
        for attribute in attributes.list {
          if case .text(let text) = attribute.value { texts[attribute.name] = text }
        }
        return texts
      }
    }

    func value(_ field: String) -> String? {
      switch self {
      case .texts(let texts): return texts[field]
      case .slave(let attributes):
        for attribute in attributes.list.reversed() where attribute.name == field {
          if case .text(let text) = attribute.value { return text }
        }
        return nil
      }
    }
  }
}

/// A broker that may want an offer.
public struct BrokerWish: Hashable, Sendable {
  /// A condition on an attribute, or on `hostname`.
  public struct Constraint: Hashable, Sendable {
    /// The attribute.
    public var field: String
    /// The condition.
    public var condition: BrokerCondition

    /// Describes a constraint.
    public init(_ field: String, _ condition: BrokerCondition) {
      self.field = field
      self.condition = condition
    }
  }

  /// Its number.
  public var id: Int
  /// Whether it is to run.
  public var isActive: Bool
  /// How many CPUs it takes.
  public var cpus: Double
  /// How much memory it takes, in MB.
  public var mem: Double
  /// The ports it can take; `nil` for any.
  public var ports: ClosedRange<Int>?
  /// The persistent volume it needs; `nil` for none.
  public var volume: String?
  /// What it wants of the slave.
  public var constraints: [Constraint] = []
  /// The attributes of the slave where its task is, `hostname` among them; `nil` without a task.
  public var place: [String: String]?
  /// The slave it stays with for a while.
  public var stickyHost: String?
  /// For how many more seconds it goes nowhere else.
  public var stickySeconds = 0.0
  /// For how many more seconds it waits after a failure.
  public var waitingSeconds = 0.0
  /// Whether its volume is made where it is not.
  var makesVolume = false
  /// How large its volume is then, in MB.
  var volumeSize = 0.0

  /// Describes a broker.
  public init(_ id: Int, isActive: Bool, cpus: Double = 1, mem: Double = 2048) {
    self.id = id
    self.isActive = isActive
    self.cpus = cpus
    self.mem = mem
  }
}

/// What a broker has been through that may keep it from taking an offer.
struct BrokerStay: Hashable, Sendable {
  /// Its number.
  var id: Int
  /// The slave it stays with, and for how many more seconds.
  var host: String?
  var stickySeconds: Double
  /// For how many more seconds it waits after a failure.
  var waitingSeconds: Double
}

extension BrokerWish {
  fileprivate var stay: BrokerStay {
    BrokerStay(
      id: id, host: stickyHost, stickySeconds: stickySeconds, waitingSeconds: waitingSeconds)
  }
}

/// What becomes of an offer.
public struct BrokerMatch: Hashable, Sendable {
  /// Why a broker does not want an offer.
  public enum Refusal: Hashable, Sendable, CustomStringConvertible {
    /// Too few CPUs.
    case cpus
    /// Too little memory.
    case mem
    /// No port that it can take.
    case port
    /// Its volume is not there.
    case volume
    /// An attribute is not as wanted, or not there.
    case constraint(String)
    /// It stays where it was.
    case stickiness
    /// It waits after a failure.
    case failover

    /// The reason in short.
    public var description: String {
      switch self {
      case .cpus: "cpus"
      case .mem: "mem"
      case .port: "port"
      case .volume: "volume"
      case .constraint(let field): "constraint:\(field)"
      case .stickiness: "stickiness"
      case .failover: "failover"
      }
    }
  }

  /// What the broker takes.
  public struct Taken: Hashable, Sendable {
    /// Its number.
    public fileprivate(set) var broker: Int
    /// CPUs.
    public let cpus: BrokerOffer.Parts
    /// Memory in MB.
    public let mem: BrokerOffer.Parts
    /// The port.
    public let port: Int
    /// Whose port it is.
    public let portRole: String
  }

  /// For how long an offer is declined that suits nobody, in seconds.
  public static let longFilter = 3600.0

  /// What is taken; `nil` when the offer is declined.
  public private(set) var taken: Taken?
  /// Who did not want it, in order.
  public private(set) var refusals: [(broker: Int, reason: Refusal)] = []
  /// For how long it is declined, in seconds, before chance is added.
  public private(set) var filterSeconds: Double
  /// In how many seconds the first of those that only wait would want it, if they were asked.
  private(set) var nextSeconds: Double?
  /// Whether it would do for one if other brokers were elsewhere.
  private(set) var dependsOnOthers = false
  /// Among which of those that want the same the one is that takes it, and where among these.
  private(set) var place: (run: Int, index: Int)?

  /// Asks the brokers that wait, in order.
  public init(_ offer: BrokerOffer, _ brokers: [BrokerWish]) {
    var places = BrokerPlaces()
    for broker in brokers { if let place = broker.place { places.add(place, of: broker.id) } }
    let waiting = brokers.filter { $0.isActive && $0.place == nil }
    self.init(offer, waiting: waiting.map { [$0] }, &places, wish: { $0 }, stay: { $0.stay })
  }

  /// Asks brokers that wait, given where the others are.
  ///
  /// - Parameters:
  ///   - offer: The offer.
  ///   - waiting: The brokers, those that want the same together.
  ///   - places: Where the others are.
  ///   - wish: What a broker wants; asked for the first of those that want the same.
  ///   - stay: What keeps a broker from taking an offer now.
  init<Broker>(
    _ offer: BrokerOffer, waiting: [ArraySlice<Broker>], _ places: inout BrokerPlaces,
    wish: (Broker) -> BrokerWish, stay: (Broker) -> BrokerStay
  ) {
    filterSeconds = Self.longFilter
    var longest = 0.0
    func refuse(_ broker: Int, _ refused: Refused) {
      refusals.append((broker, refused.reason))
      longest = max(longest, refused.seconds)
    }
    for (run, alike) in waiting.enumerated() {
      guard let first = alike.first.map(wish) else { continue }
      // What the slave cannot give to one it cannot give to its like.
      switch Self.fit(first, offer, &places) {
      case .failure(let refused):
        refuse(first.id, refused)
        if case .constraint = refused.reason { dependsOnOthers = true }
      case .success(var fit):
        for index in alike.indices {
          let stay = stay(alike[index])
          guard let refused = Self.delay(stay, offer) else {
            fit.broker = stay.id
            taken = fit
            place = (run, index)
            return
          }
          refuse(stay.id, refused)
          nextSeconds = min(nextSeconds ?? .infinity, refused.seconds)
        }
      }
    }
    if !refusals.isEmpty { filterSeconds = longest }
  }

  private struct Refused: Error {
    var reason: Refusal
    var seconds = BrokerMatch.longFilter
  }

  /// What a broker takes of an offer, if the slave will do.
  private static func fit(
    _ broker: BrokerWish, _ offer: BrokerOffer, _ places: inout BrokerPlaces
  ) -> Result<Taken, Refused> {
    guard let cpus = offer.cpus.taking(broker.cpus) else { return .failure(Refused(reason: .cpus)) }
    guard let mem = offer.mem.taking(broker.mem) else { return .failure(Refused(reason: .mem)) }
    guard let port = offer.port(in: broker.ports) else { return .failure(Refused(reason: .port)) }
    if let volume = broker.volume, !offer.has(volume: volume),
      !broker.makesVolume || offer.freeDisk < broker.volumeSize
    {
      return .failure(Refused(reason: .volume))
    }
    for constraint in broker.constraints {
      let field = constraint.field
      guard let value = offer.value(field),
        constraint.condition.accepts(value, of: field, &places)
      else { return .failure(Refused(reason: .constraint(field))) }
    }
    return .success(
      Taken(broker: broker.id, cpus: cpus, mem: mem, port: port.port, portRole: port.role))
  }

  /// What a broker has been through that keeps it from taking an offer now.
  private static func delay(_ broker: BrokerStay, _ offer: BrokerOffer) -> Refused? {
    let sticky = broker.stickySeconds.rounded(.towardZero)
    if sticky > 0, let host = broker.host, host != offer.hostname {
      return Refused(reason: .stickiness, seconds: sticky)
    }
    let waiting = broker.waitingSeconds.rounded(.towardZero)
    return waiting > 0 ? Refused(reason: .failover, seconds: waiting) : nil
  }

  /// Whether both say the same.
  public static func == (left: BrokerMatch, right: BrokerMatch) -> Bool {
    left.taken == right.taken && left.filterSeconds == right.filterSeconds
      && left.refusals.elementsEqual(right.refusals) { $0 == $1 }
  }

  /// Hashes what becomes of the offer.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(taken)
    hasher.combine(filterSeconds)
  }
}
