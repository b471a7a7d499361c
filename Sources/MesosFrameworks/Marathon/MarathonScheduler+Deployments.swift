// Part of mesosim. Apache-2.0, see LICENSE.
//
// Deployments: each step begins when the one before is done, and is done when all its apps are as
// they should be.

import Mesos

extension MarathonApp {
  /// Whether its instances are being replaced.
  var isRestarting: Bool { if case .restart? = action { true } else { false } }
}

extension MarathonScheduler {
  // MARK: Beginning

  /// Changes apps: those whose deployment is under way are locked, unless it is to give way.
  ///
  /// - Parameters:
  ///   - changes: How each app is changed.
  ///   - cause: What was asked for.
  ///   - isForced: Whether deployments that are in the way are given up.
  ///   - origin: The path of the request, if it came by one.
  /// - Returns: The deployment, which may be over already.
  /// - Throws: `AppRefusal` when an app is locked, or depends on what is not there.
  func deploy(
    _ changes: [DeploymentPlan.Change], _ cause: String, isForced: Bool, for origin: String? = nil
  ) throws(AppRefusal) -> Deployment {
    try checkDependencies(with: changes)
    try unlock(changes.map(\.app), isForced: isForced)
    publishRequest(origin, changes)
    deploymentsMade += 1
    let dependencies = dependencies(with: changes)
    let deployment = Deployment(
      "d\(deploymentsMade)", cause,
      steps: DeploymentPlan.steps(for: changes, dependencies: dependencies),
      originals: changes.map { ($0.app, $0.old) }, at: now)
    for change in changes { apply(change, deployment) }
    deployments.append(deployment)
    keep(deployment)
    publishChange(deployment)
    beginStep(deployment)
    return deployment
  }

  /// Makes way: refuses while other deployments are about the same apps, or gives these up.
  private func unlock(_ apps: [AppPath], isForced: Bool) throws(AppRefusal) {
    var inTheWay: [Deployment] = []
    for app in apps {
      guard let other = self.apps[app]?.deployment,
        !inTheWay.contains(where: { $0 === other })
      else { continue }
      inTheWay.append(other)
    }
    if inTheWay.isEmpty { return }
    guard isForced else {
      var refusal = AppRefusal(
        status: 409,
        message: "App is locked by one or more deployments. Override with the option "
          + "'?force=true'. View details at '/v2/deployments/<DEPLOYMENT_ID>'.")
      refusal.deployments = inTheWay.map(\.id)
      throw refusal
    }
    for other in inTheWay { cancel(other, because: "another deployment took its place") }
  }

  /// Gives an app its new definition; its instances follow step by step.
  private func apply(_ change: DeploymentPlan.Change, _ deployment: Deployment) {
    guard let definition = change.new else {
      apps[change.app]?.deployment = deployment
      return
    }
    let app = apps[change.app] ?? makeApp(change.app)
    app.deployment = deployment
    let isScaled =
      !change.isForced && (change.old.map { $0.hasSameConfiguration(as: definition) } ?? false)
    if isScaled, let spec = app.spec {
      spec.definition = definition
      spec.placement.wanted = definition.instances
      app.versions.append((versionText, definition))
    } else {
      addSpec(definition, to: app)
    }
    keepApp(app)
    environment.journal.wanted(app.group, count: definition.instances)
  }

  func makeApp(_ id: AppPath) -> MarathonApp {
    let app = MarathonApp(id, group: GroupID(groupsMade))
    groupsMade += 1
    apps[id] = app
    announce(app)
    return app
  }

  private func addSpec(_ definition: AppDefinition, to app: MarathonApp) {
    app.specsMade += 1
    let version = versionText
    // What waits of an older configuration has no task, and needs none any more.
    let spec = AppSpec(
      definition, number: app.specsMade, version: version, of: app, options.semantics, roles)
    app.add(spec)
    for instance in app.sortedInstances where instance.condition == .scheduled {
      expunge(instance)
    }
    app.versions.append((version, definition))
    publishChecks(of: spec)
  }

  // MARK: Dependencies

  /// What each app depends on once the changes are made; a group stands for all apps in it.
  private func dependencies(with changes: [DeploymentPlan.Change]) -> [AppPath: [AppPath]] {
    let isSimple =
      changes.allSatisfy { $0.new?.dependencies.isEmpty ?? true }
      && !apps.values.contains {
        !($0.definition?.dependencies.isEmpty ?? true)
      }
    if isSimple { return [:] }
    var definitions: [AppPath: AppDefinition] = [:]
    for app in sortedApps { definitions[app.id] = app.definition }
    for change in changes { definitions[change.app] = change.new }
    let ids = definitions.keys.sorted()
    return definitions.mapValues { definition in
      definition.dependencies.flatMap { path in
        ids[ids.firstPlace(from: path)...].prefix { $0.isInside(path) }
          .filter { $0 != definition.id }
      }
    }
  }

