// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a framework heard and said, as values that a test can look at.

public import Mesos
public import MesosCluster
public import VirtualTime

/// One thing that a framework heard or said.
public struct HistoryEntry: Hashable, Sendable {
  /// What it was.
  public enum Content: Hashable, Sendable {
    /// Something that it heard.
    case event(SchedulerCallback)
    /// Something that it said.
    case call(DriverCall)
  }

  /// When.
  public let instant: Instant
  /// What.
  public let content: Content
}

/// A kind of entry, for what is expected of their order.
public struct EntryPattern: Sendable {
  let text: String
  let matches: @Sendable (HistoryEntry.Content) -> Bool

  /// Describes a kind.
  ///
  /// - Parameters:
  ///   - text: What to call it in reports.
  ///   - matches: Whether something is of that kind.
  public init(_ text: String, _ matches: @escaping @Sendable (HistoryEntry.Content) -> Bool) {
    self.text = text
    self.matches = matches
  }

  /// Whether an entry is of that kind.
  public func matches(_ entry: HistoryEntry) -> Bool { matches(entry.content) }

  private static func event(
    _ text: String, _ matches: @escaping @Sendable (SchedulerCallback) -> Bool
  ) -> EntryPattern {
    EntryPattern(text) { if case .event(let event) = $0 { matches(event) } else { false } }
  }

  private static func call(
    _ text: String, _ matches: @escaping @Sendable (DriverCall) -> Bool
  ) -> EntryPattern {
    EntryPattern(text) { if case .call(let call) = $0 { matches(call) } else { false } }
  }

  /// The framework was registered.
  public static let registered = event("registered") {
    if case .registered = $0 { true } else { false }
  }
  /// It is registered with another master, or again.
  public static let reregistered = event("reregistered") { $0 == .reregistered }
  /// The connection to the master is gone.
  public static let disconnected = event("disconnected") { $0 == .disconnected }
  /// It was offered something.
  public static let offers = event("offers") {
    if case .resourceOffers = $0 { true } else { false }
  }
  /// An offer was taken back.
  public static let rescinded = event("rescinded") {
    if case .offerRescinded = $0 { true } else { false }
  }
  /// A slave was lost.
  public static let slaveLost = event("slaveLost") {
    if case .slaveLost = $0 { true } else { false }
  }
  /// It was told of an error.
  public static let error = event("error") { if case .error = $0 { true } else { false } }

  /// It was told that a task is in a state.
  public static func update(_ state: TaskState) -> EntryPattern {
    event("update \(state)") {
      if case .statusUpdate(let status) = $0 { status.state == state } else { false }
    }
  }

  /// It launched something.
  public static let launch = call("launch") {
    switch $0 {
    case .launchTasks(_, let tasks, _): !tasks.isEmpty
    case .acceptOffers(_, let operations, _): operations.contains { !$0.tasks.isEmpty }
    default: false
    }
  }
  /// It declined something.
  public static let decline = call("decline") {
    switch $0 {
    case .declineOffers: true
    case .launchTasks(_, let tasks, _): tasks.isEmpty
    case .acceptOffers(_, let operations, _): operations.isEmpty
    default: false
    }
  }
  /// It killed a task.
  public static let kill = call("kill") { if case .killTask = $0 { true } else { false } }
  /// It suppressed offers.
  public static let suppress = call("suppress") {
    if case .suppressOffers = $0 { true } else { false }
  }
  /// It asked for offers again.
  public static let revive = call("revive") {
    if case .reviveOffers = $0 { true } else { false }
  }
  /// It asked what became of its tasks.
  public static let reconcile = call("reconcile") {
    if case .reconcileTasks = $0 { true } else { false }
  }
}
