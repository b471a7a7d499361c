// Part of mesosim. Apache-2.0, see LICENSE.
//
// How people see amounts: memory and disk in the largest fitting unit, `14.65GB` for 15000 MB.

/// A manner of showing amounts of memory and disk.
public enum DisplayStyle: String, Hashable, Sendable, CaseIterable {
  /// Two decimals from gigabytes up and no space, as the Mesos documentation has it: `14.65GB`.
  case seed
  /// One decimal from gigabytes up and a space, as the Mesos web interface has it: `14.6 GB`.
  case webui
}

extension DisplayStyle {
  /// Shows an amount of a resource: `mem` and `disk`, which are in MB, with a unit, all else bare.
  /// - Parameters:
  ///   - amount: How much; at most three decimals are shown of what has no unit.
  ///   - name: The name of the resource.
  /// - Returns: The text, such as `14.65GB` or `0.5`.
  public func text(of amount: Double, _ name: String) -> String {
    guard name == "mem" || name == "disk" else {
      return Scalar(amount)?.description ?? amount.description
    }
    return text(ofMegabytes: amount)
  }

  private func text(ofMegabytes amount: Double) -> String {
    let units = ["B", "KB", "MB", "GB", "TB", "PB"]
    var index = 0
    // Dividing by powers of two is exact: the unit is chosen, and the number rounded, once.
    var value = max(0, amount) * 1_048_576
    while value >= 1024 && index < units.count - 1 {
      value /= 1024
      index += 1
    }
    let decimals = index < 3 ? 0 : self == .seed ? 2 : 1
    let space = self == .webui ? " " : ""
    return DisplayStyle.fixed(value, decimals: decimals) + space + units[index]
  }

  /// The number with so many decimals, trailing zeros included; of two equally near, the larger.
  private static func fixed(_ value: Double, decimals: Int) -> String {
    var scale: UInt64 = 1
    for _ in 0..<decimals { scale *= 10 }
    guard value.isFinite, value < 1e15 else { return value.description }
    let whole = value.rounded(.down)
    // Exact: the fraction has at most 53 bits, so many of them after the point that a product with
    // 100 still fits; what is smaller than that rounds to zero anyway.
    let fraction = UInt64((value - whole) * 0x1p53)
    let rounded = (UInt128(fraction) * UInt128(scale) + 1 << 52) >> 53
    let total = UInt64(whole) * scale + UInt64(rounded)
    if decimals == 0 { return String(total) }
    let digits = String(total % scale)
    let zeros = String(repeating: "0", count: decimals - digits.utf8.count)
    return "\(total / scale).\(zeros)\(digits)"
  }
}
