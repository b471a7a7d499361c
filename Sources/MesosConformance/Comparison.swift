// Part of mesosim. Apache-2.0, see LICENSE.
//
// Whether an outcome is what was expected: only what `expect` names counts, numbers are equal
// within 0.001, and fields that are sets are compared without regard to order.

import Mesos

/// Compares outcomes with expectations.
struct Comparison {
  /// The first place where two values differ.
  struct Difference {
    let field: String
    let expected: String
    let actual: String
  }

  /// Names of fields whose arrays are compared without regard to order.
  var sets: Set<String> = []
  /// Names of fields that must be equal as a whole.
  var whole: Set<String> = []

  /// The first difference; `nil` when the outcome is as expected.
  func difference(expected: JSONValue, actual: JSONValue) -> Difference? {
    difference(expected, actual, at: "", named: "", isWhole: false)
  }

  private func difference(
    _ expected: JSONValue, _ actual: JSONValue?, at field: String, named name: String,
    isWhole: Bool
  ) -> Difference? {
    let isWhole = isWhole || whole.contains(name)
    switch (expected.content, actual?.content) {
    case (.null, nil), (.null, .null): return nil
    case (.bool(let left), .bool(let right)) where left == right: return nil
    case (.string(let left), .string(let right)) where left == right: return nil
    case (.number, .number): if expected.isNear(actual) { return nil }
    case (.object(let members), .object(let others)):
      if isWhole && Set(members.map(\.key)) != Set(others.map(\.key)) { break }
      for member in members {
        let path = field.isEmpty ? member.key : field + "." + member.key
        let found = difference(
          member.value, actual?[member.key], at: path, named: member.key, isWhole: isWhole)
        if let found { return found }
      }
      return nil
    case (.array(let left), .array(let right)) where left.count == right.count:
      if sets.contains(name) { return setDifference(left, right, at: field) }
      for (index, pair) in zip(left, right).enumerated() {
        let found = difference(
          pair.0, pair.1, at: "\(field)[\(index)]", named: "", isWhole: isWhole)
        if let found { return found }
      }
      return nil
    default: break
    }
    return Difference(field: field, expected: expected.text, actual: actual?.text ?? "nothing")
  }

  /// Pairs every expected element with one that is like it.
  private func setDifference(
    _ expected: [JSONValue], _ actual: [JSONValue], at field: String
  ) -> Difference? {
    var rest = actual
    for element in expected {
      let match = rest.firstIndex {
        difference(element, $0, at: "", named: "", isWhole: false) == nil
      }
      guard let match else {
        return Difference(
          field: field, expected: JSONValue(.array(expected)).text,
          actual: JSONValue(.array(actual)).text)
      }
      rest.remove(at: match)
    }
    return nil
  }
}

extension JSONValue {
  /// Whether both numbers differ by at most 0.001; whole numbers of 64 bits must be the same.
  fileprivate func isNear(_ other: JSONValue?) -> Bool {
    guard let other, let left = double, let right = other.double else { return false }
    if let left = unsigned, let right = other.unsigned, max(left, right) > 1 << 52 {
      return left == right
    }
    // A little more than 0.001, so that 0.3 and 0.301 count as near in binary, too.
    return left == right || abs(left - right) <= 0.001_000_001
  }
}
