// Part of mesosim. Apache-2.0, see LICENSE.
//
// What frameworks said of their services in words, as results have it.

import Mesos
public import MesosCluster

/// A change of services, such as a deployment.
public struct ServiceChangeResult: Codable, Equatable, Sendable {
  /// One of its steps.
  public struct Step: Codable, Equatable, Sendable {
    /// What is done in it.
    public var what: String
    /// When it began.
    @Measured public var beganSeconds: Double?
    /// When it was done; `null` for not yet, or never.
    @Measured public var endedSeconds: Double?
  }

  /// What names it within its framework.
  public var id: String
  /// What was asked for.
  public var what: String
  /// When it began.
  @Measured public var beganSeconds: Double?
  /// When it was done, cancelled or refused; `null` for not yet.
  @Measured public var endedSeconds: Double?
  /// What became of it: `done`, `under way`, `cancelled` or `refused`.
  public var outcome: String
  /// Why it was refused or cancelled; empty for no reason.
  public var reason: String
  /// The steps that began.
  public var steps: [Step]
}

/// Why the instances of a service were not launched on what was offered.
public struct ServiceWaitResult: Codable, Equatable, Sendable {
  /// A reason, and for how many offers it was the first.
  public struct Reason: Codable, Equatable, Sendable {
    /// What the framework calls it.
    public var reason: String
    /// How many offers it made useless.
    public var offers: Int
  }

  /// What the service is called.
  public var name: String
  /// How many offers it was tried with.
  public var offers: Int
  /// Why it could not use some of them, the most frequent reason first.
  public var reasons: [Reason]
}

extension MeasuredRun {
  /// Adds what frameworks said of their services.
  ///
  /// Services that never waited for an offer are left out of those that did.
  public mutating func add(_ notes: ServiceNotes) {
    for place in result.frameworks.indices {
      let index = FrameworkIndex(place)
      let changes = notes.changes(of: index).map { ServiceChangeResult($0) }
      let waits = notes.waits(of: index).filter { !$0.reasons.isEmpty }
      if !changes.isEmpty { result.frameworks[place].service?.changes = changes }
      if !waits.isEmpty {
        result.frameworks[place].service?.waits = waits.map { ServiceWaitResult($0) }
      }
    }
  }
}

extension ServiceChangeResult {
  fileprivate init(_ change: ServiceChange) {
    self.init(
      id: change.id, what: change.what, beganSeconds: change.began.seconds,
      endedSeconds: change.ended?.seconds, outcome: change.outcome.rawValue,
      reason: change.reason,
      steps: change.steps.map {
        Step(
          what: $0.what, beganSeconds: $0.began.seconds, endedSeconds: $0.ended?.seconds)
      })
  }
}

extension ServiceWaitResult {
  fileprivate init(_ wait: ServiceWait) {
    self.init(
      name: wait.name, offers: wait.offers,
      reasons: wait.reasons.map { Reason(reason: $0.name, offers: $0.offers) })
  }
}
