// Part of mesosim. Apache-2.0, see LICENSE.
//
// Jobs made up from distributions: when they come, of which kind each is, how large it is.

internal import Mesos
public import MesosFrameworks
public import SimulationKernel
internal import VirtualTime

/// A kind of job, as large as its stages say.
public struct JobBin: Hashable, Sendable {
  /// How many of the jobs are of this kind.
  public enum Share: Hashable, Sendable {
    /// Exactly these many, in shuffled order.
    case count(Int)
    /// Each job is of this kind with a chance in proportion to the weight.
    case weight(Double)
  }

  /// What the kind is called.
  public var name: String
  /// How many of the jobs are of this kind.
  public var share: Share
  /// The stages of each such job.
  public var stages: [StageTemplate]

  /// Describes a kind of job.
  public init(name: String, share: Share, stages: [StageTemplate]) {
    self.name = name
    self.share = share
    self.stages = stages
  }
}

/// A stream of made-up jobs.
public struct SyntheticWorkload: Hashable, Sendable {
  /// How many jobs there are.
  public var jobs: Int
  /// When the first is submitted, counted from the start of the run.
  public var start: Duration
  /// How the others follow.
  public var arrivals: ArrivalProcess
  /// How their rate follows the clock; `nil` when it does not.
  public var profile: ArrivalProfile?
  /// The kinds of job; either all have a count or all a weight.
  public var bins: [JobBin]

  /// Describes a workload.
  public init(jobs: Int, start: Duration = .zero, arrivals: ArrivalProcess, bins: [JobBin]) {
    self.jobs = jobs
    self.start = start
    self.arrivals = arrivals
    self.bins = bins
  }

  /// Makes the jobs.
  ///
  /// - Parameters:
  ///   - framework: The framework's name, after which its random streams are named.
  ///   - seeds: Where the randomness comes from.
  ///   - epoch: Calendar time of the run's start, in seconds since 1970, for a profile.
  /// - Returns: The jobs in the order of submission.
  /// - Throws: `WorkloadError.oversized` when a stage has more tasks than any cluster could run.
  public func jobs(
    for framework: String, seeds: Seeds, epoch: Int64 = 0
  ) throws(WorkloadError) -> [Job] {
    var instants = arrivals.instants(
      count: jobs, from: .start + start,
      drawing: seeds.stream("workload/\(framework)/arrivals"))
    if let profile {
      instants = profile.instants(instants, from: .start + start, epoch: epoch)
    }
    let kinds = binIndices(count: instants.count, seeds.stream("workload/\(framework)/bins"))
    let maker = StageMaker(framework: framework, seeds: seeds)
    var result: [Job] = []
    result.reserveCapacity(instants.count)
    for (number, (submitted, kind)) in zip(instants, kinds).enumerated() {
      let name = "\(bins[kind].name)-\(number + 1)"
      let templates = bins[kind].stages
      let counts = try maker.taskCounts(templates, of: name, number: number)
      result.append(
        Job(
          id: JobID(Int32(number)), name: name, submitted: submitted,
          stages: maker.stages(templates, counts: counts, number: number)))
    }
    return result
  }

  /// The kind of each job, as an index into `bins`.
  private func binIndices(count: Int, _ stream: RandomStream) -> [Int] {
    let counted: [Int] = bins.enumerated().flatMap { index, bin in
      if case .count(let count) = bin.share { return Array(repeating: index, count: count) }
      return []
    }
    guard counted.isEmpty else { return Self.shuffled(counted, stream) }
    var sums: [Double] = []
    for bin in bins {
      if case .weight(let weight) = bin.share { sums.append((sums.last ?? 0) + weight) }
    }
    guard bins.count > 1, let total = sums.last else {
      return Array(repeating: 0, count: bins.isEmpty ? 0 : count)
    }
    return (0..<count).map { _ in
      let target = stream.uniform() * total
      return sums.firstIndex { $0 > target } ?? sums.count - 1
    }
  }

  /// Fisher and Yates's shuffle.
  private static func shuffled(_ indices: [Int], _ stream: RandomStream) -> [Int] {
    var indices = indices
    for last in stride(from: indices.count - 1, to: 0, by: -1) {
      indices.swapAt(last, stream.integer(below: last + 1))
    }
    return indices
  }
}
