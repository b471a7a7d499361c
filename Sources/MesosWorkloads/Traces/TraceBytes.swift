// Part of mesosim. Apache-2.0, see LICENSE.
//
// The bytes of a file from outside, a piece at a time: a trace of many million rows is never held
// as text.

internal import FileSystem
internal import SimulationKernel

/// The bytes of a file, plain or gzipped, or of a text in memory, read once from front to back.
struct TraceBytes {
  /// The path, for messages.
  let path: String
  /// The SHA-256 of the file as it is stored, in hexadecimal; of a pipe, empty.
  let sha256: String
  /// The piece that was read last.
  private(set) var piece: [UInt8]
  /// Where in it the next byte stands.
  var offset = 0

  private var pieces: InputPieces?
  private var gunzip: Gunzip?
  private var isAtStart = true

  private static let pieceSize = 1 << 16

  /// Takes a file that was read whole.
  init(_ file: TraceFile) {
    path = file.path
    sha256 = file.sha256
    piece = file.bytes
    isAtStart = false
  }

  /// Opens a file; a name that ends in `.gz` is decompressed by the system's `gzip`.
  ///
  /// - Parameters:
  ///   - path: Where the file is.
  ///   - source: Where the file can be had, for the message when it is missing.
  ///   - sha256: The hash of the file as it is stored, in hexadecimal; `nil` checks nothing.
  /// - Throws: `WorkloadError` when the file is missing, unreadable or another than expected.
  init(opening path: String, source: String?, sha256: String?) throws(WorkloadError) {
    self.path = path
    self.sha256 = try Self.hash(of: path, source: source, sha256: sha256)
    if let sha256, self.sha256 != sha256.lowercased() {
      throw .otherContent(file: path, expected: sha256.lowercased(), found: self.sha256)
    }
    piece = []
    let gunzip = path.hasSuffix(".gz") ? try Gunzip(path) : nil
    self.gunzip = gunzip
    do throws(InputError) {
      pieces =
        if let gunzip { try InputPieces(gunzip.descriptor) } else { try InputPieces(path) }
    } catch {
      throw WorkloadError(error, path: path, source: source, sha256: sha256)
    }
  }

  /// The hash of a plain file, from a reading of its own: another file is told before its faults.
  private static func hash(
    of path: String, source: String?, sha256: String?
  ) throws(WorkloadError) -> String {
    do throws(InputError) {
      let pieces = try InputPieces(path)
      guard InputFile.isPlain(path) else { return "" }
      var hash = SHA256()
      var buffer = [UInt8](repeating: 0, count: pieceSize)
      while case let count = try buffer.fill(from: pieces), count > 0 {
        hash.update(buffer[..<count])
      }
      return hash.finalizeHex()
    } catch {
      throw WorkloadError(error, path: path, source: source, sha256: sha256)
    }
  }

  /// Reads the next piece once the present one is used up; `false` at the end.
  mutating func next() throws(WorkloadError) -> Bool {
    guard let pieces else { return false }
    if piece.count != Self.pieceSize { piece = [UInt8](repeating: 0, count: Self.pieceSize) }
    offset = 0
    do throws(InputError) {
      let count = try piece.fill(from: pieces)
      // Only the last piece, and what a pipe hands out, is short.
      if count < piece.count { piece.removeLast(piece.count - count) }
    } catch {
      throw .unreadable(file: path, reason: error.reason)
    }
    if piece.isEmpty {
      self.pieces = nil
      try gunzip?.finish()
      gunzip = nil
      return false
    }
    if isAtStart { try skipMark() }
    return true
  }

  /// Some programs mark UTF-8 with a byte order mark, which is no part of the text.
  private mutating func skipMark() throws(WorkloadError) {
    isAtStart = false
    if piece.starts(with: [0xFF, 0xFE]) || piece.starts(with: [0xFE, 0xFF]) {
      throw .unreadable(file: path, reason: "is in UTF-16; save it as UTF-8 text")
    }
    if piece.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
  }
}

extension [UInt8] {
  /// Reads as much as there is, up to the size of this buffer.
  fileprivate mutating func fill(from pieces: InputPieces) throws(InputError) -> Int {
    var failure: InputError?
    let count = withUnsafeMutableBytes { bytes in
      var count = 0
      do throws(InputError) {
        // A pipe hands out less at a time.
        while count < bytes.count {
          let more = try pieces.read(
            into: UnsafeMutableRawBufferPointer(rebasing: bytes[count...]))
          if more == 0 { break }
          count += more
        }
      } catch {
        failure = error
      }
      return count
    }
    if let failure { throw failure }
    return count
  }
}
