// Part of mesosim. Apache-2.0, see LICENSE.
//
// Where the simulation and the outside meet at run time: everything that touches the gate goes
// through here, one thing after the other.

#if Server
  import MesosCommands
  import MesosGate
  import MesosOperator
  import MesosScenarios
  import VirtualTime

  /// Keeps the gate, its clock, and what waits to be sent.
  actor GateKeeper {
    /// How virtual time goes on.
    enum Mode: Equatable, Sendable {
      /// So many virtual seconds in a second; infinite for as fast as it can.
      case paced(Double)
      /// When no client owes an answer.
      case lockStep
      /// When somebody says so.
      case manual
    }

    /// What a request is answered.
    enum Answer: Sendable {
      case reply(OperatorReply)
      case opened(stream: Int, OperatorReply, Outbox)
    }

    /// A call of a scheduler that waits for its turn (lock-step).
    struct Waiting {
      let request: OperatorRequest
      /// The name of the framework, and its rank among those that are awaited.
      let seat: String
      let rank: Int
      let arrival: Int
      /// The port from which it came.
      let port: Int?
      /// The virtual instant from which on it is refused, where nobody leads.
      var deadline: Instant?
      let continuation: CheckedContinuation<Answer, Never>
    }

    let gate: Gate
    let connections: Connections
    let live: LiveLog
    private(set) var mode: Mode
    /// How often it was said how time goes on; what goes on under an earlier word stops.
    private(set) var turns = 0
    var outboxes: [Int: Outbox] = [:]
    var waiting: [Waiting] = []
    /// Streams that were closed and whose turn has not come (lock-step).
    var closing: [Int] = []
    private var arrivals = 0
    /// How often all streams have been beaten on.
    private var beats = 0
    /// Whether the session is over: nothing is taken any more, and somebody else has the gate.
    private var hasEnded = false
    /// What was to be said at the end of how the run goes.
    private(set) var lastStatus: String?
    let clients: [String]
    /// The instant and the moment from which paced time counts.
    private var base: (instant: Instant, moment: ContinuousClock.Instant)
    /// The clients whose streams were cut, and who have not come back.
    var absent: [String] = []
    /// Whether the simulation does not keep up with its pace.
    private var isBehind = false
    /// The clients that have said that they are busy.
    var busy: Set<String> = []
    /// Streams whose clients did not answer in time and are not awaited until they speak again.
    var excused: Set<Int> = []
    /// Why a run like this may come out otherwise; `nil` where it would not.
    var whyNotReproducible: String?
    /// The processes behind streams, where they could be found.
    var processes: [Int: ClientProcess] = [:]

    init(
      _ gate: sending Gate, _ mode: Mode, clients: [String], _ connections: Connections,
      _ live: LiveLog
    ) {
      self.gate = gate
      self.live = live
      self.mode = mode
      self.clients = clients
      self.connections = connections
      base = (gate.now, .now)
    }

    // MARK: The clock

    private var present: Instant {
      guard case .paced(let pace) = mode, pace.isFinite, !isBehind else { return gate.now }
      let passed = ContinuousClock.now - base.moment
      let seconds = Double(passed.components.seconds) + Double(passed.components.attoseconds) / 1e18
      let end = gate.run.end
      return min(
        max(gate.now, base.instant + .rounded(seconds: seconds * pace)), max(end, gate.now))
    }

    /// The present virtual instant.
    var now: Instant { present }

    /// Lets time go on in another way from now on.
    func setMode(_ new: Mode) {
      turns += 1
      let now = present
      while gate.step(notAfter: now) {}
      mode = new
      base = (max(now, gate.now), .now)
    }

    /// Handles what is due by now, at most for a moment.
    /// - Returns: Whether it is behind: there is more to do at once.
    func advance() -> Bool {
      guard !hasEnded, case .paced(let pace) = mode else { return false }
      isBehind = false
      let limit = pace.isFinite ? present : gate.run.end
      var count = 0
      while count < 2000, gate.step(notAfter: limit) { count += 1 }
      flush()
      isBehind = count == 2000
      guard isBehind else { return false }
      // What cannot be kept up with is not made up for.
      base = (gate.now, .now)
      return true
    }

    /// Whether the scenario's end has come, at a pace.
    var isOver: Bool {
      guard case .paced(let pace) = mode else { return false }
      let end = gate.run.end
      return pace.isFinite ? present >= end : gate.run.nextInstant.map { $0 > end } ?? true
    }

    /// How long nothing will happen by itself.
    var pause: Duration {
      guard case .paced(let pace) = mode, let next = gate.run.nextInstant, next <= gate.run.end
      else { return .milliseconds(50) }
      let seconds = (next.seconds - present.seconds) / max(pace, 0.001)
      return min(max(.seconds(seconds), .milliseconds(1)), .milliseconds(50))
    }

    // MARK: Requests

    /// Answers a request; a call of a scheduler when its turn has come.
    func answer(_ request: OperatorRequest, port: Int?) async -> Answer {
      if hasEnded { return .reply(OperatorReply(503, "The simulation has ended")) }
      if Self.isOwn(request.path), !Gate.isOfActs(request.path) {
        return .reply(await control(request))
      }
      guard OperatorSide.isOfSchedulers(request.path) else { return await takeAtOnce(request) }
      guard mode == .lockStep else { return await takeAtOnce(request) }
      let seat = Gate.seat(of: request) ?? gate.stream(of: request).flatMap { gate.seats[$0]?.name }
      guard let seat else { return await takeAtOnce(request) }
      if let stream = gate.stream(of: request) { excused.remove(stream) }
      arrivals += 1
      let arrival = arrivals
      return await withCheckedContinuation { continuation in
        waiting.append(
          Waiting(
            request: request, seat: seat, rank: clients.firstIndex(of: seat) ?? clients.count,
            arrival: arrival, port: port, continuation: continuation))
      }
    }

    private func takeAtOnce(_ request: OperatorRequest) async -> Answer {
      let before = gate.inputs
      defer {
        if mode == .lockStep, gate.inputs > before {
          whyNotReproducible =
            whyNotReproducible ?? "\(request.method) \(request.path) came when it came"
        }
      }
      var answer = take(request)
      if answer == nil {
        // Clients try again at once after a refusal of this kind.
        try? await Task.sleep(for: .seconds(1))
        answer = take(request)
      }
      return answer ?? .reply(OperatorReply(503, "No leader elected"))
    }

    /// Takes a request; `nil` where nobody leads.
    func take(_ request: OperatorRequest) -> Answer? {
      if hasEnded { return nil }
      defer { flush() }
      switch gate.take(request, at: present) {
      case .reply(let reply): return .reply(reply)
      case .unavailable: return nil
      case .opened(let stream, let reply):
        let isOfEvents = reply.contentType == "text/event-stream"
        let outbox = Outbox(
          limit: connections.limits.backlogBytes, isOfEvents ? .events : .recordIO)
        outboxes[stream] = outbox
        return .opened(stream: stream, reply, outbox)
      }
    }

    /// The other side has closed a stream, or it was cut.
    func closed(_ stream: Int) {
      guard !hasEnded else { return }
      // In its turn: what was said on other connections just before counts first.
      if mode == .lockStep, gate.seats[stream] != nil { return closing.append(stream) }
      close(stream)
    }

    func close(_ stream: Int) {
      processes[stream] = nil
      excused.remove(stream)
      if let seat = gate.seats[stream] { busy.remove(seat.name) }
      guard outboxes.removeValue(forKey: stream) != nil else { return }
      if mode == .lockStep, let seat = gate.seats[stream], !seat.isLeaving {
        absent.append(seat.name)
      }
      gate.close(stream, at: present)
      flush()
    }

    // MARK: Sending

    /// Puts what is to be sent into its boxes: after the last record of a stream a heartbeat, since
    /// some clients read a record only when the next has begun.
    /// - Returns: Whether a scheduler was told something, or lost its stream.
    @discardableResult
    func flush() -> Bool {
      gate.run.flushLog()
      var isNews = false
      var spoken: [Int] = []
      for output in gate.takeOutputs() {
        guard let outbox = outboxes[output.stream] else { continue }
        if output.stream > 0 { isNews = true }
        if let record = output.record {
          outbox.put(record)
          if !spoken.contains(output.stream) { spoken.append(output.stream) }
        }
        if output.ends {
          outbox.end()
          outboxes[output.stream] = nil
          processes[output.stream] = nil
        }
      }
      for stream in spoken where outboxes[stream]?.framing == .recordIO { beat(stream) }
      for text in gate.takeWarnings() { say("warning: \(text)") }
      for name in gate.takeCutSeats() where mode == .lockStep { absent.append(name) }
      return isNews
    }

    private func beat(_ stream: Int) {
      guard let outbox = outboxes[stream], let record = gate.heartbeat(of: stream) else { return }
      outbox.put(record)
    }

    /// Beats on all streams; on those of events every third time.
    func beat() {
      beats += 1
      for (stream, outbox) in outboxes.sorted(by: { $0.key < $1.key })
      where outbox.framing == .recordIO || beats.isMultiple(of: 3) { beat(stream) }
    }

    // MARK: The end

    /// Ends all streams, and answers whoever waits.
    func end() {
      hasEnded = true
      turns += 1
      lastStatus = statusText
      for outbox in outboxes.values { outbox.end() }
      outboxes = [:]
      for call in waiting {
        call.continuation.resume(returning: .reply(OperatorReply(503, "The simulation has ended")))
      }
      waiting = []
    }

    /// Whether the session is over.
    var isEnded: Bool { hasEnded }

    // MARK: Pages

    /// Lines that lead to the present state, and the place in the log behind which they stand.
    func keyframe() -> (lines: [UInt8], end: Int) {
      if hasEnded { return ([], live.end) }
      gate.run.flushLog()
      return (gate.run.picture?.lines(at: gate.now) ?? [], live.end)
    }

    /// Why a request of the server itself is not taken, where it is not said who makes it.
    func refusal(of request: OperatorRequest, isChange: Bool) -> OperatorReply? {
      gate.refusal(of: request, isChange: isChange)
    }
  }
#endif
