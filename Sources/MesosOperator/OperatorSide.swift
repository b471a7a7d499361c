// Part of mesosim. Apache-2.0, see LICENSE.
//
// Which request is which (Mesos: `master/master.cpp`, `initialize`, where routes are set up).

import Mesos
public import MesosCluster

/// Answers operators' requests from what a master knows.
public enum OperatorSide {
  /// What is to be done with a request, by what the master knows; nothing is changed by asking.
  public static func plan(_ request: OperatorRequest, _ snapshot: MasterSnapshot) -> OperatorPlan {
    var path = Substring(request.path)
    while path.hasPrefix("//") { path = path.dropFirst() }
    if path.hasPrefix("/master/") { path = path.dropFirst("/master".count) }
    // What Mesos matches is the longest route that a path begins with.
    for route in routes where path == route.path || path.hasPrefix(route.path + "/") {
      if !route.methods.isEmpty, !route.methods.contains(request.method) {
        let list = route.methods.map { "'\($0)'" }.joined(separator: ", ")
        return .reply(
          OperatorReply(
            405,
            "405 Method Not Allowed. Expecting one of { \(list) }, but received "
              + "'\(request.method)'."))
      }
      let rest = String(path.dropFirst(route.path.count).drop { $0 == "/" })
      do throws(OperatorFault) { return try route.answer(request, rest, snapshot) } catch {
        return .reply(OperatorReply(error.status, error.text))
      }
    }
    return .reply(OperatorReply(404))
  }

  typealias Answer =
    @Sendable (
      OperatorRequest, String, MasterSnapshot
    ) throws(OperatorFault) -> OperatorPlan

  struct Route: Sendable {
    let path: String
    /// The methods that are taken; none for all.
    var methods: [String] = []
    let answer: Answer
  }

  private static let routes: [Route] = [
    Route(path: "/api/v1", methods: ["POST"], answer: v1Call),
    Route(path: "/frameworks", answer: frameworks),
    Route(path: "/tasks", answer: tasks),
    Route(path: "/roles", answer: roles),
    Route(path: "/weights", methods: ["GET", "PUT"], answer: weights),
    Route(path: "/quota", methods: ["GET", "POST", "DELETE"], answer: quota),
    Route(path: "/teardown", methods: ["POST"], answer: teardown),
    Route(path: "/reserve", methods: ["POST"], answer: reserve),
    Route(path: "/unreserve", methods: ["POST"], answer: unreserve),
    Route(path: "/create-volumes", methods: ["POST"], answer: createVolumes),
    Route(path: "/destroy-volumes", methods: ["POST"], answer: destroyVolumes),
    Route(path: "/maintenance/schedule", methods: ["GET", "POST"], answer: schedule),
    Route(path: "/maintenance/status", methods: ["GET"], answer: maintenanceStatus),
    Route(path: "/machine/down", methods: ["POST"], answer: machineDown),
    Route(path: "/machine/up", methods: ["POST"], answer: machineUp),
  ]
}

/// Why a request is refused before the master hears of it.
struct OperatorFault: Error {
  let status: Int
  let text: String

  init(_ text: String, status: Int = 400) {
    self.status = status
    self.text = text
  }
}

extension OperatorSide {
  /// A body that must be JSON.
  static func json(_ text: String, _ prefix: String) throws(OperatorFault) -> JSONValue {
    do { return try JSONValue(parsing: text) } catch {
      throw OperatorFault(prefix + SyntaxErrorText.text(of: text, error))
    }
  }

  /// A body that must be a JSON object.
  static func object(_ text: String, _ prefix: String) throws(OperatorFault) -> JSONValue {
    let value = try json(text, prefix)
    guard value.members != nil else {
      throw OperatorFault(prefix + "Unexpected JSON type parsed")
    }
    return value
  }

  /// A body that must be a JSON array.
  static func array(_ text: String, _ prefix: String) throws(OperatorFault) -> JSONValue {
    let value = try json(text, prefix)
    guard value.array != nil else { throw OperatorFault(prefix + "Unexpected JSON type parsed") }
    return value
  }

  /// A message in JSON that must be in the form that `body` reads.
  static func message<Value>(
    _ prefix: String, _ body: () throws -> Value
  ) throws(OperatorFault) -> Value {
    do { return try body() } catch { throw OperatorFault("\(prefix)\(error)") }
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
