// Part of mesosim. Apache-2.0, see LICENSE.
//
// Kind `resources-arithmetic`: one operation on one or two lists.

import Mesos

struct ResourcesArithmeticEvaluator: ConformanceEvaluator {
  let kind = "resources-arithmetic"

  func evaluate(_ input: JSONValue) throws -> JSONValue {
    let left = try list("left", of: input)
    switch try input.requiredString("op") {
    case "add": return result(left + (try list("right", of: input)))
    case "subtract": return result(left - (try list("right", of: input)))
    case "contains": return truth(left.contains(try list("right", of: input)))
    case "equal": return truth(left == (try list("right", of: input)))
    case "find": return result(left.find(try list("right", of: input)))
    case "allocatableTo":
      return result(left.allocatable(to: Role(try input.requiredString("role"))))
    case "toUnreserved": return result(left.toUnreserved)
    case let op: throw CaseInputError("unknown op '\(op)'")
    }
  }

  private func list(_ key: String, of input: JSONValue) throws(CaseInputError) -> Resources {
    let text = try input.requiredString(key)
    do { return try Resources(parsing: text) } catch {
      throw CaseInputError("'\(key)' is no list of resources: \(error)")
    }
  }

  private func result(_ resources: Resources?) -> JSONValue {
    .object(["result": .text(resources?.description)])
  }

  private func truth(_ value: Bool) -> JSONValue { .object(["value": .bool(value)]) }
}
