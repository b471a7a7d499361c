// Part of mesosim. Apache-2.0, see LICENSE.
//
// From rows to jobs. Arrival, size and run time of a job stay together, whoever runs it.

internal import Mesos
public import MesosFrameworks

/// The rows of a trace by their jobs, from which jobs are made when they are asked for.
public struct RowJobs: Sendable {
  /// The trace.
  public let trace: RowTrace
  /// The rows, those of one job together; `nil` when each is a job.
  private let rows: [UInt32]?
  /// Where the rows of each job end, one place on.
  private let ends: [UInt32]

  /// Sorts the rows of a trace by their jobs.
  /// - Complexity: O(rows).
  public init(_ trace: RowTrace) {
    self.trace = trace
    guard trace.jobs != nil else {
      (rows, ends) = (nil, [])
      return
    }
    var ends = [UInt32](repeating: 0, count: trace.jobCount + 1)
    trace.rows.forEach { ends[Int($0.job) + 1] += 1 }
    for job in 1..<ends.count { ends[job] += ends[job - 1] }
    var next = ends
    var rows = [UInt32](repeating: 0, count: trace.rowCount)
    for row in rows.indices {
      let job = Int(trace.rows[row].job)
      rows[Int(next[job])] = UInt32(row)
      next[job] += 1
    }
    (self.rows, self.ends) = (rows, ends)
  }

  /// The rows of a job, by its number.
  fileprivate subscript(job: Int) -> [RowTrace.Row] {
    guard let rows else { return [trace.rows[job]] }
    return rows[Int(ends[job])..<Int(ends[job + 1])].map { trace.rows[Int($0)] }
  }

  /// The jobs that a framework takes.
  ///
  /// Rows of one job are submitted together, when the first of them is; their tasks run side by
  /// side. In a gang each of them needs as much as the largest.
  /// - Parameter workload: Whose rows count, and how many.
  /// - Returns: The jobs in the order of submission; the list takes 4 bytes for each, and is made
  ///   from the trace.
  /// - Throws: `WorkloadError` when the file has nothing of a user that is named, or a job has more
  ///   tasks than any cluster could run.
  /// - Complexity: O(rows), and O(jobs log jobs) when they are not in order of submission.
  public func list(_ workload: RowWorkload) throws(WorkloadError) -> JobList {
    var maker = RowJobMaker(
      rows: self, isTaken: try trace.selection(workload), isGang: workload.isGang)
    var order: [UInt32] = []
    for job in stride(from: 0, to: trace.jobCount, by: max(1, workload.every)) {
      if try maker.prepare(job) { order.append(UInt32(job)) }
    }
    // Jobs of one instant stay in the order of the file.
    order.sort { [maker] in
      let (left, right) = (maker.submitted(Int($0)), maker.submitted(Int($1)))
      return left == right ? $0 < $1 : left < right
    }
    return JobList(count: order.count) { [maker, order] in
      maker.job(Int(order[$0]), id: JobID(Int32(clamping: $0)))
    }
  }
}

extension RowTrace {
  /// Which users are taken, by number.
  fileprivate func selection(_ workload: RowWorkload) throws(WorkloadError) -> [Bool] {
    let (names, isTaken): ([String], Bool) =
      switch workload.users {
      case .all: ([], false)
      case .only(let names): (names, true)
      case .except(let names): (names, false)
      }
    var selection = Array(repeating: !isTaken, count: max(1, users.count))
    for name in names {
      guard let number = users.existing(name) else {
        throw .unreadable(
          file: workload.file,
          reason: "has no rows of '\(name)'; there are \(users.count) others"
            + (users.count > 0 ? " such as '\(users[0])'" : ""))
      }
      selection[number] = isTaken
    }
    return selection
  }
}

/// Makes the jobs of one framework.
private struct RowJobMaker {
  private let rows: RowJobs
  /// Which users are taken, by number.
  private let isTaken: [Bool]
  private let isGang: Bool
  /// What tasks need as a master is told it, for the first shapes that there are: most traces have
  /// few, but some as many as rows.
  private var resources: [RowTrace.Shape: Resources] = [:]

