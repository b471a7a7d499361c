// Part of mesosim. Apache-2.0, see LICENSE.
//
// What is said is written down and read again without a loss, and what makes no sense is refused.

import Foundation
import Mesos
import Testing

@Suite("Messages written down") struct CodingTests {
  private static func encode(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return try encoder.encode(value)
  }

  /// Expects a value to come back as it was; by its bytes as well, since `==` passes some things
  /// over.
  private func expectReturn<Value: Codable & Equatable>(
    of value: Value, _ location: SourceLocation = #_sourceLocation
  ) throws {
    let data = try Self.encode(value)
    let back = try JSONDecoder().decode(Value.self, from: data)
    #expect(back == value, sourceLocation: location)
    #expect(try Self.encode(back) == data, sourceLocation: location)
  }

  private func json(_ value: some Encodable) throws -> String {
    String(decoding: try Self.encode(value), as: UTF8.self)
  }

  private func decode<Value: Decodable>(_ type: Value.Type, _ json: String) throws -> Value {
    try JSONDecoder().decode(type, from: Data(json.utf8))
  }

  // MARK: Resources

  @Test("every list of resources comes back, with the order of sets and the places of volumes")
  func resources() throws {
    var generator = ResourceGenerator(seed: 5)
    for _ in 0..<300 {
      let count = generator.size()
      try expectReturn(of: Resources((0..<count).map { _ in generator.anyResource() }))
    }
    var volume = Resource(
      "disk", .scalar(Scalar(thousandths: 1000)), reservations: [Reservation(.fixed, role: "a")],
      disk: DiskInfo(persistenceID: "v", containerPath: "data"), isShared: true)
    try expectReturn(of: Resources([volume]) + Resources([volume]))
    volume.value = .scalar(Scalar(thousandths: 1))
    try expectReturn(of: volume)
    let disk = Resource(
      "disk", .scalar(Scalar(thousandths: 5000)), disk: DiskInfo(source: .init(.mount, root: "/m")),
      providerID: "p")
    try expectReturn(of: Resources([disk, disk]))
  }

  @Test("a sum past the end of what one amount may be comes back")
  func saturatedSum() throws {
    let most = Resources([
      Resource(
        "mem", .scalar(Scalar(thousandths: .max)), reservations: [Reservation(.fixed, role: "a")])
    ])
    try expectReturn(of: most + most)
  }

  @Test("what a framework may not reserve comes back as it said it")
  func invalidReservation() throws {
    let nonsense = Resources(cpus: 1).pushing(Reservation(.dynamic, role: "*"))
    try expectReturn(of: nonsense)
    #expect(try !decode(Resources.self, json(nonsense)).isEmpty)
  }

  @Test(
    "what can be no resource is refused",
    arguments: [
      #"[{"name":"","value":{"scalar":{"_0":1}}}]"#,
      #"[{"name":"cpus","value":{"scalar":{"_0":-1}}}]"#,
      #"[{"name":"cpus","value":{"scalar":{"_0":1}},"copies":2}]"#,
      #"[{"name":"ports","value":{"ranges":{"_0":[{"begin":2,"end":1}]}}}]"#,
    ])
  func badResources(text: String) {
    #expect(throws: DecodingError.self) { try decode(Resources.self, text) }
  }

  @Test("amounts and bounds come back, and are read in any order")
  func quantities() throws {
    try expectReturn(of: try Quantities(parsing: "cpus:4;mem:1024"))
    try expectReturn(of: try Limits(parsing: "cpus:4;mem:0"))
    let text = #"[{"name":"mem","thousandths":1},{"name":"cpus","thousandths":2}]"#
    #expect(try decode(Quantities.self, text).entries.map(\.name) == ["cpus", "mem"])
    #expect(try decode(Limits.self, text).entries.map(\.name) == ["cpus", "mem"])
    let twice = #"[{"name":"mem","thousandths":1},{"name":"mem","thousandths":2}]"#
    #expect(throws: DecodingError.self) { try decode(Limits.self, twice) }
  }

  // MARK: Names

  @Test("identifiers are their text, the names of updates their sixteen bytes")
  func identifiers() throws {
    #expect(try json([TaskID("a"), "b"]) == #"["a","b"]"#)
    try expectReturn(of: [TaskID("e\u{301}"), TaskID("\u{e9}")])
    try expectReturn(of: OfferID(master: "m1-O3", number: .max))
    let uuid = try #require(UpdateID((240..<256).map { UInt8($0) }))
    #expect(try json(uuid) == "[240,241,242,243,244,245,246,247,248,249,250,251,252,253,254,255]")
    try expectReturn(of: uuid)
    #expect(throws: DecodingError.self) { try decode(UpdateID.self, "[1,2]") }
  }

  @Test("a dictionary by index is an object, in the same order in every run")
  func indexKeys() throws {
    let names: [SlaveIndex: String] = [2: "c", 0: "a", 1: "b"]
    #expect(try json(names) == #"{"0":"a","1":"b","2":"c"}"#)
    try expectReturn(of: names)
    #expect(throws: DecodingError.self) { try decode([SlaveIndex: Int].self, #"{"x":1}"#) }
  }

