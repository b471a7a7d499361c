// Part of mesosim. Apache-2.0, see LICENSE.
//
// How a scenario names and sets a batch framework.

package import Mesos

extension FrameworkDescriptor {
  /// `batch`: jobs of stages of tasks.
  public static let batch = FrameworkDescriptor(
    "batch", "jobs of stages of tasks, shared fairly, as in Hadoop, Spark or MPI",
    parameters: [
      BatchOptions.refuse, BatchOptions.holdTimeout, BatchOptions.attempts, BatchOptions.reconcile,
    ],
    makeScheduler: { request, environment in
      BatchScheduler(
        jobs: request.jobs, options: BatchOptions(request.parameters), environment: environment)
    }
  ).with { $0.work = .jobs(isRequired: true) }
}

extension BatchOptions {
  package static let refuse = Parameter.duration(
    "refuse", default: .rounded(seconds: BatchOptions().refusal.refuseSeconds),
    "how long what it declines stays away from it (refuse_seconds)")

  package static let holdTimeout = Parameter.duration(
    "holdTimeout", or: "none", default: BatchOptions().holdTimeout,
    "how long offers are held for a gang that is not complete, before they are given back")

  package static let attempts = Parameter.integer(
    "attempts", 1...1000, default: BatchOptions().attemptsMax,
    "how often a task may fail before its job is given up")

  package static let reconcile = Parameter.duration(
    "reconcile", "how often it asks what became of its tasks, where messages can get lost")

  /// The behaviour that parameters describe.
  package init(_ parameters: Parameters) {
    self.init(
      refusal: Filters(refuseSeconds: parameters[Self.refuse].inSeconds),
      holdTimeout: parameters[Self.holdTimeout], attemptsMax: parameters[Self.attempts],
      reconciliationInterval: parameters[Self.reconcile])
  }
}
