// Part of mesosim. Apache-2.0, see LICENSE.
//
// Kind `attributes`: reading the attributes of a slave.

import Mesos

struct AttributesEvaluator: ConformanceEvaluator {
  let kind = "attributes"

  func evaluate(_ input: JSONValue) throws -> JSONValue {
    let text = try input.requiredString("text")
    do throws(ResourceSyntaxError) {
      let attributes = try Attributes(parsing: text)
      return .object(["ok": .bool(true), "attributes": .array(attributes.list.map(\.outcome))])
    } catch {
      return .object(["ok": .bool(false), "error": .text(error.errorClass.rawValue)])
    }
  }
}

extension Attribute {
  fileprivate var outcome: JSONValue {
    let (type, content): (String, JSONValue) =
      switch value {
      case .scalar(let number): ("scalar", .number(number))
      case .ranges(let ranges): ("ranges", ranges.outcome)
      case .set(let set): ("set", .array(set.items.map(JSONValue.text)))
      case .text(let text): ("text", .text(text))
      }
    return .object(["name": .text(name), "type": .text(type), "value": content])
  }
}
