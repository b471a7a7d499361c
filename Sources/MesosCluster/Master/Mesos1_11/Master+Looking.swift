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

extension Master {
  /// Whether a framework's scheduler is connected.
  public func isConnected(_ framework: FrameworkIndex) -> Bool {
    isKnown(framework) && frameworks[framework].state.isConnected
  }

  /// Who a framework authenticates as.
  public func principal(of framework: FrameworkIndex) -> String? {
    isKnown(framework) ? frameworks[framework].info.principal : nil
  }

  /// How a framework introduced itself, whether it has ended or not.
  public func info(of framework: FrameworkIndex) -> FrameworkInfo? {
    frameworks.has(framework) ? frameworks[framework].info : nil
  }

  /// How a slave that is registered introduced itself.
  public func info(of slave: SlaveID) -> SlaveInfo? { slaveIndices[slave].map { slaves[$0].info } }
}
