// Part of mesosim. Apache-2.0, see LICENSE.
//
// One simulation of a scenario: its cluster is put together, run and measured.

public import FileSystem
public import MesosAllocation
public import MesosCluster
public import MesosMetrics
public import VirtualTime

public import Mesos
import MesosFrameworks
import SimulationKernel

/// One simulation of a scenario under one allocator.
///
///     let run = try ScenarioRun(prepared, allocator: AllocatorEntry(name: "drf"))
///     run.run()
///     let measured = run.measured(window: run.window)
public final class ScenarioRun {
  /// The version of mesosim, as results name it.
  public static let version = "0.1.0"

  /// How far a run is.
  public struct Pulse: Sendable {
    /// The part of the simulated time that has passed, as far as it is known, 0 to 1.
    public var fraction: Double
    /// Events handled so far.
    public var events: Int
  }

  let prepared: PreparedScenario
  private let allocator: AllocatorEntry
  let simulation: Simulation
  package let cluster: Cluster
  private let collector: MetricsCollector
  private var invariants: InvariantChecker?
  private let laws: LawChecker?
  /// The logs of its facts: in a file, and for who reads along.
  var eventLogs: [EventLog] = []
  /// What the log has come to, where that is kept.
  package private(set) var picture: LogPicture?
  /// When the last thing goes wrong.
  private let lastFault: Instant?
  /// When to look at what, the next at the end.
  ///
  /// Whether the cluster has recovered: at the deadline and a while after it, unless the run is
  /// over before. And laws of the end.
  private var looks: [(instant: Instant, kind: Look)] = []

  private enum Look {
    case recovery, end
  }
  let operators: OperatorSchedule
  /// Whether the run was stopped before its work or its horizon ended it.
  public private(set) var isPartial = false
  /// The scenario that is run.
  var scenario: Scenario { prepared.scenario }
  /// Until when a run that was stopped is known to the last event, if that is not its last event.
  private var cut: Instant?
  private var isStarted = false
  /// What happens from outside the simulation, and its number as a handler.
  let outside = OutsideEvents()
  var outsideHandler: HandlerID?
  /// How many faults came from outside.
  var faultsFromOutside = 0

  /// Puts a simulation together.
  /// - Parameters:
  ///   - prepared: The scenario with its jobs.
  ///   - allocator: The allocator to run it under.
  ///   - isLiteral: Whether every interval and every ping is an event and every pass visits every
  ///     slave, as in Mesos itself; decides the same, slowly.
  ///   - holdsLaws: Whether the run is held to the scenario's laws, and stops at the first that is
  ///     broken.
  ///   - address: Where it can be reached from outside the simulation, if it can.
  ///   - registry: The allocators there are.
  /// - Throws: `ParameterError` when the allocator can't be made.
  public init(
    _ prepared: PreparedScenario, allocator: AllocatorEntry, isLiteral: Bool = false,
    holdsLaws: Bool = false, at address: ClusterSetup.Address? = nil,
    registry: AllocatorRegistry = AllocatorRegistry()
  ) throws(ParameterError) {
    self.prepared = prepared
    self.allocator = allocator
    let scenario = prepared.scenario
    let collector = MetricsCollector(weights: scenario.frameworks.map(scenario.weight))
    self.collector = collector
    simulation = Simulation(seed: scenario.seed)
    let made = try registry.make(
      allocator.name,
      scenario.allocatorRequest(allocator, isLiteral: isLiteral, seeds: simulation.seeds))
    var setup = prepared.clusterSetup(simulation.seeds)
    setup.isLiteral = isLiteral
    setup.address = address
    let rules = holdsLaws ? scenario.lawRules : []
    laws = rules.isEmpty ? nil : LawChecker(rules)
    laws?.watch(&setup)
    cluster = Cluster(setup, allocator: made, on: simulation)
    cluster.recorder.attach(collector)
    laws?.attach(to: cluster)
    let plan = scenario.faultPlan(simulation.seeds, traces: prepared.failures)
    cluster.schedule(plan)
    lastFault = scenario.lastFault(of: plan)
    operators = OperatorSchedule(scenario, cluster, collector)
    if laws != nil {
      let first = prepared.scenario.horizon - LawChecker.distance
      look(.end, at: .start + max(.zero, first))
      look(.end, at: horizon)
    }
    if holdsLaws, scenario.laws.contains(where: { $0.kind == .invariants }) { checkInvariants() }
  }

