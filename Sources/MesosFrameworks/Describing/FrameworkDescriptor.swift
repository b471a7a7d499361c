// Part of mesosim. Apache-2.0, see LICENSE.
//
// A type of framework as scenarios name it, ours and a stranger's alike: what it can be told, what
// it takes, and what its processes are made from. Factories only: nothing here outlives a process.

public import Mesos

/// A type of framework that a scenario can name by `type:`.
public struct FrameworkDescriptor: Sendable {
  /// What work a type of framework takes from a scenario.
  public enum Work: Hashable, Sendable {
    /// None: it makes its own.
    case none
    /// Jobs, from `workload` or `trace`; one of these must be given, or may be.
    case jobs(isRequired: Bool)
  }

  /// What stands behind `type:`.
  public var name: String
  /// What it does, in one line.
  public var summary: String
  /// What it can be told.
  public var parameters: [any DeclaredParameter]
  /// What work it takes.
  public var work = Work.none
  /// What it can always deal with, beside what a scenario says.
  public var capabilities: FrameworkInfo.Capabilities = []
  /// Whether it reserves resources or makes volumes of them, without which it runs nothing.
  public var needsReservations = false

  /// Refuses parameters that make sense each by itself but not together; called when a scenario is
  /// read.
  public var check: @Sendable (FrameworkRequest) throws(ParameterError) -> Void = { _ in }
  /// Whether it goes on until it is stopped.
  public var isEndless: @Sendable (FrameworkRequest) -> Bool = { _ in false }
  /// What its commands do on simulated slaves; what a scenario says of them comes first.
  public var commands: @Sendable (FrameworkRequest) -> [FrameworkCommand] = { _ in [] }
  /// Makes the scheduler of one process: called for every run, and again after a failover.
  public var makeScheduler: @Sendable (FrameworkRequest, any Environment) -> any Scheduler
  /// Makes what makes the executors of one run, which are `nil` where Mesos brings them.
  ///
  /// What executors share in a run, such as what they have read, is to be made here.
  public var makeExecutors:
    @Sendable (FrameworkRequest) -> (ExecutorInfo, any Environment) -> (any Executor)? = { _ in
      { _, _ in nil }
    }

  /// Describes a type of framework that brings no executor and takes no work; set what differs.
  public init(
    _ name: String, _ summary: String, parameters: [any DeclaredParameter] = [],
    makeScheduler: @escaping @Sendable (FrameworkRequest, any Environment) -> any Scheduler
  ) {
    self.name = name
    self.summary = summary
    self.parameters = parameters
    self.makeScheduler = makeScheduler
  }

  /// The descriptor with something set.
  func with(_ change: (inout FrameworkDescriptor) -> Void) -> FrameworkDescriptor {
    var descriptor = self
    change(&descriptor)
    return descriptor
  }
}

/// What a framework is made from.
public struct FrameworkRequest: Sendable {
  /// The framework's name.
  public var name: String
  /// The roles in which it receives offers, at least one.
  public var roles: [Role]
  /// Who it authenticates as.
  public var principal: String?
  /// The parameters given.
  public var parameters: Parameters
  /// The jobs of `workload` or `trace`, by submission; none when there is neither, or before a run.
  public var jobs: JobList

  /// Asks for a framework.
  public init(
    name: String, roles: [Role] = [.unreserved], principal: String? = nil,
    parameters: Parameters = Parameters(), jobs: JobList = []
  ) {
    self.name = name
    self.roles = roles
    self.principal = principal
    self.parameters = parameters
    self.jobs = jobs
  }

  /// The value of a parameter: as given, or its default.
  public subscript<Value>(parameter: Parameter<Value>) -> Value { parameters[parameter] }
}
