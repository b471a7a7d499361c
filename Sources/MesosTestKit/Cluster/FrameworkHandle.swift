// Part of mesosim. Apache-2.0, see LICENSE.
//
// A framework under test, and what is expected of it: outcomes, never steps.

public import Mesos
import MesosCluster
public import VirtualTime

/// A task that a framework launched, as the framework knows it.
public struct TestTask: Hashable, Sendable {
  /// Its id.
  public let id: TaskID
  /// Its name.
  public let name: String
  /// Where it was launched last.
  public let slave: SlaveHandle
  /// What the framework was told last; staging before that.
  public var state: TaskState
  /// How its last health check came out, as far as the framework was told; `nil` before.
  public var isHealthy: Bool?
  /// How it was launched last.
  public let info: TaskInfo
}

/// A framework of a test's cluster, which lives as long as one of its frameworks is at hand.
public struct FrameworkHandle: TestParty {
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
  public var history: History { record.entries }

  /// Whether it is connected to a master, as far as it knows.
  public var isRegistered: Bool { record.isRegistered }

  /// Whether the driver of its present process was stopped or has given up.
  public var hasEnded: Bool { record.end != nil }

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

  /// Ends its process and starts one of another kind with what the old one had in memory, for
  /// frameworks that write nothing down.
  ///
  /// - Parameters:
  ///   - saving: Takes what is handed on.
  ///   - file: The file of the test.
  ///   - line: The line of the test.
  ///   - makeScheduler: Makes its scheduler from then on.
  /// - Throws: `TestFailure` when its scheduler is none of that kind.
  public func replace<Old: Scheduler, State>(
    saving: (Old) -> State, file: String = #filePath, line: Int = #line,
    _ makeScheduler: @escaping (State, any Environment) -> any Scheduler
  ) throws {
    guard let old = scheduler(as: Old.self) else {
      throw cluster.failure(
        "the scheduler of '\(name)' was to hand on what it has as a \(Old.self)",
        advice: "it is a \(record.scheduler.map { "\(type(of: $0))" } ?? "scheduler to be")",
        at: (file, line))
    }
    let state = saving(old)
    replace { makeScheduler(state, $0) }
  }

  // MARK: Expectations

  /// Lets time pass until an outcome is there.
  ///
  /// - Parameters:
  ///   - outcome: What is expected.
  ///   - limit: How long that may take; not at all unless said.
  ///   - file: The file of the test.
  ///   - line: The line of the test.
  /// - Throws: `TestFailure` when it has not come by then, or the cluster breaks an invariant.
  public func expect(
    _ outcome: Outcome, within limit: Duration = .zero, file: String = #filePath, line: Int = #line
  ) throws {
    let start = cluster.now
    var nearest: (distance: Int, found: Int, instant: Instant)?
    let isMet = try cluster.advance(until: start + limit, at: (file, line)) {
      let found = outcome.count(self)
      let distance = outcome.distance(of: found)
      if distance < nearest?.distance ?? .max { nearest = (distance, found, cluster.now) }
      return distance == 0
    }
    if isMet { return }
    let time = limit == .zero ? "" : " within \(Text.of(limit)) from \(start) on"
    throw cluster.failure(
      "'\(name)' was expected to have \(outcome.text)\(time)",
      nearest: nearest.map { "\($0.found) \(outcome.noun) at \($0.instant)" }, advice: advice,
      at: (file, line))
  }

  /// Why nothing may come.
  private var advice: String? {
    if let end = record.end {
      return "its driver has ended at \(end): nothing comes after that"
    }
    if !record.entries.contains(where: { EntryPattern.registered.matches($0) }) {
      return "it was never registered: is a master there, and is there time for it to answer?"
    }
    if !record.entries.contains(where: { EntryPattern.offers.matches($0) }) {
      return "it was never offered anything: are there slaves, and is its role given something?"
    }
    return nil
  }

  /// Lets a time pass, through all of which an outcome has to be there.
  ///
  /// - Parameters:
  ///   - outcome: What is expected.
  ///   - duration: For how long.
  ///   - file: The file of the test.
  ///   - line: The line of the test.
  /// - Throws: `TestFailure` when it was not there at some instant, or the cluster breaks an
  ///   invariant.
  public func always(
    _ outcome: Outcome, for duration: Duration, file: String = #filePath, line: Int = #line
  ) throws {
    let start = cluster.now
    let isBroken = try cluster.advance(until: start + duration, at: (file, line)) {
      outcome.distance(of: outcome.count(self)) != 0
    }
    if isBroken {
      throw cluster.failure(
        "'\(name)' was expected to have \(outcome.text) for \(Text.of(duration)) from \(start) on",
        nearest: "\(outcome.count(self)) \(outcome.noun) at \(cluster.now)",
        advice: cluster.now == start
          ? "it was not so from the start: wait for it first" : nil,
        at: (file, line))
    }
  }

