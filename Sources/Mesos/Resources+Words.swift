// Part of mesosim. Apache-2.0, see LICENSE.
//
// Resources as numbers, for hashing a run into its digest: equal lists give equal numbers.

extension Resources {
  /// Thousandths of cpus, mem, disk and gpus on the first terms.
  @inlinable package var mainAmounts: SIMD4<Int64> { amounts }

  /// Visits the numbers that tell lists with equal `mainAmounts` apart.
  package func forEachFurtherWord(_ body: (UInt64) -> Void) {
    guard let parts = rest?.parts else { return }
    for range in parts.ports.ranges {
      body(range.begin)
      body(range.end)
    }
    guard parts.terms != nil || !parts.isOneHolding else { return }
    for byte in description.utf8 { body(UInt64(byte)) }
  }
}
