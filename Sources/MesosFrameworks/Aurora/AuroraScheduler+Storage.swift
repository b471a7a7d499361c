// Part of mesosim. Apache-2.0, see LICENSE.
//
// What is written down for the next process: jobs with their configurations, tasks with their
// histories, slaves, updates and quotas.

import Mesos

extension AuroraScheduler {
  private enum Key {
    static let counts = "counts"
    static let quota = "q/"
    static let mode = "m/"

    static func job(_ number: Int32) -> String { "j" + String(number) }
    static func host(_ id: SlaveID) -> String { "h" + id.value }
    static func update(_ number: Int32) -> String { "u" + String(number) }
  }

  /// So many numbers of tasks are put aside at once.
  private static let numbersAtOnce = 256

  // MARK: Writing

  func takeTaskNumber() -> Int {
    if counts.tasks >= counts.tasksReserved {
      counts.tasksReserved = counts.tasks + Self.numbersAtOnce
      keepCounts()
    }
    defer { counts.tasks += 1 }
    return counts.tasks
  }

  func takeJobNumber() -> Int32 {
    defer {
      counts.jobs += 1
      keepCounts()
    }
    return counts.jobs
  }

  func keepCounts() {
    write(
      "\(counts.tasksReserved) \(counts.jobs) \(counts.updates) \(counts.acts) "
        + (counts.hasBegun ? "1" : "0"), for: Key.counts)
  }

  /// Writes a job down with all its configurations.
  func keep(_ job: AuroraLiveJob) {
    let run = job.journal.map { Int($0.id.number) } ?? -1
    var lines = ["\(job.wanted) \(job.configsMade) \(run) \(job.hasFailed ? 1 : 0)"]
    for config in job.configs { lines.append("c\(config.number) \(config.job.document.text)") }
    if let cron = job.cron { lines.append("k \(cron.job.document.text)") }
    write(lines.joined(separator: "\n"), for: Key.job(job.number))
  }

  func forget(_ job: AuroraLiveJob) { environment.store.remove(Key.job(job.number)) }

  /// Writes a task's state down: of a new one what it is, of others what has changed.
  ///
  /// What is being started counts as assigned to the next process, until that hears of it.
  func keep(_ row: AuroraRow) {
    if row.state == .starting { return }
    var line = AuroraLine()
    let isNew = row.changes == 1
    if isNew {
      line.add(Int(row.job.number))
      line.add(row.config.number)
      line.add(row.instance)
      line.add(row.failures)
      line.add(row.flaps)
    }
    line.begin(row.state.letter)
    line.add(Int(row.since.nanoseconds / 1_000_000))
    if row.state == .assigned, let host = row.host { line.add(host.slaveID.value) }
    // Without room the next process does not know of it, and ends what it hears of.
    if isNew {
      try? environment.store.write(line.bytes, for: row.storeKey)
    } else {
      try? environment.store.append(line.bytes, to: row.storeKey)
    }
  }

  func forget(_ row: AuroraRow) { environment.store.remove(row.storeKey) }

  /// Writes down what constraints look at on a slave with tasks.
  func keep(_ host: AuroraHost) {
    guard !host.isKept else { return }
    host.isKept = true
    var line = AuroraLine()
    line.add(host.hostname)
    for attribute in host.source.list {
      switch attribute.value {
      case .text(let text): line.begin(UInt8(ascii: "t"), [attribute.name, text])
      case .scalar(let number):
        line.begin(UInt8(ascii: "n"), [attribute.name, number.description])
      case .set(let set): line.begin(UInt8(ascii: "s"), [attribute.name] + set.items)
      case .ranges: break
      }
    }
    try? environment.store.write(line.bytes, for: Key.host(host.slaveID))
  }

  func forget(_ host: AuroraHost) {
    hosts[host.slaveID] = nil
    environment.store.remove(Key.host(host.slaveID))
  }

