// Part of mesosim. Apache-2.0, see LICENSE.
//
// Virtual time, timers, randomness, journal and store for one scheduler.

public import Mesos
public import SimulationKernel
import VirtualTime

extension RandomStream: RandomSource {}

/// The `Environment` of a simulation.
final class SimulatedEnvironment: Environment, Journal {
  private let framework: FrameworkIndex
  private let name: String
  let store: any Store
  private unowned let cluster: Cluster
  private let simulation: Simulation
  private let recorder: Recorder

  /// How many tasks the scheduler has said to wait, and whether it can still be offered something.
  private var waitingTasks = 0
  private(set) var isOver = false
  private var timers = TimerTable<EventToken>()
  private var streams: [String: RandomStream] = [:]
  /// Launched tasks that have not been seen running: whose they are and since when they waited.
  @exclusivity(unchecked) private var waiting = TaskMap<(job: JobID, since: Instant)>()

  init(framework: FrameworkIndex, name: String, store: any Store, cluster: Cluster) {
    self.framework = framework
    self.name = name
    self.store = store
    self.cluster = cluster
    simulation = cluster.simulation
    recorder = cluster.recorder
  }

  var now: Instant { simulation.now }
  var epoch: Int64 { cluster.epoch }
  var journal: any Journal { self }

  func startTimer(after delay: Duration, _ action: @escaping () -> Void) -> TimerID {
    let instant = now + max(delay, .zero)
    return timers.start(action) { cluster.startTimer($0, of: framework, at: instant) }
  }

  func cancelTimer(_ timer: TimerID) {
    if let event = timers.cancel(timer) { _ = simulation.cancel(event) }
  }

  /// Drops all timers: the process that they belong to has ended.
  func dropTimers() {
    for event in timers.removeAll() { _ = simulation.cancel(event) }
  }

  /// Runs the timer whose instant has come.
  func fire(_ slot: UInt32) { timers.take(slot)?() }

  func random(named stream: String) -> any RandomSource {
    self.stream("framework/\(name)/" + stream)
  }

  /// A stream of this process by its full name.
  func stream(_ name: String) -> RandomStream {
    if let known = streams[name] { return known }
    let made = simulation.seeds.stream(name)
    streams[name] = made
    return made
  }
}

// MARK: - Journal

extension SimulatedEnvironment {
  func jobSubmitted(_ job: JobID, name: String) { record(.jobSubmitted(framework, job)) }

  func jobFinished(_ job: JobID) { record(.jobFinished(framework, job)) }

  func jobAbandoned(_ job: JobID) { record(.jobAbandoned(framework, job)) }

  func demand(_ shape: Resources, delta: Int) {
    guard delta != 0, !isOver else { return }
    waitingTasks &+= delta
    record(.demand(framework, shape: shape, delta: delta))
  }

  /// Takes note that the process or its driver has ended: what it said to wait does so no more, nor
  /// does what it may still say.
  /// - Parameter isTold: Whether that is a fact; not where another says the same.
  func endDemand(isTold: Bool = true) {
    if isTold, !isOver, waitingTasks != 0 { record(.demandEnded(framework)) }
    isOver = true
  }

  func launching(_ task: TaskID, of job: JobID, runnableSince: Instant) {
    waiting.insert((job, runnableSince), for: task)
  }

  func wanted(_ group: GroupID, count: Int) {
    if !isOver { record(.tasksWanted(framework, group, count: max(0, count))) }
  }

  func up(_ task: TaskID, of group: GroupID) {
    // What no master has can only have ended.
    guard !isOver, let number = cluster.number(of: task, framework) else { return }
    record(.taskUp(framework, group, number))
  }

  func idle(_ task: TaskID, _ resources: Resources) {
    guard !isOver, let number = cluster.number(of: task, framework) else { return }
    record(.taskIdle(framework, number, resources))
  }

  func changes(_ change: ServiceChange) {
    cluster.serviceNotes.note(change, of: framework)
    recorder.record(.change(framework, change), at: now)
  }

  func waits(_ group: GroupID, _ wait: @escaping () -> ServiceWait) {
    cluster.serviceNotes.note(group, wait, of: framework)
  }

  func assure(_ rule: String, _ holds: () -> Bool) {
    guard cluster.serviceNotes.checksRules, !holds() else { return }
    cluster.serviceNotes.brokenRule = cluster.serviceNotes.brokenRule ?? "\(name): \(rule)"
  }

  /// Learns from an update, before the scheduler does, that a task has stopped waiting.
  func observe(_ status: TaskStatus) {
    guard status.state == .running || status.state.isTerminal,
      let wait = waiting.remove(status.taskID)
    else { return }
    if status.state == .running {
      record(
        .taskWaited(framework, wait.job, since: wait.since, until: status.timestamp))
    }
  }

  private func record(_ fact: ClusterEvent) { recorder.record(fact, at: now) }
}
