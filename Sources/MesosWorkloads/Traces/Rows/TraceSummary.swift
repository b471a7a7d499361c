// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a trace is like, in exact sums and a few quantiles.

/// What a trace is like.
public struct TraceSummary: Sendable {
  /// A resource in which work is counted.
  public enum Measure: String, Sendable {
    case gpus, cpus, mem
  }

  /// What of the work is one user's.
  public struct User: Sendable {
    /// The name, as the file has it.
    public let name: String
    /// How many jobs; rows where rows share jobs.
    public let jobs: Int
    /// The work, in resource-seconds.
    public let work: Double
    /// The most tasks that one row has.
    public let tasksMax: Int
  }

  /// The quantiles of something: the median, 9 in 10, 99 in 100, the greatest.
  public struct Quantiles: Sendable {
    /// The median.
    public let p50: Double
    /// What 9 in 10 do not exceed.
    public let p90: Double
    /// What 99 in 100 do not exceed.
    public let p99: Double
    /// The greatest.
    public let max: Double

    /// Sorts some values, in place as there may be millions; zeros for none.
    init(_ values: inout [Double]) {
      values.sort()
      let sorted = values
      func quantile(_ part: Double) -> Double {
        sorted.isEmpty ? 0 : sorted[Int((Double(sorted.count - 1) * part).rounded(.up))]
      }
      (p50, p90, p99, max) = (quantile(0.5), quantile(0.9), quantile(0.99), quantile(1))
    }
  }

  /// How many rows count.
  public let rows: Int
  /// How many jobs they make.
  public let jobs: Int
  /// How many tasks they have.
  public let tasks: Int
  /// Seconds from the first submission to the last.
  public let spanSeconds: Double
  /// The standard deviation of the time between submissions, over its mean.
  public let gapVariation: Double
  /// Tasks of a row.
  public let tasksPerRow: Quantiles
  /// Seconds that a task computes.
  public let runSeconds: Quantiles
  /// Cpu-seconds, exact to the nanosecond and the thousandth.
  public let cpuSeconds: Double
  /// Gpu-seconds.
  public let gpuSeconds: Double
  /// MB-seconds.
  public let memSeconds: Double
  /// The most that one task needs of cpus, gpus and MB.
  public let taskMax: (cpus: Double, gpus: Double, mem: Double)
  /// What work is counted in: gpus if any task needs some, else cpus, else memory.
  public let measure: Measure
  /// The users, those with the most work first, equals by name.
  public let users: [User]

  /// The work in what it is counted in, in resource-seconds.
  public var work: Double {
    switch measure {
    case .gpus: gpuSeconds
    case .cpus: cpuSeconds
    case .mem: memSeconds
    }
  }
}

extension RowTrace {
  /// What the trace is like.
  /// - Complexity: O(rows log rows).
  public var summary: TraceSummary {
    let sums = RowSums(self)
    let submissions = SubmissionGaps(self)
    let sizes = quantiles { Double($0.tasks) }
    let runs = quantiles { Double($0.duration) / 1e9 }
    return TraceSummary(
      rows: rowCount, jobs: jobCount, tasks: sums.tasks, spanSeconds: submissions.spanSeconds,
      gapVariation: submissions.variation,
      tasksPerRow: sizes, runSeconds: runs,
      cpuSeconds: Double(sums.cpus) / 1e12, gpuSeconds: Double(sums.gpus) / 1e12,
      memSeconds: Double(sums.mem) / 1e9,
      taskMax: (
        Double(sums.shapeMax.cpus) / 1000, Double(sums.shapeMax.gpus) / 1000,
        Double(sums.shapeMax.mem)
      ),
      measure: sums.measure, users: sums.users(self))
  }

  /// The users, those with the most work first, equals by name.
  /// - Complexity: O(rows + users log users).
  public var usersByWork: [TraceSummary.User] { RowSums(self).users(self) }

