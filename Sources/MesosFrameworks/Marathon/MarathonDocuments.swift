// Part of mesosim. Apache-2.0, see LICENSE.
//
// Definitions as scenarios have them: files in JSON, or written out.

import Mesos

enum MarathonDocuments {
  /// The apps of one entry: a definition, a group, a list of these, or a request, made once or so
  /// many times.
  static func apps(
    _ item: ParameterValue, at place: String
  ) throws(ParameterError) -> [[AppDefinition]] {
    let entries = item.asMap
    let known = ["post", "file", "body", "count"]
    guard entries.contains(where: { known.contains($0.key) }) else {
      return [try apps(item, as: .v2, at: place)]
    }
    if let entry = entries.first(where: { !known.contains($0.key) }) {
      throw ParameterError(
        path: "\(place).\(entry.key)",
        reason: "beside 'post' and 'count' stands 'file' or 'body' alone")
    }
    let bodies = entries.filter { $0.key == "file" || $0.key == "body" }
    guard bodies.count == 1 else {
      throw ParameterError(path: place, reason: "expected either 'file' or 'body'")
    }
    let interface = try interface(of: entries, at: place)
    let bodyPlace = "\(place).\(bodies[0].key)"
    guard let count = entries.first(where: { $0.key == "count" })?.value else {
      return [try apps(bodies[0].value, as: interface, at: bodyPlace)]
    }
    guard case .integer(let number) = count, (1...10_000).contains(number) else {
      throw ParameterError(
        path: "\(place).count",
        reason: "found \(count); expected a whole number from 1 to 10000")
    }
    var lists: [[AppDefinition]] = []
    for index in 0..<number {
      let copy = bodies[0].value.replacing("{index}", with: String(index))
      lists.append(try apps(copy, as: interface, at: bodyPlace))
    }
    return lists
  }

  private static func interface(
    of entries: [ParameterValue.Entry], at place: String
  ) throws(ParameterError) -> AppDefinition.Interface {
    switch entries.first(where: { $0.key == "post" })?.value.asText {
    case nil, "/v2/apps", "/v2/groups": return .v2
    case "/v1/apps/start": return .v1
    case let path?:
      throw ParameterError(
        path: "\(place).post",
        reason: "nothing is created at '\(path)'; expected /v2/apps, /v2/groups or /v1/apps/start")
    }
  }

  private static func apps(
    _ value: ParameterValue, as interface: AppDefinition.Interface, at place: String
  ) throws(ParameterError) -> [AppDefinition] {
    let body = try body(value, at: place)
    do throws(AppRefusal) {
      return try AppGroup.apps(body, as: interface)
    } catch {
      throw explained(error, value, at: place)
    }
  }

  /// The document as JSON.
  static func body(_ value: ParameterValue, at place: String) throws(ParameterError) -> JSONValue {
    guard case .file(_, let text) = value else { return JSONValue(value) }
    do throws(JSONSyntaxError) { return try JSONValue(parsing: text) } catch {
      throw explained(AppRefusal(error), value, at: place)
    }
  }

  /// What Marathon would answer, and where that is in a file, or below the entry.
  private static func explained(
    _ refusal: AppRefusal, _ value: ParameterValue, at place: String
  ) -> ParameterError {
    guard case .file(let name, let text) = value else {
      let keys = refusal.details.first?.keys ?? []
      return ParameterError(
        path: ([place] + keys).joined(separator: "."), reason: refusal.description)
    }
    let position = refusal.position(in: text).map { ":\($0.line):\($0.column)" } ?? ""
    return ParameterError(path: place, reason: "\(name)\(position): \(refusal)")
  }
}
