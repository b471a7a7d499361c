// Part of mesosim. Apache-2.0, see LICENSE.
//
// What users see of Marathon: apps, tasks, deployments and what waits, as its interface shows them.

package import Mesos

extension MarathonAPI {
  /// All apps by their ids (`GET /v2/apps`).
  package var apps: [JSONValue] { scheduler.sortedApps.compactMap(view) }

  /// An app (`GET /v2/apps/ID`).
  ///
  /// - Throws: `AppRefusal` when there is none of this id.
  package func view(_ id: AppPath) throws(AppRefusal) -> JSONValue {
    guard let app = scheduler.apps[id], let view = view(app) else { throw .unknownApp(id) }
    return view
  }

  private func view(_ app: MarathonApp) -> JSONValue? {
    guard let spec = app.spec, let own = spec.definition.json.members else { return nil }
    let instances = app.sortedInstances.filter { $0.task != nil }
    func count(_ test: (AppInstance) -> Bool) -> JSONValue { .number(instances.count(where: test)) }
    let deployments = app.deployment.map { [JSONValue.object(["id": .text($0.id)])] } ?? []
    let scaledAt = app.versions.last?.version ?? spec.version
    let live = JSONValue.object([
      "version": .text(scaledAt),
      "versionInfo": .object([
        "lastScalingAt": .text(scaledAt), "lastConfigChangeAt": .text(spec.version),
      ]),
      "tasksStaged": count { $0.condition != .running && $0.condition.isActive },
      "tasksRunning": count { $0.condition == .running },
      "tasksHealthy": count { $0.condition == .running && $0.isHealthy == true },
      "tasksUnhealthy": count { $0.condition == .running && $0.isHealthy == false },
      "deployments": .array(deployments),
    ])
    return JSONValue(.object(own + (live.members ?? [])))
  }

  /// The tasks of an app (`GET /v2/apps/ID/tasks`), or of all (`GET /v2/tasks`).
  package func tasks(of id: AppPath? = nil) -> [JSONValue] {
    let apps = id.map { id in scheduler.apps[id].map { [$0] } ?? [] } ?? scheduler.sortedApps
    return apps.flatMap { app in app.sortedInstances.compactMap(view) }
  }

  private func view(_ instance: AppInstance) -> JSONValue? {
    guard let task = instance.task, let slave = instance.slave else { return nil }
    func text(_ instant: Instant) -> JSONValue {
      .text(CalendarText.text(epoch: scheduler.environment.epoch, instant))
    }
    let hasStarted = instance.condition == .running && instance.since != nil
    return .object([
      "id": .text(task.value), "appId": .text(instance.app.id.description),
      "host": .text(instance.location?.hostname ?? ""), "slaveId": .text(slave.value),
      "ports": .array(instance.ports.compactMap { $0 }.map { .number($0) }),
      "state": .text("TASK_" + instance.condition.rawValue.uppercased()),
      "stagedAt": text(instance.launchedAt),
      "startedAt": hasStarted ? text(instance.since ?? .start) : JSONValue(.null),
      "version": .text(instance.spec.version),
    ])
  }

  /// The deployments under way (`GET /v2/deployments`), oldest first.
  package var deploymentViews: [JSONValue] {
    scheduler.deployments.map { deployment in
      func view(_ action: Deployment.Action) -> JSONValue {
        .object(["action": .text(action.kind.rawValue), "app": .text(action.app.description)])
      }
      let current = deployment.isOver ? [] : deployment.steps[deployment.current]
      return .object([
        "id": .text(deployment.id),
        "version": .text(CalendarText.text(epoch: scheduler.environment.epoch, deployment.began)),
        "affectedApps": .array(deployment.apps.map { .text($0.description) }),
        "steps": .array(
          deployment.steps.map { .object(["actions": .array($0.map(view))]) }),
        "currentActions": .array(current.map(view)),
        "currentStep": .number(deployment.current + 1),
        "totalSteps": .number(deployment.steps.count),
      ])
    }
  }

  /// What waits, and why (`GET /v2/queue`).
  package var queue: [JSONValue] {
    scheduler.queue.map { spec in
      let launchAt = spec.delay.launchAt
      let left = launchAt.map { max(0, ($0 - scheduler.now).inSeconds) } ?? 0
      return .object([
        "app": .object(["id": .text(spec.app.id.description), "version": .text(spec.version)]),
        "count": .number(spec.waitingCount),
        "delay": .object([
          "timeLeftSeconds": .number(Int(left.rounded(.up))), "overdue": .bool(left == 0),
        ]),
        "processedOffersSummary": spec.app.tally.view(epoch: scheduler.environment.epoch),
      ])
    }
  }
}

extension OfferTally {
  /// The summary as `/v2/queue` shows it: at each reason how many offers had come so far.
  fileprivate func view(epoch: Int64) -> JSONValue {
    var left = processed
    var funnel: [JSONValue] = []
    for (refusal, count) in zip(OfferRefusal.allCases, declined) {
      funnel.append(
        .object([
          "reason": .text(refusal.name), "declined": .number(count), "processed": .number(left),
        ]))
      left -= count
    }
    func text(_ instant: Instant?) -> JSONValue {
      .text(instant.map { CalendarText.text(epoch: epoch, $0) })
    }
    return .object([
      "processedOffersCount": .number(processed), "unusedOffersCount": .number(unused),
      "lastUnusedOfferAt": text(lastUnusedAt), "lastUsedOfferAt": text(lastUsedAt),
      "rejectSummaryLaunchAttempt": .array(funnel),
    ])
  }
}
