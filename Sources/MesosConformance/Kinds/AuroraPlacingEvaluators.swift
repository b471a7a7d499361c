// Part of mesosim. Apache-2.0, see LICENSE.
//
// The kinds of Aurora's rules that concern slaves and whole jobs: where tasks may go, which make
// room, and in which order instances are updated.

import Mesos
import MesosFrameworks

/// Kind `aurora-constraint`: whether a task may go to a slave.
struct AuroraConstraintEvaluator: ConformanceEvaluator {
  let kind = "aurora-constraint"

  func evaluate(_ input: JSONValue) throws -> JSONValue {
    guard let task = input["task"], let agent = input["agent"], let offer = input["offer"] else {
      throw CaseInputError("input lacks 'task', 'agent' or 'offer'")
    }
    var amounts = try AuroraAmounts(recorded: task)
    if try input.flag("executorOverhead") { amounts = amounts + AuroraNeed.executorOverhead }
    let need = AuroraNeed(
      amounts, ports: try task.whole("ports", default: 0),
      constraints: try AuroraRecord.constraints(task))
    let slave = AuroraSlave(
      try AuroraRecord.attributes(agent),
      mode: try agent["mode"] == nil ? .none : agent.word("mode", as: AuroraSlave.Mode.self),
      unavailableIn: agent["unavailableInSecs"]?.double)
    let vetoes = AuroraFilter.vetoes(
      need, on: slave, offered: try AuroraAmounts(recorded: offer),
      ports: try offer.whole("ports", default: 0), try AuroraRecord.tally(input))
    return .object([
      "accept": .bool(vetoes.isEmpty),
      "vetoes": .array(vetoes.map { .text($0.description) }),
      "scores": .array(vetoes.map { .number($0.score) }), "group": .text(group(vetoes)),
    ])
  }

  private func group(_ vetoes: [AuroraVeto]) -> String {
    if vetoes.isEmpty { return "EMPTY" }
    let dynamic = vetoes.count { $0.isDynamic }
    return dynamic == 0 ? "STATIC" : dynamic == vetoes.count ? "DYNAMIC" : "MIXED"
  }
}

/// Kind `aurora-preemption`: which tasks on a slave have to make room.
struct AuroraPreemptionEvaluator: ConformanceEvaluator {
  let kind = "aurora-preemption"
  var setFields: Set<String> { ["victims"] }

  func evaluate(_ input: JSONValue) throws -> JSONValue {
    let preemption = AuroraPreemption(
      try input.word("semantics", as: AuroraPreemption.Semantics.self))
    guard let entry = input["pending"] else { throw CaseInputError("input has no 'pending'") }
    let pending = try candidate(entry)
    let entries = try input.items("onAgent")
    let tasks = try entries.map(candidate)
    let slack = try input["slack"].map(AuroraAmounts.init(recorded:)) ?? AuroraAmounts()
    let need = AuroraNeed(pending.amounts, constraints: try AuroraRecord.constraints(entry))
    let tally = try AuroraRecord.tally(input)
    guard let agent = input["agent"] else { return .object(["victims": .array([])]) }
    let slave = AuroraSlave(try AuroraRecord.attributes(agent))
    let victims = preemption.victims(for: pending, among: tasks, slack: slack) { free in
      AuroraFilter.vetoes(need, on: slave, offered: free, tally).isEmpty
    }
    let ids = try victims.map { index throws(CaseInputError) in
      JSONValue.text(try entries[index].requiredString("id"))
    }
    return .object(["victims": .array(ids)])
  }

  private func candidate(
    _ entry: JSONValue
  ) throws(CaseInputError) -> AuroraPreemption.Candidate {
    AuroraPreemption.Candidate(
      role: try entry.requiredString("role"), priority: try entry.whole("priority", default: 0),
      tier: try entry.word("tier", as: AuroraTier.self), try AuroraAmounts(recorded: entry),
      state: try entry["state"] == nil ? .running : entry.word("state", as: AuroraTaskState.self))
  }
}

/// What the kinds of Aurora have in common.
private enum AuroraRecord {
  static func constraints(_ task: JSONValue) throws(CaseInputError) -> [AuroraConstraint] {
    var constraints: [AuroraConstraint] = []
    for member in task["constraints"]?.members ?? [] {
      guard let text = member.value.string, let constraint = AuroraConstraint(member.key, text)
      else { throw CaseInputError("constraint '\(member.key)' cannot be read") }
      constraints.append(constraint)
    }
    return constraints
  }

  static func attributes(_ entry: JSONValue) throws(CaseInputError) -> AuroraAttributes {
    var attributes = AuroraAttributes()
    for member in entry["attributes"]?.members ?? [] {
      for value in member.value.array ?? [member.value] {
        if let number = value.double {
          attributes.add(member.key, number)
        } else if let text = value.string {
          attributes.add(member.key, text)
        } else {
          throw CaseInputError("attribute '\(member.key)' is neither text nor number")
        }
      }
    }
    return attributes
  }

  static func tally(_ input: JSONValue) throws(CaseInputError) -> AuroraTally {
    var tally = AuroraTally()
    for entry in try input.items("jobTasks") {
      tally.add(try entry.word("state", as: AuroraTaskState.self), on: try attributes(entry))
    }
    return tally
  }
}

/// Kind `aurora-update`: order, groups and end of an update.
struct AuroraUpdateEvaluator: ConformanceEvaluator {
  let kind = "aurora-update"

  func evaluate(_ input: JSONValue) throws -> JSONValue {
    let strategy = try strategy(input)
    guard strategy.isValid else { return .object(["valid": .bool(false)]) }
    var update = RollingUpdate(
      strategy, current: Set(try input.wholes("current")),
      desired: Set(try input.wholes("desired")), unchanged: Set(try input.wholes("unchanged")),
      isRollback: try input.requiredString("direction") == "back",
      maxFailures: try input.whole("maxTotalFailures"),
      rollsBack: try input.flag("rollbackOnFailure"))
    let failing = Set(try input.wholes("failing"))
    let usual = try input.requiredNumber("durationSecs")
    let others = input["durationOverrides"]
    var starts: [JSONValue] = []
    var ends: [Int: Double] = [:]
    var now = 0.0
    while update.isUnderWay {
      for (instance, at) in ends where at <= now {
        ends[instance] = nil
        update.note(success: !failing.contains(instance), of: instance)
      }
      let begun = update.advance()
      for instance in begun {
        ends[instance] = now + (try others?.number(String(instance), default: usual) ?? usual)
      }
      if !begun.isEmpty {
        starts.append(
          .object(["at": .number(now), "instances": .array(begun.map { .number($0) })]))
      }
      guard update.isUnderWay, let next = ends.values.min() else { break }
      now = next
    }
    return .object([
      "valid": .bool(true), "starts": .array(starts), "status": .text(update.status.rawValue),
      "endedAt": .number(now),
    ])
  }

  private func strategy(_ input: JSONValue) throws(CaseInputError) -> RollingUpdate.Strategy {
    let sizes = try input.wholes("sizes")
    switch try input.requiredString("strategy") {
    case "queue": return .queue(sizes.first ?? 0)
    case "batch": return .batch(sizes.first ?? 0)
    case "variable": return .variable(sizes)
    case let word: throw CaseInputError("unknown strategy '\(word)'")
    }
  }
}
