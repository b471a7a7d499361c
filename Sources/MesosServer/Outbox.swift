// Part of mesosim. Apache-2.0, see LICENSE.
//
// What waits to be sent on one stream.

#if Server
  import Synchronization

  /// Records on their way to one client, in order.
  final class Outbox: Sendable {
    /// How a record is told from the next.
    enum Framing: Sendable {
      /// RecordIO: the length in decimal, a line feed, the record.
      case recordIO
      /// As it is: a record is a whole Server-Sent Event.
      case events
    }

    private struct State {
      var bytes: [UInt8] = []
      var hasEnded = false
      /// Whether too much waited.
      var wasCut = false
      var isBeingSent = false
      var waiter: CheckedContinuation<Void, Never>?
    }

    private let limit: Int
    let framing: Framing
    private let state = Mutex(State())

    init(limit: Int, _ framing: Framing = .recordIO) {
      self.limit = limit
      self.framing = framing
    }

    /// Puts a record at the end; cuts the stream where too much waits.
    func put(_ record: [UInt8]) {
      let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
        guard !state.hasEnded else { return nil }
        if framing == .recordIO { state.bytes += Array("\(record.count)\n".utf8) }
        state.bytes += record
        if state.bytes.count > limit {
          state.bytes = []
          state.wasCut = true
          state.hasEnded = true
        }
        defer { state.waiter = nil }
        return state.waiter
      }
      waiter?.resume()
    }

    /// Nothing more will come.
    func end() {
      let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
        state.hasEnded = true
        defer { state.waiter = nil }
        return state.waiter
      }
      waiter?.resume()
    }

    /// Nobody reads on.
    func drop() {
      state.withLock { state in
        state.bytes = []
        state.isBeingSent = false
        state.hasEnded = true
      }
    }

    /// Whether too much waited, so that the rest was thrown away.
    var wasCut: Bool { state.withLock(\.wasCut) }

    /// Whether all that was put in has been sent.
    var isEmpty: Bool { state.withLock { $0.bytes.isEmpty && !$0.isBeingSent } }

    /// What waits, as soon as something does; `nil` at the end.
    func next() async -> [UInt8]? {
      while true {
        let (bytes, hasEnded) = state.withLock { state -> ([UInt8], Bool) in
          defer { state.bytes = [] }
          state.isBeingSent = !state.bytes.isEmpty
          return (state.bytes, state.hasEnded)
        }
        if !bytes.isEmpty { return bytes }
        if hasEnded { return nil }
        await withCheckedContinuation { continuation in
          let isReady = state.withLock { state in
            if !state.bytes.isEmpty || state.hasEnded { return true }
            state.waiter = continuation
            return false
          }
          if isReady { continuation.resume() }
        }
      }
    }
  }
#endif
