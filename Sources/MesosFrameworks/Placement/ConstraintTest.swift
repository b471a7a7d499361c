// Part of mesosim. Apache-2.0, see LICENSE.
//
// What each operator accepts (Marathon, `mesosphere.mesos.Constraints`), given the value of the
// offered slave and how many tasks there are where the field has which value.

/// How many tasks are where a field has which value; those where it has none are a group, too.
struct ConstraintTally {
  private(set) var counts: [String?: Int] = [:]
  private(set) var total = 0

  /// How many tasks the smallest group has.
  var least: Int { counts.values.min() ?? 0 }

  mutating func add(_ value: String?) {
    counts[value, default: 0] += 1
    total += 1
  }

  mutating func remove(_ value: String?) {
    guard let count = counts[value] else { return }
    counts[value] = count > 1 ? count - 1 : nil
    total -= 1
  }
}

/// One constraint, ready to be asked.
struct ConstraintTest {
  let constraint: PlacementConstraint
  private let semantics: PlacementRules.Semantics
  private let pattern: PlacementPattern?
  /// The value as a number where the operator wants one, of 32 bits as in Marathon.
  private let number: Int?
  /// What IS compares with: a number is written as attributes are.
  private let literal: String

  init(_ constraint: PlacementConstraint, _ semantics: PlacementRules.Semantics) {
    self.constraint = constraint
    self.semantics = semantics
    let value = constraint.value
    let isPattern = [.like, .unlike].contains(constraint.operator)
    pattern = isPattern ? PlacementPattern(value) : nil
    number = Int32(value).map { Int($0) }
    literal = value.isPlainNumber ? Double(value)?.constraintText ?? value : value
  }

  /// Whether a slave will do where the field has this value.
  ///
  /// - Parameters:
  ///   - value: The value of the field there; `nil` when there is none.
  ///   - tally: Where the other tasks are.
  ///   - wanted: How many tasks there are to be.
  ///   - oldest: The value where the oldest task is.
  /// - Returns: Whether one more task may go there.
  func isMet(
    by value: String?, _ tally: ConstraintTally, wanted: Int, oldest: () -> String?
  ) -> Bool {
    guard let value else { return constraint.operator == .unlike }
    switch constraint.operator {
    case .unique: return tally.counts[value] == nil
    case .cluster: return isMetCluster(by: value, tally, oldest)
    case .groupBy:
      return semantics == .classic
        ? isMetGrouping(by: value, tally) : isMetDealing(by: value, tally, wanted)
    case .like: return pattern?.matches(value) == true
    case .unlike: return pattern?.matches(value) == false
    case .maxPer:
      guard let number else { return false }
      return tally.counts[value].map { $0 < number } ?? true
    case .is: return value == literal
    }
  }

  private func isMetCluster(
    by value: String, _ tally: ConstraintTally, _ oldest: () -> String?
  ) -> Bool {
    let isRight = constraint.value.isEmpty || constraint.value == value
    if tally.total == 0 || tally.counts[value] == tally.total { return isRight }
    guard semantics == .master else { return false }
    return constraint.value.isEmpty ? oldest() == value : isRight
  }

  /// The smallest groups grow once there are enough; a new group may always begin.
  private func isMetGrouping(by value: String, _ tally: ConstraintTally) -> Bool {
    guard let count = tally.counts[value] else { return true }
    return tally.counts.count >= groups && count == tally.least
  }

  /// Each of so many groups gets its part of the wanted tasks, some one of the rest beside.
  private func isMetDealing(by value: String, _ tally: ConstraintTally, _ wanted: Int) -> Bool {
    // Marathon divides by zero here, and takes that for no.
    guard groups > 0 else { return false }
    guard let count = tally.counts[value] else { return tally.counts.count < groups }
    let part = wanted / groups
    let extra = tally.counts.values.reduce(0) { $0 + max(0, $1 - part) }
    return count < part || (count == part && extra < wanted % groups)
  }

  /// How many groups GROUP_BY asks for; what is no number asks for none.
  private var groups: Int {
    constraint.value == "inf" ? Int(Int32.max) : max(0, number ?? 0)
  }
}

extension String {
  /// Whether this is digits, or digits, a point and digits.
  fileprivate var isPlainNumber: Bool {
    let parts = utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return (1...2).contains(parts.count)
      && parts.allSatisfy { part in
        !part.isEmpty && part.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      }
  }
}
