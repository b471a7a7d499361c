// Part of mesosim. Apache-2.0, see LICENSE.
//
// Frameworks of every type and their work, by chance.

import MesosExploration

extension ScenarioDraft {
  /// Chooses the frameworks.
  mutating func frameworkList() -> String {
    var text = "frameworks:\n"
    for (place, name) in ["web", "etl", "ci", "db"].enumerated() {
      let chooser = chooser["frameworks", place]
      // One there is in any case.
      guard place == 0 || chooser.flag("exists", chance: 0.4) else { continue }
      text += framework(name, chooser).item(indent: 2)
    }
    return text
  }

  private mutating func framework(_ name: String, _ chooser: Chooser) -> Keys {
    var keys = Keys()
    let type = chooser.word("type", Self.types, weights: Self.typeWeights)
    keys.add("name", name)
    keys.add("type", type)
    let needsRole = type == "persistent-volume" || type == "dynamic-reservation"
    let own = ["a", "b", "c", "a/x", "a/y", "b/z"]
    let role = chooser.word("role", needsRole ? own : ["*"] + own)
    let several = chooser.optional(
      "roles", ["[a, b]", "[b/z, c]", "[a, a/x, c]"], chance: needsRole ? 0 : 0.12)
    if let several {
      keys.add("roles", several)
      let names = several.dropFirst().dropLast().split(separator: ",").map { part in
        String(part.drop { $0 == " " })
      }
      frameworks.append(Framework(name: name, roles: names))
    } else {
      keys.add("role", role == "*" ? nil : role)
      frameworks.append(Framework(name: name, roles: [role]))
    }
    register(chooser, isReserving: type == "dynamic-reservation", &keys)
    stay(chooser["presence"], &keys)
    switch type {
    case "batch": batch(chooser, &keys)
    default: sample(type, chooser["sample"], &keys)
    }
    return keys
  }

  private static let types = [
    "batch", "test", "no-executor", "long-lived", "load-generator", "balloon",
    "persistent-volume", "dynamic-reservation",
  ]
  private static let typeWeights = [7, 1, 1.5, 1, 0.5, 0.7, 1, 1]

  private func register(_ chooser: Chooser, isReserving: Bool, _ keys: inout Keys) {
    let chooser = chooser["registration"]
    if hasCredentials {
      let isRight = !chooser.flag("hasWrongSecret", chance: 0.1)
      keys.add("principal", "ops")
      keys.add("secret", isRight ? "sesame" : "tell")
    } else {
      keys.add(
        "principal", chooser.optional("principal", ["ops", "dev"], chance: isReserving ? 0.8 : 0.2))
    }
    keys.add("user", chooser.optional("user", ["root", "nobody"], chance: 0.08))
    keys.add("checkpoint", chooser.flag("checkpoint", chance: 0.5))
    keys.add("failoverTimeout", chooser.optional("failoverTimeout", Self.timeouts, chance: 0.7))
    keys.add(
      "restartAfter", chooser.optional("restartAfter", ["20s", "1s", "60s", "75s"], chance: 0.3))
    let known = [
      "PARTITION_AWARE", "REVOCABLE_RESOURCES", "TASK_KILLING_STATE", "SHARED_RESOURCES",
      "RESERVATION_REFINEMENT", "GPU_RESOURCES", "REGION_AWARE",
    ]
    let chance = chooser.tendency("capabilities") < 0.6 ? 0 : 0.3
    keys.add("capabilities", list: known.filter { chooser.flag($0, chance: chance) })
    keys.add(
      "serviceTimes",
      chooser.optional(
        "serviceTimes", ["{resourceOffers: 1s}", "{statusUpdate: 20ms}"], chance: 0.05))
  }

  /// When it is there; each instant lies after the one before, whichever are chosen.
  private func stay(_ chooser: Chooser, _ keys: inout Keys) {
    keys.add("start", chooser.optional("start", ["1m", "30s", "7777ms", "10m"], chance: 0.12))
    guard let leave = chooser.optional("leave", ["11m", "733s", "20m"], chance: 0.12) else {
      return
    }
    keys.add("leave", leave)
    keys.add("return", chooser.optional("return", ["21m", "1507s", "25m"], chance: 0.6))
  }

  private static let timeouts = ["1h", "10s", "1m", "75s", "5m", "20m"]

  // MARK: - Batch

  private func batch(_ chooser: Chooser, _ keys: inout Keys) {
    let chooser = chooser["batch"]
    keys.add("refuse", chooser.optional("refuse", ["0s", "1s", "60s", "10m"], chance: 0.3))
    keys.add("holdTimeout", chooser.optional("holdTimeout", ["none", "1s", "60s"], chance: 0.2))
    keys.add("attempts", chooser.optional("attempts", ["1", "2", "100"], chance: 0.3))
    keys.add("reconcile", chooser.optional("reconcile", ["30s", "2m", "10s"], chance: 0.4))
    var work = Keys()
    work.add("jobs", "\(chooser.integer("jobs", 1...12, trivial: 1))")
    work.add("start", chooser.optional("start", ["5s", "1m", "7321ms", "5m"], chance: 0.3))
    work.add("arrivals", chooser.optional("arrivals", Self.arrivals, chance: 0.8))
    let first = stages(chooser, "stages")
    if chooser.flag("hasBins", chance: 0.15) {
      work.add(
        "bins",
        list: [
          "{name: small, weight: 2, stages: \(first)}",
          "{name: large, weight: 1, stages: \(stages(chooser, "large"))}",
        ])
    } else {
      work.add("stages", first)
    }
    keys.add("workload", work)
  }

