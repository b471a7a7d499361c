// Part of mesosim. Apache-2.0, see LICENSE.
//
// What an operator asks for, by chance; the master may refuse it.

import MesosExploration

extension ScenarioDraft {
  /// Chooses what the operator does.
  func operatorCalls() -> [Keys] {
    let chooser = chooser["operator"]
    let amount = chooser.tendency("amount")
    let chance = amount < 0.5 ? 0 : amount < 0.8 ? 0.25 : 0.6
    var calls: [Keys] = []
    for place in 0..<6 {
      let chooser = chooser["\(place)"]
      guard chooser.flag("exists", chance: chance) else { continue }
      let at = chooser.instant(
        "at", upTo: Self.faultsEnd, trivial: 60_000, near: instants, during: struck.map(\.span))
      let (key, value) = call(chooser)
      var keys = Keys()
      keys.add("at", Chooser.text(milliseconds: at))
      keys.add(key, value)
      calls.append(keys)
    }
    return calls
  }

  private static let calls = [
    "drain", "reactivate", "markGone", "weights", "quota", "removeQuota", "whitelist", "reserve",
    "unreserve", "createVolumes", "destroyVolumes", "teardown", "maintenance",
  ]

  private func call(_ chooser: Chooser) -> (key: String, value: String) {
    let key = chooser.word("call", Self.calls)
    let host = chooser.word("slave", hosts)
    let role = chooser.word("role", Self.roles)
    switch key {
    case "drain", "reactivate", "markGone": return (key, host)
    case "weights": return (key, "{\(role): \(chooser.word("weight", ["2", "0.3", "10"]))}")
    case "quota": return (key, "{\(role): \(chooser.word("quota", Self.quotas))}")
    case "removeQuota": return (key, role)
    case "whitelist":
      return (
        key, chooser.word("hosts", ["all", "[\(host)]", "[]", "none"], weights: [1, 2, 0.5, 1])
      )
    case "reserve", "unreserve": return (key, reservation(host, role, chooser).line)
    case "createVolumes", "destroyVolumes": return (key, volume(host, role, chooser).line)
    case "teardown": return (key, chooser.word("framework", frameworks.map(\.name)))
    default: return ("maintenance", "[\(window(host, chooser).line)]")
    }
  }

  private func reservation(_ host: String, _ role: String, _ chooser: Chooser) -> Keys {
    var keys = Keys()
    keys.add("slave", host)
    keys.add("role", role)
    keys.add("principal", chooser.optional("principal", ["ops"], chance: 0.3))
    keys.add(
      "resources",
      quoted: chooser.word("resources", ["cpus:1;mem:128", "cpus:0.5", "cpus:2;mem:256;disk:256"]))
    return keys
  }

  private func volume(_ host: String, _ role: String, _ chooser: Chooser) -> Keys {
    var keys = Keys()
    keys.add("slave", host)
    keys.add("role", role)
    keys.add("reserved", chooser.optional("reserved", ["static"], chance: 0.5))
    keys.add("principal", chooser.optional("principal", ["ops"], chance: 0.3))
    keys.add("id", "v1")
    keys.add("size", chooser.word("size", ["64", "256"]))
    return keys
  }

  private func window(_ host: String, _ chooser: Chooser) -> Keys {
    var keys = Keys()
    keys.add("slave", host)
    let start = chooser.instant("start", upTo: Self.faultsEnd, trivial: 120_000, near: instants)
    keys.add("start", Chooser.text(milliseconds: start))
    keys.add("duration", chooser.optional("duration", ["60s", "5m", "1h"], chance: 0.7))
    return keys
  }
}
