// Part of mesosim. Apache-2.0, see LICENSE.
//
// `/v2/apps`: apps are created, looked at, changed and ended, and so are the tasks of one.

import Mesos
import MesosFrameworks
import MesosOperator

extension MarathonREST {
  func apps(_ rest: [String]) throws(AppRefusal) -> OperatorReply {
    if rest.isEmpty { return try allApps() }
    let count = rest.count
    if count > 1, rest[count - 1] == "restart", request.method == "POST" {
      let receipt = try api.restart(AppPath(segments: Array(rest.dropLast())), isForced: isForced)
      return reply(receipt)
    }
    if count > 1, rest[count - 1] == "versions" {
      try expect("GET")
      let versions = try api.versions(of: AppPath(segments: Array(rest.dropLast())))
      return OperatorReply(.object(["versions": .array(versions.map { .text($0) })]))
    }
    if count > 2, rest[count - 2] == "versions" {
      try expect("GET")
      return OperatorReply(
        try api.view(AppPath(segments: Array(rest.dropLast(2))), version: rest[count - 1]))
    }
    if count > 1, rest[count - 1] == "tasks" {
      return try tasks(of: AppPath(segments: Array(rest.dropLast())))
    }
    if count > 2, rest[count - 2] == "tasks" {
      return try task(rest[count - 1], of: AppPath(segments: Array(rest.dropLast(2))))
    }
    return try app(AppPath(segments: rest))
  }

  private func allApps() throws(AppRefusal) -> OperatorReply {
    try expect("GET", "POST", "PUT", "PATCH")
    switch request.method {
    case "POST":
      let definition = try AppDefinition(try body())
      let receipt = try api.create([definition])
      var answer = reply(try api.created(definition.id, by: receipt), receipt, status: 201)
      answer.headers["Location"] = "/v2/apps\(definition.id)"
      return answer
    case "PUT", "PATCH":
      guard let bodies = try body().array, !bodies.isEmpty else {
        throw AppRefusal(status: 422, message: "Invalid JSON: expected an array of apps")
      }
      return reply(try api.update(bodies, isForced: isForced))
    default:
      let selector = try LabelSelector(request.query["label"] ?? "")
      let (id, command) = (request.query["id"] ?? "", request.query["cmd"] ?? "")
      let found = api.apps(embeds(of: "app").union(.usual)) { app in
        (id.isEmpty || app.id.description.contains(id))
          && (command.isEmpty || app.command?.contains(command) == true)
          && selector.accepts(app)
      }
      return OperatorReply(.object(["apps": .array(found)]))
    }
  }

  private func app(_ id: AppPath) throws(AppRefusal) -> OperatorReply {
    try expect("GET", "PUT", "PATCH", "DELETE")
    switch request.method {
    case "PUT", "PATCH":
      let isThere = api.hasApp(id)
      if !isThere, request.method == "PATCH" { throw .unknownApp(id) }
      let body = try body()
      let receipt = try api.update(id, with: body.text, isForced: isForced)
      return reply(receipt, status: isThere ? 200 : 201)
    case "DELETE":
      guard api.hasApp(id) else { throw .unknownApp(id) }
      return reply(try api.delete([id], isForced: isForced))
    default:
      // Who asks for one app has always been shown its tasks.
      let shown = embeds(of: "app").union(.usual).union([.tasks, .lastTaskFailure])
      if id.segments.last == "*" {
        let group = id.parent
        let found = api.apps(shown) { $0.id != group && $0.id.isInside(group) }
        return OperatorReply(.object(["*": .array(found)]))
      }
      return OperatorReply(.object(["app": try api.view(id, shown)]))
    }
  }

  /// What is to be shown of apps beside what always is: `apps.tasks` or `app.tasks`, and behind a
  /// group's name the same.
  func embeds(of kind: String) -> AppEmbeds {
    var embeds: AppEmbeds = []
    for word in request.values(of: "embed") {
      let words = word.split(separator: ".")
      guard let last = words.last, let before = words.dropLast().last,
        before == kind || before == kind + "s"
      else { continue }
      switch last {
      case "counts": embeds.insert(.counts)
      case "deployments": embeds.insert(.deployments)
      case "tasks": embeds.insert(.tasks)
      case "lastTaskFailure": embeds.insert(.lastTaskFailure)
      case "failures": embeds.formUnion([.lastTaskFailure, .tasks, .deployments])
      case "readiness": embeds.insert(.readiness)
      case "taskStats": embeds.insert(.taskStats)
      default: break
      }
    }
    return embeds
  }

