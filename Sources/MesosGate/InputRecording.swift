// Part of mesosim. Apache-2.0, see LICENSE.
//
// What comes in from outside, as it is written down.

package import MesosOperator
package import VirtualTime

/// Something from outside that changes the simulation.
package enum Input: Sendable {
  /// A request that was taken.
  case request(OperatorRequest)
  /// A scheduler closed its stream.
  case close(stream: Int)
  /// Nothing but that this instant has come.
  case nothing
}

/// Where inputs are written down, and what went out.
package protocol InputRecording: AnyObject {
  /// An input is taken.
  func note(_ input: Input, at instant: Instant, after events: Int)
  /// Something goes out to a scheduler.
  func note(_ output: Gate.Output, after events: Int)
}
