// Part of mesosim. Apache-2.0, see LICENSE.
//
// A scenario in the making: what later parts must know of earlier ones, so that faults and the
// operator's calls name parties that there are.

import MesosExploration

/// A scenario that is being chosen, part by part.
struct ScenarioDraft {
  /// A framework as others may name it.
  struct Framework {
    var name: String
    var roles: [String]
  }

  /// What goes wrong, as far as others are to meet it.
  struct Fault {
    var kind: String
    /// From when to when, in milliseconds; what lasts for ever has no end that can be met.
    var span: ClosedRange<Int>
    /// What kind of parties it strikes, such as `slaves`, and by which pattern.
    var parties: String?
    var party: String?

    /// Whether another fault of the same parties can begin and end within it.
    var hasRoom: Bool {
      parties.map { ["slaves", "schedulers", "masters"].contains($0) } == true && span.count > 1000
    }
  }

  let chooser: Chooser
  /// How many masters there are.
  var masters = 1
  /// The slaves by host.
  var hosts: [String] = []
  /// What is said of some of the slaves.
  var attributes: [String] = []
  /// The frameworks, in order.
  var frameworks: [Framework] = []
  /// Whether some framework never ends by itself.
  var hasEndlessWork = false
  /// The faults so far, in the order of their entries.
  var struck: [Fault] = []
  /// The instants at which something goes wrong or is put right, in milliseconds.
  var instants: [Int] { struck.flatMap { [$0.span.lowerBound, $0.span.upperBound] } }
  /// The allocators that there are beside our own.
  let ownAllocators: [String]

  init(_ chooser: Chooser, ownAllocators: [String] = []) {
    self.chooser = chooser
    self.ownAllocators = ownAllocators
  }

  /// The roles there may be, some below others.
  static let roles = ["a", "b", "c", "a/x", "a/y", "b/z"]
  /// The latest instant at which something is begun: what follows has time to be put right.
  static let faultsEnd = 25 * 60_000

  /// Chooses everything.
  /// - Parameter name: What the scenario is called.
  /// - Returns: The scenario as YAML.
  mutating func write(name: String) -> String {
    var head = Keys()
    head.add("name", name)
    head.add("seed", "\(chooser.integer("seed", 1...1_000_000))")
    let parts = cluster() + frameworkList()
    let end = chooser.word("until", Self.ends, weights: Self.endWeights)
    // A run without an end takes 30 days: too long for many.
    head.add("until", end == "done" && hasEndlessWork ? "1h" : end)
    head.add("allocation", allocation())
    var text = head.block(indent: 0) + parts
    text += roleSettings()
    text += "allocators:\n  - \(allocator().line)\n"
    text += commands().list("commands")
    text += faults().list("faults")
    text += operatorCalls().list("operator")
    return text
  }

  // Most last long enough for the cluster to recover from the last fault, and to be seen to.
  private static let ends = ["75m", "10m", "20m", "2711s", "45m", "61m", "done"]
  private static let endWeights = [5, 1, 1, 2, 1, 1, 0.8]

  private func allocation() -> Keys {
    let chooser = chooser["allocation"]
    let chance = chooser.tendency("settings") < 0.6 ? 0 : 0.4
    var keys = Keys()
    keys.add("interval", chooser.optional("interval", Self.intervals, chance: chance))
    keys.add("order", chooser.optional("order", ["id"], chance: chance))
    keys.add(
      "minAllocatable",
      chooser.optional(
        "minAllocatable", ["[]", "[\"cpus:0.5\"]", "[\"mem:256\"]", "[\"cpus:1;mem:64\"]"],
        chance: chance))
    return keys
  }

  private static let intervals = ["5s", "500ms", "15s", "1700ms", "30s"]

  // MARK: - Roles

  private func roleSettings() -> String {
    let chooser = chooser["roles"]
    let hasWeights = chooser.tendency("weights") < 0.5
    let hasQuota = chooser.tendency("quota") < 0.35
    var lines = ""
    for role in Self.roles + ["*"] {
      let chooser = chooser[role]
      var keys = Keys()
      keys.add(
        "weight", chooser.optional("weight", ["2", "0.5", "3.7"], chance: hasWeights ? 0.4 : 0))
      if role != "*" {
        keys.add("quota", chooser.optional("quota", Self.quotas, chance: hasQuota ? 0.4 : 0))
      }
      if !keys.entries.isEmpty { lines += "  \"\(role)\": \(keys.line)\n" }
    }
    return lines.isEmpty ? "" : "roles:\n" + lines
  }

