// Part of mesosim. Apache-2.0, see LICENSE.
//
// Options and exit codes of the server.

#if Server
  import ArgumentParser
  import Foundation
  import MesosCluster
  import MesosCommands
  import MesosGate
  import MesosOperator
  import MesosScenarios

  /// The program `mesosim-server`.
  public enum ServerProgram {
    /// Reads the arguments of the process, serves and ends the process.
    public static func main() { Mesosim.main(ServeCommand.self) }
  }

  /// `mesosim-server`: a scenario that real clients take part in.
  struct ServeCommand: VocabularyCommand {
    static let configuration = CommandConfiguration(
      commandName: "mesosim-server",
      abstract: "Run a scenario, and let clients of Mesos take part in it by HTTP.",
      discussion: """
        Prints 'ready http://…' once it listens. Without --clients, virtual time goes with the clock \
        on the wall, --pace times as fast; with --clients it stands still while one of them owes an \
        answer, so that the same clients meet the same each time.

        Example:
          mesosim-server scenarios/quickstart/two-frameworks.yaml --pace 60
          mesosim-server scenarios/services/clients.yaml --clients hello --record inputs.jsonl

        Exit codes: 0 the clients have left or the scenario is over, 1 a client did not settle, 64 \
        wrong usage, 65 bad input, 66 file not found, 74 the port is taken or output can't be \
        written, 130 interrupted by Ctrl-C (143 by SIGTERM).
        """,
      version: ScenarioRun.version)

    @OptionGroup var scenario: ScenarioOptions
    @OptionGroup var common: CommonOptions

    @Option(help: "The allocator; by default the scenario's first but static.")
    var allocator: String?

    @Option(
      help: "The port; 0 for one that is free.",
      transform: wholeNumber(0...65535))
    var port = 5050

    @Option(help: "The address to listen on.")
    var listen = "127.0.0.1"

    @Option(
      help: ArgumentHelp(
        "The frameworks that are awaited, by name: virtual time stands still while one owes an "
          + "answer.", valueName: "a,b"))
    var clients: String?

    @Option(
      parsing: .unconditional,
      help: ArgumentHelp("Virtual seconds in a second; max for as fast as it can.", valueName: "n"))
    var pace: String?

    @Flag(help: "Virtual time goes on only when POST /mesosim/v1/clock says so.")
    var manual = false

    @Option(help: ArgumentHelp("How long a client may owe an answer.", valueName: "time"))
    var patience = "30s"

    @Option(
      name: .customLong("on-stuck"),
      help: ArgumentHelp(
        "What then: stop, or proceed, which may come out otherwise another time.",
        valueName: "stop|proceed"),
      transform: proceeds(on:))
    var proceeds = false

    @Option(
      name: .customLong("quiet-for"),
      help: ArgumentHelp(
        "How long nothing must come from a client whose threads cannot be seen.",
        valueName: "time"))
    var quietFor = "20ms"

    @Option(
      help: ArgumentHelp(
        "What slaves' machines are called: names, as in the scenario, or loopback, 127.1.0.1 and so "
          + "on, which every program here finds; with --clients loopback unless the names are "
          + "addresses.", valueName: "names|loopback"),
      transform: hostnames(named:))
    var hostnames: Hostnames?

    @Option(
      help: ArgumentHelp(
        "Calendar time of the start; 'now' for the clock on the wall, by default the scenario's.",
        valueName: "now"))
    var epoch: String?

    @Option(
      name: .customLong("record"),
      help: ArgumentHelp(
        "Write what clients say as lines of JSON, for 'mesosim replay'.", valueName: "file"))
    var recording: String?

    @Option(
      name: .customLong("events"),
      help: ArgumentHelp("Write every fact as a line of JSON; .gz compresses.", valueName: "file"))
    var events: String?

    @Flag(help: "Log allocations with their reasons, for the page, 'mesosim why' and 'view'.")
    var explain = false

    @Option(
      help: ArgumentHelp(
        "Who may ask, as Mesos has it: {\"credentials\": [{\"principal\", \"secret\"}]}, or lines "
          + "with both.", valueName: "file"))
    var credentials: String?

    @Flag(name: .customLong("authenticate-http-readonly"), help: "Readers must say who they are.")
    var authenticatesReaders = false

    @Flag(name: .customLong("authenticate-http-readwrite"), help: "So must who changes something.")
    var authenticatesWriters = false

    @Flag(name: .customLong("authenticate-http-frameworks"), help: "So must schedulers.")
    var authenticatesFrameworks = false

    @Flag(help: "Allow to listen where other machines reach it without --credentials.")
    var insecure = false

    @Flag(name: .customLong("read-only"), help: "Let nobody change anything from outside.")
    var readOnly = false

    @Flag(
      name: .customLong("exact-1.11"),
      help: "Leave out paths that are older than Mesos 1.0, such as /state.json.")
    var exact = false

    @Flag(
      name: .customLong("recorded-cases"),
      help: ArgumentHelp(
        "Run the recorded cases of masters in a folder by way of sockets.", visibility: .hidden))
    var runsCases = false

    func run(with vocabulary: ScenarioVocabulary) throws {
      if runsCases { return try RecordedCases.run(in: scenario.path) }
      try reportingFailures {
        var options = try serverOptions()
        var loaded = try scenario.load(common, vocabulary)
        if epoch == "now" {
          loaded.scenario.epoch = Int64(Date().timeIntervalSince1970)
        } else if let epoch {
          throw ValidationError("--epoch \(epoch): expected now; a scenario says others by 'epoch'")
        }
        let simulated = Set(loaded.scenario.frameworks.map(\.name))
        if let name = options.clients.first(where: simulated.contains) {
          throw ValidationError(
            "--clients \(name): a framework of the scenario, which is simulated; expected names of "
              + "frameworks that come from outside")
        }
        // What clients that speak the v1 API know.
        if loaded.scenario.cluster.behaviour == nil {
          loaded.scenario.cluster.chosenBehaviour = .mesos1_11
        }
        if let hostnames {
          loaded.scenario.cluster.hostnames = hostnames
        } else if clients != nil, !loaded.scenario.cluster.hasAddressesAsNames {
          loaded.scenario.cluster.hostnames = .loopback
        }
        options.takesLoopback =
          loaded.scenario.cluster.hostnames == .loopback && options.host == "127.0.0.1"
        let entry = try allocator.map {
          try loaded.allocatorEntry($0, registry: vocabulary.allocators)
        }
        // Static partitions are of those who are known before.
        let listed = loaded.scenario.allocators
        guard
          let chosen = entry ?? listed.first(where: { $0.name != "static" }) ?? listed.first
        else { return }
        let address = "\(options.host):\(options.port)"
        let run = try ScenarioRun(
          PreparedScenario(loaded), allocator: chosen, at: ClusterSetup.Address(address),
          registry: vocabulary.allocators)
        if let events { try run.logEvents(to: events, isExplained: explain) }
        let live = LiveLog()
        run.passEvents(isExplained: explain) { live.append($0) }
        run.drawPicture()
        let description = try masterDescription()
        let header = RecordingHeader(
          version: ScenarioRun.version, scenario: loaded.scenario.resolvedYAML,
          name: scenario.shownPath, folder: loaded.files.folder, allocator: chosen.label,
          address: address, flags: description.flags, servesOldPaths: !exact,
          clients: options.clients)
        let file = try recording.map { try RecordingFile($0) }
        let recorder = file.map { file in InputRecorder(header) { file.write($0) } }
        let gate = Gate(run, description, seed: run.seed, recording: recorder)
        let session = ServerSession(options, run, live, file, recorder, common)
        try session.serve(gate)
      }
    }

    private func serverOptions() throws -> ServerOptions {
      var options = ServerOptions()
      options.host = listen
      options.port = port == 0 ? FreePort.find() ?? 0 : port
      options.isReadOnly = readOnly
      options.proceeds = proceeds
      let names = (clients ?? "").split(separator: ",").map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      options.clients = names.filter { !$0.isEmpty }
      if clients != nil, options.clients.isEmpty {
        throw ValidationError("--clients: no names; expected names of frameworks, such as a,b")
      }
      let chosen = [clients != nil, pace != nil, manual].count(where: \.self)
      if chosen > 1 {
        throw ValidationError("--clients, --pace and --manual; expected at most one of them")
      }
      if let pace {
        guard let factor = pace == "max" ? .infinity : Double(pace), factor > 0 else {
          throw ValidationError("--pace \(pace): expected a positive number or max")
        }
        options.mode = .paced(factor)
      }
      if clients != nil { options.mode = .lockStep }
      if manual { options.mode = .manual }
      for (name, text, path) in [
        ("patience", patience, \ServerOptions.patience),
        ("quiet-for", quietFor, \ServerOptions.quiet),
      ] {
        guard let time = Scenario.duration(text), time > .zero else {
          throw ValidationError("--\(name) \(text): expected a duration such as 30s or 20ms")
        }
        options[keyPath: path] = time
      }
      options.isOpen = !HTTPServer.isLoopback(listen)
      if options.isOpen, credentials == nil, !insecure {
        throw ValidationError(
          "--listen \(listen): whoever reaches this machine could change the simulation; expected "
            + "--credentials or --insecure with it")
      }
      return options
    }

    private static func proceeds(on text: String) throws -> Bool {
      guard text == "stop" || text == "proceed" else {
        throw ValidationError("expected stop or proceed")
      }
      return text == "proceed"
    }

    private static func hostnames(named text: String) throws -> Hostnames {
      guard let found = Hostnames(rawValue: text) else {
        throw ValidationError("expected names or loopback")
      }
      return found
    }

    private func masterDescription() throws -> MasterDescription {
      var flags: [String: String] = [:]
      flags["authenticate_http_readonly"] = authenticatesReaders ? "true" : nil
      flags["authenticate_http_readwrite"] = authenticatesWriters ? "true" : nil
      flags["authenticate_http_frameworks"] = authenticatesFrameworks ? "true" : nil
      var description = MasterDescription(flags: flags)
      description.servesOldPaths = !exact
      if let credentials {
        description.authentication.credentials = try CredentialFile.read(credentials)
      } else if !flags.isEmpty {
        throw ValidationError(
          "authentication without --credentials; expected the file of who may ask")
      }
      return description
    }
  }

  /// A port that nobody listens on: the cluster has to know it before anybody can.
  enum FreePort {
    static func find() -> Int? {
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      guard descriptor >= 0 else { return nil }
      defer { close(descriptor) }
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
      var length = socklen_t(MemoryLayout<sockaddr_in>.size)
      let isFound = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
        }
      }
      return isFound ? Int(UInt16(bigEndian: address.sin_port)) : nil
    }
  }

  /// What the server was told.
  struct ServerOptions: Sendable {
    var host = "127.0.0.1"
    var port = 5050
    /// Whether it listens at all addresses in 127/8, which are those of the slaves.
    var takesLoopback = false
    /// Whether it can be reached from other machines.
    var isOpen = false
    var isReadOnly = false
    var mode = GateKeeper.Mode.paced(1)
    var clients: [String] = []
    var patience = Duration.seconds(30)
    /// Whether virtual time goes on when patience has ended.
    var proceeds = false
    var quiet = Duration.milliseconds(20)
  }
#endif
