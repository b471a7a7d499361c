// Part of mesosim. Apache-2.0, see LICENSE.
//
// Rolling restarts: old instances go as new ones become ready, and never more at a time than the
// app's `upgradeStrategy` allows, counted with what is known at that moment.

import Mesos

extension MarathonScheduler {
  func makeRestart(_ app: MarathonApp) -> AppRestart {
    let old = app.sortedInstances.filter { $0.spec !== app.spec && $0.isMember }
    let definition = app.definition ?? AppDefinition(id: app.id)
    // New ones that an earlier process started count as what stays.
    // What became of tasks that an earlier process launched has yet to be heard.
    let unheard = isResuming ? old.count { $0.condition == .provisioned } : 0
    let healthy = old.count(where: \.isReady) + unheard + (app.spec?.ready ?? 0)
    let bounds = RestartBounds(
      instances: definition.instances, definition.upgradeStrategy,
      isResident: definition.isResident, existing: old.count, healthy: healthy)
    // The last goes first: those that serve nobody, and among the others the oldest.
    let queue = old.filter(\.isReady).reversed() + old.filter { !$0.isReady }.reversed()
    return AppRestart(bounds, queue: Array(queue))
  }

  /// Starts and stops what may be now.
  ///
  /// - Returns: Whether all old instances are gone and as many new ones as are wanted are ready.
  func go(on restart: AppRestart, _ app: MarathonApp) -> Bool {
    guard let spec = app.spec else { return true }
    startNew(restart, app, spec)
    stopOld(restart, app, spec)
    let old = app.specs.reduce(0) { $1 === spec ? $0 : $0 + $1.total }
    return old == 0 && spec.ready >= spec.definition.instances && spec.leaving == 0
  }

  private func startNew(_ restart: AppRestart, _ app: MarathonApp, _ spec: AppSpec) {
    let room = restart.bounds.maxCapacity - oldActive(app, spec) - spec.members
    let missing = spec.definition.instances - spec.members
    if missing < 0 { return stopSurplusOfNew(app, spec, -missing) }
    startInstances(min(missing, room), of: app)
  }

  /// More new ones than are wanted: one that was lost came back.
  private func stopSurplusOfNew(_ app: MarathonApp, _ spec: AppSpec, _ count: Int) {
    let candidates = app.sortedInstances.filter { $0.spec === spec && $0.isMember && !$0.isReady }
    for instance in candidates.suffix(count) { decommission(instance) }
  }

  /// Instances that may be alive beside the new ones that are wanted.
  private func oldActive(_ app: MarathonApp, _ spec: AppSpec) -> Int {
    var count = 0
    for other in app.specs where other !== spec { count += other.active }
    return count + spec.leaving
  }

  private func stopOld(_ restart: AppRestart, _ app: MarathonApp, _ spec: AppSpec) {
    if restart.next() == nil, app.members > spec.members {
      // One that was given up is back.
      restart.queue = app.sortedInstances.filter { $0.spec !== spec && $0.isMember }
    }
    // When all that is wanted is there, nothing old has to stay.
    if spec.ready >= spec.definition.instances {
      restart.credits = max(restart.credits, restart.queue.count)
    }
    while restart.credits > 0, let next = restart.next(), mayStop(next, restart, app, spec) {
      restart.credits -= 1
      restart.queue.removeLast()
      assureStop(next, restart, app)
      decommission(next)
      startNew(restart, app, spec)
    }
  }

  /// Whether an old instance may go now.
  ///
  /// Marathon counts how many may go when the restart begins, and one more for each new one that is
  /// ready. What has failed since is made up for here: nothing goes that would be missed. Only
  /// where nothing else could ever move, what serves nobody goes, or one that serves while enough
  /// do.
  private func mayStop(
    _ instance: AppInstance, _ restart: AppRestart, _ app: MarathonApp, _ spec: AppSpec
  ) -> Bool {
    let healthy = app.ready
    let least = restart.bounds.minHealthy
    if healthy - (instance.isReady ? 1 : 0) >= least { return true }
    let isEnough = !instance.isReady || healthy >= least
    return isEnough && (app.definition?.isResident == true || isStuck(restart, app, spec))
  }

  /// Whether neither a start nor an end is to be waited for.
  private func isStuck(_ restart: AppRestart, _ app: MarathonApp, _ spec: AppSpec) -> Bool {
    // What waits for an offer may not be launched while there is no room.
    spec.members - spec.waitingCount == spec.ready && app.leaving == 0
      && app.active >= restart.bounds.maxCapacity
  }

  /// Whether one more of an app's instances may be launched: not beyond what a restart allows.
  func mayLaunch(_ spec: AppSpec) -> Bool {
    guard case .restart(let restart)? = spec.app.action else { return true }
    return spec.app.active < restart.bounds.maxCapacity
  }

  // MARK: What always holds

  /// Says, where it is being checked, that a stop leaves enough healthy instances.
  private func assureStop(
    _ instance: AppInstance, _ restart: AppRestart, _ app: MarathonApp
  ) {
    environment.journal.assure("marathon-keeps-minimum-health") {
      func isHealthy(_ instance: AppInstance) -> Bool {
        instance.goal == .running && instance.condition == .running
          && (!instance.spec.isChecked || instance.isHealthy == true)
      }
      return !isHealthy(instance)
        || app.instances.values.count(where: isHealthy) >= restart.bounds.minHealthy
    }
  }

  /// Says, where it is being checked, that a launch keeps to constraints and capacity.
  func assureLaunch(_ instance: AppInstance, at location: Location) {
    let app = instance.app
    if case .restart(let restart)? = app.action {
      environment.journal.assure("marathon-keeps-maximum-capacity") {
        app.instances.values.count { $0.condition.isActive } < restart.bounds.maxCapacity
      }
    }
    let spec = instance.spec
    if spec.hasNoConstraints || spec.isResident { return }
    environment.journal.assure("marathon-keeps-constraints") {
      var placement = spec.placement.emptied(wanted: spec.definition.instances)
      for other in app.sortedInstances
      where other.spec === spec && other.condition.isActive && other.condition != .unreachable {
        if let task = other.task, let location = other.location {
          placement.add(task, at: location)
        }
      }
      return placement.accepts(location)
    }
  }
}
