// Part of mesosim. Apache-2.0, see LICENSE.
//
// An environment whose clock the test moves, for schedulers and executors without a cluster.

public import Mesos
public import VirtualTime

/// A clock and timers that only the test moves, and random numbers that it says; what is written
/// into the journal is noted as text.
public final class TestEnvironment: Environment, Journal {
  /// The present instant.
  public private(set) var now = Instant.start
  /// Calendar time of instant 0, in seconds since 1970.
  public let epoch: Int64 = 0
  /// The environment itself, which notes what is written.
  public var journal: any Journal { self }
  /// What earlier processes have left; a test hands it on.
  public let store: any Store
  /// What is drawn next from whatever stream, from 0 on and below 1; 0 when nothing is left.
  public var draws: [Double] = []
  /// What comes of the commands that an executor starts, run by run, the last from then on.
  public var runs: [String: [CommandRun]] = [:]
  private var notes: [String] = []
  private var timers: [(id: TimerID, due: Instant, action: () -> Void)] = []
  private var timersMade: UInt64 = 0

  /// Begins at instant 0 without timers.
  public init(store: any Store = MemoryStore()) { self.store = store }

  /// Starts a timer, which fires when the test has let enough time pass.
  @discardableResult
  public func startTimer(after delay: Duration, _ action: @escaping () -> Void) -> TimerID {
    timersMade += 1
    timers.append((TimerID(timersMade), now + delay, action))
    return TimerID(timersMade)
  }

  /// Takes a timer back.
  public func cancelTimer(_ timer: TimerID) { timers.removeAll { $0.id == timer } }

  /// How many timers have not fired.
  public var timersPending: Int { timers.count }

  /// Lets time pass; timers fire when they are due.
  ///
  /// - Parameter duration: How long; below zero is no time.
  public func advance(by duration: Duration) { advance(to: now + max(.zero, duration)) }

  /// Lets time pass up to a second since the start.
  public func advance(toSecond second: Int) { advance(to: .start + .seconds(second)) }

  private func advance(to target: Instant) {
    while let next = timers.filter({ $0.due <= target }).min(by: { $0.due < $1.due }) {
      timers.removeAll { $0.id == next.id }
      now = max(now, next.due)
      next.action()
    }
    now = max(now, target)
  }

  /// A stream that draws what the test says.
  public func random(named name: String) -> any Mesos.RandomSource { Script(self) }

  private final class Script: Mesos.RandomSource {
    // The environment may keep what draws.
    private weak var environment: TestEnvironment?

    init(_ environment: TestEnvironment) { self.environment = environment }

    func uniform() -> Double {
      guard let environment, !environment.draws.isEmpty else { return 0 }
      return environment.draws.removeFirst()
    }

    func integer(below bound: Int) -> Int {
      max(0, min(bound - 1, Int(uniform() * Double(bound))))
    }
  }

  /// What the test says of a command.
  public func run(of line: String, number: Int) -> CommandRun? {
    let known = runs[line] ?? []
    return known.indices.contains(number) ? known[number] : known.last
  }

  /// What was written into the journal since this was last asked for, a line each.
  public func takeNotes() -> [String] {
    defer { notes = [] }
    return notes
  }

  /// Notes it.
  public func jobSubmitted(_ job: JobID, name: String) { notes.append("submitted \(name)") }
  /// Notes it.
  public func jobFinished(_ job: JobID) { notes.append("finished \(job)") }
  /// Notes it.
  public func jobAbandoned(_ job: JobID) { notes.append("abandoned \(job)") }
  /// Notes it, if it is a change.
  public func demand(_ shape: Resources, delta: Int) {
    if delta != 0 { notes.append("demand \(delta)") }
  }
  /// Notes it.
  public func launching(_ task: TaskID, of job: JobID, runnableSince: Instant) {
    notes.append("launching \(task) waiting since \(Int(runnableSince.seconds))")
  }
  /// Notes it.
  public func wanted(_ group: GroupID, count: Int) { notes.append("wanted \(count) of \(group)") }
  /// Notes it.
  public func up(_ task: TaskID, of group: GroupID) { notes.append("up \(task) of \(group)") }
}
