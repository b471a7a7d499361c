// Part of mesosim. Apache-2.0, see LICENSE.
//
// What users may ask of Marathon in a scenario.

import Mesos

enum MarathonActs {
  /// What may be asked, each with what it is about.
  static let verbs = [
    ParameterForm.Field("deploy", .text), ParameterForm.Field("scale", .text),
    ParameterForm.Field("restart", .text), ParameterForm.Field("delete", .text),
    ParameterForm.Field("kill", .text), ParameterForm.Field("rollback", .text),
    ParameterForm.Field("cancel", .text),
  ]

  static let details = [
    ParameterForm.Field("to", .integer(0...1_000_000)),
    ParameterForm.Field("count", .integer(1...1_000_000)),
    ParameterForm.Field("andScale", .flag), ParameterForm.Field("force", .flag),
  ]

  /// The app that a version belongs to: `web@v2` to `/web`.
  static func app(of version: String) -> AppPath {
    AppPath(String(version.prefix { $0 != "@" }))
  }

  static func check(_ act: FrameworkAct) throws(ParameterError) {
    let needed: [String: String] = ["scale": "to"]
    if let key = needed[act.verb], act[key] == nil {
      throw ParameterError(
        path: "", reason: "'\(act.verb)' needs '\(key)', such as {scale: web, to: 5}")
    }
    let allowed: [String: Set<String>] = [
      "deploy": ["force"], "scale": ["to", "force"], "restart": ["force"], "delete": ["force"],
      "kill": ["count", "andScale", "force"], "rollback": [], "cancel": [],
    ]
    for entry in act.entries
    where entry.key != act.verb && allowed[act.verb]?.contains(entry.key) != true {
      throw ParameterError(path: entry.key, reason: "says nothing beside '\(act.verb)'")
    }
    if act.verb == "deploy", !act.object.contains("@") {
      throw ParameterError(
        path: "deploy", reason: "expected a version such as web@v2, which stands in 'versions'")
    }
  }

  /// Does what was asked.
  static func perform(
    _ act: FrameworkAct, on scheduler: MarathonScheduler
  ) throws(AppRefusal) {
    let api = MarathonAPI(scheduler)
    let isForced = act.flag("force")
    let id = AppPath(act.object)
    switch act.verb {
    case "deploy":
      let body = scheduler.options.versions.first { $0.key == act.object }?.value ?? "{}"
      try api.update(app(of: act.object), with: body, isForced: isForced, cause: act.text)
    case "scale": try api.scale(id, to: act.integer("to") ?? 0, isForced: isForced)
    case "restart": try api.restart(id, isForced: isForced)
    case "delete": try api.delete(id, isForced: isForced)
    case "kill":
      let tasks = api.runningTasks(of: id).prefix(act.integer("count") ?? 1)
      try api.kill(Array(tasks), of: id, scales: act.flag("andScale"), isForced: isForced)
    case "rollback", "cancel":
      guard let deployment = api.deployment(of: id) else {
        throw AppRefusal(status: 404, message: "No deployment of \(id) is under way")
      }
      try api.cancel(deployment: deployment, isForced: act.verb == "cancel")
    default: break
    }
  }
}
