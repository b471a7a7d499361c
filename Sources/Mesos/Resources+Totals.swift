// Part of mesosim. Apache-2.0, see LICENSE.
//
// Sums over all roles, reservations and disks.

extension Resources {
  /// All cpus, whomever they are reserved for.
  public var cpus: Double { total(.cpus) }
  /// All memory in MB, whomever it is reserved for.
  public var mem: Double { total(.mem) }
  /// All disk in MB, whomever it is reserved for.
  public var disk: Double { total(.disk) }
  /// All gpus, whomever they are reserved for.
  public var gpus: Double { total(.gpus) }

  /// All ports, whomever they are reserved for.
  public var ports: ValueRanges { others.reduce(main.ports) { $0 + $1.ports } }

  private func total(_ standard: StandardScalar) -> Double {
    Scalar(thousandths: standardTotals[standard.rawValue]).value
  }

  /// The sum of all scalars of a name, times 1000.
  public func thousandths(of name: String) -> Int64 {
    if let standard = StandardScalar(name: name == "cpu" ? "cpus" : name) {
      return standardTotals[standard.rawValue]
    }
    var sum: Int64 = 0
    forEachOtherScalar { if $0 == name { sum = sum.addingSaturated($1) } }
    return sum
  }

  /// Thousandths of cpus, mem, disk and gpus over all roles, reservations and disks.
  @inlinable package var standardTotals: SIMD4<Int64> {
    hasOnlyAmounts ? amounts : totalsOnAllTerms
  }

  @usableFromInline var totalsOnAllTerms: SIMD4<Int64> {
    guard let parts = rest?.parts, !parts.isOneHolding else { return amounts }
    var sum = parts.others.reduce(amounts) { $0.addingSaturated($1.amounts) }
    for resource in parts.unstructured {
      guard case .scalar(let amount) = resource.value else { continue }
      guard let standard = StandardScalar(name: resource.name) else { continue }
      sum[standard.rawValue] = sum[standard.rawValue].addingSaturated(amount.thousandths)
    }
    return sum
  }

  /// Visits every entry that is a scalar of a name other than cpus, mem, disk and gpus.
  ///
  /// A name that is held on several terms is visited for each of them.
  package func forEachOtherScalar(_ body: (String, Int64) -> Void) {
    for resource in unstructured where StandardScalar(name: resource.name) == nil {
      if case .scalar(let amount) = resource.value { body(resource.name, amount.thousandths) }
    }
  }

  /// The sums of all scalars by name.
  public var scalarQuantities: Quantities {
    var sums = Quantities()
    let totals = standardTotals
    for standard in StandardScalar.allCases {
      sums.add(totals[standard.rawValue], of: standard.name)
    }
    forEachOtherScalar { sums.add($1, of: $0) }
    return sums
  }

  /// The sums of all resources by name; ranges and sets count as the number of their elements.
  public var quantities: Quantities {
    var sums = Quantities()
    for entry in entries { sums.add(entry.quantity, of: entry.name) }
    return sums
  }
}