  func keepMode(of hostname: String) {
    guard let mode = modes[hostname] else {
      return environment.store.remove(Key.mode + hostname)
    }
    var words = [mode.rawValue]
    if let drain = drains[hostname] {
      words += ["\(drain.deadline.nanoseconds)", "\(drain.sla.seconds)"]
      switch drain.sla.rule {
      case .percentage(let part): words += ["p", "\(part)"]
      case .count(let count): words += ["c", "\(count)"]
      }
    }
    write(words.joined(separator: " "), for: Key.mode + hostname)
  }

  func keepQuota(of role: String) {
    guard let limit = quotas[role] else { return }
    write("\(limit.cpus) \(limit.ram) \(limit.disk)", for: Key.quota + role)
  }

  func keep(_ update: AuroraUpdate) {
    var job = update.config.job
    job.instances = update.instances
    job.update = update.settings
    let initial = update.initial.sorted { $0.key < $1.key }
      .map { "\($0.key):\($0.value.number)" }
    let lines = [
      "\(update.id) \(update.note.began.nanoseconds) \(update.status.rawValue) "
        + "\(update.config.number)",
      update.note.what, job.document.text, initial.joined(separator: " "),
    ]
    write(lines.joined(separator: "\n"), for: Key.update(update.job.number))
  }

  func forget(_ update: AuroraUpdate) {
    environment.store.remove(Key.update(update.job.number))
  }

  private func write(_ text: String, for key: String) {
    try? environment.store.write(text, for: key)
  }

  // MARK: Reading

  /// Takes over what an earlier process has written down.
  func restore() {
    let store = environment.store
    let numbers = (store.text(for: Key.counts) ?? "").split(separator: " ").compactMap { Int($0) }
    guard numbers.count == 5 else { return }
    counts.tasksReserved = numbers[0]
    counts.tasks = numbers[0]
    counts.jobs = Int32(clamping: numbers[1])
    counts.updates = numbers[2]
    counts.acts = numbers[3]
    counts.hasBegun = numbers[4] == 1
    var byNumber: [Int: AuroraLiveJob] = [:]
    let keys = store.keys
    for key in keys { restoreSetting(key) }
    for key in keys where key.hasPrefix("h") { restoreHost(key) }
    for key in keys where key.hasPrefix("j") {
      if let job = restoreJob(key) { byNumber[Int(job.number)] = job }
    }
    for number in keys.compactMap({ Self.number($0, "t") }).sorted() {
      if !restoreTask(number, byNumber) { store.remove(AuroraRow.storeKey(number)) }
    }
    for job in byNumber.values { restoreUpdate(of: job) }
  }

  private static func number(_ key: String, _ prefix: String) -> Int? {
    key.hasPrefix(prefix) ? Int(key.dropFirst(prefix.count)) : nil
  }

  private func restoreSetting(_ key: String) {
    guard let text = environment.store.text(for: key) else { return }
    if key.hasPrefix(Key.mode) {
      restoreMode(of: String(key.dropFirst(Key.mode.count)), text.split(separator: " "))
    } else if key.hasPrefix(Key.quota) {
      let numbers = text.split(separator: " ").compactMap { Double($0) }
      guard numbers.count == 3 else { return }
      quotas[String(key.dropFirst(Key.quota.count))] = AuroraAmounts(
        cpus: numbers[0], ram: numbers[1], disk: numbers[2])
    }
  }

  private func restoreMode(of hostname: String, _ words: [Substring]) {
    modes[hostname] = words.first.flatMap { AuroraSlave.Mode(rawValue: String($0)) }
    guard words.count == 5, let deadline = Int64(words[1]), let seconds = Double(words[2]),
      let number = Double(words[4])
    else { return }
    let rule =
      words[3] == "p" ? AuroraSLA.Rule.percentage(number) : .count(Int(exactly: number) ?? 0)
    drains[hostname] = AuroraDrain(
      sla: AuroraSLA(rule, seconds: seconds), deadline: Instant(nanoseconds: deadline))
  }

