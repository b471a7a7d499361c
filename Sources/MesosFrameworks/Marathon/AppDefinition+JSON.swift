// Part of mesosim. Apache-2.0, see LICENSE.
//
// A definition as Marathon shows it: every field with its default, older names replaced.

package import Mesos

extension AppDefinition {
  /// The definition with all defaults; fields of the older form keep their names.
  package var json: JSONValue {
    var members: [JSONValue.Member] = []
    func put(_ key: String, _ value: JSONValue?) {
      if let value { members.append(JSONValue.Member(key: key, value: value)) }
    }
    put("id", .text(id.description))
    put("cmd", command.map { JSONValue.text($0) })
    put("env", environmentJSON)
    put("instances", .number(instances))
    put("cpus", .number(cpus.shortText))
    put("mem", .number(mem.shortText))
    put("executor", .text(executor))
    put("constraints", .array(constraints.map(Self.json)))
    put("healthChecks", .array(healthChecks.map(\.json)))
    put("container", container?.json(network))
    if interface == .v1 {
      put("uris", .array(artifacts.map { .text($0.uri) }))
      put("ports", .array((ports ?? []).map { .number($0.number) }))
      put("taskRateLimit", .number(taskRateLimit.shortText))
    } else {
      members += currentMembers
    }
    return JSONValue(.object(members))
  }

  /// The definition as JSON from which it can be read again.
  var storedText: String { requestBody.text }

  /// The body of a request that describes the same app.
  var requestBody: JSONValue {
    guard interface == .v1, let members = json.members else { return json }
    // The older form's ids have no slash.
    let plain = JSONValue.Member(key: "id", value: .text(id.safeText))
    return JSONValue(.object([plain] + members.filter { $0.key != "id" }))
  }

  private var currentMembers: [JSONValue.Member] {
    var members: [JSONValue.Member] = []
    func put(_ key: String, _ value: JSONValue?) {
      if let value { members.append(JSONValue.Member(key: key, value: value)) }
    }
    if !arguments.isEmpty { put("args", .array(arguments.map { .text($0) })) }
    put("user", user.map { JSONValue.text($0) })
    put("disk", .number(disk.shortText))
    put("gpus", .number(gpus))
    put("fetch", .array(artifacts.map(\.json)))
    put("portDefinitions", ports.map { .array($0.map(\.json)) })
    put("requirePorts", .bool(requiresPorts))
    put("networks", .array(networksJSON))
    put("backoffSeconds", .number(backoff.seconds.shortText))
    put("backoffFactor", .number(backoff.factor.shortText))
    put("maxLaunchDelaySeconds", .number(backoff.maxSeconds.shortText))
    put("taskKillGracePeriodSeconds", killGraceSeconds.map { JSONValue.number($0) })
    put(
      "upgradeStrategy",
      .object([
        "minimumHealthCapacity": .number(upgradeStrategy.minimumHealthCapacity.shortText),
        "maximumOverCapacity": .number(upgradeStrategy.maximumOverCapacity.shortText),
      ]))
    put("readinessChecks", .array(readinessChecks.map(\.json)))
    put("dependencies", .array(dependencies.map { .text($0.description) }))
    put("labels", Pair.json(labels))
    put("acceptedResourceRoles", acceptedRoles.map { .array($0.map { .text($0) }) })
    put("role", role.map { JSONValue.text($0) })
    put("killSelection", .text(killSelection.rawValue))
    put("unreachableStrategy", unreachableJSON)
    if isResident {
      put(
        "residency",
        .object([
          "relaunchEscalationTimeoutSeconds": .number(3600),
          "taskLostBehavior": .text("WAIT_FOREVER"),
        ]))
    }
    for pair in carried where pair.key != "ipAddress" {
      put(pair.key, try? JSONValue(parsing: pair.value))
    }
    return members
  }

  private var environmentJSON: JSONValue {
    JSONValue(
      .object(
        environment.map { pair in
          let isSecret = secretVariables.contains(pair.key)
          let secret = isSecret ? try? JSONValue(parsing: pair.value) : nil
          return JSONValue.Member(key: pair.key, value: secret ?? .text(pair.value))
        }))
  }

  private var networksJSON: [JSONValue] {
    let mode = JSONValue.text(network.rawValue)
    if networkNames.isEmpty { return [.object(["mode": mode])] }
    return networkNames.map { .object(["mode": mode, "name": .text($0)]) }
  }

