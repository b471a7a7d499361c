// Part of mesosim. Apache-2.0, see LICENSE.
//
// A framework of a scenario: what kind it is, how it behaves, where its work comes from.

public import Mesos
public import MesosFrameworks
public import MesosWorkloads

/// A framework and its work.
public struct FrameworkDescription: Equatable, Sendable {
  /// The kinds of framework there are.
  public enum Kind: String, CaseIterable, Sendable {
    /// Jobs of stages of tasks, as in Hadoop, Spark or MPI.
    case batch
  }

  /// Where the jobs of a framework come from.
  public enum Work: Equatable, Sendable {
    /// They are made up from distributions.
    case synthetic(SyntheticWorkload)
    /// They are taken from a recorded trace.
    case trace(TraceWorkload)
  }

  /// The framework's name.
  public var name = ""
  /// What kind of framework it is.
  public var type = Kind.batch
  /// The role in which it receives offers.
  public var role = Role.unreserved
  /// How it behaves.
  public var batch = BatchOptions()
  /// Where its jobs come from.
  public var work = Work.synthetic(WorkloadDraft().workload)
}

extension FrameworkDescription {
  static let table = Table(
    name: "framework", blank: FrameworkDescription(),
    fields: [
      .required("name", \.name, .label, "what it is called in reports"),
      .required("type", \.type, .word(later: kindsLater), "what kind of framework it is"),
      .optional("role", \.role, .role, "the role in which it receives offers"),
      .optional(
        "refuse", \.batch.refusal.refuseSeconds, .seconds,
        "how long what it declines stays away from it (refuse_seconds)"),
      .optional(
        "holdTimeout", \.batch.holdTimeout, Codec<Duration>.positiveDuration.orWord("none"),
        "how long offers are held for a gang that is not complete, before they are given back"),
      .optional(
        "attempts", \.batch.attemptsMax, .integer(1...1000),
        "how often a task may fail before its job is given up"),
      .optional("workload", \.workload, WorkloadDraft.codec, "jobs made up from distributions"),
      .optional("trace", \.trace, TraceWorkload.table.codec, "jobs from a recorded trace"),
    ],
    check: { _, path, node, problems in
      guard case .map(let entries) = node.content else { return }
      if entries.count(where: { $0.key == "workload" || $0.key == "trace" }) != 1 {
        problems.add(at: node.position, path, "expected exactly one of 'workload' and 'trace'")
      }
    })

  /// Whether tasks of it need gpus, which it then must say to be offered slaves that have some.
  var usesGPUs: Bool {
    let stages =
      switch work {
      case .synthetic(let workload): workload.bins.flatMap(\.stages)
      case .trace(let trace): trace.stages
      }
    return stages.contains { $0.resources.gpus > 0 }
  }

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
  fileprivate var trace: TraceWorkload? {
    get { if case .trace(let trace) = work { trace } else { nil } }
    set { if let newValue { work = .trace(newValue) } }
  }
}
