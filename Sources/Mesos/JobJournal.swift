// Part of mesosim. Apache-2.0, see LICENSE.
//
// What the journal is told of one job. Only what reports learn belongs here: which tasks there are
// and where they run is the framework's own business.

public import VirtualTime

extension Journal {
  /// Notes that a user handed a job in; `name` is for people.
  ///
  /// - Returns: The journal of the job, which keeps what follows of it in step.
  public func job(_ id: JobID, name: String) -> JobJournal {
    jobSubmitted(id, name: name)
    return JobJournal(resuming: id, in: self)
  }
}

/// The journal of one job: says of each change of its tasks what changes in demand.
///
///     var job = environment.journal.job(JobID(0), name: "index the web")
///     job.needs(shape, tasks: 10)
///     job.launching(id, needing: shape, runnableSince: submitted)    // demand falls by one
///     job.needs(shape)                                                // the task is to run again
///     job.finished()
///
/// Nothing is said twice: what is finished or abandoned needs nothing any more.
public struct JobJournal {
  /// The job.
  public let id: JobID
  private let journal: any Journal
  /// How many tasks of each shape wait for resources; shapes with none are left out.
  private var demand: [(shape: Resources, tasks: Int)] = []
  private var isOpen = true

  /// Goes on with a job that an earlier process has submitted.
  ///
  /// What that process said to wait ended with it: what still does is to be said again (`needs`).
  public init(resuming id: JobID, in journal: any Journal) {
    self.id = id
    self.journal = journal
  }

  /// How many tasks wait for resources.
  public var waitingTasks: Int { demand.reduce(0) { $0 + $1.tasks } }

  /// Notes that tasks of a shape have become runnable and wait for resources.
  public mutating func needs(_ shape: Resources, tasks: Int = 1) {
    guard isOpen, tasks > 0 else { return }
    if let place = demand.firstIndex(where: { $0.shape == shape }) {
      demand[place].tasks += tasks
    } else {
      demand.append((shape, tasks))
    }
    journal.demand(shape, delta: tasks)
  }

  /// Notes that a task is about to be launched, which does not wait any more.
  public mutating func launching(
    _ task: TaskID, needing shape: Resources, runnableSince: Instant
  ) {
    guard isOpen else { return }
    needsNoMore(shape)
    journal.launching(task, of: id, runnableSince: runnableSince)
  }

  /// Notes that a task that waits does not have to run any more.
  public mutating func needsNoMore(_ shape: Resources) {
    guard let place = demand.firstIndex(where: { $0.shape == shape }) else { return }
    demand[place].tasks -= 1
    if demand[place].tasks == 0 { demand.remove(at: place) }
    journal.demand(shape, delta: -1)
  }

  /// Notes that every task of the job is done.
  public mutating func finished() {
    guard isOpen else { return }
    close()
    journal.jobFinished(id)
  }

  /// Notes that the framework gives the job up; its tasks need nothing any more.
  public mutating func abandoned() {
    guard isOpen else { return }
    close()
    journal.jobAbandoned(id)
  }

  private mutating func close() {
    for (shape, tasks) in demand { journal.demand(shape, delta: -tasks) }
    demand = []
    isOpen = false
  }
}
