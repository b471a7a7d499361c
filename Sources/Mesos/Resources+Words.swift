// Part of mesosim. Apache-2.0, see LICENSE.
//
// Resources as numbers, for hashing a run into its digest: equal lists give equal numbers.

extension Resources {
  /// Thousandths of cpus, mem, disk and gpus on the first terms; for most lists that is all.
  package var plainAmounts: SIMD4<Int64> { main.amounts }

  /// Whether `plainAmounts` says everything.
  package var isPlain: Bool {
    main.terms == nil && main.ports.isEmpty && others.isEmpty && odd.isEmpty
  }

  /// Visits the numbers that tell lists with equal `plainAmounts` apart.
  package func forEachFurtherWord(_ body: (UInt64) -> Void) {
    for range in main.ports.ranges {
      body(range.begin)
      body(range.end)
    }
    guard main.terms != nil || !others.isEmpty || !odd.isEmpty else { return }
    for byte in description.utf8 { body(UInt64(byte)) }
  }
}
