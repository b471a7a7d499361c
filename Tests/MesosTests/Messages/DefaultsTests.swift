// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import Testing

// Goal: what is left out means what mesos.proto says it means.
@Suite("Defaults of messages") struct DefaultsTests {
  @Test("health checks and checks")
  func checks() {
    let health = HealthCheck(.tcp)
    #expect(health.delaySeconds == 15)
    #expect(health.intervalSeconds == 10)
    #expect(health.timeoutSeconds == 20)
    #expect(health.consecutiveFailures == 3)
    #expect(health.gracePeriodSeconds == 10)
    let check = CheckInfo(.tcp)
    #expect(check.delaySeconds == 15)
    #expect(check.intervalSeconds == 10)
    #expect(check.timeoutSeconds == 20)
  }

  @Test("commands and the files they fetch")
  func commands() {
    let command = CommandInfo("true")
    #expect(command.usesShell)
    #expect(command.arguments.isEmpty && command.environment.isEmpty && command.uris.isEmpty)
    #expect(command.user == nil)
    let uri = CommandInfo.URI("http://a/x.tgz")
    #expect(!uri.isExecutable && uri.isExtracted && !uri.isCached && uri.outputFile == nil)
  }

  @Test("containers")
  func containers() {
    let container = ContainerInfo.docker("redis:7")
    #expect(container.kind == .docker)
    #expect(container.docker?.network == .host)
    #expect(container.docker?.isPrivileged == false)
    #expect(container.docker?.forcesPull == false)
    #expect(Image(.docker, name: "redis").isCached)
  }

  @Test("frameworks, masters, slaves and filters")
  func infos() {
    let framework = FrameworkInfo(name: "f")
    #expect(framework.role == .unreserved)
    #expect(framework.failoverTimeoutSeconds == 0)
    #expect(!framework.hasCheckpointing)
    #expect(framework.capabilities.isEmpty)
    #expect(MasterInfo(id: "m", hostname: "h").pid == "master@127.0.0.1:5050")
    #expect(SlaveInfo(hostname: "h", resources: Resources()).port == 5051)
    #expect(SlaveInfo(hostname: "h", resources: Resources()).hasCheckpointing)
    #expect(Filters().refuseSeconds == 5)
  }

  @Test("an address is a number of network order on a little-endian host")
  func addresses() {
    #expect(IPv4Address.loopback.networkOrder == 16_777_343)
    #expect(IPv4Address(10, 0, 200, 255).description == "10.0.200.255")
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
