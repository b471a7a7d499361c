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

  /// Describes a refusal.
  public init(status: Int, message: String, details: [Detail] = []) {
    self.status = status
    self.message = message
    self.details = details
  }

  /// The message and what is wrong with each field.
  public var description: String {
    let fields = details.map { "\($0.path): \($0.errors.joined(separator: ", "))" }
    return "\(status) \(message)" + (fields.isEmpty ? "" : " (\(fields.joined(separator: "; ")))")
  }

  /// What the answer consists of.
  package var json: JSONValue {
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
  /// The request is no JSON at all.
  init(_ error: JSONSyntaxError) {
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
  static func unknownApp(_ id: AppPath) -> AppRefusal {
    AppRefusal(status: 404, message: "App '\(id)' does not exist")
  }

  /// Line and column of the first detail that has a place, in the text it was read from.
  public func position(in text: String) -> (line: Int, column: Int)? {
    details.lazy.compactMap(\.place).first.map { text.lineAndColumn(ofByte: $0) }
  }
}
