// Part of mesosim. Apache-2.0, see LICENSE.
//
// A list as its entries and back, and the selections by role.

extension Resources {
  /// Makes a list; entries that are empty or invalid are left out.
  public init(_ entries: some Sequence<Resource>) {
    for entry in entries where !entry.isEmpty { add(entry) }
  }

  /// The entries, in the order of the canonical text.
  public var entries: [Resource] {
    var entries = odd
    appendEntries(of: main, to: &entries)
    for holding in others { appendEntries(of: holding, to: &entries) }
    return entries.sorted { $0.precedes($1) }
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
    var holding = Holding(terms: entry.terms)
    switch entry.value {
    case .scalar(let amount) where entry.terms?.allowsHolding != false:
      guard let standard = StandardScalar(name: entry.name) else { return addOdd(entry) }
      holding.amounts[standard.rawValue] = amount.thousandths
    case .ranges(let ranges) where entry.terms?.allowsHolding != false && entry.name == "ports":
      holding.ports = ranges
    default: return addOdd(entry)
    }
    add(holding)
  }

  /// The part that a framework in `role` may be offered: what is unreserved, or reserved for the role
  /// or one of its ancestors.
  public func allocatable(to role: Role) -> Resources {
    filtered { terms in
      guard let reserved = terms?.role else { return true }
      return reserved == role || reserved.isAncestor(of: role)
    }
  }

  /// The list with every reservation dropped.
  public var toUnreserved: Resources {
    if main.terms == nil && others.isEmpty && odd.allSatisfy({ $0.terms == nil }) { return self }
    var result = Resources()
    for holding in [main] + others {
      var free = holding
      free.terms = holding.terms?.unreserved
      result.add(free)
    }
    for resource in odd {
      result.addOdd(
        Resource(
          resource.name, resource.value, terms: resource.terms?.unreserved, copies: resource.copies))
    }
    return result
  }

  /// The entries on terms that pass a test.
  func filtered(_ passes: (ResourceTerms?) -> Bool) -> Resources {
    var result = Resources()
    if passes(main.terms) { result.main = main }
    for holding in others where passes(holding.terms) { result.add(holding) }
    result.odd = odd.filter { passes($0.terms) }
    return result
  }
}

extension ResourceTerms {
  /// The same terms without reservations.
  var unreserved: ResourceTerms? {
    ResourceTerms(
      allocationRole: allocationRole, disk: disk, isRevocable: isRevocable, isShared: isShared,
      providerID: providerID)
  }
}
