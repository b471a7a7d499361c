// Part of mesosim. Apache-2.0, see LICENSE.
//
// What shares are parts of: the scalars of the whole cluster, reservations and revocable resources
// included (mesos/src/master/allocator/mesos/sorter/drf/sorter.cpp, calculateShare).

/// The cluster's scalars, as divisors of shares.
struct Totals {
  private(set) var amounts = Amounts()
  private var standardDivisors = SIMD4<Double>(repeating: .infinity)
  private var extraDivisors: [Double] = []
  /// Grows whenever shares must be computed anew.
  private(set) var version: UInt32 = 0

  /// Replaces what one slave adds to the cluster.
  mutating func replace(_ old: Amounts, by new: Amounts, excluding excluded: ExcludedNames) {
    if old == new { return }
    amounts -= old
    amounts += new
    update(excluded)
  }

  // Names that are excluded or of which there is nothing divide by infinity: a share of zero.
  private mutating func update(_ excluded: ExcludedNames) {
    version &+= 1
    for index in 0..<4 {
      let counts = amounts.standard[index] > 0 && !excluded.standard[index]
      standardDivisors[index] = counts ? value(ofThousandths: amounts.standard[index]) : .infinity
    }
    extraDivisors = amounts.extra.indices.map { index in
      let counts = amounts.extra[index] > 0 && !excluded.extra.contains(index)
      return counts ? value(ofThousandths: amounts.extra[index]) : .infinity
    }
  }

  /// The dominant share of an account, divided by its weight.
  func share(of account: Account) -> Double {
    let held = account.amounts.standard
    var share = 0.0
    for index in 0..<4 {
      share = max(share, value(ofThousandths: held[index]) / standardDivisors[index])
    }
    for (index, thousandths) in account.amounts.extra.enumerated() {
      guard index < extraDivisors.count else { break }
      share = max(share, value(ofThousandths: thousandths) / extraDivisors[index])
    }
    return share / account.weight
  }
}

/// Names that play no part in shares.
struct ExcludedNames {
  private(set) var standard = SIMD4<UInt8>(repeating: 0) .== 1
  private(set) var extra: [Int] = []

  init(_ names: [String], numbering extraNames: inout ExtraNames) {
    for name in names {
      if let index = ExtraNames.standard.firstIndex(of: name) {
        standard[index] = true
      } else {
        extra.append(extraNames.number(of: name))
      }
    }
  }
}

/// A fixed-point amount as the double that Mesos divides (mesos/src/common/values.cpp).
@inline(__always) private func value(ofThousandths thousandths: Int64) -> Double {
  Double(thousandths / 1000) + Double(thousandths % 1000) / 1000
}
