// Part of mesosim. Apache-2.0, see LICENSE.
//
// A user's framework: a `Scheduler` that a scenario names by `type:`.

public import Mesos
public import MesosAllocation
public import MesosFrameworks

/// A framework that a scenario can name by `type:`, with keys of its own.
///
/// The scheduler itself needs nothing but `Mesos`, so that it would run on a real cluster; only
/// this conformance knows of scenarios.
public protocol RegisteredFramework: Scheduler, Registrable {
  /// What the declared parameters come to.
  associatedtype Options: Sendable

  /// Whether it wants to be offered slaves with gpus.
  static var usesGPUs: Bool { get }

  /// Reads the parameters; called when a scenario is read.
  /// - Parameter request: What the scenario says.
  /// - Throws: `ParameterError` when a parameter has no sense.
  /// - Returns: What they come to.
  static func options(_ request: FrameworkRequest) throws(ParameterError) -> Options

  /// Makes a scheduler; called for every run, and again after a failover.
  /// - Parameters:
  ///   - options: What the parameters came to.
  ///   - jobs: The jobs of `workload` or `trace`, by submission; none when there is neither.
  ///   - environment: Time, timers, randomness and journal.
  init(options: Options, jobs: [Job], environment: any Environment)
}

extension RegisteredFramework {
  /// It does not.
  public static var usesGPUs: Bool { false }

  /// Adds it to the types of framework.
  public static func register(in vocabulary: inout ScenarioVocabulary) {
    vocabulary.register(
      FrameworkDescriptor(
        name: name, summary: summary, parameters: parameters, usesGPUs: usesGPUs
      ) { (request) throws(ParameterError) in
        let options = try Self.options(request)
        return { jobs, environment in
          Self(options: options, jobs: jobs, environment: environment)
        }
      })
  }
}

extension RegisteredFramework where Options == ParameterReader {
  /// Leaves the parameters as they are.
  ///
  /// - Parameter request: What the scenario says.
  /// - Returns: The parameters.
  public static func options(_ request: FrameworkRequest) -> ParameterReader {
    request.parameters
  }
}

/// What a framework is made from.
public struct FrameworkRequest: Sendable {
  /// The framework's name.
  public var name: String
  /// The role in which it receives offers.
  public var role: Role
  /// The declared parameters that were given.
  public var parameters: ParameterReader
}

/// A type of framework that a scenario can name.
public struct FrameworkDescriptor: Sendable {
  /// Makes a scheduler from jobs and an environment.
  public typealias Factory = @Sendable ([Job], any Environment) -> any Scheduler

  /// What stands behind `type:`.
  public var name: String
  /// What it does, in one line.
  public var summary: String
  /// What it can be told.
  public var parameters: [DeclaredParameter]
  /// Whether it wants to be offered slaves with gpus.
  public var usesGPUs: Bool
  /// Reads the parameters; throws when one has no sense.
  public var make: @Sendable (FrameworkRequest) throws(ParameterError) -> Factory

  /// Describes a type of framework.
  public init(
    name: String, summary: String, parameters: [DeclaredParameter] = [], usesGPUs: Bool = false,
    make: @escaping @Sendable (FrameworkRequest) throws(ParameterError) -> Factory
  ) {
    self.name = name
    self.summary = summary
    self.parameters = parameters
    self.usesGPUs = usesGPUs
    self.make = make
  }
}

/// A framework of a registered type: what it is, and what it was told.
public struct CustomFramework: Equatable, Sendable {
  /// The type.
  public let descriptor: FrameworkDescriptor
  /// The declared parameters that were given, in the order of the file.
  public internal(set) var parameters: [AllocatorParameterValue.Entry] = []
  /// Makes its scheduler; there once the parameters were read.
  var factory: FrameworkDescriptor.Factory?

  init(_ descriptor: FrameworkDescriptor) { self.descriptor = descriptor }

  /// Whether two are of the same type and were told the same.
  public static func == (left: CustomFramework, right: CustomFramework) -> Bool {
    left.descriptor.name == right.descriptor.name && left.parameters == right.parameters
  }
}
