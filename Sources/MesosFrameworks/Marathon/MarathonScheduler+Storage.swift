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
    let versions = app.specs.map { String($0.number) }.joined(separator: " ")
    write(
      "\(app.group.number) \(app.reservedNumbers) \(app.specsMade) \(versions)",
      for: Self.appPrefix + app.id.description)
    for spec in app.specs {
      write(
        "\(spec.definition.interface.rawValue) \(spec.version)\n\(spec.definition.storedText)",
        for: specKey(app, spec.number))
    }
    keepCounts()
  }

  private func specKey(_ app: MarathonApp, _ number: Int) -> String {
    "\(Self.specPrefix)\(app.id)#\(number)"
  }

  func forgetApp(_ app: MarathonApp) {
    environment.store.remove(Self.appPrefix + app.id.description)
    for key in environment.store.keys where key.hasPrefix("\(Self.specPrefix)\(app.id)#") {
      environment.store.remove(key)
    }
  }

  /// Writes an instance down: what it was launched as, on which slave, and what constraints look at
  /// there.
  func keep(_ instance: AppInstance) {
    var words = "\(instance.spec.number) \(instance.launches)"
    words += instance.goal == .running ? " r" : " d"
    if let slave = instance.slave, instance.task != nil {
      words += " \(slave.value) \(instance.since?.nanoseconds ?? 0)"
      if let isGood = instance.lastCheck { words += isGood ? " h" : " u" }
      if let location = instance.location, !instance.spec.placement.rules.isEmpty {
        words += "\n\(location.hostname)\n"
        words += instance.spec.placement.values(at: location)
          .map { $0.map { "=" + $0 } ?? "-" }.joined(separator: "\n")
      }
    }
    write(words, for: key(of: instance))
  }

  private func key(of instance: AppInstance) -> String {
    "\(Self.instancePrefix)\(instance.app.group.number).\(instance.number)"
  }

  func forget(_ instance: AppInstance) { environment.store.remove(key(of: instance)) }

  /// The number of an app's next instance, which none will have again.
  func takeNumber(_ app: MarathonApp) -> Int {
    if app.nextNumber >= app.reservedNumbers {
      app.reservedNumbers = app.nextNumber + Self.numbersAtOnce
      keepApp(app)
    }
    defer { app.nextNumber += 1 }
    return app.nextNumber
  }

  func keepCounts() {
    write("\(deploymentsMade) \(groupsMade) \(actsDone)", for: Self.countsKey)
  }

  func keepDeployments() {
    let store = environment.store
    let known = Set(deployments.map { Self.deploymentPrefix + $0.id })
    for key in store.keys where key.hasPrefix(Self.deploymentPrefix) && !known.contains(key) {
      store.remove(key)
    }
    for deployment in deployments {
      write(deployment.storedText, for: Self.deploymentPrefix + deployment.id)
    }
    keepCounts()
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
    for key in keys where key.hasPrefix(Self.instancePrefix) {
      if let instance = restoreInstance(key, byGroup), instance.condition == .scheduled {
        waiting.append(instance)
      }
    }
    for instance in waiting.sorted(by: { ($0.app.group, $0.number) < ($1.app.group, $1.number) }) {
      enqueue(instance)
    }
    for app in byGroup.values { app.dropEmptySpecs() }
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
        AppSpec(definition, number: number, version: version, of: app, options.semantics))
      app.versions.append((version, definition))
    }
    guard app.spec != nil else { return nil }
    apps[id] = app
    return app
  }

  private func restoreInstance(
    _ key: String, _ byGroup: [Int: MarathonApp]
  ) -> AppInstance? {
    let name = key.dropFirst(Self.instancePrefix.count).split(separator: ".")
    guard name.count == 2, let group = Int(name[0]), let number = Int(name[1]),
      let app = byGroup[group], let text = environment.store.text(for: key)
    else { return nil }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let words = lines[0].split(separator: " ")
    guard words.count > 2, let specNumber = Int(words[0]), let launches = Int(words[1]),
      let spec = app.specs.first(where: { $0.number == specNumber })
    else { return nil }
    let instance = AppInstance(number, of: spec, at: now)
    instance.launches = launches
    instance.goal = words[2] == "d" ? .decommissioned : .running
    if words.count > 4 {
      let task = TaskID("\(instance.name).\(launches)")
      instance.task = task
      instance.slave = SlaveID(String(words[3]))
      instance.since = Instant(nanoseconds: Int64(words[4]) ?? 0)
      if words.count > 5 { instance.lastCheck = words[5] == "h" }
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
