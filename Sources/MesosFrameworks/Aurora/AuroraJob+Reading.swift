// Part of mesosim. Apache-2.0, see LICENSE.
//
// From JSON, as Aurora's client reads it, to a job: types, defaults and what is refused.

package import Mesos

extension AuroraJob {
  /// Reads a job.
  ///
  /// - Parameters:
  ///   - json: The job, its references bound but for those of run time.
  ///   - semantics: Whose rules hold.
  /// - Throws: `AuroraJobFault` for the first field that is wrong.
  package init(
    _ json: JSONValue, semantics: Semantics = .head
  ) throws(AuroraJobFault) {
    try JobSchema.job.check(json, at: "job")
    let fields = JobFields(json, "job")
    let taskFields = try fields.required(fields.object("task"), "task")
    let task = try ThermosTask(taskFields)
    let taskName = try taskFields.text("name") ?? task.processes[0].name
    let resources = try taskFields.required(taskFields.object("resources"), "resources")
    self.init(
      cluster: try fields.required(fields.text("cluster"), "cluster"),
      role: try fields.required(fields.text("role"), "role"),
      environment: try Self.environment(fields, semantics),
      name: try fields.text("name") ?? taskName,
      task: task, amounts: try AuroraAmounts(resources))
    for (field, text) in [("role", role), ("name", name)] where !Self.isIdentifier(text) {
      throw AuroraJobFault("job.\(field)", "'\(text)' has other than letters, digits, _ - and .")
    }
    ports = try Self.ports(task)
    contact = try fields.text("contact")
    try readNumbers(fields, semantics)
    try readSchedule(fields)
    try readConstraints(fields, semantics)
  }

  private static func environment(
    _ fields: JobFields, _ semantics: Semantics
  ) throws(AuroraJobFault) -> String {
    let usual: String? = semantics == .legacy ? "devel" : nil
    let text = try fields.required(fields.text("environment") ?? usual, "environment")
    let staging = "staging"
    let isStaging =
      text.hasPrefix(staging)
      && text.dropFirst(staging.count).utf8.allSatisfy { (48...57).contains($0) }
    guard isStaging || ["prod", "devel", "test"].contains(text) else {
      throw AuroraJobFault(
        "job.environment",
        "'\(text)' is none; expected prod, devel, test or staging with or without a number")
    }
    return text
  }

  private static func isIdentifier(_ text: String) -> Bool {
    !text.isEmpty
      && text.unicodeScalars.allSatisfy { scalar in
        scalar.isASCII && (Character(scalar).isLetter || Character(scalar).isNumber)
          || ["_", "-", "."].contains(scalar)
      }
  }

  private mutating func readNumbers(
    _ fields: JobFields, _ semantics: Semantics
  ) throws(AuroraJobFault) {
    instances = try fields.whole("instances") ?? 1
    guard (1...Self.mostInstances).contains(instances) else {
      throw AuroraJobFault(
        "job.instances", "\(instances) is not from 1 to \(Self.mostInstances)")
    }
    isService = try fields.flag("service") ?? false
    maxTaskFailures = try fields.whole("max_task_failures") ?? 1
    priority = try fields.whole("priority") ?? 0
    isProduction = try fields.flag("production") ?? false
    if semantics == .head {
      let word = try fields.text("tier") ?? AuroraTier.preemptible.rawValue
      guard let tier = AuroraTier(rawValue: word) else {
        let known = AuroraTier.allCases.map(\.rawValue).joined(separator: ", ")
        throw AuroraJobFault("job.tier", "'\(word)' is unknown; expected one of \(known)")
      }
      self.tier = tier
      // The tier decides, whatever the flag says.
      isProduction = tier == .preferred
    }
    try readPolicies(fields)
    guard update.maxTotalFailures < instances else {
      throw AuroraJobFault(
        "job.update_config.max_total_failures",
        "\(update.maxTotalFailures) is not below the number of instances, \(instances); no update "
          + "could fail")
    }
    let slowest = health.initialInterval + Double(health.maxFailures) * health.interval
    guard semantics == .head || Double(update.watchSeconds) > slowest else {
      throw AuroraJobFault(
        "job.update_config.watch_secs",
        "\(update.watchSeconds) is not above the \(slowest) seconds that health checks take; no "
          + "update could fail")
    }
  }

