// Part of mesosim. Apache-2.0, see LICENSE.
//
// What goes wrong, by chance: every kind of fault that needs no file, on every kind of party that
// it can strike, overlapping, for a while or until something else puts it right.

import MesosExploration

extension ScenarioDraft {
  /// Chooses the faults.
  mutating func faults() -> [Keys] {
    let chooser = chooser["faults"]
    let amount = chooser.tendency("amount")
    let chance = amount < 0.1 ? 0 : amount < 0.6 ? 0.25 : 0.7
    // Each scenario leaves some kinds out, so that others are alone (swarm testing, Groce 2012).
    let weights = Self.kinds.map { kind in
      chooser.tendency(kind.name) < 0.5 ? kind.weight : kind.weight / 50
    }
    var faults: [Keys] = []
    for place in 0..<8 {
      let chooser = chooser["\(place)"]
      guard chooser.flag("exists", chance: chance) else { continue }
      faults.append(fault(chooser, weights))
    }
    return faults
  }

  /// A kind of fault and the parties that it may strike.
  private struct Kind {
    let name: String
    let weight: Double
    let parties: [String]
  }

  private static let kinds = [
    Kind(name: "kill", weight: 3, parties: ["slaves", "schedulers", "masters", "executors"]),
    Kind(name: "crash", weight: 2, parties: ["slaves", "schedulers", "masters"]),
    Kind(name: "restart", weight: 1, parties: ["slaves", "schedulers", "masters"]),
    Kind(name: "pause", weight: 2, parties: ["slaves", "schedulers", "masters"]),
    Kind(name: "resume", weight: 0.5, parties: ["slaves", "schedulers", "masters"]),
    Kind(name: "reset", weight: 2, parties: ["slaves", "schedulers", "masters"]),
    Kind(name: "partition", weight: 3, parties: ["slaves", "schedulers", "masters"]),
    Kind(name: "network", weight: 1.5, parties: []),
    Kind(name: "random", weight: 1, parties: []),
  ]

  /// Faults that keep parties from running, and can happen within another of the same parties.
  private static let outages = ["kill", "crash", "pause"]

  private mutating func fault(_ chooser: Chooser, _ weights: [Double]) -> Keys {
    // A slave that is another when a partition ends, a leader that stands still while one
    // registers: such faults lie within another of the same parties.
    let outer = chooser.flag("isWithin", chance: 0.15) ? struck.last(where: \.hasRoom) : nil
    let at =
      outer.map { chooser.integer("atWithin", $0.span) }
      ?? chooser.instant(
        "at", upTo: Self.faultsEnd, trivial: 60_000, near: instants, during: struck.map(\.span))
    // What strikes again while it lasts is where one remedy may undo another fault.
    let lasting = struck.filter { $0.span.contains(at) }
    let again = zip(Self.kinds, weights).map { kind, weight in
      if outer != nil, !Self.outages.contains(kind.name) { return 0.0 }
      return lasting.contains { $0.kind == kind.name } ? weight * 4 : weight
    }
    let name = chooser.word("kind", Self.kinds.map(\.name), weights: again)
    let kind = Self.kinds.first { $0.name == name } ?? Self.kinds[0]
    var what: Keys
    var party: String?
    switch name {
    case "network": what = conditions(chooser)
    case "random": what = chance(chooser)
    default: (what, party) = parties(kind, chooser, lasting, outer)
    }
    if name == "partition" {
      what.add("from", chooser.word("from", others, weights: [6, 1, 1, 1, 1]))
      what.add("oneWay", chooser.flag("oneWay", chance: 0.25))
    }
    var end = at
    if ["kill", "crash", "pause", "partition", "network"].contains(name) {
      // What lasts for ever is rare: most of what can go wrong is in coming back.
      // Executors are started again by their frameworks alone.
      let isPutRight = !what.entries.contains { $0.key == "executors" }
      let lasts = isPutRight && !chooser.flag("forever", chance: 0.12)
      // Some are over before what they happened in is.
      let length =
        outer.map { chooser.integer("forWithin", 1...max(1, $0.span.upperBound - at)) }
        ?? chooser.length(
          "for", Self.lengths, upTo: 15 * 60_000, trivial: 30_000,
          within: lasting.map { $0.span.upperBound - at }.filter { $0 > 0 })
      if lasts { what.add("for", Chooser.text(milliseconds: length)) }
      end = lasts ? at + length : Self.faultsEnd
    } else if name == "random" {
      end = at + 5 * 60_000
    }
    struck.append(
      Fault(
        kind: name, span: at...max(at, end), parties: party == nil ? nil : what.entries[0].key,
        party: party))
    var keys = Keys()
    keys.add("at", Chooser.text(milliseconds: at))
    keys.add(name, what.line)
    return keys
  }

