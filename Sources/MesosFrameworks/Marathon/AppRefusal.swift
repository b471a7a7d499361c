// Part of mesosim. Apache-2.0, see LICENSE.
//
// What Marathon says to what it does not accept: a status, a message and, field by field, why.

package import Mesos

/// Says why a request is refused, as Marathon's interface does.
public struct AppRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong with one field.
  public struct Detail: Hashable, Sendable {
    /// The field, such as `/healthChecks(0)/portIndex`; `/` for the whole object.
    public var path: String
    /// What is wrong with it.
    public var errors: [String]
    /// The offset of the field's first byte in the request; `nil` where it is not there.
    public var place: Int?
    /// The keys that lead to the field.
    public var keys: [String]
  }

  /// The HTTP status: 400 for what is no JSON, 404 for what is not there, 409 for a conflict, 422
  /// for what makes no sense.
  public var status: Int
  /// The message.
  public var message: String
  /// What is wrong, field by field.
  public var details: [Detail]
  /// The ids of the deployments that are in the way.
  public var deployments: [String] = []

  /// Describes a refusal.
  public init(status: Int, message: String, details: [Detail] = []) {
    self.status = status
    self.message = message
    self.details = details
  }

  /// The message and what is wrong with each field.
  public var description: String {
    let fields =
      details.map { "\($0.path): \($0.errors.joined(separator: ", "))" }
      + deployments.map { "\($0): deployment in progress" }
    return "\(status) \(message)" + (fields.isEmpty ? "" : " (\(fields.joined(separator: "; ")))")
  }

  /// What the answer consists of.
  package var json: JSONValue {
    if !deployments.isEmpty {
      let list = deployments.map { JSONValue.object(["id": .text($0)]) }
      return .object(["message": .text(message), "deployments": .array(list)])
    }
    if details.isEmpty { return .object(["message": .text(message)]) }
    let list = details.map { detail in
      JSONValue.object([
        "path": .text(detail.path), "errors": .array(detail.errors.map { .text($0) }),
      ])
    }
    return .object(["message": .text(message), "details": .array(list)])
  }
}

extension AppRefusal {
  /// A field of the request, or of one item of it, makes no sense.
  package static func invalid(
    _ key: String, _ error: String = "error.path.missing", of item: Int? = nil, place: Int? = nil
  ) -> AppRefusal {
    let detail = Detail(
      path: (item.map { "(\($0))" } ?? "") + "/" + key, errors: [error], place: place,
      keys: (item.map { [String($0)] } ?? []) + [key])
    return AppRefusal(status: 422, message: "Object is not valid", details: [detail])
  }

  /// The request is no JSON at all.
  package init(_ error: JSONSyntaxError) {
    self.init(
      status: 400, message: "Invalid JSON",
      details: [
        Detail(path: "/", errors: [error.message], place: error.place, keys: [])
      ])
  }

  /// There is an app of this id.
  package static func exists(_ id: AppPath) -> AppRefusal {
    AppRefusal(status: 409, message: "An app with id [\(id)] already exists.")
  }

  /// There is no app of this id.
  package static func unknownApp(_ id: AppPath) -> AppRefusal {
    AppRefusal(status: 404, message: "App '\(id)' does not exist")
  }

  /// There is no group of this id.
  package static func unknownGroup(_ id: AppPath) -> AppRefusal {
    AppRefusal(status: 404, message: "Group '\(id)' does not exist")
  }

  /// Line and column of the first detail that has a place, in the text it was read from.
  public func position(in text: String) -> (line: Int, column: Int)? {
    details.lazy.compactMap(\.place).first.map { text.lineAndColumn(ofByte: $0) }
  }
}
