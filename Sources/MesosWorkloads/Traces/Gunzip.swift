// Part of mesosim. Apache-2.0, see LICENSE.
//
// The system's gzip as a source of bytes.

internal import Foundation

/// A file being decompressed by the system's `gzip`, which ends with this object.
final class Gunzip {
  private let path: String
  private let process = Process()
  private let output = Pipe()
  private let complaints = Pipe()

  /// Begins to decompress a file.
  init(_ path: String) throws(WorkloadError) {
    self.path = path
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gzip", "-dc", "--", path]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = complaints
    do { try process.run() } catch {
      throw .unreadable(file: path, reason: "cannot be decompressed: gzip cannot be run")
    }
  }

  deinit {
    guard process.isRunning else { return }
    // Threads of a pool block other signals, and what they start inherits that.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// Where the decompressed bytes come from.
  var descriptor: Int32 { output.fileHandleForReading.fileDescriptor }

  /// Waits for the end once all bytes were read.
  /// - Throws: `WorkloadError.unreadable` when gzip was not content with the file.
  func finish() throws(WorkloadError) {
    process.waitUntilExit()
    guard process.terminationStatus != 0 else { return }
    let said = (try? complaints.fileHandleForReading.readToEnd()) ?? nil
    throw .unreadable(
      file: path, reason: Self.reason(of: said.map { String(decoding: $0, as: UTF8.self) }))
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
