// Part of mesosim. Apache-2.0, see LICENSE.
//
// A cluster in the hands of a test: it has real masters, slaves and drivers, and time moves only
// when the test says so.

public import Mesos
public import MesosAllocation
public import MesosCluster
package import SimulationKernel
public import VirtualTime

/// A simulated cluster for the test of a framework.
///
///     let cluster = try TestCluster(slaves: 3, each: "cpus:4;mem:8192")
///     let web = cluster.register("web") { ExampleFramework(tasks: 2, environment: $0) }
///     try web.expect(.running(2), within: .seconds(30))
///     cluster.crash(web.tasks[0].slave)
///     try web.expect(.running(2), within: .seconds(300))
///
/// Nothing happens between two calls of the test, so that there is nothing to wait for and nothing
/// to settle: a run goes on until what was awaited is there. The same test gives the same run.
/// Whatever is expected and does not come throws a `TestFailure` that says what was awaited, how
/// near it came, what happened last and how the cluster stands.
public final class TestCluster {
  /// The slaves, in the order of their indices.
  public let slaves: [SlaveHandle]
  private var records: [FrameworkRecord] = []

  package let cluster: Cluster
  package let simulation: Simulation
  /// Watches what must never happen; `nil` where a test of ours wants nobody to listen.
  private let checker: InvariantChecker?
  /// What was done by the test, for reports.
  private(set) var acts: [LogLine] = []
  private let order = LogOrder()
  /// Where it was made, for who wants the same again.
  let origin: String
  private var rules: [TestRule] = []
  var transcriptState = TranscriptState()
  private var mended: Set<Int> = []
  /// After what time schedulers that gave up are started again; `nil` for never.
  var restartDelay: Duration?
  /// What the test's author got wrong where nothing can be thrown; the next run throws it.
  private var mistakes: [(what: String, advice: String)] = []

  /// Makes a cluster and starts it.
  ///
  /// - Parameters:
  ///   - slaves: How many slaves there are; their hosts are `node-0` and so on.
  ///   - resources: What each has, as the flag `--resources` has it, memory and disk in MB.
  ///   - attributes: The attributes of each, by its number, as the flag `--attributes` has them.
  ///   - masters: How many masters there are; one leads, the others wait.
  ///   - allocator: Who decides what is offered to whom.
  ///   - commands: What commands of tasks do, beside `sleep SECONDS`; the first rule that matches
  ///     counts.
  ///   - latency: What a message takes from one party to another.
  ///   - seed: What chance is drawn from, where a framework or a rule of commands asks for it.
  ///   - file: Where it is made.
  ///   - change: Changes whatever else a cluster is made of: settings of masters and slaves, what
  ///     commands do.
  /// - Throws: `ResourceSyntaxError` when resources or attributes are not written as Mesos reads
  ///   them, what is wrong with a latency below zero, and what `change` throws.
  public convenience init(
    slaves: Int = 1, each resources: String = "cpus:4;mem:8192",
    attributes: (Int) -> String = { _ in "" }, masters: Int = 1,
    allocator: any Allocator = HierarchicalAllocator(), commands: [CommandRule] = [],
    latency: Duration = .milliseconds(1),
    seed: UInt64 = 1, file: String = #filePath,
    change: (inout ClusterSetup) throws -> Void = { _ in }
  ) throws {
    let simulation = Simulation(seed: seed)
    let each = try Resources(parsing: resources)
    let infos = try (0..<max(0, slaves)).map { number in
      SlaveInfo(
        hostname: "node-\(number)", resources: each,
        attributes: try Attributes(parsing: attributes(number)))
    }
    var setup = ClusterSetup(
      slaves: infos, frameworks: [],
      network: Network(
        latency: try Distribution(.constant(latency.inSeconds)),
        key: simulation.seeds.key("network/latency")))
    setup.masters = max(1, masters)
    setup.commands.commands = commands
    try change(&setup)
    self.init(setup, allocator, on: simulation, origin: file)
    cluster.start()
  }

  /// Makes a cluster that has not started; its frameworks are nobody's to look at.
  package init(
    _ setup: ClusterSetup, _ allocator: any Allocator, on simulation: Simulation,
    isChecked: Bool = true, origin: String = #filePath
  ) {
    self.simulation = simulation
    self.origin = origin
    slaves = setup.slaves.indices.map { number in
      SlaveHandle(
        index: SlaveIndex(number), hostname: setup.slaves[number].hostname,
        attributes: setup.slaves[number].attributes)
    }
    cluster = Cluster(setup, allocator: allocator, on: simulation)
    checker = isChecked ? InvariantChecker(watching: cluster) : nil
    if let checker { cluster.recorder.attach(checker) }
  }

  /// The present instant.
  public var now: Instant { simulation.now }

  /// What identifies everything that has happened so far: equal for equal runs, 32 digits.
  public var digest: String { cluster.recorder.digestText }

