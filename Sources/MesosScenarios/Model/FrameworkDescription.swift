// Part of mesosim. Apache-2.0, see LICENSE.
//
// A framework of a scenario: what kind it is, how it behaves, where its work comes from.

public import Mesos
public import MesosCluster
public import MesosFrameworks
public import MesosWorkloads

/// A framework and its work.
public struct FrameworkDescription: Equatable, Sendable {
  /// The kinds of framework there are.
  public enum Kind: String, CaseIterable, Sendable {
    /// Jobs of stages of tasks, as in Hadoop, Spark or MPI.
    case batch
    /// Mesos's first sample: a few tasks in an executor of the framework's own.
    case test
    /// Mesos's sample that packs commands into whatever it is offered.
    case noExecutor = "no-executor"
    /// Mesos's sample that stays with one slave.
    case longLived = "long-lived"
    /// Mesos's sample that runs nothing and keeps the master busy.
    case loadGenerator = "load-generator"
    /// Mesos's sample whose task takes more memory than it has.
    case balloon
    /// Mesos's sample with data that outlive its tasks.
    case persistentVolume = "persistent-volume"
    /// Mesos's sample that reserves what its tasks need.
    case dynamicReservation = "dynamic-reservation"
  }

  /// Where the jobs of a framework come from.
  public enum Work: Equatable, Sendable {
    /// They are made up from distributions.
    case synthetic(SyntheticWorkload)
    /// They are taken from a recorded trace.
    case trace(TraceWorkload)
    /// They are taken from a file in a registered format.
    case recorded(RecordedWork)
    /// There are none: the framework makes its own work.
    case none
  }

  /// The framework's name.
  public var name = ""
  /// What kind of framework it is, if it is one of ours.
  public var type = Kind.batch
  /// What it is otherwise.
  public var custom: CustomFramework?
  /// The role in which it receives offers.
  public var role = Role.unreserved
  /// How it behaves, if it is of type `batch`.
  public var batch = BatchOptions()
  /// How it behaves, if it is one of Mesos's samples.
  public var samples = SampleOptions()
  /// How it introduces itself to the master, beside its name and role.
  public var registration = Registration()
  /// When it is there.
  public var presence = ClusterSetup.Presence()
  /// How long its scheduler is busy with each kind of message.
  public var serviceTimes: [ServiceTimes.SchedulerKind: Duration] = [:]
  /// Where its jobs come from.
  public var work = Work.synthetic(WorkloadDraft().workload)
}

extension FrameworkDescription {
  /// The keys of a batch framework.
  static let table = Table(
    name: "framework", blank: FrameworkDescription(),
    fields: headFields + [
      .optional(
        "refuse", \.batch.refusal.refuseSeconds, .seconds,
        "how long what it declines stays away from it (refuse_seconds)"),
      .optional(
        "holdTimeout", \.batch.holdTimeout, Codec<Duration>.positiveDuration.orWord("none"),
        "how long offers are held for a gang that is not complete, before they are given back"),
      .optional(
        "attempts", \.batch.attemptsMax, .integer(1...1000),
        "how often a task may fail before its job is given up"),
      .optional(
        "reconcile", \.batch.reconciliationInterval, Codec<Duration>.positiveDuration,
        "how often it asks what became of its tasks, where messages can get lost"),
    ] + workFields + Registration.fields,
    check: { framework, path, node, problems in
      framework.checkRoles(path, node, &problems)
      guard case .map(let entries) = node.content else { return }
      if entries.count(where: { $0.key == "workload" || $0.key == "trace" }) != 1 {
        problems.add(at: node.position, path, "expected exactly one of 'workload' and 'trace'")
      }
    })

  /// Where the jobs come from, for frameworks of any type.
  static let workFields: [Field<FrameworkDescription>] = [
    .optional("workload", \.workload, WorkloadDraft.codec, "jobs made up from distributions"),
    .optional("trace", \.traceSource, TraceSource.codec, "jobs from a recorded trace"),
  ]

  /// The keys that frameworks of any type have.
  static let commonKeys = ["name", "type", "role", "workload", "trace"]

  /// Whether tasks of it need gpus, which it then must say to be offered slaves that have some.
  var usesGPUs: Bool {
    let stages: [StageTemplate] =
      switch work {
      case .synthetic(let workload): workload.bins.flatMap(\.stages)
      case .trace(let trace): trace.stages
      case .recorded, .none: []
      }
    if custom?.descriptor.usesGPUs == true { return true }
    return stages.contains { $0.resources.gpus > 0 }
  }

  /// The keys that come first, whatever the type.
  static let headFields: [Field<FrameworkDescription>] = [
    .required("name", \.name, .label, "what it is called in reports"),
    .required(
      "type", \.type, .word(later: kindsLater, called: "type") { $0.frameworks.map(\.name) },
      "what kind of framework it is"),
    .optional("role", \.role, .role, "the role in which it receives offers"),
  ]

  /// The roles in which it receives offers.
  public var effectiveRoles: [Role] { registration.roles.isEmpty ? [role] : registration.roles }

  /// The roles as reports name them.
  var roleText: String { effectiveRoles.map(\.value).joined(separator: ",") }

  /// The kinds that later versions will have.
  private static let kindsLater = [
    "marathon", "aurora", "kafka", "hadoop", "spark", "mpi", "torque", "chronos",
  ]

  /// The made-up jobs, if these are what it runs.
  fileprivate var workload: SyntheticWorkload? {
    get { if case .synthetic(let workload) = work { workload } else { nil } }
    set { if let newValue { work = .synthetic(newValue) } }
  }

  /// The trace, if its jobs come from one.
  fileprivate var traceSource: TraceSource? {
    get {
      switch work {
      case .trace(let trace): .ours(trace)
      case .recorded(let recorded): .registered(recorded)
      case .synthetic, .none: nil
      }
    }
    set {
      switch newValue {
      case .ours(let trace)?: work = .trace(trace)
      case .registered(let recorded)?: work = .recorded(recorded)
      case nil: break
      }
    }
  }
}
