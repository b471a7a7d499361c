// Part of mesosim. Apache-2.0, see LICENSE.
//
// Scalar amounts as the allocator adds and compares them (mesos/src/common/resource_quantities.cpp):
// the four standard names in one vector, others by a number that the allocator gave to their name.

import Mesos

/// Amounts of scalar resources by name, in thousandths.
struct Amounts: Equatable {
  /// cpus, mem, disk, gpus.
  var standard: SIMD4<Int64> = .zero
  /// Other names, in the order in which the allocator met them; names past the end have none.
  var extra: [Int64] = []

  /// Whether there is nothing of any name.
  var isZero: Bool { standard == .zero && extra.allSatisfy { $0 == 0 } }

  static func += (left: inout Amounts, right: Amounts) {
    left.standard &+= right.standard
    if !right.extra.isEmpty { left.combineExtra(right.extra, &+) }
  }

  /// Takes away; what would fall below zero stays at zero.
  static func -= (left: inout Amounts, right: Amounts) {
    left.standard = pointwiseMax(left.standard &- right.standard, .zero)
    if !right.extra.isEmpty { left.combineExtra(right.extra) { max(0, $0 &- $1) } }
  }

  private mutating func combineExtra(_ other: [Int64], _ combine: (Int64, Int64) -> Int64) {
    while extra.count < other.count { extra.append(0) }
    for index in other.indices { extra[index] = combine(extra[index], other[index]) }
  }
}

/// Numbers for the names of scalars other than the standard ones, in order of first appearance.
struct ExtraNames {
  /// The names that have a place of their own in `Amounts.standard`.
  static let standard = ["cpus", "mem", "disk", "gpus"]

  private var names: [String] = []

  /// The number of a name, given to it at its first appearance.
  mutating func number(of name: String) -> Int {
    if let index = names.firstIndex(of: name) { return index }
    names.append(name)
    return names.count - 1
  }

  /// The scalar amounts of a list over all roles, reservations and disks.
  mutating func amounts(of resources: Resources) -> Amounts {
    var amounts = Amounts(standard: resources.standardTotals)
    var others: [(String, Int64)] = []
    resources.forEachOtherScalar { others.append(($0, $1)) }
    for (name, thousandths) in others {
      let index = number(of: name)
      while amounts.extra.count <= index { amounts.extra.append(0) }
      amounts.extra[index] &+= thousandths
    }
    return amounts
  }
}