  private var unreachableJSON: JSONValue {
    switch unreachableStrategy {
    case .disabled: .text("disabled")
    case .after(let inactive, let expunge):
      .object([
        "inactiveAfterSeconds": .number(inactive), "expungeAfterSeconds": .number(expunge),
      ])
    }
  }

  private static func json(_ constraint: PlacementConstraint) -> JSONValue {
    var parts = [constraint.field, constraint.operator.rawValue]
    if !constraint.value.isEmpty { parts.append(constraint.value) }
    return .array(parts.map { .text($0) })
  }
}

extension AppDefinition.Pair {
  /// The pairs as an object of texts.
  static func json(_ pairs: [AppDefinition.Pair]) -> JSONValue {
    JSONValue(.object(pairs.map { JSONValue.Member(key: $0.key, value: .text($0.value)) }))
  }
}

extension AppDefinition.Artifact {
  fileprivate var json: JSONValue {
    var members = [
      JSONValue.Member(key: "uri", value: .text(uri)),
      JSONValue.Member(key: "extract", value: .bool(isExtracted)),
      JSONValue.Member(key: "executable", value: .bool(isExecutable)),
      JSONValue.Member(key: "cache", value: .bool(isCached)),
    ]
    if let destination {
      members.append(JSONValue.Member(key: "destPath", value: .text(destination)))
    }
    return JSONValue(.object(members))
  }
}

extension AppDefinition.Port {
  fileprivate var json: JSONValue {
    var members = [
      JSONValue.Member(key: "port", value: .number(number)),
      JSONValue.Member(key: "protocol", value: .text(transport)),
      JSONValue.Member(key: "labels", value: AppDefinition.Pair.json(labels)),
    ]
    if let name { members.append(JSONValue.Member(key: "name", value: .text(name))) }
    return JSONValue(.object(members))
  }
}

extension AppContainer {
  /// What was written, with its kind and the ports that it has in the end.
  fileprivate func json(_ network: AppDefinition.Network) -> JSONValue {
    var members = (try? JSONValue(parsing: written))?.members ?? []
    members.append(JSONValue.Member(key: "type", value: .text(type)))
    if network != .host, let mappings {
      members.append(
        JSONValue.Member(key: "portMappings", value: .array(mappings.map(\.json))))
    }
    return JSONValue(.object(members))
  }
}

extension AppContainer.Mapping {
  fileprivate var json: JSONValue {
    var members = [
      JSONValue.Member(key: "containerPort", value: .number(containerPort)),
      JSONValue.Member(key: "protocol", value: .text(transport)),
      JSONValue.Member(key: "servicePort", value: .number(servicePort)),
      JSONValue.Member(key: "labels", value: AppDefinition.Pair.json(labels)),
    ]
    if let hostPort { members.append(JSONValue.Member(key: "hostPort", value: .number(hostPort))) }
    if let name { members.append(JSONValue.Member(key: "name", value: .text(name))) }
    return JSONValue(.object(members))
  }
}

extension AppHealthCheck {
  var json: JSONValue {
    var members = [
      JSONValue.Member(key: "protocol", value: .text(kind.rawValue)),
      JSONValue.Member(key: "gracePeriodSeconds", value: .number(graceSeconds)),
      JSONValue.Member(key: "intervalSeconds", value: .number(intervalSeconds)),
      JSONValue.Member(key: "timeoutSeconds", value: .number(timeoutSeconds)),
      JSONValue.Member(key: "maxConsecutiveFailures", value: .number(failuresMax)),
      JSONValue.Member(key: "delaySeconds", value: .number(delaySeconds)),
    ]
    func put(_ key: String, _ value: JSONValue?) {
      if let value { members.append(JSONValue.Member(key: key, value: value)) }
    }
    put("path", path.map { JSONValue.text($0) })
    put("portIndex", portIndex.map { JSONValue.number($0) })
    put("port", port.map { JSONValue.number($0) })
    put("command", command.map { .object(["value": .text($0)]) })
    if kind == .http || kind == .https { put("ignoreHttp1xx", .bool(ignoresHTTP1xx)) }
    put("ipProtocol", .text(addresses))
    return JSONValue(.object(members))
  }
}

extension AppReadinessCheck {
  var json: JSONValue {
    .object([
      "name": .text(name), "protocol": .text(transport), "path": .text(path),
      "portName": .text(portName), "intervalSeconds": .number(intervalSeconds),
      "timeoutSeconds": .number(timeoutSeconds), "preserveLastResponse": .bool(keepsResponse),
      "httpStatusCodesForReady": .array(statuses.map { .number($0) }),
    ])
  }
}
