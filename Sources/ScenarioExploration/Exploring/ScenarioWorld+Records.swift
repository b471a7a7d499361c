// Part of mesosim. Apache-2.0, see LICENSE.
//
// What choices come to, in words and as a scenario to be handed over.

internal import MesosCluster
public import MesosExploration
public import MesosScenarios
internal import VirtualTime

extension ScenarioWorld {
  /// The record of a failure that seeds have found.
  public func record(of group: Exploration.Group) -> FailureRecord {
    FailureRecord(
      subject: ground.loaded.scenario.name,
      failure: group.trial.failure ?? ExploredFailure(rule: "", message: ""),
      seed: group.seeds.first ?? 0, plan: group.trial.plan, found: size(of: group.trial.plan))
  }

  /// How large a scenario is that choices make, in words.
  public func size(of plan: Plan) -> String {
    let scenario = scenario(Choices(plan: plan)).loaded.scenario
    let parts: [(Int, String)] = [
      (scenario.hosts.count, "slave"), (scenario.cluster.masters, "master"),
      (scenario.frameworks.count, "framework"), (scenario.faults.count, "fault"),
    ]
    return parts.map { "\($0) \($1)\($0 == 1 ? "" : "s")" }.joined(separator: ", ")
  }

  /// What goes wrong in the scenario that choices make, a line each, in order of time.
  public func faultLines(of plan: Plan) -> [String] {
    let faults = scenario(Choices(plan: plan)).loaded.scenario.faults
    return faults.indices.sorted { (faults[$0].at, $0) < (faults[$1].at, $1) }.map { place in
      let entry = faults[place]
      let what =
        switch entry.event {
        case .fault(let fault): "\(fault)"
        case .random: "faults by chance"
        case .trace(let trace): "failures of \(trace.file)"
        }
      let at = Self.text(entry.at)
      let margin = String(repeating: " ", count: max(1, 10 - at.count))
      return at + margin + what + (entry.length.map { ", for \(Self.text($0))" } ?? "")
    }
  }

  private static func text(_ duration: Duration) -> String {
    Chooser.text(milliseconds: Int(duration / .milliseconds(1)))
  }

  /// The scenario of a failure: held to what it breaks alone, and over soon after.
  public func smallestScenario(of record: FailureRecord) -> LoadedScenario {
    var loaded = scenario(Choices(plan: record.plan)).loaded
    let rule = record.failure.rule
    let broken = loaded.scenario.laws.filter { $0.name == rule }
    loaded.scenario.laws = broken.isEmpty ? [LawEntry(.invariants)] : broken
    loaded.scenario.question = nil
    let first = outcome(of: loaded)
    guard first.trial.failure?.identity == record.failure.identity else { return loaded }
    // What is broken on the way needs no more time; what must be so at the end does.
    guard let end = end(of: loaded) else { return loaded }
    var shorter = loaded
    shorter.scenario.until = .seconds((end.seconds / 10 + 1).rounded(.down) * 10)
    let again = outcome(of: shorter)
    return again.trial.failure == first.trial.failure ? shorter : loaded
  }
}
