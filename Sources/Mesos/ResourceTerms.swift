// Part of mesosim. Apache-2.0, see LICENSE.
//
// The terms on which resources are held: reservations, disk, revocable, shared. Amounts of one name
// and type add up when their terms are equal, and only then.

/// The terms on which a resource is held, behind one reference so that comparing is cheap.
///
/// Resources that are unreserved and nothing else have no terms at all (`nil`).
final class ResourceTerms: Sendable {
  /// What terms can say.
  struct Fields: Hashable, Sendable {
    var reservations: [Reservation] = []
    var allocationRole: Role?
    var disk: DiskInfo?
    var isRevocable = false
    var isShared = false
    var providerID: String?
  }

  let fields: Fields
  /// The role of a single static reservation, when that is all there is to say.
  private let plainRole: Role?

  /// `nil` when there is nothing to say; a disk without source and persistence says nothing.
  init?(_ fields: Fields) {
    var fields = fields
    if fields.disk?.source == nil && fields.disk?.persistenceID == nil { fields.disk = nil }
    if fields == Fields() { return nil }
    self.fields = fields
    let role = fields.reservations.first?.role
    let plain = role.map { Fields(reservations: [Reservation(.fixed, role: $0)]) }
    plainRole = fields == plain ? role : nil
  }

  var reservations: [Reservation] { fields.reservations }
  var allocationRole: Role? { fields.allocationRole }
  var disk: DiskInfo? { fields.disk }
  var isRevocable: Bool { fields.isRevocable }
  var isShared: Bool { fields.isShared }

  /// The role of the innermost reservation.
  var role: Role? { reservations.last?.role }

  /// Whether cpus, mem, disk, gpus and ports on these terms may share one holding.
  var allowsHolding: Bool { disk == nil && !isShared }
}

extension ResourceTerms: Hashable {
  @inline(never)
  static func areEqual(_ left: ResourceTerms?, _ right: ResourceTerms?) -> Bool {
    guard let left, let right else { return left == nil && right == nil }
    return left == right
  }

  static func == (left: ResourceTerms, right: ResourceTerms) -> Bool {
    if left === right { return true }
    if let role = left.plainRole { return role == right.plainRole }
    return right.plainRole == nil && left.fields == right.fields
  }

  func hash(into hasher: inout Hasher) { hasher.combine(fields) }
}

extension ResourceTerms {
  /// A total order over unequal terms, by role first; used to keep lists in one order.
  func precedes(_ other: ResourceTerms) -> Bool {
    if let left = plainRole, let right = other.plainRole { return left < right }
    return orderKey.lexicographicallyPrecedes(other.orderKey) { $0.precedes($1) }
  }

  /// Every field as a text of its own, so that unequal terms have unequal keys.
  private var orderKey: [String] {
    func marked(_ text: String?) -> String { text.map { "+" + $0 } ?? "" }
    let source = disk?.source
    var key = [role?.value ?? Role.unreserved.value]
    key += [source?.kind.rawValue, source?.root, source?.id].map(marked)
    key += [disk?.persistenceID, allocationRole?.value, fields.providerID].map(marked)
    key += [isRevocable ? "1" : "0", isShared ? "1" : "0"]
    for level in reservations {
      key += [level.role.value, level.kind.rawValue, marked(level.principal)]
      key.append(String(level.labels.count))
      for label in level.labels { key += [label.key, marked(label.value)] }
    }
    return key
  }
}
