// Part of mesosim. Apache-2.0, see LICENSE.
//
// Scalar amounts as the allocator adds and compares them (mesos/src/common/
// resource_quantities.cpp): the four standard names in one vector, others by a number that the
// allocator gave to their name.

import Mesos

/// Amounts of scalar resources by name, in thousandths, never below zero.
struct Amounts: Equatable {
  /// cpus, mem, disk, gpus.
  var standard: SIMD4<Int64> = .zero
  /// Other names, in the order in which the allocator met them; names past the end have none.
  ///
  /// Hardly any cluster has such names, and `nil` is cheaper to copy than an empty array.
  private(set) var extra: [Int64]?

  /// Amounts of standard names alone.
  init(standard: SIMD4<Int64> = .zero) { self.standard = standard }

  /// Whether there is nothing of any name.
  var isZero: Bool { standard == .zero && extra?.contains { $0 != 0 } != true }

  /// How many other names have a place.
  var extraCount: Int { extra?.count ?? 0 }

  /// The amount of a name other than the standard ones.
  func extra(_ number: Int) -> Int64 { number < extraCount ? extra?[number] ?? 0 : 0 }

  /// Whether there is more of any name than in `other`.
  func exceeds(_ other: Amounts) -> Bool {
    if !standard.isWithin(other.standard) { return true }
    return (0..<extraCount).contains { extra($0) > other.extra($0) }
  }

  /// The smaller of both amounts of each name.
  func least(_ other: Amounts) -> Amounts {
    var least = Amounts(standard: pointwiseMin(standard, other.standard))
    least.combineExtra(self, other, min)
    return least
  }

  /// Adds to a name other than the standard ones.
  mutating func add(_ thousandths: Int64, of number: Int) {
    // In place: a copy for each name would be one of all names.
    if extraCount <= number {
      let missing = number + 1 - extraCount
      if extra == nil { extra = [] }
      extra?.append(contentsOf: repeatElement(0, count: missing))
    }
    extra?[number] &+= thousandths
  }

  @inline(__always)
  static func += (left: inout Amounts, right: Amounts) {
    left.standard &+= right.standard
    if right.extra != nil { left.combineExtra(left, right, &+) }
  }

  /// Takes away; what would fall below zero stays at zero.
  @inline(__always)
  static func -= (left: inout Amounts, right: Amounts) {
    left.standard = left.standard.subtractingToZero(right.standard)
    if right.extra != nil { left.combineExtra(left, right) { max(0, $0 &- $1) } }
  }

  static func + (left: Amounts, right: Amounts) -> Amounts {
    var sum = left
    sum += right
    return sum
  }

  /// What is left; what would fall below zero stays at zero.
  static func - (left: Amounts, right: Amounts) -> Amounts {
    var difference = left
    difference -= right
    return difference
  }

  @inline(never)
  private mutating func combineExtra(
    _ left: Amounts, _ right: Amounts, _ combine: (Int64, Int64) -> Int64
  ) {
    let count = max(left.extraCount, right.extraCount)
    if count > 0 { extra = (0..<count).map { combine(left.extra($0), right.extra($0)) } }
  }
}

/// Numbers for the names of scalars other than the standard ones, in order of first appearance.
struct ExtraNames {
  /// The names that have a place of their own in `Amounts.standard`.
  static let standard = ["cpus", "mem", "disk", "gpus"]

  private var numbers: [String: Int] = [:]

  /// The number of a name, if it has one.
  func existing(_ name: String) -> Int? { numbers[name] }

  /// The number of a name, given to it at its first appearance.
  mutating func number(of name: String) -> Int {
    if let number = existing(name) { return number }
    numbers[name] = numbers.count
    return numbers.count - 1
  }

  /// The scalar amounts of a list over all roles, reservations and disks.
  mutating func amounts(of resources: Resources) -> Amounts {
    var amounts = Amounts(standard: resources.standardTotals)
    if resources.hasOnlyStandardScalars { return amounts }
    var others: [(String, Int64)] = []
    resources.forEachOtherScalar { others.append(($0, $1)) }
    for (name, thousandths) in others { amounts.add(thousandths, of: number(of: name)) }
    return amounts
  }

  /// The names, standard ones first, of which something holds; others by their bytes.
  func names(where holds: (Int) -> Bool, extra holdsExtra: (Int) -> Bool) -> [String] {
    ExtraNames.standard.indices.filter(holds).map { ExtraNames.standard[$0] }
      + numbers.filter { holdsExtra($0.value) }.keys.sorted()
  }

  /// Amounts by their names.
  func quantities(of amounts: Amounts) -> Quantities {
    var quantities = Quantities()
    for (index, name) in ExtraNames.standard.enumerated() {
      quantities.add(Scalar(thousandths: amounts.standard[index]), of: name)
    }
    for (name, number) in numbers.sorted(by: { $0.value < $1.value }) {
      quantities.add(Scalar(thousandths: amounts.extra(number)), of: name)
    }
    return quantities
  }

  /// The amounts of names, of standard ones or others.
  mutating func amounts(of quantities: Quantities) -> Amounts {
    var amounts = Amounts()
    for entry in quantities.entries {
      if let index = ExtraNames.standard.firstIndex(of: entry.name) {
        amounts.standard[index] = entry.thousandths
      } else {
        amounts.add(entry.thousandths, of: number(of: entry.name))
      }
    }
    return amounts
  }
}
