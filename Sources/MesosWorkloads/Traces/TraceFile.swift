// Part of mesosim. Apache-2.0, see LICENSE.
//
// The bytes of a file from outside, plain or gzipped.

internal import Foundation
internal import SimulationKernel

/// A file from outside, read whole.
public struct TraceFile: Sendable {
  /// The path it was read from.
  public let path: String
  /// What it says, decompressed.
  public let bytes: [UInt8]
  /// The SHA-256 of the file as it is stored, in hexadecimal.
  public let sha256: String

  /// Takes bytes as if they had been read from `path`.
  public init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
    self.sha256 = SHA256.hexDigest(of: bytes)
  }

  /// Reads a file; a name that ends in `.gz` is decompressed by the system's `gzip`.
  ///
  /// - Parameters:
  ///   - path: Where the file is.
  ///   - source: Where the file can be had, for the message when it is missing.
  ///   - sha256: The hash of the file as it is stored, in hexadecimal; `nil` checks nothing.
  /// - Throws: `WorkloadError` when the file is missing, unreadable, damaged, or another than
  ///   expected.
  public init(
    reading path: String, source: String? = nil, sha256: String? = nil
  ) throws(WorkloadError) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw .missing(file: path, source: source, sha256: sha256)
    }
    guard !isFolder.boolValue else {
      throw .unreadable(file: path, reason: "this is a folder; expected a file")
    }
    guard let stored = FileManager.default.contents(atPath: path) else {
      throw .unreadable(file: path, reason: "cannot be read; check its permissions")
    }
    let found = SHA256.hexDigest(of: stored)
    if let sha256, found != sha256.lowercased() {
      throw .otherContent(file: path, expected: sha256.lowercased(), found: found)
    }
    self.sha256 = found
    self.path = path
    self.bytes = path.hasSuffix(".gz") ? try Self.gunzip(path) : Array(stored)
  }

  private static func gunzip(_ path: String) throws(WorkloadError) -> [UInt8] {
    let process = Process()
    let output = Pipe()
    let complaints = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gzip", "-dc", "--", path]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = complaints
    let bytes: Data
    do {
      try process.run()
      bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    } catch {
      throw .unreadable(file: path, reason: "cannot be decompressed: gzip did not start: \(error)")
    }
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let said = (try? complaints.fileHandleForReading.readToEnd()) ?? nil
      throw .unreadable(
        file: path, reason: reason(of: said.map { String(decoding: $0, as: UTF8.self) }))
    }
    return Array(bytes)
  }

  /// What gzip complained of, without its name and the file's.
  private static func reason(of complaint: String?) -> String {
    let text = complaint ?? ""
    if text.contains("unexpected end of file") {
      return "the gzip data end too early; the file is truncated, fetch it again"
    }
    let line = text.split(separator: "\n").first { !$0.isEmpty }
    let detail = line?.split(separator: ": ").last.map { ": \($0)" } ?? ""
    return "cannot be decompressed by gzip\(detail)"
  }
}
