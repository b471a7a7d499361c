// Part of mesosim. Apache-2.0, see LICENSE.
//
// `/v2/tasks`, `/v2/groups`, `/v2/deployments`, `/v2/queue` and `/v2/info`.

import Mesos
import MesosFrameworks
import MesosOperator

extension MarathonREST {
  // MARK: Tasks

  func tasks(_ rest: [String]) throws(AppRefusal) -> OperatorReply {
    if rest == ["delete"] {
      try expect("POST")
      guard let ids = try body()["ids"]?.array?.compactMap(\.string) else {
        throw .invalid("ids")
      }
      return try kill(api.tasks().filter { ids.contains($0["id"]?.string ?? "") })
    }
    guard rest.isEmpty else { throw notFound }
    try expect("GET")
    if wantsText { return OperatorReply(200, endpointText(of: api.appIDs)) }
    let states = Set(request.values(of: "status") + request.values(of: "status[]"))
    let found = api.tasks().filter { task in
      switch task["state"]?.string {
      case _ where states.isEmpty: true
      case "TASK_RUNNING": states.contains("running")
      case "TASK_STAGING", "TASK_STARTING": states.contains("staging")
      default: false
      }
    }
    return OperatorReply(.object(["tasks": .array(found)]))
  }

  /// Where the running tasks of apps are reached, an app's port a line: its name, the port, and the
  /// hosts with their ports.
  func endpointText(of ids: [AppPath]) -> String {
    var text = ""
    for id in ids {
      let running = api.tasks(of: id).filter { $0["state"]?.string == "TASK_RUNNING" }
      let ports = api.definition(of: id)?.servicePorts ?? []
      let name = id.segments.joined(separator: "_")
      if ports.isEmpty {
        text += "\(name)\t \t" + running.map { ($0["host"]?.string ?? "") + "\t" }.joined() + "\n"
      }
      for (place, port) in ports.enumerated() {
        text += "\(name)\t\(port)\t"
        for task in running {
          let own = task["ports"]?.array ?? []
          if own.indices.contains(place), let port = own[place].integer {
            text += "\(task["host"]?.string ?? ""):\(port)\t"
          }
        }
        text += "\n"
      }
    }
    return text
  }

  // MARK: Groups

  func groups(_ rest: [String]) throws(AppRefusal) -> OperatorReply {
    let count = rest.count
    if count > 0, rest[count - 1] == "versions" {
      try expect("GET")
      let versions = try api.versions(ofGroup: AppPath(segments: Array(rest.dropLast())))
      return OperatorReply(.array(versions.map { .text($0) }))
    }
    let id = AppPath(segments: rest)
    try expect("GET", "POST", "PUT", "DELETE")
    switch request.method {
    case "POST":
      let (made, receipt) = try api.createGroup(try body(), in: id)
      var answer = reply(receipt, status: 201)
      answer.headers["Location"] = "/v2/groups\(made)"
      return answer
    case "PUT":
      let body = try body()
      let target = body["id"]?.string.map { AppPath($0, in: id) } ?? id
      let own = rest.isEmpty ? target : id
      if isOn("dryRun") { return OperatorReply(try api.planOfGroup(own, with: body)) }
      let isThere = api.hasGroup(own)
      let receipt = try api.updateGroup(own, with: body, isForced: isForced)
      return reply(receipt, status: isThere ? 200 : 201)
    case "DELETE":
      guard api.hasGroup(id) else { throw .unknownGroup(id) }
      return reply(try api.delete(id, isForced: isForced))
    default: return OperatorReply(try shownGroup(id))
    }
  }

  /// A group, with all that is in it unless less is asked for.
  private func shownGroup(_ id: AppPath) throws(AppRefusal) -> JSONValue {
    let words = request.values(of: "embed")
    if words.isEmpty { return try api.group(id) }
    let showsApps = words.contains { $0.hasPrefix("group.apps") }
    let showsGroups = words.contains("group.groups")
    return try api.group(id, showsApps ? embeds(of: "app") : nil, showsGroups: showsGroups)
  }

  // MARK: Deployments and the queue

  func deployments(_ rest: [String]) throws(AppRefusal) -> OperatorReply {
    guard let id = rest.first else {
      try expect("GET")
      return OperatorReply(.array(api.deploymentViews))
    }
    guard rest.count == 1 else { throw notFound }
    try expect("DELETE")
    guard let receipt = try api.cancel(deployment: id, isForced: isForced) else {
      return OperatorReply(202)
    }
    return reply(receipt)
  }

  func queue(_ rest: [String]) throws(AppRefusal) -> OperatorReply {
    if rest.isEmpty {
      try expect("GET")
      let showsOffers = request.values(of: "embed").contains("lastUnusedOffers")
      return OperatorReply(
        .object(["queue": .array(api.queue(withLastOffers: showsOffers))]))
    }
    guard rest.count > 1, rest.last == "delay" else { throw notFound }
    try expect("DELETE")
    let id = AppPath(segments: Array(rest.dropLast()))
    guard api.isQueued(id) else {
      throw AppRefusal(status: 404, message: "Application \(id) not found in tasks queue.")
    }
    try api.resetDelay(of: id)
    return OperatorReply(204)
  }

  // MARK: About it

  var info: JSONValue {
    let address = description.address.split(separator: ":")
    let port = address.last.flatMap { Int($0) } ?? 5050
    return .object([
      "name": .text(description.name), "version": .text("1.11.24"), "buildref": .text("mesosim"),
      "elected": .bool(true), "leader": .text(description.address),
      "frameworkId": .text(api.frameworkID),
      "marathon_config": .object([
        "checkpoint": .bool(true), "failover_timeout": .number(604_800),
        "framework_name": .text(description.name), "ha": .bool(true),
        "hostname": .text(String(address.first ?? "127.0.0.1")),
        "master": .text(description.address), "mesos_role": .text(api.roles.first),
        "launch_token": .number(api.options.launchTokens),
        "max_instances_per_offer": .number(api.options.launchesPerOffer),
      ]),
      "zookeeper_config": .object([:]),
      "http_config": .object(["http_port": .number(port), "https_port": .number(0)]),
    ])
  }
}
