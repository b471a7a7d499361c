// Part of mesosim. Apache-2.0, see LICENSE.
//
// Programmer's errors end the process with a message that says what was attempted, in release
// builds too.

import SimulationKernel
import Testing
import VirtualTime

@Suite("Misuse of a simulation") struct MisuseTests {
  @Test("scheduling in the past ends the process and says what and when")
  func pastEvent() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let simulation = Simulation(seed: 1)
      let handler = simulation.register(Recorder())
      simulation.run(until: Instant(nanoseconds: 5_000_000))
      simulation.schedule(
        at: Instant(nanoseconds: 4_000_000), priority: .timer, to: handler, code: 7, word: 0)
    }
    expectMessage(result, "event 7 for handler 0 is scheduled at 00:00:00.004")
  }

  @Test("scheduling for a handler that was not registered ends the process")
  func unknownHandler() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      Simulation(seed: 1).schedule(
        at: .start, priority: .timer, to: HandlerID(index: 3), code: 7, word: 0)
    }
    expectMessage(result, "handler 3, which is not registered")
  }

  @Test("one handler more than there can be ends the process and says what to do")
  func tooManyHandlers() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let simulation = Simulation(seed: 1)
      for _ in 0...2_048 { _ = simulation.register(Recorder()) }
    }
    expectMessage(result, "2048 handlers are registered, which is the limit")
  }

  @Test("an event for a number that no handler can have ends the process")
  func impossibleHandler() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var queue = EventQueue()
      queue.push(
        Event(code: 1), at: .start, priority: .timer, for: HandlerID(index: 2_048))
    }
    expectMessage(result, "2048 is no handler's number: they go up to 2047")
  }

  @Test("running backwards ends the process")
  func backwards() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let simulation = Simulation(seed: 1)
      simulation.run(until: Instant(nanoseconds: 1_000_000_000))
      simulation.run(until: .start)
    }
    expectMessage(result, "a run until 00:00:00.000 cannot begin at 00:00:01.000")
  }

  private func expectMessage(_ result: ExitTest.Result?, _ text: String) {
    let output = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(output.contains(text))
  }
}
