// Part of mesosim. Apache-2.0, see LICENSE.
//
// A place in a JSON message: what stands there, and how one gets there. What is wrong is said in
// the words of Mesos (3rdparty/stout/include/stout/protobuf.hpp), which turns JSON into its
// messages by the same rules: unknown keys are passed over, `null` is unset, a number may stand in
// a string.

import Mesos

/// Says why JSON is not the message that was expected.
package struct V1Error: Error, Hashable, Sendable, CustomStringConvertible {
  /// Where, such as `accept.operations[0].launch`.
  package let path: String
  /// What is wrong, in the words of Mesos.
  package let description: String
}

/// What a message lacks, gathered while it is read: Mesos tells all at once.
final class Missing {
  var paths: [String] = []
}

/// A value in a message.
struct Node {
  let value: JSONValue
  let path: String
  let missing: Missing

  init(_ value: JSONValue, path: String = "", missing: Missing = Missing()) {
    self.value = value
    self.path = path
    self.missing = missing
  }

  private func path(_ key: String) -> String { path.isEmpty ? key : path + "." + key }

  /// The member of a key, if it is there.
  subscript(key: String) -> Node? {
    value[key].map { Node($0, path: path(key), missing: missing) }
  }

  /// Whether there is a member of a key.
  func has(_ key: String) -> Bool { value[key] != nil }

  /// Notes that a member is missing.
  func lacks(_ key: String) { missing.paths.append(path(key)) }

  /// Throws when something was missing anywhere in the message.
  func complete() throws(V1Error) {
    guard let first = missing.paths.first else { return }
    let list = missing.paths.joined(separator: ", ")
    throw V1Error(path: first, description: "Missing required fields: \(list)")
  }

  func refusal(_ key: String, _ member: JSONValue) -> V1Error {
    let kind =
      switch member.content {
      case .null: "null"
      case .bool: "boolean"
      case .number: "number"
      case .string: "string"
      case .array: "array"
      case .object: "object"
      }
    return V1Error(
      path: path(key), description: "Not expecting a JSON \(kind) for field '\(key)'")
  }

  /// A member that is an object.
  func object(_ key: String) throws(V1Error) -> Node? {
    guard let member = self[key] else { return nil }
    guard member.value.members != nil else { throw refusal(key, member.value) }
    return member
  }

  /// The elements of a member that is an array; a single value is an array of one.
  func list(_ key: String) throws(V1Error) -> [Node] {
    guard let member = self[key] else { return [] }
    guard let elements = member.value.array else {
      return [Node(member.value, path: "\(member.path)[0]", missing: missing)]
    }
    return elements.enumerated().map {
      Node($0.element, path: "\(member.path)[\($0.offset)]", missing: missing)
    }
  }

  /// The elements of an array of objects.
  func objects(_ key: String) throws(V1Error) -> [Node] {
    let nodes = try list(key)
    for node in nodes where node.value.members == nil { throw refusal(key, node.value) }
    return nodes
  }

  func string(_ key: String) throws(V1Error) -> String? {
    guard let member = value[key] else { return nil }
    guard let text = member.string else { throw refusal(key, member) }
    return text
  }

  func required(_ key: String) throws(V1Error) -> String {
    if let text = try string(key) { return text }
    lacks(key)
    return ""
  }

  func strings(_ key: String) throws(V1Error) -> [String] {
    var texts: [String] = []
    for node in try list(key) {
      guard let text = node.value.string else { throw refusal(key, node.value) }
      texts.append(text)
    }
    return texts
  }

  func bool(_ key: String) throws(V1Error) -> Bool? {
    guard let member = value[key] else { return nil }
    if let flag = member.bool { return flag }
    switch member.string {
    case "true": return true
    case "false": return false
    default: throw refusal(key, member)
    }
  }

  /// A number, which may stand in a string.
  func number(_ key: String) throws(V1Error) -> Double? {
    guard let member = value[key] else { return nil }
    if let number = member.double { return number }
    guard let text = member.string else { throw refusal(key, member) }
    if let number = (try? JSONValue(parsing: text))?.double { return number }
    throw V1Error(
      path: path(key),
      description:
        "Failed to parse '\(text)' as a JSON number for field '\(key)': "
        + JSONText.syntaxError(in: text))
  }

  func unsigned(_ key: String) throws(V1Error) -> UInt32? {
    guard let number = try number(key) else { return nil }
    return UInt32(exactly: number.rounded(.towardZero)) ?? 0
  }

  func wide(_ key: String) throws(V1Error) -> Int64? {
    guard let member = value[key] else { return nil }
    if case .number(let text) = member.content, let whole = Int64(text) { return whole }
    if let text = member.string, let whole = Int64(text) { return whole }
    guard let number = try number(key) else { return nil }
    return Int64(exactly: number.rounded(.towardZero)) ?? (number < 0 ? .min : .max)
  }

  /// The bytes that a member has in base 64.
  func bytes(_ key: String) throws(V1Error) -> [UInt8]? {
    guard let text = try string(key) else { return nil }
    if let bytes = Base64.bytes(of: text) { return bytes }
    let cause =
      Base64.foreignCharacter(in: text).map { "Invalid character '\($0)'" } ?? "no such text"
    throw V1Error(
      path: path(key), description: "Failed to base64 decode bytes field '\(key)': \(cause)")
  }

  /// An id: an object whose member `value` is the text.
  func id(_ key: String) throws(V1Error) -> String? {
    guard let member = try object(key) else { return nil }
    return try member.required("value")
  }

  func requiredID(_ key: String) throws(V1Error) -> String {
    if let id = try id(key) { return id }
    lacks(key)
    return ""
  }

  /// A time in nanoseconds.
  func duration(_ key: String) throws(V1Error) -> Duration? {
    guard let member = try object(key) else { return nil }
    guard let count = try member.wide("nanoseconds") else {
      member.lacks("nanoseconds")
      return nil
    }
    return .nanoseconds(count)
  }

  /// A number in an object whose member `value` it is.
  func scalar(_ key: String) throws(V1Error) -> Double? {
    guard let member = try object(key) else { return nil }
    guard let number = try member.number("value") else {
      member.lacks("value")
      return nil
    }
    return number
  }

  /// A list of resources.
  func resources(_ key: String) throws(V1Error) -> StatedResources {
    guard let member = value[key] else { return StatedResources() }
    let list = member.array == nil ? JSONValue(.array([member])) : member
    do { return try StatedResources(reading: list) } catch {
      throw V1Error(path: path(key), description: error.message)
    }
  }
}

/// What Mesos's reader of JSON says of a text that is none.
package enum JSONText {
  /// Where a text stops being JSON.
  package static func syntaxError(in text: String) -> String {
    let place = (try? JSONValue(parsing: text)) == nil ? text : ""
    return "syntax error at line 1 near: \(place)"
  }
}
