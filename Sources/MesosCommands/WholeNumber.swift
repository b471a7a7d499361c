// Part of mesosim. Apache-2.0, see LICENSE.
//
// Whole numbers on the command line: what is allowed is said where it is not kept to.

import ArgumentParser

/// Reads a whole number within a range.
package func wholeNumber<Number: FixedWidthInteger & Sendable>(
  _ range: ClosedRange<Number>
) -> @Sendable (String) throws -> Number {
  { text in
    guard let number = Number(text), range.contains(number) else {
      let bounds =
        range.upperBound == .max && Number.isSigned
        ? "of at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
      throw ValidationError("expected a whole number \(bounds)")
    }
    return number
  }
}

/// How many simulations may run at a time; more would wait for one another.
let jobsAllowed = 1...1024

/// How many seeds may be run: the results of all are kept.
let replicationsAllowed = 1...10_000
