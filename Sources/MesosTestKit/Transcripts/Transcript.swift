// Part of mesosim. Apache-2.0, see LICENSE.
//
// Tests as transcripts: a file holds commands, and under each exactly what it prints. The name of
// the file is the situation. `UPDATE_TRANSCRIPTS=1 swift test` rewrites what is printed; read the
// difference like code.

public import Foundation

/// One transcript file: commands, each followed by its output, which is set in by four spaces.
///
///     # a comment tells the story
///     command argument
///         what it prints
public struct Transcript: Sendable, CustomStringConvertible {
  /// The file.
  public let url: URL

  /// The situation: the file's name without its ending.
  public var description: String { url.deletingPathExtension().lastPathComponent }

  /// All transcripts of a folder beside the test file, by name.
  ///
  /// - Parameters:
  ///   - testFile: The test file.
  ///   - name: The folder.
  /// - Returns: The transcripts; none where there is no such folder.
  public static func all(
    besides testFile: String = #filePath, in name: String = "Transcripts"
  ) -> [Transcript] {
    let folder = URL(filePath: testFile).deletingLastPathComponent()
      .appending(path: name)
    let files =
      (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil))
      ?? []
    return files.filter { $0.pathExtension == "txt" }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }.map(Transcript.init)
  }

  /// The transcript of a name in the folder `Transcripts` beside the test file.
  ///
  /// - Parameters:
  ///   - name: The file's name without its ending.
  ///   - testFile: The test file.
  public init(_ name: String, besides testFile: String = #filePath) {
    url = URL(filePath: testFile).deletingLastPathComponent().appending(path: "Transcripts")
      .appending(path: name + ".txt")
  }

  init(_ url: URL) { self.url = url }

  /// Runs the commands one by one and compares what they print with what is written.
  ///
  /// With `UPDATE_TRANSCRIPTS` in the environment the file is rewritten instead.
  /// - Parameter execute: Carries out one command; returns the lines that it prints.
  /// - Throws: `TranscriptError` when it no longer holds or cannot be read, and what `execute`
  ///   throws.
  public func check(execute: (String) throws -> [String]) throws {
    guard let text = try? String(contentsOf: url, encoding: .utf8) else {
      throw TranscriptError(
        "\(url.path) cannot be read: write the commands into it, a line each; "
          + "UPDATE_TRANSCRIPTS=1 swift test adds what they print")
    }
    try compare(Self.rewrite(text, execute: execute), with: text)
  }

  /// Compares all that happened with what is written.
  ///
  /// With `UPDATE_TRANSCRIPTS` in the environment the file is rewritten instead, or made.
  /// - Parameter text: What happened.
  /// - Throws: `TranscriptError` when it no longer holds, or there is none.
  public func check(_ text: String) throws {
    guard let old = try? String(contentsOf: url, encoding: .utf8) else {
      if Self.isUpdating { return try write(text) }
      throw TranscriptError("\(url.path) is not there: UPDATE_TRANSCRIPTS=1 swift test makes it")
    }
    try compare(text, with: old)
  }

  private static var isUpdating: Bool {
    ProcessInfo.processInfo.environment["UPDATE_TRANSCRIPTS"] != nil
  }

  private func write(_ text: String) throws {
    do {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: url, atomically: true, encoding: .utf8)
    } catch { throw TranscriptError("\(url.path) cannot be written: \(error)") }
  }

  private func compare(_ new: String, with old: String) throws {
    if new == old { return }
    if Self.isUpdating { return try write(new) }
    throw TranscriptError(
      """
      \(url.lastPathComponent) no longer holds; UPDATE_TRANSCRIPTS=1 swift test rewrites it
      \(Self.difference(expected: old, actual: new))
      """)
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

/// A transcript that no longer holds, or cannot be read.
public struct TranscriptError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What differs, or what is wrong with the file.
  public let description: String

  init(_ description: String) { self.description = description }
}
