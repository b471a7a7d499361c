// Part of mesosim. Apache-2.0, see LICENSE.
//
// Resources as numbers, for hashing a run into its digest.

extension Resources {
  /// Visits numbers that tell any two different lists apart: equal lists, equal numbers.
  package func forEachWord(_ body: (UInt64) -> Void) {
    for index in 0..<4 { body(UInt64(bitPattern: main.amounts[index])) }
    for range in main.ports.ranges {
      body(range.begin)
      body(range.end)
    }
    guard main.terms != nil || !others.isEmpty || !odd.isEmpty else { return }
    for byte in description.utf8 { body(UInt64(byte)) }
  }
}
