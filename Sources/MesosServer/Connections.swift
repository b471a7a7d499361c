// Part of mesosim. Apache-2.0, see LICENSE.
//
// What is known of the connections that are open: how many there are, and which of them are in the
// middle of something. Limits on what a connection may do stand here as well.

#if Server
  import HTTPTypes
  import NIOCore
  import NIOHTTPTypes
  import Synchronization

  /// The connections that are open.
  final class Connections: Sendable {
    /// How much anybody may use (server limits; the same for all).
    struct Limits: Sendable {
      /// Connections at once.
      var connections = 1024
      /// Streams at once.
      var streams = 256
      /// Seconds in which a request's head must have come as a whole.
      var headSeconds: Int64 = 10
      /// Seconds after which a body must come at `bodyBytesPerSecond` at least.
      var bodyGraceSeconds: Int64 = 5
      var bodyBytesPerSecond: Int64 = 1024
      /// Seconds in which a piece of an answer must be read.
      var readSeconds: Int64 = 30
      /// Bytes of a call of a scheduler, and of any other body.
      var callBytes = 4 << 20
      var bodyBytes = 1 << 20
      /// Bytes that may wait to be sent on a stream.
      var backlogBytes = 16 << 20
    }

    private struct State {
      var open: Set<ObjectIdentifier> = []
      /// Connections on which a request is being read or answered.
      var busy: Set<ObjectIdentifier> = []
      /// Connections whose other side has said that it says nothing more.
      var mute: Set<ObjectIdentifier> = []
      var streams: [ObjectIdentifier: any Channel] = [:]
      /// Bytes that have come in, ever.
      var bytes = 0
      /// The port that is listened on.
      var port: Int?
    }

    let limits: Limits
    /// Whether only connections with addresses in 127/8 are taken: the socket takes all.
    let takesLoopbackOnly: Bool
    private let state = Mutex(State())

    init(_ limits: Limits = Limits(), takesLoopbackOnly: Bool = false) {
      self.limits = limits
      self.takesLoopbackOnly = takesLoopbackOnly
    }

    /// How many connections are open.
    var count: Int { state.withLock { $0.open.count } }

    /// On how many connections a request is half read or half answered.
    var busyCount: Int { state.withLock { $0.busy.count } }

    /// How many bytes have come in, ever.
    var bytesRead: Int { state.withLock { $0.bytes } }

    /// The port that is listened on, once it is.
    var port: Int? {
      get { state.withLock(\.port) }
      set { state.withLock { $0.port = newValue } }
    }

    /// Notes a connection; false for one that is to be closed again.
    func opened(_ channel: any Channel) -> Bool {
      let isOurs = channel.localAddress?.ipAddress?.hasPrefix("127.") ?? false
      if takesLoopbackOnly, !isOurs { return false }
      return state.withLock {
        $0.open.insert(ObjectIdentifier(channel))
        return $0.open.count <= limits.connections
      }
    }

    func closed(_ channel: any Channel) {
      state.withLock {
        $0.open.remove(ObjectIdentifier(channel))
        $0.busy.remove(ObjectIdentifier(channel))
        $0.mute.remove(ObjectIdentifier(channel))
      }
    }

    /// The other side says nothing more.
    ///
    /// Whoever reads a stream has left then, as Mesos sees it; nobody else has, who may still await
    /// an answer.
    func muted(_ channel: any Channel) {
      let stream = state.withLock {
        $0.mute.insert(ObjectIdentifier(channel))
        return $0.streams[ObjectIdentifier(channel)]
      }
      stream?.close(promise: nil)
    }

    /// Bytes came in: until all is answered the connection is busy.
    func received(_ bytes: Int, on channel: any Channel) {
      state.withLock {
        $0.bytes += bytes
        $0.busy.insert(ObjectIdentifier(channel))
      }
    }

    /// All is answered, or what is left of the answer is a stream.
    func answered(_ channel: any Channel) {
      _ = state.withLock { $0.busy.remove(ObjectIdentifier(channel)) }
    }

    /// A stream is opened on a connection; false when there are enough.
    func openStream(on channel: any Channel) -> Bool {
      let (isOpen, hasLeft) = state.withLock { state in
        guard state.streams.count < limits.streams else { return (false, false) }
        state.streams[ObjectIdentifier(channel)] = channel
        return (true, state.mute.contains(ObjectIdentifier(channel)))
      }
      if hasLeft { channel.close(promise: nil) }
      return isOpen
    }

    /// Closes a connection unless what is written now is read in time: who reads nothing for long
    /// holds what would be given free otherwise.
    /// - Returns: To be cancelled once it is written.
    func awaitReading(on channel: any Channel) -> Scheduled<Void> {
      channel.eventLoop.scheduleTask(in: .seconds(limits.readSeconds)) {
        channel.close(promise: nil)
      }
    }

    func closeStream(on channel: any Channel) {
      state.withLock { $0.streams[ObjectIdentifier(channel)] = nil }
    }
  }

  /// Watches the bytes of a connection before anything reads them.
  final class ByteWatch: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let connections: Connections

    init(_ connections: Connections) { self.connections = connections }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      connections.received(unwrapInboundIn(data).readableBytes, on: context.channel)
      context.fireChannelRead(data)
    }
  }

  /// Watches requests and answers of a connection, and closes one that is too slow.
  final class RequestWatch: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let connections: Connections
    private var deadline: Scheduled<Void>?
    private var bodyBegan: NIODeadline?
    private var bodyBytes: Int64 = 0

    init(_ connections: Connections) { self.connections = connections }

    func handlerAdded(context: ChannelHandlerContext) {
      // Before the decoder, so that half a head counts as well.
      try? context.pipeline.syncOperations.addHandler(ByteWatch(connections), position: .first)
      if context.channel.isActive { begin(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
      begin(context)
      context.fireChannelActive()
    }

    private func begin(_ context: ChannelHandlerContext) {
      guard connections.opened(context.channel) else {
        context.close(promise: nil)
        return
      }
      awaitHead(context)
    }

    func channelInactive(context: ChannelHandlerContext) {
      deadline?.cancel()
      connections.closed(context.channel)
      context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      if case .inputClosed? = event as? ChannelEvent { connections.muted(context.channel) }
      context.fireUserInboundEventTriggered(event)
    }

    private func awaitHead(_ context: ChannelHandlerContext) {
      close(context, after: .seconds(connections.limits.headSeconds), unless: { false })
    }

    /// Closes the connection after a time.
    private func close(
      _ context: ChannelHandlerContext, after time: TimeAmount, unless isFine: @escaping () -> Bool
    ) {
      deadline?.cancel()
      let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
      let check = NIOLoopBound(isFine, eventLoop: context.eventLoop)
      deadline = context.eventLoop.scheduleTask(in: time) {
        if !check.value() { bound.value.close(promise: nil) }
      }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch unwrapInboundIn(data) {
      case .head:
        bodyBytes = 0
        bodyBegan = .now()
        watchBody(context)
      case .body(let bytes): bodyBytes += Int64(bytes.readableBytes)
      case .end:
        bodyBegan = nil
        deadline?.cancel()
      }
      context.fireChannelRead(data)
    }

    /// Closes the connection where the body comes too slowly.
    private func watchBody(_ context: ChannelHandlerContext) {
      guard let began = bodyBegan else { return }
      let limits = connections.limits
      let time = TimeAmount.seconds(
        limits.bodyGraceSeconds + bodyBytes / limits.bodyBytesPerSecond + 1)
      let wait = max(.milliseconds(100), began + time - .now())
      close(context, after: wait) { [self] in
        guard let began = bodyBegan else { return true }
        let passed = (NIODeadline.now() - began).nanoseconds / 1_000_000_000
        guard bodyBytes >= (passed - limits.bodyGraceSeconds) * limits.bodyBytesPerSecond else {
          return false
        }
        watchBody(context)
        return true
      }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
      guard case .end = unwrapOutboundIn(data) else {
        context.write(data, promise: promise)
        return
      }
      let promise = promise ?? context.eventLoop.makePromise()
      let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
      promise.futureResult.whenComplete { [connections] _ in
        connections.answered(bound.value.channel)
      }
      // What is kept alive may be silent for long, but not between the bytes of a head.
      close(context, after: .seconds(75), unless: { false })
      context.write(data, promise: promise)
    }
  }
#endif
