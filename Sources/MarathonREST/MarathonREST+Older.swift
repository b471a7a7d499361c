// Part of mesosim. Apache-2.0, see LICENSE.
//
// The interface of Marathon up to 0.6: `/v1/apps`, `/v1/endpoints`, `/v1/tasks`. It had no
// deployments: what is asked for is done whatever else is under way.

import Mesos
import MesosFrameworks
import MesosOperator

extension MarathonREST {
  func olderApps(_ rest: [String]) throws(AppRefusal) -> OperatorReply {
    switch rest {
    case []:
      try expect("GET")
      return OperatorReply(.array(api.appIDs.compactMap(olderView)))
    case ["start"]:
      try expect("POST")
      _ = try api.create([try AppDefinition(try olderBody(), as: .v1)])
    case ["stop"]:
      try expect("POST")
      let id = try olderID(in: try olderBody())
      guard api.hasApp(id) else { throw .unknownApp(id) }
      _ = try api.delete([id], isForced: true)
    case ["scale"]:
      try expect("POST")
      let body = try olderBody()
      guard let count = body["instances"]?.integer, (0...Int(Int32.max)).contains(count) else {
        throw .invalid("instances", "expected a whole number, 0 or more")
      }
      _ = try api.scale(try olderID(in: body), to: count, isForced: true)
    case ["search"]:
      try expect("GET")
      let (id, command) = (request.query["id"] ?? "", request.query["cmd"] ?? "")
      let found = api.appIDs.filter { path in
        Self.contains(Self.olderID(path), id)
          && Self.contains(api.definition(of: path)?.command ?? "", command)
      }
      return OperatorReply(.array(found.compactMap(olderView)))
    default:
      guard rest.count > 1, rest.last == "tasks" else { throw notFound }
      try expect("GET")
      let id = AppPath(segments: Array(rest.dropLast()))
      guard api.hasApp(id) else { throw .unknownApp(id) }
      return OperatorReply(olderTasks(of: [id]))
    }
    return OperatorReply(204)
  }

  func olderEndpoints(_ rest: [String]) throws(AppRefusal) -> OperatorReply {
    try expect("GET")
    let id = rest.isEmpty ? nil : AppPath(segments: rest)
    if let id, !api.hasApp(id) { throw .unknownApp(id) }
    let ids = id.map { [$0] } ?? api.appIDs
    if wantsText { return OperatorReply(200, olderEndpointText(of: ids)) }
    let views = ids.map { path in
      JSONValue.object([
        "id": .text(Self.olderID(path)),
        "ports": .array((api.definition(of: path)?.servicePorts ?? []).map { .number($0) }),
        "instances": .array(api.tasks(of: path).map(Self.olderTask)),
      ])
    }
    return OperatorReply(id == nil ? .array(views) : views[0])
  }

  func olderTasks(_ rest: [String]) throws(AppRefusal) -> OperatorReply {
    if rest.isEmpty {
      try expect("GET")
      return OperatorReply(olderTasks(of: api.appIDs))
    }
    guard rest == ["kill"] else { throw notFound }
    try expect("POST")
    let query = request.query
    let found = api.tasks().filter { task in
      func isMet(_ name: String, _ value: String?) -> Bool {
        query[name].map { $0 == value } ?? true
      }
      let app = task["appId"]?.string.map { Self.olderID(AppPath($0)) }
      return isMet("appId", app) && isMet("host", task["host"]?.string)
        && isMet("id", task["id"]?.string)
    }
    if found.isEmpty { throw AppRefusal(status: 404, message: "No tasks matched your filters") }
    let ids = found.compactMap { $0["id"]?.string }.map { TaskID($0) }
    try api.kill(ids, scales: isOn("scale"), isForced: true)
    return OperatorReply(.array(found.map(Self.olderTask)))
  }

  // MARK: Reading

  /// The body; numbers may be texts, as early clients sent them, and a constraint without a value
  /// may have an empty one.
  private func olderBody() throws(AppRefusal) -> JSONValue {
    let body = try body()
    guard let members = body.members else { return body }
    let numbers = ["cpus", "mem", "instances", "taskRateLimit"]
    let read = members.map { member -> JSONValue.Member in
      if numbers.contains(member.key), let text = member.value.string,
        let number = try? JSONValue(parsing: text), number.double != nil
      {
        return .init(
          key: member.key, value: JSONValue(number.content, place: member.value.place))
      }
      if member.key == "constraints", let items = member.value.array {
        return .init(
          key: member.key,
          value: JSONValue(.array(items.map(Self.withoutEmptyValue)), place: member.value.place))
      }
      return member
    }
    return JSONValue(.object(read), place: body.place)
  }

  private static func withoutEmptyValue(_ constraint: JSONValue) -> JSONValue {
    guard let parts = constraint.array, parts.count == 3, parts[2].string?.isEmpty == true else {
      return constraint
    }
    return JSONValue(.array(Array(parts.prefix(2))), place: constraint.place)
  }

  private func olderID(in body: JSONValue) throws(AppRefusal) -> AppPath {
    guard let id = body["id"]?.string, !id.isEmpty else { throw .invalid("id") }
    return AppPath(id)
  }

  private static func contains(_ text: String, _ part: String) -> Bool {
    part.isEmpty || text.lowercased().contains(part.lowercased())
  }

  // MARK: Showing

  /// An id without its first slash.
  private static func olderID(_ id: AppPath) -> String { id.segments.joined(separator: "/") }

  private func olderView(_ id: AppPath) -> JSONValue? {
    guard let definition = api.definition(of: id), let view = try? api.view(id) else { return nil }
    func shown(_ key: String) -> JSONValue { view[key] ?? JSONValue(.null) }
    return .object([
      "cmd": .text(definition.command ?? ""), "constraints": shown("constraints"),
      "container": shown("container"), "cpus": shown("cpus"), "env": shown("env"),
      "executor": shown("executor"), "id": .text(Self.olderID(id)),
      "instances": shown("instances"), "mem": shown("mem"),
      "ports": .array(definition.servicePorts.map { .number($0) }),
      "taskRateLimit": .number(definition.taskRateLimit.shortText),
      "tasksRunning": shown("tasksRunning"), "tasksStaged": shown("tasksStaged"),
      "uris": .array(definition.artifacts.map { .text($0.uri) }), "version": shown("version"),
    ])
  }

  private static func olderTask(_ task: JSONValue) -> JSONValue {
    .object([
      "host": task["host"] ?? .text(""), "id": task["id"] ?? .text(""),
      "ports": task["ports"] ?? .array([]),
    ])
  }

  private func olderTasks(of ids: [AppPath]) -> JSONValue {
    JSONValue(
      .object(
        ids.map { id in
          .init(key: Self.olderID(id), value: .array(api.tasks(of: id).map(Self.olderTask)))
        }))
  }

  /// A line for each port of an app: its name with the port, the port, and where it leads.
  private func olderEndpointText(of ids: [AppPath]) -> String {
    var text = ""
    for id in ids {
      let running = api.tasks(of: id).filter { $0["state"]?.string == "TASK_RUNNING" }
      let name = id.segments.joined(separator: "_")
      for (place, port) in (api.definition(of: id)?.servicePorts ?? []).enumerated() {
        text += "\(name)_\(port) \(port) "
        for task in running {
          let own = task["ports"]?.array ?? []
          if own.indices.contains(place), let port = own[place].integer {
            text += "\(task["host"]?.string ?? ""):\(port) "
          }
        }
        text += "\n"
      }
    }
    return text
  }
}