  private func restoreHost(_ key: String) {
    let lines = (environment.store.text(for: key) ?? "").split(
      separator: "\n", omittingEmptySubsequences: false)
    guard let hostname = lines.first.map({ String($0) }) else { return }
    var attributes: [Attribute] = []
    for line in lines.dropFirst() {
      let parts = line.dropFirst().split(separator: "\t", omittingEmptySubsequences: false)
        .map { String($0) }
      guard parts.count > 1 else { continue }
      switch line.first {
      case "n": attributes.append(Attribute(parts[0], .scalar(Double(parts[1]) ?? 0)))
      case "s": attributes.append(Attribute(parts[0], .set(ValueSet(Array(parts.dropFirst())))))
      default: attributes.append(Attribute(parts[0], .text(parts[1])))
      }
    }
    let id = SlaveID(String(key.dropFirst()))
    let host = AuroraHost(id, hostname, Attributes(attributes), modes[hostname] ?? .none)
    host.isKept = true
    hosts[id] = host
  }

  private func restoreJob(_ key: String) -> AuroraLiveJob? {
    guard let number = Self.number(key, "j"), let text = environment.store.text(for: key) else {
      return nil
    }
    let lines = text.split(separator: "\n")
    let head = lines[0].split(separator: " ").compactMap { Int($0) }
    let stored = lines.dropFirst().compactMap { line -> (tag: Substring, job: AuroraJob)? in
      let parts = line.split(separator: " ", maxSplits: 1)
      guard parts.count == 2, let json = try? JSONValue(parsing: String(parts[1])),
        let job = try? AuroraJob(json, semantics: options.semantics)
      else { return nil }
      return (parts[0], job)
    }
    guard head.count == 4, let first = stored.first?.job else { return nil }
    let live = AuroraLiveJob(
      first.key, number: Int32(clamping: number),
      taskPrefix: "\(first.role)-\(first.environment)-\(first.name)-")
    live.wanted = head[0]
    live.configsMade = head[1]
    if head[2] >= 0 {
      live.journal = JobJournal(
        resuming: JobID(Int32(clamping: head[2])), in: environment.journal)
    }
    live.hasFailed = head[3] == 1
    for (tag, job) in stored {
      if tag.first == "c", let number = Int(tag.dropFirst()) {
        _ = live.add(AuroraConfig(job, number: number, of: live))
      } else if let schedule = job.cronSchedule.flatMap({ try? CronSchedule($0) }) {
        live.cron = AuroraCron(job, schedule)
      }
    }
    jobs[live.key] = live
    return live
  }

  private func restoreTask(_ number: Int, _ jobs: [Int: AuroraLiveJob]) -> Bool {
    let lines = (environment.store.text(for: AuroraRow.storeKey(number)) ?? "").split(
      separator: "\n")
    let head = (lines.first ?? "").split(separator: " ").compactMap { Int($0) }
    guard lines.count > 1, head.count == 5, let job = jobs[head[0]],
      let config = job.configs.first(where: { $0.number == head[1] }),
      job.row(of: head[2]) == nil, (0..<1_000_000).contains(head[2])
    else { return false }
    let id = TaskID(job.taskPrefix + String(head[2]) + "-" + String(number))
    let row = AuroraRow(id, number: number, of: config, instance: head[2])
    row.failures = head[3]
    row.flaps = head[4]
    for line in lines.dropFirst() {
      let words = line.dropFirst().split(separator: " ")
      guard let state = line.first.flatMap({ AuroraTaskState(letter: $0) }),
        let millis = words.first.flatMap({ Int64($0) })
      else { return false }
      if words.count > 1 { row.host = restoredHost(SlaveID(String(words[1]))) }
      row.enter(state, at: .start + .milliseconds(millis))
    }
    tasks[id] = row
    job.add(row)
    if row.state.hasSlave {
      job.count(row, 1)
      row.host?.add(row)
    }
    return true
  }

