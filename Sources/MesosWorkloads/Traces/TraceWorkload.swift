// Part of mesosim. Apache-2.0, see LICENSE.
//
// Jobs of a recorded trace: which of them a framework runs, and what they are made of. The trace
// has neither tasks nor durations; the rules that derive them stand in the scenario.

internal import Mesos
public import MesosFrameworks
public import SimulationKernel

/// Which jobs of a trace a framework runs, and how their tasks are derived.
public struct TraceWorkload: Hashable, Sendable {
  /// The formats that can be read.
  public enum Format: String, Hashable, Sendable, CaseIterable {
    /// SWIM's Hadoop traces: submit times and bytes.
    case swim
  }

  /// Keeps the jobs whose stage has a number of tasks in a range.
  public struct Selection: Hashable, Sendable {
    /// The stage's name.
    public var stage: String
    /// The least number of tasks.
    public var min: Int?
    /// The greatest number of tasks.
    public var max: Int?

    /// Describes a selection.
    public init(stage: String, min: Int? = nil, max: Int? = nil) {
      self.stage = stage
      self.min = min
      self.max = max
    }
  }

  /// How the file is written.
  public var format: Format
  /// The path of the file as the scenario has it.
  public var file: String
  /// The SHA-256 of the file, to be sure that it is the one meant.
  public var sha256: String?
  /// Where the file can be had.
  public var source: String?
  /// Takes the first of every so many jobs in the file.
  public var every: Int
  /// Keeps, of these, the jobs that meet all of the selections.
  public var selections: [Selection]
  /// The stages of each job.
  public var stages: [StageTemplate]

  /// Describes the jobs that a framework takes from a trace.
  public init(
    format: Format, file: String, sha256: String? = nil, source: String? = nil, every: Int = 1,
    selections: [Selection] = [], stages: [StageTemplate]
  ) {
    self.format = format
    self.file = file
    self.sha256 = sha256
    self.source = source
    self.every = every
    self.selections = selections
    self.stages = stages
  }

  /// Makes the jobs.
  ///
  /// A job that has no tasks by the rules is left out.
  /// - Parameters:
  ///   - framework: The framework's name, after which its random streams are named.
  ///   - trace: The trace that `file` holds.
  ///   - seeds: Where the randomness comes from.
  /// - Returns: The jobs in the order of submission.
  /// - Throws: `WorkloadError.oversized` when a stage has more tasks than any cluster could run.
  public func jobs(
    for framework: String, in trace: SwimTrace, seeds: Seeds
  ) throws(WorkloadError) -> [Job] {
    let maker = StageMaker(framework: framework, seeds: seeds)
    var result: [Job] = []
    for row in stride(from: 0, to: trace.jobs.count, by: Swift.max(1, every)) {
      let traced = trace.jobs[row]
      // Draws are keyed by the row, so that another selection leaves a job as it is.
      let counts = try maker.taskCounts(stages, of: traced.name, number: row, traced: traced)
      guard counts.contains(where: { $0 > 0 }), isSelected(counts) else { continue }
      result.append(
        Job(
          id: JobID(Int32(result.count)), name: traced.name, submitted: traced.submitted,
          stages: maker.stages(stages, counts: counts, number: row)))
    }
    return result
  }

  private func isSelected(_ counts: [Int]) -> Bool {
    selections.allSatisfy { selection in
      let stage = zip(stages, counts).first { $0.0.name == selection.stage }
      let tasks = stage?.1 ?? 0
      return tasks >= selection.min ?? 0 && tasks <= selection.max ?? .max
    }
  }
}

extension SwimJob {
  /// The bytes of this job that a rule counts.
  func bytes(_ bytes: SizeRule.Bytes) -> Int64 {
    switch bytes {
    case .input: inputBytes
    case .shuffle: shuffleBytes
    case .output: outputBytes
    }
  }
}
