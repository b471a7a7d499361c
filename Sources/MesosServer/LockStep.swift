// Part of mesosim. Apache-2.0, see LICENSE.
//
// Virtual time stands still while a client owes an answer, and then goes to the next event: so a
// client that is the same each time meets the same each time, however long it thinks.

#if Server
  import MesosCommands
  import MesosGate
  import MesosOperator
  import MesosScenarios
  import NIOCore
  import Synchronization
  import VirtualTime

  /// The clock of clients that are awaited.
  struct LockStep: Sendable {
    let keeper: GateKeeper
    let eventLoop: any EventLoop
    /// How long a client may owe an answer, in seconds of the wall clock.
    let patience: Duration
    /// Whether virtual time goes on without an answer when patience has ended.
    let proceeds: Bool
    /// How long nothing must come from a client whose process is not seen.
    let quiet: Duration
    /// How many rounds there were.
    let rounds: Counter

    /// Runs until all is over.
    func run() async -> ServerSession.End {
      if let missing = await awaitSubscriptions(), await !proceed(without: missing) {
        return .stuck(missing)
      }
      while !Task.isCancelled {
        if let stuck = await settle(), await !proceed(without: stuck) { return .stuck(stuck) }
        if await keeper.takeTurns() {
          rounds.add()
          continue
        }
        if let stuck = await awaitIdleness(), await !proceed(without: stuck) {
          return .stuck(stuck)
        }
        if await keeper.hasCalls { continue }
        rounds.add()
        guard await keeper.advanceToNextWords() else { return .over(await keeper.reasonOfEnd) }
      }
      return .interrupted
    }

    /// Goes on where that is wanted, and says so.
    private func proceed(without answer: String) async -> Bool {
      guard proceeds else { return false }
      await keeper.goOn(without: answer)
      say("warning: not settled within \(patience): \(answer); virtual time goes on")
      return true
    }

    /// Waits until every awaited client has subscribed.
    /// - Returns: Who is missing, when patience has ended.
    private func awaitSubscriptions() async -> String? {
      let end = ContinuousClock.now + patience
      while !Task.isCancelled {
        let missing = await keeper.missingClients
        if missing.isEmpty { return nil }
        if ContinuousClock.now > end {
          return "not subscribed within \(patience): \(missing.joined(separator: ", "))"
        }
        try? await Task.sleep(for: .milliseconds(2))
      }
      return nil
    }

    /// Waits until no client says that it is busy, or one that does calls.
    /// - Returns: Who is, when patience has ended.
    private func awaitIdleness() async -> String? {
      let end = ContinuousClock.now + patience
      while !Task.isCancelled, let name = await keeper.busyClient {
        if await keeper.hasCalls { return nil }
        if ContinuousClock.now > end { return "client \(name): has said that it is busy" }
        try? await Task.sleep(for: .milliseconds(1))
      }
      return nil
    }

    /// Waits until no client owes an answer but those whose calls wait for their turn.
    /// - Returns: Who owes what, when patience has ended.
    private func settle() async -> String? {
      var end = ContinuousClock.now + patience
      var calm = 0
      var bytes = -1
      var lastByte = ContinuousClock.now
      while !Task.isCancelled {
        // What is on its way is read, and connections that wait are taken.
        for _ in 0..<3 { try? await eventLoop.submit {}.get() }
        let read = keeper.connections.bytesRead
        if read != bytes {
          bytes = read
          lastByte = .now
          calm = 0
        }
        let debt = await keeper.debt(isQuiet: ContinuousClock.now - lastByte >= quiet)
        if debt == nil {
          calm += 1
          if calm == 3 { return nil }
        } else {
          calm = 0
        }
        if ContinuousClock.now > end {
          // Who has left without a word does not hold up the others for good.
          let dismissed = await keeper.dismissAbsentClients()
          if !dismissed.isEmpty {
            say(
              "warning: not back within \(patience): \(dismissed.joined(separator: ", ")); virtual "
                + "time goes on")
            end = .now + patience
            continue
          }
          return debt ?? "never at rest for 3 ms"
        }
        try? await Task.sleep(for: .milliseconds(1))
      }
      return nil
    }
  }

  extension GateKeeper {
    /// The awaited clients whose subscriptions have not come.
    var missingClients: [String] {
      clients.filter { name in !waiting.contains { $0.seat == name } }
    }

    /// Looks whether somebody owes something.
    /// - Parameter isQuiet: Whether nothing has come in for long enough.
    /// - Returns: Who owes what; `nil` where nobody does.
    func debt(isQuiet: Bool) -> String? {
      // Nobody waits for those who only listen to events.
      if let outbox = outboxes.first(where: { !$0.value.isEmpty && $0.value.framing == .recordIO })
      {
        return "stream \(outbox.key) is being written"
      }
      if connections.busyCount > waiting.count { return "a request is being read or answered" }
      for name in absent where !waiting.contains(where: { $0.seat == name }) {
        return "client \(name): not back since its connection was cut"
      }
      for (stream, seat) in gate.seats.sorted(by: { $0.key < $1.key }) {
        // Who is over owes nothing more.
        if seat.isLeaving || excused.contains(stream) { continue }
        // Who has closed its stream may have a last word on another connection.
        if waiting.isEmpty, !closing.contains(stream), !seat.debts.isEmpty {
          return "client \(seat.name): \(seat.debts.count) updates not acknowledged"
        }
        guard let process = processes[stream] else {
          if !isQuiet { return "client \(seat.name): speaking" }
          continue
        }
        switch process.activity {
        case .waiting: break
        case .thinking(let what): return "client \(seat.name): \(what)"
        case .gone:
          // That its stream is closed is about to be seen.
          if !closing.contains(stream) { return "client \(seat.name): has just ended" }
        }
      }
      return nil
    }

    /// Lets virtual time go on without an answer: who owes one is not awaited until it speaks
    /// again.
    func goOn(without answer: String) {
      for (stream, seat) in gate.seats where answer.hasPrefix("client \(seat.name):") {
        excused.insert(stream)
      }
      busy = []
      absent = []
      whyNotReproducible = whyNotReproducible ?? answer
    }

    /// Lets clients that do not come back be gone.
    /// - Returns: Their names.
    func dismissAbsentClients() -> [String] {
      defer { absent = [] }
      if let name = absent.first {
        whyNotReproducible = whyNotReproducible ?? "client \(name): not back in time"
      }
      return absent
    }

    /// A client that says that it is busy.
    var busyClient: String? { busy.min() }

    /// Whether a call waits, or a stream that was closed, whose turn it is: the others' wait for
    /// those that are busy.
    var hasCalls: Bool {
      let isTurn = { [busy] (seat: String) in busy.isEmpty || busy.contains(seat) }
      return waiting.contains { $0.deadline == nil && isTurn($0.seat) }
        || closing.contains { isTurn(gate.seats[$0]?.name ?? "") }
    }

    /// Takes the calls that wait, each client's in the order in which they came; where some are
    /// busy, only theirs.
    /// - Returns: Whether there were any that could be taken.
    func takeTurns() -> Bool {
      if isEnded { return false }
      let isTurn = { [busy] (seat: String) in busy.isEmpty || busy.contains(seat) }
      let calls = waiting.filter { isTurn($0.seat) }
        .sorted { ($0.rank, $0.arrival) < ($1.rank, $1.arrival) }
      waiting.removeAll { isTurn($0.seat) }
      var hasTaken = false
      for var call in calls {
        if let answer = take(call.request) {
          hasTaken = true
          note(answer, of: call)
          call.continuation.resume(returning: answer)
        } else if let deadline = call.deadline, deadline <= gate.now {
          hasTaken = true
          call.continuation.resume(returning: .reply(OperatorReply(503, "No leader elected")))
        } else {
          call.deadline = call.deadline ?? gate.now + .seconds(1)
          waiting.append(call)
        }
      }
      closing.removeAll { gate.seats[$0] == nil }
      for stream in closing.sorted() where isTurn(gate.seats[stream]?.name ?? "") {
        hasTaken = true
        closing.removeAll { $0 == stream }
        close(stream)
      }
      return hasTaken
    }

    private func note(_ answer: Answer, of call: Waiting) {
      guard case .opened(let stream, _, _) = answer else { return }
      absent.removeAll { $0 == call.seat }
      guard let port = call.port, let ours = connections.port else { return }
      processes[stream] = ClientProcess(connectedFrom: port, to: ours)
    }

    /// Why nothing is left to wait for.
    var reasonOfEnd: String {
      let names = gate.seats.sorted { $0.key < $1.key }.map(\.value.name)
      return names.isEmpty
        ? "all clients have left"
        : "the scenario's end, with \(names.joined(separator: ", ")) still connected"
    }

    /// Goes on until a client is told something, or whoever waits for a leader can be answered.
    /// - Returns: Whether there is anything to wait for; not when the run is over.
    func advanceToNextWords() async -> Bool {
      if isEnded { return false }
      var count = 0
      while true {
        guard let next = gate.run.nextInstant, next <= gate.run.end else { return false }
        if gate.seats.isEmpty, waiting.isEmpty, absent.isEmpty, !gate.run.hasWorkLeft {
          return false
        }
        if let deadline = waiting.compactMap(\.deadline).min(), next > deadline {
          gate.rest(until: deadline)
          return true
        }
        let wasLed = gate.isLed
        while gate.step(notAfter: next) { count += 1 }
        if flush() || gate.isLed != wasLed && !waiting.isEmpty { return true }
        if count > 10_000 {
          count = 0
          await Task.yield()
          if isEnded { return false }
          if !waiting.isEmpty, waiting.contains(where: { $0.deadline == nil }) { return true }
        }
      }
    }
  }

  /// A number that goes up.
  final class Counter: Sendable {
    private let value = Atomic<Int>(0)
    func add() { value.add(1, ordering: .relaxed) }
    var count: Int { value.load(ordering: .relaxed) }
  }
#endif