  private func checkDependencies(with changes: [DeploymentPlan.Change]) throws(AppRefusal) {
    let dependencies = dependencies(with: changes)
    if dependencies.isEmpty { return }
    // What is there in the end: apps, and groups that have some.
    let gone = Set(changes.filter { $0.new == nil }.map(\.app))
    var present: Set<AppPath> = [.root]
    for id in Array(apps.keys) + changes.map(\.app) where !gone.contains(id) {
      var path = id
      while present.insert(path).inserted { path = path.parent }
    }
    for change in changes {
      for path in change.new?.dependencies ?? [] {
        if !present.contains(path) {
          throw AppRefusal(
            status: 422, message: "Object is not valid",
            details: [
              AppRefusal.Detail(
                path: "/dependencies", errors: ["there is no app or group \(path)"], place: nil,
                keys: ["dependencies"])
            ])
        }
      }
    }
    if let app = DeploymentPlan.appOnCycle(dependencies) {
      throw AppRefusal(
        status: 422, message: "Dependency graph has cyclic dependencies.",
        details: [
          AppRefusal.Detail(
            path: "/dependencies", errors: ["\(app) depends on itself"], place: nil,
            keys: ["dependencies"])
        ])
    }
  }

  // MARK: Steps

  /// Begins the step that is due, and those after it as long as there is nothing to wait for.
  private func beginStep(_ deployment: Deployment) {
    deployment.isBeginning = true
    repeat {
      guard !deployment.isOver else {
        deployment.isBeginning = false
        return finish(deployment)
      }
      let step = deployment.steps[deployment.current]
      let words = step.map { "\($0.kind.rawValue) \($0.app)" }
      // One that an earlier process began has begun.
      if deployment.note.steps.count == deployment.current {
        deployment.note.steps.append(
          ServiceChange.Step(words.joined(separator: ", "), began: now))
        if deployment.current > 0 { keep(deployment) }
      }
      environment.journal.changes(deployment.note)
      publish("deployment_info", deployment, step)
      for action in step { begin(action) }
      for action in step { if let app = apps[action.app] { settle(app) } }
    } while endStep(of: deployment)
    deployment.isBeginning = false
  }

  /// Goes on with a deployment that an earlier process began.
  func resume(_ deployment: Deployment) {
    isResuming = true
    beginStep(deployment)
    isResuming = false
  }

  private func begin(_ action: Deployment.Action) {
    guard let app = apps[action.app] else { return }
    switch action.kind {
    case .start: break
    case .stop:
      environment.journal.wanted(app.group, count: 0)
      app.action = .stop
    case .scale: app.action = .scale
    case .restart:
      app.spec?.delay.reset()
      app.action = .restart(makeRestart(app))
    }
  }

  /// Does for an app what its deployment has come to, and the next step when this one is done.
  func settle(_ app: MarathonApp) {
    guard let action = app.action else { return }
    let isDone: Bool
    switch action {
    case .scale: isDone = scale(app)
    case .stop: isDone = stop(app)
    case .restart(let restart): isDone = go(on: restart, app)
    }
    guard isDone else { return }
    app.action = nil
    if case .stop = action { remove(app) }
    if let deployment = app.deployment { advance(deployment) }
  }

  /// Begins the next step if nothing of this one is left.
  private func advance(_ deployment: Deployment) {
    // Whoever is about to begin steps goes on with the next; there may be many.
    guard !deployment.isBeginning, endStep(of: deployment) else { return }
    beginStep(deployment)
  }

  /// Ends the step under way.
  ///
  /// - Returns: Whether nothing of it was left.
  private func endStep(of deployment: Deployment) -> Bool {
    guard !deployment.isOver else { return false }
    let step = deployment.steps[deployment.current]
    let isBusy = step.contains { apps[$0.app]?.action != nil }
    guard !isBusy, deployment.note.steps.count > deployment.current else { return false }
    deployment.note.steps[deployment.current].ended = now
    publish("deployment_step_success", deployment, step)
    deployment.current += 1
    return true
  }

  private func finish(_ deployment: Deployment) {
    end(deployment, as: .done, because: "")
    for path in deployment.apps { if let app = apps[path] { balance(app) } }
  }

  /// Gives a deployment up; its apps stay as they are.
  func cancel(_ deployment: Deployment, because reason: String) {
    for path in deployment.apps { apps[path]?.action = nil }
    end(deployment, as: .cancelled, because: reason)
  }

  private func end(
    _ deployment: Deployment, as outcome: ServiceChange.Outcome, because reason: String
  ) {
    guard deployments.contains(where: { $0 === deployment }) else { return }
    deployments.removeAll { $0 === deployment }
    for path in deployment.apps where apps[path]?.deployment === deployment {
      apps[path]?.deployment = nil
    }
    deployment.note.ended = now
    deployment.note.outcome = outcome
    deployment.note.reason = reason
    environment.journal.changes(deployment.note)
    publishEnd(of: deployment, outcome)
    forget(deployment)
  }

  // MARK: What is done with an app

  /// Brings the number of instances to what is wanted.
  ///
  /// - Returns: Whether it is there, all of them ready.
  private func scale(_ app: MarathonApp) -> Bool {
    if app.members > app.wanted {
      stopSurplus(of: app, sentenced: sentenced.removeValue(forKey: app.id) ?? [])
    }
    if app.leaving > 0 { return false }
    if app.members < app.wanted { startInstances(app.wanted - app.members, of: app) }
    return app.ready >= app.wanted
  }

  private func stop(_ app: MarathonApp) -> Bool {
    if app.leaving < app.instances.count {
      for instance in app.sortedInstances { decommission(instance) }
    }
    return app.instances.isEmpty
  }

  private func remove(_ app: MarathonApp) {
    environment.journal.wanted(app.group, count: 0)
    for place in app.places { drop(place) }
    app.places = []
    publishEnd(of: app)
    apps[app.id] = nil
    forgetApp(app)
  }
}

extension [AppPath] {
  /// Of sorted paths, the place of the first that is not before another.
  fileprivate func firstPlace(from path: AppPath) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < path { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
