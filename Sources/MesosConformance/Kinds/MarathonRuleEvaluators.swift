// Part of mesosim. Apache-2.0, see LICENSE.
//
// The kinds of Marathon's rules that are plain arithmetic: delays after failures, host ports,
// rolling restarts, and which instances go.

import Mesos
import MesosFrameworks

/// Kind `marathon-backoff`: the launch delay of an app along a list of events.
struct MarathonBackoffEvaluator: ConformanceEvaluator {
  let kind = "marathon-backoff"

  func evaluate(_ input: JSONValue) throws -> JSONValue {
    let strategy = BackoffStrategy(
      seconds: try input.requiredNumber("backoffSeconds"),
      factor: try input.requiredNumber("backoffFactor"),
      maxSeconds: try input.requiredNumber("maxLaunchDelaySeconds"))
    var delay = LaunchDelay(strategy)
    var delays: [JSONValue] = []
    var launches: [JSONValue] = []
    for event in input["events"]?.array ?? [] {
      let now = Instant.start + .rounded(seconds: try event.requiredNumber("at"))
      let times = try event["times"] == nil ? 1 : event.requiredNumber("times")
      let word = try event.requiredString("event")
      for _ in 0..<(Int(exactly: times) ?? 1) { try apply(word, to: &delay, strategy, at: now) }
      delays.append(delay.seconds.map { .number($0) } ?? JSONValue(.null))
      launches.append(delay.launchAt.map { .number($0.seconds) } ?? JSONValue(.null))
    }
    return .object(["delays": .array(delays), "launchAt": .array(launches)])
  }

  private func apply(
    _ word: String, to delay: inout LaunchDelay, _ strategy: BackoffStrategy, at now: Instant
  ) throws(CaseInputError) {
    switch word {
    case "reset": delay.reset()
    // Each configuration has its own delay.
    case "config-change": delay = LaunchDelay(strategy)
    case "cleanup": delay.sweep(at: now)
    default:
      guard let event = LaunchDelay.Event(rawValue: word) else {
        throw CaseInputError("unknown event '\(word)'")
      }
      delay.note(event, at: now)
    }
  }
}

/// Kind `marathon-ports`: host ports for one instance from one offer.
struct MarathonPortsEvaluator: ConformanceEvaluator {
  let kind = "marathon-ports"
  var setFields: Set<String> { ["portSet", "roles"] }

  private final class Chance: RandomSource {
    private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

    func integer(below bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }

    func uniform() -> Double { Double(integer(below: 1 << 30)) / Double(1 << 30) }
  }

  func evaluate(_ input: JSONValue) throws -> JSONValue {
    let ports = try wholes(input["ports"])
    let mappings = input["mappings"]?.array?.map { $0.double.flatMap { Int(exactly: $0) } }
    let accepted = (input["acceptedRoles"]?.array ?? []).compactMap(\.string)
    let request = PortRequest(
      ports: ports, requiresPorts: input["requirePorts"]?.bool ?? false, mappings: mappings)
    var roles: [String] = []
    var offered: [OfferedPorts] = []
    for entry in input["offered"]?.array ?? [] {
      let role = try entry.requiredString("role")
      guard let begin = Int(exactly: try entry.requiredNumber("begin")),
        let end = Int(exactly: try entry.requiredNumber("end"))
      else { throw CaseInputError("a range of ports has no whole bounds") }
      guard accepted.contains(role), begin <= end else { continue }
      offered.append(OfferedPorts(source: roles.count, range: begin...end))
      roles.append(role)
    }
    guard let choice = PortChoice(request, of: offered, random: { Chance() }) else {
      return .object(["match": .bool(false)])
    }
    let taken = choice.taken
    var used: [String] = []
    for role in taken.map({ roles[$0.source] }) where !used.contains(role) { used.append(role) }
    return .object([
      "match": .bool(true), "count": .number(taken.count),
      "ports": .array(choice.ports.map { $0.map { .number($0) } ?? JSONValue(.null) }),
      "portSet": .array(taken.map { .number($0.port) }),
      "roles": .array(used.map { .text($0) }),
    ])
  }

  private func wholes(_ value: JSONValue?) throws(CaseInputError) -> [Int] {
    var numbers: [Int] = []
    for item in value?.array ?? [] {
      guard let number = item.double.flatMap({ Int(exactly: $0) }) else {
        throw CaseInputError("'ports' has something that is no whole number")
      }
      numbers.append(number)
    }
    return numbers
  }
}

/// Kind `marathon-upgrade`: the numbers of a rolling restart.
struct MarathonUpgradeEvaluator: ConformanceEvaluator {
  let kind = "marathon-upgrade"

