// Part of mesosim. Apache-2.0, see LICENSE.
//
// Containers, networks and ports of an app, in their current and their older form.

import Mesos

extension AppDefinition {
  // MARK: Containers and networks

  mutating func readContainer(_ reader: FieldReader) {
    let written = reader.child("container")
    let docker = written?.child("docker")
    readNetworks(reader, docker)
    guard let written else {
      if network != .host { container = AppContainer() }
      return fillMappings()
    }
    var made = AppContainer()
    made.written = Self.rest(of: written.object).text
    let standard = docker != nil && !written.has("type") ? "DOCKER" : "MESOS"
    made.type = written.word("type", of: ["MESOS", "DOCKER"], default: standard)
    let appc = written.child("appc")
    if docker != nil, appc != nil {
      written.fault("mesos containers should specify, at most, a single image type")
    }
    if made.type == "DOCKER", docker == nil { written.fault("not defined", at: "docker") }
    if let image = docker ?? appc {
      made.image = image.required("image")
      if made.image?.isEmpty == true { image.fault("must not be empty", at: "image") }
      made.forcesPull = image.flag("forcePullImage", default: false)
    }
    let own = written.objects("portMappings")
    let older = docker?.objects("portMappings")
    if let own, !own.isEmpty, let older, !older.isEmpty {
      written.fault("cannot specify both portMappings and docker.portMappings")
    }
    made.mappings = (own ?? older)?.map(Self.mapping)
    for (index, volume) in (written.objects("volumes") ?? []).enumerated() {
      made.readVolume(volume, index)
    }
    container = made
    fillMappings()
    checkMappings(written)
  }

  /// A container without what is kept otherwise.
  private static func rest(of written: JSONValue) -> JSONValue {
    var members = (written.members ?? []).filter {
      !["type", "portMappings", "docker"].contains($0.key)
    }
    if let docker = written["docker"]?.members {
      let kept = docker.filter { !["network", "portMappings"].contains($0.key) }
      members.append(JSONValue.Member(key: "docker", value: JSONValue(.object(kept))))
    }
    return JSONValue(.object(members))
  }

  private mutating func readNetworks(_ reader: FieldReader, _ docker: FieldReader?) {
    let older = docker?.text("network")
    let address = reader.child("ipAddress")
    if let networks = reader.objects("networks"), !networks.isEmpty {
      if older != nil {
        reader.fault("must not specify both container.docker.network and networks")
      }
      if address != nil { reader.fault("must not specify both networks and ipAddress") }
      for item in networks {
        let word = item.word(
          "mode", of: ["host", "container", "container/bridge"], default: "container")
        network = Network(rawValue: word) ?? .container
        if let name = item.text("name") { networkNames.append(name) }
      }
      let isHost = networks.contains { $0.object["mode"]?.string == "host" }
      if isHost, networks.count > 1 {
        reader.fault("Host networking must not be combined with others", at: "networks")
      }
      return
    }
    switch older {
    case nil: if address != nil { network = .container }
    case "HOST": break
    case "NONE": break
    case "BRIDGE": network = .bridge
    case "USER": network = .container
    case let word?: docker?.fault("unsupported docker network type \(word)", at: "network")
    }
    if let name = address?.text("networkName") { networkNames = [name] }
  }

  private static func mapping(_ reader: FieldReader) -> AppContainer.Mapping {
    AppContainer.Mapping(
      containerPort: reader.whole("containerPort", from: 0, to: 65_535) ?? 0,
      hostPort: reader.whole("hostPort", from: 0, to: 65_535),
      servicePort: reader.whole("servicePort", from: 0, to: 65_535) ?? 0,
      transport: transport(reader), name: reader.text("name"), labels: reader.map("labels"))
  }

  private static func transport(_ reader: FieldReader) -> String {
    reader.word("protocol", of: ["tcp", "udp", "udp,tcp", "tcp,udp"], default: "tcp")
  }

  /// Mappings count with a network of its own alone; there they have defaults.
  private mutating func fillMappings() {
    guard network != .host else {
      container?.mappings = nil
      return
    }
    var mappings = container?.mappings ?? []
    if mappings.isEmpty { mappings = [AppContainer.Mapping(name: "default")] }
    if network == .bridge {
      for index in mappings.indices where mappings[index].hostPort == nil {
        mappings[index].hostPort = 0
      }
    }
    container?.mappings = mappings
  }

  private func checkMappings(_ reader: FieldReader) {
    let names = (container?.mappings ?? []).compactMap(\.name)
    if Set(names).count < names.count {
      reader.fault("Port names must be unique.", at: "portMappings")
    }
  }

  // MARK: Ports

