// Part of mesosim. Apache-2.0, see LICENSE.
//
// The messages that operators send, read from JSON by the rules of Mesos.

import Mesos
import MesosAllocation
import MesosCluster
import MesosV1
import VirtualTime

enum OperatorMessages {
  static func weights(_ list: JSONValue) throws -> [WeightInfo] {
    try (list.array ?? []).map { entry in
      let node = MessageNode(entry)
      let weight = try node.requiredNumber("weight")
      let role = try node.string("role") ?? ""
      try node.complete()
      return WeightInfo(Role(role.trimmed), weight)
    }
  }

  struct QuotaRequest {
    var role: Role
    var guarantee: Resources
    var isForced: Bool
    /// What is wrong with it, in the words of Mesos.
    var fault: String?
  }

  static func quotaRequest(_ json: JSONValue) throws -> QuotaRequest {
    let node = MessageNode(json)
    let list = try node.list("guarantee")
    for entry in list {
      let part = MessageNode(entry.value, path: entry.path, missing: node)
      if try part.string("name") == nil { part.lacks("name") }
      if try part.string("type") == nil { part.lacks("type") }
    }
    try node.complete()
    let role = try node.string("role") ?? ""
    let stated = try StatedResources(reading: .array(list.map(\.value)))
    var request = QuotaRequest(
      role: Role(role), guarantee: stated.resources, isForced: try node.bool("force") ?? false)
    request.fault = fault(of: request.role, stated, list.map(\.value))
    return request
  }

  private static func fault(
    of role: Role, _ stated: StatedResources, _ entries: [JSONValue]
  ) -> String? {
    if let fault = stated.fault { return "QuotaInfo with invalid resource: \(fault)" }
    if let fault = MesosText.fault(of: role) { return "QuotaInfo with invalid role: \(fault)" }
    if entries.isEmpty { return "QuotaInfo with empty 'guarantee'" }
    var names: [String] = []
    for entry in entries {
      let name = entry["name"]?.string ?? ""
      if entry["reservations"]?.array?.isEmpty == false || entry["reservation"] != nil {
        return "QuotaInfo must not contain any ReservationInfo"
      }
      if let own = entry["role"]?.string, own != "*" {
        return "QuotaInfo must not contain any ReservationInfo"
      }
      if entry["disk"] != nil { return "QuotaInfo must not contain DiskInfo" }
      if entry["revocable"] != nil { return "QuotaInfo must not contain RevocableInfo" }
      if entry["type"]?.string != "SCALAR" {
        return "QuotaInfo must not include non-scalar resources"
      }
      if names.contains(name) { return "QuotaInfo contains duplicate resource name '\(name)'" }
      names.append(name)
    }
    return nil
  }

  /// What is wrong with amounts of a quota, which no amount of ours can say.
  private static func fault(ofAmounts config: JSONValue) -> String? {
    for (key, word) in [("guarantees", "guarantee"), ("limits", "limit")] {
      for member in config[key]?.members ?? [] {
        guard let amount = member.value["value"]?.double, amount < 0 else { continue }
        return "Invalid \(word) configuration {'\(member.key)': "
          + "\(member.value["value"]?.text ?? "")}: Negative values not supported"
      }
    }
    return nil
  }

  static func quotaUpdate(
    _ json: JSONValue
  ) throws -> (configs: [QuotaConfig], isForced: Bool, fault: String?) {
    let node = MessageNode(json)
    var fault: String?
    let configs = try node.list("quota_configs").map { entry in
      fault = fault ?? self.fault(ofAmounts: entry.value)
      let part = MessageNode(entry.value, path: entry.path, missing: node)
      if try part.string("role") == nil { part.lacks("role") }
      let quota = Quota(
        guarantees: try part.amounts("guarantees"), limits: try part.limits("limits"))
      return QuotaConfig(Role(try part.string("role") ?? ""), quota)
    }
    try node.complete()
    return (configs, try node.bool("force") ?? false, fault)
  }

  static func drainConfig(_ json: JSONValue) throws -> DrainConfig {
    let node = MessageNode(json)
    var config = DrainConfig(marksGone: try node.bool("mark_gone") ?? false)
    if let period = json["max_grace_period"] {
      // A time of protobuf's own, which may be a text such as 10s as well.
      let seconds =
        period["seconds"]?.double ?? period["seconds"]?.string.flatMap { Double($0) }
        ?? period.string.flatMap { Double($0.dropLast()) } ?? 0
      let nanoseconds = period["nanos"]?.double ?? 0
      config.graceMax = .rounded(seconds: seconds + nanoseconds / 1e9)
    }
    return config
  }

  static func windows(_ json: JSONValue) throws -> [MaintenanceWindow] {
    let node = MessageNode(json)
    let windows = try node.list("windows").map { entry in
      let part = MessageNode(entry.value, path: entry.path, missing: node)
      let machines = try part.list("machine_ids").map { try machine($0.value) }
      guard let window = entry.value["unavailability"] else {
        part.lacks("unavailability")
        return MaintenanceWindow(machines, Unavailability(start: .start))
      }
      let start = window["start"]?["nanoseconds"]
      if start == nil { part.lacks("unavailability.start") }
      var unavailability = Unavailability(start: Instant(nanoseconds: start?.whole ?? 0))
      if let length = window["duration"]?["nanoseconds"]?.whole {
        unavailability.duration = .nanoseconds(length)
      }
      return MaintenanceWindow(machines, unavailability)
    }
    try node.complete()
    return windows
  }

  static func machines(_ json: JSONValue) throws -> [MachineID] {
    try (json.array ?? []).map { try machine($0) }
  }

  private static func machine(_ json: JSONValue) throws -> MachineID {
    let node = MessageNode(json)
    return MachineID(
      hostname: (try node.string("hostname") ?? "").lowercased(), ip: try node.string("ip") ?? "")
  }
}

extension JSONValue {
  fileprivate var whole: Int64? {
    if case .number(let text) = content, let number = Int64(text) { return number }
    if let text = string, let number = Int64(text) { return number }
    return double.flatMap { Int64(exactly: $0.rounded()) }
  }
}

extension String {
  fileprivate var trimmed: String {
    let isSpace = { (character: Character) in character.isWhitespace }
    return String(drop(while: isSpace).reversed().drop(while: isSpace).reversed())
  }
}
