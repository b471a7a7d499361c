// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a partition comes to in a cluster: how many slaves of each kind each party has. A pure
// function of the two, so that what is warned of before a run is what happens in it.

internal import Mesos

/// How many slaves of each kind each party of a partition has.
package struct PartitionPlan: Sendable {
  /// Slaves that are dealt by one rule and are of one group.
  package struct Pool: Sendable {
    /// The rule's place in the partition.
    package let rule: Int
    /// The name of the group.
    package let group: String
    /// How many of them are in which entry of the scenario.
    package fileprivate(set) var members: [(entry: Int, count: Int)] = []
    /// How many of them each party has, by its place in `parties`.
    package fileprivate(set) var due: [Int] = []

    /// How many slaves there are.
    package var size: Int { members.reduce(0) { $0 + $1.count } }
  }

  /// The parties of the partition.
  package let parties: [String]
  /// The pools, in the order in which the scenario has slaves of them.
  package private(set) var pools: [Pool] = []
  /// The pool of each slave, by its number; `nil` for one that no rule matches.
  private(set) var poolOfSlave: [Int32?] = []

  /// Plans a partition.
  ///
  /// Each group of slaves is dealt by itself, so that every party has its part of every kind of
  /// machine. What does not divide goes to those with the least so far of what they are promised.
  package init(_ partition: Partition, slaves: [SlaveGroupEntry]) {
    parties = partition.parties
    for (entry, group) in slaves.enumerated() { place(group, entry, partition.rules) }
    for (number, rule) in partition.rules.enumerated() { deal(rule, number) }
  }

  /// Whether each slave that was planned for goes to the party to which another plan gives it.
  package func deals(like other: PartitionPlan) -> Bool {
    parties == other.parties && poolOfSlave == other.poolOfSlave
      && pools.map(\.due) == other.pools.map(\.due)
  }

  /// How many slaves a rule deals.
  package func size(ofRule rule: Int) -> Int {
    pools.reduce(0) { $0 + ($1.rule == rule ? $1.size : 0) }
  }

  /// Finds the pools of an entry's slaves.
  private mutating func place(_ group: SlaveGroupEntry, _ entry: Int, _ rules: [Partition.Rule]) {
    if let rule = Self.rule(ofAll: group, rules) {
      let pool = rule.map { note($0, group, entry, group.count) }
      return poolOfSlave += Array(repeating: pool, count: group.count)
    }
    for number in 0..<group.count {
      let (hostname, attributes) = (group.hostname(number), group.attributes(number))
      let rule = rules.firstIndex {
        $0.slaves.contains(group: group.group, hostname: hostname, attributes)
      }
      poolOfSlave.append(rule.map { note($0, group, entry, 1) })
    }
  }

  /// The rule that deals all slaves of an entry, or that none does; `nil` when they differ.
  private static func rule(
    ofAll group: SlaveGroupEntry, _ rules: [Partition.Rule]
  ) -> Int?? {
    for (number, rule) in rules.enumerated() {
      guard let takes = rule.slaves.takesAll(ofGroup: group.group) else { return nil }
      if takes { return .some(number) }
    }
    return .some(nil)
  }

  private mutating func note(
    _ rule: Int, _ group: SlaveGroupEntry, _ entry: Int, _ count: Int
  ) -> Int32 {
    let known = pools.firstIndex { $0.rule == rule && $0.group == group.group }
    let pool = known ?? pools.count
    if known == nil { pools.append(Pool(rule: rule, group: group.group)) }
    if pools[pool].members.last?.entry == entry {
      pools[pool].members[pools[pool].members.count - 1].count += count
    } else {
      pools[pool].members.append((entry, count))
    }
    return Int32(pool)
  }

  /// Says what each party is due of the pools of a rule.
  private mutating func deal(_ rule: Partition.Rule, _ number: Int) {
    let mine = pools.indices.filter { pools[$0].rule == number }
    let sizes = mine.map { pools[$0].size }
    var amounts = rule.parties.map(\.amount)
    // What counts leave over is spread over the groups as if somebody had it.
    if rule.isCounted {
      amounts.append(max(0, Double(sizes.reduce(0, +)) - amounts.reduce(0, +)))
    }
    let dealt = Self.deal(sizes, amounts, isCounted: rule.isCounted)
    for (pool, counts) in zip(mine, dealt) {
      pools[pool].due = parties.map { name in
        rule.parties.firstIndex { $0.name == name }.map { counts[$0] } ?? 0
      }
    }
  }

  /// Deals pools of these sizes in proportion to the amounts, which counts also limit.
  private static func deal(_ sizes: [Int], _ amounts: [Double], isCounted: Bool) -> [[Int]] {
    let whole = amounts.reduce(0, +)
    let limits = amounts.map { isCounted ? Int(min($0, 1e9)) : .max }
    var taken = amounts.map { _ in 0 }
    return sizes.map { size in
      let before = taken
      guard whole > 0 else { return taken.map { _ in 0 } }
      for (party, amount) in amounts.enumerated() {
        // A part that is whole but for rounding is whole.
        let part = Int((Double(size) * amount / whole + 1e-9).rounded(.down))
        taken[party] = min(limits[party], taken[party] + part)
      }
      let left = size - zip(taken, before).reduce(0) { $0 + $1.0 - $1.1 }
      for _ in 0..<max(0, left) {
        var least: Int?
        for (party, amount) in amounts.enumerated()
        where amount > 0 && taken[party] < limits[party] {
          // Cross-multiplied, so that equal parts are equal whatever the amounts.
          if let other = least,
            Double(taken[party]) * amounts[other] >= Double(taken[other]) * amount
          {
            continue
          }
          least = party
        }
        if let least { taken[least] += 1 }
      }
      return zip(taken, before).map { $0 - $1 }
    }
  }
}
