// Part of mesosim. Apache-2.0, see LICENSE.
//
// The books that a batch framework keeps of one job.

import Mesos
import VirtualTime

/// A submitted job: which of its tasks wait, run and are done.
final class ActiveJob {
  /// A task that can be launched.
  struct Runnable {
    let number: Int
    let attempt: Int
    let runnableSince: Instant
  }

  /// The job's id.
  let id: JobID
  /// Tasks launched and not ended.
  var running = 0
  /// Tasks of the present stage that are not done.
  var unfinished = 0
  /// How often each task of the present stage has failed; only tasks that have.
  var failures: [Int: Int] = [:]
  /// Where it stands among the jobs that wait for offers, if it does.
  var place: (heap: Int, position: Int)?
  /// Whether the job was given up; what still runs of it is being killed.
  var isAbandoned = false

  // What offers are matched against, copied from the present stage: read for each offered task.
  private(set) var shape = Resources()
  @exclusivity(unchecked) private(set) var runnableCount = 0
  private(set) var isGang = false
  private(set) var stageName = ""
  /// What the ids of the stage's tasks begin with.
  private var idPrefix: [UInt8] = []

  /// How many jobs were submitted before it.
  private let order: Int
  private let stages: [Stage]
  private var stageNumber = -1
  private var stageStart = Instant.start
  /// Tasks from this number on have never been launched.
  @exclusivity(unchecked) private var nextFresh = 0
  /// Tasks to be launched again, before the fresh ones.
  @exclusivity(unchecked) private var returned: [Runnable] = []
  /// The last command made, shared by all tasks that take the same time.
  @exclusivity(unchecked) private var command: (nanoseconds: Int64, shared: Boxed<CommandInfo>)?

  init(_ job: Job, order: Int) {
    id = job.id
    self.order = order
    stages = job.stages
  }

  /// The present stage; `nil` when all are done.
  var stage: Stage? { stages.indices.contains(stageNumber) ? stages[stageNumber] : nil }

  var hasRunnable: Bool { runnableCount > 0 }

  /// Whether it goes before another: with fewer running tasks, or of equals, and among gangs, by
  /// age.
  func isNeedier(than other: ActiveJob) -> Bool {
    if !isGang, running != other.running { return running < other.running }
    return order < other.order
  }

  /// Goes on to the next stage, all of whose tasks are runnable from now on.
  func startStage(at now: Instant) {
    stageNumber += 1
    stageStart = now
    nextFresh = 0
    returned = []
    failures = [:]
    shape = stage?.resources ?? Resources()
    isGang = stage?.isGang ?? false
    stageName = stage?.name ?? ""
    idPrefix = Array("\(id).\(stageNumber).".utf8)
    runnableCount = stage?.tasks ?? 0
    unfinished = runnableCount
  }

  /// Takes the next task to launch, with its command.
  func takeTask() -> (Runnable, Boxed<CommandInfo>) {
    let task: Runnable
    runnableCount -= 1
    if returned.isEmpty {
      task = Runnable(number: nextFresh, attempt: 0, runnableSince: stageStart)
      nextFresh += 1
    } else {
      task = returned.removeFirst()
    }
    let nanoseconds = stage?.durations.nanoseconds(task.number, task.attempt) ?? 0
    if let command, command.nanoseconds == nanoseconds { return (task, command.shared) }
    let shared = Boxed(wrappedValue: CommandInfo.sleeping(nanoseconds))
    command = (nanoseconds, shared)
    return (task, shared)
  }

  /// Puts a task that ended without success back.
  func returnTask(_ number: Int, attempt: Int, at now: Instant) {
    returned.append(Runnable(number: number, attempt: attempt, runnableSince: now))
    runnableCount += 1
  }

  /// `JOB.STAGE.TASK`, with the attempt behind it when it is not the first.
  func taskID(_ task: Runnable) -> TaskID {
    let first = text(idPrefix, task.number.magnitude)
    return TaskID(task.attempt > 0 ? "\(first).\(task.attempt)" : first)
  }

  /// A prefix and a number, written at once into as many bytes as it takes: a text that grows is
  /// copied at each step, and there is one for each task.
  private func text(_ prefix: [UInt8], _ number: UInt) -> String {
    var rest = number
    var count = prefix.count
    repeat {
      count += 1
      rest /= 10
    } while rest > 0
    return String(unsafeUninitializedCapacity: count) { bytes in
      _ = bytes.initialize(fromContentsOf: prefix)
      rest = number
      for place in (prefix.count..<count).reversed() {
        bytes[place] = UInt8(ascii: "0") + UInt8(rest % 10)
        rest /= 10
      }
      return count
    }
  }
}