  @Test("an acknowledgement is its ids, whatever update it was made from")
  func acknowledgement() throws {
    var update = TaskStatus(taskID: "t", state: .running, message: "not to be told")
    update.slaveID = "s"
    update.uuid = UpdateID(Array(repeating: 7, count: 16))
    let seen = try #require(Acknowledgement(update))
    try expectReturn(of: seen)
    #expect(try !json(seen).contains("not to be told"))
  }

  // MARK: Descriptions

  @Test("a task with everything that can be said of one comes back")
  func task() throws {
    var command = CommandInfo(
      "run", usesShell: false, arguments: ["a"],
      environment: [
        EnvironmentVariable(name: "A", value: "b"),
        EnvironmentVariable(name: "S", secret: .reference(name: "s", key: "k")),
      ], uris: [CommandInfo.URI("u", isCached: true, outputFile: "f")], user: "root")
    command.environment.append(EnvironmentVariable(name: "V", secret: .value([1, 2])))
    let ordinary = TaskInfo(
      name: "t", taskID: "t1", slaveID: "s", resources: Resources(cpus: 0.1), command: command)
    try expectReturn(of: ordinary)
    var task = ordinary
    task.executor = ExecutorInfo(
      "e", kind: .custom, frameworkID: "f", command: command, container: Self.container,
      resources: Resources(mem: 32), name: "n", source: "s", data: [0, 255],
      discovery: Self.discovery, shutdownGracePeriod: .milliseconds(-1), labels: ["a": "b"])
    task.data = [1]
    task.healthCheck = .command(command)
    task.healthCheck?.http = HealthCheck.HTTP(port: 80, path: "/", scheme: "http", statuses: [200])
    task.check = CheckInfo(.tcp, tcp: HealthCheck.TCP(port: 1))
    task.container = Self.container
    task.labels = Labels([Label(key: "k")])
    task.discovery = Self.discovery
    task.killPolicy = KillPolicy(gracePeriod: .seconds(3))
    task.maxCompletionTime = Duration(secondsComponent: .max, attosecondsComponent: 1)
    task.limits = ["cpus": .infinite, "mem": .amount(Scalar(thousandths: 5))]
    try expectReturn(of: task)
    try expectReturn(of: OfferOperation.launchGroup(try #require(task.executor), .init([task])))
  }

  private static let container: ContainerInfo = {
    var docker = DockerInfo("redis", network: .bridge)
    docker.portMappings = [.init(hostPort: 1, containerPort: 2, protocol: "udp")]
    docker.parameters = [.init(key: "k", value: "v")]
    return ContainerInfo(
      .docker, docker: docker, image: Image(.appc, name: "i"),
      volumes: [
        Volume(at: "a", .readOnly, source: .sandboxPath("p", of: .parent)),
        Volume(at: "b", .readWrite, source: .secret(.value([9]))),
        Volume(at: "c", .readWrite, source: .dockerVolume(driver: nil, name: "n")),
      ], hostname: "h", networks: [NetworkInfo(name: "n", addresses: ["10.0.0.1"])],
      linux: LinuxInfo(boundingCapabilities: ["NET_ADMIN"], sharesPIDNamespace: true),
      resourceLimits: [ResourceLimitInfo("RLMT_NOFILE", soft: .max)],
      terminal: TerminalInfo(rows: 24))
  }()

  private static let discovery = DiscoveryInfo(
    .external, name: "n", ports: [Port(80, name: "http", visibility: .cluster)])

  @Test("a status with everything that can be said in one comes back")
  func status() throws {
    var status = TaskStatus(
      taskID: "t", state: .failed, message: "m", slaveID: "s",
      timestamp: Instant(nanoseconds: .max), source: .slave, reason: .containerLimitation,
      uuid: UpdateID(Array(0..<16)))
    try expectReturn(of: status)
    status.data = [1]
    status.isHealthy = false
    status.executorID = "e"
    status.labels = ["a": "b"]
    status.containerStatus = ContainerStatus(containerID: "c", executorPID: 1)
    status.checkStatus = .http(status: nil)
    status.unreachableTime = .start
    status.limitation = Resources(mem: 1)
    try expectReturn(of: status)
  }

  @Test("an offer, a framework and a master come back")
  func introductions() throws {
    var offer = Offer(
      id: OfferID(master: "m", number: 1), frameworkID: "f", slaveID: "s", hostname: "h",
      resources: Resources(cpus: 1), attributes: try Attributes(parsing: "b:x;a:1.5;c:[1-2]"))
    try expectReturn(of: offer)
    offer.executorIDs = ["e"]
    offer.url = "u"
    offer.domain = DomainInfo(region: "r", zone: "z")
    offer.unavailability = Unavailability(start: .start, duration: .seconds(1))
    try expectReturn(of: offer)
    try expectReturn(
      of: FrameworkInfo(
        name: "n", id: "f", failoverTimeoutSeconds: 0.1, capabilities: [.multiRole], roles: ["a"],
        offerFilters: [OfferFilters("a", minAllocatable: [try Quantities(parsing: "cpus:1")])]))
    try expectReturn(of: MasterInfo(id: "m", hostname: "h", domain: offer.domain))
  }
}
