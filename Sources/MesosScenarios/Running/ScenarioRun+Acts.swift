// Part of mesosim. Apache-2.0, see LICENSE.
//
// What somebody does to a run while it goes on: a fault, or what an operator does, in the words in
// which a scenario has them.

import Mesos
import MesosAllocation
import MesosCluster
import SimulationKernel
package import VirtualTime

/// Something to be done to a run from outside.
package struct OutsideAct {
  /// When; at once where it is not said.
  package let instant: Instant?
  fileprivate let kind: Kind

  fileprivate enum Kind {
    case fault(Fault, FaultEntry)
    case operation(OperatorAction)
  }
}

/// Why something cannot be done to a run.
package struct ActProblem: Error, CustomStringConvertible {
  /// All that is wrong with it, a line for each.
  package let description: String
}

extension ScenarioRun {
  /// Reads a fault, as scenarios list them under `faults`; JSON or YAML.
  ///
  /// Without `at` it is for now.
  /// - Throws: `ActProblem` where it is none, or names somebody who is not there.
  package func readFault(_ text: String) throws(ActProblem) -> OutsideAct {
    let expected = "a fault such as {\"kill\": {\"slave\": \"node-3\"}}"
    let (node, entry, at) = try read(text, FaultEntry.codec, expected)
    guard case .fault(let fault) = entry.event else {
      throw ActProblem(
        description: "what goes wrong by chance or as recorded belongs in the scenario; expected "
          + expected)
    }
    var scenario = prepared.scenario
    scenario.faults = [entry]
    scenario.until = nil
    let root = YAMLNode.map([("faults", .list([node]))])
    var check = MeaningCheck(scenario, root: root, registry: AllocatorRegistry())
    check.checkFault(0)
    try Self.refuse(check.errors)
    return OutsideAct(instant: at, kind: .fault(fault, entry))
  }

  /// Reads what an operator does, as scenarios list it under `operator`; JSON or YAML.
  ///
  /// Without `at` it is for now.
  /// - Throws: `ActProblem` where it is none, or names somebody who is not there.
  package func readOperation(_ text: String) throws(ActProblem) -> OutsideAct {
    let expected = "an action such as {\"drain\": \"node-3\"}"
    let (node, action, at) = try read(text, OperatorAction.codec, expected)
    var scenario = prepared.scenario
    scenario.operations = [action]
    scenario.until = nil
    let root = YAMLNode.map([("operator", .list([node]))])
    var check = MeaningCheck(scenario, root: root, registry: AllocatorRegistry())
    check.checkOperation(0)
    try Self.refuse(check.errors)
    return OutsideAct(instant: at, kind: .operation(action))
  }

  private func read<Entry>(
    _ text: String, _ codec: Codec<Entry>, _ expected: String
  ) throws(ActProblem) -> (node: YAMLNode, entry: Entry, at: Instant?) {
    // Entries that lead to files are for scenarios alone, so none is opened.
    var problems = Problems(files: ScenarioFiles(folder: "."), vocabulary: ScenarioVocabulary())
    if text.allSatisfy(\.isWhitespace) {
      throw ActProblem(description: "nothing; expected \(expected)")
    }
    guard let given = YAMLNode.parse(text, &problems) else {
      try Self.refuse(problems.sorted)
      throw ActProblem(description: "expected \(expected)")
    }
    guard case .map(let entries) = given.content else {
      throw ActProblem(description: "\(given.spelled); expected \(expected)")
    }
    let hasInstant = entries.contains { $0.key == "at" }
    let now = YAMLNode.map([("at", Codec<Duration>.instant.write(.zero))])
    guard case .map(let start) = now.content else { throw ActProblem(description: expected) }
    let node = hasInstant ? given : YAMLNode(.map(start + entries), at: given.position)
    let entry = codec.read(node, Path(), &problems)
    try Self.refuse(problems.sorted)
    guard let entry else { throw ActProblem(description: "expected \(expected)") }
    let at = entries.first { $0.key == "at" }.flatMap {
      Codec<Duration>.instant.read($0.value, Path(), &problems)
    }
    return (node, entry, at.map { .start + $0 })
  }

  private static func refuse(_ problems: [ScenarioProblem]) throws(ActProblem) {
    if problems.isEmpty { return }
    let lines = problems.map { problem in
      // Who sends one entry knows of no list.
      let isListed = ["faults[0]", "operator[0]"].contains { problem.path.hasPrefix($0) }
      let path = isListed ? problem.path.drop { $0 != "]" }.dropFirst(2) : problem.path[...]
      return path.isEmpty ? problem.message : "\(path): \(problem.message)"
    }
    throw ActProblem(description: lines.joined(separator: "\n"))
  }

  /// Does it, at the present instant or when its own comes; for an event's body.
  package func carryOut(_ act: OutsideAct) {
    let now = simulation.now
    let instant = max(act.instant ?? now, now)
    switch act.kind {
    case .fault(let fault, let entry):
      let number = faultsFromOutside
      faultsFromOutside += 1
      let struck = prepared.scenario.timed(fault, entry, at: instant) {
        simulation.seeds.stream("faults/outside/\(number)")
      }
      cluster.schedule([struck])
    case .operation(let action): operators.add(action, at: instant)
    }
  }

  // MARK: The log

  /// Hands over what was logged so far.
  package func flushLog() { for log in eventLogs { log.flush() } }

  /// Notes in the log what an operator asked for in other ways than a scenario's.
  package func note(request: String, refusal: String?) {
    let act = "{\"request\":\(JSONValue.quoted(request))}"
    cluster.recorder.record(.operated(json: act, refusal: refusal ?? ""), at: simulation.now)
  }
}
