// Part of mesosim. Apache-2.0, see LICENSE.
//
// Recorded cases of what a master answers, by way of sockets: the server as it is, with the master
// of a case behind it, and a client that reads every byte.

#if Server
  import Dispatch
  import MesosConformance
  import MesosOperator
  import Synchronization

  /// Answers with what the master of a case makes of requests.
  final class CaseMaster: Answering {
    typealias Serve = (OperatorRequest) -> CaseAnswer

    /// What is called by one thread while another, which it belongs to, waits for it.
    private struct Lent<Body>: @unchecked Sendable { let body: Body }

    private struct State {
      /// How many cases there were: numbers of streams begin again with each.
      var cases = 0
      var serve: Lent<Serve>?
      var outboxes: [Int: Outbox] = [:]
      var opened: Int?
      var notices: [Int: Lent<() -> Void>] = [:]
    }

    private let state = Mutex(State())

    /// Begins another case; its number.
    func begin() -> Int {
      state.withLock { state in
        for outbox in state.outboxes.values { outbox.end() }
        state.outboxes = [:]
        state.notices = [:]
        state.cases += 1
        return state.cases
      }
    }

    /// Lets requests be answered by this.
    func serve(by serve: @escaping Serve) {
      let lent = Lent(body: serve)
      state.withLock {
        $0.serve = lent
        $0.opened = nil
      }
    }

    /// The stream that the last request has opened.
    var opened: Int? { state.withLock(\.opened) }

    /// What waits to be sent on a stream.
    func outbox(of stream: Int) -> Outbox {
      state.withLock { state in
        if let known = state.outboxes[stream] { return known }
        let made = Outbox(limit: 16 << 20)
        state.outboxes[stream] = made
        return made
      }
    }

    /// Calls this when a stream is seen to be closed.
    func notice(_ stream: Int, _ body: @escaping () -> Void) {
      let lent = Lent(body: body)
      state.withLock { $0.notices[stream] = lent }
    }

    func answer(_ request: OperatorRequest, port: Int?) async -> GateKeeper.Answer {
      let (serve, number) = state.withLock { ($0.serve, $0.cases) }
      guard let serve else { return .reply(OperatorReply(503)) }
      switch serve.body(request) {
      case .reply(let reply): return .reply(reply)
      case .opened(let stream, let reply):
        let stream = Self.number(of: stream, in: number)
        state.withLock { $0.opened = stream }
        return .opened(stream: stream, reply, outbox(of: stream))
      }
    }

    func closed(_ stream: Int) async {
      let notice = state.withLock { $0.notices.removeValue(forKey: stream) }
      notice?.body()
    }

    /// A number of a stream that no other case has.
    static func number(of stream: Int, in number: Int) -> Int { number * 1_000_000 + stream }
  }

  /// The sockets of one case.
  final class CaseSockets: CaseWire {
    private let master: CaseMaster
    private let port: Int
    private let number: Int
    /// The connection for requests, which is kept as long as the server keeps it.
    private var kept: CaseConnection?
    private var streams: [Int: CaseConnection] = [:]

    init(_ master: CaseMaster, port: Int) {
      self.master = master
      self.port = port
      number = master.begin()
    }

    func exchange(
      _ request: CaseRequest, _ serve: @escaping (OperatorRequest) -> CaseAnswer
    ) throws -> CaseReading {
      master.serve(by: serve)
      let connection = try kept ?? CaseConnection(to: port)
      kept = nil
      try connection.send(request)
      var reading = try connection.readHead()
      if let stream = master.opened {
        guard reading.headers["transfer-encoding"] == "chunked" else {
          throw CaseConnection.Fault("the answer stays open and is not chunked")
        }
        streams[stream] = connection
        return reading
      }
      if request.method != "HEAD" { reading.body = try connection.readBody(reading) }
      if reading.headers["connection"]?.lowercased() != "close" { kept = connection }
      return reading
    }

    private func ours(_ stream: Int) -> Int { CaseMaster.number(of: stream, in: number) }

    func put(_ record: [UInt8], on stream: Int) { master.outbox(of: ours(stream)).put(record) }

    func end(_ stream: Int) { master.outbox(of: ours(stream)).end() }

    func read(_ stream: Int) throws -> [UInt8]? {
      guard let connection = streams[ours(stream)] else {
        throw CaseConnection.Fault("stream \(stream) is not open")
      }
      return try connection.readRecord()
    }

    func close(_ stream: Int, _ notice: @escaping () -> Void) throws {
      guard let connection = streams.removeValue(forKey: ours(stream)) else {
        throw CaseConnection.Fault("stream \(stream) is not open")
      }
      let done = DispatchSemaphore(value: 0)
      master.notice(ours(stream)) {
        notice()
        done.signal()
      }
      connection.close()
      guard done.wait(timeout: .now() + .seconds(10)) == .success else {
        throw CaseConnection.Fault("that stream \(stream) was closed is not noticed")
      }
    }
  }
#endif
