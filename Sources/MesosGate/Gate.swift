// Part of mesosim. Apache-2.0, see LICENSE.
//
// The one place where what comes from outside and the simulation meet. Knows no sockets and no wall
// clock: requests come in as values with the instant at which they are taken, records go out.

import MarathonREST
package import Mesos
package import MesosCluster
package import MesosOperator
package import MesosScenarios
package import VirtualTime

/// A running scenario that clients outside speak with.
///
/// All inputs are written down in the order in which they are taken, with the number of events that
/// were handled before: given again at the same places, the same happens.
package final class Gate {
  /// What the answer to a request is.
  package enum Answer: Sendable {
    /// All of it.
    case reply(OperatorReply)
    /// The head of a stream, whose records are among the outputs from now on.
    case opened(stream: Int, OperatorReply)
    /// Nobody leads, or the scheduler cannot reach who does.
    case unavailable
  }

  /// What goes out on a stream.
  package struct Output: Sendable {
    /// Schedulers' streams have positive numbers, operators' negative ones.
    package var stream: Int
    /// A record; `nil` where nothing is said.
    package var record: [UInt8]?
    /// Whether the stream ends with it.
    package var ends = false
  }

  /// A scheduler that is connected.
  package struct Seat: Sendable {
    /// The name of its framework.
    package let name: String
    let framework: FrameworkIndex
    let incarnation: Incarnation
    /// The updates that it has been sent and has not acknowledged, and when they went out first.
    package fileprivate(set) var debts: [UpdateID: Instant] = [:]
    /// Whether it has said that it is over, which may still be on its way to the master.
    package fileprivate(set) var isLeaving = false
  }

  /// The run that takes place behind it.
  package let run: ScenarioRun
  let operators: OperatorSide
  private let slaves: SlaveSide
  private var schedulers: SchedulerSide
  private var counters = MasterCounters()
  private var operatorStreams: [Int: OperatorStream] = [:]
  private var operatorStreamsOpened = 0
  /// The streams of what a Marathon makes known, by their numbers.
  var marathonStreams: [Int: MarathonStream] = [:]
  /// The schedulers that are connected, by their streams.
  package private(set) var seats: [Int: Seat] = [:]
  private var outputs: [Output] = []
  private var cutSeats: [String] = []
  private var warnings: [String] = []
  /// How long clients took to acknowledge updates, by the names of their frameworks.
  package private(set) var answerDelays: [String: AnswerDelay] = [:]
  private var leading: Int32?
  private var snapshot: (events: Int, value: MasterSnapshot)?
  private var recording: (any InputRecording)?
  /// How many inputs were taken.
  package private(set) var inputs = 0

  /// Opens a run to the outside.
  /// - Parameters:
  ///   - run: The run; nobody else may move it.
  ///   - description: What the master says of itself.
  ///   - seed: What the names of streams derive from.
  ///   - recording: Where inputs are written down.
  package init(
    _ run: ScenarioRun, _ description: MasterDescription, seed: UInt64,
    recording: (any InputRecording)? = nil
  ) {
    self.run = run
    var description = description
    description.epoch = run.epoch
    operators = OperatorSide(description)
    var slave = SlaveDescription(flags: description.flags)
    slave.authentication = description.authentication
    slave.servesOldPaths = description.servesOldPaths
    slave.epoch = run.epoch
    slaves = SlaveSide(slave)
    schedulers = SchedulerSide(description, seed: seed)
    self.recording = recording
    run.cluster.remoteSchedulers = self
    run.cluster.watchMasters(self)
    run.cluster.watchSlaves()
    run.begin()
    leading = run.cluster.leadingNumber
    _ = currentSnapshot(for: OperatorRequest("GET", "/version"))
  }

  // MARK: Time

  /// The instant of the last event.
  package var now: Instant { run.now }

  /// Handles the next event.
  /// - Parameter limit: The latest instant at which it may be.
  /// - Returns: Whether there was one.
  package func step(notAfter limit: Instant) -> Bool {
    guard run.step(notAfter: limit) else { return false }
    noticeLeader()
    return true
  }

  private func advance(to instant: Instant) {
    while step(notAfter: instant) {}
  }

  /// Takes out what is to be sent.
  package func takeOutputs() -> [Output] {
    defer { outputs = [] }
    return outputs
  }

  /// Lets time pass until an instant before which nothing happens.
  package func rest(until instant: Instant) {
    advance(to: instant)
    happen(.nothing, at: instant) {}
  }

  /// Whether a master leads.
  package var isLed: Bool { leading != nil }

  /// Takes out the names of the schedulers whose streams were cut, and who may come back.
  package func takeCutSeats() -> [String] {
    defer { cutSeats = [] }
    return cutSeats
  }

  /// Takes out what whoever runs the server is to be told.
  package func takeWarnings() -> [String] {
    defer { warnings = [] }
    return warnings
  }

  // MARK: Requests

  /// The name of the framework that a request subscribes.
  package static func seat(of request: OperatorRequest) -> String? {
    guard let json = try? JSONValue(parsing: request.body) else { return nil }
    return json["subscribe"]?["framework_info"]?["name"]?.string
  }

  /// Takes a request.
  /// - Parameters:
  ///   - request: The request.
  ///   - instant: When it is taken; what is due until then happens before.
  /// - Returns: What it is answered.
  package func take(_ request: OperatorRequest, at instant: Instant) -> Answer {
    advance(to: instant)
    if let number = SlaveSide.number(in: request.path) { return ask(slave: number, request) }
    if let kind = ActKind(path: request.path) {
      return .reply(takeAct(kind, request, at: instant))
    }
    if let place = MarathonPlace(request) { return takeMarathons(request, place, at: instant) }
    return OperatorSide.isOfSchedulers(request.path)
      ? takeCall(request, at: instant) : takeOperators(request, at: instant)
  }

  /// The stream that a request names.
  package func stream(of request: OperatorRequest) -> Int? {
    request.headers["mesos-stream-id"].flatMap { schedulers.stream(named: $0) }
  }

  private func takeCall(_ request: OperatorRequest, at instant: Instant) -> Answer {
    let cluster = run.cluster
    let stream = stream(of: request)
    guard cluster.reachesLeader(stream.flatMap { seats[$0]?.framework }) else {
      return .unavailable
    }
    schedulers.directory.begin(at: cluster.frameworkNumbers)
    guard let plan = cluster.withLeader({ schedulers.answer(request, $0) }) else {
      return .unavailable
    }
    switch plan {
    case .reply(let reply): return .reply(reply)
    case .tell(let framework, let incarnation, let call, let reply):
      happen(.request(request), at: instant) {
        cluster.call(call, of: framework, incarnation)
      }
      if case .acknowledge(let seen) = call, let stream {
        noteAnswer(to: seen.uuid, on: stream, at: instant)
      }
      if case .teardown = call, let stream { seats[stream]?.isLeaving = true }
      return .reply(reply)
    case .open(let stream, let framework, let incarnation, let call, let reply):
      open(stream, framework, incarnation, call, request, at: instant)
      return .opened(stream: stream, reply)
    }
  }

  private func noteAnswer(to update: UpdateID, on stream: Int, at instant: Instant) {
    guard let sent = seats[stream]?.debts.removeValue(forKey: update), let seat = seats[stream]
    else { return }
    let delay = instant - sent
    let wasSlow = answerDelays[seat.name]?.isSlow ?? false
    answerDelays[seat.name, default: AnswerDelay()].add(delay)
    if !wasSlow, answerDelays[seat.name]?.isSlow == true {
      warn(
        "client \(seat.name) answers after \(Int(delay.inSeconds)) s of virtual time: a smaller --pace, or "
          + "--clients \(seat.name), keeps its own time out of the results")
    }
  }

  private func open(
    _ stream: Int, _ framework: FrameworkIndex, _ incarnation: Incarnation, _ call: SchedulerCall,
    _ request: OperatorRequest, at instant: Instant
  ) {
    guard case .subscribe(let subscription) = call else { return }
    let cluster = run.cluster
    guard Int(framework) >= cluster.frameworkNumbers || cluster.isRemote(framework) else {
      let text =
        "Framework '\(subscription.info.name)' is simulated: nobody outside can take it over"
      return refuse(stream, request, with: schedulers.error(text, on: stream), at: instant)
    }
    guard cluster.reachesLeader(framework) else {
      return refuse(stream, request, with: nil, at: instant)
    }
    seats[stream] = Seat(
      name: subscription.info.name, framework: framework, incarnation: incarnation)
    happen(.request(request), at: instant) {
      cluster.connect(subscription, as: framework, incarnation)
    }
  }

  /// Ends a stream that was just opened; written down all the same, since it has a number.
  private func refuse(
    _ stream: Int, _ request: OperatorRequest, with record: [UInt8]?, at instant: Instant
  ) {
    happen(.request(request), at: instant) {}
    end(stream, with: record)
  }

  private func takeOperators(_ request: OperatorRequest, at instant: Instant) -> Answer {
    guard let snapshot = currentSnapshot(for: request) else { return .unavailable }
    switch operators.answer(request, snapshot, counters: counters) {
    case .reply(let reply): return .reply(reply)
    case .ask(let call, let success, let prefix):
      var answer = OperatorAnswer.conflict("the request was not answered")
      let inRunTime = call.since(run.epoch)
      happen(.request(request), at: instant) { [run] in answer = run.cluster.ask(inRunTime) }
      run.note(request: "\(request.method) \(request.path)", refusal: answer.refusal)
      return .reply(OperatorPlan.reply(to: answer, success: success, prefix: prefix))
    case .stream(let stream):
      let number = nextOperatorStream()
      operatorStreams[number] = stream
      counters.operatorStreams += 1
      outputs.append(Output(stream: number, record: Array(stream.opening.body.utf8)))
      return .opened(stream: number, stream.reply)
    }
  }

  /// Why a request to the simulation itself is not taken, where it does not say who makes it.
  package func refusal(of request: OperatorRequest, isChange: Bool) -> OperatorReply? {
    operators.description.authentication.refusal(of: request, isChange: isChange)
  }

  /// The number of the next stream that is no scheduler's.
  func nextOperatorStream() -> Int {
    operatorStreamsOpened += 1
    return -operatorStreamsOpened
  }

  /// Lets something be sent that is not written down.
  func send(_ output: Output) { outputs.append(output) }

  /// What the slave of a number, from 1, says of itself.
  private func ask(slave number: Int, _ request: OperatorRequest) -> Answer {
    let now = run.now
    guard let index = Int32(exactly: number - 1),
      let snapshot = run.cluster.withSlave(SlaveIndex(rawValue: index), { $0.snapshot(at: now) })
    else { return .reply(OperatorReply(404)) }
    return .reply(slaves.answer(request, snapshot))
  }

  /// What the leader knows; one snapshot for all that ask between two events.
  private func currentSnapshot(for request: OperatorRequest) -> MasterSnapshot? {
    if let snapshot, snapshot.events == run.eventsHandled { return snapshot.value }
    let now = run.now
    guard let taken = run.cluster.withLeader({ $0.snapshot(at: now) }) else {
      // What does not depend on what is known is answered by any master.
      return OperatorSide.isOfAnyMaster(request.path) ? snapshot?.value : nil
    }
    snapshot = (run.eventsHandled, taken)
    return taken
  }

  /// The other side has closed a stream.
  package func close(_ stream: Int, at instant: Instant) {
    if stream < 0 {
      if closeMarathons(stream) { return }
      if operatorStreams.removeValue(forKey: stream) != nil { counters.operatorStreams -= 1 }
      return
    }
    advance(to: instant)
    guard let seat = seats.removeValue(forKey: stream) else { return }
    _ = schedulers.close(stream)
    happen(.close(stream: stream), at: instant) { [run] in
      run.cluster.disconnect(seat.framework, seat.incarnation)
    }
  }

  func happen(_ input: Input, at instant: Instant, _ body: @escaping () -> Void) {
    inputs += 1
    if let recording {
      var input = input
      if case .request(var request) = input {
        request.provenPrincipal = operators.description.authentication.principal(ofChange: request)
        input = .request(request)
      }
      recording.note(input, at: instant, after: run.eventsHandled)
    }
    run.happen(at: instant, body)
    noticeLeader()
  }

  // MARK: Heartbeats

  /// The record of a heartbeat on an open stream; changes nothing in the simulation.
  package func heartbeat(of stream: Int) -> [UInt8]? {
    // A comment, as those who read events know nothing of heartbeats.
    if marathonStreams[stream] != nil { return Array(":\n\n".utf8) }
    if stream < 0 { return operatorStreams[stream]?.heartbeatRecord }
    if let framework = seats[stream]?.framework { counters.noteHeartbeat(of: framework) }
    return schedulers.heartbeat(of: stream)
  }

  // MARK: Ends

  /// Ends a stream, maybe with a last record.
  private func end(_ stream: Int, with record: [UInt8]?) {
    if let seat = seats.removeValue(forKey: stream), record == nil, !seat.isLeaving {
      cutSeats.append(seat.name)
    }
    _ = schedulers.close(stream)
    put(Output(stream: stream, record: record, ends: true))
  }

  private func put(_ output: Output) {
    recording?.note(output, after: run.eventsHandled)
    outputs.append(output)
  }

  /// Cuts all connections when who leads ends or is another.
  private func noticeLeader() {
    if !marathonStreams.isEmpty { endMarathonStreams() }
    let cluster = run.cluster
    let present = cluster.leadingNumber
    guard present != leading else { return }
    leading = present
    counters = MasterCounters()
    for (stream, seat) in seats.sorted(by: { $0.key < $1.key }) {
      end(stream, with: nil)
      cluster.disconnect(seat.framework, seat.incarnation)
    }
    for stream in operatorStreams.keys.sorted(by: >) {
      outputs.append(Output(stream: stream, record: nil, ends: true))
    }
    operatorStreams = [:]
  }
}