  /// Lets time pass until one outcome is there, up to which another has to be there all along.
  ///
  /// - Parameters:
  ///   - outcome: What has to be there.
  ///   - goal: What is waited for.
  ///   - limit: How long that may take.
  ///   - file: The file of the test.
  ///   - line: The line of the test.
  /// - Throws: `TestFailure` when the one was not there at some instant, the other did not come, or
  ///   the cluster breaks an invariant.
  public func always(
    _ outcome: Outcome, until goal: Outcome, within limit: Duration, file: String = #filePath,
    line: Int = #line
  ) throws {
    let start = cluster.now
    var isBroken = false
    let isMet = try cluster.advance(until: start + limit, at: (file, line)) {
      if goal.distance(of: goal.count(self)) == 0 { return true }
      isBroken = outcome.distance(of: outcome.count(self)) != 0
      return isBroken
    }
    if isMet && !isBroken { return }
    let missed = isBroken ? outcome : goal
    throw cluster.failure(
      "'\(name)' was expected to have \(outcome.text) until it has \(goal.text), within "
        + "\(Text.of(limit)) from \(start) on",
      nearest: "\(missed.count(self)) \(missed.noun) at \(cluster.now)", at: (file, line))
  }

  /// Expects entries of these kinds in its history, in this order, others between them allowed.
  ///
  /// - Parameters:
  ///   - patterns: The kinds.
  ///   - file: The file of the test.
  ///   - line: The line of the test.
  /// - Throws: `TestFailure` that names the first that is missing.
  public func expectSequence(
    _ patterns: EntryPattern..., file: String = #filePath, line: Int = #line
  ) throws {
    guard let number = history.firstMissing(of: patterns) else { return }
    let before = patterns[..<number].map(\.text).joined(separator: ", ")
    throw cluster.failure(
      "'\(name)' was expected to have '\(patterns[number].text)' in its history"
        + (before.isEmpty ? "" : " after \(before)"), at: (file, line))
  }

  /// Expects just these in its history since an instant, in this order and with nothing else, as
  /// mocks do.
  ///
  /// - Parameters:
  ///   - patterns: The kinds.
  ///   - instant: From when on; from the start by default.
  ///   - file: The file of the test.
  ///   - line: The line of the test.
  /// - Throws: `TestFailure` that names the first difference.
  public func expectExactly(
    _ patterns: EntryPattern..., since instant: Instant = .start, file: String = #filePath,
    line: Int = #line
  ) throws {
    let history = history.since(instant)
    guard let place = history.firstDifference(from: patterns) else { return }
    let expected = place < patterns.count ? "'\(patterns[place].text)'" : "nothing more"
    throw cluster.failure(
      "'\(name)' was expected to have \(expected) at place \(place + 1) of its history"
        + (instant == .start ? "" : " since \(instant)"),
      nearest: place < history.count
        ? "\(Text.of(history[place].content)) at \(history[place].instant)" : "nothing more",
      at: (file, line))
  }

  /// Lets a time pass, at no instant of which an outcome may be there.
  ///
  /// - Parameters:
  ///   - outcome: What must not be.
  ///   - duration: For how long.
  ///   - file: The file of the test.
  ///   - line: The line of the test.
  /// - Throws: `TestFailure` when it was there, or the cluster breaks an invariant.
  public func never(
    _ outcome: Outcome, for duration: Duration, file: String = #filePath, line: Int = #line
  ) throws {
    let start = cluster.now
    let isThere = try cluster.advance(until: start + duration, at: (file, line)) {
      outcome.distance(of: outcome.count(self)) == 0
    }
    guard isThere else { return }
    throw cluster.failure(
      "'\(name)' was never to have \(outcome.text) for \(Text.of(duration)) from \(start) on",
      nearest: "\(outcome.count(self)) \(outcome.noun) at \(cluster.now)",
      advice: cluster.now == start ? "it was so from the start" : nil, at: (file, line))
  }
}

extension FrameworkHandle {
  /// The tasks that it asked to be killed.
  var killed: Set<TaskID> {
    Set(history.calls.compactMap { if case .killTask(let id) = $0 { id } else { nil } })
  }

  /// What its processes wrote down for a key; `nil` for nothing.
  public func storedText(for key: String) -> String? { record.store?.text(for: key) }
}
