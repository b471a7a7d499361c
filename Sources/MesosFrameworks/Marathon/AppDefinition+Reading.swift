// Part of mesosim. Apache-2.0, see LICENSE.
//
// From the body of a request to a definition: types, defaults and the older names of fields
// (Marathon: `raml/`, `api/v2/`).

public import Mesos

extension AppDefinition {
  /// Reads the text of a request.
  ///
  /// - Parameters:
  ///   - text: The body of the request.
  ///   - interface: Which request it is.
  ///   - group: What a relative id is relative to.
  ///   - ownRole: The role of the framework; `nil` for any.
  /// - Throws: `AppRefusal` with the status, the message and the places of what is wrong.
  public init(
    parsing text: String, as interface: Interface = .v2, in group: AppPath = .root,
    ownRole: Role? = nil
  ) throws(AppRefusal) {
    let body: JSONValue
    do throws(JSONSyntaxError) { body = try JSONValue(parsing: text) } catch {
      throw AppRefusal(error)
    }
    try self.init(body, as: interface, in: group, ownRole: ownRole)
  }

  /// Reads the body of a request.
  package init(
    _ body: JSONValue, as interface: Interface = .v2, in group: AppPath = .root,
    ownRole: Role? = nil, keys: [String] = []
  ) throws(AppRefusal) {
    let faults = FieldFaults()
    let reader = FieldReader(body, keys, faults)
    guard body.members != nil else {
      reader.fault("error.expected.jsobject")
      throw AppRefusal(status: 422, message: "Invalid JSON", details: faults.details)
    }
    switch interface {
    case .v1: self = Self.older(reader)
    case .v2: self = Self.current(reader, in: group, ownRole)
    }
    if let refusal = faults.refusal { throw refusal }
  }

  // MARK: The current form

  private static func current(
    _ reader: FieldReader, in group: AppPath, _ ownRole: Role?
  ) -> AppDefinition {
    let text = reader.required("id")
    var app = AppDefinition(id: AppPath(text ?? "", in: group))
    if text != nil {
      if app.id.isRoot {
        reader.fault("must not be root", at: "id")
      } else if !app.id.isValid {
        reader.fault(
          "must fully match regular expression "
            + "'^(([a-z0-9]|[a-z0-9][a-z0-9\\-]*[a-z0-9])\\.)*([a-z0-9]|[a-z0-9][a-z0-9\\-]*[a-z0-9])$'",
          at: "id")
      }
    }
    app.readResources(reader)
    app.readCommand(reader)
    app.readContainer(reader)
    app.readPorts(reader)
    app.readBackoff(reader)
    app.readConstraints(reader)
    app.readFiles(reader)
    app.readChecks(reader)
    app.readStrategies(reader)
    app.readRest(reader, in: group)
    app.carry(reader)
    app.check(reader, ownRole)
    return app
  }

  private mutating func readResources(_ reader: FieldReader) {
    cpus = reader.number("cpus", from: 0.001, default: cpus)
    mem = reader.number("mem", from: 0, default: mem)
    disk = reader.number("disk", from: 0, default: disk)
    gpus = reader.whole("gpus", from: 0) ?? gpus
    instances = reader.whole("instances", from: 0) ?? instances
  }

  private mutating func readCommand(_ reader: FieldReader) {
    command = reader.text("cmd")
    arguments = reader.texts("args") ?? []
    user = reader.text("user")
    executor = reader.text("executor") ?? ""
    if !executor.isEmpty, executor != "//cmd", !Self.isPath(executor) {
      reader.fault("expected '//cmd' or the path of an executor", at: "executor")
    }
    guard let variables = reader.child("env") else { return }
    var pairs: [String: String] = [:]
    for member in variables.object.members ?? [] {
      if let text = member.value.string {
        pairs[member.key] = text
      } else if member.value["secret"]?.string != nil {
        pairs[member.key] = member.value.text
        secretVariables.append(member.key)
      } else {
        variables.fault("expected a text or {\"secret\": NAME}", at: member.key)
      }
      if member.key.isEmpty { variables.fault("must not be empty", at: member.key) }
    }
    secretVariables.sort()
    environment = Pair.sorted(pairs)
  }

