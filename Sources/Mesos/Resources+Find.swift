// Part of mesosim. Apache-2.0, see LICENSE.
//
// Looking for resources by amount, whomever they are reserved for.

extension Resources {
  /// The part of this list that has the amounts of `targets`, roles being ignored.
  ///
  /// Each entry of `targets` is looked for on its own: among what is reserved for its role, then
  /// what is unreserved, then the rest. As in Mesos (`Resources::find`), each of these stages gives
  /// at most one entry that is smaller than what is still missing, and two targets may find the
  /// same entry.
  /// - Parameter targets: What is looked for.
  /// - Returns: What was found; `nil` when any target was not.
  public func find(_ targets: Resources) -> Resources? {
    var found = Resources()
    for target in targets.entries {
      guard let part = find(target) else { return nil }
      found += part
    }
    return found
  }

  private func find(_ target: Resource) -> Resources? {
    var missing = target.reserved(by: [])
    var candidates = entries
    var found = Resources()
    for stage in Stage.allCases {
      if stage == .sameRole && target.reservations.isEmpty { continue }
      for (index, entry) in candidates.enumerated() where stage.admits(entry, for: target) {
        let free = entry.reserved(by: [])
        if free.contains(missing) {
          found.add(missing.reserved(by: entry.reservations))
          return found
        }
        if missing.contains(free) {
          found.add(entry)
          candidates.remove(at: index)
          missing.yield(free)
          break
        }
      }
    }
    return nil
  }

  /// Where a target is looked for, one after the other.
  private enum Stage: CaseIterable {
    case sameRole, unreserved, anywhere

    func admits(_ entry: Resource, for target: Resource) -> Bool {
      switch self {
      case .sameRole: !entry.reservations.isEmpty && entry.role == target.role
      case .unreserved: entry.reservations.isEmpty
      case .anywhere: true
      }
    }
  }
}

extension Resource {
  /// The same resource with other reservations.
  fileprivate func reserved(by reservations: [Reservation]) -> Resource {
    var fields = terms?.fields ?? ResourceTerms.Fields()
    fields.reservations = reservations
    var copy = self
    copy.terms = ResourceTerms(fields)
    return copy
  }
}
