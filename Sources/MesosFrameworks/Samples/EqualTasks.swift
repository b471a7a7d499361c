// Part of mesosim. Apache-2.0, see LICENSE.
//
// The books of the samples that run a number of equal tasks: which is next, which run, how many are
// over, and what reports are told of it. To reports they are one job.

import Mesos

/// Equal tasks, numbered from 0, that together are one job.
struct EqualTasks {
  /// What each needs.
  let shape: Resources
  private let environment: any Environment
  /// How many there are; `nil` for one after the other without end.
  private let total: Int?
  private var runnableSince: Instant?
  /// What reports are told; there once the tasks are submitted.
  private var job: JobJournal?
  private var launched = 0
  private var running: Set<TaskID> = []
  private var isOver = false
  /// How many ended in TASK_FINISHED.
  private(set) var finished = 0
  /// How many ended otherwise.
  private(set) var abnormal = 0

  init(_ total: Int?, _ shape: Resources, environment: any Environment) {
    self.total = total
    self.shape = shape
    self.environment = environment
  }

  /// Whether there is one to launch; not before `submit`.
  var hasNext: Bool {
    !isOver && runnableSince != nil && launched < total ?? .max && !shape.isEmpty
  }

  /// Whether all are over.
  var areDone: Bool { finished + abnormal == total }

  /// Makes the tasks runnable, once however often it is called: a new master says `registered`
  /// again.
  mutating func submit(as name: String) {
    guard runnableSince == nil else { return }
    runnableSince = environment.now
    job = environment.journal.job(JobID(0), name: name)
    job?.needs(shape, tasks: total ?? 1)
  }

  /// Takes the next task, which is launched at once.
  mutating func takeNext() -> TaskID {
    let id = TaskID(String(launched))
    launched += 1
    running.insert(id)
    let since = runnableSince ?? environment.now
    if total == nil, let job {
      // Another one waits in its place, since now.
      environment.journal.launching(id, of: job.id, runnableSince: since)
      runnableSince = environment.now
    } else {
      job?.launching(id, needing: shape, runnableSince: since)
    }
    return id
  }

  /// Takes note of an update; updates come at least once, so a task may end twice.
  /// - Returns: Whether a task has ended by it.
  mutating func note(_ status: TaskStatus) -> Bool {
    guard status.state.isTerminal, running.remove(status.taskID) != nil else { return false }
    if status.state == .finished { finished += 1 } else { abnormal += 1 }
    if areDone { end() }
    return true
  }

  /// Gives up what has not been launched.
  mutating func abandon() {
    guard !isOver else { return }
    abnormal = max(abnormal, 1)
    end()
  }

  private mutating func end() {
    guard !isOver, runnableSince != nil else { return }
    isOver = true
    if abnormal == 0 { job?.finished() } else { job?.abandoned() }
  }
}

extension Resources {
  /// Takes a part with the amounts of `shape` out, whomever it is reserved for.
  ///
  /// Volumes with data on them are left alone.
  /// - Returns: The part; `nil` when there is not so much.
  mutating func take(_ shape: Resources) -> Resources? {
    let volumes = persistentVolumes
    let free = volumes.isEmpty ? self : self - volumes
    guard let part = free.find(shape) else { return nil }
    self -= part
    return part
  }
}
