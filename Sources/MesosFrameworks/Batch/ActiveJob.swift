// Part of mesosim. Apache-2.0, see LICENSE.
//
// The books that a batch framework keeps of one job. What is written down of it is in `JobRecord`,
// what is said to masters in `BatchScheduler`.

import Mesos

/// A submitted job: which of its tasks wait, run and are done.
final class ActiveJob {
  /// A task that is to be launched.
  struct RunnableTask {
    /// Its number within the stage, from 0.
    let number: Int
    /// How often it was launched before and did not finish.
    let attempt: Int
    let runnableSince: Instant
  }

  /// What the end of a task means to its job.
  enum Ending {
    /// Nothing but that it runs no more.
    case taskDone
    /// All tasks of the stage are done.
    case stageDone
    /// The task is to be launched again.
    case runnableAgain
    /// The job is given up; what still runs of it is to be killed.
    case givenUp
  }

  /// The job's id.
  let id: JobID
  /// How many jobs were submitted before it.
  let order: Int
  /// What reports are told of it.
  var journal: JobJournal
  /// What is written down of it.
  var record: JobRecord
  /// Where it stands among the jobs that wait for offers, if it does.
  var place: (heap: Int, position: Int)?

  /// What the next task to launch needs.
  private(set) var need = TaskNeed()
  /// Where the stage's tasks are that run, and where more may go; `nil` when that is everywhere.
  private(set) var placement: Placement?
  /// Whether all tasks of the present stage must start together.
  private(set) var isGang = false
  /// Tasks launched and not ended.
  private(set) var running = 0
  /// Whether the job was given up.
  private(set) var isAbandoned = false

  private let stages: [Stage]
  private let placements: Placements
  private var stageNumber = -1
  private var stageStart = Instant.start
  /// What the ids of the stage's tasks begin with.
  private var idPrefix = ""
  /// Tasks of the present stage that are not done.
  private var unfinished = 0
  /// The numbers of tasks that have never been launched.
  private var fresh = 0..<0
  /// Tasks to be launched again, before the fresh ones.
  private var returned: [RunnableTask] = []
  /// How often each task of the stage ended without success, and how often of these by its own
  /// failure; only tasks that have.
  private var attempts: [Int: (made: Int, failed: Int)] = [:]

  init(
    _ job: Job, order: Int, in environment: any Environment, placements: Placements = Placements()
  ) {
    self.placements = placements
    id = job.id
    self.order = order
    journal = JobJournal(resuming: job.id, in: environment.journal)
    record = JobRecord(order, in: environment.store)
    stages = job.stages
  }

  /// How many tasks could be launched now.
  var runnableCount: Int { fresh.count + returned.count }

  var hasRunnable: Bool { runnableCount > 0 }

  /// What the next task to launch needs, but for ports.
  var shape: Resources { need.resources }

  /// Whether it goes before another: with fewer running tasks, or of equals, and among gangs, by
  /// age.
  func isNeedier(than other: ActiveJob) -> Bool {
    if !isGang, running != other.running { return running < other.running }
    return order < other.order
  }

  /// Whether all its stages are done.
  var isFinished: Bool { stageNumber == stages.count }

  /// Starts the stage after the present one, all of whose tasks are runnable from then on.
  ///
  /// - Returns: Its number; `nil` when there is none and the job is finished.
  func startNextStage(at now: Instant) -> Int? {
    if startStage(stageNumber + 1, at: now) { return stageNumber }
    stageNumber = stages.count
    return nil
  }

  /// Starts a stage; `false` when there is no such stage.
  func startStage(_ number: Int, at now: Instant) -> Bool {
    guard stages.indices.contains(number) else { return false }
    let stage = stages[number]
    stageNumber = number
    stageStart = now
    idPrefix = "\(id).\(number)."
    need = TaskNeed(resources: stage.resources, ports: stage.ports)
    placement = placements.placement(of: stage)
    isGang = stage.isGang
    fresh = 0..<stage.tasks
    unfinished = stage.tasks
    returned = []
    attempts = [:]
    return true
  }

  /// What a task of the present stage needs, but for ports.
  func shape(ofTask number: Int) -> Resources { stages[stageNumber].resources(ofTask: number) }

  /// What a task of the present stage leaves idle; `nil` when it uses all that it holds.
  func idle(ofTask number: Int) -> Resources? { stages[stageNumber].idle(ofTask: number) }

  /// Whether the tasks of the present stage need different things.
  var isMixed: Bool { !stages[stageNumber].shapes.isEmpty }

  /// What the tasks that could be launched now need.
  var runnableShapes: [Stage.Shape] {
    guard isMixed else { return [Stage.Shape(tasks: runnableCount, resources: shape)] }
    var shapes: [Stage.Shape] = []
    for number in returned.map(\.number) + fresh {
      let shape = shape(ofTask: number)
      if shapes.last?.resources != shape { shapes.append(Stage.Shape(tasks: 0, resources: shape)) }
      shapes[shapes.count - 1].tasks += 1
    }
    return shapes
  }

  /// Takes the next task to launch.
  func takeTask() -> RunnableTask {
    running += 1
    defer { followShape() }
    guard returned.isEmpty else { return returned.removeFirst() }
    return RunnableTask(number: fresh.removeFirst(), attempt: 0, runnableSince: stageStart)
  }

  /// Sees to it that `need` is that of the next task: not all need be alike.
  private func followShape() {
    guard isMixed, let next = returned.first?.number ?? fresh.first else { return }
    need.resources = shape(ofTask: next)
  }

  /// `JOB.STAGE.TASK`, with the attempt behind it when it is not the first.
  func taskID(of task: RunnableTask) -> TaskID {
    let first = idPrefix + String(task.number)
    return TaskID(task.attempt > 0 ? "\(first).\(task.attempt)" : first)
  }

  /// The task as the master is told of it, with its part of what is offered.
  func info(of task: RunnableTask, on slave: SlaveID, from offered: Resources) -> TaskInfo {
    let stage = stages[stageNumber]
    // The present need is that of the task after this one.
    let need = TaskNeed(resources: shape(ofTask: task.number), ports: stage.ports)
    return TaskInfo(
      name: stage.name, taskID: taskID(of: task), slaveID: slave,
      resources: need.part(of: offered),
      command: .sleeping(stage.durations.nanoseconds(task.number, task.attempt)))
  }

  /// Takes note of where a task was launched, by what the constraints look at there.
  func place(_ task: TaskID, at values: [String?]) { placement?.add(task, values: values) }

  /// Takes note that a task is no longer where it was launched.
  func unplace(_ task: TaskID) { placement?.remove(task) }

  /// Takes note that a running task has ended; `attemptsMax` is how often one may fail.
  ///
  /// - Returns: What follows for the job.
  func taskEnded(
    _ number: Int, as state: TaskState, at now: Instant, attemptsMax: Int
  ) -> Ending {
    running -= 1
    if isAbandoned { return .taskDone }
    if state == .finished {
      unfinished -= 1
      return unfinished == 0 ? .stageDone : .taskDone
    }
    // A task that was lost or killed has not failed; one that is refused as invalid always will.
    var attempts = attempts[number] ?? (0, 0)
    attempts.made += 1
    if state == .failed { attempts.failed += 1 }
    self.attempts[number] = attempts
    if state == .error || attempts.failed >= attemptsMax {
      isAbandoned = true
      return .givenUp
    }
    returned.append(
      RunnableTask(number: number, attempt: attempts.made, runnableSince: now))
    followShape()
    return .runnableAgain
  }
}