  // MARK: Tasks of an app

  private func tasks(of id: AppPath) throws(AppRefusal) -> OperatorReply {
    try expect("GET", "DELETE")
    guard api.hasApp(id) else { throw .unknownApp(id) }
    if request.method == "GET" {
      if wantsText { return OperatorReply(200, endpointText(of: [id])) }
      return OperatorReply(.object(["tasks": .array(api.tasks(of: id))]))
    }
    let host = request.query["host"]
    let shown = api.tasks(of: id).filter { host == nil || $0["host"]?.string == host }
    return try kill(shown)
  }

  private func task(_ name: String, of id: AppPath) throws(AppRefusal) -> OperatorReply {
    try expect("DELETE")
    guard api.hasApp(id) else { throw .unknownApp(id) }
    guard let found = api.tasks(of: id).first(where: { $0["id"]?.string == name }) else {
      throw AppRefusal(status: 404, message: "Task '\(name)' does not exist")
    }
    return try kill([found], as: "task")
  }

  /// Kills tasks and shows them; where their apps are scaled, the deployment is shown.
  func kill(_ tasks: [JSONValue], as key: String = "tasks") throws(AppRefusal) -> OperatorReply {
    if isOn("scale"), isOn("wipe") {
      throw AppRefusal(
        status: 400, message: "You cannot use scale and wipe at the same time.")
    }
    let ids = tasks.compactMap { $0["id"]?.string }.map { TaskID($0) }
    let receipt = try api.kill(
      ids, scales: isOn("scale"), wipes: isOn("wipe"), isForced: isForced)
    if let receipt { return reply(receipt) }
    if key == "task", let task = tasks.first { return OperatorReply(.object(["task": task])) }
    return OperatorReply(.object(["tasks": .array(tasks)]))
  }
}

/// Which apps are shown, by their labels (`?label=`): `a`, `!a`, `a==b`, `a!=b`, `a in (b, c)`,
/// `a notin (b, c)`, all of several behind commas.
struct LabelSelector {
  private struct Term {
    let key: String
    /// The values that are wanted, or not; none for any.
    var values: [String]?
    var isNegated = false
  }

  private var terms: [Term] = []

  init(_ text: String) throws(AppRefusal) {
    var rest = Substring(text)
    while !rest.isEmpty {
      let term = Self.take(from: &rest)
      guard let read = Self.term(term) else {
        throw AppRefusal(
          status: 400,
          message: "label: found '\(term)'; expected such as a, !a, a==b, a!=b, a in (b, c)")
      }
      terms.append(read)
    }
  }

  /// What stands before the next comma that is in no parentheses.
  private static func take(from text: inout Substring) -> String {
    var depth = 0
    var end = text.endIndex
    for place in text.indices {
      switch text[place] {
      case "(": depth += 1
      case ")": depth -= 1
      case "," where depth == 0:
        end = place
      default: continue
      }
      if end != text.endIndex { break }
    }
    let part = text[..<end]
    text = end == text.endIndex ? "" : text[text.index(after: end)...]
    return part.trimmed
  }

  private static func term(_ text: String) -> Term? {
    let name = /[-A-Za-z0-9_.]+/
    if let found = text.wholeMatch(of: /(!?)\s*([-A-Za-z0-9_.]+)/) {
      return Term(key: String(found.2), isNegated: found.1 == "!")
    }
    if let found = text.wholeMatch(of: /([-A-Za-z0-9_.]+)\s*(==|=|!=)\s*([-A-Za-z0-9_.]+)/) {
      return Term(key: String(found.1), values: [String(found.3)], isNegated: found.2 == "!=")
    }
    guard
      let found = text.wholeMatch(of: /([-A-Za-z0-9_.]+)\s+(in|notin)\s*\(([^()]*)\)/)
    else { return nil }
    let values = found.3.split(separator: ",").map(\.trimmed)
    guard !values.isEmpty, values.allSatisfy({ $0.wholeMatch(of: name) != nil }) else { return nil }
    return Term(key: String(found.1), values: values, isNegated: found.2 == "notin")
  }

  func accepts(_ app: AppDefinition) -> Bool {
    terms.allSatisfy { term in
      let value = app.label(term.key)
      let isMet = term.values.map { $0.contains(value ?? "") && value != nil } ?? (value != nil)
      return isMet != term.isNegated
    }
  }
}

extension Substring {
  /// Without blanks at its ends.
  fileprivate var trimmed: String {
    var text = self
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