  static let quotas = [
    "{limit: \"cpus:2\"}", "{limit: \"cpus:4;mem:2048\"}", "{guarantee: \"cpus:2;mem:512\"}",
    "\"cpus:3;mem:2048\"", "{guarantee: \"cpus:1\", limit: \"cpus:6;mem:8192\"}",
    "{limit: \"cpus:0\"}", "{guarantee: \"cpus:40;mem:99999\"}",
  ]

  // MARK: - The allocator

  private func allocator() -> Keys {
    let chooser = chooser["allocator"]
    var keys = Keys()
    let weights = [4] + Self.allocators.dropFirst().map { $0 == "optimistic" ? 2.0 : 1.0 }
    if let own = chooser.optional("own", ownAllocators, chance: 0.5) {
      keys.add("name", own)
      return keys
    }
    let name = chooser.word("name", Self.allocators, weights: weights)
    keys.add("name", name)
    if name != "static" {
      keys.add("filterGPUs", chooser.optional("filterGPUs", ["false"], chance: 0.15))
    }
    switch name {
    case "static":
      keys.add("partition", chooser.optional("partition", ["{by: role}"], chance: 0.4))
      return keys
    case "optimistic":
      keys.add("conflicts", chooser.optional("conflicts", ["coarse"], chance: 0.5))
      keys.add("commit", chooser.optional("commit", ["allOrNothing"], chance: 0.5))
      return keys
    case "role":
      let lists = [["b", "a"], ["a/x", "c"]].map { $0.filter(hasRole) }.filter { !$0.isEmpty }
      keys.add(
        "priorities",
        chooser.optional(
          "priorities", lists.map { "[\($0.joined(separator: ", "))]" }, chance: 0.5))
      keys.add(
        "dedicated",
        chooser.optional(
          "dedicated", slaves(for: [("a", "rack:r0"), ("b", "zone:z1")]), chance: 0.3))
    case "lottery":
      keys.add("tickets", chooser.optional("tickets", ["{web: 5}", "{web: 0.5}"], chance: 0.5))
    case "constrained":
      keys.add(
        "constraints",
        chooser.optional(
          "constraints", slaves(for: [("web", "rack:r0"), ("a", "zone:z0")]), chance: 0.5))
      keys.add("resource", chooser.optional("resource", ["mem", "slots"], chance: 0.4))
    case "fair":
      keys.add("resource", chooser.optional("resource", ["mem", "slots"], chance: 0.4))
    case "drf", "asset", "ceei", "hdrf":
      keys.add("fairnessExclude", chooser.optional("exclude", ["[mem]", "[cpus]"], chance: 0.15))
    default: break
    }
    keys.add("offerUnit", chooser.optional("offerUnit", ["task"], chance: 0.25))
    return keys
  }

  /// Whether a framework has a role or one below it.
  private func hasRole(_ role: String) -> Bool {
    frameworks.contains { $0.roles.contains { $0 == role || $0.hasPrefix(role + "/") } }
  }

  /// Slaves for parties, as far as there are both.
  private func slaves(for choices: [(party: String, attribute: String)]) -> [String] {
    let known = choices.filter { choice in
      attributes.contains(choice.attribute)
        && (hasRole(choice.party) || frameworks.contains { $0.name == choice.party })
    }
    return known.map { "{\($0.party): \"\($0.attribute)\"}" }
  }

  /// The allocators that ship with mesosim.
  static let allocators = [
    "drf", "static", "role", "fifo", "fair", "asset", "ceei", "lottery", "random", "hdrf",
    "constrained", "optimistic",
  ]

  // MARK: - Commands

  /// What commands do: fail at times, take more than they asked for, ignore that they are to end.
  private func commands() -> [Keys] {
    let chooser = chooser["commands"]
    guard chooser.flag("exists", chance: 0.3) else { return [] }
    var keys = Keys()
    keys.add("match", quoted: "sleep *")
    if let share = chooser.optional("exitShare", ["0.1", "0.5", "1"], chance: 0.6) {
      keys.add("exit", "1")
      keys.add("exitShare", share)
    }
    keys.add(
      "duration",
      chooser.optional("duration", ["17s", "{uniform: {min: 1s, max: 90s}}"], chance: 0.2))
    keys.add(
      "usage",
      chooser.optional(
        "usage",
        [
          "{cpus: 0.2}", "{cpus: 4, mem: 40}", "{mem: {from: 10, to: 400, over: 40s}}",
          "{cpus: 0.5, mem: 20, disk: {from: 0, to: 300, over: 60s}}",
        ], chance: 0.5))
    keys.add("terminate", chooser.optional("terminate", ["ignored", "2s", "700ms"], chance: 0.3))
    return [keys]
  }
}
