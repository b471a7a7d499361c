// Part of mesosim. Apache-2.0, see LICENSE.
//
// For whom resources are kept, and why.

/// One level of a reservation: who may have the resources, and how that came about.
public struct Reservation: Hashable, Sendable {
  /// How a reservation came about.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// From the slave's configuration; immutable while the slave runs.
    case fixed = "STATIC"
    /// Made, and undone, at run time.
    case dynamic = "DYNAMIC"
  }

  /// How the reservation came about.
  public let kind: Kind
  /// For whom the resources are reserved.
  public let role: Role
  /// Who made a dynamic reservation.
  public let principal: String?
  /// Free notes of a dynamic reservation, sorted; part of its identity.
  public let labels: [Label]

  /// Makes one level of a reservation.
  public init(_ kind: Kind, role: Role, principal: String? = nil, labels: [Label] = []) {
    self.kind = kind
    self.role = role
    self.principal = principal
    self.labels = labels.sorted()
  }

  /// Whether it is static and says nothing but its role.
  var isPlain: Bool { kind == .fixed && principal == nil && labels.isEmpty }
}
