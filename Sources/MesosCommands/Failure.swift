// Part of mesosim. Apache-2.0, see LICENSE.
//
// How commands fail: one line for people, one exit code for scripts.

import ArgumentParser
import Foundation
import MesosReports
import MesosScenarios
import MesosWorkloads

/// The exit codes of the contract (sysexits.h where it has one).
enum Exit {
  /// The check that was asked for failed.
  static let checkFailed = ExitCode(1)
  /// The input is not valid.
  static let badData = ExitCode(65)
  /// A file is not there.
  static let noInput = ExitCode(66)
  /// Output can't be written.
  static let cannotWrite = ExitCode(74)
}

/// Ends a command: says why on stderr, then exits with the code.
struct Failure: Error {
  let lines: [String]
  let code: ExitCode
}

/// Writes a line to stderr; what the command produces goes to stdout.
func say(_ line: String) {
  FileHandle.standardError.write(Data((line + "\n").utf8))
}

/// Runs a command's body and turns its errors into lines on stderr and an exit code.
func reportingFailures(_ body: () throws -> Void) throws {
  do {
    try body()
  } catch let failure as Failure {
    for line in failure.lines { say("error: \(line)") }
    throw failure.code
  }
}
