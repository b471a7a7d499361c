// Part of mesosim. Apache-2.0, see LICENSE.
//
// The log of a run that goes on, kept for pages that read along.

#if Server
  import Foundation
  import Synchronization

  /// The lines of the event log, the newest of which are kept, at most `bytesMax` of them.
  ///
  /// A place in it is the number of bytes before it, and always stands between two lines.
  final class LiveLog: Sendable {
    private struct Block {
      let start: Int
      var bytes: [UInt8] = []
      var end: Int { start + bytes.count }
    }

    private struct State {
      var header: [UInt8] = []
      /// Those before `first` are gone.
      var blocks: [Block] = []
      var first = 0
      var end = 0

      /// The place of the first line that is there, the header apart.
      var start: Int { first < blocks.count ? blocks[first].start : end }

      /// The block in which the byte behind a place is.
      func block(at place: Int) -> Int? {
        var (low, high) = (first, blocks.count)
        while low < high {
          let middle = (low + high) / 2
          if blocks[middle].end <= place { low = middle + 1 } else { high = middle }
        }
        return low < blocks.count && blocks[low].start <= place ? low : nil
      }
    }

    /// Tells this session from one before, whose places mean something else.
    let session = "\(getpid())x\(UInt64(Date().timeIntervalSince1970 * 1e6))"
    private let bytesMax: Int
    private static let blockBytes = 64 << 10
    private let state = Mutex(State())

    init(bytesMax: Int = 64 << 20) { self.bytesMax = bytesMax }

    /// Puts whole lines at the end; the first are the header, alone.
    func append(_ lines: [UInt8]) {
      state.withLock { state in
        if state.end == 0 {
          state.header = lines
        } else {
          // Many small pieces would cost more than what they hold, and those handed over may have
          // room for more than they do.
          let room = Self.blockBytes - (state.blocks.last?.bytes.count ?? Self.blockBytes)
          if lines.count > room { state.blocks.append(Block(start: state.end)) }
          state.blocks[state.blocks.count - 1].bytes += lines
        }
        state.end += lines.count
        while state.end - state.start > bytesMax, state.first < state.blocks.count - 1 {
          state.first += 1
        }
        if state.first > 1024, state.first * 2 > state.blocks.count {
          state.blocks.removeFirst(state.first)
          state.first = 0
        }
      }
    }

    /// The header line.
    var header: [UInt8] { state.withLock(\.header) }

    /// The place behind the last line.
    var end: Int { state.withLock(\.end) }

    /// Whether everything behind a place is there, and the place is one.
    func holds(_ place: Int) -> Bool {
      state.withLock { state in
        if place == state.end { return true }
        return state.block(at: place) != nil
      }
    }

    /// Whether all lines from the first are there.
    var isWhole: Bool { state.withLock { $0.start == $0.header.count } }

    /// All lines that are there; where the oldest are gone, the header and the rest.
    var allLines: [[UInt8]] {
      state.withLock { state in [state.header] + state.blocks[state.first...].map(\.bytes) }
    }

    /// The lines behind a place.
    /// - Parameters:
    ///   - place: Where to begin; held.
    ///   - limit: About how many bytes at most.
    /// - Returns: The lines and the place behind them; `nil` where they are gone.
    func lines(from place: Int, limit: Int) -> (bytes: [UInt8], end: Int)? {
      state.withLock { state in
        if place == state.end { return ([], place) }
        guard var index = state.block(at: place) else { return nil }
        var bytes = Array(state.blocks[index].bytes[(place - state.blocks[index].start)...])
        index += 1
        while index < state.blocks.count, bytes.count + state.blocks[index].bytes.count <= limit {
          bytes += state.blocks[index].bytes
          index += 1
        }
        return (bytes, place + bytes.count)
      }
    }
  }
#endif
