// Part of mesosim. Apache-2.0, see LICENSE.
//
// The kinds of Aurora's rules that concern one job, one task or one instance.

import Mesos
import MesosFrameworks

/// Kind `aurora-job`: whether a job is accepted, and what it is with its defaults.
struct AuroraJobEvaluator: ConformanceEvaluator {
  let kind = "aurora-job"
  var wholeFields: Set<String> { ["constraints"] }

  func evaluate(_ input: JSONValue) throws -> JSONValue {
    let semantics = try input.word("semantics", as: AuroraJob.Semantics.self)
    guard let json = input["job"], json.members != nil else {
      throw CaseInputError("input has no object 'job'")
    }
    do throws(AuroraJobFault) {
      let job = try AuroraJob(json, semantics: semantics)
      return .object(["valid": .bool(true), "normalized": job.json])
    } catch {
      return .object(["valid": .bool(false), "message": .text(error.description)])
    }
  }
}

/// Kind `aurora-transition`: one change of one task's state.
struct AuroraTransitionEvaluator: ConformanceEvaluator {
  let kind = "aurora-transition"

  func evaluate(_ input: JSONValue) throws -> JSONValue {
    let from =
      input["from"] == nil ? .deleted : try input.word("from", as: AuroraTaskState.self)
    let to = try input.word("to", as: AuroraTaskState.self)
    let context = AuroraTransition.Context(
      isService: try input.flag("service"), maxFailures: try input.whole("maxTaskFailures"),
      failures: try input.whole("failureCount"),
      wasKilling: try input.texts("history").contains(AuroraTaskState.killing.rawValue))
    let transition = AuroraTransition(from: from, to: to, context)
    let state = transition.state == .deleted ? nil : transition.state.rawValue
    return .object([
      "result": .text(transition.kind.rawValue), "state": .text(state),
      "effects": .array(transition.effects.map { .text($0.rawValue) }),
    ])
  }
}

/// Kind `aurora-instance`: what an update does next to one instance.
struct AuroraInstanceEvaluator: ConformanceEvaluator {
  let kind = "aurora-instance"

  func evaluate(_ input: JSONValue) throws -> JSONValue {
    let isSame = try !input.flag("needsMore") && !input.flag("constraintsChanged")
    let update = InstanceUpdate(
      isWanted: try input.flag("wanted"), fitsInPlace: isSame,
      failures: try input.whole("failuresBefore"),
      maxFailures: try input.whole("maxPerInstanceFailures"),
      watchSeconds: try input.requiredNumber("watchSecs"))
    var actual: InstanceUpdate.Actual?
    if let task = input["actual"] {
      actual = InstanceUpdate.Actual(
        isWanted: try task.requiredString("config") == "wanted",
        state: try task.word("state", as: AuroraTaskState.self),
        wasKilling: try task.flag("killingSeen"),
        secondsInState: try task.number("secsInState", default: 0))
    }
    return .object(["action": .text(update.next(actual).rawValue)])
  }
}

/// Kind `aurora-backoff`: how long a task waits whose predecessors died too soon.
struct AuroraBackoffEvaluator: ConformanceEvaluator {
  let kind = "aurora-backoff"

  func evaluate(_ input: JSONValue) throws -> JSONValue {
    let penalty = FlapPenalty(
      threshold: try input.requiredNumber("thresholdSecs"),
      initial: try input.requiredNumber("initialSecs"),
      longest: try input.requiredNumber("maxSecs"))
    let draws = try input.items("random").map { $0.double ?? 0 }
    let ancestors = try input.items("ancestors").map { ancestor throws(CaseInputError) in
      try ancestor.items("events").map { event throws(CaseInputError) in
        FlapPenalty.Event(
          try event.word("state", as: AuroraTaskState.self), at: try event.requiredNumber("at"))
      }
    }
    let seconds = penalty.seconds(ancestors) { draws.indices.contains($0) ? draws[$0] : 0 }
    let state: AuroraTaskState = seconds > 0 ? .throttled : .pending
    return .object(["penaltySecs": .number(seconds), "state": .text(state.rawValue)])
  }
}

/// Kind `aurora-health`: a task under health checks.
struct AuroraHealthEvaluator: ConformanceEvaluator {
  let kind = "aurora-health"

  func evaluate(_ input: JSONValue) throws -> JSONValue {
    var watch = HealthWatch(
      HealthWatch.Rules(
        initialInterval: try input.requiredNumber("initialIntervalSecs"),
        interval: try input.requiredNumber("intervalSecs"),
        maxFailures: try input.whole("maxConsecutiveFailures"),
        minSuccesses: try input.whole("minConsecutiveSuccesses")))
    var states: [JSONValue] = []
    for letter in try input.requiredString("attempts") where watch.state != .failed {
      watch.note(success: letter == "S")
      states.append(.text(watch.state.rawValue))
    }
    return .object(["states": .array(states)])
  }
}

/// Kind `aurora-quota`: whether a role may have more.
struct AuroraQuotaEvaluator: ConformanceEvaluator {
  let kind = "aurora-quota"

  func evaluate(_ input: JSONValue) throws -> JSONValue {
    var quota = AuroraQuota(try input["quota"].map(AuroraAmounts.init(recorded:)) ?? .init())
    for entry in try input.items("inUse") { quota.charge(try load(entry)) }
    for entry in try input.items("crons") {
      quota.charge(cron: try load(entry), running: try entry.whole("running", default: 0))
    }
    for entry in try input.items("updates") {
      quota.charge(updateFrom: try entry["from"].map(load), to: try entry["to"].map(load))
    }
    guard let request = input["request"] else { throw CaseInputError("input has no 'request'") }
    let shortages = quota.shortages(for: try load(request))
    return .object([
      "admitted": .bool(shortages.isEmpty),
      "insufficient": .array(shortages.map { .text($0.rawValue) }),
    ])
  }

  private func load(_ entry: JSONValue) throws(CaseInputError) -> AuroraQuota.Load {
    AuroraQuota.Load(
      each: try AuroraAmounts(recorded: entry), instances: try entry.whole("instances", default: 1),
      isProduction: try entry.flag("production"), isDedicated: try entry.flag("dedicated"))
  }
}

extension AuroraAmounts {
  /// Reads `cpu`, `ramMb` and `diskMb`; none for what is missing.
  init(recorded entry: JSONValue) throws(CaseInputError) {
    self.init(
      cpus: try entry.number("cpu", default: 0), ram: try entry.number("ramMb", default: 0),
      disk: try entry.number("diskMb", default: 0))
  }
}
