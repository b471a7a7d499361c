// Part of mesosim. Apache-2.0, see LICENSE.
//
// Which request is which (Mesos: `master/master.cpp`, `initialize`, where routes are set up), and
// who may make it.

import Mesos
public import MesosCluster
import MesosV1

/// Answers operators' requests from what a master knows.
public struct OperatorSide: Sendable {
  /// The master.
  public let description: MasterDescription

  /// The side of a master that is described so.
  public init(_ description: MasterDescription = MasterDescription()) {
    self.description = description
  }

  /// What is to be done with a request, by what the master knows; nothing is changed by asking.
  /// - Parameters:
  ///   - request: The request.
  ///   - snapshot: What the master knows.
  ///   - counters: What was counted since the master was started.
  /// - Returns: The reply, or what to ask of the master.
  public func answer(
    _ request: OperatorRequest, _ snapshot: MasterSnapshot,
    counters: MasterCounters = MasterCounters()
  ) -> OperatorPlan {
    guard let (route, rest) = route(of: request.path) else { return .reply(OperatorReply(404)) }
    var principal: String?
    switch description.authentication.principal(of: request, route.realm) {
    case .success(let known): principal = known
    case .failure(let refusal): return .reply(refusal.reply)
    }
    if !route.methods.isEmpty, !route.methods.contains(request.method) {
      return .reply(Self.refusal(of: request.method, expected: route.methods))
    }
    var request = request
    request.forgetCredentials()
    let question = OperatorQuestion(
      request: request, rest: rest, snapshot: snapshot, description: description,
      counters: counters, viewer: Viewer(acls: snapshot.settings.acls, principal: principal))
    do throws(OperatorFault) {
      let plan = try route.answer(question)()
      guard case .reply(var reply) = plan else { return plan }
      reply.epoch = description.epoch
      if let callback = request.query["jsonp"], reply.isJSON, route.path != "/api/v1" {
        reply.callback = callback
      }
      return .reply(reply)
    } catch {
      return .reply(OperatorReply(error.status, error.text))
    }
  }

  /// Why a method is not taken.
  static func refusal(of method: String, expected: [String]) -> OperatorReply {
    let list = expected.map { "'\($0)'" }.joined(separator: ", ")
    var reply = OperatorReply(
      405,
      "405 Method Not Allowed. Expecting one of { \(list) }, but received '\(method)'.")
    reply.headers["Allow"] = expected.joined(separator: ", ")
    return reply
  }

  /// Whether a path is one of the schedulers' API, which is not answered here.
  public static func isOfSchedulers(_ path: String) -> Bool {
    let path = ownPath(path)
    return path == "/api/v1/scheduler" || path.hasPrefix("/api/v1/scheduler/")
  }

  /// Whether a path is answered alike by every master, one that does not lead as well.
  public static func isOfAnyMaster(_ path: String) -> Bool {
    ["/version", "/health", "/flags"].contains(ownPath(path))
  }

  private static func ownPath(_ path: String) -> Substring {
    var path = Substring(path)
    while path.hasPrefix("//") { path = path.dropFirst() }
    return path.hasPrefix("/master/") ? path.dropFirst("/master".count) : path
  }

  /// The route of a path, the longest that it begins with, and what follows it.
  private func route(of path: String) -> (Route, String)? {
    var own = Self.ownPath(path)
    if description.servesOldPaths, own.hasSuffix(".json") { own = own.dropLast(5) }
    let isOfMaster = path.hasPrefix("/master/")
    for route in Self.routes where own == route.path || own.hasPrefix(route.path + "/") {
      let rest = String(own.dropFirst(route.path.count).drop { $0 == "/" })
      // Some are no part of the master's process, and some stand for themselves only.
      if isOfMaster && !route.isOfMaster || route.isWhole && own != route.path { return nil }
      return (route, rest)
    }
    return nil
  }

  typealias Answer =
    @Sendable (OperatorQuestion) -> () throws(OperatorFault) -> OperatorPlan

  struct Route: Sendable {
    let path: String
    /// The methods that are taken; none for all.
    var methods: [String] = []
    /// Who must say who they are.
    var realm: Realm? = .readers
    /// Whether nothing may follow the path.
    var isWhole = false
    var isOfMaster = true
    let answer: Answer
  }

  typealias Question = OperatorQuestion

