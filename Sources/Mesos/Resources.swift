// Part of mesosim. Apache-2.0, see LICENSE.
//
// A list of resources, laid out for speed: what nearly every list consists of lies in one holding
// inside the value, so that amounts are added, subtracted and compared without using the heap.

/// A list of resources, such as `cpus:4; mem(web):1024; ports:[31000-32000]`.
///
///     let slave = try Resources(parsing: "cpus:8;mem:15360;ports:[31000-32000]")
///     let task = Resources(cpus: 0.5, mem: 256)
///     if slave.contains(task) { let left = slave - task }
///
/// Amounts of one name add up when they are held on the same terms (reservations, disk, revocable,
/// shared). The order of entries plays no part in comparisons. Amounts are in thousandths; memory
/// and disk in MB. What would fall below zero vanishes.
public struct Resources: Sendable {
  /// The holding with the least terms; without terms when the list has no holding.
  var main = Holding()
  /// The holdings on other terms, none of them empty, sorted by terms.
  var others: [Holding] = []
  /// What no holding can express (other names, sets, disks with a source, shared), sorted.
  var odd: [Resource] = []

  /// The empty list.
  public init() {}

  /// Unreserved resources; negative or infinite amounts count as none.
  public init(cpus: Double = 0, mem: Double = 0, disk: Double = 0, gpus: Double = 0) {
    func amount(_ value: Double) -> Int64 { Scalar(value)?.thousandths ?? 0 }
    main.amounts = SIMD4(amount(cpus), amount(mem), amount(disk), amount(gpus))
  }

  /// Whether the list has no entries.
  public var isEmpty: Bool { main.isEmpty && odd.isEmpty }
}

extension Resources: Hashable {
  /// Whether each list contains the other.
  public static func == (left: Resources, right: Resources) -> Bool {
    left.main == right.main && left.others == right.others
      && (left.odd == right.odd || left.distinctOdd == right.distinctOdd)
  }

  /// Hashes the entries.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(main)
    hasher.combine(others)
    hasher.combine(distinctOdd)
  }

  /// The odd resources without repetitions of disks that are given out whole: a list with one such
  /// disk contains a list with two, as only persistent volumes are used up by a match.
  private var distinctOdd: [Resource] {
    var distinct: [Resource] = []
    for resource in odd {
      let isRepeated =
        resource.isIndivisible && resource.disk?.persistenceID == nil && resource == distinct.last
      if !isRepeated { distinct.append(resource) }
    }
    return distinct
  }
}

/// The amounts of the standard resources that are held on the same terms.
struct Holding: Hashable, Sendable {
  /// Thousandths of cpus, mem, disk and gpus, in the order of `StandardScalar`.
  var amounts: SIMD4<Int64> = .zero
  var ports = ValueRanges()
  /// Never with a disk, never shared.
  var terms: ResourceTerms?

  var isEmpty: Bool { amounts == .zero && ports.isEmpty }

  /// Whether both are held on the same terms.
  func isAlike(_ other: Holding) -> Bool {
    terms === other.terms || ResourceTerms.areEqual(terms, other.terms)
  }

  mutating func add(_ other: Holding) {
    amounts = saturatedSum(amounts, other.amounts)
    if !other.ports.isEmpty { ports = ports + other.ports }
  }

  mutating func subtract(_ other: Holding) {
    amounts = pointwiseMax(amounts &- other.amounts, .zero)
    if !other.ports.isEmpty { ports = ports - other.ports }
  }

  func contains(_ other: Holding) -> Bool {
    all(amounts .>= other.amounts) && (other.ports.isEmpty || ports.contains(other.ports))
  }
}

/// The scalars every slave is expected to have, and their places in a holding.
enum StandardScalar: Int, CaseIterable {
  case cpus, mem, disk, gpus

  init?(name: String) {
    switch name {
    case "cpus": self = .cpus
    case "mem": self = .mem
    case "disk": self = .disk
    case "gpus": self = .gpus
    default: return nil
    }
  }

  var name: String {
    switch self {
    case .cpus: "cpus"
    case .mem: "mem"
    case .disk: "disk"
    case .gpus: "gpus"
    }
  }
}

/// Adds amounts, none of them negative; ends at the largest integer instead of overflowing.
func saturatedSum(_ left: SIMD4<Int64>, _ right: SIMD4<Int64>) -> SIMD4<Int64> {
  let sum = left &+ right
  return sum.replacing(with: .max, where: sum .< 0)
}
