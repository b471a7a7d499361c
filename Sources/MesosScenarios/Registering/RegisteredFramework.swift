// Part of mesosim. Apache-2.0, see LICENSE.
//
// A user's framework: a `Scheduler` that a scenario names by `type:`.

public import Mesos
public import MesosFrameworks

/// A framework that a scenario can name by `type:`, with keys of its own.
///
/// The scheduler itself needs nothing but `Mesos`, so that it would run on a real cluster; only
/// this conformance knows of scenarios. What it does not say is as for a framework that brings no
/// executor, takes no work and ends by itself.
public protocol RegisteredFramework: Scheduler, Registrable {
  /// What work it takes from a scenario.
  static var work: FrameworkDescriptor.Work { get }

  /// What it can always deal with, such as `.gpuResources`.
  static var capabilities: FrameworkInfo.Capabilities { get }

  /// Whether it reserves resources or makes volumes of them, without which it runs nothing.
  static var needsReservations: Bool { get }

  /// Refuses parameters that make sense each by itself but not together.
  ///
  /// - Parameter request: What the scenario says; without jobs.
  /// - Throws: `ParameterError` with what was expected.
  static func check(_ request: FrameworkRequest) throws(ParameterError)

  /// Whether it goes on until it is stopped.
  ///
  /// - Parameter request: What the scenario says; without jobs.
  /// - Returns: `true` when a run with it needs an end.
  static func isEndless(_ request: FrameworkRequest) -> Bool

  /// What its commands do on simulated slaves.
  ///
  /// - Parameter request: What the scenario says; without jobs.
  /// - Returns: Rules that count behind those of the scenario, in order.
  static func commands(_ request: FrameworkRequest) -> [FrameworkCommand]

  /// Makes an executor of its own; called for every process of one.
  ///
  /// - Parameters:
  ///   - request: What the scenario says, with the jobs of the run.
  ///   - info: The executor as its tasks describe it.
  ///   - environment: Time, timers, randomness and journal.
  /// - Returns: The executor, or `nil` for one that Mesos brings.
  static func makeExecutor(
    _ request: FrameworkRequest, _ info: ExecutorInfo, environment: any Environment
  ) -> (any Executor)?

  /// Makes the scheduler of one process; called for every run, and again after a failover.
  ///
  /// - Parameters:
  ///   - request: What the scenario says, with the jobs of the run.
  ///   - environment: Time, timers, randomness and journal.
  init(_ request: FrameworkRequest, environment: any Environment)
}

extension RegisteredFramework {
  /// None.
  public static var work: FrameworkDescriptor.Work { .none }

  /// None beyond what a scenario says.
  public static var capabilities: FrameworkInfo.Capabilities { [] }

  /// It does not.
  public static var needsReservations: Bool { false }

  /// Refuses nothing.
  ///
  /// - Parameter request: What the scenario says.
  /// - Throws: Nothing.
  public static func check(_ request: FrameworkRequest) throws(ParameterError) {}

  /// It ends by itself.
  ///
  /// - Parameter request: What the scenario says.
  /// - Returns: `false`.
  public static func isEndless(_ request: FrameworkRequest) -> Bool { false }

  /// Leaves its commands to the scenario.
  ///
  /// - Parameter request: What the scenario says.
  /// - Returns: No rules.
  public static func commands(_ request: FrameworkRequest) -> [FrameworkCommand] { [] }

  /// Brings no executor.
  ///
  /// - Parameters:
  ///   - request: What the scenario says.
  ///   - info: The executor as its tasks describe it.
  ///   - environment: Time, timers, randomness and journal.
  /// - Returns: `nil`.
  public static func makeExecutor(
    _ request: FrameworkRequest, _ info: ExecutorInfo, environment: any Environment
  ) -> (any Executor)? { nil }

  /// Adds it to the types of framework.
  public static func register(in vocabulary: inout ScenarioVocabulary) {
    var descriptor = FrameworkDescriptor(
      name, summary, parameters: parameters,
      makeScheduler: { request, environment in Self(request, environment: environment) })
    descriptor.work = work
    descriptor.capabilities = capabilities
    descriptor.needsReservations = needsReservations
    descriptor.check = { request throws(ParameterError) in try Self.check(request) }
    descriptor.isEndless = { Self.isEndless($0) }
    descriptor.commands = { Self.commands($0) }
    descriptor.makeExecutors = { request in
      { Self.makeExecutor(request, $0, environment: $1) }
    }
    vocabulary.register(descriptor)
  }
}