  /// Lengths around those of timers: of pings, sessions, registrations and removals.
  private static let lengths = [
    5_000, 10_000, 15_000, 30_000, 60_000, 75_000, 90_000, 100_000, 120_000, 300_000, 600_000,
    660_000, 1, 1_000,
  ]

  // MARK: - Whom

  /// Chooses whom a fault strikes, rather those whom another strikes at the same time.
  private func parties(
    _ kind: Kind, _ chooser: Chooser, _ lasting: [Fault], _ outer: Fault?
  ) -> (keys: Keys, name: String) {
    if let parties = outer?.parties, let party = outer?.party {
      var keys = Keys()
      keys.add(parties, quoted: party)
      return (keys, party)
    }
    let isSlaves = kind.parties.contains("slaves")
    if isSlaves, chooser.flag("isDrawn", chance: 0.08) {
      var keys = Keys()
      keys.add("slaves", "{draw: \(chooser.integer("draw", 1...hosts.count, trivial: 1))}")
      // Who meets it later meets all of them.
      return (keys, "*")
    }
    let all = ["slaves": 5, "schedulers": 3, "masters": 3, "executors": 1.5]
    let party = chooser.word("party", kind.parties, weights: kind.parties.map { all[$0] ?? 1 })
    func name(_ choice: String, _ words: [String], _ weights: [Double]) -> String {
      chooser.word(
        choice, words,
        weights: zip(words, weights).map { word, weight in
          lasting.contains { $0.party == word } ? weight * 5 : weight
        })
    }
    let chosen: String
    switch party {
    case "slaves":
      chosen = name("slave", hosts + ["*", "node-*"], hosts.map { _ in 1 } + [2, 0.5])
    case "schedulers":
      let own = frameworks.map(\.name)
      chosen = name("scheduler", own + ["*"], own.map { _ in 1 } + [1])
    case "masters":
      let names = (1...masters).map { "master-\($0)" }
      chosen = name(
        "master", ["leader"] + names + ["*"], [3] + names.map { _ in 1 } + [0.5])
    default:
      let own = frameworks.map { "\($0.name)/*" }
      chosen = name(
        "executor", own + ["*", "*/*@\(hosts[0])"], own.map { _ in 1 } + [1, 1])
    }
    var keys = Keys()
    keys.add(party, quoted: chosen)
    return (keys, chosen)
  }

  private var others: [String] {
    [
      "master", "zookeeper", "{slaves: \"*\"}", "{schedulers: \"*\"}",
      "{masters: \"*\", zookeeper: true}",
    ]
  }

  // MARK: - The network, and chance

  private func conditions(_ chooser: Chooser) -> Keys {
    let chooser = chooser["network"]
    var keys = Keys()
    keys.add("loss", chooser.word("loss", ["5%", "0", "1%", "30%", "60%"]))
    keys.add("duplication", chooser.optional("duplication", ["0.02", "0.3"], chance: 0.35))
    keys.add("reordering", chooser.optional("reordering", ["0.05", "0.5"], chance: 0.35))
    keys.add(
      "jitter",
      chooser.optional("jitter", ["20ms", "{exponential: {mean: 1s}}", "3s"], chance: 0.35))
    return keys
  }

  private func chance(_ chooser: Chooser) -> Keys {
    let chooser = chooser["random"]
    var keys = Keys()
    keys.add("slaveMTBF", chooser.optional("slaveMTBF", ["10m", "30m", "2h"], chance: 0.6))
    keys.add("schedulerMTBF", chooser.optional("schedulerMTBF", ["15m", "1h"], chance: 0.5))
    keys.add("masterMTBF", chooser.optional("masterMTBF", ["15m", "1h"], chance: 0.4))
    keys.add("downtime", chooser.optional("downtime", ["10s", "60s", "3m"], chance: 0.6))
    keys.add("partitionEvery", chooser.optional("partitionEvery", ["5m", "20m"], chance: 0.5))
    keys.add("partitionFor", chooser.optional("partitionFor", ["20s", "2m"], chance: 0.5))
    keys.add("partitionShare", chooser.optional("partitionShare", ["1", "0.3"], chance: 0.3))
    keys.add("for", chooser.word("for", ["10m", "5m", "1000s", "25m"]))
    return keys
  }
}
