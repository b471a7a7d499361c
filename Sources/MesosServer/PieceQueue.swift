// Part of mesosim. Apache-2.0, see LICENSE.
//
// Between a writer that knows no waiting of another kind than to stand still, and a reader that
// takes pieces as fast as a connection does: so a slow reader costs no more memory than a fast one.

#if Server
  import Dispatch
  import Foundation
  import Synchronization

  /// Pieces of one body on their way from a thread of their own to a connection, a few at a time.
  final class PieceQueue: Sendable {
    private struct State {
      var pieces: [[UInt8]] = []
      var hasEnded = false
      var reader: CheckedContinuation<[UInt8]?, Never>?
    }

    private let state = Mutex(State())
    private let room: DispatchSemaphore

    /// A queue of a body that is written from now on.
    /// - Parameters:
    ///   - capacity: How many pieces wait at most.
    ///   - write: Writes the body, on a thread of its own, into the sink that it is given.
    init(capacity: Int, _ write: @escaping @Sendable (_ sink: @escaping ([UInt8]) -> Void) -> Void)
    {
      // Counted up from 0: one that ends below its first value is taken for a mistake.
      room = DispatchSemaphore(value: 0)
      for _ in 0..<capacity { room.signal() }
      // One of the few that tasks share would be missing to all others while a reader is slow.
      Thread.detachNewThread { [self] in
        write { piece in self.put(piece) }
        end()
      }
    }

    private func put(_ piece: [UInt8]) {
      room.wait()
      let reader = state.withLock { state -> CheckedContinuation<[UInt8]?, Never>? in
        // Nobody reads on: what is still written is dropped.
        if state.hasEnded { return nil }
        guard let reader = state.reader else {
          state.pieces.append(piece)
          return nil
        }
        state.reader = nil
        return reader
      }
      if let reader {
        room.signal()
        reader.resume(returning: piece)
      } else if state.withLock(\.hasEnded) {
        room.signal()
      }
    }

    private func end() {
      let reader = state.withLock { state -> CheckedContinuation<[UInt8]?, Never>? in
        state.hasEnded = true
        defer { state.reader = nil }
        return state.reader
      }
      reader?.resume(returning: nil)
    }

    /// Nobody reads on.
    func cancel() {
      end()
      room.signal()
    }

    /// The next piece; `nil` at the end.
    ///
    /// To be asked for by one reader.
    func next() async -> [UInt8]? {
      await withCheckedContinuation { continuation in
        let answer = state.withLock { state -> (isThere: Bool, piece: [UInt8]?) in
          if !state.pieces.isEmpty { return (true, state.pieces.removeFirst()) }
          if state.hasEnded { return (true, nil) }
          state.reader = continuation
          return (false, nil)
        }
        if answer.piece != nil { room.signal() }
        if answer.isThere { continuation.resume(returning: answer.piece) }
      }
    }
  }
#endif
