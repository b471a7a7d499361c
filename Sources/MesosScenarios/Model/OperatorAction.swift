// Part of mesosim. Apache-2.0, see LICENSE.
//
// What an operator does while a scenario runs.

public import Mesos
public import MesosAllocation

/// Something an operator asks of the master at an instant.
public struct OperatorAction: Equatable, Sendable {
  /// What is asked for; slaves and frameworks by the names they have in the scenario.
  public enum Request: Equatable, Sendable {
    /// Sets weights of roles.
    case weights([Named<Double>])
    /// Replaces quotas of roles.
    case quota([Named<Quota>])
    /// Removes a role's quota.
    case removeQuota(String)
    /// Offers only slaves on these hosts; `nil` for all, where there is no whitelist.
    case whitelist([String]?)
    /// Reserves free resources of a slave.
    case reserve(ReservationChange)
    /// Gives dynamically reserved resources back to everybody.
    case unreserve(ReservationChange)
    /// Makes a persistent volume of reserved disk.
    case createVolumes(VolumeChange)
    /// Destroys a persistent volume.
    case destroyVolumes(VolumeChange)
    /// Ends a framework.
    case teardown(String)
    /// Says when slaves will be down.
    case maintenance([MaintenanceWindow])
    /// Makes no more offers of a slave and has its tasks killed.
    case drain(String)
    /// Takes a drained slave back.
    case reactivate(String)
    /// Says that a slave will never come back.
    case markGone(String)
  }

  /// When it is asked for, from the start of the run.
  public var at = Duration.zero
  /// What is asked for.
  public var request = Request.whitelist(nil)
}

/// Resources of a slave that change hands.
public struct ReservationChange: Equatable, Sendable {
  /// The slave.
  public var slave = ""
  /// For whom they are reserved.
  public var role = Role.unreserved
  /// Who reserves them, which a reservation remembers.
  public var principal: String?
  /// The resources, without the reservation.
  public var resources = Resources()

  /// The resources as they are when reserved.
  var reserved: Resources {
    resources.pushing(Reservation(.dynamic, role: role, principal: principal))
  }
}

/// A persistent volume that comes or goes.
public struct VolumeChange: Equatable, Sendable {
  /// How its disk came to be reserved.
  public enum Reserved: String, CaseIterable, Sendable {
    /// By the slave's configuration.
    case fixed = "static"
    /// At run time.
    case dynamic
  }

  /// The slave.
  public var slave = ""
  /// For whom its disk is reserved.
  public var role = Role.unreserved
  /// How its disk came to be reserved.
  public var reserved = Reserved.dynamic
  /// Who reserved its disk, if that was said.
  public var principal: String?
  /// Its id, unique on the slave for the role.
  public var id = ""
  /// Its size, in MB.
  public var megabytes = 0.0
  /// Where it appears in a container.
  public var path = "volume"

  /// The volume as a resource.
  var volume: Resources {
    let reservation =
      switch reserved {
      case .fixed: Reservation(.fixed, role: role, principal: principal)
      case .dynamic: Reservation(.dynamic, role: role, principal: principal)
      }
    return Resources([
      Resource(
        "disk", .scalar(Scalar(megabytes) ?? Scalar(thousandths: 0)), reservations: [reservation],
        disk: DiskInfo(persistenceID: id, containerPath: path))
    ])
  }
}

/// When a slave will be down.
public struct MaintenanceWindow: Equatable, Sendable {
  /// The slave.
  public var slave = ""
  /// When it begins, from the start of the run.
  public var start = Duration.zero
  /// How long it lasts; `nil` for who knows.
  public var duration: Duration?
}

// MARK: - Keys

extension OperatorAction {
  /// `{at: 10m, …}` with one request.
  static let codec = Codec<OperatorAction>(
    expected: "an action such as {at: 10m, drain: node-3}", read: read,
    write: { action in
      guard case .map(let entries) = requests.write(action.request).content else {
        return .map([("at", Codec<Duration>.instant.write(action.at))])
      }
      return .map(
        [("at", Codec<Duration>.instant.write(action.at))] + entries.map { ($0.key, $0.value) })
    },
    schema: { builder in builder.reference("operator-action", schema) })

  fileprivate static let requests = Codec<Request>.choice(
    "one request such as {drain: node-3}", forms)

  @Sendable private static func read(
    _ node: YAMLNode, _ path: Path, _ problems: inout Problems
  ) -> OperatorAction? {
    guard case .map(let entries) = node.content else {
      problems.mismatch(node, path, expected: codec.expected)
      return nil
    }
    guard let at = entries.first(where: { $0.key == "at" }) else {
      problems.add(at: node.position, path, "'at' is missing: when it is done, such as 10m")
      return nil
    }
    let instant = Codec<Duration>.instant.read(at.value, path + "at", &problems)
    let rest = YAMLNode(.map(entries.filter { $0.key != "at" }), at: node.position)
    guard entries.count > 1 else {
      problems.add(
        at: node.position, path,
        "nothing is done; expected " + Suggestion.oneOf(forms.map(\.key)) + " beside 'at'")
      return nil
    }
    guard let request = requests.read(rest, path, &problems), let instant else { return nil }
    return OperatorAction(at: instant, request: request)
  }

