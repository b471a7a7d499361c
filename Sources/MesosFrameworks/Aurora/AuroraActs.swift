// Part of mesosim. Apache-2.0, see LICENSE.
//
// What users may ask of Aurora in a scenario.

import Mesos

enum AuroraActs {
  private static let instances = ParameterForm.list(.integer(0...999_999), example: "[0, 1]")
  private static let hosts = ParameterForm.oneOrMore(.text)

  /// What may be asked, each with what it is about.
  static let verbs = [
    ParameterForm.Field("create", .text), ParameterForm.Field("kill", .text),
    ParameterForm.Field("restart", .text), ParameterForm.Field("update", .text),
    ParameterForm.Field("scale", .text), ParameterForm.Field("addInstances", .text),
    ParameterForm.Field("pause", .text), ParameterForm.Field("resume", .text),
    ParameterForm.Field("abort", .text), ParameterForm.Field("rollback", .text),
    ParameterForm.Field("cronStart", .text), ParameterForm.Field("deschedule", .text),
    ParameterForm.Field("setQuota", .text), ParameterForm.Field("startMaintenance", hosts),
    ParameterForm.Field("drain", hosts), ParameterForm.Field("endMaintenance", hosts),
  ]

  static let details = [
    ParameterForm.Field("instances", instances), ParameterForm.Field("to", .integer(0...4000)),
    ParameterForm.Field("count", .integer(1...4000)), ParameterForm.Field("limit", .resources),
    ParameterForm.Field("within", .duration(isPositive: true)),
  ]

  /// Whether a key, with or without the cluster, is a job's.
  static func names(_ key: String, _ job: AuroraJob) -> Bool {
    key == job.key || job.cluster + "/" + key == job.key
  }

  /// Refuses a quota of what Aurora has none of.
  static func checkLimit(_ limit: Resources, at path: String) throws(ParameterError) {
    let known = ["cpus", "mem", "disk"]
    for resource in limit.entries where !known.contains(resource.name) {
      throw ParameterError(
        path: path,
        reason: "there are no quotas of '\(resource.name)'; "
          + Suggestion.text(for: resource.name, among: known))
    }
  }

  static func check(_ act: FrameworkAct) throws(ParameterError) {
    if case .resources(let limit)? = act["limit"] { try checkLimit(limit, at: "limit") }
    if act.instances?.isEmpty == true {
      throw ParameterError(
        path: "instances", reason: "is empty; expected numbers such as [0, 1], or leave it out")
    }
    let needed: [String: String] = [
      "scale": "to", "addInstances": "count", "setQuota": "limit",
    ]
    if let key = needed[act.verb], act[key] == nil {
      throw ParameterError(path: "", reason: "'\(act.verb)' needs '\(key)'")
    }
    let allowed: [String: Set<String>] = [
      "kill": ["instances"], "restart": ["instances"], "scale": ["to"],
      "addInstances": ["count"], "setQuota": ["limit"], "drain": ["within"],
    ]
    for entry in act.entries
    where entry.key != act.verb && allowed[act.verb]?.contains(entry.key) != true {
      throw ParameterError(path: entry.key, reason: "says nothing beside '\(act.verb)'")
    }
  }

  /// Does what was asked.
  static func perform(
    _ act: FrameworkAct, on scheduler: AuroraScheduler
  ) throws(AuroraRefusal) {
    let api = AuroraAPI(scheduler)
    let key = act.object
    switch act.verb {
    case "create":
      guard let job = scheduler.options.jobs.first(where: { names(key, $0) }) else {
        throw AuroraRefusal("there is no job \(key) among 'jobs'")
      }
      try api.submit(job)
    case "kill": try api.kill(key, act.instances)
    case "restart": try api.restart(key, act.instances)
    case "update":
      guard let version = scheduler.options.versions.first(where: { $0.name == key }) else {
        throw AuroraRefusal("there is no version \(key) among 'versions'")
      }
      try api.startUpdate(to: version.job, cause: act.text)
    case "scale": try api.scale(key, to: act.integer("to") ?? 0)
    case "addInstances": try api.addInstances(act.integer("count") ?? 0, to: key)
    case "pause": try api.pauseUpdate(of: key)
    case "resume": try api.resumeUpdate(of: key)
    case "abort": try api.abortUpdate(of: key)
    case "rollback": try api.rollBackUpdate(of: key)
    case "cronStart": try api.startCron(key)
    case "deschedule": try api.deschedule(key)
    case "setQuota":
      if case .resources(let limit)? = act["limit"] {
        try api.setQuota(AuroraAmounts(limit), of: key)
      }
    case "startMaintenance": api.startMaintenance(of: act.hosts)
    case "drain":
      if case .duration(let timeout)? = act["within"] {
        api.drain(act.hosts, within: timeout)
      } else {
        api.drain(act.hosts)
      }
    case "endMaintenance": api.endMaintenance(of: act.hosts)
    default: break
    }
  }
}

extension FrameworkAct {
  /// The instances that it is about; `nil` for all.
  fileprivate var instances: Set<Int>? {
    guard let items = self["instances"]?.asList else { return nil }
    return Set(items.compactMap { if case .integer(let number) = $0 { number } else { nil } })
  }

  /// The hosts behind its verb.
  fileprivate var hosts: [String] { self[verb]?.asList.map(\.asText) ?? [] }
}

extension AuroraAmounts {
  /// What Aurora counts of resources.
  init(_ resources: Resources) {
    self.init(cpus: resources.cpus, ram: resources.mem, disk: resources.disk)
  }
}
