// Part of mesosim. Apache-2.0, see LICENSE.
//
// How a scenario names and sets Marathon: its apps, what they are changed to, and when.

package import Mesos

extension FrameworkDescriptor {
  /// `marathon`: apps by their definitions.
  public static let marathon = FrameworkDescriptor(
    "marathon", "Marathon: long-lived apps by their definitions, kept running and deployed",
    parameters: [
      MarathonParameters.apps, MarathonParameters.versions, MarathonParameters.acts,
      MarathonParameters.semantics, MarathonParameters.launchTokens,
      MarathonParameters.launchesPerOffer, MarathonParameters.declineDuration,
      MarathonParameters.reviveInterval, MarathonParameters.launchTimeout,
      MarathonParameters.reconcile, MarathonParameters.scaleInterval,
    ],
    makeScheduler: { request, environment in
      MarathonScheduler(
        options: MarathonOptions(request.parameters), roles: request.roles,
        principal: request.principal, environment: environment)
    }
  ).with { descriptor in
    descriptor.isEndless = { _ in true }
    // What says itself how long it runs is started again and again.
    descriptor.commands = { request in
      MarathonOptions(request.parameters).commandLines.compactMap(MarathonOptions.command)
    }
    descriptor.check = { request throws(ParameterError) in
      try MarathonParameters.check(request.parameters)
    }
  }
}

extension MarathonOptions {
  /// What parameters say.
  package init(_ parameters: Parameters) {
    self.init()
    apps = parameters[MarathonParameters.apps].lists
    versions = parameters[MarathonParameters.versions]
    acts = parameters[MarathonParameters.acts]
    semantics = parameters[MarathonParameters.semantics]
    launchTokens = parameters[MarathonParameters.launchTokens]
    launchesPerOffer = parameters[MarathonParameters.launchesPerOffer]
    declineDuration = parameters[MarathonParameters.declineDuration]
    reviveInterval = parameters[MarathonParameters.reviveInterval]
    launchTimeout = parameters[MarathonParameters.launchTimeout]
    reconciliationInterval = parameters[MarathonParameters.reconcile]
    scaleInterval = parameters[MarathonParameters.scaleInterval]
  }

  /// What a command line does that does not say so itself.
  static func command(_ line: String) -> FrameworkCommand? {
    line.hasPrefix("sleep ") ? nil : FrameworkCommand(line, length: .endless)
  }

  /// Every command line that its apps are or may be changed to.
  var commandLines: [String] {
    var lines: [String] = []
    for app in apps.joined() { lines.append(app.commandLine) }
    for version in versions {
      guard let body = try? JSONValue(parsing: version.value) else { continue }
      if let command = body["cmd"]?.string { lines.append(command) }
      if let words = body["args"]?.array {
        lines.append(words.compactMap(\.string).joined(separator: " "))
      }
    }
    var seen: Set<String> = []
    return lines.filter { seen.insert($0).inserted }
  }
}

extension AppDefinition {
  /// The command line of its tasks, as slaves see it.
  var commandLine: String {
    if let command, !command.isEmpty { return command }
    return arguments.joined(separator: " ")
  }
}

/// The apps that a Marathon is made with, and how they were written.
package struct MarathonApps: Sendable {
  /// The apps, those of each entry together.
  package var lists: [[AppDefinition]] = []
  /// The number of the entry that each list is of.
  fileprivate var origins: [Int] = []
  fileprivate var written: [ParameterValue] = []
}

