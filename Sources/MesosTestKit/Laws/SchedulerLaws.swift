// Part of mesosim. Apache-2.0, see LICENSE.
//
// Holding a scheduler to what every framework owes its cluster: one call for its author.

import MesosCluster
public import Mesos
import VirtualTime

/// What a scheduler can be held to, whatever it is for.
public enum SchedulerLaw: String, Hashable, Sendable, CaseIterable {
  /// Every offer is answered in time: what is kept open nobody else can use (Rules 4.1).
  case answersOffers
  /// Without faults none of its tasks is refused: it launches what is valid, on what it was offered
  /// and has not used up (Rules 3.3).
  case launchesWhatIsValid
  /// An update that comes twice changes nothing: until it is acknowledged a slave repeats it
  /// (Rules 6.2).
  case survivesRepetition
  /// With another master it asks what became of its tasks: updates may have been lost with the old
  /// one (Rules 6.6).
  case reconcilesAfterFailover
}

/// Holds a scheduler to laws, each on a small cluster of its own.
///
///     let laws = SchedulerLaws { ExampleFramework(tasks: 20, environment: $0) }
///     #expect(try laws.violations() == [])
public struct SchedulerLaws {
  private let make: (any Environment) -> any Scheduler
  private let makeExecutor: (ExecutorInfo, any Environment) -> (any Executor)?
  private let info: FrameworkInfo
  private let patience: Duration
  private let makeCluster: () throws -> TestCluster

  /// Takes what makes the scheduler.
  ///
  /// - Parameters:
  ///   - info: How the framework introduces itself.
  ///   - patience: How long it may keep an offer.
  ///   - cluster: Makes the cluster that it is tried on, anew for each law: one on which it has
  ///     something to do.
  ///   - makeExecutor: Makes the executors of its tasks; `nil` for those that Mesos brings.
  ///   - make: Makes the scheduler, and that of each later process.
  public init(
    _ info: FrameworkInfo = FrameworkInfo(name: ""), patience: Duration = .seconds(300),
    on cluster: @escaping () throws -> TestCluster = { try TestCluster(slaves: 4) },
    makeExecutor: @escaping (ExecutorInfo, any Environment) -> (any Executor)? = { _, _ in nil },
    _ make: @escaping (any Environment) -> any Scheduler
  ) {
    self.info = info
    self.patience = patience
    makeCluster = cluster
    self.make = make
    self.makeExecutor = makeExecutor
  }

  /// The laws that it breaks, each with an example.
  ///
  /// - Parameter laws: The laws; all by default.
  /// - Returns: One sentence for each broken law.
  /// - Throws: What making the cluster throws, and `TestFailure` when the cluster itself breaks an
  ///   invariant.
  public func violations(of laws: [SchedulerLaw] = SchedulerLaw.allCases) throws -> [String] {
    try laws.compactMap { law in
      let example =
        switch law {
        case .answersOffers: try keptOffer()
        case .launchesWhatIsValid: try refusal()
        case .survivesRepetition: try repetition()
        case .reconcilesAfterFailover: try silence()
        }
      return example.map { "\(law.rawValue): \($0)" }
    }
  }

  private func run(_ disturb: (TestCluster) -> Void = { _ in }) throws -> FrameworkHandle {
    let cluster = try makeCluster()
    disturb(cluster)
    let framework = cluster.register("scheduler", info, makeExecutor: makeExecutor, make)
    try cluster.run(for: .seconds(900))
    return framework
  }

  private func keptOffer() throws -> String? {
    let framework = try run()
    var open: [OfferID: Instant] = [:]
    for entry in framework.history {
      switch entry.content {
      case .event(.resourceOffers(let offers)):
        for offer in offers { open[offer.id] = entry.instant }
      case .event(.offerRescinded(let id)): open[id] = nil
      case .event(.disconnected): open = [:]
      case .call(let call): for id in call.answered { open[id] = nil }
      case .event: break
      }
    }
    let end = framework.cluster.now
    let oldest = open.filter { end - $0.value > patience }
      .min { ($0.value, $0.key.value) < ($1.value, $1.key.value) }
    return oldest.map { "offer \($0.key) of \($0.value) was still open at \(end)" }
  }

  private func refusal() throws -> String? {
    for entry in try run().history {
      guard case .event(.statusUpdate(let status)) = entry.content else { continue }
      if status.state == .error || status.reason == .invalidOffers {
        return "\(status.taskID) was refused at \(entry.instant): \(status.message)"
      }
    }
    return nil
  }

  private func repetition() throws -> String? {
    let once = try run()
    let twice = try run { $0.duplicate(.statusUpdate, after: .milliseconds(500)) }
    let (expected, found) = (once.tasks.map(\.id), twice.tasks.map(\.id))
    if expected.count == found.count { return nil }
    return "it launched \(found.count) tasks where each update came twice, else \(expected.count)"
  }

  private func silence() throws -> String? {
    let cluster = try makeCluster()
    let framework = cluster.register("scheduler", info, makeExecutor: makeExecutor, make)
    let isBusy = try cluster.advance(until: cluster.now + .seconds(300)) {
      !framework.tasks(.running).isEmpty
    }
    guard isBusy else { return "it launched nothing in 300 s, so that nothing could be asked" }
    let asked = framework.history.count { EntryPattern.reconcile.matches($0) }
    cluster.failOverMaster()
    try cluster.run(for: .seconds(120))
    let asks = framework.history.count { EntryPattern.reconcile.matches($0) } > asked
    return asks
      ? nil : "it had tasks when the master failed over, and did not ask for them in 120 s"
  }
}