  private func quantiles(_ value: (Row) -> Double) -> TraceSummary.Quantiles {
    var column: [Double] = []
    column.reserveCapacity(rowCount)
    rows.forEach { column.append(value($0)) }
    return TraceSummary.Quantiles(&column)
  }
}

/// Sums over all rows, and over those of each user.
private struct RowSums {
  /// What is summed for one user.
  struct Share {
    var jobs = 0
    var cpus: Int128 = 0
    var gpus: Int128 = 0
    var mem: Int128 = 0
    var tasksMax: UInt32 = 0
  }

  var tasks = 0
  var shapeMax = RowTrace.Shape(cpus: 0, mem: 0, gpus: 0)
  private var shares: [Share]

  init(_ trace: RowTrace) {
    var shares = Array(repeating: Share(), count: max(1, trace.users.count))
    var tasks = 0
    var most = RowTrace.Shape(cpus: 0, mem: 0, gpus: 0)
    trace.rows.forEach { row in
      tasks += Int(row.tasks)
      let time = Int128(row.duration) * Int128(row.tasks)
      let user = Int(row.user)
      shares[user].jobs += 1
      shares[user].cpus.add(time * Int128(row.shape.cpus))
      shares[user].gpus.add(time * Int128(row.shape.gpus))
      shares[user].mem.add(time * Int128(row.shape.mem))
      shares[user].tasksMax = max(shares[user].tasksMax, row.tasks)
      most.cpus = max(most.cpus, row.shape.cpus)
      most.gpus = max(most.gpus, row.shape.gpus)
      most.mem = max(most.mem, row.shape.mem)
    }
    (self.shares, self.tasks, shapeMax) = (shares, tasks, most)
  }

  var cpus: Int128 { shares.reduce(into: 0) { $0.add($1.cpus) } }
  var gpus: Int128 { shares.reduce(into: 0) { $0.add($1.gpus) } }
  var mem: Int128 { shares.reduce(into: 0) { $0.add($1.mem) } }

  var measure: TraceSummary.Measure {
    shapeMax.gpus > 0 ? .gpus : shapeMax.cpus > 0 ? .cpus : .mem
  }

  /// The users by their work.
  func users(_ trace: RowTrace) -> [TraceSummary.User] {
    let measure = measure
    func work(_ share: Share) -> Int128 {
      switch measure {
      case .gpus: share.gpus
      case .cpus: share.cpus
      case .mem: share.mem
      }
    }
    let unit = measure == .mem ? 1e9 : 1e12
    return (0..<trace.users.count).map { (name: trace.users[$0], share: shares[$0]) }
      .sorted { left, right in
        let works = (work(left.share), work(right.share))
        return works.0 == works.1 ? left.name < right.name : works.0 > works.1
      }
      .map { user in
        TraceSummary.User(
          name: user.name, jobs: user.share.jobs, work: Double(work(user.share)) / unit,
          tasksMax: Int(user.share.tasksMax))
      }
  }
}

extension Int128 {
  /// Adds work; a file of nonsense ends at the greatest number.
  fileprivate mutating func add(_ work: Int128) {
    let (sum, overflow) = addingReportingOverflow(work)
    self = overflow ? .max : sum
  }
}

/// The times between submissions.
private struct SubmissionGaps {
  var spanSeconds = 0.0
  /// The standard deviation over the mean.
  var variation = 0.0

  init(_ trace: RowTrace) {
    var times: [Int64] = []
    times.reserveCapacity(trace.rowCount)
    trace.rows.forEach { times.append($0.submitted) }
    times.sort()
    guard let first = times.first, let last = times.last, last > first else { return }
    spanSeconds = Double(last - first) / 1e9
    let count = Double(times.count - 1)
    let mean = spanSeconds / count
    var squares = 0.0
    for index in 1..<times.count {
      let deviation = Double(times[index] - times[index - 1]) / 1e9 - mean
      squares += deviation * deviation
    }
    variation = (squares / count).squareRoot() / mean
  }
}
