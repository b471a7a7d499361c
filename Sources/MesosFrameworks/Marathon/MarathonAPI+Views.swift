// Part of mesosim. Apache-2.0, see LICENSE.
//
// What users see of Marathon: apps, tasks, deployments and what waits, as its interface shows them.
// Clients take no field that they do not know: the ones that are shown are listed here.

package import Mesos

/// What is shown of an app beside its definition (`?embed=apps.tasks`).
package struct AppEmbeds: OptionSet, Sendable {
  package let rawValue: Int
  package init(rawValue: Int) { self.rawValue = rawValue }

  /// How many of its tasks are in which state.
  package static let counts = AppEmbeds(rawValue: 1)
  /// The deployments that it is part of.
  package static let deployments = AppEmbeds(rawValue: 2)
  /// Its tasks.
  package static let tasks = AppEmbeds(rawValue: 4)
  /// How its last task that failed did so.
  package static let lastTaskFailure = AppEmbeds(rawValue: 8)
  /// What its readiness checks have found.
  package static let readiness = AppEmbeds(rawValue: 16)
  /// Its tasks by their configurations, with their ages.
  package static let taskStats = AppEmbeds(rawValue: 32)

  /// What is always shown.
  package static let usual: AppEmbeds = [.counts, .deployments]
}

extension AppDefinition {
  /// The fields of a definition that are shown.
  private static let shownKeys: Set<String> = [
    "acceptedResourceRoles", "args", "backoffFactor", "backoffSeconds", "cmd", "constraints",
    "container", "cpus", "dependencies", "disk", "env", "executor", "fetch", "gpus",
    "healthChecks", "id", "instances", "ipAddress", "killSelection", "labels",
    "maxLaunchDelaySeconds", "mem", "networks", "portDefinitions", "ports", "readinessChecks",
    "requirePorts", "residency", "role", "secrets", "storeUrls", "taskKillGracePeriodSeconds",
    "taskRateLimit", "unreachableStrategy", "upgradeStrategy", "uris", "user",
  ]

  /// The definition as it is shown.
  package var shownMembers: [JSONValue.Member] {
    (json.members ?? []).filter { Self.shownKeys.contains($0.key) }
  }
}

extension MarathonAPI {
  func text(_ instant: Instant) -> JSONValue {
    .text(CalendarText.text(epoch: scheduler.environment.epoch, instant))
  }

  // MARK: Apps

  /// Apps by their ids (`GET /v2/apps`).
  package func apps(
    _ embeds: AppEmbeds = .usual, where isShown: (AppDefinition) -> Bool = { _ in true }
  ) -> [JSONValue] {
    scheduler.sortedApps.compactMap { app in
      guard let definition = app.definition, isShown(definition) else { return nil }
      return view(app, embeds)
    }
  }

  /// An app (`GET /v2/apps/ID`).
  ///
  /// - Throws: `AppRefusal` when there is none of this id.
  package func view(
    _ id: AppPath, _ embeds: AppEmbeds = .usual
  ) throws(AppRefusal) -> JSONValue {
    guard let app = scheduler.apps[id], let view = view(app, embeds) else {
      throw .unknownApp(id)
    }
    return view
  }

  /// An app that has just been created: its deployment is shown even if it is over already.
  package func created(_ id: AppPath, by receipt: Receipt) throws(AppRefusal) -> JSONValue {
    let members = try view(id, [.counts]).members ?? []
    let deployment = JSONValue.object(["id": .text(receipt.deploymentID)])
    return JSONValue(
      .object(
        members + [
          .init(key: "tasks", value: .array([])),
          .init(key: "deployments", value: .array([deployment])),
        ]))
  }

