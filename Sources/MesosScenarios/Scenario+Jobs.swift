// Part of mesosim. Apache-2.0, see LICENSE.
//
// The jobs of a scenario's frameworks. They depend on scenario and seed alone, so that they are
// made once and meet every allocator.

internal import Foundation
public import MesosFrameworks
public import MesosWorkloads
public import SimulationKernel

internal import MesosCluster
internal import VirtualTime

/// The jobs of all frameworks, and the files they were made from.
public struct ScenarioJobs: Sendable {
  /// The jobs of each framework, in the order of the scenario's frameworks.
  public var byFramework: [JobList]
  /// The outside files that were read, as the scenario names them, with their SHA-256.
  public var files: [Named<String>]
}

extension LoadedScenario {
  /// Makes the jobs of all frameworks; the arrivals of each count from its start.
  ///
  /// - Parameter seeds: Where the randomness comes from; by default the scenario's seed.
  /// - Returns: The jobs and what they were made from.
  /// - Throws: `WorkloadError` when a trace is missing, damaged or another than expected.
  public func makeJobs(seeds: Seeds? = nil) throws(WorkloadError) -> ScenarioJobs {
    let seeds = seeds ?? Seeds(scenario.seed)
    var library = TraceLibrary(files: files)
    var byFramework: [JobList] = []
    for framework in scenario.frameworks {
      switch framework.work {
      case .synthetic(var workload):
        workload.start += framework.presence.start
        let jobs = try workload.jobs(for: framework.name, seeds: seeds, epoch: scenario.epoch)
        byFramework.append(JobList(jobs))
        continue
      case .trace(let trace):
        let swim = try library.swim(trace)
        byFramework.append(JobList(try trace.jobs(for: framework.name, in: swim, seeds: seeds)))
      case .rows(let workload):
        byFramework.append(try library.rows(workload).list(workload))
      case .recorded(let work):
        let file = try library.read(work.file, source: work.source, sha256: work.sha256)
        byFramework.append(JobList(try work.jobs(in: file, for: framework.name, seeds: seeds)))
      case .none: byFramework.append([])
      }
      // Counts the arrivals from the start of a framework that starts later.
      guard framework.presence.start > .zero, let jobs = byFramework.popLast() else { continue }
      byFramework.append(jobs.delayed(by: framework.presence.start))
    }
    return ScenarioJobs(byFramework: byFramework, files: library.hashes)
  }
}

extension LoadedScenario {
  /// Reads the recorded failures of the fault entries that replay some, in their order.
  /// - Throws: `WorkloadError` when a file is missing or damaged.
  func readFailures() throws(WorkloadError) -> [[RecordedFailure]] {
    var lists: [[RecordedFailure]] = []
    for fault in scenario.faults {
      guard case .trace(let trace) = fault.event else { continue }
      lists.append(
        try files.reading(trace.file) { (path) throws(WorkloadError) in
          try FailureTraceReader.failures(in: TraceFile(reading: path))
        })
    }
    return lists
  }
}

/// Reads each trace once, however many frameworks share it.
private struct TraceLibrary {
  let files: ScenarioFiles
  private(set) var hashes: [Named<String>] = []
  private var traces: [String: SwimTrace] = [:]
  private var rows: [RowWorkload: RowJobs] = [:]

  init(files: ScenarioFiles) { self.files = files }

  mutating func swim(_ wanted: TraceWorkload) throws(WorkloadError) -> SwimTrace {
    if let trace = traces[wanted.file] {
      let found = hashes.first { $0.name == wanted.file }?.value ?? ""
      if let expected = wanted.sha256?.lowercased(), expected != found {
        throw .otherContent(file: wanted.file, expected: expected, found: found)
      }
      return trace
    }
    let file = try read(wanted.file, source: wanted.source, sha256: wanted.sha256)
    let trace = try SwimTrace(file)
    traces[wanted.file] = trace
    return trace
  }

  mutating func rows(_ wanted: RowWorkload) throws(WorkloadError) -> RowJobs {
    if let known = rows[wanted.reading] {
      if let expected = wanted.sha256?.lowercased(), expected != known.trace.sha256 {
        throw .otherContent(
          file: wanted.file, expected: expected, found: known.trace.sha256)
      }
      return known
    }
    let trace = try files.reading(wanted.file) { (path) throws(WorkloadError) in
      try wanted.read(path)
    }
    let read = RowJobs(trace)
    rows[wanted.reading] = read
    note(wanted.file, trace.sha256)
    return read
  }

  private mutating func note(_ name: String, _ sha256: String) {
    if !hashes.contains(where: { $0.name == name }) { hashes.append(Named(name, sha256)) }
  }

  /// Reads a file that the scenario names, and notes its hash.
  mutating func read(
    _ name: String, source: String?, sha256: String?
  ) throws(WorkloadError) -> TraceFile {
    let file = try files.reading(name) { (path) throws(WorkloadError) in
      try TraceFile(reading: path, source: source, sha256: sha256)
    }
    note(name, file.sha256)
    return file
  }
}
