// Part of mesosim. Apache-2.0, see LICENSE.
//
// What became of each job of one framework.

public import Mesos
public import VirtualTime

/// How a job stood at the end of the window.
public enum JobFate: String, Codable, Sendable, CaseIterable {
  /// Every task of the job is done.
  case finished
  /// The framework gave the job up, or left.
  case abandoned
  /// The run ended before the job did.
  case unfinished
}

/// What became of one job.
public struct JobOutcome: Equatable, Sendable {
  /// The job's number within its framework, the same under every allocator.
  public let id: JobID
  /// How often the framework had left or been replaced before: one that comes back may number its
  /// jobs afresh.
  public let stay: Int
  /// What people call the job.
  public var name: String
  /// When the job was handed to the framework.
  public let submitted: Instant
  /// When a task of the job first ran.
  public fileprivate(set) var firstStart: Instant?
  /// When the job was finished or given up.
  public fileprivate(set) var ended: Instant?
  /// How the job stood at the end of the window.
  public fileprivate(set) var fate: JobFate

  /// Nanoseconds from submission to the end of a finished job.
  package var jobTime: Int64? {
    guard fate == .finished, let ended else { return nil }
    return ended.nanoseconds - submitted.nanoseconds
  }

  /// Nanoseconds from submission to the first task running.
  package var wait: Int64? { firstStart.map { $0.nanoseconds - submitted.nanoseconds } }
}

/// The jobs of one framework, in the order of submission.
///
/// A framework's notes are taken with care: the first word on a job counts, and words on a job
/// that was never submitted are passed over.
struct JobLedger {
  private(set) var outcomes: [JobOutcome] = []
  private var places: [JobID: Int] = [:]
  private var stay = 0
  /// Tasks come job by job, so the last place found is usually the next one asked for.
  private var lastPlace = 0

  mutating func submit(_ job: JobID, at now: Instant) {
    guard places[job] == nil else { return }
    places[job] = outcomes.count
    outcomes.append(
      JobOutcome(
        id: job, stay: stay, name: "", submitted: now, firstStart: nil, ended: nil,
        fate: .unfinished))
  }

  mutating func start(_ job: JobID, at now: Instant) {
    guard let place = place(of: job), outcomes[place].firstStart == nil else { return }
    outcomes[place].firstStart = now
  }

  mutating func end(_ job: JobID, as fate: JobFate, at now: Instant) {
    guard let place = place(of: job), outcomes[place].fate == .unfinished else { return }
    outcomes[place].ended = now
    outcomes[place].fate = fate
  }

  /// Gives up what is not finished; what comes under the same numbers from now on are other jobs.
  mutating func leave(at now: Instant) {
    for place in outcomes.indices where outcomes[place].fate == .unfinished {
      outcomes[place].ended = now
      outcomes[place].fate = .abandoned
    }
    stay += 1
    places = [:]
    lastPlace = outcomes.count
  }

  /// Goes on with a framework that does not know what was done before it: a job that comes again is
  /// the same if it was not finished, and otherwise another one.
  mutating func beReplaced() {
    places = places.filter { outcomes[$0.value].fate == .unfinished }
    stay += 1
    lastPlace = outcomes.count
  }

  private mutating func place(of job: JobID) -> Int? {
    if lastPlace < outcomes.count, outcomes[lastPlace].id == job { return lastPlace }
    guard let place = places[job] else { return nil }
    lastPlace = place
    return place
  }
}