  private static let arrivals = [
    "{constant: 60s}", "{poisson: {mean: 90s}}", "{constant: 50s}", "{constant: 3m}",
    "{bursts: {every: 5m, jobs: 3, gap: 1s}}", "{uniform: {min: 1s, max: 4m}}",
    "{exponential: {mean: 2m}}",
  ]

  private func stages(_ chooser: Chooser, _ name: String) -> String {
    var stages: [String] = []
    for (place, stage) in ["map", "reduce"].enumerated() {
      let chooser = chooser[name, place]
      guard place == 0 || chooser.flag("exists", chance: 0.3) else { continue }
      var keys = Keys()
      keys.add("name", stage)
      let count = chooser.integer("tasks", 1...14)
      keys.add(
        "tasks",
        chooser.optional("drawnTasks", ["{uniform: {min: 1, max: 9}}"], chance: 0.1) ?? "\(count)")
      keys.add(
        "resources", quoted: chooser.word("resources", Self.needs, weights: Self.needWeights))
      keys.add("duration", chooser.word("duration", Self.durations))
      keys.add("rounds", chooser.optional("rounds", ["2", "4"], chance: 0.12))
      keys.add("gang", chooser.flag("gang", chance: 0.2))
      stages.append(keys.line)
    }
    return "[" + stages.joined(separator: ", ") + "]"
  }

  private static let needs = [
    "cpus:1;mem:128", "cpus:0.5;mem:32", "cpus:2;mem:512", "cpus:0.1;mem:300",
    "cpus:1;mem:256;disk:100", "cpus:1;mem:128;gpus:1", "cpus:3;mem:64",
  ]
  private static let needWeights = [4, 2, 2, 1, 1, 0.3, 1]

  private static let durations = [
    "20s", "1s", "5s", "15s", "60s", "90s", "5m", "20m", "{exponential: {mean: 40s}}",
    "{lognormal: {median: 30s, sigma: 0.8, max: 10m}}", "{uniform: {min: 5s, max: 2m}}",
    "{pareto: {min: 5s, shape: 1.2, max: 15m}}",
  ]

  // MARK: - Samples

  private mutating func sample(_ type: String, _ chooser: Chooser, _ keys: inout Keys) {
    let tasks = chooser.optional(
      "tasks", ["12", "1", "30"], chance: type == "long-lived" ? 0.5 : 0.8)
    let sleeps = ["\"sleep 15\"", "\"sleep 40\"", "\"sleep 0.7\"", "\"sleep 300\""]
    switch type {
    case "test":
      keys.add("tasks", tasks)
      keys.add("resources", chooser.optional("resources", Self.sampleNeeds, chance: 0.3))
      keys.add("duration", chooser.optional("duration", ["20s", "90s", "0s", "5m"], chance: 0.7))
    case "no-executor":
      let isEndless = chooser.flag("endless", chance: 0.15)
      hasEndlessWork = hasEndlessWork || isEndless
      keys.add("tasks", isEndless ? "endless" : tasks)
      keys.add("resources", chooser.optional("resources", Self.sampleNeeds, chance: 0.3))
      // Without an end, short tasks would be millions.
      keys.add(
        "command",
        isEndless ? "\"sleep 60\"" : chooser.optional("command", sleeps, chance: 0.8))
    case "long-lived":
      hasEndlessWork = hasEndlessWork || tasks == nil
      keys.add("tasks", tasks)
      keys.add("duration", chooser.optional("duration", ["15s", "40s", "5m"], chance: 0.6))
    case "load-generator":
      keys.add("qps", chooser.optional("qps", ["1", "0.2", "3"], chance: 0.9) ?? "2")
      let duration = chooser.optional("duration", ["1m", "5m"], chance: 0.5)
      hasEndlessWork = hasEndlessWork || duration == nil
      keys.add("duration", duration)
    case "balloon":
      keys.add("limit", chooser.optional("limit", ["64MB", "1GB"], chance: 0.5))
      let isLongRunning = chooser.flag("longRunning", chance: 0.3)
      hasEndlessWork = hasEndlessWork || isLongRunning
      keys.add("longRunning", isLongRunning)
      keys.add(
        "resources", chooser.optional("resources", ["\"cpus:0.1;mem:96\""], chance: 0.4))
    case "persistent-volume":
      keys.add("shards", chooser.optional("shards", ["1", "5"], chance: 0.4))
      keys.add("tasksPerShard", chooser.optional("tasksPerShard", ["1", "6"], chance: 0.4))
      keys.add("duration", chooser.optional("duration", ["20s", "2m"], chance: 0.6))
    case "dynamic-reservation":
      keys.add("tasks", tasks)
      keys.add("command", chooser.optional("command", sleeps, chance: 0.8))
    default: break
    }
  }

  private static let sampleNeeds = [
    "\"cpus:0.5;mem:64\"", "\"cpus:2;mem:300\"", "\"cpus:0.1;mem:32;disk:10\"",
  ]
}
