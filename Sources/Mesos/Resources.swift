// Part of mesosim. Apache-2.0, see LICENSE.
//
// A list of resources, laid out for speed: the amounts that nearly every list consists of lie in
// the value, all else behind one reference, so that amounts are added, subtracted and compared
// without using the heap and a list is copied with one reference to count.

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
  // Two halves: a vector of four would have every record aligned to 32 bytes, with gaps. Four
  // numbers would be one too many for the value to be copied in place. (In messages, which are
  // allocated one by one, even 16 bytes are too much: see `Packed`.)
  @usableFromInline var lowerAmounts: SIMD2<Int64> = .zero
  @usableFromInline var upperAmounts: SIMD2<Int64> = .zero
  /// What else there is; `nil` for a list of nothing but unreserved amounts.
  @usableFromInline private(set) var rest: Rest?

  /// The empty list.
  public init() {}

  /// Unreserved resources; negative or infinite amounts count as none.
  public init(cpus: Double = 0, mem: Double = 0, disk: Double = 0, gpus: Double = 0) {
    func amount(_ value: Double) -> Int64 { Scalar(value)?.thousandths ?? 0 }
    lowerAmounts = SIMD2(amount(cpus), amount(mem))
    upperAmounts = SIMD2(amount(disk), amount(gpus))
  }

  /// Puts a list together again.
  @inlinable init(lower: SIMD2<Int64>, upper: SIMD2<Int64>, rest: Rest?) {
    lowerAmounts = lower
    upperAmounts = upper
    self.rest = rest
  }

  /// Thousandths of the standard scalars on the first terms, in the order of `StandardScalar`.
  @inlinable var amounts: SIMD4<Int64> {
    @inline(__always) get { SIMD4(lowHalf: lowerAmounts, highHalf: upperAmounts) }
    @inline(__always) set {
      lowerAmounts = newValue.lowHalf
      upperAmounts = newValue.highHalf
    }
  }

  /// Whether there is nothing on the first terms but, perhaps, ports.
  @inlinable var hasNoAmounts: Bool {
    @inline(__always) get {
      let union = lowerAmounts | upperAmounts
      return union[0] | union[1] == 0
    }
  }

  /// Whether the list has no entries.
  @inlinable public var isEmpty: Bool { hasNoAmounts && (hasOnlyAmounts || hasNothingElse) }

  @usableFromInline var hasNothingElse: Bool {
    rest.map { $0.parts.ports.isEmpty && $0.parts.unstructured.isEmpty } ?? true
  }
}

// MARK: - Parts

extension Resources {
  /// What few lists have beside unreserved amounts.
  struct Parts {
    /// The ports on the first terms.
    var ports = ValueRanges()
    /// The least terms of the list; `nil` when it has no holding.
    var terms: ResourceTerms?
    /// The holdings on other terms, none of them empty, sorted by terms.
    var others: [Holding] = []
    /// What no holding can express (other names, sets, disks with a source, shared), sorted.
    var unstructured: [Resource] = []

    /// Whether only what is on the first terms is there.
    var isOneHolding: Bool { others.isEmpty && unstructured.isEmpty }
    var isEmpty: Bool { ports.isEmpty && terms == nil && isOneHolding }
  }

  /// The parts of one list or of several equal ones.
  ///
  /// Unchecked, for it is changed only while no other list has it.
  @usableFromInline final class Rest: @unchecked Sendable {
    @exclusivity(unchecked) fileprivate(set) var parts: Parts
    fileprivate init(_ parts: Parts) { self.parts = parts }
  }

  /// The holding with the least terms; without terms when the list has no holding.
  var main: Holding {
    get {
      guard let parts = rest?.parts else { return Holding(amounts: amounts) }
      return Holding(amounts: amounts, ports: parts.ports, terms: parts.terms)
    }
    set {
      amounts = newValue.amounts
      let hasSame =
        rest.map { $0.parts.terms === newValue.terms && $0.parts.ports == newValue.ports }
        ?? (newValue.terms == nil && newValue.ports.isEmpty)
      if hasSame { return }
      parts.ports = newValue.ports
      parts.terms = newValue.terms
    }
  }

  /// The holdings on other terms, none of them empty, sorted by terms.
  var others: [Holding] {
    get { rest?.parts.others ?? [] }
    _modify { yield &parts.others }
  }

  /// What no holding can express (other names, sets, disks with a source, shared), sorted.
  var unstructured: [Resource] {
    get { rest?.parts.unstructured ?? [] }
    _modify { yield &parts.unstructured }
  }

  /// The parts, to be changed in place; a list that has none of them takes no memory.
  private var parts: Parts {
    get { rest?.parts ?? Parts() }
    _modify {
      let own: Rest
      // Asked before another reference is made.
      let isOwn = isKnownUniquelyReferenced(&rest)
      if isOwn, let rest {
        own = rest
      } else {
        own = Rest(parts)
        rest = own
      }
      yield &own.parts
      if own.parts.isEmpty { rest = nil }
    }
  }

  /// Drops the ports on the first terms.
  mutating func dropPorts() { parts.ports = ValueRanges() }

  /// The same list with these ports in place of those on the first terms.
  package func withPorts(_ ports: ValueRanges) -> Resources {
    var copy = self
    copy.parts.ports = ports
    return copy
  }
}

extension Resources: Hashable {
  /// Whether each list contains the other.
  public static func == (left: Resources, right: Resources) -> Bool {
    guard left.amounts == right.amounts else { return false }
    if left.rest === right.rest { return true }
    return left.main == right.main && left.others == right.others
      && (left.unstructured == right.unstructured
        || left.distinctUnstructured == right.distinctUnstructured)
  }

  /// Hashes the entries.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(amounts)
    // Nothing but amounts is hashed of a list that has nothing else, as of all that are equal.
    guard let parts = rest?.parts else { return }
    hasher.combine(parts.ports)
    hasher.combine(parts.terms)
    hasher.combine(parts.others)
    hasher.combine(distinctUnstructured)
  }

  /// The unstructured resources without repetitions of disks that are given out whole: a list with
  /// one such disk contains a list with two, as only persistent volumes are used up by a match.
  private var distinctUnstructured: [Resource] {
    var distinct: [Resource] = []
    for resource in unstructured {
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
    amounts = amounts.addingSaturated(other.amounts)
    if !other.ports.isEmpty { ports = ports + other.ports }
  }

  mutating func subtract(_ other: Holding) {
    amounts = amounts.subtractingToZero(other.amounts)
    if !other.ports.isEmpty { ports = ports - other.ports }
  }

  func contains(_ other: Holding) -> Bool {
    other.amounts.isWithin(amounts) && (other.ports.isEmpty || ports.contains(other.ports))
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
