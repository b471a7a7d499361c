// Part of mesosim. Apache-2.0, see LICENSE.
//
// Whether tasks that belong together may be launched on a slave, given where the others are: what
// Marathon decides of an app's instances, and what any framework may.

public import Mesos

/// The constraints of tasks that belong together, all of which must hold.
public struct PlacementRules: Hashable, Sendable {
  /// Whose meaning the operators have where Marathon changed it.
  public enum Semantics: String, Hashable, Sendable, CaseIterable {
    /// Marathon 0.8 to 1.5: GROUP_BY takes the smallest group, once there are enough groups, and
    /// CLUSTER looks at all tasks.
    case classic = "0.8"
    /// Marathon's last state of 2021: GROUP_BY deals the wanted tasks to exactly so many groups,
    /// CLUSTER looks at the oldest task, or at the value alone.
    case master
  }

  /// The constraints.
  public var constraints: [PlacementConstraint]
  /// What their operators mean.
  public var semantics: Semantics

  /// Describes rules.
  public init(_ constraints: [PlacementConstraint] = [], semantics: Semantics = .classic) {
    self.constraints = constraints
    self.semantics = semantics
  }

  /// Whether any slave is right.
  public var isEmpty: Bool { constraints.isEmpty }

  /// The first constraint that can never be met under these semantics, and why; `nil` when there
  /// is none.
  public var fault: (index: Int, message: String)? {
    guard semantics == .master else { return nil }
    let index = constraints.firstIndex { $0.operator == .groupBy && (Int($0.value) ?? 0) <= 0 }
    return index.map { index in
      let field = constraints[index].field
      return (
        index,
        "GROUP_BY accepts nothing under 'master' without a number of groups, such as "
          + "\(field):GROUP_BY:3"
      )
    }
  }

  /// Whether it matters where other tasks are.
  public var dependOnOthers: Bool {
    constraints.contains { constraint in
      switch constraint.operator {
      case .like, .unlike, .is: false
      case .unique, .cluster, .groupBy, .maxPer: true
      }
    }
  }
}

/// Where the tasks are that belong together, and where more of them may go.
///
///     var placement = Placement(PlacementRules([try PlacementConstraint(parsing: "rack:UNIQUE")]))
///     if placement.accepts(Location(of: offer)) { placement.add(task, at: Location(of: offer)) }
///
/// A copy goes on by itself; patterns are compiled once for all copies.
public struct Placement {
  /// The rules.
  public let rules: PlacementRules
  /// How many tasks are wanted, which GROUP_BY under `master` deals out.
  public var wanted: Int

  private let tests: [ConstraintTest]
  private var tallies: [ConstraintTally]
  /// The values of the constraints' fields where each task is, and how many were added before it.
  private var placed: [TaskID: (order: Int, values: [String?])] = [:]
  private var added = 0

  /// Begins without tasks.
  public init(_ rules: PlacementRules, wanted: Int = 1) {
    self.rules = rules
    self.wanted = wanted
    tests = rules.constraints.map { ConstraintTest($0, rules.semantics) }
    tallies = tests.map { _ in ConstraintTally() }
  }

  /// A placement under the same rules, without tasks.
  public func emptied(wanted: Int) -> Placement {
    var copy = self
    copy.wanted = wanted
    copy.placed = [:]
    copy.added = 0
    copy.tallies = tests.map { _ in ConstraintTally() }
    return copy
  }

  /// How many tasks there are.
  public var count: Int { placed.count }

  /// Whether one more task may go there.
  ///
  /// - Complexity: O(constraints), and O(groups) for GROUP_BY.
  public func accepts(_ location: Location) -> Bool { firstUnmet(at: location) == nil }

  /// The first constraint that keeps one more task from going there; `nil` when it may.
  public func firstUnmet(at location: Location) -> PlacementConstraint? {
    for index in tests.indices {
      let test = tests[index]
      let isMet = test.isMet(
        by: location[test.constraint.field], tallies[index],
        wanted: placed.isEmpty ? 1 : wanted, oldest: { oldest(index) })
      if !isMet { return test.constraint }
    }
    return nil
  }

  /// Takes note of a task, whether or not it may be there; one that is known stays where it is.
  public mutating func add(_ task: TaskID, at location: Location) {
    add(task, values: values(at: location))
  }

  /// Takes note that a task is gone; does nothing for one that is not known.
  public mutating func remove(_ task: TaskID) {
    guard let values = placed.removeValue(forKey: task)?.values else { return }
    for (index, value) in values.enumerated() { tallies[index].remove(value) }
  }

  /// What the constraints look at of a slave, in their order.
  package func values(at location: Location) -> [String?] {
    tests.map { location[$0.constraint.field] }
  }

  /// Takes note of a task by what the constraints look at of its slave.
  package mutating func add(_ task: TaskID, values: [String?]) {
    guard placed[task] == nil, values.count == tests.count else { return }
    placed[task] = (added, values)
    added += 1
    for (index, value) in values.enumerated() { tallies[index].add(value) }
  }

  /// The value of a constraint's field where the task is that was added first.
  private func oldest(_ index: Int) -> String? {
    placed.values.min { $0.order < $1.order }?.values[index]
  }
}
