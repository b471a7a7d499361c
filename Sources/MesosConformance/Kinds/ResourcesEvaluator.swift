// Part of mesosim. Apache-2.0, see LICENSE.
//
// Kind `resources`: reading one list, from text or JSON, with every check.

import Mesos

struct ResourcesEvaluator: ConformanceEvaluator {
  let kind = "resources"

  func evaluate(_ input: JSONValue) throws -> JSONValue {
    let role = Role(try input.optionalString("defaultRole") ?? "*")
    let text = try input.optionalString("text")
    guard (text == nil) != (input["json"] == nil) else {
      throw CaseInputError("input has not exactly one of 'text' and 'json'")
    }
    do throws(ResourceSyntaxError) {
      let resources =
        if let json = input["json"] {
          try Resources(json: json, defaultRole: role)
        } else {
          try Resources(parsing: text ?? "", defaultRole: role)
        }
      return .object([
        "ok": .bool(true),
        "canonical": .text(resources.description),
        "resources": .array(resources.entries.map(\.outcome)),
      ])
    } catch {
      return .object(["ok": .bool(false), "error": .text(error.errorClass.rawValue)])
    }
  }
}

extension Resource {
  /// The entry as an outcome: name, role, type, value and, if there is one, the disk's source.
  fileprivate var outcome: JSONValue {
    .object([
      "name": .text(name), "role": .text(role.value), "type": .text(value.typeName),
      "value": value.outcome, "disk": disk?.source?.outcome ?? JSONValue(.null),
    ])
  }
}

extension Resource.Value {
  fileprivate var typeName: String {
    switch self {
    case .scalar: "scalar"
    case .ranges: "ranges"
    case .set: "set"
    }
  }

  fileprivate var outcome: JSONValue {
    switch self {
    case .scalar(let amount): .number(amount)
    case .ranges(let ranges): ranges.outcome
    case .set(let set): .array(set.items.map(JSONValue.text))
    }
  }
}

extension ValueRanges {
  /// The ranges as pairs of bounds.
  var outcome: JSONValue {
    .array(ranges.map { .array([.number($0.begin), .number($0.end)]) })
  }
}

extension DiskInfo.Source {
  fileprivate var outcome: JSONValue {
    .object(["type": .text(kind.rawValue), "root": .text(root)])
  }
}
