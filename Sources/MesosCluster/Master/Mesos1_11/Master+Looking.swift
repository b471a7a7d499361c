// Part of mesosim. Apache-2.0, see LICENSE.
//
// What those around a master may ask of it without a message.

public import Mesos
public import VirtualTime

extension Master {
  /// Whether a framework is known and has not ended.
  public func isPresent(_ framework: FrameworkIndex) -> Bool { isKnown(framework) }

  /// Ends the master and returns what it leaves to the next.
  public mutating func abdicated(at now: Instant) -> Succession? {
    var actions = ActionBuffer<MasterAction>()
    handle(.abdicate, at: now, into: &actions)
    while let action = actions.nextEffect() {
      if case .toSuccessor(let succession) = action { return succession }
    }
    return nil
  }
}
