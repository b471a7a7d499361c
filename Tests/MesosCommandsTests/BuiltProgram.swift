// Part of mesosim. Apache-2.0, see LICENSE.
//
// Runs the program that was built beside the tests, as a user would.

import Foundation

/// What a run of the program printed and how it ended.
struct ProgramRun {
  let output: String
  let errors: String
  let code: Int32

  var lines: [String] { output.split(separator: "\n").map(String.init) }
}

enum BuiltProgram {
  struct NotBuilt: Error {}

  /// The root of the package, in which the program is run.
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Runs `mesosim` with these arguments.
  static func run(_ arguments: String...) throws -> ProgramRun {
    let process = Process()
    process.executableURL = try location()
    process.arguments = arguments
    process.currentDirectoryURL = root
    // Files, not pipes: nothing that is printed can fill them up.
    let folder = FileManager.default.temporaryDirectory.appending(path: "mesosim-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (output, errors) = (folder.appending(path: "output"), folder.appending(path: "errors"))
    for file in [output, errors] { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    return ProgramRun(
      output: try String(contentsOf: output, encoding: .utf8),
      errors: try String(contentsOf: errors, encoding: .utf8), code: process.terminationStatus)
  }

  /// The program stands in the folder of the test bundle, or in one above it.
  private static func location() throws -> URL {
    var folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    while folder.path().count > 1 {
      let program = folder.appending(path: "mesosim")
      if FileManager.default.isExecutableFile(atPath: program.path()) { return program }
      folder = folder.deletingLastPathComponent()
    }
    throw NotBuilt()
  }
}
