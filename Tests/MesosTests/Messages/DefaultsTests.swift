// Part of mesosim. Apache-2.0, see LICENSE.

import Foundation
import Mesos
import Testing

private let health = HealthCheck(.tcp)
private let check = CheckInfo(.tcp)
private let uri = CommandInfo.URI("http://a/x.tgz")
private let framework = FrameworkInfo(name: "f")

// Goal: what is left out means what mesos.proto says it means, as Rules 3.1 has it written down.
@Suite("Defaults of messages") struct DefaultsTests {
  @Test(
    "numbers, words and switches are those of the rules",
    arguments: [
      ("HealthCheck", "delay_seconds", "\(health.delaySeconds)"),
      ("HealthCheck", "interval_seconds", "\(health.intervalSeconds)"),
      ("HealthCheck", "timeout_seconds", "\(health.timeoutSeconds)"),
      ("HealthCheck", "consecutive_failures", "\(health.consecutiveFailures)"),
      ("HealthCheck", "grace_period_seconds", "\(health.gracePeriodSeconds)"),
      ("CheckInfo", "delay_seconds", "\(check.delaySeconds)"),
      ("CheckInfo", "interval_seconds", "\(check.intervalSeconds)"),
      ("CheckInfo", "timeout_seconds", "\(check.timeoutSeconds)"),
      ("CommandInfo", "shell", "\(CommandInfo("true").usesShell)"),
      ("CommandInfo", "extract", "\(uri.isExtracted)"),
      ("ContainerInfo", "privileged", "\(ContainerInfo.docker("a").docker?.isPrivileged ?? true)"),
      ("FrameworkInfo", "failover_timeout", "\(framework.failoverTimeoutSeconds)"),
      ("FrameworkInfo", "checkpoint", "\(framework.hasCheckpointing)"),
      ("FrameworkInfo", "role", "\(framework.role)"),
      ("MasterInfo", "port", "\(MasterInfo(id: "m", hostname: "h").port)"),
      ("SlaveInfo", "port", "\(SlaveInfo(hostname: "h", resources: Resources()).port)"),
      ("Filters", "refuse_seconds", "\(Filters().refuseSeconds)"),
    ])
  func ruled(message: String, field: String, value: String) throws {
    let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Sources/Mesos/Mesos.docc/Rules-Messages.md")
    let rows = try String(contentsOf: page, encoding: .utf8).split(separator: "\n")
    let row = try #require(rows.first { $0.hasPrefix("| \(message) ") })
    // A field, perhaps with its number on the wire and its type, and what it is when left out.
    let pattern = try Regex(
      "\\b\(field)[0-9]*(?:\\*\\*)? ?[a-z ]*=\"?([^ \",;}·|]+)", as: (Substring, Substring).self)
    let written = try #require(row.firstMatch(of: pattern)).output.1
    #expect(
      Double(written).map { "\($0)" } ?? "\(written)" == Double(value).map { "\($0)" } ?? value)
  }

  @Test("a container has its host's network, and an image stays where it was fetched")
  func containers() {
    #expect(ContainerInfo.docker("redis:7").docker?.network == .host)
    #expect(Image(.docker, name: "redis").isCached)
  }

  @Test("an address is a number of network order on a little-endian host")
  func addresses() {
    #expect(IPv4Address.loopback.networkOrder == 16_777_343)
    #expect(IPv4Address(10, 0, 200, 255).description == "10.0.200.255")
    #expect(MasterInfo(id: "m", hostname: "h").pid == "master@127.0.0.1:5050")
  }

  @Test(
    "a health check without a kind is one by command or by HTTP when it describes just one of both",
    arguments: [
      (HealthCheck(nil, command: CommandInfo("true")), .command),
      (HealthCheck(nil, http: HealthCheck.HTTP(port: 80)), .http),
      (HealthCheck(nil, tcp: HealthCheck.TCP(port: 80)), nil),
      (HealthCheck(nil), nil),
      (
        HealthCheck(nil, command: CommandInfo("true"), http: HealthCheck.HTTP(port: 80)),
        nil
      ),
      (HealthCheck(.tcp, command: CommandInfo("true")), .tcp),
      (HealthCheck.http(port: 80), .http),
    ] as [(HealthCheck, CheckKind?)])
  func inferredKinds(check: HealthCheck, kind: CheckKind?) {
    #expect(check.inferredKind == kind)
  }

  @Test(
    "numbers on the wire",
    arguments: [
      (ContainerInfo.Kind.docker.rawValue, 1), (ContainerInfo.Kind.mesos.rawValue, 2),
      (Visibility.framework.rawValue, 0), (Visibility.cluster.rawValue, 1),
      (Visibility.external.rawValue, 2), (DriverStatus.notStarted.rawValue, 1),
      (DriverStatus.running.rawValue, 2), (DriverStatus.aborted.rawValue, 3),
      (DriverStatus.stopped.rawValue, 4), (ExecutorInfo.Kind.custom.rawValue, 2),
    ] as [(UInt8, UInt8)])
  func wireNumbers(number: UInt8, expected: UInt8) {
    #expect(number == expected)
  }
}

@Suite("FrameworkInfo") struct FrameworkInfoTests {
  @Test("capabilities have the numbers and names of the wire; unknown names are passed over")
  func capabilities() {
    let names = [
      "REVOCABLE_RESOURCES", "TASK_KILLING_STATE", "GPU_RESOURCES", "SHARED_RESOURCES",
      "PARTITION_AWARE", "MULTI_ROLE", "RESERVATION_REFINEMENT", "REGION_AWARE",
    ]
    for (index, name) in names.enumerated() {
      let one = FrameworkInfo.Capabilities(names: [name])
      #expect(one.rawValue == 1 << (index + 1))
      #expect(one.names == [name])
    }
    let all = FrameworkInfo.Capabilities(names: names.reversed() + ["FLYING", ""])
    #expect(all.names == names)
    #expect(all.contains(.multiRole) && all.contains(.regionAware))
    #expect(FrameworkInfo.Capabilities(rawValue: 1).names.isEmpty)
  }

  @Test("the roles are those of the one field or of the other, as the capability says")
  func roles() {
    var info = FrameworkInfo(name: "f", role: "a", roles: ["b", "c"])
    #expect(info.effectiveRoles == ["a"])
    info.capabilities = .multiRole
    #expect(info.effectiveRoles == ["b", "c"])
  }
}
