// Part of mesosim. Apache-2.0, see LICENSE.
//
// Files through the system's `gzip`, both ways.

public import Foundation

/// What `gzip` made of a file.
public struct GzipOutput: Sendable {
  /// What it wrote.
  public let contents: Data
  /// Whether it was content with the file to its end.
  public let isWhole: Bool
}

/// Compresses and decompresses files by the system's `gzip`.
public enum GzipFile {
  /// What a compressed file says; of one that is damaged, what comes before the damage.
  /// - Parameters:
  ///   - path: Where it is.
  ///   - max: How many bytes it may have, decompressed.
  /// - Returns: What there is, and whether it is all.
  /// - Throws: `InputError`.
  public static func decompressed(_ path: String, max: Int) throws(InputError) -> GzipOutput {
    try run("-dc", path, max: max)
  }

  /// A file compressed, without its name and time: equal contents give equal bytes.
  /// - Parameters:
  ///   - path: Where it is.
  ///   - max: How many bytes may come out.
  /// - Returns: The compressed bytes.
  /// - Throws: `InputError`.
  public static func compressed(_ path: String, max: Int) throws(InputError) -> GzipOutput {
    try run("-nc", path, max: max)
  }

  private static func run(
    _ option: String, _ path: String, max: Int
  ) throws(InputError) -> GzipOutput {
    let (process, output) = (Process(), Pipe())
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gzip", option, "--", path]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    do { try process.run() } catch { throw .unreadable(reason: "gzip cannot be run; install it") }
    defer {
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
      process.waitUntilExit()
    }
    let contents = try InputFile.read(output.fileHandleForReading.fileDescriptor, max: max)
    process.waitUntilExit()
    return GzipOutput(contents: contents, isWhole: process.terminationStatus == 0)
  }
}
