// Part of mesosim. Apache-2.0, see LICENSE.
//
// How long a client takes to answer, in virtual time: what its thinking adds to the results.

import VirtualTime

/// How long a client took from updates to their acknowledgements.
package struct AnswerDelay: Sendable {
  /// How many there were.
  package private(set) var count = 0
  private var total = Duration.zero
  /// The longest.
  package private(set) var longest = Duration.zero

  /// The mean of all; 0 without any.
  package var mean: Duration { count == 0 ? .zero : total / count }

  /// Whether any was longer than a second.
  package var isSlow: Bool { longest > .seconds(1) }

  mutating func add(_ delay: Duration) {
    count += 1
    total += delay
    longest = max(longest, delay)
  }
}
