// Part of mesosim. Apache-2.0, see LICENSE.
//
// The canonical text of a list: one text for equal lists, whatever order they were written in.

extension Resources: CustomStringConvertible {
  /// The entries, sorted by name, role and disk: `cpus:4; mem(web):512; ports:[1-8]`; `{}` for none.
  public var description: String {
    isEmpty ? "{}" : entries.map(\.description).joined(separator: "; ")
  }
}

extension Resource: CustomStringConvertible {
  /// The name, the role in parentheses unless it is `*`, the disk's source in brackets, the value.
  public var description: String {
    let role = reservations.isEmpty ? "" : "(\(role))"
    let source = sourceText
    return name + role + (source.isEmpty ? "" : "[\(source)]") + ":" + value.description
  }
}

extension Resource.Value: CustomStringConvertible {
  /// The number, the ranges in brackets or the names in braces.
  public var description: String {
    switch self {
    case .scalar(let amount): amount.description
    case .ranges(let ranges): ranges.description
    case .set(let set): set.description
    }
  }
}