  @Sendable private static func schema(_ builder: inout SchemaBuilder) -> JSONText {
    var properties: [String: JSONText] = ["at": Codec<Duration>.instant.schema(&builder)]
    for form in forms { properties[form.key] = form.schema(&builder) }
    return [
      "type": "object", "additionalProperties": false, "minProperties": 2, "maxProperties": 2,
      "required": ["at"], "properties": .object(properties),
    ]
  }

  private static var forms: [Form<Request>] { roleForms + resourceForms + slaveForms }

  private static var roleForms: [Form<Request>] {
    [
      Form(
        "weights", Codec<Double>.number(above: 0, orEqual: false).named("role names"),
        Request.weights, { if case .weights(let weights) = $0 { weights } else { nil } }),
      Form(
        "quota", Codec<Quota>.quota.named("role names"), Request.quota,
        { if case .quota(let quotas) = $0 { quotas } else { nil } }),
      Form(
        "removeQuota", Codec<String>.text, Request.removeQuota,
        { if case .removeQuota(let role) = $0 { role } else { nil } }),
      Form(
        "whitelist", Codec<String>.text.list().orWord("all", "none"), Request.whitelist,
        { if case .whitelist(let hosts) = $0 { .some(hosts) } else { nil } }),
      Form(
        "teardown", Codec<String>.text, Request.teardown,
        { if case .teardown(let framework) = $0 { framework } else { nil } }),
    ]
  }

  private static var resourceForms: [Form<Request>] {
    [
      Form(
        "reserve", ReservationChange.table.codec, Request.reserve,
        { if case .reserve(let change) = $0 { change } else { nil } }),
      Form(
        "unreserve", ReservationChange.table.codec, Request.unreserve,
        { if case .unreserve(let change) = $0 { change } else { nil } }),
      Form(
        "createVolumes", VolumeChange.table.codec, Request.createVolumes,
        { if case .createVolumes(let change) = $0 { change } else { nil } }),
      Form(
        "destroyVolumes", VolumeChange.table.codec, Request.destroyVolumes,
        { if case .destroyVolumes(let change) = $0 { change } else { nil } }),
    ]
  }

  private static var slaveForms: [Form<Request>] {
    [
      Form(
        "maintenance", MaintenanceWindow.table.codec.list(), Request.maintenance,
        { if case .maintenance(let windows) = $0 { windows } else { nil } }),
      Form(
        "drain", Codec<String>.text, Request.drain,
        { if case .drain(let slave) = $0 { slave } else { nil } }),
      Form(
        "reactivate", Codec<String>.text, Request.reactivate,
        { if case .reactivate(let slave) = $0 { slave } else { nil } }),
      Form(
        "markGone", Codec<String>.text, Request.markGone,
        { if case .markGone(let slave) = $0 { slave } else { nil } }),
    ]
  }
}

extension OperatorAction.Request {
  /// The request as a scenario has it, in JSON.
  var json: String { OperatorAction.requests.write(self).json }
}

extension ReservationChange {
  fileprivate static let table = Table(
    name: "reservation", blank: ReservationChange(),
    fields: [
      .required("slave", \.slave, .text, "the slave, by name"),
      .required("role", \.role, .role, "for whom they are reserved"),
      .optional("principal", \.principal, .text, "who reserves them"),
      .required("resources", \.resources, .resources, "the resources, without the reservation"),
    ])
}

extension VolumeChange {
  fileprivate static let table = Table(
    name: "volume", blank: VolumeChange(),
    fields: [
      .required("slave", \.slave, .text, "the slave, by name"),
      .required("role", \.role, .role, "for whom its disk is reserved"),
      .optional(
        "reserved", \.reserved, .word(), "whether the slave's configuration reserved its disk"),
      .optional("principal", \.principal, .text, "who reserved its disk"),
      .required("id", \.id, .label, "its id, unique on the slave for the role"),
      .required("size", \.megabytes, .megabytes, "its size"),
      .optional("path", \.path, .text, "where it appears in a container"),
    ])
}

extension MaintenanceWindow {
  fileprivate static let table = Table(
    name: "maintenance", blank: MaintenanceWindow(),
    fields: [
      .required("slave", \.slave, .text, "the slave, by name"),
      .required("start", \.start, .instant, "when it begins"),
      .optional("duration", \.duration, .duration, "how long it lasts"),
    ])
}
