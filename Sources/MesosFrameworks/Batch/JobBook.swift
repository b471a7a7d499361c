// Part of mesosim. Apache-2.0, see LICENSE.
//
// The books of a batch framework: which jobs are submitted, what runs of them, and which waits for
// offers. Kept in step with what the store and the journal are told; nothing is said to masters
// here.

import Mesos

/// All jobs of a batch framework.
struct JobBook {
  /// The jobs that have a task to launch.
  private(set) var waiting = WaitingJobs()

  private let environment: any Environment
  private let attemptsMax: Int
  /// All jobs in the order of submission; those before `submitted` have been.
  private let jobs: JobList
  private var submitted: Int
  /// The next job to be submitted.
  private var next: Job?
  /// How many jobs are submitted and neither finished nor given up.
  private var active = 0
  /// Whether a job had a stage whose tasks use less than they hold.
  private var leavesIdle = false
  private var running: [TaskID: (job: ActiveJob, number: Int)] = [:]
  private let placements = Placements()

  private static let submittedKey = "submitted"

  /// Opens the books where an earlier process left them, which is at the beginning for the first.
  init(_ jobs: JobList, attemptsMax: Int, environment: any Environment) {
    self.jobs = jobs
    self.attemptsMax = attemptsMax
    self.environment = environment
    submitted = environment.store.text(for: Self.submittedKey).flatMap { Int($0) } ?? 0
    next = submitted < jobs.count ? jobs[submitted] : nil
    for order in JobRecord.orders(in: environment.store) where order < submitted {
      resume(order)
    }
  }

  /// Whether all that was ever to be done is.
  var isDone: Bool { active == 0 && submitted == jobs.count }

  /// When the next job is handed in.
  var nextArrival: Instant? { next?.submitted }

  /// All tasks that run, as far as is known, by id.
  var runningTasks: [TaskID] { running.keys.sorted() }

  /// The tasks of a job that run, as far as is known, by id.
  func runningTasks(of job: ActiveJob) -> [TaskID] {
    running.filter { $0.value.job === job }.map(\.key).sorted()
  }

  // MARK: Jobs

  /// Takes on the next job, if it has been handed in by now, and starts it.
  mutating func submitNext() -> ActiveJob? {
    guard let next, next.submitted <= environment.now else { return nil }
    let job = ActiveJob(next, order: submitted, in: environment, placements: placements)
    job.journal = environment.journal.job(job.id, name: next.name)
    noteUse(of: next)
    active += 1
    startNextStage(of: job)
    submitted += 1
    self.next = submitted < jobs.count ? jobs[submitted] : nil
    // After the job's record, so that no job is lost between the two; and always of one length, so
    // that there is room for it when there was for the first.
    let digits = String(submitted)
    let padding = String(repeating: "0", count: 10 - digits.utf8.count)
    try? environment.store.write(padding + digits, for: Self.submittedKey)
    return job
  }

  private mutating func noteUse(of job: Job) {
    if !leavesIdle { leavesIdle = job.stages.contains { $0.uses < 1 } }
  }

  /// Starts the next stage of a job, which is finished when there is none.
  mutating func startNextStage(of job: ActiveJob) {
    let now = environment.now
    if let stage = job.startNextStage(at: now) {
      job.record.begin(stage: stage, at: now)
      job.noteRunnable()
      waiting.update(job)
    } else {
      job.record.remove()
      job.journal.finished()
      active -= 1
    }
  }

  // MARK: Tasks

  /// Takes the next task of a job, which is launched on what is left of an offer.
  mutating func launchNext(of job: ActiveJob, on packing: OfferPacking) -> TaskInfo {
    let task = job.takeTask()
    let info = job.info(of: task, on: packing.offer.slaveID, from: packing.remainder)
    if let placement = job.placement {
      let values = placement.values(at: Location(of: packing.offer))
      job.place(info.taskID, at: values)
      job.record.append(.placed(values))
    } else {
      job.record.append(.launched)
    }
    waiting.update(job)
    running[info.taskID] = (job, task.number)
    job.journal.launching(
      info.taskID, needing: job.shape(ofTask: task.number), runnableSince: task.runnableSince)
    return info
  }

  /// Takes note that a task runs.
  // Mutating, or the book would be copied for each call.
  mutating func taskRuns(_ id: TaskID) {
    guard leavesIdle, let (job, number) = running[id], let idle = job.idle(ofTask: number) else {
      return
    }
    environment.journal.idle(id, idle)
  }

  /// Takes note of the end of a task.
  ///
  /// - Returns: Its job and what that means to it; `nil` for one that does not run, as when an
  ///   update comes twice.
  mutating func taskEnded(
    _ id: TaskID, as state: TaskState
  ) -> (job: ActiveJob, ending: ActiveJob.Ending)? {
    guard let (job, number) = running.removeValue(forKey: id) else { return nil }
    let now = environment.now
    job.unplace(id)
    let ending = job.taskEnded(number, as: state, at: now, attemptsMax: attemptsMax)
    // The record of a stage that is done is that of the next one.
    if ending != .stageDone { job.record.append(.ended(number, as: state, at: now)) }
    switch ending {
    case .taskDone, .stageDone: break
    case .runnableAgain: job.journal.needs(job.shape(ofTask: number))
    case .givenUp:
      active -= 1
      job.journal.abandoned()
    }
    if job.isAbandoned, job.running == 0 { job.record.remove() }
    waiting.update(job)
    return (job, ending)
  }

  // MARK: Another process

  /// Does with a job again what is written down of it.
  private mutating func resume(_ order: Int) {
    let next = jobs[order]
    let job = ActiveJob(next, order: order, in: environment, placements: placements)
    noteUse(of: next)
    guard let written = job.record.read(), let tasks = job.replay(written, attemptsMax) else {
      // It did not fit into the store: what became of its tasks cannot be told.
      job.record.remove()
      return job.journal.abandoned()
    }
    for (number, id) in tasks { running[id] = (job, number) }
    guard !job.isAbandoned else { return }
    active += 1
    job.journal = JobJournal(resuming: job.id, in: environment.journal)
    job.noteRunnable()
    waiting.update(job)
  }
}

extension ActiveJob {
  /// Tells the journal of all tasks that could be launched now.
  fileprivate func noteRunnable() {
    for shape in runnableShapes { journal.needs(shape.resources, tasks: shape.tasks) }
  }

  /// Does again what a record tells.
  ///
  /// - Returns: The tasks that run, by number; `nil` when that cannot have happened to this job.
  fileprivate func replay(
    _ written: (stage: Int, start: Instant, entries: [JobRecord.Entry]), _ attemptsMax: Int
  ) -> [Int: TaskID]? {
    guard startStage(written.stage, at: written.start) else { return nil }
    var running: [Int: TaskID] = [:]
    for entry in written.entries {
      switch entry {
      case .launched, .placed:
        guard hasRunnable else { return nil }
        let task = takeTask()
        running[task.number] = taskID(of: task)
        if case .placed(let values) = entry { place(taskID(of: task), at: values) }
      case .ended(let number, let state, let instant):
        guard let id = running.removeValue(forKey: number) else { return nil }
        unplace(id)
        _ = taskEnded(number, as: state, at: instant, attemptsMax: attemptsMax)
      }
    }
    return running
  }
}
