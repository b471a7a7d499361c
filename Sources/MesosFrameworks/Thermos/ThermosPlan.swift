// Part of mesosim. Apache-2.0, see LICENSE.
//
// Which processes may run (Thermos, `apache.thermos.common.planner`). A task has two plans, one of
// its final processes and one of the others; neither knows of the other.

import Mesos

/// How a run of a process ended.
public enum ThermosOutcome: String, Hashable, Sendable {
  /// Its exit code was 0.
  case success = "ok"
  /// Its exit code was another.
  case failed = "fail"
  /// It was made to end.
  case killed
  /// Nobody knows: it did not come up, or who watched it died.
  case lost
}

/// The processes of one plan and how far they are.
struct ThermosPlan {
  private enum State { case ready, running, finished, failed }

  /// What never changes, by reference: plans are copied for each task.
  private final class Shape: Sendable {
    let processes: [ThermosProcess]
    let before: [[Int]]
    /// The positions, in the task, of the processes that belong to this plan.
    let members: [Int]

    init(_ processes: [ThermosProcess], _ before: [[Int]], finals: Bool) {
      self.processes = processes
      self.before = before
      members = processes.indices.filter { processes[$0].isFinal == finals }
    }
  }

  private let shape: Shape
  private var states: [State]
  private var failures: [Int]
  /// From when on a process may run again.
  private var readyAt: [Instant]

  init(_ task: ThermosTask, _ before: [[Int]], finals: Bool) {
    shape = Shape(task.processes, before, finals: finals)
    let count = task.processes.count
    states = Array(repeating: .ready, count: count)
    failures = Array(repeating: 0, count: count)
    readyAt = Array(repeating: Instant(nanoseconds: .min), count: count)
  }

  private var processes: [ThermosProcess] { shape.processes }
  private var before: [[Int]] { shape.before }
  private var members: [Int] { shape.members }

  /// Those that run.
  var running: [Int] { members.filter { states[$0] == .running } }

  /// Those that nothing holds up but the time between two runs.
  private var unblocked: [Int] {
    members.filter { states[$0] == .ready && before[$0].allSatisfy { states[$0] == .finished } }
  }

  /// Those that may start now, in the order of the task.
  func runnable(at now: Instant) -> [Int] { unblocked.filter { readyAt[$0] <= now } }

  /// When the next of those that wait may start; `nil` when none waits.
  func nextReady(after now: Instant) -> Instant? {
    unblocked.map { readyAt[$0] }.filter { $0 > now }.min()
  }

  /// Whether no other process waits for this one.
  func isLast(_ index: Int) -> Bool { !members.contains { before[$0].contains(index) } }

  /// How many have failed for good.
  var failedCount: Int { members.count { states[$0] == .failed } }

  /// Whether nothing is left that the task has to wait for.
  var isComplete: Bool {
    members.allSatisfy {
      states[$0] == .finished || states[$0] == .failed || processes[$0].isEphemeral
    }
  }

  /// Whether something is left that can never run.
  var isDeadlocked: Bool { !isComplete && running.isEmpty && unblocked.isEmpty }

  mutating func start(_ index: Int) { states[index] = .running }

  mutating func end(_ index: Int, _ outcome: ThermosOutcome, at now: Instant) {
    let process = processes[index]
    readyAt[index] = now + process.minDuration
    switch outcome {
    case .success: states[index] = process.isDaemon ? .ready : .finished
    case .killed, .lost: states[index] = .ready
    case .failed:
      failures[index] += 1
      let isOut = process.maxFailures > 0 && failures[index] >= process.maxFailures
      // An ephemeral process that fails for good holds up nobody.
      states[index] = !isOut ? .ready : process.isEphemeral ? .finished : .failed
    }
  }
}
