// Part of mesosim. Apache-2.0, see LICENSE.
//
// Between HTTP and the gate: requests become values, answers become bytes. Who is answered what is
// not decided here, but who is not let in at all is.

#if Server
  import Foundation
  import HTTPTypes
  import HummingbirdCore
  import MesosGate
  import MesosOperator
  import NIOCore
  import NIOHTTPTypes

  /// Who decides what requests are answered.
  protocol Answering: Sendable {
    /// Answers a request; `port` is that of the other side.
    func answer(_ request: OperatorRequest, port: Int?) async -> GateKeeper.Answer
    /// The other side has closed a stream, or it was cut.
    func closed(_ stream: Int) async
  }

  extension GateKeeper: Answering {}

  /// Answers requests.
  struct HTTPServer: Sendable {
    let keeper: any Answering
    let connections: Connections
    /// Where pages get what they show; `nil` where there are none.
    var pages: PageSource?
    /// Whether requests from other machines are taken, by whatever name they call this one.
    let isOpen: Bool
    /// Whether nothing may be changed from outside.
    let isReadOnly: Bool
    /// Whether answers are given as scripts where a page asks for them, as Mesos does.
    var givesScripts = false

    /// Answers one request.
    @Sendable func respond(
      to request: Request, _ writer: consuming ResponseWriter, on channel: any Channel
    ) async throws {
      if let refusal = refusal(of: request) {
        return try await send(refusal, to: request, writer, closing: true)
      }
      guard let path = Self.path(of: request) else {
        return try await send(OperatorReply(400, "Malformed path"), to: request, writer)
      }
      let limit =
        OperatorSide.isOfSchedulers(path)
        ? connections.limits.callBytes : connections.limits.bodyBytes
      let tooLarge = OperatorReply(413, "A body of more than \(limit) bytes is not taken")
      if let length = request.head.headerFields[.contentLength].flatMap({ Int($0) }), length > limit
      {
        return try await send(tooLarge, to: request, writer, closing: true)
      }
      if request.head.headerFields[.expect]?.lowercased() == "100-continue" {
        try await writer.writeInformationalHead(HTTPResponse(status: .continue))
      }
      let body: ByteBuffer
      do { body = try await request.body.collect(upTo: limit) } catch is NIOTooManyBytesError {
        return try await send(tooLarge, to: request, writer, closing: true)
      } catch {
        return try await send(
          OperatorReply(400, "The body cannot be read"), to: request, writer, closing: true)
      }
      let value = Self.value(of: request, path, body)
      if !givesScripts, value.query["jsonp"] != nil {
        // Any page could read an answer that is a script.
        return try await send(
          OperatorReply(400, "Answers as scripts (jsonp) are not given"), to: request, writer)
      }
      if let pages, value.method == "GET" {
        if let file = PageFile.all[path] { return try await send(file, to: request, writer) }
        if path == EventFeed.path {
          return try await send(pages, to: value, request, writer, channel)
        }
      }
      switch await keeper.answer(value, port: channel.remoteAddress?.port) {
      case .reply(let reply): try await send(reply, to: request, writer, on: channel)
      case .opened(let stream, let reply, let outbox):
        try await send(outbox, of: stream, reply, writer, channel)
      }
    }

    // MARK: Who is let in

    private func refusal(of request: Request) -> OperatorReply? {
      if !isOpen {
        // Else a page of somebody else's could reach this port under a name of its own.
        guard let authority = request.head.authority, Self.isLoopback(authority) else {
          return OperatorReply(403, "The Host header must name this machine, as in 127.0.0.1:5050")
        }
      }
      let headers = request.head.headerFields
      if let origin = headers[.origin], !isOwn(origin, request) {
        return OperatorReply(403, "Requests of pages from elsewhere are not taken")
      }
      // Another port of this machine is elsewhere, too.
      if let site = HTTPField.Name("Sec-Fetch-Site").flatMap({ headers[$0] }),
        site != "same-origin", site != "none"
      {
        return OperatorReply(403, "Requests of pages from elsewhere are not taken")
      }
      if let coding = headers[.contentEncoding], coding != "identity" {
        return OperatorReply(415, "Compressed bodies are not taken")
      }
      if isReadOnly, request.method != .get, request.method != .head {
        return OperatorReply(403, "This server is read only")
      }
      return nil
    }

    private func isOwn(_ origin: String, _ request: Request) -> Bool {
      guard let authority = request.head.authority else { return false }
      return origin == "http://\(authority)"
    }

    /// Whether a name with or without a port names this machine itself.
    static func isLoopback(_ authority: String) -> Bool {
      var host = Substring(authority)
      if host.hasPrefix("[") {
        host = host.dropFirst().prefix { $0 != "]" }
      } else {
        host = host.prefix { $0 != ":" }
      }
      if host == "localhost" || host == "::1" { return true }
      let parts = host.split(separator: ".", omittingEmptySubsequences: false)
      return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    // MARK: Values

    /// The path without what it must not have; `nil` where it has.
    private static func path(of request: Request) -> String? {
      let raw = request.head.path ?? "/"
      let path = raw.prefix { $0 != "?" }
      guard let decoded = String(path).removingPercentEncoding, path.hasPrefix("/") else {
        return nil
      }
      let isPlain = decoded.unicodeScalars.allSatisfy {
        $0.value >= 32 && $0 != "\\" && $0.value != 127
      }
      return isPlain && !decoded.split(separator: "/").contains("..") ? decoded : nil
    }

    private static func value(of request: Request, _ path: String, _ body: ByteBuffer)
      -> OperatorRequest
    {
      var headers: [String: String] = [:]
      for field in request.head.headerFields {
        headers[field.name.canonicalName] = field.value
      }
      let query = (request.head.path ?? "").drop { $0 != "?" }
      let data = Array(body.readableBytesView)
      let isText = OperatorRequest.isText(headers["content-type"])
      var value = OperatorRequest(
        request.method == .head ? "GET" : request.method.rawValue, path + query,
        body: isText ? String(decoding: data, as: UTF8.self) : "", data: isText ? nil : data,
        headers: headers)
      // What a path holds after decoding is no query.
      value.path = path
      return value
    }

    // MARK: Answers

    private func head(of reply: OperatorReply) -> HTTPResponse {
      var head = HTTPResponse(status: HTTPResponse.Status(code: reply.status))
      if let kind = reply.contentType { head.headerFields[.contentType] = kind }
      for (name, value) in reply.headers.sorted(by: { $0.key < $1.key }) {
        if let name = HTTPField.Name(name) { head.headerFields[name] = value }
      }
      head.headerFields[.xContentTypeOptions] = "nosniff"
      return head
    }

    /// Sends a whole answer; a large one piece by piece as it is written.
    func send(
      _ reply: OperatorReply, to request: Request, _ writer: consuming ResponseWriter,
      closing: Bool = false, on channel: (any Channel)? = nil
    ) async throws {
      var head = head(of: reply)
      if closing { head.headerFields[.connection] = "close" }
      let isBare = request.method == .head
      if !reply.isInPieces || isBare {
        var body = ByteBuffer()
        reply.write(piecesOf: 1 << 20) { body.writeBytes($0) }
        head.headerFields[.contentLength] = String(body.readableBytes)
        if isBare { body.clear() }
        try await writer.write(response: head, body: ResponseBody(byteBuffer: body))
        return
      }
      // The snapshot is written where it hinders nobody, as fast as it is read.
      let pieces = PieceQueue(capacity: 4) { reply.write(piecesOf: 1 << 16, to: $0) }
      defer { pieces.cancel() }
      let first = await pieces.next() ?? []
      let second = await pieces.next()
      guard var piece = second else {
        head.headerFields[.contentLength] = String(first.count)
        try await writer.write(
          response: head, body: ResponseBody(byteBuffer: ByteBuffer(bytes: first)))
        return
      }
      var body: any ResponseBodyWriter = try await writer.writeHead(head)
      // What is read slowly holds up no client whose answer is awaited.
      if let channel { connections.answered(channel) }
      try await body.write(ByteBuffer(bytes: first))
      while true {
        let limit = channel.map { connections.awaitReading(on: $0) }
        defer { limit?.cancel() }
        try await body.write(ByteBuffer(bytes: piece))
        guard let next = await pieces.next() else { break }
        piece = next
      }
      try await body.finish(nil)
    }

    /// Sends what comes on a stream until it ends or the other side closes it.
    private func send(
      _ outbox: Outbox, of stream: Int, _ reply: OperatorReply, _ writer: consuming ResponseWriter,
      _ channel: any Channel
    ) async throws {
      guard connections.openStream(on: channel) else {
        await keeper.closed(stream)
        var head = head(of: OperatorReply(503, "Too many streams"))
        head.headerFields[.connection] = "close"
        head.headerFields[.contentLength] = "0"
        try await writer.writeResponse(head)
        return
      }
      defer { connections.closeStream(on: channel) }
      channel.closeFuture.whenComplete { _ in outbox.end() }
      var head = head(of: reply)
      head.headerFields[.connection] = nil
      do {
        var body: any ResponseBodyWriter = try await writer.writeHead(head)
        connections.answered(channel)
        while let bytes = await outbox.next() { try await body.write(ByteBuffer(bytes: bytes)) }
        if !outbox.wasCut { try await body.finish(nil) }
      } catch {
        outbox.drop()
        await keeper.closed(stream)
        throw error
      }
      await keeper.closed(stream)
      try? await channel.close()
    }
  }
#endif
