// Part of mesosim. Apache-2.0, see LICENSE.
//
// Kinds of entries of a history, for what is expected of their order and number.

public import Mesos

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

  /// Something that it heard.
  ///
  /// - Parameters:
  ///   - text: What to call it in reports.
  ///   - matches: Whether something heard is of that kind.
  /// - Returns: The kind.
  public static func event(
    _ text: String, _ matches: @escaping @Sendable (SchedulerCallback) -> Bool
  ) -> EntryPattern {
    EntryPattern(text) { if case .event(let event) = $0 { matches(event) } else { false } }
  }

  /// Something that it said.
  ///
  /// - Parameters:
  ///   - text: What to call it in reports.
  ///   - matches: Whether something said is of that kind.
  /// - Returns: The kind.
  public static func call(
    _ text: String, _ matches: @escaping @Sendable (DriverCall) -> Bool
  ) -> EntryPattern {
    EntryPattern(text) { if case .call(let call) = $0 { matches(call) } else { false } }
  }
}

// MARK: - Heard

extension EntryPattern {
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
  /// An executor has ended.
  public static let executorLost = event("executorLost") {
    if case .executorLost = $0 { true } else { false }
  }
  /// An executor sent a message.
  public static let message = event("message") {
    if case .frameworkMessage = $0 { true } else { false }
  }
  /// It was told of an error.
  public static let error = event("error") { if case .error = $0 { true } else { false } }

  /// It was told that a task is in a state.
  ///
  /// - Parameters:
  ///   - state: The state.
  ///   - reason: Why; whatever the reason by default.
  ///   - task: Which task; whichever by default.
  /// - Returns: The kind.
  public static func update(
    _ state: TaskState, reason: StatusReason? = nil, of task: TaskID? = nil
  ) -> EntryPattern {
    let text =
      "update \(state)" + (reason.map { " for \($0)" } ?? "") + (task.map { " of \($0)" } ?? "")
    return event(text) {
      guard case .statusUpdate(let status) = $0 else { return false }
      return status.state == state && (reason == nil || status.reason == reason)
        && (task == nil || status.taskID == task)
    }
  }
}

// MARK: - Said

extension EntryPattern {
  /// It launched something.
  public static let launch = call("launch") { !$0.tasks.isEmpty }
  /// It launched a task.
  public static func launch(of task: TaskID) -> EntryPattern {
    call("launch of \(task)") { $0.tasks.contains { $0.taskID == task } }
  }
  /// It declined something.
  public static let decline = call("decline") { $0.declined != nil }
  /// It declined something for so many seconds.
  public static func decline(seconds: ClosedRange<Double>) -> EntryPattern {
    call("decline for \(seconds.lowerBound) to \(seconds.upperBound) s") {
      $0.declined.map { seconds.contains($0.filters.refuseSeconds) } ?? false
    }
  }
  /// It killed a task.
  public static let kill = call("kill") { if case .killTask = $0 { true } else { false } }
  /// It killed this task.
  public static func kill(of task: TaskID) -> EntryPattern {
    call("kill of \(task)") { $0 == .killTask(task) }
  }
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
  /// It asked what became of tasks that it named.
  public static let reconcileExplicitly = call("reconcile explicitly") {
    if case .reconcileTasks(let tasks) = $0 { !tasks.isEmpty } else { false }
  }
  /// It asked what became of whatever tasks it has.
  public static let reconcileImplicitly = call("reconcile implicitly") {
    $0 == .reconcileTasks([])
  }
  /// It acknowledged an update itself.
  public static let acknowledge = call("acknowledge") {
    if case .acknowledgeStatusUpdate = $0 { true } else { false }
  }
  /// It asked for resources.
  public static let request = call("request") {
    if case .requestResources = $0 { true } else { false }
  }
  /// It sent an executor a message.
  public static let send = call("send") {
    if case .sendFrameworkMessage = $0 { true } else { false }
  }
  /// It stopped its driver.
  public static let stop = call("stop") { if case .stop = $0 { true } else { false } }
  /// It aborted its driver.
  public static let abort = call("abort") { $0 == .abort }

  /// It did something with offers, other than to launch on them.
  ///
  /// - Parameters:
  ///   - text: What to call it in reports.
  ///   - matches: Whether an operation is meant.
  /// - Returns: The kind.
  public static func operation(
    _ text: String, _ matches: @escaping @Sendable (OfferOperation) -> Bool
  ) -> EntryPattern {
    call(text) {
      if case .acceptOffers(_, let operations, _) = $0 {
        operations.contains(where: matches)
      } else {
        false
      }
    }
  }
  /// It reserved resources.
  public static let reserve = operation("reserve") {
    if case .reserve = $0 { true } else { false }
  }
  /// It gave reserved resources up.
  public static let unreserve = operation("unreserve") {
    if case .unreserve = $0 { true } else { false }
  }
  /// It made a persistent volume.
  public static let create = operation("create") { if case .create = $0 { true } else { false } }
  /// It destroyed a persistent volume.
  public static let destroy = operation("destroy") {
    if case .destroy = $0 { true } else { false }
  }
}
