// Part of mesosim. Apache-2.0, see LICENSE.
//
// The jobs of a scenario's frameworks. They depend on scenario and seed alone, so that they are
// made once and meet every allocator.

internal import Foundation
public import MesosFrameworks
public import MesosWorkloads
public import SimulationKernel

/// The jobs of all frameworks, and the files they were made from.
public struct ScenarioJobs: Sendable {
  /// The jobs of each framework, in the order of the scenario's frameworks.
  public var byFramework: [[Job]]
  /// The outside files that were read, as the scenario names them, with their SHA-256.
  public var files: [Named<String>]
}

extension LoadedScenario {
  /// Makes the jobs of all frameworks.
  ///
  /// - Parameter seeds: Where the randomness comes from; by default the scenario's seed.
  /// - Returns: The jobs and what they were made from.
  /// - Throws: `WorkloadError` when a trace is missing, damaged or another than expected.
  public func makeJobs(seeds: Seeds? = nil) throws(WorkloadError) -> ScenarioJobs {
    let seeds = seeds ?? Seeds(scenario.seed)
    var library = TraceLibrary(files: files)
    var byFramework: [[Job]] = []
    for framework in scenario.frameworks {
      switch framework.work {
      case .synthetic(let workload):
        byFramework.append(try workload.jobs(for: framework.name, seeds: seeds))
      case .trace(let trace):
        let swim = try library.swim(trace)
        byFramework.append(try trace.jobs(for: framework.name, in: swim, seeds: seeds))
      }
    }
    return ScenarioJobs(byFramework: byFramework, files: library.hashes)
  }
}

/// Reads each trace once, however many frameworks share it.
private struct TraceLibrary {
  let files: ScenarioFiles
  private(set) var hashes: [Named<String>] = []
  private var traces: [String: SwimTrace] = [:]

  init(files: ScenarioFiles) { self.files = files }

  mutating func swim(_ wanted: TraceWorkload) throws(WorkloadError) -> SwimTrace {
    if let trace = traces[wanted.file] {
      let found = hashes.first { $0.name == wanted.file }?.value ?? ""
      if let expected = wanted.sha256?.lowercased(), expected != found {
        throw .otherContent(file: wanted.file, expected: expected, found: found)
      }
      return trace
    }
    let path: String
    do throws(Mismatch) { path = try files.resolve(wanted.file) } catch {
      throw .unreadable(file: wanted.file, reason: error.reason)
    }
    let file = try TraceFile(reading: path, source: wanted.source, sha256: wanted.sha256)
    let trace = try SwimTrace(file)
    traces[wanted.file] = trace
    hashes.append(Named(wanted.file, file.sha256))
    return trace
  }
}
