// Part of mesosim. Apache-2.0, see LICENSE.
//
// The facts of a run as lines of JSON, for people with `grep` and for programs.

public import FileSystem
import Mesos
import MesosAllocation
public import MesosCluster
public import VirtualTime

/// Writes each fact of a run as a line of JSON (`--events`), and among them notes: how changes of
/// services go on (`serviceChange`) and what operators asked for (`operated`).
///
/// The first line is a header that identifies the run and says of what its cluster consists:
/// `slaves` in rows that differ only in the number of their names, `frameworks` and `roles`. Each
/// other has the instant `t` in nanoseconds, the number `seq` of the fact, its `type`, and names
/// instead of numbers. Offers of one framework that were made or ended together, of slaves that
/// follow one another in the order of the scenario, are one line with `slaves` for each amount of
/// `resources`; `isVerbose` writes a line for each. A plain file appears when the log is finished,
/// whole; with a name that ends in `.gz`, compressed. The log of a run that was stopped before its
/// end has one line more, the footer.
///
/// With `isExplained` there are lines of type `pass`, too, after the offers that an allocation led
/// to: how many `offers`; the `order` of roles and frameworks before it, with what it goes `by`
/// (`shares`, the `policy`, or `chance`; none of it if the allocator gives no reasons); when the
/// `next` is due; and what is `waiting`, as far as something else is to be said of it than before:
/// how many slaves are `there`, of `size`, `suitable`, with `room`, and of the last how many are
/// `offered` to it or to `others`, `refused` by it (`until` when, on which `slave`, and which
/// allocation may offer it `again`), kept by `quota`, `due` at the next allocation, or `unwanted`.
public final class EventLog: ClusterEventSink {
  private let file: OutputFile?
  private let put: ([UInt8]) throws(OutputError) -> Void
  private unowned let cluster: Cluster
  private var buffer: [UInt8] = []
  private var sequence = 0
  private var taskNames: [TaskNumber: String] = [:]
  private let isVerbose: Bool
  /// What reasons are made from; `nil` in a log without.
  private var waiting: WaitingLedger?
  private var failure: OutputError?

  /// What the first line says.
  struct Header {
    /// What identifies the run, by key; values are written as they are.
    var values: [(key: String, value: String)]
    /// What else, by key; values are JSON.
    var parts: [(key: String, json: String)]
    /// Whether allocations are written with their reasons; the cluster has to state them
    /// (`Cluster.statePasses`).
    var isExplained = false
  }

  /// Begins a log in a file; `isVerbose` for a line for each offer.
  convenience init(_ file: OutputFile, _ header: Header, isVerbose: Bool, of cluster: Cluster) {
    self.init(header, file, isVerbose: isVerbose, of: cluster) {
      (bytes: [UInt8]) throws(OutputError) in try file.write(bytes)
    }
  }

  /// A log for somebody who reads along: the header at once, then whole lines at each ``flush()``
  /// and when many have come together.
  convenience init(_ header: Header, of cluster: Cluster, put: @escaping ([UInt8]) -> Void) {
    self.init(header, nil, isVerbose: false, of: cluster) { put($0) }
    flush()
  }

  private init(
    _ header: Header, _ file: OutputFile?, isVerbose: Bool, of cluster: Cluster,
    put: @escaping ([UInt8]) throws(OutputError) -> Void
  ) {
    self.cluster = cluster
    self.isVerbose = isVerbose
    self.file = file
    self.put = put
    waiting = header.isExplained ? WaitingLedger() : nil
    begin(with: header)
  }

  private func begin(with header: Header) {
    var line = JSONLine()
    line.add("type", "header")
    for (key, value) in header.values { line.add(key, value) }
    for (key, json) in header.parts { line.add(key, json: json) }
    if header.isExplained { line.add("explained", true) }
    append(line)
  }

  /// Whether it goes to standard output, where nothing else may go then.
  public var isOnStandardOutput: Bool { file?.isStandardOutput ?? false }

  /// Writes one fact, one of many offers as a line for each amount.
  public func record(_ event: ClusterEvent, at now: Instant) {
    waiting?.note(event)
    switch event {
    case .passMade(let pass): writePass(pass, at: now)
    case .runOffered where isVerbose, .runEnded where isVerbose:
      event.forEachSingle { write($0, at: now) }
    case .runOffered(let framework, let run, let places):
      writeOffers("offered", framework, run, places, nil, at: now)
    case .runEnded(let framework, let run, let places, let end):
      writeOffers("offerEnded", framework, run, places, end, at: now)
    default: write(event, at: now)
    }
  }

