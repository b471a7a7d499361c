// Part of mesosim. Apache-2.0, see LICENSE.
//
// A scenario file as it stands, and what becomes of it when some of its values are set otherwise.

internal import FileSystem
internal import Foundation

/// A scenario file that is YAML, whether or not it makes sense as a scenario.
///
///     let document = try ScenarioDocument.load("x.yaml")
///     let fast = try ScenarioSetting(parsing: "allocation.interval=500ms").choices[0]
///     let loaded = try document.read(setting: [fast])
public struct ScenarioDocument: Sendable {
  private let root: YAMLNode
  private let file: String
  private let files: ScenarioFiles
  private let vocabulary: ScenarioVocabulary

  /// Reads a file.
  /// - Parameters:
  ///   - path: The file, or `-` for standard input.
  ///   - vocabulary: The names it may use that are registered elsewhere.
  ///   - runsPythonJobFiles: Whether job files in Python are run, which can do whatever a program
  ///     can.
  /// - Returns: The document.
  /// - Throws: `ScenarioError` when it can't be read, or is no YAML.
  public static func load(
    _ path: String, vocabulary: ScenarioVocabulary = ScenarioVocabulary(),
    runsPythonJobFiles: Bool = false
  ) throws(ScenarioError) -> ScenarioDocument {
    let name = Scenario.shownName(ofFile: path)
    let bytes: Data
    do throws(InputError) {
      bytes = try InputFile.read(path, max: bytesMax, readsStandardInput: true)
    } catch {
      let problem = ScenarioProblem(
        position: nil, path: "", message: "\(error.reason); expected a scenario in YAML",
        isMissingFile: error == .missing)
      throw ScenarioError(file: name, problems: [problem])
    }
    // The paths in what comes by a pipe count from where we are.
    let folder =
      InputFile.isPlain(path)
      ? URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false) : "."
    return try ScenarioDocument(
      Array(bytes), file: name,
      files: ScenarioFiles(folder: folder, runsPythonJobFiles: runsPythonJobFiles),
      vocabulary: vocabulary)
  }

  /// More than any scenario has.
  private static let bytesMax = 16 << 20

  /// Reads bytes, which must be UTF-8.
  /// - Parameters:
  ///   - bytes: What the file holds.
  ///   - file: What the file is called in messages.
  ///   - files: Where the paths in it lead.
  ///   - vocabulary: The names it may use that are registered elsewhere.
  /// - Throws: `ScenarioError` when they are no YAML.
  public init(
    _ bytes: [UInt8], file: String, files: ScenarioFiles,
    vocabulary: ScenarioVocabulary = ScenarioVocabulary()
  ) throws(ScenarioError) {
    var problems = Problems(files: files, vocabulary: vocabulary)
    // Some editors mark UTF-8 with a byte order mark.
    let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    guard let text = String(validating: content, as: UTF8.self) else {
      problems.add(
        at: Position(ofInvalidUTF8: content), Path(),
        "the file is not UTF-8; save it as UTF-8 text")
      throw ScenarioError(file: file, problems: problems.sorted)
    }
    guard let root = YAMLNode.parse(text, &problems) else {
      throw ScenarioError(file: file, problems: problems.sorted)
    }
    self.root = root
    self.file = file
    self.files = files
    self.vocabulary = vocabulary
  }

  /// Takes a document that was not read from a file.
  init(_ root: YAMLNode, files: ScenarioFiles, vocabulary: ScenarioVocabulary) {
    self.root = root
    file = "scenario"
    self.files = files
    self.vocabulary = vocabulary
  }

  /// The scenario that it describes.
  /// - Returns: The scenario, with warnings.
  /// - Throws: `ScenarioError` with all that is wrong.
  public func read() throws(ScenarioError) -> LoadedScenario { try decode(root) }

  /// The scenario that it describes with some values set otherwise.
  /// - Parameter choices: The values; where two are about the same, the later counts.
  /// - Returns: The scenario, with warnings.
  /// - Throws: `SettingError` when one leads nowhere or is not what is expected there,
  ///   `ScenarioError` with what else is wrong.
  public func read(setting choices: [ScenarioSetting.Choice]) throws -> LoadedScenario {
    guard !choices.isEmpty else { return try read() }
    // The names of groups of slaves, and of allocators that the file leaves to us, are known once
    // it is read.
    let standard = try read()
    var changed = root
    for (number, choice) in choices.enumerated() {
      changed = try choice.put(into: changed, standard.scenario, number: number)
    }
    do {
      var loaded = try decode(changed)
      for place in loaded.warnings.indices { loaded.warnings[place].name(choices) }
      return loaded
    } catch {
      for problem in error.problems {
        guard let position = problem.position,
          let number = ScenarioSetting.Choice.number(ofLine: position.line),
          choices.indices.contains(number)
        else { continue }
        throw SettingError(choices[number].text, at: position.column, problem.message)
      }
      // What was set may be wrong because of something else in the file.
      var explained = error
      let cause = choices.map { "--set \($0.text)" }.joined(separator: " ")
      for place in explained.problems.indices {
        explained.problems[place].message += " (with \(cause))"
      }
      throw explained
    }
  }

  private func decode(_ root: YAMLNode) throws(ScenarioError) -> LoadedScenario {
    var problems = Problems(files: files, vocabulary: vocabulary)
    let written = root.withoutExtensions
    if let epoch = written.scalarText(behind: "epoch").flatMap(CalendarOrigin.init(epoch:)) {
      problems.calendar = epoch
      problems.frameworkCalendar = epoch
      problems.workCalendar = epoch
    }
    let root = written.writingOutSplits(&problems)
    guard let scenario = Scenario.table.read(root, Path(), &problems), problems.isEmpty
    else { throw ScenarioError(file: file, problems: problems.sorted) }
    var meaning = MeaningCheck(scenario, root: root, registry: vocabulary.allocators)
    meaning.run()
    guard meaning.errors.isEmpty else {
      throw ScenarioError(file: file, problems: meaning.errors)
    }
    return LoadedScenario(
      scenario: scenario.withDefaults, files: files, warnings: meaning.warnings)
  }
}

extension ScenarioProblem {
  /// Tells of what was set instead of a place that no file has.
  fileprivate mutating func name(_ choices: [ScenarioSetting.Choice]) {
    guard let place = position,
      let number = ScenarioSetting.Choice.number(ofLine: place.line),
      choices.indices.contains(number)
    else { return }
    position = nil
    message += " (--set \(choices[number].text))"
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
