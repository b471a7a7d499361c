// Part of mesosim. Apache-2.0, see LICENSE.
//
// How long a task whose predecessors died too soon has to wait (Aurora,
// `org.apache.aurora.scheduler.scheduling`).

/// How long a task has to wait when those before it died too soon.
public struct FlapPenalty: Hashable, Sendable {
  /// An entry of a task's history.
  public struct Event: Hashable, Sendable {
    /// The state the task went to.
    public var state: AuroraTaskState
    /// When, in seconds.
    public var at: Double

    /// Describes an event.
    public init(_ state: AuroraTaskState, at: Double) {
      self.state = state
      self.at = at
    }
  }

  /// A task that lived shorter has flapped, in seconds.
  public var threshold: Double
  /// What the first penalty grows from, in seconds.
  public var initial: Double
  /// The longest penalty, in seconds.
  public var longest: Double

  /// Describes penalties; Aurora's defaults for what is left out.
  public init(threshold: Double = 300, initial: Double = 30, longest: Double = 300) {
    self.threshold = threshold
    self.initial = initial
    self.longest = longest
  }

  /// Whether a task died too soon, by itself.
  ///
  /// - Parameter events: Its whole history, the last of it terminal.
  /// - Returns: False also for one that somebody wanted to end or to move.
  public func hasFlapped(_ events: [Event]) -> Bool {
    guard let end = events.last, end.state.isTerminal,
      let last = events.last(where: { $0.state.isActive }),
      !events.contains(where: { [.restarting, .killing, .draining].contains($0.state) })
    else { return false }
    return end.at - last.at < threshold
  }

  /// The penalty, in seconds.
  ///
  /// - Parameters:
  ///   - ancestors: The histories of the tasks before, the newest first.
  ///   - draw: A number from 0 to 1, drawn for an ancestor by its position.
  /// - Returns: The penalty; 0 for none.
  public func seconds(_ ancestors: [[Event]], draw: (Int) -> Double) -> Double {
    seconds(after: ancestors.prefix(while: hasFlapped).count, draw: draw)
  }

  /// The penalty after so many tasks in a row that have flapped, in seconds.
  public func seconds(after flaps: Int, draw: (Int) -> Double) -> Double {
    var penalty = 0.0
    for index in 0..<max(0, flaps) {
      let base = penalty > 0 ? penalty : initial
      let next = min(longest, base + draw(index) * base)
      guard next > penalty else { break }
      penalty = next
    }
    return penalty
  }
}
