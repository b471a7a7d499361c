// Part of mesosim. Apache-2.0, see LICENSE.
//
// Resources as numbers, for hashing a run into its digest: equal lists give equal numbers.

extension Resources {
  /// Visits the numbers that tell lists apart: thousandths of cpus, mem, disk and gpus on the first
  /// terms, and whatever else there is.
  @inlinable package func forEachWord(_ body: (UInt64) -> Void) {
    body(UInt64(bitPattern: lowerAmounts[0]))
    body(UInt64(bitPattern: lowerAmounts[1]))
    body(UInt64(bitPattern: upperAmounts[0]))
    body(UInt64(bitPattern: upperAmounts[1]))
    if hasMore { forEachFurtherWord(body) }
  }

  @usableFromInline var hasMore: Bool { rest != nil }

  @usableFromInline func forEachFurtherWord(_ body: (UInt64) -> Void) {
    guard let parts = rest?.parts else { return }
    for range in parts.ports.ranges {
      body(range.begin)
      body(range.end)
    }
    guard parts.terms != nil || !parts.isOneHolding else { return }
    for byte in description.utf8 { body(UInt64(byte)) }
  }
}
