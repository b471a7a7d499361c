// Part of mesosim. Apache-2.0, see LICENSE.
//
// Recorded cases of what a master answers, held to the server as it is; `mesosim conformance` runs
// those of all kinds, without sockets.

#if Server
  import Foundation
  import MesosCommands
  import MesosConformance
  import NIOPosix

  /// Runs recorded cases of kind `http` by way of sockets.
  enum RecordedCases {
    /// Runs those in a folder, or in a file, and prints what comes out otherwise.
    /// - Throws: The exit code, unless all came out as recorded.
    static func run(in path: String) throws {
      let master = CaseMaster()
      let connections = Connections()
      // Mesos gives answers as scripts; this server is for nobody but its own client.
      let server = HTTPServer(
        keeper: master, connections: connections, isOpen: false, isReadOnly: false,
        givesScripts: true)
      let ready = DispatchSemaphore(value: 0)
      Task.detached {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        try? await server.listen(on: group, at: "127.0.0.1", port: 0) { ready.signal() }
        ready.signal()
      }
      ready.wait()
      guard let port = connections.port else {
        throw UnreachablePort(host: "127.0.0.1", port: 0, reason: "no port is free").exit
      }
      let report = ConformanceSuite(over: { CaseSockets(master, port: port) }).run(paths: [path])
      for line in report.errorLines { say("error: \(line)") }
      for line in report.lines { print(line) }
      if !report.errorLines.isEmpty || report.isEmpty { throw Exit.badData }
      if !report.isSuccess(strict: false) { throw Exit.checkFailed }
    }
  }
#endif
