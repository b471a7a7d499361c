// Part of mesosim. Apache-2.0, see LICENSE.
//
// For those who read further messages by the same rules.

package import Mesos

/// A place in a message that is read member by member.
package struct MessageNode {
  private let node: Node

  /// The whole message.
  package init(_ value: JSONValue) { node = Node(value) }

  /// A part of a message, whose gaps count as those of the whole.
  package init(_ value: JSONValue, path: String, missing whole: MessageNode) {
    node = Node(value, path: path, missing: whole.node.missing)
  }

  /// Notes that a member is missing.
  package func lacks(_ key: String) { node.lacks(key) }

  /// Throws when something was missing anywhere in the message.
  package func complete() throws(V1Error) { try node.complete() }

  /// A member that is text.
  package func string(_ key: String) throws(V1Error) -> String? { try node.string(key) }

  /// A member that says yes or no.
  package func bool(_ key: String) throws(V1Error) -> Bool? { try node.bool(key) }

  /// A number that must be there.
  package func requiredNumber(_ key: String) throws(V1Error) -> Double {
    if let number = try node.number(key) { return number }
    node.lacks(key)
    return 0
  }

  /// The elements of an array, with their places.
  package func list(_ key: String) throws(V1Error) -> [(value: JSONValue, path: String)] {
    try node.objects(key).map { ($0.value, $0.path) }
  }

  /// Amounts by name.
  package func amounts(_ key: String) throws(V1Error) -> Quantities { try node.quantities(key) }

  /// Bounds by name.
  package func limits(_ key: String) throws(V1Error) -> Limits {
    var limits = Limits()
    for member in node.value[key]?.members ?? [] {
      let part = Node(member.value, path: "\(key).\(member.key)", missing: node.missing)
      let amount = try part.number("value") ?? 0
      limits.set(
        Scalar(amount) ?? Scalar(thousandths: amount > 0 ? .max : 0), of: member.key)
    }
    return limits
  }
}