  private mutating func readSchedule(_ fields: JobFields) throws(AuroraJobFault) {
    let word = try fields.text("cron_collision_policy") ?? "KILL_EXISTING"
    switch word {
    // Slides and pages have lost the underscores.
    case "KILL_EXISTING", "KILLEXISTING": collisionPolicy = .killExisting
    case "CANCEL_NEW", "CANCELNEW": collisionPolicy = .cancelNew
    default:
      throw AuroraJobFault(
        "job.cron_collision_policy",
        "'\(word)' is not accepted; expected KILL_EXISTING or CANCEL_NEW")
    }
    guard let schedule = try fields.text("cron_schedule"), !schedule.isEmpty else { return }
    let times: CronSchedule
    do throws(CronFault) { times = try CronSchedule(schedule) } catch {
      throw AuroraJobFault("job.cron_schedule", error.description)
    }
    guard times.next(after: 0) != nil else {
      throw AuroraJobFault(
        "job.cron_schedule", "'\(schedule)' never comes: its months have no such day")
    }
    guard !isService else {
      throw AuroraJobFault("job.cron_schedule", "a service never ends; take one of the two away")
    }
    cronSchedule = schedule
  }

  private mutating func readConstraints(
    _ fields: JobFields, _ semantics: Semantics
  ) throws(AuroraJobFault) {
    var texts = try fields.map("constraints")
    for (name, text) in texts.sorted(by: { $0.key < $1.key }) {
      guard let constraint = AuroraConstraint(name, text) else {
        throw AuroraJobFault("job.constraints.\(name)", "'\(text)' has no whole number as limit")
      }
      guard constraint.isAllowed(role: role) else {
        throw AuroraJobFault(
          "job.constraints.\(name)",
          "'\(text)' is not accepted; expected one value, \(role)/... or */...")
      }
    }
    if semantics == .legacy {
      let isApart = isProduction && isService && texts[AuroraConstraint.dedicated] == nil
      if texts["host"] == nil { texts["host"] = "limit:1" }
      if isApart && texts["rack"] == nil { texts["rack"] = "limit:1" }
    }
    constraints = texts.sorted { $0.key < $1.key }.map { Constraint($0.key, $0.value) }
  }

  /// The names of the ports in command lines; what is known only at run time is left to it.
  private static func ports(_ task: ThermosTask) throws(AuroraJobFault) -> [String] {
    var ports: Set<String> = []
    for (index, process) in task.processes.enumerated() {
      for reference in process.commandLine.references {
        let port = "thermos.ports["
        if reference.hasPrefix(port), reference.hasSuffix("]") {
          let name = reference.dropFirst(port.count).dropLast()
          if !name.isEmpty { ports.insert(String(name)) }
        } else if !Self.bound.contains(reference) {
          throw AuroraJobFault(
            "job.task.processes[\(index)].cmdline",
            "nothing stands for {{\(reference)}}; write it out, or one of "
              + Self.bound.sorted().joined(separator: ", ") + ", thermos.ports[NAME]")
        }
      }
    }
    return ports.sorted()
  }

  /// What is known at run time, and what a job says of itself.
  private static let bound: Set<String> = [
    "mesos.instance", "mesos.hostname", "thermos.task_id", "cluster", "role", "environment",
    "name",
  ]
}

extension String {
  /// What stands between `{{` and `}}`; `{{&` begins no reference.
  fileprivate var references: [String] {
    var found: [String] = []
    var rest = self[...]
    while let begin = rest.firstPair(of: "{") {
      rest = rest[begin...]
      guard let end = rest.firstPair(of: "}") else { break }
      // Of more than two braces the inner two count.
      var inner = rest[..<rest.index(end, offsetBy: -2)]
      if let last = inner.lastIndex(of: "{") { inner = inner[inner.index(after: last)...] }
      if inner.first != "&", !inner.isEmpty { found.append(String(inner)) }
      rest = rest[end...]
    }
    return found
  }
}

extension Substring {
  /// The place behind the first two of a character in a row.
  fileprivate func firstPair(of character: Character) -> Index? {
    var index = startIndex
    while index < endIndex {
      let next = self.index(after: index)
      if next < endIndex, self[index] == character, self[next] == character {
        return self.index(after: next)
      }
      index = next
    }
    return nil
  }
}