  private func look(_ kind: Look, at instant: Instant) {
    let place = looks.firstIndex { $0.instant < instant } ?? looks.endIndex
    looks.insert((instant, kind), at: place)
  }

  /// What the operator asked for and the master would not do, so far.
  public var warnings: [String] { operators.warnings }

  /// Checks every invariant from now on; the run stops at the first that is broken.
  public func checkInvariants() { check(InvariantChecker.standard) }

  /// Checks some invariants from now on; the run stops at the first that is broken.
  public func check(_ wanted: [any Invariant]) {
    let checker = InvariantChecker(watching: cluster, invariants: wanted)
    cluster.recorder.attach(checker)
    invariants = checker
    guard let lastFault else { return }
    let deadline = checker.recoveryDeadline(lastFault: lastFault)
    let second = deadline + InvariantChecker.recoveryDistance
    guard second <= horizon else { return }
    look(.recovery, at: deadline)
    look(.recovery, at: second)
  }

  /// The first invariant that was broken, if they are checked: what, and after how many events.
  public var violation: (text: String, events: Int)? {
    guard let broken else { return nil }
    let kind = isLawBroken ? "law" : "invariant"
    return (
      "\(kind) '\(broken.invariant)' broken at \(broken.instant) (event \(broken.events)): "
        + broken.message, broken.events
    )
  }

  /// Whether it is a law of frameworks that was broken.
  public var isLawBroken: Bool { laws?.violation != nil }

  /// The first law or invariant that was broken, if the run is held to any.
  public var broken: InvariantViolation? { laws?.violation ?? invariants?.violation }

  /// Writes every fact from now on as a line of JSON.
  /// - Parameters:
  ///   - path: Where; compressed if it ends in `.gz`; `-` is standard output.
  ///   - isVerbose: Whether each offer has a line of its own, also where many were made at once.
  ///   - isExplained: Whether allocations are written with their reasons; decides nothing.
  /// - Throws: `OutputError` when nothing can be written there.
  public func logEvents(
    to path: String, isVerbose: Bool = false, isExplained: Bool = false
  ) throws(OutputError) {
    let header = logHeader(isExplained: isExplained)
    begin(EventLog(try OutputFile(path), header, isVerbose: isVerbose, of: cluster))
  }

  /// Hands every fact from now on over as lines of JSON, whole ones at each ``flushLog()``.
  /// - Parameters:
  ///   - isExplained: Whether allocations are written with their reasons.
  ///   - put: Takes the lines.
  package func passEvents(isExplained: Bool = false, to put: @escaping ([UInt8]) -> Void) {
    begin(EventLog(logHeader(isExplained: isExplained), of: cluster, put: put))
  }

  /// Keeps the sum of all facts from now on.
  package func drawPicture() {
    let drawn = LogPicture(of: cluster)
    cluster.recorder.attach(drawn)
    picture = drawn
  }

  private func begin(_ log: EventLog) {
    cluster.recorder.attach(log)
    eventLogs.append(log)
  }

  private func logHeader(isExplained: Bool) -> EventLog.Header {
    if isExplained { cluster.statePasses() }
    let scenario = prepared.scenario
    return EventLog.Header(
      values: [
        ("version", Self.version), ("allocator", allocator.label), ("seed", "\(scenario.seed)"),
        ("scenario", scenario.resolvedYAML),
      ] + prepared.jobs.files.map { ("sha256 of \($0.name)", $0.value) },
      parts: prepared.logHeader, isExplained: isExplained)
  }

  /// Whether an event log takes standard output, where nothing else may go then.
  public var logsToStandardOutput: Bool { eventLogs.contains(where: \.isOnStandardOutput) }

  /// Puts the event log in its place, if there is one; one that is cut says so in its last line.
  /// - Throws: `OutputError` when it could not be written.
  public func finishLog() throws(OutputError) {
    for log in eventLogs {
      if isPartial || violation != nil {
        log.addFooter(events: simulation.eventsHandled, at: simulation.now)
      }
      try log.finish()
    }
  }

  /// Adds a reader of the facts of the run.
  public func attach(_ sink: any ClusterEventSink) { cluster.recorder.attach(sink) }

