// Part of mesosim. Apache-2.0, see LICENSE.
//
// What Marathon makes known of itself while it goes on: its event bus. Nothing is made up where
// nobody listens.

package import Mesos

/// Something that Marathon makes known (`GET /v2/events`).
package struct MarathonEvent: Sendable {
  /// The kind, such as `status_update_event`.
  package let type: String
  /// All that is said of it, with its kind and the calendar time.
  package let json: JSONValue
}

extension MarathonScheduler {
  /// Tells who listens.
  func publish(_ type: String, _ members: () -> KeyValuePairs<String, JSONValue>) {
    guard let listener else { return }
    let own = members().map { JSONValue.Member(key: $0.key, value: $0.value) }
    let all =
      own + [
        JSONValue.Member(key: "eventType", value: .text(type)),
        JSONValue.Member(key: "timestamp", value: .text(versionText)),
      ]
    listener(MarathonEvent(type: type, json: JSONValue(.object(all))))
  }

  /// Somebody listens, or does so no longer.
  func announceListener(isThere: Bool) {
    publish(isThere ? "event_stream_attached" : "event_stream_detached") {
      ["remoteAddress": .text("127.0.0.1")]
    }
  }

  // MARK: Deployments

  /// A request that changes apps is followed.
  func publishRequest(_ origin: String?, _ changes: [DeploymentPlan.Change]) {
    guard let origin else { return }
    for change in changes {
      publish("api_post_event") {
        let definition = change.new ?? change.old
        return [
          "clientIp": .text("127.0.0.1"), "uri": .text(origin),
          "appDefinition": definition.map { JSONValue(.object($0.shownMembers)) }
            ?? JSONValue(.null),
        ]
      }
    }
  }

  /// The apps are to be others from now on; of several the root stands for their groups.
  func publishChange(_ deployment: Deployment) {
    publish("group_change_success") {
      let group = deployment.apps.count == 1 ? deployment.apps[0].parent : .root
      return ["groupId": .text(group.description), "version": .text(versionText)]
    }
  }

  func publish(_ type: String, _ deployment: Deployment, _ step: [Deployment.Action]) {
    publish(type) {
      ["plan": planView(deployment, step.map(\.app)), "currentStep": Self.stepView(step)]
    }
  }

  func publishEnd(of deployment: Deployment, _ outcome: ServiceChange.Outcome) {
    publish(outcome == .done ? "deployment_success" : "deployment_failed") {
      ["id": .text(deployment.id), "plan": planView(deployment, deployment.apps)]
    }
  }

  static func stepView(_ step: [Deployment.Action]) -> JSONValue {
    let actions = step.map { action in
      JSONValue.object([
        "action": .text(action.kind.rawValue), "app": .text(action.app.description),
      ])
    }
    return .object(["actions": .array(actions)])
  }

  /// What was and what is to be of some apps: those that are being spoken of.
  private func planView(_ deployment: Deployment, _ spoken: [AppPath]) -> JSONValue {
    let version = CalendarText.text(epoch: environment.epoch, deployment.began)
    func group(_ definitions: [AppDefinition]) -> JSONValue {
      .object([
        "id": .text("/"), "apps": .array(definitions.map { JSONValue(.object($0.shownMembers)) }),
        "groups": .array([]), "dependencies": .array([]), "pods": .array([]),
        "version": .text(version),
      ])
    }
    let shown = Set(spoken)
    let stopped = Set(deployment.steps.joined().filter { $0.kind == .stop }.map(\.app))
    let target = deployment.apps.filter { shown.contains($0) && !stopped.contains($0) }
    let originals = deployment.originals.filter { shown.contains($0.app) }
    return .object([
      "id": .text(deployment.id),
      "original": group(originals.compactMap(\.definition)),
      "target": group(target.compactMap { apps[$0]?.definition }),
      "steps": .array(deployment.steps.map(Self.stepView)), "version": .text(version),
    ])
  }

