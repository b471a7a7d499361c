// Part of mesosim. Apache-2.0, see LICENSE.
//
// From rows to jobs. Arrival, size and run time of a job stay together, whoever runs it.

internal import Mesos
public import MesosFrameworks

extension RowTrace {
  /// Makes the jobs that a framework takes.
  ///
  /// Rows of one job are submitted together, when the first of them is; their tasks run side by
  /// side. In a gang each of them needs as much as the largest.
  /// - Parameter workload: Whose rows count, and how many.
  /// - Returns: The jobs in the order of submission.
  /// - Throws: `WorkloadError` when the file has nothing of a user that is named, or a job has more
  ///   tasks than any cluster could run.
  public func jobs(_ workload: RowWorkload) throws(WorkloadError) -> [Job] {
    let isTaken = try selection(workload)
    let every = max(1, workload.every)
    var maker = RowJobMaker(trace: self, isGang: workload.isGang)
    var result: [Job] = []
    for (number, rows) in rowsByJob.enumerated() where number % every == 0 {
      let taken = rows.lazy.map { self.rows[Int($0)] }.filter { isTaken[Int($0.user)] }
      if let job = try maker.job(Array(taken)) { result.append(job) }
    }
    // Stable, so that jobs of one instant stay in the order of the file.
    result.sort { $0.submitted < $1.submitted }
    for index in result.indices { result[index].id = JobID(Int32(clamping: index)) }
    return result
  }

  /// The numbers of the rows of each job, jobs in the order of their first rows.
  private var rowsByJob: RowLists { RowLists(self) }

  /// Which users are taken, by number.
  private func selection(_ workload: RowWorkload) throws(WorkloadError) -> [Bool] {
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

/// The rows of each job.
private struct RowLists: Sequence {
  /// The rows, those of one job together; `nil` when each is a job.
  private let rows: [UInt32]?
  /// Where the rows of each job end.
  private var ends: [UInt32] = []
  private let count: Int

  init(_ trace: RowTrace) {
    count = trace.jobCount
    guard trace.jobs != nil else {
      rows = nil
      return
    }
    var ends = [UInt32](repeating: 0, count: count + 1)
    trace.rows.forEach { ends[Int($0.job) + 1] += 1 }
    for job in 0..<count { ends[job + 1] += ends[job] }
    var next = ends
    var rows = [UInt32](repeating: 0, count: trace.rows.count)
    for row in rows.indices {
      let job = Int(trace.rows[row].job)
      rows[Int(next[job])] = UInt32(row)
      next[job] += 1
    }
    self.rows = rows
    self.ends = ends
  }

  func makeIterator() -> AnyIterator<ArraySlice<UInt32>> {
    var job = 0
    return AnyIterator {
      guard job < count else { return nil }
      defer { job += 1 }
      guard let rows else { return [UInt32(job)] }
      return rows[Int(ends[job])..<Int(ends[job + 1])]
    }
  }
}

/// Makes one job after the other; what is alike is made once.
private struct RowJobMaker {
  let trace: RowTrace
  let isGang: Bool
  private var resources: [RowTrace.Shape: Resources] = [:]

  init(trace: RowTrace, isGang: Bool) {
    self.trace = trace
    self.isGang = isGang
  }

  /// The job of some rows; `nil` when there are none.
  mutating func job(_ rows: [RowTrace.Row]) throws(WorkloadError) -> Job? {
    guard let first = rows.first, let submitted = rows.lazy.map(\.submitted).min() else {
      return nil
    }
    let tasks = rows.reduce(0) { $0 + Int($1.tasks) }
    guard tasks <= StageTemplate.tasksMax else {
      throw .oversized(job: trace.jobName(first), stage: "task", tasks: Double(tasks))
    }
    return Job(
      id: JobID(0), name: trace.jobName(first), submitted: Instant(nanoseconds: submitted),
      stages: [stage(rows)])
  }

  private mutating func stage(_ rows: [RowTrace.Row]) -> Stage {
    let durations = TaskDurations(rows)
    if isGang {
      let shape = rows.dropFirst().reduce(rows[0].shape) { $0.covering($1.shape) }
      let tasks = rows.reduce(0) { $0 + Int($1.tasks) }
      return Stage(
        name: "task", tasks: tasks, resources: resources(shape), durations: durations,
        isGang: tasks > 1)
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

  private mutating func resources(_ shape: RowTrace.Shape) -> Resources {
    if let known = resources[shape] { return known }
    let made = shape.resources
    resources[shape] = made
    return made
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
