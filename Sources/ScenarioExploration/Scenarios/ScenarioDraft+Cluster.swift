// Part of mesosim. Apache-2.0, see LICENSE.
//
// Slaves, network, masters and their settings, by chance.

import MesosExploration
internal import SimulationKernel

extension ScenarioDraft {
  /// Chooses the cluster.
  mutating func cluster() -> String {
    let chooser = chooser["cluster"]
    masters = chooser.integer("masters", 1...4, trivial: 1) { stream in
      stream.uniform() < 0.55 ? 1 : 1 + stream.integer(below: 4)
    }
    var keys = Keys()
    keys.add("masters", masters > 1 ? "\(masters)" : nil)
    keys.add("network", network())
    keys.add("isolation", chooser.optional("isolation", ["none"], chance: 0.15))
    keys.add(
      "offerTimeout",
      chooser.optional("offerTimeout", ["60s", "5s", "15s", "7300ms"], chance: 0.4))
    if let interval = chooser.optional("oversubscription", ["15s", "7s"], chance: 0.15) {
      keys.add("oversubscription", "{interval: \(interval)}")
    }
    keys.add("serviceTimes", serviceTimes())
    keys.add("master", masterSettings())
    keys.add("slave", settings("slave", Self.slaveSettings))
    return "cluster:\n" + keys.block(indent: 2) + slaveGroups().list("slaves", indent: 2)
  }

  // MARK: - Slaves

  private mutating func slaveGroups() -> [Keys] {
    let names = ["node-", "big-", "edge-"]
    var groups: [Keys] = []
    for (place, name) in names.enumerated() {
      let chooser = chooser["slaves", place]
      // One group there is in any case.
      guard place == 0 || chooser.flag("exists", chance: 0.35) else { continue }
      let count = chooser.integer("count", 1...5)
      hosts += (0..<count).map { "\(name)\($0)" }
      var keys = Keys()
      keys.add("count", "\(count)")
      keys.add("name", quoted: name + "{index}")
      keys.add(
        "resources", quoted: chooser.word("resources", Self.shapes, weights: Self.shapeWeights))
      let said = chooser.optional(
        "attributes", ["\"rack:r{index/2}\"", "\"rack:r1;zone:z{index%2}\""], chance: 0.3)
      keys.add("attributes", said)
      if let said {
        attributes += (0..<count).flatMap { number in
          said.contains("zone") ? ["rack:r1", "zone:z\(number % 2)"] : ["rack:r\(number / 2)"]
        }
      }
      // The first are always there, so that something is.
      if place > 0 {
        keys.add("join", chooser.optional("join", ["30s", "217s", "11m"], chance: 0.2))
        keys.add("leave", chooser.optional("leave", ["12m", "1201s", "21m"], chance: 0.2))
      }
      groups.append(keys)
    }
    return groups
  }

  private static let shapes = [
    "cpus:4;mem:4096", "cpus:8;mem:16384;disk:10000", "cpus:2;mem:1024",
    "cpus:4;mem:4096;disk:4096;ports:[31000-31020]", "cpus:1;mem:512", "cpus:0.5;mem:4096",
    "cpus:4;mem:8192;disk:2048;cpus(a):2;mem(a):1024;disk(a):1024",
    "cpus(b/z):1;mem(b/z):512;cpus:3;mem:2000", "cpus:4;mem:8192;gpus:2",
  ]
  private static let shapeWeights = [4, 3, 2, 2, 1, 0.5, 1.5, 1, 0.7]

  // MARK: - Network

  private func network() -> Keys {
    let chooser = chooser["network"]
    var keys = Keys()
    keys.add("latency", chooser.optional("latency", Self.latencies, chance: 0.4))
    keys.add("loss", chooser.optional("loss", ["1%", "5%", "0.2"], chance: 0.06))
    return keys
  }

  private static let latencies = [
    "1ms", "{mean: 20ms, min: 5ms}", "50ms", "{mean: 300ms}", "{uniform: {min: 0s, max: 2s}}",
    "{lognormal: {median: 5ms, sigma: 1}}",
  ]