  func publishEnd(of app: MarathonApp) {
    for check in app.definition?.healthChecks ?? [] {
      publish("remove_health_check_event") {
        ["appId": .text(app.id.description), "healthCheck": check.json]
      }
    }
    publish("app_terminated_event") { ["appId": .text(app.id.description)] }
  }

  // MARK: Instances

  /// An instance is in another condition.
  func publish(_ instance: AppInstance, as condition: InstanceCondition) {
    publish("instance_changed_event") {
      [
        "instanceId": .text(instance.name), "condition": .text(condition.rawValue),
        "runSpecId": .text(instance.app.id.description),
        "agentId": .text(instance.slave?.value), "host": .text(instance.location?.hostname),
        "runSpecVersion": .text(instance.spec.version),
      ]
    }
  }

  /// A task of an instance is in another state.
  func publish(
    _ status: TaskStatus, as condition: InstanceCondition, _ instance: AppInstance
  ) {
    guard listener != nil, condition != instance.condition,
      !isStale(condition, instance.condition)
    else { return }
    publish("status_update_event") {
      [
        "slaveId": .text(instance.slave?.value ?? ""), "taskId": .text(status.taskID.value),
        "taskStatus": .text(status.state.description), "message": .text(status.message),
        "appId": .text(instance.app.id.description),
        "host": .text(instance.location?.hostname ?? ""), "ipAddresses": .array([]),
        "ports": .array(instance.ports.compactMap { $0 }.map { .number($0) }),
        "version": .text(instance.spec.version),
      ]
    }
    if condition.isTerminal { publish(instance, as: condition) }
  }

  /// A task that nobody here knows any more is in another state.
  func publishUnknown(_ status: TaskStatus) {
    let condition = InstanceCondition(status.state, reason: status.reason)
    guard condition.isTerminal else { return }
    publish("unknown_instance_terminated_event") {
      let words = status.taskID.value.split(separator: ".").dropLast()
      let app = words.dropLast().joined(separator: ".").split(separator: "_").joined(separator: "/")
      return [
        "instanceId": .text(words.joined(separator: ".")), "runSpecId": .text("/" + app),
        "condition": .text(condition.rawValue),
      ]
    }
  }

  // MARK: Health

  /// An app has a new configuration with these checks.
  func publishChecks(of spec: AppSpec) {
    for check in spec.definition.healthChecks {
      publish("add_health_check_event") {
        [
          "appId": .text(spec.app.id.description), "version": .text(spec.version),
          "healthCheck": check.json,
        ]
      }
    }
  }

  func publishHealth(of instance: AppInstance, _ isHealthy: Bool) {
    publish("health_status_changed_event") {
      [
        "appId": .text(instance.app.id.description), "instanceId": .text(instance.name),
        "version": .text(instance.spec.version), "alive": .bool(isHealthy),
      ]
    }
    publish("instance_health_changed_event") {
      [
        "instanceId": .text(instance.name), "runSpecId": .text(instance.app.id.description),
        "runSpecVersion": .text(instance.spec.version), "healthy": .bool(isHealthy),
      ]
    }
  }

  func publishFailure(of instance: AppInstance, _ check: AppHealthCheck) {
    publish("failed_health_check_event") {
      [
        "appId": .text(instance.app.id.description), "instanceId": .text(instance.name),
        "taskId": .text(instance.task?.value), "healthCheck": check.json,
      ]
    }
  }

  /// An instance is killed because its checks have failed too often.
  func publishUnhealthyKill(of instance: AppInstance) {
    publish("unhealthy_instance_kill_event") {
      [
        "appId": .text(instance.app.id.description), "taskId": .text(instance.task?.value),
        "instanceId": .text(instance.name), "version": .text(instance.spec.version),
        "reason": .text("its health check failed"),
        "host": .text(instance.location?.hostname ?? ""),
        "slaveId": .text(instance.slave?.value ?? ""),
      ]
    }
  }
}
