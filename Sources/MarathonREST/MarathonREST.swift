// Part of mesosim. Apache-2.0, see LICENSE.
//
// Marathon's REST interface, from a request to the answer: no sockets, no clock. What it does is
// asked of `MarathonAPI`; what it says has the fields that clients of Marathon know, and no others.

import Mesos
package import MesosFrameworks
package import MesosOperator

/// What is said of a Marathon beside what it knows itself.
package struct MarathonDescription: Sendable {
  /// The name of its framework.
  package var name: String
  /// Where it is reached, such as `127.0.0.1:5050`.
  package var address: String

  /// Describes a Marathon.
  package init(name: String, address: String) {
    self.name = name
    self.address = address
  }
}

/// Answers the requests of a Marathon's users.
package struct MarathonREST {
  /// What is answered.
  package enum Answer: Sendable {
    /// All of it.
    case reply(OperatorReply)
    /// The head of a stream of events; of these kinds only, where some are named.
    case events(kinds: [String], OperatorReply)
  }

  let api: MarathonAPI
  let description: MarathonDescription
  let request: OperatorRequest
  let parts: [String]

  /// Takes a request.
  package init(
    _ request: OperatorRequest, _ place: MarathonPlace, to api: MarathonAPI,
    _ description: MarathonDescription
  ) {
    var api = api
    api.origin = "/" + place.parts.joined(separator: "/")
    self.api = api
    self.description = description
    self.request = request
    parts = place.parts
  }

  /// Does what is asked for.
  package func answer() -> Answer {
    if MarathonPlace.mayChange(request) { api.begin() }
    do throws(AppRefusal) {
      if parts == ["v2", "events"] {
        try expect("GET")
        var reply = OperatorReply.stream(of: "text/event-stream")
        reply.headers["Cache-Control"] = "no-cache"
        return .events(kinds: request.values(of: "event_type"), reply)
      }
      return .reply(try reply())
    } catch {
      return .reply(Self.reply(to: error))
    }
  }

  /// What a refusal is answered.
  package static func reply(to refusal: AppRefusal) -> OperatorReply {
    var reply = OperatorReply(refusal.json)
    reply.status = refusal.status
    return reply
  }

  private func reply() throws(AppRefusal) -> OperatorReply {
    let rest = Array(parts.dropFirst(2))
    switch (parts.first, parts.dropFirst().first) {
    case ("ping", _):
      try expect("GET")
      return OperatorReply(200, "pong")
    case ("v1", "apps"): return try olderApps(rest)
    case ("v1", "endpoints"): return try olderEndpoints(rest)
    case ("v1", "tasks"): return try olderTasks(rest)
    case ("v2", "apps"): return try apps(rest)
    case ("v2", "tasks"): return try tasks(rest)
    case ("v2", "groups"): return try groups(rest)
    case ("v2", "deployments"): return try deployments(rest)
    case ("v2", "queue"): return try queue(rest)
    case ("v2", "info"):
      try expect("GET")
      return OperatorReply(info)
    case ("v2", "leader"):
      try expect("GET")
      return OperatorReply(.object(["leader": .text(description.address)]))
    default: throw notFound
    }
  }

  // MARK: Requests

  var notFound: AppRefusal {
    AppRefusal(status: 404, message: "There is nothing at '\(request.path)'")
  }

  /// Refuses all but these methods.
  func expect(_ methods: String...) throws(AppRefusal) {
    guard !methods.contains(request.method) else { return }
    throw AppRefusal(
      status: 405,
      message: "\(request.method) is not allowed here; expected \(methods.joined(separator: ", "))")
  }

  /// The body, as JSON.
  func body() throws(AppRefusal) -> JSONValue {
    guard request.contentType == "application/json" else {
      throw AppRefusal(status: 415, message: "Expected the header Content-Type: application/json")
    }
    do throws(JSONSyntaxError) { return try JSONValue(parsing: request.body) } catch {
      throw AppRefusal(error)
    }
  }

  /// Whether a switch of the query is on; in any case of letters.
  func isOn(_ name: String) -> Bool { request.query[name]?.lowercased() == "true" }

  var isForced: Bool { isOn("force") }

  /// Whether an answer in plain text is asked for, and none in JSON.
  var wantsText: Bool {
    let accepted = request.headers["accept"] ?? ""
    return accepted.contains("text/plain") && !accepted.contains("json")
  }

  // MARK: Replies

  func reply(_ receipt: MarathonAPI.Receipt, status: Int = 200) -> OperatorReply {
    reply(
      .object([
        "version": .text(receipt.version), "deploymentId": .text(receipt.deploymentID),
      ]), receipt, status: status)
  }

  func reply(
    _ json: JSONValue, _ receipt: MarathonAPI.Receipt, status: Int
  ) -> OperatorReply {
    var reply = OperatorReply(json)
    reply.status = status
    reply.headers["Marathon-Deployment-Id"] = receipt.deploymentID
    return reply
  }
}
