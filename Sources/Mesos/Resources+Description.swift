// Part of mesosim. Apache-2.0, see LICENSE.
//
// The canonical text of a list: one text for equal lists, whatever order they were written in (but
// a set's names stay in the order in which they came). What a slave's configuration cannot express
// is written as Mesos writes it in its logs.

extension Resources: CustomStringConvertible {
  /// The entries, sorted by name, role and disk: `cpus:4; mem(web):512; ports:[1-8]`, or `{}`.
  public var description: String {
    isEmpty ? "{}" : entries.map(\.description).joined(separator: "; ")
  }
}

extension Resource: CustomStringConvertible {
  /// The name, the role in parentheses unless it is `*`, the disk's source in brackets, the value.
  public var description: String {
    guard let terms else { return name + ":" + value.description }
    var text = name
    if let role = terms.allocationRole { text += "(allocated: \(role))" }
    text += terms.reservationText + (terms.disk?.description ?? "")
    if isRevocable { text += "{REV}" }
    if isShared { text += "<SHARED>" }
    text += ":" + value.description
    return isShared ? text + "<\(copies)>" : text
  }
}

extension ResourceTerms {
  /// `(role)` for a plain static reservation, else every level with all it says.
  fileprivate var reservationText: String {
    guard let first = reservations.first else { return "" }
    if reservations.count == 1 && first.isPlain { return "(\(first.role))" }
    return "(reservations: [" + reservations.map(\.description).joined(separator: ",") + "])"
  }
}

extension Reservation: CustomStringConvertible {
  /// Kind, role, principal and labels: `(DYNAMIC,a/b,ops,{team: web})`.
  public var description: String {
    var parts = [kind.rawValue, role.value]
    if let principal { parts.append(principal) }
    if !labels.isEmpty {
      let texts = labels.map { $0.key + ($0.value.map { ": " + $0 } ?? "") }
      parts.append("{" + texts.joined(separator: ", ") + "}")
    }
    return "(" + parts.joined(separator: ",") + ")"
  }
}

extension DiskInfo: CustomStringConvertible {
  /// Source and volume in brackets: `[MOUNT:/mnt/a,data:logs]`.
  public var description: String {
    let parts = [sourceText, persistenceID].compactMap(\.self)
    let path = containerPath.map { ":" + $0 } ?? ""
    return "[" + parts.joined(separator: ",") + path + "]"
  }

  /// The source's kind and where or what it is, such as `PATH:/mnt/data`.
  var sourceText: String? {
    source.map { $0.kind.rawValue + (($0.root ?? $0.id).map { ":" + $0 } ?? "") }
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
