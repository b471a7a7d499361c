// Part of mesosim. Apache-2.0, see LICENSE.
//
// Cutting a list down to what a quota leaves. Where several entries share a name, chance decides
// which is cut, so that no role's reservations are always the first to go.

extension Resources {
  /// The list cut down to quantities; names without a quantity are dropped.
  /// - Parameters:
  ///   - target: How much may remain of each name.
  ///   - random: Decides which of several entries of a name keeps its amount; without it the first
  ///     in canonical order does.
  /// - Returns: What remains; disks that are given out whole remain whole or not at all.
  public func shrunk(
    to target: Quantities, random: (any RandomSource)? = nil
  ) -> Resources {
    if target.isEmpty { return Resources() }
    return shrunk(random) { target[$0] }
  }

  /// The list cut down to limits; names without a limit are kept.
  /// - Parameters:
  ///   - limits: How much may remain of each name that is limited.
  ///   - random: Decides which of several entries of a name keeps its amount; without it the first
  ///     in canonical order does.
  /// - Returns: What remains; disks that are given out whole remain whole or not at all.
  public func shrunk(
    to limits: Limits, random: (any RandomSource)? = nil
  ) -> Resources {
    if limits.isEmpty { return self }
    return shrunk(random) { limits[$0] ?? .max }
  }

  private func shrunk(
    _ random: (any RandomSource)?, _ bound: (String) -> Int64
  ) -> Resources {
    var entries = self.entries
    if let random { entries.shuffle(with: random) }
    var used = Quantities()
    var result = Resources()
    for entry in entries {
      let room = bound(entry.name) == .max ? .max : bound(entry.name) - used[entry.name]
      guard let part = entry.shrunk(to: room), !part.isEmpty else { continue }
      used.add(part.quantity, of: part.name)
      result.add(part)
    }
    return result
  }
}

extension Resource {
  /// The amount times 1000; ranges and sets count as the number of their elements.
  var quantity: Int64 {
    let count: Int
    switch value {
    case .scalar(let amount): return amount.thousandths
    case .ranges(let ranges): count = ranges.count
    case .set(let set): count = set.items.count
    }
    let (product, overflow) = Int64(count).multipliedReportingOverflow(by: 1000)
    return overflow ? .max : product
  }

  /// The part that fits; `nil` when none does because the resource cannot be divided.
  fileprivate func shrunk(to thousandths: Int64) -> Resource? {
    if quantity <= thousandths { return self }
    guard case .scalar = value, !isShared, !isIndivisible else { return nil }
    var part = self
    part.value = .scalar(Scalar(thousandths: thousandths))
    return part
  }
}

extension Array {
  /// Puts the elements in random order (Fisher and Yates).
  fileprivate mutating func shuffle(with random: any RandomSource) {
    for last in indices.dropFirst().reversed() {
      swapAt(last, random.integer(below: last + 1))
    }
  }
}