  private static let routes: [Route] = [
    Route(path: "/api/v1", methods: ["POST"], realm: .writers, answer: Question.v1Call),
    Route(path: "/health", realm: nil, answer: Question.health),
    Route(path: "/version", realm: nil, isWhole: true, isOfMaster: false, answer: Question.version),
    Route(path: "/redirect", realm: nil, isWhole: true, answer: Question.redirect),
    Route(path: "/flags", answer: Question.flags),
    Route(path: "/metrics/snapshot", isOfMaster: false, answer: Question.metrics),
    Route(path: "/files/browse", isOfMaster: false, answer: Question.browse),
    Route(path: "/files/read", isOfMaster: false, answer: Question.read),
    Route(path: "/files/download", isOfMaster: false, answer: Question.download),
    Route(path: "/files/debug", isOfMaster: false, answer: Question.debug),
    Route(path: "/state", answer: Question.state),
    Route(path: "/state-summary", answer: Question.summary),
    Route(path: "/slaves", answer: Question.slaves),
    Route(path: "/frameworks", answer: Question.frameworks),
    Route(path: "/tasks", answer: Question.tasks),
    Route(path: "/roles", answer: Question.roles),
    Route(path: "/weights", methods: ["GET", "PUT"], realm: .writers, answer: Question.weights),
    Route(
      path: "/quota", methods: ["GET", "POST", "DELETE"], realm: .writers, answer: Question.quota),
    Route(path: "/teardown", methods: ["POST"], realm: .writers, answer: Question.teardown),
    Route(path: "/reserve", methods: ["POST"], realm: .writers, answer: Question.reserve),
    Route(path: "/unreserve", methods: ["POST"], realm: .writers, answer: Question.unreserve),
    Route(
      path: "/create-volumes", methods: ["POST"], realm: .writers, answer: Question.createVolumes),
    Route(
      path: "/destroy-volumes", methods: ["POST"], realm: .writers,
      answer: Question.destroyVolumes),
    Route(
      path: "/maintenance/schedule", methods: ["GET", "POST"], realm: .writers,
      answer: Question.schedule),
    Route(path: "/maintenance/status", methods: ["GET"], answer: Question.maintenanceStatus),
    Route(path: "/machine/down", methods: ["POST"], realm: .writers, answer: Question.machineDown),
    Route(path: "/machine/up", methods: ["POST"], realm: .writers, answer: Question.machineUp),
  ]
}

/// A request with all that its answer depends on.
struct OperatorQuestion: Sendable {
  let request: OperatorRequest
  /// What follows the route in its path.
  let rest: String
  let snapshot: MasterSnapshot
  let description: MasterDescription
  let counters: MasterCounters
  /// Who asks.
  let viewer: Viewer
}

/// Who looks at a master, and what is shown to them.
struct Viewer: Sendable {
  let acls: ACLs?
  let principal: String?

  func may(_ action: ACLs.Action, _ object: String?) -> Bool {
    acls?.allows(action, by: principal, on: object) ?? true
  }

  func sees(_ framework: FrameworkInfo) -> Bool { may(.viewFrameworks, framework.user) }

  func sees(_ task: MasterSnapshot.Task, of framework: FrameworkInfo) -> Bool {
    may(.viewTasks, task.details?.user ?? framework.user)
  }

  func sees(_ executor: ExecutorInfo, of framework: FrameworkInfo) -> Bool {
    may(.viewExecutors, executor.command?.user ?? framework.user)
  }

  func sees(_ role: Role) -> Bool { may(.viewRoles, role.value) }
}

/// Why a request is refused before the master hears of it.
struct OperatorFault: Error {
  let status: Int
  let text: String

  init(_ text: String, status: Int = 400) {
    self.status = status
    self.text = text
  }

  /// Who asks may not.
  static let forbidden = OperatorFault("", status: 403)
}

extension OperatorQuestion {
  /// A reply in JSON.
  static func json(_ body: @escaping @Sendable (inout JSONWriter) -> Void) -> OperatorPlan {
    .reply(OperatorReply(json: body))
  }

  /// A body that must be JSON.
  func json(_ text: String, _ prefix: String) throws(OperatorFault) -> JSONValue {
    do { return try JSONValue(parsing: text) } catch {
      throw OperatorFault(prefix + SyntaxErrorText.text(of: text, error))
    }
  }

  /// A body that must be a JSON object.
  func object(_ text: String, _ prefix: String) throws(OperatorFault) -> JSONValue {
    let value = try json(text, prefix)
    guard value.members != nil else {
      throw OperatorFault(prefix + "Unexpected JSON type parsed")
    }
    return value
  }

  /// A body that must be a JSON array.
  func array(_ text: String, _ prefix: String) throws(OperatorFault) -> JSONValue {
    let value = try json(text, prefix)
    guard value.array != nil else { throw OperatorFault(prefix + "Unexpected JSON type parsed") }
    return value
  }

  /// A message in JSON that must be in the form that `body` reads.
  func message<Value>(
    _ prefix: String, _ body: () throws -> Value
  ) throws(OperatorFault) -> Value {
    do { return try body() } catch { throw OperatorFault("\(prefix)\(error)") }
  }

  /// Refuses a change that who asks may not make.
  func require(_ action: ACLs.Action, _ object: String?) throws(OperatorFault) {
    if !viewer.may(action, object) { throw OperatorFault.forbidden }
  }
}

/// What Mesos's reader of JSON says of a text that is none.
enum SyntaxErrorText {
  static func text(of text: String, _ error: JSONSyntaxError) -> String {
    let bytes = Array(text.utf8)
    var place = min(error.place, bytes.count)
    let start = bytes.firstIndex { !" \t\r\n".utf8.contains($0) } ?? 0
    // A word is read as far as it is one of the three.
    for word in ["true", "false", "null"] where place <= start {
      let common = zip(word.utf8, bytes[start...]).prefix { $0 == $1 }.count
      if common > 0 { place = start + common }
    }
    let line = bytes[..<place].reduce(1) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
    let rest = bytes[place...].prefix { $0 != UInt8(ascii: "\n") }
    return "syntax error at line \(line) near: \(String(decoding: rest, as: UTF8.self))"
  }
}
