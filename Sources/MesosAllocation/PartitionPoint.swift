// Part of mesosim. Apache-2.0, see LICENSE.
//
// Where something stands, or would, in a list that is in order.

extension RandomAccessCollection where Index == Int {
  /// The index of the first element that is not before what is looked for; the end when all are.
  ///
  /// - Complexity: O(log n).
  @inline(__always)
  func partitionPoint(_ isBefore: (Element) -> Bool) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = low + (high - low) / 2
      if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
