// Part of mesosim. Apache-2.0, see LICENSE.
//
// The flags of a recorded master as settings of ours.

import Mesos
import MesosAllocation
import MesosCluster
import MesosOperator
import VirtualTime

struct MasterSetup {
  var settings = MasterSettings.mesos1_11
  var options = AllocatorOptions()
  var weights: [WeightInfo] = []

  init(_ flags: JSONValue) throws(CaseInputError) {
    // A tick is over before what happens at its instant, also where it had nothing to decide.
    options.isLiteral = true
    options.driftsTicks = true
    for flag in flags.members ?? [] { try take(flag.key, flag.value) }
  }

  /// What is said of the master of a case beside what it keeps in its books.
  static func description(of content: JSONValue) -> MasterDescription {
    var flags = ["work_dir": "WORK/master"]
    for flag in content["flags"]?.members ?? [] {
      flags[flag.key] = flag.value.string ?? flag.value.text
    }
    var description = MasterDescription(flags: flags)
    description.authentication.credentials = (content["credentials"]?.array ?? []).map {
      Credential(principal: $0["principal"]?.string ?? "", secret: $0["secret"]?.string)
    }
    return description
  }

  private mutating func take(_ name: String, _ value: JSONValue) throws(CaseInputError) {
    let text = value.string ?? value.text
    switch name {
    case "acls": settings.acls = ACLs(value)
    case "agent_ping_timeout": settings.slavePingTimeout = try Self.duration(text)
    case "max_agent_ping_timeouts":
      settings.slavePingTimeoutsMax = Int(value.double ?? Double(text) ?? 5)
    case "agent_removal_rate_limit":
      let parts = text.split(separator: "/").map(String.init)
      let count = Int(parts.first ?? "1") ?? 1
      settings.slaveRemovalInterval = try Self.duration(parts.last ?? "") / count
    case "allocation_interval": options.interval = try Self.duration(text)
    case "agent_reregister_timeout": settings.slaveReregisterTimeout = try Self.duration(text)
    case "offer_timeout": settings.offerTimeout = try Self.duration(text)
    case "filter_gpu_resources": options.filtersGPUs = text != "false"
    case "min_allocatable_resources":
      options.minAllocatable = text.split(separator: "|").compactMap {
        try? Resources(parsing: String($0)).scalarQuantities
      }
    case "fair_sharing_excluded_resource_names":
      options.fairnessExclude = text.split(separator: ",").map(String.init)
    case "max_completed_frameworks": settings.completedFrameworksMax = Int(text) ?? 50
    case "max_completed_tasks_per_framework": settings.completedTasksMax = Int(text) ?? 1000
    case "root_submissions": settings.allowsRootSubmissions = text != "false"
    case "require_agent_domain": settings.requiresSlaveDomain = text == "true"
    case "roles": settings.roles = text.split(separator: ",").map { Role(String($0)) }
    case "domain":
      settings.domain = DomainInfo(value)
      options.region = settings.domain?.region
    case "weights":
      for part in text.split(separator: ",") {
        let pair = part.split(separator: "=").map(String.init)
        guard pair.count == 2, let weight = Double(pair[1]) else { continue }
        weights.append(WeightInfo(Role(pair[0]), weight))
      }
      options.weights = weights.map { ($0.role, $0.weight) }
    case "rate_limits":
      func limit(_ principal: String?, _ rate: JSONValue?, _ capacity: JSONValue?) -> RateLimit {
        RateLimit(
          principal, perSecond: rate?.double,
          capacity: capacity?.unsigned.map { Int(clamping: $0) } ?? Int.max)
      }
      settings.rateLimits = (value["limits"]?.array ?? []).map {
        limit($0["principal"]?.string ?? "", $0["qps"], $0["capacity"])
      }
      if let rate = value["aggregate_default_qps"] {
        settings.rateLimits.append(limit(nil, rate, value["aggregate_default_capacity"]))
      }
    // What else there is makes no difference to what is recorded.
    default: break
    }
  }

  static func duration(_ text: String) throws(CaseInputError) -> Duration {
    let number = text.prefix { $0.isNumber || $0 == "." }
    let units: [String: Double] = [
      "ns": 1e-9, "us": 1e-6, "ms": 1e-3, "secs": 1, "mins": 60, "hrs": 3600, "days": 86400,
      "weeks": 604_800,
    ]
    guard let count = Double(number), let unit = units[String(text.dropFirst(number.count))] else {
      throw CaseInputError("'\(text)' is no time; expected one such as 10mins")
    }
    return .nanoseconds(Int64(count * unit * 1e9))
  }
}

extension DomainInfo {
  init?(_ json: JSONValue?) {
    guard let fault = json?["fault_domain"], let region = fault["region"]?["name"]?.string,
      let zone = fault["zone"]?["name"]?.string
    else { return nil }
    self.init(region: region, zone: zone)
  }
}

extension ACLs {
  fileprivate init(_ json: JSONValue) {
    self.init(isPermissive: json["permissive"]?.bool ?? true)
    for action in ACLs.Action.allCases {
      for entry in json[action.rawValue]?.array ?? [] {
        let objects = entry.members?.first { $0.key != "principals" }?.value
        entries.append(
          Entry(action, principals: Entities(entry["principals"]), objects: Entities(objects)))
      }
    }
  }
}

extension ACLs.Entities {
  fileprivate init(_ json: JSONValue?) {
    if let values = json?["values"]?.array {
      self = .values(values.compactMap(\.string))
    } else {
      self = json?["type"]?.string == "NONE" ? .none : .any
    }
  }
}
