// Part of mesosim. Apache-2.0, see LICENSE.
//
// One session: listens, lets virtual time go on, and ends in good order.

#if Server
  import ArgumentParser
  import FileSystem
  import Foundation
  import MesosCommands
  import MesosGate
  import MesosScenarios
  import NIOCore
  import NIOPosix
  import Synchronization
  import VirtualTime

  /// One session of the server.
  struct ServerSession {
    /// How a session ends.
    enum End: Sendable {
      /// All clients have left, or the scenario is over, as is said here.
      case over(String)
      /// A client did not settle, or did not come.
      case stuck(String)
      case interrupted
      case cannotListen(String)
      case cannotRecord
    }

    private let options: ServerOptions
    private let run: ScenarioRun
    private let file: RecordingFile?
    private let recorder: InputRecorder?
    private let common: CommonOptions
    private let live: LiveLog

    init(
      _ options: ServerOptions, _ run: ScenarioRun, _ live: LiveLog, _ file: RecordingFile?,
      _ recorder: InputRecorder?, _ common: CommonOptions
    ) {
      self.live = live
      self.options = options
      self.run = run
      self.file = file
      self.recorder = recorder
      self.common = common
    }

    /// Serves until the session is over.
    /// - Throws: The exit code, unless it is 0.
    func serve(_ gate: Gate) throws {
      Interruption.listen()
      OpenFiles.allow(2048)
      let handed = Handed(gate: gate)
      let (options, file, live) = (options, file, live)
      let isQuiet = common.quiet
      let ended = DispatchSemaphore(value: 0)
      let outcome = Outcome()
      Task.detached {
        let connections = Connections(takesLoopbackOnly: options.takesLoopback)
        let keeper = GateKeeper(
          handed.gate, options.mode, clients: options.clients, connections, live)
        let serving = Serving(
          options: options, keeper: keeper, connections: connections, live: live, file: file,
          isQuiet: isQuiet)
        let end = await serving.run()
        let remarks = await keeper.remarks
        outcome.value.withLock { $0 = (end, serving.rounds.count, remarks) }
        ended.signal()
      }
      ended.wait()
      guard let outcome = outcome.value.withLock({ $0 }) else { return }
      try finish(outcome.end, rounds: outcome.rounds, outcome.remarks)
    }

    /// The gate, which is handed over: until the session has ended nobody else touches it or its
    /// run.
    private struct Handed: @unchecked Sendable {
      let gate: Gate
    }

    private final class Outcome: Sendable {
      let value = Mutex<(end: End, rounds: Int, remarks: [String])?>(nil)
    }

    private func finish(_ end: End, rounds: Int, _ remarks: [String]) throws {
      recorder?.finish(events: run.eventsHandled, at: run.now, digest: run.digest)
      try file?.finish()
      try run.finishLog()
      if case .cannotListen(let reason) = end {
        throw UnreachablePort(host: options.host, port: options.port, reason: reason).exit
      }
      let roundsText = options.mode == .lockStep ? ", \(rounds) rounds" : ""
      let reason = if case .over(let text) = end { " (\(text))" } else { "" }
      try emit(
        "ended at \(run.now)\(reason), \(run.eventsHandled) events\(roundsText)\ndigest "
          + "\(run.digest)\n" + remarks.map { $0 + "\n" }.joined())
      switch end {
      case .over, .cannotListen, .cannotRecord: break
      case .stuck(let reason):
        say("not settled within the patience: \(reason)")
        throw Exit.checkFailed
      case .interrupted: try Interruption.leave(ifPartial: true, "the scenario was not over")
      }
    }
  }

  /// How many files and sockets the process may have open.
  enum OpenFiles {
    /// Allows so many at least, where the system lets it: many shells begin with fewer than the
    /// connections that are taken.
    static func allow(_ count: rlim_t) {
      var limit = rlimit()
      #if os(Linux)
        let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
      #else
        let kind = RLIMIT_NOFILE
      #endif
      guard getrlimit(kind, &limit) == 0, limit.rlim_cur < count else { return }
      limit.rlim_cur = min(count, limit.rlim_max)
      setrlimit(kind, &limit)
    }
  }

  /// Why the server cannot listen.
  struct UnreachablePort {
    let host: String
    let port: Int
    let reason: String

    /// Says so; the exit code.
    var exit: ExitCode {
      say(
        "\(host):\(port): cannot listen: \(reason); expected a free port: --port 0 finds one")
      return Exit.cannotWrite
    }
  }

  /// What runs at the same time in a session: connections, the clock, heartbeats.
  struct Serving: Sendable {
    let options: ServerOptions
    let keeper: GateKeeper
    let connections: Connections
    let live: LiveLog
    let file: RecordingFile?
    let isQuiet: Bool
    let rounds = Counter()

    func run() async -> ServerSession.End {
      let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
      let ends = AsyncStream<ServerSession.End>.makeStream()
      let listening = AsyncStream<Void>.makeStream()
      // Whoever comes to an end first ends all; connections that are still open end with the
      // process, and nobody waits for them.
      func begin(_ body: @escaping @Sendable () async -> ServerSession.End?) {
        Task.detached { if let end = await body() { ends.continuation.yield(end) } }
      }
      begin { await listen(on: group) { listening.continuation.yield() } }
      begin {
        for await _ in listening.stream { return await keepTime(on: group.next()) }
        return nil
      }
      begin { await watch() }
      begin { await beat() }
      var iterator = ends.stream.makeAsyncIterator()
      let end = await iterator.next() ?? .interrupted
      await keeper.end()
      // What was said last still goes out.
      try? await Task.sleep(for: .milliseconds(100))
      return end
    }

    private func listen(
      on group: any EventLoopGroup, whenReady ready: @escaping @Sendable () -> Void
    ) async -> ServerSession.End? {
      let server = HTTPServer(
        keeper: keeper, connections: connections, pages: PageSource(live: live, keeper: keeper),
        isOpen: options.isOpen,
        isReadOnly: options.isReadOnly)
      do {
        try await server.listen(
          on: group, at: options.takesLoopback ? "0.0.0.0" : options.host, port: options.port
        ) {
          announce()
          ready()
        }
        return nil
      } catch {
        return .cannotListen(Self.reason(of: error))
      }
    }

    private static func reason(of error: any Error) -> String {
      guard let error = error as? IOError else { return "\(error)" }
      return String(cString: strerror(error.errnoCode)).lowercased()
    }

    private func announce() {
      let host = options.host.contains(":") ? "[\(options.host)]" : options.host
      let seats =
        options.clients.isEmpty ? "" : ", awaiting \(options.clients.joined(separator: ", "))"
      try? emit("ready http://\(host):\(connections.port ?? options.port)\(seats)\n")
      if options.isOpen, !isQuiet {
        say("warning: whoever reaches this machine reaches the simulation")
      }
    }

    private func keepTime(on eventLoop: any EventLoop) async -> ServerSession.End {
      if options.mode == .lockStep {
        let steps = LockStep(
          keeper: keeper, eventLoop: eventLoop, patience: options.patience,
          proceeds: options.proceeds, quiet: options.quiet, rounds: rounds)
        return await steps.run()
      }
      while !Task.isCancelled {
        if await keeper.advance() { continue }
        if await keeper.isOver { return .over("the scenario's end") }
        try? await Task.sleep(for: await keeper.pause)
      }
      return .interrupted
    }

    /// Watches for what ends a session from outside.
    private func watch() async -> ServerSession.End? {
      while !Task.isCancelled {
        if Interruption.isRequested { return .interrupted }
        if file?.failure != nil { return .cannotRecord }
        try? await Task.sleep(for: .milliseconds(20))
      }
      return nil
    }

    /// Heartbeats go by the clock on the wall: they are no events, and keep connections alive.
    private func beat() async -> ServerSession.End? {
      while !Task.isCancelled {
        try? await Task.sleep(for: .seconds(5))
        if Task.isCancelled { break }
        await keeper.beat()
      }
      return nil
    }
  }
#endif