  func view(_ app: MarathonApp, _ embeds: AppEmbeds) -> JSONValue? {
    guard let spec = app.spec else { return nil }
    var members = definitionMembers(of: app, spec)
    func put(_ key: String, _ value: JSONValue) {
      members.append(JSONValue.Member(key: key, value: value))
    }
    if embeds.contains(.counts) { members += TaskCounts(app.shownInstances).members }
    if embeds.contains(.deployments) {
      let deployments = app.deployment.map { [JSONValue.object(["id": .text($0.id)])] }
      put("deployments", .array(deployments ?? []))
    }
    if embeds.contains(.tasks) { put("tasks", .array(app.shownInstances.compactMap(view))) }
    if embeds.contains(.lastTaskFailure), let failure = app.lastFailure {
      put("lastTaskFailure", view(failure, app.id))
    }
    if embeds.contains(.readiness) { put("readinessCheckResults", .array([])) }
    if embeds.contains(.taskStats) { put("taskStats", taskStats(of: app, spec)) }
    return JSONValue(.object(members))
  }

  private func definitionMembers(of app: MarathonApp, _ spec: AppSpec) -> [JSONValue.Member] {
    let scaledAt = app.versions.last?.version ?? spec.version
    let version = JSONValue.object([
      "lastScalingAt": .text(scaledAt), "lastConfigChangeAt": .text(spec.version),
    ])
    return spec.definition.shownMembers + [
      .init(key: "version", value: .text(scaledAt)),
      .init(key: "versionInfo", value: version),
    ]
  }

  private func view(_ failure: InstanceFailure, _ app: AppPath) -> JSONValue {
    .object([
      "appId": .text(app.description), "host": .text(failure.hostname),
      "message": .text(failure.message), "taskId": .text(failure.task.value),
      "instanceId": .text(failure.instance), "slaveId": .text(failure.slave?.value),
      "state": .text(failure.state.description), "timestamp": text(failure.at),
      "version": .text(failure.version),
    ])
  }

  /// Counts and ages of the tasks of the present configuration, of older ones, and of all.
  private func taskStats(of app: MarathonApp, _ spec: AppSpec) -> JSONValue {
    func stats(_ key: String, _ instances: [AppInstance]) -> JSONValue.Member? {
      if instances.isEmpty { return nil }
      let counts = TaskCounts(instances)
      var stats: [JSONValue.Member] = [.init(key: "counts", value: counts.short)]
      let ages = instances.compactMap { instance in
        instance.condition == .running
          ? instance.since.map { (scheduler.now - $0).inSeconds } : nil
      }.sorted()
      if !ages.isEmpty {
        let median = (ages[(ages.count - 1) / 2] + ages[ages.count / 2]) / 2
        let life = JSONValue.object([
          "averageSeconds": .number((ages.reduce(0, +) / Double(ages.count)).shortText),
          "medianSeconds": .number(median.shortText),
        ])
        stats.append(.init(key: "lifeTime", value: life))
      }
      return .init(key: key, value: .object(["stats": JSONValue(.object(stats))]))
    }
    let all = app.shownInstances
    return JSONValue(
      .object(
        [
          stats("withLatestConfig", all.filter { $0.spec === spec }),
          stats("withOutdatedConfig", all.filter { $0.spec !== spec }),
          stats("totalSummary", all),
        ].compactMap { $0 }))
  }

  /// The versions of an app, newest first (`GET /v2/apps/ID/versions`).
  package func versions(of id: AppPath) throws(AppRefusal) -> [String] {
    guard let app = scheduler.apps[id], app.spec != nil else { throw .unknownApp(id) }
    var versions: [String] = []
    for (version, _) in app.versions.reversed() where !versions.contains(version) {
      versions.append(version)
    }
    return versions
  }

  /// An app as it was in a version (`GET /v2/apps/ID/versions/VERSION`).
  package func view(_ id: AppPath, version: String) throws(AppRefusal) -> JSONValue {
    guard let app = scheduler.apps[id], app.spec != nil else { throw .unknownApp(id) }
    guard let found = app.versions.last(where: { $0.version == version }) else {
      throw AppRefusal(
        status: 404, message: "App '\(id)' does not exist in version \(version)")
    }
    return JSONValue(
      .object(
        found.definition.shownMembers + [.init(key: "version", value: .text(found.version))]))
  }

  // MARK: Tasks

