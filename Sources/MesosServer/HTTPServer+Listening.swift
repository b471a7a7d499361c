// Part of mesosim. Apache-2.0, see LICENSE.
//
// Where requests come in.

#if Server
  import HummingbirdCore
  import Logging
  import NIOCore
  import NIOPosix
  import ServiceLifecycle

  extension HTTPServer {
    /// Listens until the task is cancelled.
    /// - Parameters:
    ///   - group: What the connections run on.
    ///   - host: The address.
    ///   - port: The port; 0 is any that is free.
    ///   - ready: Called once it listens; `connections` know the port then.
    /// - Throws: Why it cannot listen.
    func listen(
      on group: any EventLoopGroup, at host: String, port: Int,
      whenReady ready: @escaping @Sendable () -> Void
    ) async throws {
      var logger = Logger(label: "mesosim-server")
      logger.logLevel = .critical
      var decoder = HTTP1Channel.Configuration.DecoderConfiguration()
      decoder.maxHeaderFieldSize = 16 << 10
      decoder.maxHeaderListSize = 16 << 10
      decoder.maxHeaderFieldCount = 100
      let service = try HTTPServerBuilder.http1(
        configuration: HTTP1Channel.Configuration(
          additionalChannelHandlers: [RequestWatch(connections)],
          httpDecoderConfiguration: decoder)
      ).buildServer(
        configuration: ServerConfiguration(
          address: .hostname(host, port: port), backlog: connections.limits.connections),
        eventLoopGroup: group, logger: logger,
        responder: { try await respond(to: $0, $1, on: $2) },
        onServerRunning: { [connections] channel in
          connections.port = channel.localAddress?.port
          ready()
        })
      try await service.run()
    }
  }
#endif
