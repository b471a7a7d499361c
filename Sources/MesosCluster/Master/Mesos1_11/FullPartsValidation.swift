// Part of mesosim. Apache-2.0, see LICENSE.
//
// What Mesos 1.11 finds wrong with ids, commands, containers, checks and resources, in its order
// and its words (Mesos: `common/validation.cpp`).

public import Mesos

/// What Mesos 1.11 says of parts of messages; each returns what is wrong, or `nil`.
enum FullFault {
  static func ofID(_ id: String) -> String? {
    if id.isEmpty { return "ID must be non-empty" }
    if id.utf8.count > 255 { return "ID must not be greater than 255 characters" }
    if id == "." || id == ".." { return "'\(id)' is disallowed" }
    let (slash, backslash) = (UInt8(ascii: "/"), UInt8(ascii: "\\"))
    let isSound = id.utf8.allSatisfy {
      $0 >= 0x20 && $0 != 0x7f && $0 != slash && $0 != backslash
    }
    return isSound ? nil : "'\(id)' contains invalid characters"
  }

  static func of(_ command: CommandInfo) -> String? {
    for variable in command.environment {
      let what = "Environment variable '\(variable.name)'"
      switch variable.kind ?? .value {
      case .secret:
        if variable.secret == nil { return "\(what) of type 'SECRET' must have a secret set" }
        if variable.value != nil { return "\(what) of type 'SECRET' must not have a value set" }
        if case .value(let bytes) = variable.secret, bytes.contains(0) {
          return "\(what) specifies a secret containing null bytes, which is not allowed in the "
            + "environment"
        }
      case .value:
        if variable.value == nil { return "\(what) of type 'VALUE' must have a value set" }
        if variable.secret != nil { return "\(what) of type 'VALUE' must not have a secret set" }
      case .unknown: return "Environment variable of type 'UNKNOWN' is not allowed"
      }
    }
    return nil
  }

  static func of(_ container: ContainerInfo) -> String? {
    for volume in container.volumes where !volume.hasOneOrigin {
      return "Invalid volume: Only one of them should be set: 'host_path', 'image' and 'source'"
    }
    guard container.kind == .docker else { return nil }
    guard let docker = container.docker else {
      return "DockerInfo 'docker' is not set for DOCKER typed ContainerInfo"
    }
    if docker.parameters.contains(where: { $0.key == "name" }) {
      return "Parameter in DockerInfo must not be 'name'"
    }
    return nil
  }

  private static func ofProgram(_ command: CommandInfo?, _ what: String) -> String? {
    guard let command else { return "Expecting 'command' to be set for COMMAND \(what)" }
    if command.value.isEmpty {
      let form = command.usesShell ? "'shell command'" : "'executable path'"
      return "Command \(what) must contain \(form)"
    }
    return of(command).map {
      let subject = what == "check" ? "Check" : "Health check"
      return "\(subject)'s `CommandInfo` is invalid: \($0)"
    }
  }

  private static func ofPath(_ page: HealthCheck.HTTP, _ what: String) -> String? {
    guard let path = page.path, !path.hasPrefix("/") else { return nil }
    return "The path '\(path)' of HTTP \(what) must start with '/'"
  }

  private static func ofTimes(_ times: [(String, Double)]) -> String? {
    times.first { $0.1 < 0 }.map { "Expecting '\($0.0)' to be non-negative" }
  }

  static func of(_ check: HealthCheck) -> String? {
    let what = "health check"
    switch check.kind {
    case nil: return "HealthCheck must specify 'type'"
    case .unknown: return "'UNKNOWN' is not a valid health check type"
    case .command: if let fault = ofProgram(check.command, what) { return fault }
    case .http:
      guard let page = check.http else { return "Expecting 'http' to be set for HTTP \(what)" }
      if let scheme = page.scheme, scheme != "http", scheme != "https" {
        return "Unsupported HTTP health check scheme: '\(scheme)'"
      }
      if let fault = ofPath(page, what) { return fault }
    case .tcp: if check.tcp == nil { return "Expecting 'tcp' to be set for TCP \(what)" }
    }
    return ofTimes([
      ("delay_seconds", check.delaySeconds), ("grace_period_seconds", check.gracePeriodSeconds),
      ("interval_seconds", check.intervalSeconds), ("timeout_seconds", check.timeoutSeconds),
    ])
  }

