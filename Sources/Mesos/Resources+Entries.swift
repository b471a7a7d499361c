// Part of mesosim. Apache-2.0, see LICENSE.
//
// A list as its entries and back.

extension Resources {
  /// Makes a list; entries that are empty or invalid are left out.
  public init(_ entries: some Sequence<Resource>) {
    for entry in entries where !entry.isEmpty && entry.isValid { add(entry) }
  }

  /// The entries, in the order of the canonical text.
  public var entries: [Resource] {
    var entries = unstructured
    appendEntries(of: main, to: &entries)
    for holding in others { appendEntries(of: holding, to: &entries) }
    return entries.sorted { $0.isPrinted(before: $1) }
  }

  private func appendEntries(of holding: Holding, to entries: inout [Resource]) {
    for standard in StandardScalar.allCases where holding.amounts[standard.rawValue] != 0 {
      let amount = Scalar(thousandths: holding.amounts[standard.rawValue])
      entries.append(Resource(standard.name, .scalar(amount), terms: holding.terms))
    }
    if !holding.ports.isEmpty {
      entries.append(Resource("ports", .ranges(holding.ports), terms: holding.terms))
    }
  }

  /// Adds one valid entry.
  mutating func add(_ entry: Resource) {
    if let holding = Holding(entry) { add(holding) } else { addUnstructured(entry) }
  }
}

extension Holding {
  /// The entry as a holding; `nil` when no holding can express it.
  fileprivate init?(_ entry: Resource) {
    guard entry.terms?.allowsHolding != false else { return nil }
    switch entry.value {
    case .scalar(let amount):
      guard let standard = StandardScalar(name: entry.name) else { return nil }
      amounts[standard.rawValue] = amount.thousandths
    case .ranges(let ranges):
      guard entry.name == "ports" else { return nil }
      ports = ranges
    case .set: return nil
    }
    terms = entry.terms
  }
}

extension Resource {
  /// Checks the resource as a master checks what frameworks send.
  /// - Throws: `ResourceSyntaxError` that says which rule is broken; its column is 1.
  public func validate() throws(ResourceSyntaxError) {
    _ = try ResourceDraft(self).validated(in: SourceText(""))
  }

  var isValid: Bool {
    // Nothing can be wrong with the common case; the rest goes through all the rules.
    if terms == nil, !name.isEmpty, case .scalar = value { return true }
    return (try? validate()) != nil
  }
}

extension ResourceDraft {
  /// The draft that states a resource as it is.
  fileprivate init(_ resource: Resource) {
    name = resource.name
    switch resource.value {
    case .scalar(let amount): (type, scalar) = (.scalar, amount.value)
    case .ranges(let value): (type, ranges) = (.ranges, value.ranges)
    case .set(let set): (type, items) = (.set, set.items)
    }
    reservations = resource.reservations.map {
      Level(kind: $0.kind, role: $0.role.value, principal: $0.principal, labels: $0.labels)
    }
    disk = resource.disk
    hasSourceRoot = resource.disk?.source?.root != nil
    isRevocable = resource.isRevocable
    isShared = resource.isShared
  }
}
