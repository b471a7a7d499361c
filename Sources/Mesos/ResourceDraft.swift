// Part of mesosim. Apache-2.0, see LICENSE.
//
// A resource as it was read, right or wrong, and the rules that make a resource of it.

/// A resource as text or JSON states it, with the places of its parts for errors.
struct ResourceDraft {
  /// One reservation as stated.
  struct Level {
    var kind: Reservation.Kind?
    var role: String?
    var principal: String?
    var labels: [Label] = []
    var place = 0
  }

  var name = ""
  var namePlace = 0
  var valuePlace = 0
  /// The type stated, or implied by the value's form; `text` is no type of a resource.
  var type = ValueType.scalar
  var scalar: Double?
  var ranges: [ValueRange]?
  var items: [String]?
  var reservations: [Level] = []
  var disk: DiskInfo?
  /// Whether a disk source states a path or a mount.
  var hasSourceRoot = false
  /// Whether the kind of disk source is the word for none.
  var hasUnknownSource = false
  /// Whether a volume names a path of the host.
  var hasHostPath = false
  /// Whether a volume is for reading only.
  var isReadOnly = false
  var isRevocable = false
  var isShared = false
  var providerID: String?
  var allocationRole: Role?

  /// The types of values, as they are written in JSON.
  enum ValueType: String {
    case scalar = "SCALAR"
    case ranges = "RANGES"
    case set = "SET"
    case text = "TEXT"
  }
}

extension ResourceDraft {
  /// Checks everything in the order in which Mesos does.
  func validated(in source: SourceText) throws(ResourceSyntaxError) -> Resource {
    if name.isEmpty {
      throw source.error(
        .nameEmpty, at: namePlace, "no name; expected one such as cpus before the ':'")
    }
    let value = try validatedValue(in: source)
    try checkDisk(in: source)
    let levels = try validatedReservations(in: source)
    if isShared && (name != "disk" || disk?.persistenceID == nil) {
      throw source.error(
        .shared, at: namePlace, "'\(name)' is shared; only persistent volumes on disk can be")
    }
    return Resource(
      name, value, reservations: levels, allocationRole: allocationRole, disk: disk,
      isRevocable: isRevocable, isShared: isShared, providerID: providerID)
  }

  private func validatedValue(in source: SourceText) throws(ResourceSyntaxError) -> Resource.Value {
    if type == .text {
      throw source.error(
        .badType, at: valuePlace,
        "'\(name)' has text for a value; expected a number, ranges in [] or a set in {}")
    }
    let members = [scalar != nil, ranges != nil, items != nil]
    guard members == [type == .scalar, type == .ranges, type == .set] else {
      throw source.error(
        .union, at: valuePlace,
        "'\(name)' is a \(type.rawValue); expected the member '\(type.rawValue.lowercased())' alone"
      )
    }
    if let scalar { return .scalar(try validated(scalar, in: source)) }
    if let items { return .set(try validated(items, in: source)) }
    let ranges = ranges ?? []
    try check(ranges, in: source)
    return .ranges(ValueRanges(ranges))
  }

  private func validated(
    _ scalar: Double, in source: SourceText
  ) throws(ResourceSyntaxError) -> Scalar {
    guard let amount = Scalar(scalar), amount.thousandths > 0 || scalar == 0 else {
      let reason =
        scalar > Scalar.limit
        ? "is past 9.2e15, where fixed point ends" : scalar < 0 ? "is negative" : "rounds to 0"
      throw source.error(
        .tiny, at: valuePlace,
        "\(scalar) of '\(name)' \(reason); expected 0 or at least 0.001")
    }
    return amount
  }

  private func validated(
    _ items: [String], in source: SourceText
  ) throws(ResourceSyntaxError) -> ValueSet {
    let set = ValueSet(items)
    guard set.items.count == items.count else {
      throw source.error(
        .duplicateElement, at: valuePlace, "the set '\(name)' has an element twice; name each once")
    }
    return set
  }

  private func check(_ ranges: [ValueRange], in source: SourceText) throws(ResourceSyntaxError) {
    let sorted = ranges.sorted()
    let hasOverlap = zip(sorted, sorted.dropFirst()).contains { $0.meets($1) }
    for (index, range) in ranges.enumerated() {
      if range.isInverted {
        throw source.error(
          .rangeInverted, at: valuePlace,
          "the range \(range.begin)-\(range.end) of '\(name)' begins after its end; swap the two"
        )
      }
      // Each is held to each only where there is something to find.
      guard hasOverlap else { continue }
      for other in ranges[(index + 1)...] where range.meets(other) || other.meets(range) {
        throw source.error(
          .rangeOverlap, at: valuePlace,
          "the ranges \(range.begin)-\(range.end) and \(other.begin)-\(other.end) of '\(name)' "
            + "share a number; expected each number once")
      }
    }
  }

  private func checkDisk(in source: SourceText) throws(ResourceSyntaxError) {
    guard let disk else { return }
    if name != "disk" {
      throw source.error(
        .disk, at: namePlace, "'\(name)' describes a disk; only a resource named disk can")
    }
    if hasUnknownSource {
      throw source.error(
        .disk, at: namePlace, "the disk's source is of type UNKNOWN; expected PATH or MOUNT")
    }
    if hasSourceRoot, let kind = disk.source?.kind, kind == .raw || kind == .block {
      throw source.error(
        .disk, at: namePlace, "a \(kind.rawValue) disk has no path and no mount; leave them out")
    }
  }

  private func validatedReservations(
    in source: SourceText
  ) throws(ResourceSyntaxError) -> [Reservation] {
    var levels: [Reservation] = []
    for level in reservations {
      guard let kind = level.kind else {
        throw source.error(
          .role, at: level.place, "a reservation has no type; expected STATIC or DYNAMIC")
      }
      guard let name = level.role else {
        throw source.error(.role, at: level.place, "a reservation has no role; name one")
      }
      let role = Role(name)
      do { try role.validate() } catch {
        throw source.error(.role, at: level.place, error.description)
      }
      if role == .unreserved {
        throw source.error(.role, at: level.place, "role '*' cannot be reserved; name another")
      }
      levels.append(
        Reservation(kind, role: role, principal: level.principal, labels: level.labels))
    }
    try checkRefinement(levels, in: source)
    return levels
  }

  private func checkRefinement(
    _ levels: [Reservation], in source: SourceText
  ) throws(ResourceSyntaxError) {
    for index in levels.indices.dropFirst() {
      let (outer, inner) = (levels[index - 1], levels[index])
      if inner.kind == .fixed {
        throw source.error(
          .role, at: reservations[index].place, "a refined reservation is STATIC; expected DYNAMIC")
      }
      guard outer.role.isAncestor(of: inner.role) else {
        throw source.error(
          .role, at: reservations[index].place,
          "role '\(inner.role)' does not refine '\(outer.role)'; expected '\(outer.role)/…'")
      }
    }
  }
}
