// Part of mesosim. Apache-2.0, see LICENSE.
//
// From a file to a scenario, or to everything that is wrong with it.

internal import FileSystem
internal import Foundation

/// A scenario as it was read, with what its author should know.
public struct LoadedScenario: Equatable, Sendable {
  /// What the file says.
  public var scenario: Scenario
  /// Where the paths in it lead.
  public var files: ScenarioFiles
  /// What is allowed but surely not meant.
  public var warnings: [ScenarioProblem]
}

extension Scenario {
  /// Reads a scenario file.
  ///
  /// - Parameters:
  ///   - path: The file, or `-` for standard input.
  ///   - vocabulary: The names it may use that are registered elsewhere.
  /// - Returns: The scenario, with warnings.
  /// - Throws: `ScenarioError` with all that is wrong.
  public static func load(
    _ path: String, vocabulary: ScenarioVocabulary = ScenarioVocabulary()
  ) throws(ScenarioError) -> LoadedScenario {
    func failure(_ message: String, isMissing: Bool = false) -> ScenarioError {
      let problem = ScenarioProblem(
        position: nil, path: "", message: message, isMissingFile: isMissing)
      return ScenarioError(file: shownName(ofFile: path), problems: [problem])
    }
    let bytes: Data
    do throws(InputError) {
      bytes = try InputFile.read(path, max: bytesMax, readsStandardInput: true)
    } catch {
      throw failure("\(error.reason); expected a scenario in YAML", isMissing: error == .missing)
    }
    // The paths in what comes by a pipe count from where we are.
    let folder =
      InputFile.isPlain(path)
      ? URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false) : "."
    return try decode(
      Array(bytes), file: shownName(ofFile: path), files: ScenarioFiles(folder: folder),
      vocabulary: vocabulary)
  }

  /// More than any scenario has.
  private static let bytesMax = 16 << 20

  /// What a scenario file is called in messages.
  public static func shownName(ofFile path: String) -> String {
    path == InputFile.standardInput ? "standard input" : path
  }

  /// Reads a scenario from bytes, which must be UTF-8.
  ///
  /// - Parameters:
  ///   - bytes: What the file holds.
  ///   - file: What the file is called in messages.
  ///   - files: Where the paths in it lead.
  ///   - vocabulary: The names it may use that are registered elsewhere.
  /// - Returns: The scenario, with warnings.
  /// - Throws: `ScenarioError` with all that is wrong.
  public static func decode(
    _ bytes: [UInt8], file: String, files: ScenarioFiles,
    vocabulary: ScenarioVocabulary = ScenarioVocabulary()
  ) throws(ScenarioError) -> LoadedScenario {
    var problems = Problems(files: files, vocabulary: vocabulary)
    // Some editors mark UTF-8 with a byte order mark.
    let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    guard let text = String(validating: content, as: UTF8.self) else {
      problems.add(
        at: Position(ofInvalidUTF8: content), Path(),
        "the file is not UTF-8; save it as UTF-8 text")
      throw ScenarioError(file: file, problems: problems.sorted)
    }
    guard
      let root = YAMLNode.parse(text, &problems)?.withoutExtensions.writingOutSplits(&problems),
      let scenario = Scenario.table.read(root, Path(), &problems), problems.isEmpty
    else { throw ScenarioError(file: file, problems: problems.sorted) }

    var meaning = MeaningCheck(scenario, root: root, registry: vocabulary.allocators)
    meaning.run()
    guard meaning.errors.isEmpty else {
      throw ScenarioError(file: file, problems: meaning.errors)
    }
    return LoadedScenario(
      scenario: scenario.withDefaults, files: files, warnings: meaning.warnings)
  }

  /// The scenario with every default filled in, as YAML that reads as the same scenario.
  public var resolvedYAML: String { Scenario.table.write(self).yaml }

  /// The JSON Schema of scenario files.
  public static var jsonSchema: String { jsonSchema(for: ScenarioVocabulary()) }

  /// The JSON Schema of scenario files that use some names.
  /// - Parameter vocabulary: The names.
  /// - Returns: The schema.
  public static func jsonSchema(for vocabulary: ScenarioVocabulary) -> String {
    var builder = SchemaBuilder(vocabulary: vocabulary)
    let schema = table.schema(&builder).adding([
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "title": "mesosim scenario",
      "patternProperties": ["^x-": ["description": "anything: a place for anchors"]],
    ])
    return schema.adding(["$defs": .object(builder.definitions)]).text + "\n"
  }
}

extension YAMLNode {
  /// This map without the keys that begin with `x-`, where anchors may be put for use below.
  fileprivate var withoutExtensions: YAMLNode {
    guard case .map(let entries) = content else { return self }
    return YAMLNode(.map(entries.filter { !$0.key.hasPrefix("x-") }), at: position)
  }
}

extension Position {
  /// Where the first byte stands that is not UTF-8.
  fileprivate init(ofInvalidUTF8 bytes: ArraySlice<UInt8>) {
    var line = 1
    for lineBytes in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      if String(validating: lineBytes, as: UTF8.self) == nil { break }
      line += 1
    }
    self.init(line: line, column: 1)
  }
}