  static func of(_ check: CheckInfo) -> String? {
    let what = "check"
    switch check.kind {
    case nil: return "CheckInfo must specify 'type'"
    case .unknown: return "'UNKNOWN' is not a valid check type"
    case .command: if let fault = ofProgram(check.command, what) { return fault }
    case .http:
      guard let page = check.http else { return "Expecting 'http' to be set for HTTP \(what)" }
      if let fault = ofPath(page, what) { return fault }
    case .tcp: if check.tcp == nil { return "Expecting 'tcp' to be set for TCP \(what)" }
    }
    return ofTimes([
      ("delay_seconds", check.delaySeconds), ("interval_seconds", check.intervalSeconds),
      ("timeout_seconds", check.timeoutSeconds),
    ])
  }

  /// What is wrong with resources whose entries are all well formed.
  static func of(_ resources: Resources) -> String? {
    if resources.isPlain {
      return resources.hasWholeGpus ? nil : gpus
    }
    if !resources.hasWholeGpus { return gpus }
    for entry in resources.entries where entry.disk?.persistenceID != nil {
      if entry.isRevocable {
        return "Invalid DiskInfo: Persistent volumes cannot be created from revocable resources"
      }
      if entry.reservations.isEmpty {
        return "Invalid DiskInfo: Persistent volumes cannot be created from unreserved resources"
      }
      if entry.disk?.containerPath == nil {
        return "Invalid DiskInfo: Expecting 'volume' to be set for persistent volume"
      }
      if let id = entry.disk?.persistenceID, let fault = ofID(id) {
        return "Invalid DiskInfo: Invalid persistence ID for persistent volume: \(fault)"
      }
    }
    for entry in resources.entries
    where entry.isRevocable && entry.reservations.last?.kind == .dynamic {
      return "Invalid ReservationInfo: Dynamically reserved resource \(entry.mesosText) cannot be "
        + "created from revocable resources"
    }
    return nil
  }

  private static let gpus =
    "Invalid 'gpus' resource: The 'gpus' resource must be an unsigned integer"

  static func ofPersistenceIDs(_ resources: Resources) -> String? {
    if resources.isPlain { return nil }
    var seen: [(Role, String)] = []
    for entry in resources.entries {
      guard let id = entry.disk?.persistenceID else { continue }
      if seen.contains(where: { $0 == (entry.role, id) }) {
        return "Persistence ID '\(id)' is not unique"
      }
      seen.append((entry.role, id))
    }
    return nil
  }

  static func ofMixture(_ resources: Resources) -> String? {
    let revocable = resources.revocable
    if revocable.isEmpty { return nil }
    let fixed = resources.nonRevocable.entries.map(\.name)
    return revocable.entries.map(\.name).first(where: fixed.contains).map {
      "Cannot use both revocable and non-revocable '\($0)' at the same time"
    }
  }

  /// Whether some range or item is in two of the lists.
  static func overlap(_ lists: [Resources]) -> Bool {
    var sum = Resources()
    var quantities = Quantities()
    for list in lists where !list.isEmpty {
      let own = list.shared.isEmpty ? list : list - list.shared
      sum += own
      quantities += own.quantities
    }
    return sum.quantities != quantities
  }
}

extension Resource {
  /// The resource as Mesos prints it.
  var mesosText: String {
    var text = name
    if !reservations.isEmpty {
      text += "(reservations: [" + reservations.map(\.description).joined(separator: ",") + "])"
    }
    if let disk { text += disk.description }
    if isRevocable { text += "{REV}" }
    if isShared { text += "<SHARED>" }
    return text + ":" + value.description
  }
}

extension Resources {
  /// The list as Mesos prints it, in the order in which slaves usually name their resources.
  public var mesosText: String {
    if isEmpty { return "{}" }
    func rank(_ entry: Resource) -> Int {
      ["cpus", "mem", "disk", "ports"].firstIndex(of: entry.name) ?? 4
    }
    let list = entries.enumerated().sorted { left, right in
      let (one, other) = (rank(left.element), rank(right.element))
      return one == other ? left.offset < right.offset : one < other
    }
    return list.map(\.element.mesosText).joined(separator: "; ")
  }
}