  private func serviceTimes() -> Keys {
    let chooser = chooser["serviceTimes"]
    guard chooser.flag("exists", chance: 0.2) else { return Keys() }
    var keys = Keys()
    keys.add(
      "master",
      chooser.optional(
        "master",
        [
          "{statusUpdate: 1ms, acceptOffers: 5ms}", "{register: 300ms, otherReports: 20ms}",
          "{otherCalls: 50ms, declineOffers: 30ms, subscribe: 2s}",
        ], chance: 0.7))
    keys.add(
      "scheduler",
      chooser.optional(
        "scheduler", ["{resourceOffers: 400ms}", "{statusUpdate: 100ms, registered: 5s}"],
        chance: 0.5))
    keys.add(
      "slave",
      chooser.optional(
        "slave", ["{runTask: 500ms}", "{acknowledge: 20ms, otherMessages: 100ms}"], chance: 0.5))
    keys.add(
      "executor",
      chooser.optional("executor", ["{launchTask: 300ms, shutdown: 2s}"], chance: 0.3))
    return keys
  }

  // MARK: - Settings

  /// A key and what may stand behind it beside its default.
  fileprivate struct Setting {
    let key: String
    let values: [String]

    init(_ key: String, _ values: String...) {
      self.key = key
      self.values = values
    }
  }

  private func settings(_ party: String, _ all: [Setting]) -> Keys {
    let chooser = chooser[party]
    // Half of the scenarios have the defaults, so that what does not need a setting is seen.
    let chance = chooser.tendency("settings") < 0.5 ? 0 : 0.25
    var keys = Keys()
    for setting in all {
      keys.add(setting.key, chooser.optional(setting.key, setting.values, chance: chance))
    }
    return keys
  }

  private func masterSettings() -> Keys {
    var keys = settings("master", Self.masterSettings)
    let chooser = chooser["master"]
    keys.add("roles", chooser.optional("roles", ["[a, b, c]", "[a, a/x, b]"], chance: 0.03))
    if hasCredentials {
      keys.add("credentials", "[{principal: ops, secret: sesame}, {principal: dev}]")
    }
    keys.add("acls", chooser.optional("acls", Self.accessRules, chance: 0.05))
    return keys
  }

  /// Whether frameworks must say who they are.
  var hasCredentials: Bool { chooser["master"].flag("credentials", chance: 0.08) }

  private static let accessRules = [
    "{rules: [{action: reserve_resources, principals: [ops], objects: any}, "
      + "{action: reserve_resources, principals: any, objects: none}]}",
    "{rules: [{action: register_frameworks, principals: any, objects: [a, b, c, \"*\"]}, "
      + "{action: register_frameworks, principals: any, objects: none}]}",
  ]

  private static let masterSettings = [
    Setting("pingTimeout", "5s", "10s", "7300ms", "30s", "2m"),
    Setting("pingTimeouts", "1", "2", "3", "20"),
    Setting("reregisterTimeout", "1m", "75s", "2m", "20m", "10s"),
    Setting("removalInterval", "1m", "10m", "15s", "20s"),
    Setting("completedFrameworks", "0", "1"),
    Setting("completedTasks", "0", "3"),
    Setting("readmitsLostSlaves", "true"),
    Setting("answersFailoverWithRegistered", "true"),
    Setting("rootSubmissions", "false"),
  ]

  private static let slaveSettings = [
    Setting("diskQuota", "true"),
    Setting("diskWatchInterval", "5s", "60s"),
    Setting("executorRegistrationTimeout", "5s", "100ms"),
    Setting("executorShutdownGracePeriod", "0s", "30s"),
    Setting("executorReregistrationTimeout", "500ms", "15s"),
    Setting("recoveryTimeout", "10s", "1m"),
    Setting("registrationBackoff", "100ms", "10s"),
    Setting("updateRetry", "1s", "5s", "60s"),
    Setting("killGracePeriod", "0s", "30s"),
    Setting("reportsStarting", "true"),
    Setting("failsTasksOfExitedExecutors", "true"),
    Setting("keepsIDAfterReboot", "true"),
  ]
}
