// Part of mesosim. Apache-2.0, see LICENSE.
//
// Scenarios by chance: small clusters, a few frameworks, up to an hour, and much that goes wrong.
// They are written as text and read like any other, so that what is found here can be handed over.

internal import MesosAllocation
public import MesosExploration
public import MesosScenarios

/// A scenario made from named choices.
///
///     let random = RandomScenario(Choices(seed: 417))
///     let loaded = try random.load()
///
/// It is a function of the choices: the same ones give the same text. Failure traces and jobs from
/// files are not among what it has, since a scenario by chance has no files.
public struct RandomScenario: Sendable {
  /// The choices that were made and are not trivial.
  public let plan: Plan
  /// The scenario as a file would have it.
  public let yaml: String

  /// Makes the scenario of some choices.
  /// - Parameters:
  ///   - choices: The choices.
  ///   - vocabulary: The names that it may use; allocators among them that do not ship with mesosim
  ///     come up in every other scenario.
  public init(_ choices: Choices, vocabulary: ScenarioVocabulary = ScenarioVocabulary()) {
    let chooser = Chooser(choices)
    let allocators = vocabulary.allocators.descriptors.map(\.name)
    var draft = ScenarioDraft(
      chooser, ownAllocators: allocators.filter { !ScenarioDraft.allocators.contains($0) })
    yaml = draft.write(name: choices.seed.map { "random-\($0)" } ?? "random")
    plan = chooser.plan
  }

  /// Reads the scenario as from a file.
  /// - Parameters:
  ///   - file: What the file is called in messages.
  ///   - vocabulary: The names that it may use.
  /// - Returns: The scenario.
  /// - Throws: `ScenarioError` when it is not valid, which is a fault of this target or the reader.
  public func load(
    file: String = "random.yaml", vocabulary: ScenarioVocabulary = ScenarioVocabulary()
  ) throws(ScenarioError) -> LoadedScenario {
    try Scenario.decode(
      Array(yaml.utf8), file: file, files: ScenarioFiles(folder: "", dataFolder: ""),
      vocabulary: vocabulary)
  }
}
