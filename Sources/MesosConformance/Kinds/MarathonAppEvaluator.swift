// Part of mesosim. Apache-2.0, see LICENSE.
//
// Kind `marathon-app`: whether an app's definition is accepted, and what it is with its defaults.

import Mesos
import MesosFrameworks

struct MarathonAppEvaluator: ConformanceEvaluator {
  let kind = "marathon-app"

  func evaluate(_ input: JSONValue) throws -> JSONValue {
    let word = try input.requiredString("api")
    guard let interface = AppDefinition.Interface(rawValue: word) else {
      throw CaseInputError("unknown api '\(word)'; expected v1 or v2")
    }
    let existing = (input["existing"]?.array ?? []).compactMap(\.string).map { AppPath($0) }
    do throws(AppRefusal) {
      let app = try definition(input, interface)
      if existing.contains(app.id) { throw .exists(app.id) }
      return .object([
        "valid": .bool(true), "status": .number(interface == .v1 ? 204 : 201),
        "normalized": app.json,
      ])
    } catch {
      return .object([
        "valid": .bool(false), "status": .number(error.status),
        "message": .text(error.message), "details": .text(error.description),
      ])
    }
  }

  private func definition(
    _ input: JSONValue, _ interface: AppDefinition.Interface
  ) throws(AppRefusal) -> AppDefinition {
    if let raw = input["raw"]?.string {
      return try AppDefinition(parsing: raw, as: interface, ownRole: .unreserved)
    }
    let body = input["app"] ?? JSONValue(.null)
    return try AppDefinition(body, as: interface, ownRole: .unreserved)
  }
}
