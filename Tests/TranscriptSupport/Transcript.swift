// Part of mesosim. Apache-2.0, see LICENSE.
//
// Tests as transcripts: a file holds commands, and under each exactly what it prints. The name of
// the file is the situation. `UPDATE_TRANSCRIPTS=1 swift test` rewrites what is printed; read the
// difference like code.

public import Foundation
public import Testing

/// One transcript file: commands, each followed by its output, which is set in by four spaces.
///
///     # a comment tells the story
///     command argument
///         what it prints
public struct Transcript: Sendable, CustomTestStringConvertible {
  /// The file.
  public let url: URL

  /// The situation: the file's name without its ending.
  public var testDescription: String { url.deletingPathExtension().lastPathComponent }

  /// All transcripts of a folder beside the test file, by name.
  public static func all(besides testFile: String, in name: String = "Transcripts") -> [Transcript]
  {
    let folder = URL(filePath: testFile).deletingLastPathComponent()
      .appending(path: name)
    let files =
      (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil))
      ?? []
    return files.filter { $0.pathExtension == "txt" }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }.map(Transcript.init)
  }

  /// Runs the commands one by one and compares what they print with what is written.
  /// - Parameter execute: Carries out one command; returns the lines that it prints.
  /// - Throws: What `execute` throws, or what the file system says.
  public func check(execute: (String) throws -> [String]) throws {
    let text = try String(contentsOf: url, encoding: .utf8)
    let rewritten = try Self.rewrite(text, execute: execute)
    if rewritten == text { return }
    if ProcessInfo.processInfo.environment["UPDATE_TRANSCRIPTS"] != nil {
      try rewritten.write(to: url, atomically: true, encoding: .utf8)
    } else {
      Issue.record(
        """
        \(url.lastPathComponent) no longer holds; UPDATE_TRANSCRIPTS=1 swift test rewrites it
        \(Self.difference(expected: text, actual: rewritten))
        """)
    }
  }

  static func rewrite(_ text: String, execute: (String) throws -> [String]) rethrows -> String {
    let indent = "    "
    var lines: [String] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      // What was printed before is replaced.
      if line.hasPrefix(indent) { continue }
      lines.append(line)
      if !line.isEmpty, !line.hasPrefix("#") { lines += try execute(line).map { indent + $0 } }
    }
    return lines.joined(separator: "\n")
  }

  private static func difference(expected: String, actual: String) -> String {
    let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
    let new = actual.split(separator: "\n", omittingEmptySubsequences: false)
    let first =
      zip(old, new).enumerated().first { $1.0 != $1.1 }?.offset ?? min(old.count, new.count)
    let window = first..<(first + 8)
    func show(_ lines: [Substring], _ mark: String) -> String {
      lines.indices.filter(window.contains).map { "\(mark) \(lines[$0])" }.joined(separator: "\n")
    }
    return "line \(first + 1):\n" + show(old, "-") + "\n" + show(new, "+")
  }
}
