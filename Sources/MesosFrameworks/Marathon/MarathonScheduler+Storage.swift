// Part of mesosim. Apache-2.0, see LICENSE.
//
// What is written down for the next process: apps with their configurations, instances with their
// tasks, deployments, and how far acts have come.

import Mesos

extension MarathonScheduler {
  private static let appPrefix = "app"
  private static let specPrefix = "spec"
  private static let instancePrefix = "i"
  private static let deploymentPrefix = "deployment/"
  private static let countsKey = "counts"
  /// So many numbers of instances are put aside at once.
  private static let numbersAtOnce = 64

  // MARK: Writing

  /// Writes an app down with all configurations that it has instances of.
  func keepApp(_ app: MarathonApp) {
    keepNumbers(of: app)
    for spec in app.specs {
      write(
        "\(spec.definition.interface.rawValue) \(spec.version)\n\(spec.definition.storedText)",
        for: specKey(app, spec.number))
    }
    keepCounts()
  }

  /// Writes down which configurations an app has and up to which number instances may be.
  private func keepNumbers(of app: MarathonApp) {
    let versions = app.specs.map { String($0.number) }.joined(separator: " ")
    write(
      "\(app.group.number) \(app.reservedNumbers) \(app.specsMade) \(versions)",
      for: Self.appPrefix + app.id.description)
  }

  private func specKey(_ app: MarathonApp, _ number: Int) -> String {
    "\(Self.specPrefix)\(app.id)#\(number)"
  }

  func forgetApp(_ app: MarathonApp) {
    environment.store.remove(Self.appPrefix + app.id.description)
    for spec in app.specs { forget(spec) }
  }

  /// Forgets a configuration that no instance has any more.
  func forget(_ spec: AppSpec) { environment.store.remove(specKey(spec.app, spec.number)) }

  /// Writes an instance down: what it was launched as, on which slave, and what constraints look at
  /// there.
  func keep(_ instance: AppInstance) {
    var line = StoredLine()
    line.add(instance.spec.number)
    line.add(instance.launches)
    if let slave = instance.slave, instance.task != nil {
      line.add(slave.value)
      line.add(Int(instance.since?.nanoseconds ?? 0))
      if let isGood = instance.lastCheck { line.add(isGood ? "h" : "u") }
      if let location = instance.location, !instance.spec.hasNoConstraints {
        let values = instance.spec.placement.values(at: location)
          .map { $0.map { "=" + $0 } ?? "-" }
        line.end("\n" + ([location.hostname] + values).joined(separator: "\n"))
      }
    }
    try? environment.store.write(line.bytes, for: instance.key)
  }

  /// Writes down that an instance is to go.
  func keepGoal(of instance: AppInstance) {
    try? environment.store.append(Array(Self.leaving.utf8), to: instance.key)
  }

  /// What stands behind an instance that is to go.
  private static let leaving = "\nd"

  func forget(_ instance: AppInstance) { environment.store.remove(instance.key) }

  /// The number of an app's next instance, which none will have again.
  func takeNumber(_ app: MarathonApp) -> Int {
    if app.nextNumber >= app.reservedNumbers {
      app.reservedNumbers = app.nextNumber + Self.numbersAtOnce
      keepNumbers(of: app)
    }
    defer { app.nextNumber += 1 }
    return app.nextNumber
  }

  func keepCounts() {
    write("\(deploymentsMade) \(groupsMade) \(actsDone)", for: Self.countsKey)
  }

  func keep(_ deployment: Deployment) {
    write(deployment.storedText, for: Self.deploymentPrefix + deployment.id)
    keepCounts()
  }

  func forget(_ deployment: Deployment) {
    environment.store.remove(Self.deploymentPrefix + deployment.id)
  }

  /// Without room the next process does not know of it, and ends what it hears of.
  private func write(_ text: String, for key: String) {
    try? environment.store.write(text, for: key)
  }

  // MARK: Reading