  /// The tasks of an app (`GET /v2/apps/ID/tasks`), or of all (`GET /v2/tasks`).
  package func tasks(of id: AppPath? = nil) -> [JSONValue] {
    let apps = id.map { id in scheduler.apps[id].map { [$0] } ?? [] } ?? scheduler.sortedApps
    return apps.flatMap { app in app.shownInstances.compactMap(view) }
  }

  func view(_ instance: AppInstance) -> JSONValue? {
    guard let task = instance.task, let slave = instance.slave else { return nil }
    let hasStarted = instance.condition == .running && instance.since != nil
    let definition = instance.spec.definition
    var members: [JSONValue.Member] = [
      .init(key: "id", value: .text(task.value)),
      .init(key: "appId", value: .text(instance.app.id.description)),
      .init(key: "host", value: .text(instance.location?.hostname ?? "")),
      .init(key: "slaveId", value: .text(slave.value)),
      .init(key: "ports", value: .array(instance.ports.compactMap { $0 }.map { .number($0) })),
      .init(
        key: "servicePorts", value: .array(definition.servicePorts.map { .number($0) })),
      .init(key: "ipAddresses", value: .array([])),
      .init(key: "state", value: .text(instance.condition.taskState.description)),
      .init(key: "stagedAt", value: text(instance.launchedAt)),
      .init(
        key: "startedAt",
        value: hasStarted ? text(instance.since ?? .start) : JSONValue(.null)),
      .init(key: "version", value: .text(instance.spec.version)),
    ]
    if let isHealthy = instance.isHealthy, !definition.healthChecks.isEmpty {
      let result = JSONValue.object([
        "alive": .bool(isHealthy), "consecutiveFailures": .number(instance.watch.failures),
        "instanceId": .text(instance.name),
      ])
      members.append(.init(key: "healthCheckResults", value: .array([result])))
    }
    if let place = instance.residence {
      let volumes = place.volumes.entries.compactMap { entry in
        entry.disk.map { disk in
          JSONValue.object([
            "containerPath": .text(disk.containerPath), "persistenceId": .text(disk.persistenceID),
          ])
        }
      }
      members.append(.init(key: "localVolumes", value: .array(volumes)))
    }
    for (key, value) in [
      ("region", instance.location?.region), ("zone", instance.location?.zone),
      ("role", definition.role ?? scheduler.roles.first),
    ] {
      if let value { members.append(.init(key: key, value: .text(value))) }
    }
    return JSONValue(.object(members))
  }
}

extension MarathonApp {
  /// The instances that have tasks, by number.
  var shownInstances: [AppInstance] { sortedInstances.filter { $0.task != nil } }
}

extension AppDefinition {
  /// The ports by which others find it; 0 for one that was to be chosen.
  package var servicePorts: [Int] {
    if network != .host, let mappings = container?.mappings { return mappings.map(\.servicePort) }
    return (ports ?? []).map(\.number)
  }
}

extension InstanceCondition {
  /// The state of the task that it has, as Mesos calls it.
  var taskState: TaskState {
    switch self {
    case .scheduled, .provisioned, .staging: .staging
    case .starting: .starting
    case .running: .running
    case .killing: .killing
    case .unreachable, .unreachableInactive: .unreachable
    case .killed: .killed
    case .finished: .finished
    case .failed: .failed
    case .error: .error
    case .gone: .gone
    case .dropped: .dropped
    case .unknown: .unknown
    }
  }
}

/// How many of some instances are in which state.
private struct TaskCounts {
  private var staged = 0
  private var running = 0
  private var healthy = 0
  private var unhealthy = 0

  init(_ instances: [AppInstance]) {
    for instance in instances {
      let isRunning = instance.condition == .running
      if isRunning {
        running += 1
        if instance.isHealthy == true { healthy += 1 }
        if instance.isHealthy == false { unhealthy += 1 }
      } else if instance.condition.isActive {
        staged += 1
      }
    }
  }

