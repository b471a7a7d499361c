// Part of mesosim. Apache-2.0, see LICENSE.
//
// Health, readiness and strategies of an app, and what must hold between fields.

import Mesos

extension AppDefinition {
  // MARK: Health and readiness

  mutating func readChecks(_ reader: FieldReader) {
    readHealthChecks(reader)
    readinessChecks = (reader.objects("readinessChecks") ?? []).map(readinessCheck)
    if readinessChecks.count > 1 {
      reader.fault("got \(readinessChecks.count), expected 1 or less", at: "readinessChecks")
    }
  }

  mutating func readHealthChecks(_ reader: FieldReader) {
    let indices = portNames.indices
    healthChecks = (reader.objects("healthChecks") ?? []).map { healthCheck($0, indices) }
    let native = healthChecks.count { !$0.isMarathons && $0.command == nil }
    if native > 1 {
      reader.fault("AppDefinition can contain at most one Mesos health check", at: "healthChecks")
    }
  }

  private func healthCheck(_ reader: FieldReader, _ indices: Range<Int>) -> AppHealthCheck {
    var check = AppHealthCheck()
    let words = AppHealthCheck.Kind.allCases.map(\.rawValue)
    check.kind =
      AppHealthCheck.Kind(rawValue: reader.word("protocol", of: words, default: "HTTP")) ?? .http
    check.command = reader.child("command")?.required("value")
    if check.kind == .command, !reader.has("command") {
      reader.fault("error.path.missing", at: "command")
    }
    check.path = reader.text("path")
    check.portIndex = reader.whole("portIndex", from: 0)
    check.port = reader.whole("port", from: 0, to: 65_535)
    check.graceSeconds = reader.whole("gracePeriodSeconds", from: 0) ?? check.graceSeconds
    check.intervalSeconds = reader.whole("intervalSeconds", from: 0) ?? check.intervalSeconds
    check.timeoutSeconds = reader.whole("timeoutSeconds", from: 0) ?? check.timeoutSeconds
    check.failuresMax = reader.whole("maxConsecutiveFailures", from: 0) ?? check.failuresMax
    check.delaySeconds = reader.whole("delaySeconds", from: 0) ?? check.delaySeconds
    check.ignoresHTTP1xx = reader.flag("ignoreHttp1xx", default: false)
    check.addresses = reader.word("ipProtocol", of: ["IPv4", "IPv6"], default: "IPv4")
    complete(&check, reader, indices)
    return check
  }

  /// Fills in the port and the path, and looks that there is such a port.
  private func complete(
    _ check: inout AppHealthCheck, _ reader: FieldReader, _ indices: Range<Int>
  ) {
    if check.kind == .command { return }
    let isTCP = check.kind == .tcp || check.kind == .mesosTCP
    if !isTCP, check.path == nil { check.path = "/" }
    if check.port == nil, check.portIndex == nil, !indices.isEmpty { check.portIndex = 0 }
    guard check.isMarathons, check.command == nil else { return }
    let isSound = check.portIndex.map(indices.contains) ?? (check.port != nil)
    if !isSound {
      reader.fault(
        "Health check port indices must address an element of the ports array or container port "
          + "mappings.", at: check.portIndex == nil ? nil : "portIndex")
    }
  }

  private func readinessCheck(_ reader: FieldReader) -> AppReadinessCheck {
    var check = AppReadinessCheck()
    check.name = reader.text("name") ?? check.name
    check.transport = reader.word("protocol", of: ["HTTP", "HTTPS"], default: "HTTP")
    check.path = reader.text("path") ?? check.path
    check.portName = reader.text("portName") ?? check.portName
    check.intervalSeconds = reader.whole("intervalSeconds", from: 1) ?? check.intervalSeconds
    check.timeoutSeconds = reader.whole("timeoutSeconds", from: 1) ?? check.timeoutSeconds
    check.keepsResponse = reader.flag("preserveLastResponse", default: false)
    if let items = reader.items("httpStatusCodesForReady"), !items.isEmpty {
      check.statuses = items.compactMap(\.whole)
      if check.statuses.count < items.count || !check.statuses.allSatisfy((100...999).contains) {
        reader.fault("expected statuses from 100 to 999", at: "httpStatusCodesForReady")
      }
    }
    if check.timeoutSeconds >= check.intervalSeconds {
      reader.fault(
        "got \(check.timeoutSeconds), expected less than \(check.intervalSeconds)",
        at: "timeoutSeconds")
    }
    if !portNames.contains(check.portName) {
      reader.fault("No port definition reference for portName \(check.portName)", at: "portName")
    }
    return check
  }