  private func restoredHost(_ id: SlaveID) -> AuroraHost {
    if let host = hosts[id] { return host }
    // What did not fit into the store.
    let host = AuroraHost(id, id.value, Attributes(), .none)
    hosts[id] = host
    return host
  }

  private func restoreUpdate(of job: AuroraLiveJob) {
    guard let text = environment.store.text(for: Key.update(job.number)) else { return }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
    guard lines.count == 4, let json = try? JSONValue(parsing: lines[2]),
      let new = try? AuroraJob(json, semantics: options.semantics)
    else { return }
    let head = lines[0].split(separator: " ").map { String($0) }
    var initial: [Int: AuroraConfig] = [:]
    for pair in lines[3].split(separator: " ") {
      let numbers = pair.split(separator: ":").compactMap { Int($0) }
      guard numbers.count == 2 else { return }
      initial[numbers[0]] = job.configs.first { $0.number == numbers[1] }
    }
    guard head.count == 4, let began = Int64(head[1]),
      let status = AuroraUpdate.Status(rawValue: head[2]), let number = Int(head[3]),
      let config = job.configs.first(where: { $0.number == number })
    else { return }
    let update = AuroraUpdate(
      head[0], lines[1], of: job, from: initial, to: config, new,
      at: Instant(nanoseconds: began))
    update.status = status
    job.update = update
  }
}

extension AuroraTaskState {
  private static let letters: [(AuroraTaskState, Character)] = [
    (.throttled, "T"), (.pending, "P"), (.assigned, "A"), (.starting, "S"), (.running, "R"),
    (.killing, "K"), (.preempting, "E"), (.restarting, "X"), (.draining, "D"),
    (.partitioned, "U"),
  ]

  init?(letter: Character) {
    guard let entry = Self.letters.first(where: { $0.1 == letter }) else { return nil }
    self = entry.0
  }

  /// What stands for it in a task's history.
  fileprivate var letter: UInt8 {
    switch self {
    case .throttled: UInt8(ascii: "T")
    case .pending: UInt8(ascii: "P")
    case .assigned: UInt8(ascii: "A")
    case .starting: UInt8(ascii: "S")
    case .running: UInt8(ascii: "R")
    case .killing: UInt8(ascii: "K")
    case .preempting: UInt8(ascii: "E")
    case .restarting: UInt8(ascii: "X")
    case .draining: UInt8(ascii: "D")
    default: UInt8(ascii: "U")
    }
  }
}

/// Words on lines, as bytes: tasks are written down with every change.
private struct AuroraLine {
  private(set) var bytes: [UInt8] = []
  private var isInside = false

  init() { bytes.reserveCapacity(48) }

  /// Begins a line with a letter.
  mutating func begin(_ letter: UInt8) {
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(letter)
    isInside = false
  }

  /// Begins a line with a letter and texts, of which none has a tab or a line break.
  mutating func begin(_ letter: UInt8, _ texts: [String]) {
    begin(letter)
    for text in texts {
      if isInside { bytes.append(UInt8(ascii: "\t")) }
      bytes.append(contentsOf: text.utf8)
      isInside = true
    }
  }

  mutating func add(_ word: String) {
    separate()
    bytes.append(contentsOf: word.utf8)
  }

  /// Adds a number that is not negative.
  mutating func add(_ number: Int) {
    separate()
    if number < 10 { return bytes.append(UInt8(ascii: "0") + UInt8(max(0, number))) }
    var power = 10
    while power <= number / 10 { power *= 10 }
    var rest = number
    while power > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(rest / power))
      rest %= power
      power /= 10
    }
  }

  private mutating func separate() {
    if isInside { bytes.append(UInt8(ascii: " ")) }
    isInside = true
  }
}
