// Part of mesosim. Apache-2.0, see LICENSE.
//
// Runs a job file of Aurora's, which is a program in Python, and takes the jobs that it makes. Only
// done when the user says so: such a file can do whatever a program can.

internal import Foundation

/// A job file in Python.
enum PythonJobFile {
  /// How the names of such files end.
  static let ending = ".aurora"

  /// Runs the program of a file.
  ///
  /// It runs by itself (`-I`), with an environment of no more than `PATH` and a `USER` that stands
  /// for whoever the scenario says, for 10 s at most, and cannot write files.
  /// - Parameters:
  ///   - path: Where the file is.
  ///   - name: What the scenario calls it.
  /// - Returns: The jobs as canonical JSON.
  /// - Throws: `Mismatch` with what went wrong, and what to do.
  static func jobs(_ path: String, named name: String) throws(Mismatch) -> Data {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-I", "-c", PythonJobSchema.program, path]
    let search = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    process.environment = ["PATH": search, "USER": "$USER", "LOGNAME": "$USER"]
    let (output, errors) = (Pipe(), Pipe())
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    do { try process.run() } catch {
      throw Mismatch(reason: "'\(name)' was not run: \(error.localizedDescription)")
    }
    // Threads of a pool block other signals, and what they start inherits that.
    let number = process.processIdentifier
    let watch = DispatchWorkItem { kill(number, SIGKILL) }
    DispatchQueue.global().asyncAfter(deadline: .now() + 12, execute: watch)
    defer { watch.cancel() }
    // What goes wrong is one line, and does not fill its pipe before the output ends.
    let jobs = (try? output.fileHandleForReading.readToEnd()) ?? Data()
    let message = (try? errors.fileHandleForReading.readToEnd()) ?? Data()
    process.waitUntilExit()
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      throw Mismatch(reason: reason(process, String(decoding: message, as: UTF8.self), name))
    }
    return jobs
  }

  private static func reason(_ process: Process, _ message: String, _ name: String) -> String {
    if process.terminationReason == .uncaughtSignal {
      return "'\(name)' did not end within 10 s, or did what it may not"
    }
    if process.terminationStatus == 127 {
      return "'\(name)' is a program in Python, and there is no python3; install it, or give the "
        + "jobs as JSON"
    }
    let last = message.split(separator: "\n").last.map { String($0) } ?? ""
    let parts = last.split(separator: "\t", maxSplits: 1)
    guard process.terminationStatus == 3, parts.count == 2 else {
      return "'\(name)' failed: \(last)"
    }
    if parts[1] == "pystachio" {
      return "'\(name)' needs Python's package pystachio where python3 finds it without the "
        + "user's own folders; install it, such as by "
        + "'python3 -m venv v && v/bin/pip install pystachio' with v/bin first in PATH"
    }
    return parts[0] == "-" ? "'\(name)': \(parts[1])" : "\(name):\(parts[0]): \(parts[1])"
  }
}
