// Part of mesosim. Apache-2.0, see LICENSE.
//
// Holds frameworks to laws while a cluster runs. It watches, and changes nothing.

import Mesos
public import VirtualTime

import SimulationKernel

/// Checks laws of frameworks against everything that happens.
///
///     let checker = LawChecker([LawRule(.distinctNames, [0])])
///     checker.watch(&setup)                       // before the cluster is made
///     let cluster = Cluster(setup, allocator: allocator, on: simulation)
///     checker.attach(to: cluster)
public final class LawChecker: ClusterEventSink {
  private let watches: [FrameworkIndex: FrameworkWatch]
  private let patience: [FrameworkIndex: Duration]
  private weak var cluster: Cluster?
  /// What was not well at the first look.
  private var firstLook: Set<String>?
  /// The first violation.
  public private(set) var violation: InvariantViolation?

  /// The time between the two looks at the end.
  public static let distance = Convergence.distance

  /// Makes a checker.
  /// - Parameter rules: Who is held to what.
  public init(_ rules: [LawRule]) {
    var laws: [FrameworkIndex: Set<FrameworkLaw>] = [:]
    var patience: [FrameworkIndex: Duration] = [:]
    for rule in rules {
      for framework in rule.frameworks {
        laws[framework, default: []].insert(rule.law)
        if rule.law == .answersOffers { patience[framework] = rule.within }
      }
    }
    watches = laws.mapValues { FrameworkWatch($0) }
    self.patience = patience
  }

  /// Puts itself between the frameworks that it watches and their drivers.
  public func watch(_ setup: inout ClusterSetup) {
    for (index, watch) in watches where setup.frameworks.has(index) {
      let make = setup.frameworks[index].makeScheduler
      setup.frameworks[index].makeScheduler = { environment in
        watch.begin()
        return ObservedScheduler(make(environment), watch, environment)
      }
    }
  }

  /// Begins to read the facts of a cluster.
  public func attach(to cluster: Cluster) {
    self.cluster = cluster
    cluster.recorder.attach(self)
  }

  /// Takes in one fact.
  public func record(_ event: ClusterEvent, at now: Instant) {
    // What an offer does is seen where it is answered.
    guard violation == nil, let framework = event.lawSubject, let watch = watches[framework],
      let cluster, let broken = watch.fold(event, in: cluster)
    else { return }
    fail(broken.law, framework, broken.text, at: now)
  }

  private func fail(
    _ law: FrameworkLaw, _ framework: FrameworkIndex, _ text: String, at now: Instant
  ) {
    guard let cluster else { return }
    violation = InvariantViolation(
      invariant: law.rawValue, message: "\(cluster.frameworkName(framework)) \(text)",
      instant: now, events: cluster.simulation.eventsHandled)
  }

  /// Looks at what must be so at the end.
  ///
  /// Call it twice, `distance` before the end and at the end: something is always under way, and
  /// what is not well both times is a violation.
  /// - Parameters:
  ///   - lastFault: When the last fault happened, from which on offers can be expected to be
  ///     answered.
  ///   - now: The instant.
  public func lookAtEnd(since lastFault: Instant, at now: Instant) {
    guard violation == nil, let cluster else { return }
    var seen: Set<String> = []
    for framework in watches.keys.sorted() {
      guard let watch = watches[framework], cluster.schedulers.has(framework)
      else { continue }
      let state = cluster.schedulers[framework].state
      if state == .absent { continue }
      for complaint in watch.complaints(
        at: now, since: lastFault, within: patience[framework] ?? FrameworkLaw.patience,
        isAlive: state.isAlive)
      {
        let key = "\(framework) \(complaint.law) \(complaint.about)"
        seen.insert(key)
        if firstLook?.contains(key) == true {
          return fail(complaint.law, framework, complaint.text, at: now)
        }
      }
    }
    if firstLook == nil { firstLook = seen }
  }
}

extension ClusterEvent {
  /// The framework that a fact is about, of those that laws look at; `nil` for others.
  fileprivate var lawSubject: FrameworkIndex? {
    switch self {
    case .offered, .runOffered, .runEnded, .demand: nil
    case .offerEnded(let framework, _, _, _), .frameworkAdded(let framework),
      .frameworkRemoved(let framework), .frameworkDisconnected(let framework),
      .frameworkConnected(let framework), .frameworkLeft(let framework),
      .frameworkReplaced(let framework), .taskLaunched(let framework, _, _, _),
      .taskRunning(let framework, _, _), .taskEnded(let framework, _, _, _, _, _),
      .taskRefused(let framework, _, _), .jobSubmitted(let framework, _),
      .jobFinished(let framework, _), .jobAbandoned(let framework, _),
      .tasksWanted(let framework, _, _), .taskUp(let framework, _, _):
      framework
    default: nil
    }
  }
}