package enum MarathonParameters {
  package static let apps = Parameter<MarathonApps>(
    "apps",
    .list(
      .document(example: "{id: web, cmd: ./web, instances: 3}"),
      example: "[web.json, {id: web, cmd: ./web, instances: 3}]"),
    default: MarathonApps(),
    "the apps: bodies of POST /v2/apps or PUT /v2/groups, or {post: /v1/apps/start, file: web.json}"
      + " with a count, if there are several",
    take: { data throws(ParameterError) in
      var apps = MarathonApps()
      for (index, item) in data.asList.enumerated() {
        for list in try MarathonDocuments.apps(item, at: String(index)) {
          apps.lists.append(list)
          apps.origins.append(index)
        }
        apps.written.append(item)
      }
      return apps
    },
    give: { $0.written.isEmpty ? nil : .list($0.written) })

  package static let versions = Parameter<[AppDefinition.Pair]>(
    "versions",
    .map(
      .document(example: "{cmd: ./web-2}"), example: "{\"web@v2\": {cmd: ./web-2}}"),
    default: [],
    "what apps are changed to, by names such as web@v2: bodies of PUT /v2/apps/ID",
    take: { data throws(ParameterError) in
      var versions: [AppDefinition.Pair] = []
      for entry in data.asMap {
        let body = try MarathonDocuments.body(entry.value, at: entry.key)
        versions.append(AppDefinition.Pair(key: entry.key, value: body.text))
      }
      return versions
    },
    give: { versions in
      let entries = versions.map { version in
        ParameterValue.Entry(
          key: version.key, value: .file(name: version.key, text: version.value))
      }
      return entries.isEmpty ? nil : .map(entries)
    })

  package static let acts = Parameter<[FrameworkAct]>.acts(
    MarathonActs.verbs, details: MarathonActs.details,
    example: "[{at: 10m, deploy: \"web@v2\"}, {at: 20m, scale: web, to: 5}]",
    "what is asked of it later: deploy, scale, restart, delete, kill, rollback or cancel",
    check: { act throws(ParameterError) in try MarathonActs.check(act) })

  /// Not written where it is the default: as a plain word that would read as a number.
  package static let semantics = Parameter<PlacementRules.Semantics>(
    "semantics", .word(PlacementRules.Semantics.allCases.map(\.rawValue)), default: .classic,
    or: "0.8", "what the constraints' operators mean: as in Marathon 0.8, or in its last state",
    take: { PlacementRules.Semantics(rawValue: $0.asText) ?? .classic },
    give: { $0 == .classic ? nil : .text($0.rawValue) })

  package static let launchTokens = Parameter.integer(
    "launchTokens", 1...1_000_000, default: 100,
    "how many instances may be launched in 30 s, beside one for each that comes up")

  package static let launchesPerOffer = Parameter.integer(
    "launchesPerOffer", 1...10_000, default: 5,
    "how many instances may be launched on one offer (max_instances_per_offer)")

  package static let declineDuration = Parameter.duration(
    "declineDuration", default: .seconds(120),
    "how long what nobody can use stays away (decline_offer_duration)")

  package static let reviveInterval = Parameter.duration(
    "reviveInterval", default: .seconds(5),
    "the least time between two requests for offers (min_revive_offers_interval)")

  package static let launchTimeout = Parameter.duration(
    "launchTimeout", default: .seconds(300),
    "how long an instance may take to start before it is killed (task_launch_timeout)")

  package static let reconcile = Parameter.duration(
    "reconciliationInterval", default: .seconds(600),
    "how often it asks what became of its tasks (reconciliation_interval)")

  package static let scaleInterval = Parameter.duration(
    "scaleInterval", default: .seconds(300),
    "how often it looks whether all apps have their instances (scale_apps_interval)")

  /// Refuses apps and acts that make sense each by itself but not together.
  static func check(_ parameters: Parameters) throws(ParameterError) {
    let made = parameters[apps]
    let lists = made.lists
    var seen: Set<AppPath> = []
    for (list, origin) in zip(lists, made.origins) {
      for app in list where !seen.insert(app.id).inserted {
        throw ParameterError(
          path: "apps.\(origin)", reason: AppRefusal.exists(app.id).description)
      }
    }
    try checkDependencies(of: lists, made.origins)
    try checkNames(parameters, seen)
    let versions = parameters[versions]
    for (index, act) in parameters[acts].enumerated() where act.verb == "deploy" {
      guard !versions.contains(where: { $0.key == act.object }) else { continue }
      let known = versions.map(\.key).joined(separator: ", ")
      throw ParameterError(
        path: "acts.\(index).deploy",
        reason: "'\(act.object)' is none of the versions; "
          + (known.isEmpty ? "there are none" : "there are \(known)"))
    }
    for (index, version) in versions.enumerated() {
      let id = MarathonActs.app(of: version.key)
      guard let app = lists.joined().first(where: { $0.id == id }),
        let members = try? JSONValue(parsing: version.value).members
      else { continue }
      do throws(AppRefusal) { _ = try app.merging(members) } catch {
        let keys = error.details.first?.keys ?? []
        throw ParameterError(
          path: (["versions", versions[index].key] + keys).joined(separator: "."),
          reason: error.description)
      }
    }
  }

  /// Refuses apps that depend on what is not there when they are created, list by list, or on
  /// themselves: Marathon would create none of the list.
  private static func checkDependencies(
    of lists: [[AppDefinition]], _ origins: [Int]
  ) throws(ParameterError) {
    var known: [AppPath] = []
    for (list, origin) in zip(lists, origins) {
      known += list.map(\.id)
      for app in list {
        for path in app.dependencies where !known.contains(where: { $0.isInside(path) }) {
          throw ParameterError(
            path: "apps.\(origin)",
            reason: "\(app.id) depends on \(path), which is no app or group so far; expected "
              + "one that stands in the same list or above it")
        }
      }
      var graph: [AppPath: [AppPath]] = [:]
      for app in list {
        graph[app.id] = list.map(\.id).filter { id in
          app.dependencies.contains { id.isInside($0) }
        }
      }
      if let app = DeploymentPlan.appOnCycle(graph) {
        throw ParameterError(
          path: "apps.\(origin)", reason: "\(app) depends on itself, by way of others")
      }
    }
  }

  /// Refuses acts on apps that are there at no time.
  private static func checkNames(
    _ parameters: Parameters, _ apps: Set<AppPath>
  ) throws(ParameterError) {
    let made = apps.union(parameters[versions].map { MarathonActs.app(of: $0.key) })
    let known = made.sorted().map(\.description).joined(separator: ", ")
    for (index, act) in parameters[acts].enumerated()
    where ["scale", "restart", "delete", "kill"].contains(act.verb) {
      let id = AppPath(act.object)
      guard !made.contains(where: { $0.isInside(id) || id.isInside($0) }) else { continue }
      throw ParameterError(
        path: "acts.\(index).\(act.verb)",
        reason: "'\(act.object)' is none of the apps; "
          + (known.isEmpty ? "there are none" : "there are \(known)"))
    }
  }
}