  /// Whether a text is a path of one or more names.
  private static func isPath(_ text: String) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    let names = parts.first == "" ? parts.dropFirst() : parts[...]
    return !names.isEmpty && names.allSatisfy { !$0.isEmpty }
  }

  private mutating func readBackoff(_ reader: FieldReader) {
    if let seconds = reader.whole("backoffSeconds", from: 0) { backoff.seconds = Double(seconds) }
    backoff.factor = reader.number("backoffFactor", from: 1, default: backoff.factor)
    if let most = reader.whole("maxLaunchDelaySeconds", from: 0) {
      backoff.maxSeconds = Double(most)
    }
    killGraceSeconds = reader.whole("taskKillGracePeriodSeconds", from: 0)
  }

  mutating func readConstraints(_ reader: FieldReader) {
    for (index, item) in (reader.items("constraints") ?? []).enumerated() {
      let place = reader.keys + ["constraints", String(index)]
      guard let parts = item.array, parts.allSatisfy({ $0.string != nil }) else {
        reader.faults.add("error.expected.jsarray of strings", at: place, place: item.place)
        continue
      }
      do throws(PlacementConstraint.Fault) {
        constraints.append(try PlacementConstraint(parts: parts.compactMap(\.string)))
      } catch {
        reader.faults.add(error.message, at: place, place: item.place)
      }
    }
  }

  mutating func readFiles(_ reader: FieldReader) {
    let uris = reader.texts("uris") ?? []
    let fetch = reader.objects("fetch") ?? []
    if !uris.isEmpty, !fetch.isEmpty {
      reader.fault("may not be set in conjunction with fetch", at: "uris")
    }
    artifacts = uris.map { Artifact(uri: $0, isExtracted: Self.isArchive($0)) }
    artifacts += fetch.map { item in
      let uri = item.required("uri") ?? ""
      if item.has("uri"), uri.isEmpty { item.fault("URI has invalid syntax.", at: "uri") }
      return Artifact(
        uri: uri, isExtracted: item.flag("extract", default: true),
        isExecutable: item.flag("executable", default: false),
        isCached: item.flag("cache", default: false), destination: item.text("destPath"))
    }
  }

  /// Whether a file is unpacked where nothing is said of that, by its name.
  private static func isArchive(_ uri: String) -> Bool {
    let endings = [".tgz", ".tar.gz", ".tbz2", ".tar.bz2", ".txz", ".tar.xz", ".zip"]
    return endings.contains { uri.hasSuffix($0) }
  }

  private mutating func readRest(_ reader: FieldReader, in group: AppPath) {
    dependencies = (reader.texts("dependencies") ?? []).map { AppPath($0, in: group) }
    for (index, path) in dependencies.enumerated() where !path.isValid {
      reader.faults.add(
        "is no valid path", at: reader.keys + ["dependencies", String(index)],
        place: reader.object["dependencies"]?.place)
    }
    labels = reader.map("labels")
    role = reader.text("role")
    if role?.isEmpty == true { reader.fault("must not be empty", at: "role") }
    acceptedRoles = reader.texts("acceptedResourceRoles")
    if let acceptedRoles {
      if acceptedRoles.isEmpty { reader.fault("must not be empty", at: "acceptedResourceRoles") }
    }
  }

  /// Keeps what plays no part here.
  private mutating func carry(_ reader: FieldReader) {
    let names = [
      "executorResources", "resourceLimits", "secrets", "storeUrls", "tty", "ipAddress",
    ]
    for name in names.sorted() {
      if let value = reader.object[name] { carried.append(Pair(key: name, value: value.text)) }
    }
  }
}

// MARK: - The older form

extension AppDefinition {
  private static func older(_ reader: FieldReader) -> AppDefinition {
    let text = reader.required("id") ?? ""
    var app = AppDefinition(id: AppPath(segments: [text]))
    app.interface = .v1
    if reader.has("id"), !AppPath.isPlainID(text) {
      reader.fault("must match \"^[A-Za-z0-9_.-]+$\"", at: "id")
    }
    app.command = reader.text("cmd") ?? ""
    app.environment = reader.map("env")
    app.instances = reader.whole("instances", from: 0) ?? 0
    app.cpus = reader.number("cpus", from: 0, default: 1)
    app.mem = reader.number("mem", from: 0, default: 128)
    app.executor = reader.text("executor") ?? ""
    app.readConstraints(reader)
    app.readFiles(reader)
    app.taskRateLimit = reader.number("taskRateLimit", from: 0, default: 1)
    // What Marathon paced by launches a second is paced by a delay here.
    app.backoff.seconds = app.taskRateLimit > 0 ? 1 / app.taskRateLimit : 3600
    app.backoff.factor = 1
    app.backoff.maxSeconds = 3600
    app.ports = []
    let numbers = reader.items("ports")
    app.ports = numbers.map { app.olderPorts($0, reader) } ?? [Port()]
    if let container = reader.child("container") {
      var made = AppContainer()
      made.type = "DOCKER"
      made.image = container.text("image")
      made.written =
        JSONValue(
          .object((container.object.members ?? []).filter { $0.key != "type" })
        ).text
      app.container = made
    }
    app.readHealthChecks(reader)
    return app
  }

  private func olderPorts(_ numbers: [JSONValue], _ reader: FieldReader) -> [Port] {
    let ports = readPortNumbers(numbers, reader).map { Port(number: $0) }
    checkUnique(ports, reader, at: "ports")
    return ports
  }
}
