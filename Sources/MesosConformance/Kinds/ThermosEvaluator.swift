// Part of mesosim. Apache-2.0, see LICENSE.
//
// Kind `thermos`: one run of a task whose processes end as the case says.

import Mesos
import MesosFrameworks

struct ThermosEvaluator: ConformanceEvaluator {
  let kind = "thermos"
  /// Entries of the same time come in any order; which time each has stands in its text.
  var setFields: Set<String> { ["timeline"] }

  func evaluate(_ input: JSONValue) throws -> JSONValue {
    let entries = try input.items("processes")
    let processes = try entries.map(process)
    let order = try input.items("order").map { names throws(CaseInputError) in
      try JSONValue.object(["order": names]).texts("order")
    }
    let task = ThermosTask(
      processes, order: order, maxFailures: try input.whole("maxFailures", default: 1),
      maxConcurrency: try input.whole("maxConcurrency", default: 0),
      finalizationWait: .rounded(
        seconds: try input.number("finalizationWaitSecs", default: 30)))
    let run: ThermosRun
    do throws(ThermosFault) { run = try ThermosRun(task) } catch {
      return .object(["valid": .bool(false), "message": .text(error.description)])
    }
    var rehearsal = ThermosRehearsal(run, try entries.map(outcomes))
    rehearsal.termDelay = .rounded(seconds: try input.number("termDelaySecs", default: 0))
    rehearsal.limit = .start + .rounded(seconds: try input.number("limitSecs", default: 1000))
    if input["killAtSecs"] != nil {
      rehearsal.killAt = .start + .rounded(seconds: try input.requiredNumber("killAtSecs"))
    }
    rehearsal.go()
    let counts = zip(processes, rehearsal.starts).map {
      JSONValue.Member(key: $0.name, value: .number($1))
    }
    return .object([
      "valid": .bool(true), "state": .text(rehearsal.state),
      "timeline": .array(rehearsal.timeline.map { .text($0) }),
      "runs": JSONValue(.object(counts)),
    ])
  }

  private func process(_ entry: JSONValue) throws(CaseInputError) -> ThermosProcess {
    ThermosProcess(
      try entry.requiredString("name"), maxFailures: try entry.whole("maxFailures", default: 1),
      isDaemon: try entry.flag("daemon"), isEphemeral: try entry.flag("ephemeral"),
      isFinal: try entry.flag("final"),
      minDuration: .rounded(seconds: try entry.number("minDurationSecs", default: 5)))
  }

  private func outcomes(
    _ entry: JSONValue
  ) throws(CaseInputError) -> [ThermosRehearsal.Outcome] {
    let runs = try entry.items("runs").map { run throws(CaseInputError) in
      let isLost = run["exit"]?.string == "lost"
      let outcome: ThermosOutcome =
        isLost ? .lost : try run.whole("exit") == 0 ? .success : .failed
      return (Duration.rounded(seconds: try run.requiredNumber("secs")), outcome)
    }
    if runs.isEmpty { throw CaseInputError("a process has no 'runs'") }
    return runs
  }
}

/// Plays a run with known outcomes.
private struct ThermosRehearsal {
  typealias Outcome = (duration: Duration, outcome: ThermosOutcome)

  var termDelay = Duration.zero
  var limit = Instant.start
  var killAt: Instant?
  private(set) var timeline: [String] = []
  private(set) var starts: [Int]
  private var run: ThermosRun
  private let outcomes: [[Outcome]]
  private var ends: [(at: Instant, outcome: ThermosOutcome)?]
  private var now = Instant.start

  init(_ run: ThermosRun, _ outcomes: [[Outcome]]) {
    self.run = run
    self.outcomes = outcomes
    starts = outcomes.map { _ in 0 }
    ends = outcomes.map { _ in nil }
  }

  var state: String {
    if case .ended(let result) = run.stage { result.rawValue } else { "ACTIVE" }
  }

  mutating func go() {
    // Processes that take no time and need no pause would go on for ever at one instant.
    for _ in 0..<100_000 {
      for (index, end) in ends.enumerated() {
        guard let end, end.at <= now else { continue }
        ends[index] = nil
        note(end.outcome.rawValue, index)
        run.note(end.outcome, of: index, at: now)
      }
      if let at = killAt, at <= now {
        killAt = nil
        perform(run.kill(at: now))
      } else {
        perform(run.advance(to: now))
      }
      if case .ended = run.stage { return }
      var times = ends.compactMap { $0?.at }
      if let alarm = run.nextAlarm(after: now) { times.append(alarm) }
      if let killAt { times.append(killAt) }
      guard let next = times.min(), next <= limit else { return }
      now = max(now, next)
    }
  }

  private mutating func perform(_ actions: [ThermosRun.Action]) {
    for action in actions {
      switch action {
      case .start(let index):
        let run = outcomes[index][min(starts[index], outcomes[index].count - 1)]
        starts[index] += 1
        ends[index] = (now + run.duration, run.outcome)
        note("start", index)
      case .terminate(let index):
        if let end = ends[index], end.at > now + termDelay {
          ends[index] = (now + termDelay, .killed)
        }
      case .kill(let index):
        ends[index] = nil
        note(ThermosOutcome.killed.rawValue, index)
      }
    }
  }

  private mutating func note(_ word: String, _ index: Int) {
    let seconds = now.seconds
    let time = Int(exactly: seconds).map { String($0) } ?? String(seconds)
    timeline.append("\(time) \(word) \(run.task.processes[index].name)")
  }
}
