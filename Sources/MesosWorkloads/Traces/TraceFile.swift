// Part of mesosim. Apache-2.0, see LICENSE.
//
// The bytes of a file from outside, plain or gzipped.

internal import FileSystem
internal import Foundation
internal import SimulationKernel

/// A file from outside, read whole.
public struct TraceFile: Sendable {
  /// How many bytes a file may have, decompressed: a few kB can be made to grow to gigabytes.
  public static let bytesMax = 64 << 20

  /// The path it was read from.
  public let path: String
  /// What it says, decompressed and without a byte order mark.
  public let bytes: [UInt8]
  /// The SHA-256 of the file as it is stored, in hexadecimal.
  public let sha256: String

  /// Takes bytes as if they had been read from `path`.
  public init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = Self.withoutMark(bytes)
    self.sha256 = SHA256.hexDigest(of: bytes)
  }

  /// Reads a file; a name that ends in `.gz` is decompressed by the system's `gzip`.
  ///
  /// - Parameters:
  ///   - path: Where the file is.
  ///   - source: Where the file can be had, for the message when it is missing.
  ///   - sha256: The hash of the file as it is stored, in hexadecimal; `nil` checks nothing.
  /// - Throws: `WorkloadError` when the file is missing, unreadable, damaged, too large, or another
  ///   than expected.
  public init(
    reading path: String, source: String? = nil, sha256: String? = nil
  ) throws(WorkloadError) {
    let stored: Data
    do throws(InputError) {
      stored = try InputFile.read(path, max: Self.bytesMax)
    } catch {
      throw WorkloadError(error, path: path, source: source, sha256: sha256)
    }
    let found = SHA256.hexDigest(of: stored)
    if let sha256, found != sha256.lowercased() {
      throw .otherContent(file: path, expected: sha256.lowercased(), found: found)
    }
    self.sha256 = found
    self.path = path
    let bytes = Array(path.hasSuffix(".gz") ? try Self.gunzip(path) : stored)
    guard !bytes.starts(with: [0xFF, 0xFE]), !bytes.starts(with: [0xFE, 0xFF]) else {
      throw .unreadable(file: path, reason: "is in UTF-16; save it as UTF-8 text")
    }
    guard !Self.hasOverlongLine(bytes) else {
      throw .unreadable(
        file: path,
        reason: "has a line of more than \(Self.lineMax >> 20) MB; expected a text in lines")
    }
    self.bytes = Self.withoutMark(bytes)
  }

  /// More than any line has; a binary file may have no line end at all.
  private static let lineMax = 1 << 20

  private static func hasOverlongLine(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBufferPointer { bytes in
      var start = 0
      while start + lineMax < bytes.count {
        let end = (start..<start + lineMax).last {
          bytes[$0] == UInt8(ascii: "\n") || bytes[$0] == UInt8(ascii: "\r")
        }
        guard let end else { return true }
        start = end + 1
      }
      return false
    }
  }

  /// Some programs mark UTF-8 with a byte order mark, which is no part of the text.
  private static func withoutMark(_ bytes: [UInt8]) -> [UInt8] {
    bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
  }

  /// Decompresses a file, and stops where it grows beyond all bounds.
  private static func gunzip(_ path: String) throws(WorkloadError) -> Data {
    let gunzip = try Gunzip(path)
    let bytes: Data
    do throws(InputError) {
      bytes = try InputFile.read(gunzip.descriptor, max: bytesMax)
    } catch {
      throw .unreadable(file: path, reason: "decompressed, it \(error.reason); expected less")
    }
    try gunzip.finish()
    return bytes
  }
}

extension WorkloadError {
  init(_ error: InputError, path: String, source: String?, sha256: String?) {
    switch error {
    case .missing: self = .missing(file: path, source: source, sha256: sha256)
    case .folder, .tooLarge:
      self = .unreadable(
        file: path,
        reason: "\(error.reason); expected a file"
          + (error == .folder ? "" : " of at most \(TraceFile.bytesMax >> 20) MB"))
    case .unreadable:
      self = .unreadable(file: path, reason: error.reason)
    }
  }
}
