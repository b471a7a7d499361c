// Part of mesosim. Apache-2.0, see LICENSE.
//
// A run in somebody's hands: event by event, with things that happen from outside.

package import Mesos
import MesosCluster
import MesosFrameworks
import SimulationKernel
package import VirtualTime

extension ScenarioRun {
  /// The instant of the next event; `nil` when nothing is pending.
  package var nextInstant: Instant? { simulation.nextInstant }

  /// What its random numbers derive from.
  package var seed: UInt64 { simulation.seed }

  /// Calendar time of its start, in seconds since 1970.
  package var epoch: Int64 { cluster.epoch }

  /// The end of the run, where nothing ends it before.
  package var end: Instant { horizon }

  /// Whether frameworks of the scenario, or schedulers outside, have work left.
  package var hasWorkLeft: Bool { cluster.hasWorkLeft }

  /// The frameworks of the scenario of a type, in its order.
  package func frameworks(ofType type: String) -> [(name: String, index: FrameworkIndex)] {
    scenario.frameworks.enumerated().filter { $0.element.type.name == type }
      .map { ($0.element.name, FrameworkIndex($0.offset)) }
  }

  /// Handles the next event.
  /// - Parameter limit: The latest instant at which it may be.
  /// - Returns: Whether there was one.
  package func step(notAfter limit: Instant) -> Bool {
    begin()
    takeLooks()
    return simulation.step(notAfter: limit)
  }

  /// Lets something happen from outside: as an event of its own, the next to be handled.
  /// - Parameters:
  ///   - instant: When; not before the last event. Events before it are handled first.
  ///   - body: What happens.
  package func happen(at instant: Instant, _ body: @escaping () -> Void) {
    begin()
    while step(notAfter: instant) {}
    outside.action = body
    let handler = outsideHandler ?? simulation.register(outside)
    outsideHandler = handler
    simulation.schedule(
      at: max(instant, simulation.now), priority: .message, to: handler, code: 0, word: 0)
    while outside.action != nil, simulation.step() {}
  }
}

/// What happens from outside, one thing at a time.
final class OutsideEvents: EventHandler {
  var action: (() -> Void)?

  func handle(_ event: Event, at now: Instant) {
    let action = action
    self.action = nil
    action?()
  }
}
