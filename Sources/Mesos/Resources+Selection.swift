// Part of mesosim. Apache-2.0, see LICENSE.
//
// Parts of a list by the terms on which they are held, and the same amounts on other terms.

extension Resources {
  /// The part that a framework in `role` may be offered: what is unreserved, or reserved for the
  /// role or one of its ancestors.
  public func allocatable(to role: Role) -> Resources {
    filtered { terms in
      guard let reserved = terms?.role else { return true }
      return reserved == role || reserved.isAncestor(of: role)
    }
  }

  /// The part that is reserved for exactly this role.
  public func reserved(for role: Role) -> Resources { filtered { $0?.role == role } }

  /// The part that is reserved for no one.
  public var unreserved: Resources { filtered { $0?.role == nil } }

  /// The part that may be taken back at any time.
  public var revocable: Resources { filtered { $0?.isRevocable == true } }

  /// The part that may not be taken back.
  public var nonRevocable: Resources { filtered { $0?.isRevocable != true } }

  /// The volumes whose data outlive the tasks that use them.
  public var persistentVolumes: Resources { filtered { $0?.disk?.persistenceID != nil } }

  /// The part that many tasks may use at once.
  public var shared: Resources { filtered { $0?.isShared == true } }

  /// Whether many tasks may use some of it at once.
  public var hasShared: Bool {
    !unstructured.isEmpty && unstructured.contains { $0.isShared }
  }

  /// The part that one task alone may use.
  public var nonShared: Resources { filtered { $0?.isShared != true } }

  /// The list without what is shared and stands in the other list as well, in however many copies.
  package func withoutShared(in other: Resources) -> Resources {
    if unstructured.isEmpty { return self }
    var result = self
    result.unstructured.removeAll { entry in
      entry.isShared && other.unstructured.contains { $0.absorbs(entry) }
    }
    return result
  }

  /// The copies of what is shared that the other list lacks.
  package func sharedCopies(missingIn other: Resources) -> Resources {
    var result = Resources()
    for var entry in unstructured where entry.isShared {
      entry.copies -= other.unstructured.first { $0.absorbs(entry) }?.copies ?? 0
      if entry.copies > 0 { result.add(entry) }
    }
    return result
  }

  /// Whether there are refined reservations, which only some frameworks understand.
  public var hasRefinedReservations: Bool {
    func isRefined(_ terms: ResourceTerms?) -> Bool { (terms?.reservations.count ?? 0) > 1 }
    return ([main] + others).contains { isRefined($0.terms) }
      || unstructured.contains { isRefined($0.terms) }
  }

  /// Whether gpus come in whole numbers, which tasks, unlike slaves, must keep to.
  public var hasWholeGpus: Bool { standardTotals[StandardScalar.gpus.rawValue] % 1000 == 0 }

  /// The entries on terms that pass a test.
  private func filtered(_ passes: (ResourceTerms?) -> Bool) -> Resources {
    if others.isEmpty && unstructured.isEmpty { return passes(main.terms) ? self : Resources() }
    var result = Resources()
    if passes(main.terms) { result.main = main }
    for holding in others where passes(holding.terms) { result.add(holding) }
    result.unstructured = unstructured.filter { passes($0.terms) }
    return result
  }
}

extension Resources {
  /// The list with every reservation dropped.
  public var toUnreserved: Resources { onTerms { $0.reservations = [] } }

  /// The list with one more level of reservation on every entry.
  public func pushing(_ reservation: Reservation) -> Resources {
    onTerms { $0.reservations.append(reservation) }
  }

  /// The list without the innermost level of reservation of every entry.
  public func poppingReservation() -> Resources {
    onTerms { if !$0.reservations.isEmpty { $0.reservations.removeLast() } }
  }

  /// The list with every persistent volume turned into the disk that it was made of.
  public var withoutPersistence: Resources {
    onTerms { terms in
      guard let disk = terms.disk, disk.persistenceID != nil else { return }
      terms.disk = disk.source.map { DiskInfo(source: $0) }
      terms.isShared = false
    }
  }

  /// The list as allocated to a role, or, with `nil`, to none.
  public func allocated(to role: Role?) -> Resources { onTerms { $0.allocationRole = role } }

  /// The same amounts with every entry's terms changed.
  private func onTerms(_ change: (inout ResourceTerms.Fields) -> Void) -> Resources {
    func changed(_ terms: ResourceTerms?) -> ResourceTerms? {
      var fields = terms?.fields ?? ResourceTerms.Fields()
      change(&fields)
      return fields == terms?.fields ? terms : ResourceTerms(fields)
    }
    var result = Resources()
    for holding in [main] + others {
      result.add(
        Holding(amounts: holding.amounts, ports: holding.ports, terms: changed(holding.terms)))
    }
    for resource in unstructured {
      let terms = changed(resource.terms)
      result.add(
        Resource(resource.name, resource.value, terms: terms, copies: resource.copies))
    }
    return result
  }
}
