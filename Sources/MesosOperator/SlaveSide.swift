// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a slave answers under HTTP, as values: which request is which (Mesos: `slave/slave.cpp`,
// `initialize`, where routes are set up), and who may make it.

import Mesos
public import MesosCluster
import MesosV1

/// Answers requests to a slave from what it knows.
///
/// Paths are those of a slave's process, with its name before them, such as `/slave(1)/state`, or
/// without. Mesos has metrics and files of a process of the operating system, whatever runs in it;
/// here slaves have their own, under their names.
public struct SlaveSide: Sendable {
  /// The slave.
  public let description: SlaveDescription

  /// The side of a slave that is described so.
  public init(_ description: SlaveDescription = SlaveDescription()) {
    self.description = description
  }

  /// The number in a path that begins with the name of a slave's process, such as
  /// `/slave(1)/state`.
  public static func number(in path: String) -> Int? {
    named(path.drop { $0 == "/" })?.number
  }

  /// What is answered to a request, by what the slave knows; nothing is changed by asking.
  ///
  /// What executors say is not answered here, but by `ExecutorSide`.
  public func answer(_ request: OperatorRequest, _ snapshot: SlaveSnapshot) -> OperatorReply {
    guard let (route, rest) = route(of: request.path) else { return OperatorReply(404) }
    var principal: String?
    switch description.authentication.principal(of: request, route.realm) {
    case .success(let known): principal = known
    case .failure(let refusal): return refusal.reply
    }
    if !route.waitsForNothing, snapshot.isRecovering {
      return OperatorReply(503, "Agent has not finished recovery")
    }
    if !route.methods.isEmpty, !route.methods.contains(request.method) {
      return OperatorSide.refusal(of: request.method, expected: route.methods)
    }
    var request = request
    request.forgetCredentials()
    let question = SlaveQuestion(
      request: request, rest: rest, snapshot: snapshot, description: description,
      viewer: Viewer(acls: description.acls, principal: principal))
    do throws(OperatorFault) {
      var reply = try route.answer(question)()
      reply.epoch = description.epoch
      if let callback = request.query["jsonp"], reply.isJSON, route.path != "/api/v1" {
        reply.callback = callback
      }
      return reply
    } catch {
      return OperatorReply(error.status, error.text)
    }
  }

  /// A path without the name of a slave's process before it.
  static func ownPath(_ path: String) -> Substring {
    let bare = path.drop { $0 == "/" }
    if let rest = named(bare)?.rest { return rest }
    return path.dropFirst(max(0, path.count - bare.count - 1))
  }

  /// The number of a slave's process whose name a path begins with, and what follows that.
  private static func named(_ path: Substring) -> (number: Int, rest: Substring)? {
    guard path.hasPrefix("slave(") else { return nil }
    let digits = path.dropFirst("slave(".count).prefix { $0.isASCII && $0.isNumber }
    let rest = path.dropFirst("slave(".count + digits.count)
    guard let number = Int(digits), rest.hasPrefix(")/") || rest == ")" else { return nil }
    return (number, rest.dropFirst())
  }

  private func route(of path: String) -> (Route, String)? {
    var own = Self.ownPath(path)
    if description.servesOldPaths, own.hasSuffix(".json") { own = own.dropLast(5) }
    for route in Self.routes where own == route.path || own.hasPrefix(route.path + "/") {
      return (route, String(own.dropFirst(route.path.count).drop { $0 == "/" }))
    }
    return nil
  }

  typealias Answer = @Sendable (SlaveQuestion) -> () throws(OperatorFault) -> OperatorReply

  struct Route: Sendable {
    let path: String
    /// The methods that are taken; none for all.
    var methods: [String] = []
    /// Who must say who they are.
    var realm: Realm? = .slaveReaders
    /// Whether it is answered while the slave waits for the executors of the process before it.
    var waitsForNothing = true
    let answer: Answer
  }

  typealias Question = SlaveQuestion

  private static let routes: [Route] = [
    Route(
      path: "/api/v1", methods: ["POST"], realm: .slaveWriters, waitsForNothing: false,
      answer: Question.v1Call),
    Route(path: "/state", waitsForNothing: false, answer: Question.state),
    Route(path: "/flags", answer: Question.flags),
    Route(path: "/health", realm: nil, answer: Question.health),
    Route(path: "/version", realm: nil, answer: Question.version),
    Route(path: "/monitor/statistics", answer: Question.statistics),
    Route(path: "/containers", answer: Question.containers),
    Route(path: "/metrics/snapshot", answer: Question.metrics),
    Route(path: "/files/browse", answer: Question.browse),
    Route(path: "/files/read", answer: Question.read),
    Route(path: "/files/download", answer: Question.download),
    Route(path: "/files/debug", answer: Question.debug),
  ]
}

/// A request to a slave with all that its answer depends on.
struct SlaveQuestion: Sendable {
  let request: OperatorRequest
  /// What follows the route in its path.
  let rest: String
  let snapshot: SlaveSnapshot
  let description: SlaveDescription
  /// Who asks.
  let viewer: Viewer

  /// Refuses what who asks may not see.
  func require(_ action: ACLs.Action, _ object: String?) throws(OperatorFault) {
    if !viewer.may(action, object) { throw OperatorFault.forbidden }
  }

  /// Frameworks that who asks may see.
  var frameworks: [SlaveSnapshot.Framework] {
    snapshot.frameworks.filter { viewer.sees($0.info) }
  }

  /// Frameworks that had something here and that who asks may see.
  var completedFrameworks: [SlaveSnapshot.Framework] {
    snapshot.completedFrameworks.filter { viewer.sees($0.info) }
  }
}
