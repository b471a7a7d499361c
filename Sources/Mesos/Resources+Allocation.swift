// Part of mesosim. Apache-2.0, see LICENSE.
//
// A list as an allocator takes it apart: what quota governs, what it does not, what some frameworks
// cannot take, and cutting to what is left.

extension Resources {
  /// Whether all is unreserved standard scalars and ports, neither revocable nor shared.
  @inlinable package var isPlain: Bool { hasOnlyAmounts || hasPlainRest }

  @usableFromInline var hasPlainRest: Bool {
    rest.map { $0.parts.terms == nil && $0.parts.isOneHolding } ?? true
  }

  /// Whether nothing counts but the standard scalars and ports of some terms.
  @inlinable package var hasOnlyStandardScalars: Bool { hasOnlyAmounts || hasNothingUnstructured }

  @usableFromInline var hasNothingUnstructured: Bool { rest?.parts.unstructured.isEmpty ?? true }

  /// What quota governs: scalars that are neither reserved nor revocable.
  package var governed: Resources {
    func isGoverned(_ terms: ResourceTerms?) -> Bool {
      terms?.role == nil && terms?.isRevocable != true
    }
    return selected(scalars: isGoverned, others: { _ in false })
  }

  /// What quota does not govern: revocable resources, all but scalars, and what is reserved for
  /// `role` (with `nil`: for any).
  package func ungoverned(reservedFor role: Role?) -> Resources {
    func isUngoverned(_ terms: ResourceTerms?) -> Bool {
      if terms?.isRevocable == true { return true }
      guard let reserved = terms?.role else { return false }
      return role == nil || role == reserved
    }
    return selected(scalars: isUngoverned, others: { _ in true })
  }

  /// What is reserved, for whomever.
  package var reserved: Resources {
    selected(scalars: { $0?.role != nil }, others: { $0?.role != nil })
  }

  /// The list without what some frameworks cannot take.
  package func without(revocable: Bool, refined: Bool, shared: Bool) -> Resources {
    func isKept(_ terms: ResourceTerms?) -> Bool {
      guard let terms else { return true }
      if revocable && terms.isRevocable || shared && terms.isShared { return false }
      return !(refined && terms.reservations.count > 1)
    }
    return selected(scalars: isKept, others: isKept)
  }

  /// The roles that something is reserved for, each once, in the order of the list.
  package var reservationRoles: [Role] {
    var roles: [Role] = []
    for terms in [main.terms] + others.map(\.terms) + unstructured.map(\.terms) {
      if let role = terms?.role, !roles.contains(role) { roles.append(role) }
    }
    return roles
  }

  /// The scalars cut down to what is left of each name, in canonical order.
  ///
  /// Disks that are given out whole stay whole or go. Nothing may be in the list but scalars.
  package func cut(
    toStandard bounds: SIMD4<Int64>, others bound: (String) -> Int64
  ) -> Resources {
    var rest = bounds
    var result = Resources()
    for holding in [main] + others {
      let amounts = pointwiseMin(holding.amounts, rest)
      rest = rest &- amounts
      result.add(Holding(amounts: amounts, terms: holding.terms))
    }
    var used: [String: Int64] = [:]
    for resource in unstructured {
      let standard = StandardScalar(name: resource.name)
      let room =
        standard.map { rest[$0.rawValue] } ?? bound(resource.name) - used[resource.name, default: 0]
      let part = min(room, resource.quantity)
      guard part > 0, part == resource.quantity || !resource.isIndivisible else { continue }
      if let standard { rest[standard.rawValue] -= part }
      used[resource.name, default: 0] += part
      var kept = resource
      kept.value = .scalar(Scalar(thousandths: part))
      result.addUnstructured(kept)
    }
    return result
  }

  /// The entries on terms that pass a test, one for scalars and one for ranges and sets.
  private func selected(
    scalars passesScalars: (ResourceTerms?) -> Bool, others passes: (ResourceTerms?) -> Bool
  ) -> Resources {
    var result = Resources()
    for holding in [main] + others {
      var part = Holding(terms: holding.terms)
      if passesScalars(holding.terms) { part.amounts = holding.amounts }
      if passes(holding.terms) { part.ports = holding.ports }
      if !part.isEmpty { result.add(part) }
    }
    for resource in unstructured {
      let isScalar = if case .scalar = resource.value { true } else { false }
      if isScalar ? passesScalars(resource.terms) : passes(resource.terms) {
        result.addUnstructured(resource)
      }
    }
    return result
  }
}
