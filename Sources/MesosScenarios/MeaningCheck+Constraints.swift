// Part of mesosim. Apache-2.0, see LICENSE.
//
// Constraints that no slave meets: a mistyped attribute, a domain that nobody has said.

internal import Mesos
internal import MesosFrameworks
internal import MesosWorkloads

extension MeaningCheck {
  /// Says so when a stage's constraints look for what no slave has, or keep it from all slaves.
  mutating func checkConstraints(of stage: StageTemplate, _ path: Path) {
    guard !stage.placement.isEmpty else { return }
    var areKnown = true
    for (index, constraint) in stage.placement.constraints.enumerated() {
      guard let complaint = complaint(about: constraint) else { continue }
      warn(path + "constraints" + index, complaint)
      areKnown = false
    }
    let placement = Placement(stage.placement)
    guard areKnown, !locations.contains(where: { placement.accepts($0) }) else { return }
    warn(
      path + "constraints", "no slave meets them; the stage never starts")
  }

  private func complaint(about constraint: PlacementConstraint) -> String? {
    guard !locations.contains(where: { $0[constraint.field] != nil }) else { return nil }
    let effect =
      constraint.operator == .unlike
      ? "UNLIKE accepts every slave" : "the stage never starts"
    if ["@region", "@zone"].contains(constraint.field) {
      return "no slave has a 'domain', which \(constraint.field) looks at; \(effect)"
    }
    var names: [String] = ["hostname"]
    for slaves in scenario.cluster.slaves {
      for attribute in slaves.attributes(at: 0).list where !names.contains(attribute.name) {
        names.append(attribute.name)
      }
    }
    return "no slave has the attribute '\(constraint.field)'; \(effect); "
      + Suggestion.text(for: constraint.field, among: names)
  }

  /// All slaves as constraints see them.
  private var locations: some Sequence<Location> {
    scenario.cluster.slaves.lazy.flatMap { slaves in
      (0..<slaves.count).lazy.map { index in
        Location(
          hostname: slaves.name.text(index: index), attributes: slaves.attributes(at: index),
          domain: slaves.domain?.domain(at: index))
      }
    }
  }
}