  /// As fields of an app.
  var members: [JSONValue.Member] {
    [
      .init(key: "tasksStaged", value: .number(staged)),
      .init(key: "tasksRunning", value: .number(running)),
      .init(key: "tasksHealthy", value: .number(healthy)),
      .init(key: "tasksUnhealthy", value: .number(unhealthy)),
    ]
  }

  var short: JSONValue {
    .object([
      "staged": .number(staged), "running": .number(running), "healthy": .number(healthy),
      "unhealthy": .number(unhealthy),
    ])
  }
}

// MARK: - Deployments and the queue

extension MarathonAPI {
  /// The deployments under way (`GET /v2/deployments`), oldest first.
  package var deploymentViews: [JSONValue] {
    scheduler.deployments.map { deployment in
      let current = deployment.isOver ? [] : deployment.steps[deployment.current]
      return .object([
        "id": .text(deployment.id), "version": text(deployment.began),
        "affectedApps": .array(deployment.apps.map { .text($0.description) }),
        "affectedPods": .array([]),
        "steps": .array(deployment.steps.map(MarathonScheduler.stepView)),
        "currentActions": MarathonScheduler.stepView(current)["actions"] ?? .array([]),
        "currentStep": .number(deployment.current + 1),
        "totalSteps": .number(deployment.steps.count),
      ])
    }
  }

  /// What waits, and why (`GET /v2/queue`).
  package var queue: [JSONValue] { queue(withLastOffers: false) }

  /// What waits, and why, maybe with the last offer that it could not use.
  package func queue(withLastOffers showsOffers: Bool) -> [JSONValue] {
    scheduler.queue.map { spec in
      let launchAt = spec.delay.launchAt
      let left = launchAt.map { max(0, ($0 - scheduler.now).inSeconds) } ?? 0
      var members: [JSONValue.Member] = [
        .init(key: "app", value: JSONValue(.object(definitionMembers(of: spec.app, spec)))),
        .init(key: "count", value: .number(spec.waitingCount)),
        .init(
          key: "delay",
          value: .object([
            "timeLeftSeconds": .number(Int(left.rounded(.up))), "overdue": .bool(left == 0),
          ])),
        .init(
          key: "processedOffersSummary",
          value: spec.app.tally.view(epoch: scheduler.environment.epoch)),
      ]
      if let since = spec.waitingSince { members.append(.init(key: "since", value: text(since))) }
      if showsOffers, let unused = spec.app.tally.lastUnused {
        let offer = JSONValue.object([
          "offer": .object(["hostname": .text(unused.hostname)]),
          "reason": .array(unused.reasons.list.map { .text($0.name) }),
          "timestamp": text(spec.app.tally.lastUnusedAt ?? .start),
        ])
        members.append(.init(key: "lastUnusedOffers", value: .array([offer])))
      }
      return JSONValue(.object(members))
    }
  }
}

extension OfferTally {
  /// The summary as `/v2/queue` shows it: at each reason how many offers had come so far.
  fileprivate func view(epoch: Int64) -> JSONValue {
    func funnel(_ count: Int, _ declined: [Int]) -> JSONValue {
      var left = count
      var steps: [JSONValue] = []
      for (refusal, count) in zip(OfferRefusal.allCases, declined) {
        steps.append(
          .object([
            "reason": .text(refusal.name), "declined": .number(count), "processed": .number(left),
          ]))
        left -= count
      }
      return .array(steps)
    }
    // Of the last offers the last is kept.
    let last = OfferRefusal.allCases.map { lastUnused?.reasons.first == $0 ? 1 : 0 }
    func text(_ instant: Instant?) -> JSONValue {
      .text(instant.map { CalendarText.text(epoch: epoch, $0) })
    }
    return .object([
      "processedOffersCount": .number(processed), "unusedOffersCount": .number(unused),
      "lastUnusedOfferAt": text(lastUnusedAt), "lastUsedOfferAt": text(lastUsedAt),
      "rejectSummaryLastOffers": funnel(lastUnused == nil ? 0 : 1, last),
      "rejectSummaryLaunchAttempt": funnel(processed, declined),
    ])
  }
}
