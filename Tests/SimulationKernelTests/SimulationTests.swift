// Part of mesosim. Apache-2.0, see LICENSE.
//
// The clock and the loop, through the public interface.

import SimulationKernel
import Testing
import VirtualTime

/// Writes down what happens to it, and does as a test says.
final class Recorder: EventHandler {
  var codes: [UInt16] = []
  var instants: [Instant] = []
  var action: (Event) -> Void = { _ in }

  func handle(_ event: Event, at now: Instant) {
    codes.append(event.code)
    instants.append(now)
    action(event)
  }
}

@Suite("Simulation") struct SimulationTests {
  let simulation = Simulation(seed: 1)
  let recorder = Recorder()
  let handler: HandlerID

  init() { handler = simulation.register(recorder) }

  @discardableResult
  func schedule(_ code: UInt16, _ nanoseconds: Int64, _ priority: EventPriority = .timer)
    -> EventToken
  {
    simulation.schedule(
      at: Instant(nanoseconds: nanoseconds), priority: priority, to: handler, code: code, word: 0)
  }

  @Test("events happen in the order of their instants, and the clock follows")
  func orderOfInstants() {
    schedule(1, 30)
    schedule(2, 10)
    schedule(3, 20)
    while simulation.step() {}
    #expect(recorder.codes == [2, 3, 1])
    #expect(recorder.instants.map(\.nanoseconds) == [10, 20, 30])
    #expect(simulation.now.nanoseconds == 30)
    #expect(simulation.eventsHandled == 3)
  }

  @Test("at one instant messages come before timers before what looks back, then first come first")
  func orderAtOneInstant() {
    schedule(1, 5, .late)
    schedule(2, 5, .timer)
    schedule(3, 5, .message)
    schedule(4, 5, .timer)
    schedule(5, 5, .message)
    while simulation.step() {}
    #expect(recorder.codes == [3, 5, 2, 4, 1])
  }

  @Test("an event cancelled by an earlier one of the same instant does not happen")
  func cancelWithinInstant() {
    defer { simulation.close() }
    var victim = EventToken.none
    recorder.action = { [simulation] event in
      if event.code == 1 { #expect(simulation.cancel(victim)) }
    }
    schedule(1, 5)
    victim = schedule(2, 5)
    schedule(3, 5)
    while simulation.step() {}
    #expect(recorder.codes == [1, 3])
    #expect(simulation.eventsHandled == 2)
  }

  @Test("a run handles everything up to and including its end, also what is scheduled meanwhile")
  func runUntil() {
    defer { simulation.close() }
    recorder.action = { [self] event in
      if event.code == 1 { schedule(2, 10) }
      if event.code == 2 { schedule(3, 11) }
    }
    schedule(1, 10)
    simulation.run(until: Instant(nanoseconds: 10))
    #expect(recorder.codes == [1, 2])
    #expect(simulation.nextInstant == Instant(nanoseconds: 11))
    simulation.run(until: Instant(nanoseconds: 50))
    #expect(recorder.codes == [1, 2, 3])
    #expect(simulation.now.nanoseconds == 50)
    #expect(simulation.nextInstant == nil)
    #expect(!simulation.step())
  }

  @Test("the next instant is that of an event that will happen")
  func nextInstantSkipsCancelled() {
    let first = schedule(1, 10)
    schedule(2, 20)
    #expect(simulation.cancel(first))
    #expect(simulation.nextInstant == Instant(nanoseconds: 20))
    #expect(simulation.eventsPending == 1)
  }

  @Test("cancelling twice, too late, or nothing at all is harmless")
  func staleTokens() {
    let first = schedule(1, 10)
    #expect(simulation.cancel(first))
    #expect(!simulation.cancel(first))
    let second = schedule(2, 20)
    #expect(!simulation.cancel(first), "the slot of the first now holds the second")
    while simulation.step() {}
    #expect(!simulation.cancel(second))
    #expect(!simulation.cancel(.none))
    #expect(recorder.codes == [2])
  }

  @Test("what is pending for a handler is listed in its order, and its tokens take it back")
  func listsPending() {
    schedule(1, 30)
    let second = schedule(2, 10)
    schedule(3, 20)
    simulation.cancel(second)
    let pending = simulation.pending(for: handler)
    #expect(pending.map(\.event.event.code) == [3, 1])
    #expect(pending.map(\.event.instant) == [Instant(nanoseconds: 20), Instant(nanoseconds: 30)])
    #expect(simulation.pending(for: HandlerID(index: 7)).isEmpty)
    #expect(simulation.cancel(pending[0].token))
    while simulation.step() {}
    #expect(recorder.codes == [1])
  }

  @Test("closing frees handlers that keep the simulation")
  func closeBreaksCycles() {
    weak var handler: Recorder?
    do {
      let simulation = Simulation(seed: 1)
      let keeper = Recorder()
      keeper.action = { _ in _ = simulation.now }
      handler = keeper
      _ = simulation.register(keeper)
      simulation.close()
    }
    #expect(handler == nil)
  }
}