  mutating func readPorts(_ reader: FieldReader) {
    let numbers = reader.items("ports").map { readPortNumbers($0, reader) }
    let written = reader.objects("portDefinitions").map { $0.map(Self.port) }
    let isRequired = reader.flag("requirePorts", default: false)
    if let numbers, let written, numbers != written.map(\.number) {
      reader.fault("cannot specify both ports and port definitions", at: "portDefinitions")
    }
    let given = written ?? numbers.map { $0.map { Port(number: $0) } }
    if let given { checkUnique(given, reader, at: written == nil ? "ports" : "portDefinitions") }
    guard network == .host else {
      ports = nil
      addMappings(for: given?.count ?? 0)
      return
    }
    requiresPorts = isRequired
    if let given { ports = given }
  }

  /// Each port beyond those that are mapped gets a mapping of its own.
  private mutating func addMappings(for count: Int) {
    let missing = count - (container?.mappings?.count ?? 0)
    guard missing > 0 else { return }
    var mapping = AppContainer.Mapping()
    if network == .bridge { mapping.hostPort = 0 }
    container?.mappings?.append(contentsOf: Array(repeating: mapping, count: missing))
  }

  private static func port(_ reader: FieldReader) -> Port {
    let number = reader.whole("port", from: 0, to: 65_535) ?? 0
    let port = Port(
      number: number, transport: transport(reader), name: reader.text("name"),
      labels: reader.map("labels"))
    if port.name?.isEmpty == true { reader.fault("must not be empty", at: "name") }
    return port
  }

  func readPortNumbers(_ items: [JSONValue], _ reader: FieldReader) -> [Int] {
    items.enumerated().map { index, item in
      guard let number = item.whole, (0...65_535).contains(number) else {
        reader.faults.add(
          "expected a port from 0 to 65535", at: reader.keys + ["ports", String(index)],
          place: item.place)
        return 0
      }
      return number
    }
  }

  func checkUnique(_ ports: [Port], _ reader: FieldReader, at key: String) {
    let numbers = ports.map(\.number).filter { $0 != 0 }
    if Set(numbers).count < numbers.count { reader.fault("Ports must be unique.", at: key) }
    let names = ports.compactMap(\.name)
    if Set(names).count < names.count { reader.fault("Port names must be unique.", at: key) }
  }
}

extension AppContainer {
  fileprivate mutating func readVolume(_ reader: FieldReader, _ index: Int) {
    let path = reader.text("containerPath") ?? ""
    if let persistent = reader.child("persistent") {
      return readPersistent(reader, persistent, path)
    }
    if let external = reader.child("external") {
      hasExternalVolumes = true
      if path.isEmpty { reader.fault("must not be empty", at: "containerPath") }
      _ = external.text("name")
      _ = external.text("provider")
      return
    }
    if reader.has("secret") { return }
    if path.isEmpty { reader.fault("must not be empty", at: "containerPath") }
    if (reader.text("hostPath") ?? "").isEmpty { reader.fault("must not be empty", at: "hostPath") }
    _ = reader.word("mode", of: ["RO", "RW"], default: "RW")
  }

  private mutating func readPersistent(
    _ reader: FieldReader, _ persistent: FieldReader, _ path: String
  ) {
    if path.isEmpty || path == "." || path == ".." {
      reader.fault("is no valid path for a persistent volume", at: "containerPath")
    }
    if path.utf8.contains(UInt8(ascii: "/")) {
      reader.fault("value must not contain \"/\"", at: "containerPath")
    }
    if reader.word("mode", of: ["RO", "RW"], default: "RW") != "RW" {
      reader.fault("must be RW", at: "mode")
    }
    if !persistent.has("size") { persistent.fault("error.path.missing", at: "size") }
    let size = persistent.whole("size", from: 1) ?? 0
    let type = persistent.word("type", of: ["root", "path", "mount"], default: "root")
    if let most = persistent.whole("maxSize", from: 0) {
      if type != "mount" { persistent.fault("Only mount volumes can have maxSize", at: "maxSize") }
      if most <= size { persistent.fault("Max size must be larger than size", at: "maxSize") }
    }
    let constraints = persistent.items("constraints") ?? []
    if type == "root", !constraints.isEmpty {
      persistent.fault("Constraints on root volumes are not supported", at: "constraints")
    }
    for constraint in constraints {
      let parts = constraint.array?.compactMap(\.string) ?? []
      let isSound =
        parts.count == 3 && parts[0] == "path" && ["LIKE", "UNLIKE"].contains(parts[1])
        && PlacementPattern.complaint(about: parts[2]) == nil
      if !isSound {
        persistent.fault(
          "Unsupported constraint \(parts.joined(separator: ","))", at: "constraints")
      }
    }
    persistentVolumes.append(PersistentVolume(containerPath: path, size: size, type: type))
  }
}
