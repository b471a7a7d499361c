// Part of mesosim. Apache-2.0, see LICENSE.
//
// Roles: the names under which frameworks compete and resources are reserved, in a tree by `/`.

/// A role: whom resources are reserved for and in whose name a framework receives offers.
///
/// Roles form a tree by their path: `a` is an ancestor of `a/b` (but not of `ab`).
public struct Role: Identifier {
  /// The path of the role, such as `eng/web`.
  public let value: String
  /// Makes a role from its path; `validate` checks it.
  public init(_ value: String) { self.value = value }

  /// The role `*` of resources that are reserved for no one.
  public static let unreserved = Role("*")

  /// Whether `other` lies strictly below this role: `a` is an ancestor of `a/b/c`, not of itself.
  public func isAncestor(of other: Role) -> Bool {
    let path = other.value.utf8
    guard path.count > value.utf8.count + 1, path.starts(with: value.utf8) else { return false }
    return path.dropFirst(value.utf8.count).first == UInt8(ascii: "/")
  }

  /// Checks the name against the rules of Mesos.
  /// - Throws: `RoleError` that says which rule is broken.
  public func validate() throws(RoleError) {
    if value == Role.unreserved.value { return }
    if value.isEmpty { throw refusal("is empty; name a role such as prod or eng/web, or *") }
    for part in value.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      let component = String(Substring(part))
      switch component {
      case "":
        throw refusal("has a leading, trailing or doubled '/'; write components as in eng/web")
      case ".", "..": throw refusal("has the component '\(component)', which is no name")
      case "*": throw refusal("has the component '*', which only stands alone")
      default: break
      }
      if component.hasPrefix("-") { throw refusal("has a component that begins with '-'") }
      if part.contains(where: Role.isForbidden) {
        throw refusal("contains white space or a delete character; use letters, digits, - _ .")
      }
    }
  }

  private func refusal(_ reason: String) -> RoleError { RoleError(role: self, reason: reason) }

  /// Tab, line feed, vertical tab, form feed, carriage return, space and delete.
  private static func isForbidden(_ byte: UInt8) -> Bool {
    (0x09...0x0d).contains(byte) || byte == 0x20 || byte == 0x7f
  }
}

/// Says why a role's name is invalid.
public struct RoleError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The role that was refused.
  public let role: Role
  /// The rule it breaks and what to write instead.
  public let reason: String
  /// The role and what is wrong with it.
  public var description: String { "role '\(role)' \(reason)" }
}
