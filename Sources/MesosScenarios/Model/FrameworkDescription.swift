// Part of mesosim. Apache-2.0, see LICENSE.
//
// A framework of a scenario: of which type, what it is told, where its work comes from. What a type
// of framework is stands in its descriptor, for ours as for a stranger's.

public import Mesos
public import MesosCluster
public import MesosFrameworks
public import MesosWorkloads

/// A framework and its work.
public struct FrameworkDescription: Sendable {
  /// Where the work of a framework comes from.
  public enum Work: Equatable, Sendable {
    /// Jobs are made up from distributions.
    case synthetic(SyntheticWorkload)
    /// Jobs are taken from a recorded trace.
    case trace(TraceWorkload)
    /// Jobs are the rows of a table or a log.
    case rows(RowWorkload)
    /// Jobs are taken from a file in a registered format.
    case recorded(RecordedWork)
    /// Nowhere: the framework makes its own work.
    case none
  }

  /// The framework's name.
  public var name = ""
  /// What type of framework it is.
  public let type: FrameworkDescriptor
  /// What it is told: every parameter of its type that has a value.
  public var parameters: Parameters
  /// The role in which it receives offers.
  public var role = Role.unreserved
  /// How it introduces itself to the master, beside its name and role.
  public var registration = Registration()
  /// When it is there.
  public var presence = ClusterSetup.Presence()
  /// How long its scheduler is busy with each kind of message.
  public var serviceTimes: [ServiceTimes.SchedulerKind: Duration] = [:]
  /// Where its work comes from.
  public var work = Work.none

  /// Describes a framework that is told nothing.
  public init(_ type: FrameworkDescriptor) {
    self.type = type
    parameters = Parameters(defaultsOf: type.parameters)
  }
}

extension FrameworkDescription: Equatable {
  /// Whether two are of the same type and say the same.
  public static func == (left: FrameworkDescription, right: FrameworkDescription) -> Bool {
    left.type.name == right.type.name && left.parameters == right.parameters
      && left.name == right.name && left.role == right.role
      && left.registration == right.registration && left.serviceTimes == right.serviceTimes
      && left.work == right.work && left.presence == right.presence
  }
}

extension FrameworkDescription {
  /// The roles in which it receives offers.
  public var effectiveRoles: [Role] { registration.roles.isEmpty ? [role] : registration.roles }

  /// The roles as reports name them.
  var roleText: String { effectiveRoles.map(\.value).joined(separator: ",") }

  /// What its processes are made from, with the jobs of a run.
  func request(_ jobs: JobList = []) -> FrameworkRequest {
    FrameworkRequest(
      name: name, roles: effectiveRoles, principal: registration.principal, parameters: parameters,
      jobs: jobs)
  }

  /// Whether it goes on until it is stopped.
  var isEndless: Bool { type.isEndless(request()) }

  /// Whether tasks of it need gpus, which it then must say to be offered slaves that have some.
  var usesGPUs: Bool {
    if case .rows(let workload) = work, workload.usesGPUs { return true }
    let stages: [StageTemplate] =
      switch work {
      case .synthetic(let workload): workload.bins.flatMap(\.stages)
      case .trace(let trace): trace.stages
      case .rows, .recorded, .none: []
      }
    if type.capabilities.contains(.gpuResources) { return true }
    return stages.contains { $0.resources.gpus > 0 }
  }
}