  /// Registers a framework, which starts now, or later in a test when it is registered later.
  ///
  /// The master hears of frameworks in the order in which they are registered, each after the
  /// latency of the network.
  /// - Parameters:
  ///   - name: Its name, by which reports and faults know it.
  ///   - info: How it introduces itself; its name is set to `name`.
  ///   - makeExecutor: Makes an executor of the framework's own when a slave starts one.
  ///   - makeScheduler: Makes its scheduler, and the one of each later process.
  /// - Returns: The framework, of which outcomes are expected.
  @discardableResult
  public func register(
    _ name: String, _ info: FrameworkInfo = FrameworkInfo(name: ""),
    makeExecutor: @escaping (ExecutorInfo, any Environment) -> (any Executor)? = { _, _ in nil },
    _ makeScheduler: @escaping (any Environment) -> any Scheduler
  ) -> FrameworkHandle {
    var info = info
    info.name = name
    let record = FrameworkRecord(name, slaves, order, makeScheduler)
    if records.contains(where: { $0.name == name }) {
      mistake(
        "a second framework was registered as '\(name)'",
        advice: "give it another name: faults and rules know frameworks by their names")
    }
    records.append(record)
    var setup = ClusterSetup.Framework(
      info: info, makeScheduler: { record.makeObserved($0) }, makeExecutor: makeExecutor)
    setup.restartDelay = restartDelay
    cluster.admit(setup)
    return FrameworkHandle(record: record, cluster: self)
  }

  /// The frameworks that were registered, in that order.
  public var frameworks: [FrameworkHandle] {
    records.map { FrameworkHandle(record: $0, cluster: self) }
  }

  func note(_ text: String) { acts.append(LogLine(order.next(), now, "test: \(text)")) }

  func mistake(_ what: String, advice: String) { mistakes.append((what, advice)) }

  func begin(_ rule: TestRule) { rules.append(rule) }

  func end(_ rule: TestRule) {
    rules.removeAll { $0.rule === rule.rule }
    cluster.remove(rule.rule)
  }

  /// Puts a fault right; whether that is the first time.
  func mend(_ number: Int) -> Bool {
    cluster.mend(number)
    return mended.insert(number).inserted
  }

  // MARK: Time

  /// Lets a time pass.
  ///
  /// - Parameters:
  ///   - duration: How long.
  ///   - file: The file of the test.
  ///   - line: The line of the test.
  /// - Throws: `TestFailure` when the cluster breaks an invariant meanwhile.
  public func run(for duration: Duration, file: String = #filePath, line: Int = #line) throws {
    try throwMistakes(at: (file, line))
    guard duration >= .zero else {
      throw failure(
        "time was to pass for \(Text.of(duration))", advice: "time only goes on", at: (file, line))
    }
    simulation.run(until: now + duration)
    try checkInvariants(at: (file, line))
  }

  /// Lets time pass until something is so.
  ///
  /// - Parameters:
  ///   - condition: What is to become so; asked after each event.
  ///   - limit: How long that may take.
  ///   - what: What it is, for the report.
  ///   - file: The file of the test.
  ///   - line: The line of the test.
  /// - Throws: `TestFailure` when it was so from the start, or has not become so in that time.
  public func run(
    until condition: @autoclosure () throws -> Bool, within limit: Duration,
    _ what: String = "a condition", file: String = #filePath, line: Int = #line
  ) throws {
    try throwMistakes(at: (file, line))
    if try condition() {
      throw failure(
        "\(what) was awaited, and is so from the start",
        advice: "wait for something that is not there yet, or leave the wait out", at: (file, line))
    }
    let start = now
    if try !advance(until: start + limit, at: (file, line), condition) {
      throw failure(
        "\(what) was awaited for \(Text.of(limit)) from \(start) on, and did not come",
        at: (file, line))
    }
  }

  /// Lets time pass until nothing is left to happen but pings and ticks that decide nothing, or a
  /// limit is reached.
  ///
  /// - Parameters:
  ///   - limit: How long at most.
  ///   - file: The file of the test.
  ///   - line: The line of the test.
  /// - Throws: `TestFailure` when frameworks still have work at the limit, a rule that is in force
  ///   was for no message, or the cluster breaks an invariant.
  public func runToEnd(
    within limit: Duration, file: String = #filePath, line: Int = #line
  ) throws {
    let start = now
    if try !advance(until: start + limit, at: (file, line), { !self.cluster.hasWorkLeft }) {
      throw failure(
        "the end was awaited for \(Text.of(limit)) from \(start) on, and did not come",
        at: (file, line))
    }
    for rule in rules where rule.count == 0 && rule.rule.fate != .watch {
      throw failureOfIdleRule(rule.text, at: (file, line))
    }
  }

  /// Handles one event; `false` when none is left.
  @discardableResult
  public func step() -> Bool { simulation.step() }

  /// Handles events until a condition holds; `false` when it does not by an instant, at which it
  /// then is.
  func advance(
    until end: Instant, at place: TestFailure.Place? = nil, _ condition: () throws -> Bool
  ) throws -> Bool {
    try throwMistakes(at: place)
    let end = max(end, now)
    while try !condition() {
      guard simulation.step(notAfter: end) else {
        simulation.run(until: end)
        try checkInvariants(at: place)
        return try condition()
      }
      try checkInvariants(at: place)
    }
    return true
  }

  private func throwMistakes(at place: TestFailure.Place?) throws {
    guard !mistakes.isEmpty else { return }
    let mistake = mistakes.removeFirst()
    throw failure(mistake.what, advice: mistake.advice, at: place)
  }

  private func checkInvariants(at place: TestFailure.Place?) throws {
    guard let violation = checker?.violation else { return }
    throw failure(
      "the cluster broke the invariant \(violation.invariant): \(violation.message)", at: place)
  }

  func failure(
    _ what: String, nearest: String? = nil, advice: String? = nil,
    at place: TestFailure.Place? = nil
  ) -> TestFailure {
    TestFailure(what, nearest: nearest, advice: advice, at: place, in: self)
  }
}
