// Part of mesosim. Apache-2.0, see LICENSE.
//
// The fields of a job's JSON, each with the path that leads to it.

import Mesos

/// The fields of one object of a job.
struct JobFields {
  let json: JSONValue
  let path: String

  init(_ json: JSONValue, _ path: String) {
    self.json = json
    self.path = path
  }

  func required<Value>(_ value: Value?, _ key: String) throws(AuroraJobFault) -> Value {
    guard let value else { throw fault(key, "is missing") }
    return value
  }

  func text(_ key: String) throws(AuroraJobFault) -> String? {
    try read(key, "a string") { $0.string }
  }

  func flag(_ key: String) throws(AuroraJobFault) -> Bool? {
    try read(key, "true or false") { $0.bool }
  }

  /// A whole number of 32 bits.
  func whole(_ key: String) throws(AuroraJobFault) -> Int? {
    try read(key, "a whole number") { value in
      value.whole.flatMap { Int32(exactly: $0) == nil ? nil : $0 }
    }
  }

  func number(_ key: String) throws(AuroraJobFault) -> Double? {
    try read(key, "a number") { value in value.double.flatMap { $0.isFinite ? $0 : nil } }
  }

  func object(_ key: String) throws(AuroraJobFault) -> JobFields? {
    try read(key, "an object") { $0.members == nil ? nil : JobFields($0, "\(path).\(key)") }
  }

  /// The objects of an array; none when it is missing.
  func objects(_ key: String) throws(AuroraJobFault) -> [JobFields] {
    let items = try read(key, "an array") { $0.array } ?? []
    var objects: [JobFields] = []
    for (index, item) in items.enumerated() {
      guard item.members != nil else { throw fault("\(key)[\(index)]", "expected an object") }
      objects.append(JobFields(item, "\(path).\(key)[\(index)]"))
    }
    return objects
  }

  /// The texts of an array; none when it is missing.
  func texts(_ key: String) throws(AuroraJobFault) -> [String] {
    try read(key, "an array of strings") { value in
      guard let items = value.array else { return nil }
      let texts = items.compactMap(\.string)
      return texts.count == items.count ? texts : nil
    } ?? []
  }

  /// The whole numbers of an array; none when it is missing.
  func wholes(_ key: String) throws(AuroraJobFault) -> [Int] {
    try read(key, "an array of whole numbers") { value in
      guard let items = value.array else { return nil }
      let numbers = items.compactMap(\.whole)
      return numbers.count == items.count ? numbers : nil
    } ?? []
  }

  /// Texts by name; none when they are missing.
  func map(_ key: String) throws(AuroraJobFault) -> [String: String] {
    guard let fields = try object(key) else { return [:] }
    var texts: [String: String] = [:]
    for member in fields.json.members ?? [] { texts[member.key] = try fields.text(member.key) }
    return texts
  }

  func fault(_ key: String, _ message: String) -> AuroraJobFault {
    AuroraJobFault("\(path).\(key)", message)
  }

  private func read<Value>(
    _ key: String, _ expected: String, _ convert: (JSONValue) -> Value?
  ) throws(AuroraJobFault) -> Value? {
    guard let value = json[key] else { return nil }
    guard let converted = convert(value) else {
      throw fault(key, "expected \(expected), got \(value.text)")
    }
    return converted
  }
}

extension JobFields {
  /// A number of bytes, or a text such as `128MB`; units count in 1024s, as Aurora's do.
  func bytes(_ key: String) throws(AuroraJobFault) -> Double? {
    try read(key, "a number of bytes, or one with KB, MB, GB or TB") { value in
      if let number = value.double { return number.isFinite ? number : nil }
      guard let text = value.string else { return nil }
      let digits = text.prefix { $0.isNumber || $0 == "." }
      let unit = text.dropFirst(digits.count).drop { $0 == " " }
      guard let number = Double(digits), number.isFinite else { return nil }
      let factors = ["": 0, "KB": 1, "MB": 2, "GB": 3, "TB": 4]
      return factors[String(unit)].map { number * Double(1 << (10 * $0)) }
    }
  }
}

extension AuroraAmounts {
  /// Reads a task's resources, memory and disk in bytes; parts of a MB are cut off.
  init(_ fields: JobFields) throws(AuroraJobFault) {
    let megabyte = Double(1 << 20)
    let ram = try fields.required(fields.bytes("ram"), "ram")
    let disk = try fields.required(fields.bytes("disk"), "disk")
    self.init(
      cpus: try fields.required(fields.number("cpu"), "cpu"),
      ram: (ram / megabyte).rounded(.down), disk: (disk / megabyte).rounded(.down))
    if cpus <= 0 { throw fields.fault("cpu", "expected more than 0") }
    if self.ram <= 0 { throw fields.fault("ram", "expected at least 1 MB, in bytes") }
    if self.disk <= 0 { throw fields.fault("disk", "expected at least 1 MB, in bytes") }
    for (key, amount) in [("cpu", cpus), ("ram", self.ram), ("disk", self.disk)]
    where amount > 1e12 {
      throw fields.fault(key, "\(amount.shortText) is more than any slave has")
    }
  }
}

extension ThermosTask {
  /// Reads what a job's task says of its processes.
  init(_ fields: JobFields) throws(AuroraJobFault) {
    var processes: [ThermosProcess] = []
    for entry in try fields.objects("processes") {
      var process = ThermosProcess(try entry.required(entry.text("name"), "name"))
      process.commandLine = try entry.required(entry.text("cmdline"), "cmdline")
      process.maxFailures = try entry.whole("max_failures") ?? process.maxFailures
      process.isDaemon = try entry.flag("daemon") ?? false
      process.isEphemeral = try entry.flag("ephemeral") ?? false
      process.isFinal = try entry.flag("final") ?? false
      if let seconds = try entry.number("min_duration") {
        process.minDuration = .rounded(seconds: seconds)
      }
      processes.append(process)
    }
    if processes.isEmpty { throw fields.fault("processes", "expected at least one") }
    self.init(processes)
    order = []
    for constraint in try fields.objects("constraints") {
      order.append(try constraint.texts("order"))
    }
    maxFailures = try fields.whole("max_failures") ?? maxFailures
    maxConcurrency = try fields.whole("max_concurrency") ?? maxConcurrency
    if let seconds = try fields.number("finalization_wait") {
      finalizationWait = .rounded(seconds: seconds)
    }
    do throws(ThermosFault) { try check() } catch {
      throw fields.fault("processes", error.description)
    }
  }
}
