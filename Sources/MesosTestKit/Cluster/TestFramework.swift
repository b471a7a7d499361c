// Part of mesosim. Apache-2.0, see LICENSE.
//
// A framework under test, and what is expected of it: outcomes, never steps.

public import Mesos
public import MesosCluster
import VirtualTime

/// A task that a framework launched, as the framework knows it.
public struct TestTask: Hashable, Sendable {
  /// Its id.
  public let id: TaskID
  /// Its name.
  public let name: String
  /// Where it was launched last.
  public let slave: TestSlave
  /// What the framework was told last; staging before that.
  public var state: TaskState
}

/// A framework of a test's cluster, which lives as long as one of its frameworks is at hand.
public struct TestFramework: TestParty {
  let record: FrameworkRecord
  let cluster: TestCluster

  /// Its name.
  public var name: String { record.name }

  /// The scheduler among all parties.
  public var parties: Parties { Parties(schedulers: [name]) }

  /// The tasks that it launched, in the order of their first launches, with the states that it was
  /// told of last.
  public var tasks: [TestTask] { record.tasks }

  /// The tasks in some states.
  public func tasks(_ states: TaskState...) -> [TestTask] {
    record.tasks.filter { states.contains($0.state) }
  }

  /// What it heard and said, in order, through all its processes.
  public var history: [HistoryEntry] { record.entries }

  /// Whether it is connected to a master, as far as it knows.
  public var isRegistered: Bool { record.isRegistered }

  /// Whether it has suppressed offers and not asked for them since.
  public var isSuppressed: Bool { record.isSuppressed }

  /// The scheduler of the present process, as what it is.
  public func scheduler<Kind: Scheduler>(as kind: Kind.Type = Kind.self) -> Kind? {
    record.scheduler as? Kind
  }

  /// Ends its process and starts the next, which finds the same store.
  public func failOver() {
    cluster.kill(self)
    cluster.restart(self)
  }

  /// Ends its process and starts one of another kind with the same store, as an upgrade does.
  ///
  /// - Parameter makeScheduler: Makes its scheduler from then on.
  public func replace(_ makeScheduler: @escaping (any Environment) -> any Scheduler) {
    record.makeScheduler = makeScheduler
    failOver()
  }

  // MARK: Expectations

  /// Lets time pass until an outcome is there.
  ///
  /// - Parameters:
  ///   - outcome: What is expected.
  ///   - limit: How long that may take; not at all unless said.
  /// - Throws: `TestFailure` when it has not come by then, or the cluster breaks an invariant.
  public func expect(_ outcome: Outcome, within limit: Duration = .zero) throws {
    let start = cluster.now
    var nearest: (distance: Int, found: Int, instant: Instant)?
    let isMet = try cluster.advance(until: start + limit) {
      let found = outcome.count(self)
      let distance = outcome.distance(of: found)
      if distance < nearest?.distance ?? .max { nearest = (distance, found, cluster.now) }
      return distance == 0
    }
    if isMet { return }
    let time = limit == .zero ? "" : " within \(Text.of(limit)) from \(start) on"
    throw cluster.failure(
      "'\(name)' was expected to have \(outcome.text)\(time)",
      nearest: nearest.map { "\($0.found) \(outcome.noun) at \($0.instant)" })
  }

  /// Lets a time pass, through all of which an outcome has to be there.
  ///
  /// - Parameters:
  ///   - outcome: What is expected.
  ///   - duration: For how long.
  /// - Throws: `TestFailure` when it was not there at some instant, or the cluster breaks an
  ///   invariant.
  public func always(_ outcome: Outcome, for duration: Duration) throws {
    let start = cluster.now
    let isBroken = try cluster.advance(until: start + duration) {
      outcome.distance(of: outcome.count(self)) != 0
    }
    if isBroken {
      throw cluster.failure(
        "'\(name)' was expected to have \(outcome.text) for \(Text.of(duration)) from \(start) on",
        nearest: "\(outcome.count(self)) \(outcome.noun) at \(cluster.now)")
    }
  }

