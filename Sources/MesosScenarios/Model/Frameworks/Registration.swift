// Part of mesosim. Apache-2.0, see LICENSE.
//
// How a framework introduces itself to the master: keys that frameworks of any type have.

internal import MesosFrameworks
public import Mesos

internal import MesosCluster
internal import VirtualTime

/// How a framework introduces itself, beside its name and role.
public struct Registration: Equatable, Sendable {
  /// Who it authenticates as.
  public var principal: String?
  /// What proves it, where the master knows credentials.
  public var secret: String?
  /// The user that its tasks run as; empty for the user that runs it.
  public var user = ""
  /// Whether slaves keep what they know of its tasks through a restart.
  public var checkpoint = false
  /// How long the master keeps its tasks after losing its scheduler.
  public var failoverTimeout = Duration.zero
  /// How long after an end before its work is done its scheduler is started again; `nil` for only
  /// when a fault says so.
  public var restartAfter: Duration?
  /// Its roles, if it takes part in several.
  public var roles: [Role] = []
  /// What it can deal with, by the names of mesos.proto, beside what follows from other keys.
  public var capabilities: [String] = []

  /// The keys.
  static let fields: [Field<FrameworkDescription>] =
    [
      .optional("principal", \.registration.principal, .text, "who it authenticates as"),
      .optional("secret", \.registration.secret, .text, "what proves its principal to the master"),
      .optional("user", \.registration.user, .text, "the user that its tasks run as"),
      .optional(
        "checkpoint", \.registration.checkpoint, .flag,
        "whether its tasks survive a restart of their slave"),
      .optional(
        "failoverTimeout", \.registration.failoverTimeout, .duration,
        "how long its tasks are kept after its scheduler is lost"),
      .optional(
        "restartAfter", \.registration.restartAfter, Codec<Duration>.positiveDuration,
        "how long after it was killed, failed or gave up its scheduler is started again"),
      .optional(
        "roles", \.registration.roles, Codec.role.list(),
        "its roles if it has several, in place of 'role' (MULTI_ROLE)"),
      .optional(
        "capabilities", \.registration.capabilities, Codec.capability.list(),
        "what it can deal with, such as PARTITION_AWARE"),
      .optional(
        "serviceTimes", \.serviceTimes, .times("scheduler times"),
        "how long its scheduler is busy with each message, if not as others"),
    ] + FrameworkDescription.presenceFields
}

extension FrameworkDescription {
  /// Says so when its roles cannot be meant so.
  func checkRoles(_ path: Path, _ node: YAMLNode, _ problems: inout Problems) {
    let roles = registration.roles
    guard !roles.isEmpty else { return }
    let place = node.position(of: Path(steps: [.key("roles")]))
    if role != .unreserved {
      problems.add(at: place, path + "roles", "'roles' beside 'role'; expected only one of them")
    }
    for (index, role) in roles.enumerated() where roles[..<index].contains(role) {
      problems.add(at: place, path + "roles", "role '\(role)' stands here twice")
    }
  }

  /// What the driver registers with.
  ///
  /// - Parameter usesGPUs: Whether some of its tasks need gpus.
  /// - Returns: Its introduction.
  func info(usesGPUs: Bool) -> FrameworkInfo {
    var capabilities = FrameworkInfo.Capabilities(names: registration.capabilities)
      .union(type.capabilities)
    if usesGPUs { capabilities.insert(.gpuResources) }
    if !registration.roles.isEmpty { capabilities.insert(.multiRole) }
    return FrameworkInfo(
      user: registration.user, name: name,
      failoverTimeoutSeconds: registration.failoverTimeout.inSeconds,
      hasCheckpointing: registration.checkpoint, role: role, principal: registration.principal,
      capabilities: capabilities, roles: registration.roles)
  }

  /// What the driver authenticates with.
  var credential: Credential? {
    registration.principal.map { Credential(principal: $0, secret: registration.secret) }
  }
}

extension Codec where Value == String {
  /// A capability by its name on the wire; MULTI_ROLE follows from `roles`.
  fileprivate static var capability: Codec {
    let names = FrameworkInfo.Capabilities(rawValue: .max).names.filter { $0 != "MULTI_ROLE" }
    return .scalar(
      Suggestion.oneOf(names), [.text], schema: ["enum": .array(names.map(JSONText.string))],
      parse: { (text) throws(Mismatch) in
        guard names.contains(text) else {
          let hint =
            text == "MULTI_ROLE"
            ? "it follows from 'roles'" : Suggestion.text(for: text, among: names)
          throw Mismatch(reason: "unknown capability '\(text)'; \(hint)")
        }
        return text
      },
      print: YAMLNode.text)
  }
}

extension Codec {
  /// Durations by kind, such as `{statusUpdate: 1ms}`; what is not named takes no time.
  static func times<Kind>(_ name: String) -> Codec<[Kind: Duration]>
  where
    Kind: CaseIterable & RawRepresentable & Hashable & Sendable, Kind.RawValue == String,
    Value == [Kind: Duration]
  {
    let fields = Kind.allCases.map { kind in
      Field<[Kind: Duration]>(
        key: kind.rawValue, summary: "how long one takes", isRequired: false,
        read: { node, path, times, problems in
          if let time = Codec<Duration>.duration.read(node, path, &problems) { times[kind] = time }
        },
        write: { $0[kind].map(Codec<Duration>.duration.write) },
        schema: Codec<Duration>.duration.schema)
    }
    return Table(name: name, blank: [:], fields: fields).codec
  }
}