  private func writeOffers(
    _ type: String, _ framework: FrameworkIndex, _ run: AllocationRun, _ places: Range<Int>,
    _ end: OfferEnd?, at now: Instant
  ) {
    for (resources, slaves) in run.slaves(byShapeAt: places) {
      var line = begin(at: now)
      line.add("type", type)
      line.add("framework", cluster.frameworkName(framework))
      line.add(
        "slaves", slaves.map { [cluster.slaveName($0.first), cluster.slaveName($0.last)] })
      line.add("resources", resources.description)
      if let end { line.add("end", "\(end)") }
      append(line)
    }
  }

  /// Writes an allocation that led to offers, or after which something else keeps what waits.
  private func writePass(_ pass: AllocationPass, at now: Instant) {
    guard let findings = waiting?.findings(cluster) else { return }
    if pass.decisions == 0, findings.isEmpty { return }
    var line = begin(at: now)
    PassLine(
      pass: pass,
      isOfInterest: { [waiting] in
        waiting?.isWaiting($0) == true || waiting?.served.contains($0) == true
      },
      frameworkName: cluster.frameworkName, slaveName: cluster.slaveName
    ).write(findings, to: &line)
    waiting?.forgetServed()
    append(line)
  }

  private func begin(at now: Instant) -> JSONLine {
    var line = JSONLine()
    line.add("t", now.nanoseconds)
    line.add("seq", sequence)
    sequence += 1
    return line
  }

  private func write(_ event: ClusterEvent, at now: Instant) {
    var line = begin(at: now)
    describe(event, in: &line)
    append(line)
  }

  /// Writes one note.
  public func record(_ note: ClusterNote, at now: Instant) {
    var line = begin(at: now)
    line.add(note) { cluster.frameworkName($0) }
    append(line)
  }

  /// Says that the run went no further, though it was not over.
  /// - Parameters:
  ///   - events: How many events the simulation had handled.
  ///   - now: The instant of the last of them.
  func addFooter(events: Int, at now: Instant) {
    var line = JSONLine()
    line.add("type", "footer")
    line.add("partial", true)
    line.add("t", now.nanoseconds)
    line.add("events", events)
    append(line)
  }

  /// Writes what is left and puts the file in its place.
  /// - Throws: `OutputError` when the disk is full or the place is gone.
  public func finish() throws(OutputError) {
    flush()
    if let failure {
      file?.abandon()
      throw failure
    }
    try file?.finish()
  }

  private func append(_ line: JSONLine) {
    line.write(to: &buffer)
    if buffer.count > 1 << 16 { flush() }
  }

  /// Hands over what was written so far.
  func flush() {
    guard failure == nil, !buffer.isEmpty else { return }
    do throws(OutputError) { try put(buffer) } catch { failure = error }
    buffer.removeAll(keepingCapacity: file != nil)
  }
}

// MARK: - Facts