  /// Expects entries of these kinds in its history, in this order, others between them allowed.
  ///
  /// - Throws: `TestFailure` that names the first that is missing.
  public func expectSequence(_ patterns: EntryPattern...) throws {
    var rest = record.entries[...]
    for (number, pattern) in patterns.enumerated() {
      guard let place = rest.firstIndex(where: { pattern.matches($0.content) }) else {
        let before = patterns[..<number].map(\.text).joined(separator: ", ")
        throw cluster.failure(
          "'\(name)' was expected to have '\(pattern.text)' in its history"
            + (before.isEmpty ? "" : " after \(before)"))
      }
      rest = rest[(place + 1)...]
    }
  }
}

/// An outcome that a test expects: a number of something.
public struct Outcome: Sendable {
  let noun: String
  let range: ClosedRange<Int>
  let count: @Sendable (TestFramework) -> Int

  /// Describes an outcome.
  ///
  /// - Parameters:
  ///   - noun: What is counted, as in "3 tasks running".
  ///   - range: How many are expected.
  ///   - count: How many there are.
  public init(
    _ noun: String, in range: ClosedRange<Int>, _ count: @escaping @Sendable (TestFramework) -> Int
  ) {
    self.noun = noun
    self.range = range
    self.count = count
  }

  /// How far a number is from what is expected.
  func distance(of found: Int) -> Int {
    max(0, range.lowerBound - found, found - range.upperBound)
  }

  var text: String {
    if range.lowerBound == range.upperBound { return "\(range.lowerBound) \(noun)" }
    if range.upperBound == .max { return "at least \(range.lowerBound) \(noun)" }
    if range.lowerBound == 0 { return "at most \(range.upperBound) \(noun)" }
    return "\(range.lowerBound) to \(range.upperBound) \(noun)"
  }

  private static func tasks(
    _ what: String, _ range: ClosedRange<Int>, _ matches: @escaping @Sendable (TaskState) -> Bool
  ) -> Outcome {
    Outcome("tasks \(what)", in: range) { $0.tasks.count { matches($0.state) } }
  }

  /// So many tasks run, as the framework knows.
  public static func running(_ count: Int) -> Outcome { running(in: count...count) }
  /// So many tasks run, within bounds.
  public static func running(in range: ClosedRange<Int>) -> Outcome {
    tasks("running", range) { $0 == .running }
  }
  /// So many tasks run at least.
  public static func running(atLeast count: Int) -> Outcome { running(in: count...(.max)) }
  /// So many tasks were launched and have not ended.
  public static func live(_ count: Int) -> Outcome {
    tasks("live", count...count) { !$0.isTerminal }
  }
  /// So many tasks finished.
  public static func finished(_ count: Int) -> Outcome {
    tasks("finished", count...count) { $0 == .finished }
  }
  /// So many tasks failed.
  public static func failed(_ count: Int) -> Outcome {
    tasks("failed", count...count) { $0 == .failed }
  }
  /// So many tasks were killed.
  public static func killed(_ count: Int) -> Outcome {
    tasks("killed", count...count) { $0 == .killed }
  }
  /// So many tasks were lost.
  public static func lost(_ count: Int) -> Outcome {
    tasks("lost", count...count) { $0 == .lost }
  }
  /// It is connected to a master.
  public static let registered = Outcome("connections to a master", in: 1...1) {
    $0.isRegistered ? 1 : 0
  }
  /// It has suppressed offers.
  public static let suppressed = Outcome("suppressions of offers in force", in: 1...1) {
    $0.isSuppressed ? 1 : 0
  }
  /// So many slaves have running tasks of it.
  public static func slavesInUse(_ count: Int) -> Outcome {
    Outcome("slaves in use", in: count...count) { Set($0.tasks(.running).map(\.slave)).count }
  }
  /// Something of a kind stands in its history so many times at least.
  public static func history(_ pattern: EntryPattern, atLeast count: Int = 1) -> Outcome {
    Outcome("times '\(pattern.text)' in its history", in: count...(.max)) {
      $0.history.count { pattern.matches($0.content) }
    }
  }
}
