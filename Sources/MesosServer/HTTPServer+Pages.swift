// Part of mesosim. Apache-2.0, see LICENSE.
//
// Answers to pages: their files, and what happens while they are open.

#if Server
  import HTTPTypes
  import HummingbirdCore
  import MesosOperator
  import NIOCore

  /// Where pages get what they show.
  struct PageSource: Sendable {
    let live: LiveLog
    let keeper: GateKeeper
  }

  extension HTTPServer {
    func send(
      _ file: PageFile, to request: Request, _ writer: consuming ResponseWriter
    ) async throws {
      let body = request.method == .head ? ByteBuffer() : ByteBuffer(bytes: file.contents)
      try await writer.write(response: file.head, body: ResponseBody(byteBuffer: body))
    }

    /// Tells a page what happens, until it is closed.
    func send(
      _ pages: PageSource, to value: OperatorRequest, _ request: Request,
      _ writer: consuming ResponseWriter, _ channel: any Channel
    ) async throws {
      let keeper = pages.keeper
      if let refusal = await keeper.refusal(of: value, isChange: false) {
        return try await send(refusal, to: request, writer)
      }
      guard connections.openStream(on: channel) else {
        return try await send(
          OperatorReply(503, "Too many streams"), to: request, writer, closing: true)
      }
      defer { connections.closeStream(on: channel) }
      var head = HTTPResponse(status: .ok)
      head.headerFields[.contentType] = "text/event-stream"
      head.headerFields[.cacheControl] = "no-cache"
      head.headerFields[.xContentTypeOptions] = "nosniff"
      var body: any ResponseBodyWriter = try await writer.writeHead(head)
      connections.answered(channel)
      if request.method == .head { return try await body.finish(nil) }
      let lastID = value.headers["last-event-id"] ?? value.query["from"]
      var feed = EventFeed(pages.live, keeper, lastID: lastID)
      while channel.isActive, await !keeper.isEnded {
        let events = await feed.next()
        if !events.isEmpty {
          let limit = connections.awaitReading(on: channel)
          defer { limit.cancel() }
          try await body.write(ByteBuffer(bytes: events))
        }
        if !feed.isBehind { try? await Task.sleep(for: EventFeed.pause) }
      }
      // What was said last.
      let last = await feed.next()
      if !last.isEmpty { try await body.write(ByteBuffer(bytes: last)) }
      try await body.finish(nil)
    }
  }
#endif