  func evaluate(_ input: JSONValue) throws -> JSONValue {
    func whole(_ key: String) throws(CaseInputError) -> Int {
      Int(exactly: try input.requiredNumber(key)) ?? 0
    }
    let strategy = UpgradeStrategy(
      minimumHealthCapacity: try input.requiredNumber("minimumHealthCapacity"),
      maximumOverCapacity: try input.requiredNumber("maximumOverCapacity"))
    var restart = RollingRestart(
      instances: try whole("instances"), strategy, isResident: input["resident"]?.bool ?? false,
      existing: try whole("existing"), healthy: try whole("healthy"))
    let begin = restart.begin()
    var steps: [JSONValue] = []
    for event in input["events"]?.array ?? [] {
      switch event.string {
      case "old-gone": steps.append(json(restart.oldGone()))
      case "new-healthy": steps.append(json(restart.newReady()))
      default: throw CaseInputError("unknown event \(event.text)")
      }
    }
    return .object([
      "minHealthy": .number(restart.bounds.minHealthy),
      "maxCapacity": .number(restart.bounds.maxCapacity), "killNow": .number(begin.kill),
      "startNow": .number(begin.start), "steps": .array(steps),
    ])
  }

  private func json(_ step: RollingRestart.Step) -> JSONValue {
    .object(["kill": .number(step.kill), "start": .number(step.start)])
  }
}

/// Kind `marathon-kill-selection`: which instances go when an app is scaled.
struct MarathonKillSelectionEvaluator: ConformanceEvaluator {
  let kind = "marathon-kill-selection"
  var setFields: Set<String> { ["killSet"] }

  func evaluate(_ input: JSONValue) throws -> JSONValue {
    let entries = input["instances"]?.array ?? []
    let ids = try entries.map { entry throws(CaseInputError) in try entry.requiredString("id") }
    var candidates: [KillCandidate] = []
    for (index, entry) in entries.enumerated() {
      let goal = try entry.optionalString("goal") ?? "Running"
      let word = try entry.requiredString("condition")
      guard let condition = InstanceCondition(rawValue: word) else {
        throw CaseInputError("unknown condition '\(word)'")
      }
      guard goal == "Running", condition != .unreachableInactive else { continue }
      candidates.append(try candidate(index, entry, condition))
    }
    let target = Int(exactly: try input.requiredNumber("target")) ?? 0
    let named = (input["sentenced"]?.array ?? []).compactMap(\.string)
    let sentenced = Set(named.compactMap { ids.firstIndex(of: $0) })
    let constraints = try constraints(input)
    let word = try input.requiredString("killSelection")
    let selection = KillSelection(constraints, order: KillOrder(rawValue: word) ?? .youngestFirst)
    let victims = selection.victims(among: candidates, target: target, sentenced: sentenced)
    let left = candidates.count - victims.count
    let names = victims.map { JSONValue.text(ids[$0]) }
    return .object([
      "kill": .array(names), "killSet": .array(names), "killCount": .number(victims.count),
      "killedPerValue": killedPerValue(victims, candidates, constraints),
      "start": .number(max(0, max(0, target) - left)),
    ])
  }

  private func candidate(
    _ index: Int, _ entry: JSONValue, _ condition: InstanceCondition
  ) throws(CaseInputError) -> KillCandidate {
    var attributes: [Attribute] = []
    for member in entry["attributes"]?.members ?? [] {
      attributes.append(Attribute(member.key, .text(member.value.string ?? "")))
    }
    let since = entry["since"]?.double
    return KillCandidate(
      id: index, condition: condition, since: since.map { .start + .rounded(seconds: $0) },
      location: Location(
        hostname: try entry.requiredString("hostname"), attributes: Attributes(attributes)))
  }

  private func constraints(_ input: JSONValue) throws(CaseInputError) -> [PlacementConstraint] {
    var constraints: [PlacementConstraint] = []
    for entry in input["constraints"]?.array ?? [] {
      let parts = entry.array?.compactMap(\.string) ?? []
      guard parts.count > 1, let word = PlacementConstraint.Operator(word: parts[1]) else {
        throw CaseInputError("constraint \(entry.text) cannot be read")
      }
      constraints.append(PlacementConstraint(parts[0], word, parts.count > 2 ? parts[2] : ""))
    }
    return constraints
  }

  private func killedPerValue(
    _ victims: [Int], _ candidates: [KillCandidate], _ constraints: [PlacementConstraint]
  ) -> JSONValue {
    let killed = candidates.filter { victims.contains($0.id) }
    let fields = constraints.filter { $0.operator == .groupBy }.map(\.field)
    let members = fields.map { field in
      var counts: [String: Int] = [:]
      for candidate in killed { counts[candidate.location[field] ?? "", default: 0] += 1 }
      let values = counts.sorted { $0.key < $1.key }.map {
        JSONValue.Member(key: $0.key, value: .number($0.value))
      }
      return JSONValue.Member(key: field, value: JSONValue(.object(values)))
    }
    return JSONValue(.object(members))
  }
}