  /// Takes over what an earlier process has written down.
  func restore() {
    let store = environment.store
    guard let counts = store.text(for: Self.countsKey) else { return }
    let numbers = counts.split(separator: " ").compactMap { Int($0) }
    guard numbers.count == 3 else { return }
    deploymentsMade = numbers[0]
    groupsMade = Int32(clamping: numbers[1])
    actsDone = numbers[2]
    let keys = store.keys
    var byGroup: [Int: MarathonApp] = [:]
    for key in keys where key.hasPrefix(Self.appPrefix + "/") {
      if let app = restoreApp(key) { byGroup[Int(app.group.number)] = app }
    }
    var waiting: [AppInstance] = []
    let places = keys.compactMap(Self.instancePlace).sorted {
      ($0.group, $0.number) < ($1.group, $1.number)
    }
    for place in places {
      if let app = byGroup[place.group],
        let instance = restoreInstance(place.number, of: app), instance.condition == .scheduled
      {
        waiting.append(instance)
      }
    }
    hasResidents = byGroup.values.contains { $0.specs.contains(where: \.isResident) }
    if hasResidents { restorePlaces(byGroup, keys) }
    for instance in waiting { enqueue(instance) }
    for app in byGroup.values { for spec in app.dropEmptySpecs() { forget(spec) } }
    for key in keys where key.hasPrefix(Self.deploymentPrefix) { restoreDeployment(key) }
    deployments.sort { Self.number($0) < Self.number($1) }
  }

  private static func number(_ deployment: Deployment) -> Int {
    Int(deployment.id.dropFirst()) ?? 0
  }

  private func restoreApp(_ key: String) -> MarathonApp? {
    let store = environment.store
    let words = (store.text(for: key) ?? "").split(separator: " ").compactMap { Int($0) }
    guard words.count > 3 else { return nil }
    // The older form's ids are no paths, and stand here as they are.
    let path = key.dropFirst(Self.appPrefix.count + 1)
    let id = AppPath(segments: path.split(separator: "/").map { String($0) })
    let app = MarathonApp(id, group: GroupID(Int32(clamping: words[0])))
    app.reservedNumbers = words[1]
    app.nextNumber = words[1]
    app.specsMade = words[2]
    for number in words[3...] {
      guard let text = store.text(for: specKey(app, number)) else { continue }
      let parts = text.split(separator: "\n", maxSplits: 1)
      let head = parts[0].split(separator: " ", maxSplits: 1)
      guard parts.count == 2, head.count == 2,
        let interface = AppDefinition.Interface(rawValue: String(head[0])),
        let definition = try? AppDefinition(parsing: String(parts[1]), as: interface)
      else { continue }
      let version = String(head[1])
      app.add(
        AppSpec(
          definition, number: number, version: version, of: app, options.semantics, roles))
      app.versions.append((version, definition))
    }
    guard app.spec != nil else { return nil }
    apps[id] = app
    return app
  }

  /// The app's group and the number of an instance that a key is of.
  private static func instancePlace(_ key: String) -> (group: Int, number: Int)? {
    guard key.hasPrefix(instancePrefix) else { return nil }
    let name = key.dropFirst(instancePrefix.count).split(separator: ".")
    guard name.count == 2, let group = Int(name[0]), let number = Int(name[1]) else { return nil }
    return (group, number)
  }

  private func restoreInstance(_ number: Int, of app: MarathonApp) -> AppInstance? {
    guard var text = environment.store.text(for: app.keyPrefix + String(number)) else { return nil }
    let isLeaving = text.hasSuffix(Self.leaving)
    if isLeaving { text.removeLast(Self.leaving.count) }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let words = lines[0].split(separator: " ")
    guard words.count > 1, let specNumber = Int(words[0]), let launches = Int(words[1]),
      let spec = app.specs.first(where: { $0.number == specNumber })
    else { return nil }
    let instance = AppInstance(number, of: spec, at: now)
    instance.launches = launches
    instance.goal = isLeaving ? .decommissioned : .running
    if words.count > 3 {
      let task = TaskID("\(instance.name).\(launches)")
      instance.task = task
      instance.slave = SlaveID(String(words[2]))
      instance.since = Instant(nanoseconds: Int64(words[3]) ?? 0)
      if words.count > 4 { instance.lastCheck = words[4] == "h" }
      // What has become of it is asked when the master is there.
      instance.condition = .provisioned
      tasks[task] = instance
      restorePlace(of: instance, lines.dropFirst().map { String($0) })
    }
    app.add(instance)
    if instance.task != nil {
      awaitConfirmation(of: instance)
      if instance.goal != .running { kill(instance) }
    }
    return instance
  }

