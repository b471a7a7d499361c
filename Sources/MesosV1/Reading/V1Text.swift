// Part of mesosim. Apache-2.0, see LICENSE.
//
// The text of a message, with bounds on what is looked at.

package import Mesos

/// Reads the JSON of messages.
package enum V1Text {
  /// How long a message may be, in bytes.
  package static let lengthMax = 4 << 20
  /// How deep its values may be nested.
  package static let depthMax = 64

  /// The value that bytes stand for.
  ///
  /// - Throws: `V1Error` for what is no JSON, too long or too deep, and for a key that stands twice
  ///   in an object.
  package static func value(of bytes: [UInt8]) throws(V1Error) -> JSONValue {
    if bytes.count > lengthMax {
      throw V1Error(
        path: "", description: "\(bytes.count) bytes; expected a message of at most \(lengthMax)")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw V1Error(path: "", description: "no UTF-8; expected JSON in UTF-8")
    }
    let value: JSONValue
    do { value = try JSONValue(parsing: text) } catch {
      throw V1Error(path: "", description: "\(error)")
    }
    try check(value, path: "", depth: 1)
    return value
  }

  private static func check(_ value: JSONValue, path: String, depth: Int) throws(V1Error) {
    if value.array == nil && value.members == nil { return }
    if depth > depthMax {
      throw V1Error(path: path, description: "more than \(depthMax) levels of nesting")
    }
    if let elements = value.array {
      for (place, element) in elements.enumerated() {
        try check(element, path: "\(path)[\(place)]", depth: depth + 1)
      }
      return
    }
    var keys: Set<String> = []
    for member in value.members ?? [] {
      let inner = path.isEmpty ? member.key : "\(path).\(member.key)"
      guard keys.insert(member.key).inserted else {
        throw V1Error(path: inner, description: "'\(member.key)' stands twice; expected it once")
      }
      try check(member.value, path: inner, depth: depth + 1)
    }
  }
}

extension V1Call {
  /// Reads a call from its text.
  ///
  /// - Throws: `V1Error`, in the words of Mesos where Mesos has some.
  package init(parsing bytes: [UInt8]) throws(V1Error) {
    try self.init(reading: try V1Text.value(of: bytes))
  }
}
