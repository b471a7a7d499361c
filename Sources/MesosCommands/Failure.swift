// Part of mesosim. Apache-2.0, see LICENSE.
//
// How commands fail: clear lines on stderr for people, one exit code for scripts.

package import ArgumentParser
import FileSystem
import Foundation
import Mesos
import MesosAllocation
import MesosReports
import MesosScenarios
import MesosWorkloads

/// The exit codes of the contract (those of sysexits.h where it has one).
package enum Exit {
  /// The check that was asked for failed.
  package static let checkFailed = ExitCode(1)
  /// The input is not valid.
  package static let badData = ExitCode(65)
  /// A file is not there.
  package static let noInput = ExitCode(66)
  /// Output can't be written.
  package static let cannotWrite = ExitCode(74)
}

/// Output that can't be put where it is wanted, found before anything is computed.
struct BlockedOutput: Error {
  let path: String
  let reason: String
}

/// A text given on the command line that cannot be read, with the place of the fault in it.
struct UnreadableText: Error {
  let text: String
  /// The place, counted in characters (Unicode scalars) from 1.
  let column: Int
  let reason: String
}

/// A file given on the command line that cannot be used.
package struct UnreadableFile: Error {
  let path: String
  let reason: String
  var isMissing = false

  /// Says what is wrong with a file.
  package init(path: String, reason: String, isMissing: Bool = false) {
    self.path = path
    self.reason = reason
    self.isMissing = isMissing
  }
}

/// Writes a line to stderr; what a command produces goes to stdout.
///
/// Control characters, which a scenario may hold, are shown and not obeyed; long texts are cut. On
/// a terminal wide lines are broken; elsewhere a message is a line, as scripts want it.
package func say(_ line: String) {
  var shown = ""
  for scalar in line.cuttingLongTexts.unicodeScalars {
    let isControl = scalar.properties.generalCategory == .control
    shown += isControl ? scalar.escaped(asASCII: true) : String(scalar)
  }
  let lines =
    isatty(STDERR_FILENO) == 1
    ? Prose.lines(shown, width: min(Prose.width, Terminal.columns), indent: 4) : [shown]
  FileHandle.standardError.write(Data((lines.joined(separator: "\n") + "\n").utf8))
}

/// Writes to stdout, which may be a full disk.
package func emit(_ text: String) throws {
  do { try FileHandle.standardOutput.write(contentsOf: Data(text.utf8)) } catch {
    throw BlockedOutput(path: "standard output", reason: "cannot be written to")
  }
}

/// Runs a command's body and turns its errors into lines on stderr and an exit code.
package func reportingFailures(_ body: () throws -> Void) throws {
  func fail(_ lines: [String], _ code: ExitCode) -> ExitCode {
    for line in lines { say(line) }
    return code
  }
  do {
    try body()
  } catch let error as ScenarioError {
    throw fail(error.lines, error.category == .fileNotFound ? Exit.noInput : Exit.badData)
  } catch let error as WorkloadError {
    throw fail([error.description], error.isMissingFile ? Exit.noInput : Exit.badData)
  } catch let error as ParameterError {
    throw fail([error.description], Exit.badData)
  } catch let error as NothingToMeasure {
    throw fail([error.description], Exit.badData)
  } catch let error as UnreadableFile {
    throw fail(["\(error.path): \(error.reason)"], error.isMissing ? Exit.noInput : Exit.badData)
  } catch let error as SettingError {
    let code = fail(["--set, column \(error.column): \(error.reason)"], Exit.badData)
    let text = UnreadableText(text: error.text, column: error.column, reason: error.reason)
    for line in text.excerpt { say(line) }
    throw code
  } catch let error as UnreadableText {
    let code = fail([error.reason], Exit.badData)
    for line in error.excerpt { say(line) }
    throw code
  } catch let error as BlockedOutput {
    throw fail(["\(error.path): \(error.reason)"], Exit.cannotWrite)
  } catch let error as OutputError {
    throw fail([error.description], Exit.cannotWrite)
  }
}

extension UnreadableText {
  /// The part of the text around the fault, and a caret below it.
  var excerpt: [String] {
    let scalars = text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }
    let place = min(max(column - 1, 0), scalars.count)
    let start = place > 60 ? place - 40 : 0
    let end = min(scalars.count, start + 76)
    let part = String(String.UnicodeScalarView(scalars[start..<end]))
    let lead = start > 0 ? "…" : ""
    let indent = String(repeating: " ", count: 2 + lead.count + place - start)
    return ["  " + lead + part + (end < scalars.count ? "…" : ""), indent + "^"]
  }
}
