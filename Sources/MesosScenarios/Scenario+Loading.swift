// Part of mesosim. Apache-2.0, see LICENSE.
//
// From a file to a scenario, or to everything that is wrong with it.

internal import FileSystem

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
    try ScenarioDocument.load(path, vocabulary: vocabulary).read()
  }

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
    try ScenarioDocument(bytes, file: file, files: files, vocabulary: vocabulary).read()
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