  private func restorePlace(of instance: AppInstance, _ lines: [String]) {
    guard let hostname = lines.first, let task = instance.task else { return }
    let values = lines.dropFirst().map { $0.first == "=" ? String($0.dropFirst()) : nil }
    let constraints = instance.spec.placement.rules.constraints
    guard values.count == constraints.count else { return }
    var attributes: [Attribute] = []
    for (constraint, value) in zip(constraints, values) {
      if let value { attributes.append(Attribute(constraint.field, .text(value))) }
    }
    instance.location = Location(hostname: hostname, attributes: Attributes(attributes))
    instance.spec.placement.add(task, values: Array(values))
  }

  private func restoreDeployment(_ key: String) {
    guard let text = environment.store.text(for: key),
      let deployment = Deployment(
        String(key.dropFirst(Self.deploymentPrefix.count)), stored: text)
    else { return }
    deployments.append(deployment)
    for path in deployment.apps { apps[path]?.deployment = deployment }
  }
}

/// Words on one line, as bytes: instances are written down with every launch.
private struct StoredLine {
  private(set) var bytes: [UInt8] = []

  init() { bytes.reserveCapacity(48) }

  mutating func add(_ word: String) {
    if !bytes.isEmpty { bytes.append(UInt8(ascii: " ")) }
    bytes.append(contentsOf: word.utf8)
  }

  mutating func add(_ number: Int) {
    if !bytes.isEmpty { bytes.append(UInt8(ascii: " ")) }
    var rest = number.magnitude
    let start = bytes.count
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    if number < 0 { bytes.append(UInt8(ascii: "-")) }
    bytes[start...].reverse()
  }

  mutating func end(_ text: String) { bytes.append(contentsOf: text.utf8) }
}

extension Deployment {
  /// The deployment as it is written down, line by line.
  fileprivate var storedText: String {
    var lines = ["\(began.nanoseconds) \(current)", cause]
    for step in steps {
      lines.append(
        "s" + step.map { " \($0.kind.rawValue) \($0.app)" }.joined())
    }
    for (app, definition) in originals {
      lines.append("o \(app)")
      if let definition {
        lines.append(definition.interface.rawValue + " " + definition.storedText)
      }
    }
    for step in note.steps {
      lines.append("n \(step.began.nanoseconds) \(step.ended?.nanoseconds ?? -1) \(step.what)")
    }
    return lines.joined(separator: "\n")
  }

  fileprivate convenience init?(_ id: String, stored text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let head = lines[0].split(separator: " ").compactMap { Int64($0) }
    guard head.count == 2, lines.count > 1 else { return nil }
    var steps: [[Action]] = []
    var originals: [(app: AppPath, definition: AppDefinition?)] = []
    var notes: [ServiceChange.Step] = []
    for line in lines[2...] {
      let words = line.split(separator: " ")
      switch words.first {
      case "s": steps.append(Self.actions(words.dropFirst()))
      case "o":
        guard words.count > 1 else { return nil }
        originals.append((Self.path(words[1]), nil))
      case "n":
        let parts = line.split(separator: " ", maxSplits: 3)
        guard parts.count == 4, let began = Int64(parts[1]), let ended = Int64(parts[2]) else {
          return nil
        }
        notes.append(
          ServiceChange.Step(
            String(parts[3]), began: Instant(nanoseconds: began),
            ended: ended < 0 ? nil : Instant(nanoseconds: ended)))
      case "v1", "v2":
        let interface = AppDefinition.Interface(rawValue: String(words[0])) ?? .v2
        let definition = try? AppDefinition(parsing: String(line.dropFirst(3)), as: interface)
        guard !originals.isEmpty else { return nil }
        originals[originals.count - 1].definition = definition
      default: return nil
      }
    }
    self.init(
      id, String(lines[1]), steps: steps, originals: originals,
      at: Instant(nanoseconds: head[0]))
    current = Int(head[1])
    note.steps = Array(notes.prefix(current + 1))
  }

  private static func actions(_ words: ArraySlice<Substring>) -> [Action] {
    var actions: [Action] = []
    var rest = words
    while rest.count > 1, let kind = rest.popFirst(), let app = rest.popFirst() {
      if let kind = Action.Kind(rawValue: String(kind)) {
        actions.append(Action(kind: kind, app: path(app)))
      }
    }
    return actions
  }

  /// A path just as it was written.
  private static func path(_ text: Substring) -> AppPath {
    AppPath(segments: text.split(separator: "/").map { String($0) })
  }
}
