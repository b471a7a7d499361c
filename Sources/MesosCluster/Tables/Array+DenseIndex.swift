// Part of mesosim. Apache-2.0, see LICENSE.
//
// Arrays with one element for each slave or framework, where not all may be known yet.

import Mesos

extension Array {
  /// Whether there is an element for what an index stands for.
  @inline(__always)
  func has(_ index: some DenseIndex) -> Bool { indices.contains(Int(index)) }
}
