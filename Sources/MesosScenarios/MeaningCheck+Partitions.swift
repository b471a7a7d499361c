// Part of mesosim. Apache-2.0, see LICENSE.
//
// Whether a partition of `static` fits the cluster.

internal import Mesos
internal import MesosAllocation

extension MeaningCheck {
  /// Looks whether the slaves suffice for what a partition promises, and whether all get some.
  mutating func checkPartition(_ choice: PartitionChoice, _ entry: AllocatorEntry, _ path: Path) {
    guard errors.isEmpty, let parts = scenario.parts(under: entry) else { return }
    for (number, rule) in parts.partition.rules.enumerated() {
      let isOwn = number < choice.rules.count
      if !isOwn, choice.others == nil { continue }
      checkRule(
        rule, parts.plan.size(ofRule: number),
        of: isOwn ? "these are" : choice.rules.isEmpty ? "the cluster has" : "left are",
        isOwn ? path + "slaves" + number : path)
    }
    let names =
      parts.partition.by == .framework
      ? scenario.frameworks.map(\.name) : scenario.frameworkRoles.flatMap(\.roles)
    var left: [String] = []
    for name in names where !left.contains(name) {
      let due = zip(parts.plan.parties.indices, parts.plan.parties).filter { $0.1 == name }
      let has = parts.plan.pools.contains { pool in due.contains { pool.due[$0.0] > 0 } }
      if !has { left.append(name) }
    }
    if !left.isEmpty {
      warn(
        choice.others.map { path + $0.key } ?? path,
        "nothing for \(Suggestion.list(left)); \(entry.label) gives them no slaves")
    }
  }

  private mutating func checkRule(
    _ rule: Partition.Rule, _ size: Int, of whole: String, _ path: Path
  ) {
    if size == 0 {
      return warn(path, "no slave is left for this; entries before it take them all")
    }
    guard rule.isCounted else { return }
    let wanted = rule.parties.reduce(0) { $0 + $1.amount }
    if wanted > Double(size) {
      fail(path + rule.key, "the counts add up to \(wanted.shortText) slaves; \(whole) \(size)")
    } else if wanted < Double(size) {
      warn(
        path + rule.key,
        "the counts add up to \(wanted.shortText) of \(size) slaves; static leaves the others idle")
    }
  }
}
