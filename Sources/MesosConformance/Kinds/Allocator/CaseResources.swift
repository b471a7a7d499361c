// Part of mesosim. Apache-2.0, see LICENSE.
//
// Resource lists as allocator cases write them: `name[(reservation)][{REV}]:value` joined by `;`,
// reservation `role` (static), `+role` (dynamic) or a stack `a,+a/b`; sorted bytewise as text.

internal import Mesos

extension Resources {
  init(caseText text: String) throws(CaseInputError) {
    var entries: [Resource] = []
    for piece in text.split(separator: ";") { entries.append(try Resource(caseText: piece)) }
    self.init(entries)
  }

  var caseText: String {
    entries.map(\.caseText).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      .joined(separator: ";")
  }
}

extension Quantities {
  var caseText: String {
    entries.map { "\($0.name):\(Scalar(thousandths: $0.thousandths))" }.joined(separator: ";")
  }
}

extension Resource {
  fileprivate init(caseText text: Substring) throws(CaseInputError) {
    guard let colon = text.firstIndex(of: ":") else {
      throw CaseInputError("'\(text)' is no resource; expected name:value")
    }
    var key = text[..<colon]
    let isRevocable = key.hasSuffix("{REV}")
    if isRevocable { key = key.dropLast(5) }
    var reservations: [Reservation] = []
    if let open = key.firstIndex(of: "("), key.hasSuffix(")") {
      for level in key[key.index(after: open)...].dropLast().split(separator: ",") {
        let isDynamic = level.hasPrefix("+")
        let role = Role(String(isDynamic ? level.dropFirst() : level))
        reservations.append(Reservation(isDynamic ? .dynamic : .fixed, role: role))
      }
      key = key[..<open]
    }
    self.init(
      String(key), try Value(caseText: text[text.index(after: colon)...]),
      reservations: reservations, isRevocable: isRevocable)
  }

  fileprivate var caseText: String {
    let levels = reservations.map { ($0.kind == .dynamic ? "+" : "") + $0.role.value }
    let reservation = levels.isEmpty ? "" : "(" + levels.joined(separator: ",") + ")"
    let value =
      switch value {
      case .scalar(let amount): amount.description
      case .ranges(let ranges):
        "[" + ranges.ranges.map { "\($0.begin)-\($0.end)" }.joined(separator: ",") + "]"
      case .set(let set): "{" + set.items.sorted().joined(separator: ",") + "}"
      }
    return name + reservation + (isRevocable ? "{REV}" : "") + ":" + value
  }
}

extension Resource.Value {
  fileprivate init(caseText text: Substring) throws(CaseInputError) {
    let inner = text.dropFirst().dropLast().split(separator: ",")
    if text.hasPrefix("[") {
      self = .ranges(
        ValueRanges(
          try inner.map { part throws(CaseInputError) in
            let bounds = part.split(separator: "-").compactMap { UInt64($0) }
            guard bounds.count == 2 else { throw CaseInputError("'\(part)' is no range") }
            return ValueRange(bounds[0], bounds[1])
          }))
    } else if text.hasPrefix("{") {
      self = .set(ValueSet(inner.map(String.init)))
    } else if let number = Double(text), let amount = Scalar(number) {
      self = .scalar(amount)
    } else {
      throw CaseInputError("'\(text)' is no amount; expected a number, 0 or more")
    }
  }
}
