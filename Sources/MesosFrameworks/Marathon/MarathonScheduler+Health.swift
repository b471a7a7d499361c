// Part of mesosim. Apache-2.0, see LICENSE.
//
// Health and readiness. Marathon's own checks are looked at by the executor, which reports what it
// sees and never kills: Marathon counts failures and kills.

import Mesos

extension MarathonScheduler {
  /// Takes in what an update says of an instance's checks.
  func noteHealth(of instance: AppInstance, _ status: TaskStatus) {
    if let isHealthy = status.isHealthy, instance.hasNativeCheck {
      setHealth(of: instance, isHealthy)
      if instance.lastCheck != isHealthy {
        instance.lastCheck = isHealthy
        keep(instance)
      }
    }
    guard let seen = status.checkStatus else { return recallCheck(of: instance) }
    let isGood = seen.isGood(instance.spec.definition)
    if let isGood, isGood != instance.lastCheck {
      instance.lastCheck = isGood
      keep(instance)
    }
    judge(isGood, instance)
  }

  /// What an earlier process was told last of an instance's checks still holds.
  private func recallCheck(of instance: AppInstance) {
    guard let isGood = instance.lastCheck, instance.condition == .running,
      instance.isHealthy == nil, instance.watch.timer == nil
    else { return }
    if instance.hasNativeCheck { return setHealth(of: instance, isGood) }
    instance.watch.hasSucceeded = isGood
    judge(isGood, instance)
  }

  private func judge(_ isGood: Bool?, _ instance: AppInstance) {
    guard instance.hasMarathonCheck else {
      // What is ready once is taken to stay so.
      if isGood == true { setHealth(of: instance, true) }
      return
    }
    switch isGood {
    case true?: succeed(instance)
    case false?: if instance.watch.timer == nil { fail(instance) }
    case nil: break
    }
  }

  private func setHealth(of instance: AppInstance, _ isHealthy: Bool) {
    guard instance.isHealthy != isHealthy else { return }
    instance.spec.count(instance, -1)
    instance.isHealthy = isHealthy
    instance.spec.count(instance, 1)
    publishHealth(of: instance, isHealthy)
  }

  private func succeed(_ instance: AppInstance) {
    if let timer = instance.watch.timer { environment.cancelTimer(timer) }
    instance.watch.timer = nil
    instance.watch.failures = 0
    instance.watch.hasSucceeded = true
    setHealth(of: instance, true)
  }

  /// A check has failed: it counts once the instance has had its time, and the next will fail, too,
  /// unless something else is heard.
  private func fail(_ instance: AppInstance) {
    guard let check = instance.spec.definition.healthChecks.first(where: \.isMarathons),
      instance.condition == .running, instance.goal == .running
    else { return }
    let graceEnd = (instance.since ?? now) + .seconds(check.graceSeconds)
    if instance.watch.hasSucceeded || now >= graceEnd {
      setHealth(of: instance, false)
      publishFailure(of: instance, check)
      if check.failuresMax > 0, instance.watch.failures >= check.failuresMax {
        publishUnhealthyKill(of: instance)
        kill(instance)
        return settle(instance.app)
      }
      instance.watch.failures += 1
    }
    let interval = Duration.seconds(max(1, check.intervalSeconds))
    instance.watch.timer = environment.startTimer(after: interval) { [weak self, weak instance] in
      guard let self, let instance else { return }
      instance.watch.timer = nil
      fail(instance)
    }
    settle(instance.app)
  }
}

extension AppInstance {
  fileprivate var hasNativeCheck: Bool {
    spec.definition.healthChecks.contains { !$0.isMarathons }
  }

  fileprivate var hasMarathonCheck: Bool {
    spec.definition.healthChecks.contains(where: \.isMarathons)
  }
}

extension CheckStatus {
  /// Whether the check came out well for this app; `nil` when that says nothing.
  fileprivate func isGood(_ app: AppDefinition) -> Bool? {
    switch self {
    case .tcp(let isConnected): return isConnected ?? false
    case .command(let code): return code == 0
    case .http(let status):
      guard let status else { return false }
      guard let check = app.healthChecks.first(where: \.isMarathons) else {
        return app.readinessChecks.first?.statuses.contains(Int(status)) ?? true
      }
      if status < 200, check.ignoresHTTP1xx { return nil }
      return (200..<400).contains(status)
    }
  }
}
