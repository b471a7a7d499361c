// Part of mesosim. Apache-2.0, see LICENSE.
//
// A user's reader of traces: what a scenario names by `trace: {format: …}`.

public import Mesos
public import MesosFrameworks
public import MesosWorkloads
public import SimulationKernel

/// A reader of traces that a scenario can name by `trace: {format: NAME, file: …}`.
///
/// It may have keys of its own beside `file`, `sha256` and `source`.
public protocol RegisteredTraceReader: Registrable, Sendable {
  /// Makes a reader; called when a scenario is read.
  /// - Parameter parameters: The declared parameters, each of which makes sense by itself.
  /// - Throws: `ParameterError` when they make none together.
  init(_ parameters: Parameters) throws(ParameterError)

  /// Turns a file into jobs.
  ///
  /// Must be a function of what it is given: randomness comes from named streams of `seeds`, so
  /// that every allocator meets the same jobs. Order and ids of the jobs do not matter: they are
  /// sorted by submission and numbered afterwards, and stages without tasks are left out.
  /// - Parameters:
  ///   - file: The file, decompressed; `lines` has those that are not blank, with their numbers.
  ///   - framework: The framework's name, for the names of random streams.
  ///   - seeds: Where randomness comes from.
  /// - Returns: The jobs.
  /// - Throws: `WorkloadError.malformed` with the line that can't be read.
  func jobs(
    in file: TraceFile, for framework: String, seeds: Seeds
  ) throws(WorkloadError) -> [Job]
}

extension RegisteredTraceReader {
  /// Adds it to the formats of traces.
  public static func register(in vocabulary: inout ScenarioVocabulary) {
    vocabulary.register(
      TraceFormatDescriptor(name: name, summary: summary, parameters: parameters) {
        (parameters) throws(ParameterError) in try Self(parameters)
      })
  }
}

/// A format of traces that a scenario can name.
public struct TraceFormatDescriptor: Sendable {
  /// What stands behind `format:`.
  public var name: String
  /// What it reads, in one line.
  public var summary: String
  /// What it can be told.
  public var parameters: [any DeclaredParameter]
  /// Makes a reader; throws when parameters make no sense together.
  public var make: @Sendable (Parameters) throws(ParameterError) -> any RegisteredTraceReader

  /// Describes a format.
  public init(
    name: String, summary: String, parameters: [any DeclaredParameter] = [],
    make:
      @escaping @Sendable (Parameters) throws(ParameterError) -> any RegisteredTraceReader
  ) {
    self.name = name
    self.summary = summary
    self.parameters = parameters
    self.make = make
  }
}

/// Jobs from a file in a registered format.
public struct RecordedWork: Equatable, Sendable {
  /// The format.
  public let descriptor: TraceFormatDescriptor
  /// The path of the file as the scenario has it.
  public var file = ""
  /// The SHA-256 of the file, to be sure that it is the one meant.
  public var sha256: String?
  /// Where the file can be had.
  public var source: String?
  /// What the format is told: every parameter that has a value.
  public internal(set) var parameters: Parameters
  /// Reads the file; there once the parameters were read.
  var reader: (any RegisteredTraceReader)?

  init(_ descriptor: TraceFormatDescriptor) {
    self.descriptor = descriptor
    parameters = Parameters(defaultsOf: descriptor.parameters)
  }

  /// Whether two read the same file in the same way.
  public static func == (left: RecordedWork, right: RecordedWork) -> Bool {
    left.descriptor.name == right.descriptor.name && left.file == right.file
      && left.sha256 == right.sha256 && left.source == right.source
      && left.parameters == right.parameters
  }
}

extension RecordedWork {
  /// The jobs of the file, by submission, numbered from 0.
  func jobs(
    in file: TraceFile, for framework: String, seeds: Seeds
  ) throws(WorkloadError) -> [Job] {
    guard let reader else {
      preconditionFailure("trace \(file.path) has no reader: it was not read from a scenario")
    }
    let jobs = try reader.jobs(in: file, for: framework, seeds: seeds)
    let order = jobs.indices.sorted { (jobs[$0].submitted, $0) < (jobs[$1].submitted, $1) }
    return order.enumerated().map { number, place in
      var job = jobs[place]
      job.id = JobID(Int32(clamping: number))
      job.stages = job.stages.filter { $0.tasks > 0 }
      return job
    }
  }
}