  // MARK: Strategies

  mutating func readStrategies(_ reader: FieldReader) {
    labels = reader.map("labels")
    let hasData = isResident || container?.hasExternalVolumes == true
    if hasData {
      upgradeStrategy = UpgradeStrategy(minimumHealthCapacity: 0.5, maximumOverCapacity: 0)
    } else if isSingleInstance {
      upgradeStrategy = UpgradeStrategy(minimumHealthCapacity: 0, maximumOverCapacity: 0)
    }
    if let written = reader.child("upgradeStrategy") {
      for key in ["minimumHealthCapacity", "maximumOverCapacity"] where !written.has(key) {
        written.fault("error.path.missing", at: key)
      }
      upgradeStrategy = UpgradeStrategy(
        minimumHealthCapacity: written.number(
          "minimumHealthCapacity", from: 0, to: 1, default: 1),
        maximumOverCapacity: written.number("maximumOverCapacity", from: 0, to: 1, default: 1))
    }
    let words = KillOrder.allCases.map(\.rawValue)
    let word = reader.word("killSelection", of: words, default: killSelection.rawValue)
    killSelection = KillOrder(rawValue: word) ?? .youngestFirst
    readUnreachable(reader)
  }

  private mutating func readUnreachable(_ reader: FieldReader) {
    if isResident { unreachableStrategy = .disabled }
    guard let written = reader.object["unreachableStrategy"] else { return }
    if written.string == "disabled" {
      unreachableStrategy = .disabled
      return
    }
    guard written.members != nil, let fields = reader.child("unreachableStrategy") else {
      return reader.fault(
        "expected \"disabled\" or {\"inactiveAfterSeconds\": …, \"expungeAfterSeconds\": …}",
        at: "unreachableStrategy")
    }
    let inactive = fields.whole("inactiveAfterSeconds", from: 0) ?? 0
    let expunge = fields.whole("expungeAfterSeconds", from: 0) ?? 0
    if inactive > expunge {
      fields.fault("got \(inactive), expected \(expunge) or less", at: "inactiveAfterSeconds")
    }
    unreachableStrategy = .after(inactive: inactive, expunge: expunge)
    if isResident {
      reader.fault(
        "unreachableStrategy must be disabled for resident tasks", at: "unreachableStrategy")
    }
  }

  // MARK: Between fields

  func check(_ reader: FieldReader, _ ownRole: Role?) {
    checkCommand(reader)
    if isSingleInstance {
      if instances > 1 {
        reader.fault("Single instance app may only have one instance", at: "instances")
      }
      if upgradeStrategy.minimumHealthCapacity != 0 || upgradeStrategy.maximumOverCapacity != 0 {
        reader.fault("both capacities of a single instance app must be 0", at: "upgradeStrategy")
      }
    }
    if isResident, upgradeStrategy.maximumOverCapacity != 0 {
      reader.fault(
        "maximumOverCapacity must be 0 for an app with persistent volumes", at: "upgradeStrategy")
    }
    if reader.has("residency") {
      _ = reader.child("residency")
      if !isResident {
        reader.fault("App must contain persistent volumes and define residency", at: "residency")
      }
    }
    if gpus > 0, container?.type == "DOCKER" {
      reader.fault("GPU resources only work with the Mesos containerizer", at: "gpus")
    }
    if let own = role ?? ownRole?.value {
      for role in acceptedRoles ?? [] where role != "*" && role != own {
        reader.fault(
          "'\(role)' is neither '*' nor the role of the app", at: "acceptedResourceRoles")
      }
    }
    if let path = dependencies.first(where: { $0 == id }) {
      reader.fault("\(path) depends on itself", at: "dependencies")
    }
  }

  private func checkCommand(_ reader: FieldReader) {
    if let command, command.unicodeScalars.count < 2 {
      reader.fault("must not be an empty string", at: "cmd")
    }
    let isSound: Bool =
      switch (command != nil, !arguments.isEmpty) {
      case (true, true): false
      case (false, false): container?.image != nil
      default: true
      }
    if !isSound {
      reader.fault(
        "AppDefinition must either contain one of 'cmd' or 'args', and/or a 'container'.")
    }
  }
}
