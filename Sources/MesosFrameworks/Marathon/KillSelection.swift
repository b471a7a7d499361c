// Part of mesosim. Apache-2.0, see LICENSE.
//
// Which instances go when there are more than are wanted.

public import Mesos

/// Which instances of equal condition go first.
public enum KillOrder: String, Hashable, Sendable, CaseIterable {
  /// Those that were started last.
  case youngestFirst = "YOUNGEST_FIRST"
  /// Those that were started first.
  case oldestFirst = "OLDEST_FIRST"
}

/// An instance as the selection sees it.
public struct KillCandidate: Sendable {
  /// What it is called in the outcome.
  public var id: Int
  /// The state it is in.
  public var condition: InstanceCondition
  /// The instant that counts for its condition: staged, starting or active since, if known.
  public var since: Instant?
  /// Where it is.
  public var location: Location

  /// Describes an instance.
  public init(id: Int, condition: InstanceCondition, since: Instant?, location: Location) {
    self.id = id
    self.condition = condition
    self.since = since
    self.location = location
  }
}

/// Selects instances to be killed: sentenced ones first, then those whose going makes groups more
/// equal, then the least alive and, among these, the youngest or the oldest.
public struct KillSelection: Sendable {
  /// The constraints of the app.
  public var constraints: [PlacementConstraint]
  /// Which of equal condition go first.
  public var order: KillOrder

  /// Describes a selection.
  public init(_ constraints: [PlacementConstraint] = [], order: KillOrder = .youngestFirst) {
    self.constraints = constraints
    self.order = order
  }

  /// The instances that go, in the order in which they do.
  ///
  /// - Parameters:
  ///   - candidates: The instances that are to run and may come back.
  ///   - target: How many are wanted; below zero counts as zero.
  ///   - sentenced: Those that must go in any case.
  /// - Returns: Their ids.
  public func victims(
    among candidates: [KillCandidate], target: Int, sentenced: Set<Int> = []
  ) -> [Int] {
    let named = candidates.filter { sentenced.contains($0.id) }
    var rest = candidates.filter { !sentenced.contains($0.id) }
    let count = max(candidates.count - max(0, target), named.count) - named.count
    var victims = named
    if count > 0 {
      let balancing = balancing(rest, count)
      let chosen = Set(balancing.map(\.id))
      victims += balancing
      rest.removeAll { chosen.contains($0.id) }
      victims += ranked(rest).prefix(count - balancing.count)
    }
    return victims.map(\.id)
  }

  /// Those whose going makes every grouping more equal; may be fewer than asked for.
  private func balancing(_ candidates: [KillCandidate], _ count: Int) -> [KillCandidate] {
    let fields = constraints.filter { $0.operator == .groupBy }.map(\.field)
    guard !fields.isEmpty else { return [] }
    if count >= candidates.count { return candidates }
    var groups = Groupings(fields, candidates)
    var rest = ranked(candidates)
    var victims: [KillCandidate] = []
    while victims.count < count {
      let place = rest.indices.first { groups.areBetterOff(without: rest[$0]) }
      guard let place else { break }
      groups.remove(rest[place])
      victims.append(rest.remove(at: place))
    }
    return victims
  }

  /// The least alive first, and of those in equal condition as `order` says.
  private func ranked(_ candidates: [KillCandidate]) -> [KillCandidate] {
    // Small keys: candidates are large, and there may be many.
    var keys: [(rank: Int, age: Int64, place: Int)] = []
    keys.reserveCapacity(candidates.count)
    for (place, candidate) in candidates.enumerated() {
      let since = candidate.since?.nanoseconds
      let age = since.map { order == .youngestFirst ? -$0 : $0 } ?? Int64.min
      keys.append((candidate.condition.killRank, age, place))
    }
    keys.sort { $0 < $1 }
    return keys.map { candidates[$0.place] }
  }
}

/// How many instances there are where each field has which value.
private struct Groupings {
  private let fields: [String]
  private var counts: [[String?: Int]]

  init(_ fields: [String], _ candidates: [KillCandidate]) {
    self.fields = fields
    counts = fields.map { field in
      candidates.reduce(into: [:]) { $0[$1.location[field], default: 0] += 1 }
    }
  }

  mutating func remove(_ candidate: KillCandidate) {
    for index in fields.indices {
      counts[index][candidate.location[fields[index]], default: 1] -= 1
    }
  }

  /// Whether the instance is in a largest group of some field, and without it every field's groups
  /// differ by at most one, or by less than before.
  func areBetterOff(without candidate: KillCandidate) -> Bool {
    var isInLargest = false
    for index in fields.indices {
      let value = candidate.location[fields[index]]
      let groups = counts[index]
      let most = groups.values.max() ?? 0
      let least = groups.values.min() ?? 0
      let own = groups[value] ?? 0
      if own == most { isInLargest = true }
      // Another group may be as large.
      let isAlone = own == most && groups.values.count { $0 == most } == 1
      let second = groups.lazy.filter { $0.key != value }.map(\.value).max() ?? 0
      let after = (isAlone ? max(second, own - 1) : most) - min(least, own - 1)
      guard after <= 1 || after < most - least else { return false }
    }
    return isInLargest
  }
}