extension OperatorCall {
  /// The call with instants counted from the start of the run, where calendar time was given.
  fileprivate func since(_ epoch: Int64) -> OperatorCall {
    guard case .updateMaintenance(let windows) = self else { return self }
    return .updateMaintenance(
      windows.map { window in
        var window = window
        window.unavailability.start = Instant(
          nanoseconds: window.unavailability.start.nanoseconds &- epoch &* 1_000_000_000)
        return window
      })
  }
}

extension Gate: RemoteSchedulers {
  package func hear(
    _ message: SchedulerMessage, at framework: FrameworkIndex, _ incarnation: Incarnation
  ) {
    // Readers of records have bounds; a record of many offers becomes several.
    if case .resourceOffers(let offers) = message, offers.count > Self.offersInRecord {
      let all = Array(offers)
      for start in stride(from: 0, to: all.count, by: Self.offersInRecord) {
        let part = all[start..<min(start + Self.offersInRecord, all.count)]
        tell(.resourceOffers(Offers(Array(part))), framework, incarnation)
      }
      return
    }
    tell(message, framework, incarnation)
  }

  /// How many offers a record has at most, so that it stays well below 1 MiB.
  private static var offersInRecord: Int { 400 }

  private func tell(
    _ message: SchedulerMessage, _ framework: FrameworkIndex, _ incarnation: Incarnation
  ) {
    let found = run.cluster.withLeader {
      schedulers.output(message, to: framework, incarnation, $0)
    }
    guard let found, let output = found else { return }
    if case .statusUpdate(let status) = message, let uuid = status.uuid {
      // One that is sent again was due from the first time on.
      let first = seats[output.stream]?.debts[uuid]
      seats[output.stream]?.debts[uuid] = first ?? run.now
    }
    guard output.ends else {
      return put(Output(stream: output.stream, record: output.record))
    }
    seats[output.stream] = nil
    put(Output(stream: output.stream, record: output.record, ends: true))
    run.cluster.disconnect(framework, incarnation)
  }