  private static let shapesMax = 1000

  init(rows: RowJobs, isTaken: [Bool], isGang: Bool) {
    self.rows = rows
    self.isTaken = isTaken
    self.isGang = isGang
  }

  /// The rows of a job that are taken, by its number.
  private func taken(_ job: Int) -> [RowTrace.Row] { rows[job].filter { isTaken[Int($0.user)] } }

  /// Checks a job, by its number; `false` when none of its rows are taken.
  mutating func prepare(_ job: Int) throws(WorkloadError) -> Bool {
    let rows = taken(job)
    guard let first = rows.first else { return false }
    let tasks = rows.tasks
    guard tasks <= StageTemplate.tasksMax else {
      throw .oversized(job: self.rows.trace.jobName(first), stage: "task", tasks: Double(tasks))
    }
    for row in isGang ? [rows.covering] : rows where resources.count < Self.shapesMax {
      if resources[row.shape] == nil { resources[row.shape] = row.shape.resources }
    }
    return true
  }

  /// When a job is submitted, by its number, in nanoseconds.
  func submitted(_ job: Int) -> Int64 { taken(job).lazy.map(\.submitted).min() ?? 0 }

  /// A job, by its number.
  func job(_ job: Int, id: JobID) -> Job {
    let rows = taken(job)
    return Job(
      id: id, name: rows.first.map(self.rows.trace.jobName) ?? "",
      submitted: Instant(nanoseconds: rows.lazy.map(\.submitted).min() ?? 0),
      stages: [stage(rows)])
  }

  private func stage(_ rows: [RowTrace.Row]) -> Stage {
    let durations = TaskDurations(rows)
    if isGang {
      let tasks = rows.tasks
      return Stage(
        name: "task", tasks: tasks, resources: resources(rows.covering.shape),
        durations: durations, isGang: tasks > 1)
    }
    var shapes: [Stage.Shape] = []
    for row in rows {
      let need = resources(row.shape)
      if shapes.last?.resources == need {
        shapes[shapes.count - 1].tasks += Int(row.tasks)
      } else {
        shapes.append(Stage.Shape(tasks: Int(row.tasks), resources: need))
      }
    }
    return Stage(name: "task", shapes: shapes, durations: durations)
  }

  private func resources(_ shape: RowTrace.Shape) -> Resources {
    resources[shape] ?? shape.resources
  }
}

extension [RowTrace.Row] {
  /// How many tasks they have.
  fileprivate var tasks: Int { reduce(0) { $0 + Int($1.tasks) } }

  /// The first, with as much of everything as the largest has.
  fileprivate var covering: RowTrace.Row {
    var row = self[0]
    for other in dropFirst() { row.shape = row.shape.covering(other.shape) }
    return row
  }
}

extension RowTrace.Shape {
  /// The same as a master is told it.
  var resources: Resources {
    Resources(cpus: Double(cpus) / 1000, mem: Double(mem), gpus: Double(gpus) / 1000)
  }

  /// As much of everything as the larger of two.
  fileprivate func covering(_ other: RowTrace.Shape) -> RowTrace.Shape {
    RowTrace.Shape(
      cpus: max(cpus, other.cpus), mem: max(mem, other.mem), gpus: max(gpus, other.gpus))
  }
}

extension TaskDurations {
  /// How long the tasks of some rows compute, one row after the other.
  fileprivate init(_ rows: [RowTrace.Row]) {
    guard rows.count > 1 else {
      self = .constant(.nanoseconds(rows.first?.duration ?? 0))
      return
    }
    var ends: [Int] = []
    for row in rows { ends.append((ends.last ?? 0) + Int(row.tasks)) }
    let lengths = rows.map(\.duration)
    self.init { [ends] task, _ in
      var (low, high) = (0, ends.count - 1)
      while low < high {
        let middle = (low + high) / 2
        if task < ends[middle] { high = middle } else { low = middle + 1 }
      }
      return lengths[low]
    }
  }
}
