// Part of mesosim. Apache-2.0, see LICENSE.
//
// What shares are parts of: the scalars of the whole cluster, reservations and revocable resources
// included (mesos/src/master/allocator/mesos/sorter/drf/sorter.cpp, calculateShare).

/// The cluster's scalars, as divisors of shares.
///
/// Names that are excluded, or of which there is nothing, divide by infinity: a share of zero.
struct Totals {
  private var standard = SIMD4<Double>(repeating: .infinity)
  private var extra: [Double]?
  /// Grows whenever shares must be computed anew.
  private(set) var version: UInt32 = 0

  /// Takes over what the cluster has now.
  mutating func update(_ amounts: Amounts, excluding excluded: ExcludedNames) {
    version &+= 1
    func divisor(_ thousandths: Int64, _ isExcluded: Bool) -> Double {
      thousandths > 0 && !isExcluded ? value(ofThousandths: thousandths) : .infinity
    }
    for index in 0..<4 {
      standard[index] = divisor(amounts.standard[index], excluded.standard[index])
    }
    if amounts.extraCount == 0 { return }
    extra = (0..<amounts.extraCount).map {
      divisor(amounts.extra($0), excluded.extra.contains($0))
    }
  }

  /// The largest part of any name that amounts are.
  func dominantShare(of amounts: Amounts) -> Double {
    let held = amounts.standard
    var share = 0.0
    for index in 0..<4 where held[index] > 0 {
      share = max(share, value(ofThousandths: held[index]) / standard[index])
    }
    if let extra {
      for (index, divisor) in extra.enumerated() {
        share = max(share, value(ofThousandths: amounts.extra(index)) / divisor)
      }
    }
    return share
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
  let (whole, rest) = UInt64(bitPattern: thousandths).quotientAndRemainder(dividingBy: 1000)
  return Double(Int64(bitPattern: whole)) + Double(Int64(bitPattern: rest)) / 1000
}