extension EventLog {
  // Without a default, so that the compiler asks for the line of a new fact.
  private func describe(_ event: ClusterEvent, in line: inout JSONLine) {
    switch event {
    case .slaveAdded(let slave, let total): add("slaveAdded", nil, slave, total, to: &line)
    case .slaveChanged(let slave, let total): add("slaveChanged", nil, slave, total, to: &line)
    case .slaveRemoved(let slave): add("slaveRemoved", nil, slave, to: &line)
    case .slaveDisconnected(let slave): add("slaveDisconnected", nil, slave, to: &line)
    case .slaveReconnected(let slave): add("slaveReconnected", nil, slave, to: &line)
    case .frameworkAdded(let framework): add("frameworkAdded", framework, to: &line)
    case .frameworkRemoved(let framework): add("frameworkRemoved", framework, to: &line)
    case .frameworkDisconnected(let framework): add("frameworkDisconnected", framework, to: &line)
    case .frameworkConnected(let framework): add("frameworkConnected", framework, to: &line)
    case .frameworkLeft(let framework): add("frameworkLeft", framework, to: &line)
    case .frameworkReplaced(let framework): add("frameworkReplaced", framework, to: &line)
    case .masterElected(let master): add("masterElected", master, to: &line)
    case .masterLost(let master): add("masterLost", master, to: &line)
    case .fault(let number):
      line.add("type", "fault")
      line.add("fault", cluster.faultText(number))
    case .offered(let framework, let slave, let resources):
      add("offered", framework, slave, resources, to: &line)
    case .offerEnded(let framework, let slave, let resources, let end):
      add("offerEnded", framework, slave, resources, to: &line)
      line.add("end", "\(end)")
    case .runOffered, .runEnded, .passMade: break  // Written by `writeOffers`, `writePass`.
    case .taskLaunched(let framework, let slave, let resources, let number):
      add("taskLaunched", framework, slave, resources, to: &line)
      taskNames[number] = cluster.taskID(number, on: slave)?.value
      line.add("task", name(of: number))
    case .taskRunning(let framework, let slave, let number):
      add("taskRunning", framework, slave, to: &line)
      line.add("task", name(of: number))
    case .taskEnded(let framework, let slave, let resources, let state, let number, let reason):
      add("taskEnded", framework, slave, resources, to: &line)
      line.add("task", name(of: number))
      taskNames[number] = nil
      line.add("state", "\(state)")
      if let reason { line.add("reason", reason.wireName) }
    case .taskRefused(let framework, let state, let reason):
      add("taskRefused", framework, to: &line)
      line.add("state", "\(state)")
      line.add("reason", reason.wireName)
    case .executorStarted(let framework, let slave, let resources):
      add("executorStarted", framework, slave, resources, to: &line)
    case .executorEnded(let framework, let slave, let resources):
      add("executorEnded", framework, slave, resources, to: &line)
    case .jobSubmitted(let framework, let job): add("jobSubmitted", framework, job, to: &line)
    case .jobFinished(let framework, let job): add("jobFinished", framework, job, to: &line)
    case .jobAbandoned(let framework, let job): add("jobAbandoned", framework, job, to: &line)
    case .demand(let framework, let shape, let delta):
      add("demand", framework, nil, shape, to: &line)
      line.add("delta", delta)
    case .demandEnded(let framework): add("demandEnded", framework, to: &line)
    case .taskWaited(let framework, let job, let since, let until):
      addWait(framework, job, since, until, to: &line)
    case .tasksWanted, .taskUp, .taskIdle: describeUse(event, in: &line)
    }
  }

  /// What a framework says of how its tasks are used.
  private func describeUse(_ event: ClusterEvent, in line: inout JSONLine) {
    switch event {
    case .tasksWanted(let framework, let group, let count):
      add("tasksWanted", framework, group, to: &line)
      line.add("count", count)
      if let name = cluster.serviceNotes.name(of: group, of: framework) { line.add("name", name) }
    case .taskUp(let framework, let group, let number):
      add("taskUp", framework, group, to: &line)
      line.add("task", name(of: number))
    case .taskIdle(let framework, let number, let resources):
      add("taskIdle", framework, nil, resources, to: &line)
      line.add("task", name(of: number))
    default: break
    }
  }

  private func add(
    _ type: String, _ framework: FrameworkIndex, _ group: GroupID, to line: inout JSONLine
  ) {
    add(type, framework, to: &line)
    line.add("group", Int(group.number))
  }

  private func addWait(
    _ framework: FrameworkIndex, _ job: JobID, _ since: Instant, _ until: Instant,
    to line: inout JSONLine
  ) {
    add("taskWaited", framework, job, to: &line)
    line.add("since", since.nanoseconds)
    line.add("until", until.nanoseconds)
  }

  private func name(of task: TaskNumber) -> String { taskNames[task] ?? "\(task)" }

  private func add(
    _ type: String, _ framework: FrameworkIndex?, _ slave: SlaveIndex? = nil,
    _ resources: Resources? = nil, to line: inout JSONLine
  ) {
    line.add("type", type)
    if let framework { line.add("framework", cluster.frameworkName(framework)) }
    if let slave { line.add("slave", cluster.slaveName(slave)) }
    if let resources { line.add("resources", resources.description) }
  }

  private func add(_ type: String, _ master: MasterIndex, to line: inout JSONLine) {
    line.add("type", type)
    line.add("master", "master-\(Int(master) + 1)")
  }

  private func add(
    _ type: String, _ framework: FrameworkIndex, _ job: JobID, to line: inout JSONLine
  ) {
    add(type, framework, to: &line)
    line.add("job", Int(job.number))
  }
}