  package func warn(_ text: String) { warnings.append(text) }

  package func connectionEnded(with framework: FrameworkIndex, _ incarnation: Incarnation) {
    for (stream, seat) in seats.sorted(by: { $0.key < $1.key })
    where seat.framework == framework && seat.incarnation == incarnation {
      end(stream, with: nil)
    }
  }
}

extension Gate: MasterWatch {
  package func told(_ message: borrowing MasterMessage) { counters.note(copy message) }

  package func acted(_ action: borrowing MasterAction) { counters.note(copy action) }

  package func recorded(_ fact: ClusterEvent) {
    counters.note(fact)
    switch fact {
    case .frameworkAdded(let framework):
      // So that nobody outside can subscribe as one of the simulation's.
      let id = run.cluster.withLeader { $0.info(of: framework)?.id }
      if let id, let id { schedulers.directory.learn(id, of: framework) }
    case .frameworkRemoved(let framework):
      if let output = schedulers.frameworkEnded(framework) {
        seats[output.stream] = nil
        put(Output(stream: output.stream, record: output.record, ends: true))
      }
      run.cluster.forget(framework)
    default: break
    }
  }

  package func noted(_ note: MasterNote) {
    counters.note(note)
    for (number, stream) in operatorStreams.sorted(by: { $0.key > $1.key }) {
      let record = run.cluster.withLeader { master in
        stream.record(of: note) { master.info(of: $0) }
      }
      if let record, let record { outputs.append(Output(stream: number, record: record)) }
    }
  }
}
