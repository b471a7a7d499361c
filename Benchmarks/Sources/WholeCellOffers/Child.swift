// Part of mesosim. Apache-2.0, see LICENSE.
//
// A load in a process of its own.

import Foundation

/// What a load has printed.
struct Figures {
  private let values: [Substring: Double]

  init(_ text: String) {
    let lines = text.split(separator: "\n").map { $0.split(separator: " ") }
    let pairs = lines.compactMap { words in
      words.count == 2 ? Double(words[1]).map { (words[0], $0) } : nil
    }
    values = Dictionary(pairs) { $1 }
  }

  subscript(name: Substring) -> Double {
    get throws {
      guard let value = values[name] else { throw LoadFailure(text: "a load told no '\(name)'") }
      return value
    }
  }
}

/// A load that did not end well.
struct LoadFailure: Error, CustomStringConvertible {
  let text: String
  var description: String { text }
}

extension Load {
  /// Runs it in a child.
  func figures() throws -> Figures {
    let child = try Child(CommandLine.arguments[0], ["--load"] + words)
    guard child.status == 0 else {
      throw LoadFailure(text: "\(words.joined(separator: " ")): exit code \(child.status)")
    }
    return Figures(child.output)
  }

  /// How many instructions it takes; `nil` where valgrind or objcopy is not installed.
  func instructions() -> Double? {
    let arguments = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
    // Valgrind does not get through a Swift program's debug information.
    let program = FileManager.default.temporaryDirectory.appending(path: "whole-cell-offers")
    let strip = ["objcopy", "--strip-debug", CommandLine.arguments[0], program.path()]
    guard let child = try? Child("/usr/bin/env", strip), child.status == 0 else { return nil }
    defer { try? FileManager.default.removeItem(at: program) }
    let load = [program.path(), "--load"] + words + ["--bare"]
    guard let child = try? Child("/usr/bin/env", arguments + load), child.status == 0 else {
      return nil
    }
    let words = child.errors.split { $0 == " " || $0 == "\n" }
    guard let place = words.lastIndex(of: "Collected"), place + 2 < words.count else { return nil }
    return Double(words[place + 2])
  }
}

/// A process that has ended.
private struct Child {
  let output: String
  let errors: String
  let status: Int32

  init(_ program: String, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    // Both are short: neither pipe is ever full.
    self.output = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    self.errors = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    status = process.terminationStatus
  }
}
