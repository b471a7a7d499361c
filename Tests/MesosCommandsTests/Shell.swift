// Part of mesosim. Apache-2.0, see LICENSE.
//
// Runs the built `mesosim` as a user does, in a process of its own.

import Foundation
import Testing

/// What came of a process.
struct Outcome {
  var status: Int32
  var out: String
  var err: String
}

/// Two teams that are busy at different times, a moment's work for any build.
let small = "Tests/Scenarios/small.yaml"

enum Shell {
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The executable lies beside the test bundle.
  static let executable: URL = {
    let tests = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    let beside = [tests, tests.deletingLastPathComponent(), Bundle.main.bundleURL]
    let found = beside.map { $0.appending(path: "mesosim") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path()) }
    return found ?? root.appending(path: ".build/debug/mesosim")
  }()

  /// Runs `mesosim` with arguments, in the package's folder.
  ///
  /// With `interruptAfter` it gets a signal when it has used so many seconds of a processor: on a
  /// busy machine it gets as far as on an idle one.
  static func mesosim(
    _ arguments: [String], environment: [String: String] = [:], interruptAfter: Double? = nil,
    by signal: Int32 = SIGINT
  ) async throws -> Outcome {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = ["out", "err"].map { folder.appending(path: $0) }
    for file in files { _ = FileManager.default.createFile(atPath: file.path(), contents: nil) }

    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = root
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    let ended = AsyncStream<Void> { stream in
      process.terminationHandler = { _ in stream.finish() }
    }
    try process.run()
    if let interruptAfter {
      let start = ContinuousClock.now
      while process.isRunning, !Task.isCancelled,
        processorSeconds(of: process) ?? (ContinuousClock.now - start) / .seconds(1)
          < interruptAfter
      {
        try? await Task.sleep(for: .milliseconds(20))
      }
      kill(process.processIdentifier, signal)
    }
    for await _ in ended {}
    // A test whose time is up is here before its process has ended.
    if process.isRunning { process.terminate() }
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, out: try String(contentsOf: files[0], encoding: .utf8),
      err: try String(contentsOf: files[1], encoding: .utf8))
  }

  /// What a running process has used of the processors; `nil` on a system that does not say.
  private static func processorSeconds(of process: Process) -> Double? {
    let file = "/proc/\(process.processIdentifier)/stat"
    guard let text = try? String(contentsOfFile: file, encoding: .utf8),
      let words = text.split(separator: ")").last?.split(separator: " "), words.count > 12,
      let user = Double(words[11]), let system = Double(words[12])
    else { return nil }
    return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  /// Makes a folder for one test, hands it over and removes it.
  static func inFolder(_ body: (URL) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "mesosim-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(folder)
  }
}

/// The names in a folder, sorted, hidden ones included.
func names(in folder: URL) -> [String] {
  ((try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []).sorted()
}
