// Part of mesosim. Apache-2.0, see LICENSE.
//
// What stands side by side in one comparison: allocators, each with every combination of values.

internal import MesosFrameworks
internal import MesosWorkloads

/// A scenario with some values, under an allocator: one of those that are compared.
public struct ScenarioVariant: Sendable {
  /// The scenario with its values.
  public var loaded: LoadedScenario
  /// The allocator; its label names the variant in results.
  public var allocator: AllocatorEntry
  /// The number of the combination of values, from 0: variants of one differ in the allocator.
  public var combination: Int

  /// Describes a variant.
  public init(_ loaded: LoadedScenario, _ allocator: AllocatorEntry, combination: Int = 0) {
    self.loaded = loaded
    self.allocator = allocator
    self.combination = combination
  }

  /// More than this are no longer looked at side by side.
  public static let countMax = 64

  /// Whether it meets the very jobs that another meets, so that their runs can be compared job by
  /// job.
  public func hasJobs(of other: ScenarioVariant) -> Bool {
    let (own, others) = (loaded.scenario, other.loaded.scenario)
    return own.seed == others.seed && loaded.files == other.loaded.files
      && own.frameworks.count == others.frameworks.count
      && zip(own.frameworks, others.frameworks).allSatisfy { $0.hasWork(of: $1) }
  }
}

extension FrameworkDescription {
  /// Whether it is handed the same work at the same time as another.
  fileprivate func hasWork(of other: FrameworkDescription) -> Bool {
    // One that makes its own work is told what work by its parameters.
    let makesSame = work != .none || parameters == other.parameters
    return name == other.name && type.name == other.type.name && work == other.work
      && presence == other.presence && makesSame
  }
}

extension ScenarioDocument {
  /// Every allocator with every combination of values; the first is the baseline.
  ///
  /// Allocators come one after the other, each with all values, the last setting's changing
  /// fastest.
  /// A label is that of the allocator, with the values of those settings that have several.
  /// - Parameters:
  ///   - settings: What is set, each to one value or to several.
  ///   - allocators: The allocators of a scenario, by labels of their own.
  /// - Returns: The variants, at most `ScenarioVariant.countMax`.
  /// - Throws: `SettingError` when a setting is wrong or there are too many combinations,
  ///   `ScenarioError` when what comes of it is no scenario.
  public func variants(
    _ settings: [ScenarioSetting], allocators: (LoadedScenario) throws -> [AllocatorEntry]
  ) throws -> [ScenarioVariant] {
    let base = try read(setting: settings.compactMap(\.choices.first))
    let entries = try allocators(base)
    try checkCount(settings, entries.count)
    var combinations: [[ScenarioSetting.Choice]] = [[]]
    for setting in settings {
      combinations = combinations.flatMap { chosen in setting.choices.map { chosen + [$0] } }
    }
    let made = try combinations.enumerated().map { number, choices in
      let loaded = number == 0 ? base : try read(setting: choices)
      let own = number == 0 ? entries : try allocators(loaded)
      try check(loaded, own, against: base, entries, settings)
      let suffix = label(choices, settings)
      return own.map { entry in
        var named = entry
        named.label += suffix
        return ScenarioVariant(loaded, named, combination: number)
      }
    }
    return entries.indices.flatMap { place in made.map { $0[place] } }
  }

  private func checkCount(_ settings: [ScenarioSetting], _ allocators: Int) throws(SettingError) {
    var count = allocators
    for setting in settings {
      let product = count.multipliedReportingOverflow(by: setting.choices.count)
      count = product.overflow ? .max : product.partialValue
    }
    guard count > ScenarioVariant.countMax, let last = settings.last(where: \.isVaried) else {
      return
    }
    throw SettingError(
      last.text, at: last.path.unicodeScalars.count + 2,
      "allocators and values make \(count) combinations; expected at most "
        + "\(ScenarioVariant.countMax)")
  }

  /// Fails for values that leave nothing to compare.
  private func check(
    _ loaded: LoadedScenario, _ entries: [AllocatorEntry], against base: LoadedScenario,
    _ baseEntries: [AllocatorEntry], _ settings: [ScenarioSetting]
  ) throws(SettingError) {
    func check(_ isSame: Bool, _ block: String, _ reason: String) throws(SettingError) {
      guard !isSame, let setting = settings.first(where: { $0.isVaried && $0.block == block })
      else { return }
      throw SettingError(setting.text, at: 1, reason)
    }
    try check(
      entries.map(\.label) == baseEntries.map(\.label), "allocators",
      "the values name different allocators; choose those with --allocators")
    try check(
      loaded.scenario.frameworks.map(\.name) == base.scenario.frameworks.map(\.name), "frameworks",
      "the values name different frameworks, which leaves nothing to compare")
    try check(
      loaded.scenario.until == base.scenario.until, "until",
      "all runs of a comparison are measured over one time; give one value")
  }

  /// What a label says of the values that differ.
  private func label(
    _ choices: [ScenarioSetting.Choice], _ settings: [ScenarioSetting]
  ) -> String {
    let varied = settings.filter(\.isVaried)
    return zip(choices, settings).filter { $0.1.isVaried }.map { choice, setting in
      let isUnique = varied.count { $0.name == setting.name } == 1
      return " \(isUnique ? setting.name : setting.path)=\(choice.value)"
    }.joined()
  }
}

extension ScenarioSetting {
  /// Whether there are several values.
  public var isVaried: Bool { choices.count > 1 }

  /// The setting as it was written, but for spaces.
  var text: String { path + "=" + choices.map(\.value).joined(separator: ",") }
}
