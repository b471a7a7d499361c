// Part of mesosim. Apache-2.0, see LICENSE.
//
// A cluster in the hands of a test: it has real masters, slaves and drivers, and time moves only
// when the test says so.

public import Mesos
public import MesosAllocation
public import MesosCluster
import SimulationKernel
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
  public let slaves: [TestSlave]
  private var records: [FrameworkRecord] = []

  let cluster: Cluster
  private let simulation: Simulation
  private let checker: InvariantChecker
  /// What was done by the test, for reports.
  private(set) var acts: [(instant: Instant, text: String)] = []

  /// Makes a cluster and starts it.
  ///
  /// - Parameters:
  ///   - slaves: How many slaves there are; their hosts are `node-0` and so on.
  ///   - resources: What each has, as the flag `--resources` has it, memory and disk in MB.
  ///   - attributes: The attributes of each, by its number, as the flag `--attributes` has them.
  ///   - masters: How many masters there are; one leads, the others wait.
  ///   - allocator: Who decides what is offered to whom.
  ///   - latency: What a message takes from one party to another.
  ///   - seed: What chance is drawn from, where a framework or a rule of commands asks for it.
  ///   - change: Changes whatever else a cluster is made of: settings of masters and slaves, what
  ///     commands do.
  /// - Throws: `ResourceSyntaxError` when resources or attributes are not written as Mesos reads
  ///   them, and what is wrong with a latency below zero.
  public init(
    slaves: Int = 1, each resources: String = "cpus:4;mem:8192",
    attributes: (Int) -> String = { _ in "" }, masters: Int = 1,
    allocator: any Allocator = HierarchicalAllocator(), latency: Duration = .milliseconds(1),
    seed: UInt64 = 1, change: (inout ClusterSetup) -> Void = { _ in }
  ) throws {
    simulation = Simulation(seed: seed)
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
    change(&setup)
    self.slaves = setup.slaves.indices.map { number in
      TestSlave(index: SlaveIndex(number), hostname: setup.slaves[number].hostname)
    }
    cluster = Cluster(setup, allocator: allocator, on: simulation)
    checker = InvariantChecker(watching: cluster)
    cluster.recorder.attach(checker)
    cluster.start()
  }

  /// The present instant.
  public var now: Instant { simulation.now }

  /// What identifies everything that has happened so far: equal for equal runs, 32 digits.
  public var digest: String { cluster.recorder.digestText }

  /// Registers a framework, which starts now.
  ///
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
  ) -> TestFramework {
    var info = info
    info.name = name
    let record = FrameworkRecord(name, slaves, makeScheduler)
    records.append(record)
    cluster.admit(
      ClusterSetup.Framework(
        info: info,
        makeScheduler: { record.makeObserved($0) }, makeExecutor: makeExecutor))
    return TestFramework(record: record, cluster: self)
  }

  /// The frameworks that were registered, in that order.
  public var frameworks: [TestFramework] {
    records.map { TestFramework(record: $0, cluster: self) }
  }

  func note(_ text: String) { acts.append((now, text)) }

  // MARK: Time

  /// Lets a time pass.
  ///
  /// - Parameter duration: How long.
  /// - Throws: `TestFailure` when the cluster breaks an invariant meanwhile.
  public func run(for duration: Duration) throws {
    simulation.run(until: now + duration)
    try checkInvariants()
  }

  /// Lets time pass until something is so.
  ///
  /// - Parameters:
  ///   - condition: What is to become so; asked after each event.
  ///   - limit: How long that may take.
  ///   - what: What it is, for the report.
  /// - Throws: `TestFailure` when it was so from the start, or has not become so in that time.
  public func run(
    until condition: @autoclosure () -> Bool, within limit: Duration, _ what: String = "a condition"
  ) throws {
    if condition() {
      throw failure(
        "\(what) was awaited, and is so from the start",
        advice: "wait for something that is not there yet, or leave the wait out")
    }
    let start = now
    if try !advance(until: start + limit, { condition() }) {
      throw failure("\(what) was awaited for \(Text.of(limit)) from \(start) on, and did not come")
    }
  }

  /// Lets time pass until nothing is left to happen but pings and ticks that decide nothing, or a
  /// limit is reached.
  ///
  /// - Parameter limit: How long at most.
  /// - Throws: `TestFailure` when frameworks still have work at the limit, or the cluster breaks an
  ///   invariant.
  public func runToEnd(within limit: Duration) throws {
    let start = now
    if try !advance(until: start + limit, { !self.cluster.hasWorkLeft }) {
      throw failure("the end was awaited for \(Text.of(limit)) from \(start) on, and did not come")
    }
  }

  /// Handles one event; `false` when none is left.
  @discardableResult
  public func step() -> Bool { simulation.step() }

  /// Handles events until a condition holds; `false` when it does not by an instant, at which it
  /// then is.
  func advance(until end: Instant, _ condition: () -> Bool) throws -> Bool {
    while !condition() {
      guard simulation.step(notAfter: end) else {
        simulation.run(until: end)
        try checkInvariants()
        return condition()
      }
      try checkInvariants()
    }
    return true
  }

  private func checkInvariants() throws {
    guard let violation = checker.violation else { return }
    throw failure("the cluster broke the invariant \(violation.invariant): \(violation.message)")
  }

  func failure(_ what: String, nearest: String? = nil, advice: String? = nil) -> TestFailure {
    TestFailure(what, nearest: nearest, advice: advice, in: self)
  }
}
