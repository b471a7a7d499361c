// Part of mesosim. Apache-2.0, see LICENSE.
//
// A validator for the part of JSON Schema that the scenario schema uses; it knows nothing of how
// the schema is made.

import Foundation

@testable import MesosScenarios

/// Checks values against a JSON Schema.
struct SchemaValidator {
  private let root: [String: JSONText]
  private let definitions: [String: JSONText]

  /// Takes a schema.
  init(_ schema: JSONText) {
    root = Self.members(schema)
    definitions = Self.members(root["$defs"] ?? [:])
  }

  /// What is wrong with a value, each with its place.
  func complaints(about value: JSONText) -> [String] { check(value, root, "") }

  private func check(
    _ value: JSONText, _ schema: [String: JSONText], _ path: String
  ) -> [String] {
    var found: [String] = []
    for (keyword, argument) in schema.sorted(by: { $0.key < $1.key }) {
      switch (keyword, argument) {
      case ("$ref", .string(let reference)):
        let name = reference.replacing("#/$defs/", with: "")
        guard let definition = definitions[name] else { return ["\(path): no definition \(name)"] }
        found += check(value, Self.members(definition), path)
      case ("anyOf", .array(let options)):
        if !options.contains(where: { check(value, Self.members($0), path).isEmpty }) {
          found.append("\(path): none of the forms fits")
        }
      case ("const", _) where value != argument: found.append("\(path): expected \(argument)")
      case ("enum", .array(let words)) where !words.contains(value):
        found.append("\(path): expected one of \(words)")
      case ("type", .string(let type)) where !Self.isOf(type, value):
        found.append("\(path): expected \(type)")
      case ("$schema", _), ("title", _), ("description", _), ("default", _), ("$defs", _),
        ("const", _), ("enum", _), ("type", _), ("properties", _), ("patternProperties", _):
        break
      default: found += checkSize(value, keyword, argument, schema, path)
      }
    }
    if case .object(let members) = value, let known = schema["properties"] {
      for (key, schema) in Self.members(known).sorted(by: { $0.key < $1.key }) {
        guard let member = members[key] else { continue }
        found += check(member, Self.members(schema), "\(path).\(key)")
      }
    }
    return found
  }

  private func checkSize(
    _ value: JSONText, _ keyword: String, _ argument: JSONText, _ schema: [String: JSONText],
    _ path: String
  ) -> [String] {
    let bound = Self.number(argument) ?? 0
    let isFine: Bool
    switch (keyword, value) {
    case ("minimum", _): isFine = Self.number(value).map { $0 >= bound } ?? true
    case ("maximum", _): isFine = Self.number(value).map { $0 <= bound } ?? true
    case ("exclusiveMinimum", _): isFine = Self.number(value).map { $0 > bound } ?? true
    case ("minItems", .array(let items)): isFine = Double(items.count) >= bound
    case ("maxItems", .array(let items)): isFine = Double(items.count) <= bound
    case ("minProperties", .object(let members)): isFine = Double(members.count) >= bound
    case ("maxProperties", .object(let members)): isFine = Double(members.count) <= bound
    case ("minLength", .string(let text)): isFine = Double(text.count) >= bound
    case ("pattern", .string(let text)):
      guard case .string(let pattern) = argument else { return ["\(path): no pattern"] }
      isFine = text.range(of: pattern, options: .regularExpression) != nil
    case ("required", .object(let members)):
      guard case .array(let keys) = argument else { return ["\(path): no required keys"] }
      return keys.compactMap {
        if case .string(let key) = $0, members[key] == nil {
          "\(path): \(key) is missing"
        } else {
          nil
        }
      }
    case ("items", .array(let items)):
      return items.enumerated().flatMap {
        check($0.element, Self.members(argument), "\(path)[\($0.offset)]")
      }
    case ("additionalProperties", .object(let members)):
      return checkOthers(members, argument, schema, path)
    case ("minItems", _), ("maxItems", _), ("minProperties", _), ("maxProperties", _),
      ("minLength", _), ("pattern", _), ("required", _), ("items", _), ("additionalProperties", _):
      isFine = true
    default: return ["\(path): the schema uses \(keyword), which this validator does not know"]
    }
    return isFine ? [] : ["\(path): \(keyword) \(argument)"]
  }

  private func checkOthers(
    _ members: [String: JSONText], _ argument: JSONText, _ schema: [String: JSONText],
    _ path: String
  ) -> [String] {
    let known = Self.members(schema["properties"] ?? [:])
    let patterns = Self.members(schema["patternProperties"] ?? [:]).keys
    var found: [String] = []
    for (key, value) in members.sorted(by: { $0.key < $1.key }) where known[key] == nil {
      if patterns.contains(where: { key.range(of: $0, options: .regularExpression) != nil }) {
        continue
      }
      if argument == false {
        found.append("\(path): unknown key \(key)")
      } else {
        found += check(value, Self.members(argument), "\(path).\(key)")
      }
    }
    return found
  }

  private static func members(_ value: JSONText) -> [String: JSONText] {
    if case .object(let members) = value { members } else { [:] }
  }

  private static func number(_ value: JSONText) -> Double? {
    if case .number(let text) = value { Double(text) } else { nil }
  }

  private static func isOf(_ type: String, _ value: JSONText) -> Bool {
    switch (type, value) {
    case ("object", .object), ("array", .array), ("string", .string), ("boolean", .bool),
      ("number", .number):
      true
    case ("integer", .number(let text)): Double(text).map { $0 == $0.rounded() } ?? false
    default: false
    }
  }
}

extension JSONText {
  /// Reads JSON.
  init(json: Data) throws { self.init(try JSONSerialization.jsonObject(with: json)) }

  private init(_ value: Any) {
    switch value {
    case let members as [String: Any]: self = .object(members.mapValues { JSONText($0) })
    case let items as [Any]: self = .array(items.map { JSONText($0) })
    case let text as String: self = .string(text)
    case let number as NSNumber:
      let isBool = String(cString: number.objCType) == "c"
      self = isBool ? .bool(number.boolValue) : .number(number.stringValue)
    default: self = .null
    }
  }
}