  /// The end of the run, and of the window that it is measured over when it stands alone.
  ///
  /// That is the scenario's `until`; without one, the last thing that happened when all work was
  /// done, and otherwise the latest end there is, though nothing may have happened for long: a task
  /// that still runs then has run until then. A run that was stopped early says nothing of the time
  /// after that. It is not the last event, which an elided and a literal run do not share.
  public var window: Instant {
    if isPartial { return cut ?? simulation.now }
    let isCutOff = prepared.scenario.until != nil || cluster.hasWorkLeft || collector.isInUse
    return isCutOff ? .start + prepared.scenario.horizon : collector.end
  }

  /// Runs until all work is done or the horizon is reached.
  /// - Parameters:
  ///   - eventLimit: Stops after so many events; the run is partial if there were more.
  ///   - pulse: Called every few thousand events; stops the run by returning `false`.
  public func run(eventLimit: Int = .max, pulse: (Pulse) -> Bool = { _ in true }) {
    while advance(events: min(Self.eventsPerPulse, eventLimit - simulation.eventsHandled)) {
      if simulation.eventsHandled == eventLimit {
        isPartial = simulation.nextInstant.map { $0 <= horizon } ?? false
        return
      }
      if !pulse(progress) {
        isPartial = true
        return
      }
    }
  }

  private static let eventsPerPulse = 8192

  var horizon: Instant { .start + prepared.scenario.horizon }

  /// How far the run is.
  var progress: Pulse {
    // Without a horizon of its own, a run is over about when its last job has arrived.
    let guess = prepared.scenario.until.map { Instant.start + $0 } ?? prepared.lastArrival
    return Pulse(
      fraction: min(1, simulation.now.seconds / max(guess.seconds, 1)),
      events: simulation.eventsHandled)
  }

  /// The instant of the last event.
  package var now: Instant { simulation.now }

  /// Identifies everything that has happened so far.
  public var digest: String { cluster.recorder.digestText }

  /// How many events were handled so far.
  public var eventsHandled: Int { simulation.eventsHandled }

  /// Handles some events, those of a pulse unless told otherwise.
  /// - Returns: Whether the run goes on; not when it is over or an invariant is broken.
  func advance(events count: Int = eventsPerPulse) -> Bool {
    begin()
    let horizon = horizon
    let pause = simulation.eventsHandled + count
    while simulation.eventsHandled < pause {
      if !simulation.step(notAfter: looks.last?.instant ?? horizon) {
        takeLooks()
        if broken != nil || !simulation.step(notAfter: horizon) { return false }
      }
      if broken != nil { return false }
    }
    return true
  }

  /// Starts the cluster, unless that has been done.
  package func begin() {
    guard !isStarted else { return }
    isStarted = true
    cluster.start()
    operators.start()
  }

  /// Ends the run as if `instant` were its horizon: what is due until then still happens.
  /// - Parameter instant: Where to end; not before the last event.
  func stop(at instant: Instant) {
    guard instant < horizon else {
      while advance() {}
      return
    }
    begin()
    while simulation.step(notAfter: instant) {}
    isPartial = window > instant || simulation.nextInstant.map { $0 <= horizon } ?? false
    if isPartial { cut = instant }
  }

  // MARK: Looks

  /// Looks at all that is due before the next event.
  func takeLooks() {
    while let (instant, kind) = looks.last, simulation.nextInstant.map({ instant < $0 }) ?? true {
      looks.removeLast()
      switch kind {
      case .recovery:
        if let lastFault { invariants?.checkRecovery(lastFault: lastFault, at: instant) }
      case .end: laws?.lookAtEnd(since: lastFault ?? .start, at: instant)
      }
    }
  }

  /// Measures the run over a window from 0 to `window`, or to its end if that is later.
  public func measured(window: Instant) -> MeasuredRun {
    let scenario = prepared.scenario
    let identity = RunIdentity(
      scenario: scenario.name, seed: scenario.seed, allocator: allocator.label,
      policy: allocator.name,
      version: Self.version, digest: cluster.recorder.digestText,
      events: simulation.eventsHandled, end: self.window, isPartial: isPartial,
      frameworks: zip(scenario.frameworks, prepared.jobs.byFramework).map { framework, jobs in
        let refusal = scenario.refusal(of: framework).map { reason in
          FrameworkIdentity.Refusal(
            reason, jobs: jobs.map { .init($0.id, submitted: $0.submitted) })
        }
        return FrameworkIdentity(
          name: framework.name, role: framework.roleText, refusal: refusal)
      }, warnings: warnings)
    var run = collector.measured(identity, window: window, jobName: prepared.jobName)
    run.add(cluster.serviceNotes)
    return run
  }
}
